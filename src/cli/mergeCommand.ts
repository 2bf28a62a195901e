import { mergeShards } from "../evaluate/mergeShards.ts";
import type { Part } from "../evaluate/part.ts";
import { expandGlob } from "../node/expandGlob.ts";
import { readJson } from "../node/readFiles.ts";
import { curveWriters } from "./curveCommand.ts";
import { evaluationWriters, resultFormats } from "./evalCommand.ts";
import { outputsOf, writeOutputs } from "./outputs.ts";
import { readWords } from "./readCommand.ts";
import { UsageError } from "./usageError.ts";

/** `softprobe merge`: the result of a run from its shards' parts. */
export async function mergeCommand(args: readonly string[]): Promise<void> {
  const { values, words } = readWords("merge", args);
  if (words.length === 0) throw new UsageError("merge needs the parts' files, such as part*.json");
  const outputs = await outputsOf(values, resultFormats);
  const names = (await Promise.all(words.map(expandGlob))).flat();
  const parts: Part[] = [];
  for (const name of names) parts.push((await readJson(name)) as Part);
  const result = mergeShards(parts, { names });
  await writeOutputs(outputs, result.schema === "softprobe/curve@1" ? curveWriters(result) : evaluationWriters(result));
}
