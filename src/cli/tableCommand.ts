import { basename, extname } from "node:path";
import type { Evaluation } from "../evaluate/results.ts";
import { expandGlob } from "../node/expandGlob.ts";
import { readJson } from "../node/readFiles.ts";
import { checkEvaluation, settings } from "../report/checkResults.ts";
import { evaluationLatex } from "../report/evaluationLatex.ts";
import { evaluationMarkdown } from "../report/evaluationMarkdown.ts";
import { evaluationTable } from "../report/evaluationTable.ts";
import { outputsOf, writeOutputs } from "./outputs.ts";
import { readWords } from "./readCommand.ts";
import { UsageError } from "./usageError.ts";

/** `softprobe table`: saved results side by side. */
export async function tableCommand(args: readonly string[]): Promise<void> {
  const { values, words } = readWords("table", args);
  if (words.length === 0) throw new UsageError("table needs results that softprobe eval wrote, such as one-shot.json five-shot.json");
  const outputs = await outputsOf(values, ["table", "md", "tex"]);
  const files = (await Promise.all(words.map(expandGlob))).flat();
  const read: { readonly file: string; readonly evaluation: Evaluation }[] = [];
  for (const file of files) read.push({ file, evaluation: checkEvaluation((await readJson(file)) as Evaluation, "table", file) });
  const told = new Set(read.map(({ evaluation }) => settings(evaluation)));
  const named = read.map(({ file, evaluation }) => ({
    name: told.size === read.length ? settings(evaluation) : basename(file, extname(file)),
    evaluation,
  }));
  const shown = read.length === 1 ? read[0].evaluation : named;
  await writeOutputs(outputs, {
    table: (look) => evaluationTable(shown, look),
    json: () => read.map(({ evaluation }) => evaluation),
    md: () => evaluationMarkdown(shown),
    tex: () => evaluationLatex(shown),
  });
}
