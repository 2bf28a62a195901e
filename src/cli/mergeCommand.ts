import { mergeShards } from "../evaluate/mergeShards.ts";
import type { Part } from "../evaluate/part.ts";
import { expandGlob } from "../node/expandGlob.ts";
import { readJson } from "../node/readFiles.ts";
import { deliverCurve } from "./curveCommand.ts";
import { deliverEvaluation } from "./evalCommand.ts";
import { checkOut } from "./output.ts";
import { plotOption } from "./plotFile.ts";
import { readWords } from "./readCommand.ts";
import { UsageError } from "./usageError.ts";

/** `softprobe merge`: the result of a run from its shards' parts. */
export async function mergeCommand(args: readonly string[]): Promise<void> {
  const { values, words } = readWords("merge", args);
  if (words.length === 0) throw new UsageError("merge needs the parts' files, such as part*.json");
  plotOption(values);
  await checkOut(values);
  const names = (await Promise.all(words.map(expandGlob))).flat();
  const parts: Part[] = [];
  for (const name of names) parts.push((await readJson(name)) as Part);
  const result = mergeShards(parts, { names });
  if (result.schema === "softprobe/curve@1") return deliverCurve(result, values);
  return deliverEvaluation(result, values);
}
