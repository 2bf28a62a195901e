import { evaluateRows } from "../evaluate/evaluateRows.ts";
import type { Evaluation, MeasuredCurve } from "../evaluate/results.ts";
import { evaluationOptions } from "../plan/optionTable.ts";
import { evaluationTable } from "../report/evaluationTable.ts";
import type { CommandValues } from "./commandTable.ts";
import { countedRun, isCounted } from "./countedRun.ts";
import { filesOf } from "./filesOf.ts";
import { given } from "./given.ts";
import { inThreads } from "./inThreads.ts";
import { loadRun } from "./loadRun.ts";
import { checkOut, deliver, progressLine, wantsColour } from "./output.ts";
import { partRun } from "./partRun.ts";
import { plotOption, writePlot } from "./plotFile.ts";
import { readCommand } from "./readCommand.ts";
import { UsageError } from "./usageError.ts";

/** The files that options named, in the result's config: so that a result says what it was made of. */
export function withFiles<T extends { readonly config: Readonly<Record<string, unknown>> }>(result: T, values: object): T {
  return { ...result, config: { ...result.config, files: filesOf(values) } };
}

/** Writes an evaluation as asked: a document or a table, and the picture for `--plot`. */
export async function deliverEvaluation(result: Evaluation, values: CommandValues<"merge">): Promise<void> {
  await writePlot(plotOption(values), async () => (await import("../plot/forestPlot.ts")).forestPlot(result));
  const text = values.json ? JSON.stringify(result) : evaluationTable(result, { colour: wantsColour() && !values.out });
  return deliver(text, values.out);
}

/** `softprobe eval`. */
export async function evalCommand(args: readonly string[]): Promise<void> {
  const values = readCommand("eval", args);
  const threads = inThreads(values);
  const counted = isCounted(values);
  if (plotOption(values) !== undefined && (values.masks ?? []).length < 2)
    throw new UsageError("--plot draws differences to the first --mask, expected at least two");
  await checkOut(values);
  const loadedRun = await loadRun(values, { mayStream: true });
  const { features, labels, options: loaded, streamed } = loadedRun;
  const options = { ...loaded, ...given(values, evaluationOptions) };
  const onProgress = progressLine("eval");
  const deliverResult = (result: Evaluation | MeasuredCurve) => deliverEvaluation(result as Evaluation, values);
  if (streamed && (values.workers ?? 1) > 1)
    throw new UsageError("--workers can't share what is read row by row (--stream, files above 1 GB): use --shard i/n, a process each");
  if (counted) {
    const { run, loaded: runner } = partRun(loadedRun, options);
    return countedRun(values, run, { onProgress, loaded: runner }, deliverResult);
  }
  if (streamed) {
    const reading = { ...options, augmented: streamed.augmented, onProgress };
    return deliverResult(withFiles(await evaluateRows(streamed.features, labels, reading), values));
  }
  const result = await threads.evaluate({ features, labels, options }, { ...options, onProgress });
  await deliverResult(withFiles(result, values));
}
