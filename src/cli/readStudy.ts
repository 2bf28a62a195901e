import { parse } from "yaml";
import { readBytes } from "../node/readBytes.ts";
import { checkStudy } from "../study/checkStudy.ts";
import type { Study } from "../study/study.ts";

/** Reads a study's file: YAML, of which JSON is a part. */
export async function readStudy(path: string): Promise<Study> {
  const text = new TextDecoder().decode(await readBytes(path));
  let document: unknown;
  try {
    // Few aliases are of use here, and many can be a bomb.
    document = parse(text, { maxAliasCount: 20, logLevel: "error" });
  } catch (error) {
    throw new RangeError(`${path}: is not YAML (${(error as Error).message.split("\n")[0]}), expected a study`);
  }
  return checkStudy(document, path);
}
