import type { Evaluation } from "../evaluate/results.ts";
import { evaluationOptions } from "../plan/optionTable.ts";
import { evaluationTable } from "../report/evaluationTable.ts";
import { execute } from "../run/execute.ts";
import type { CommandValues } from "./commandTable.ts";
import { countedRun, isCounted } from "./countedRun.ts";
import { evaluationOf } from "./evaluationOf.ts";
import { filesOf } from "./filesOf.ts";
import { given } from "./given.ts";
import { loadRun } from "./loadRun.ts";
import { checkOut, deliver, progressLine, wantsColour } from "./output.ts";
import { plotOption, writePlot } from "./plotFile.ts";
import { readCommand } from "./readCommand.ts";
import { givenReading } from "./reading.ts";
import { UsageError } from "./usageError.ts";
import { workersOption } from "./workersOption.ts";

/** The files that options named and how they were read, in the result's config: so that a result says what it was made of. */
export function withFiles<T extends { readonly config: Readonly<Record<string, unknown>> }>(result: T, values: object): T {
  return { ...result, config: { ...result.config, files: filesOf(values), ...givenReading(values) } };
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
  const on = workersOption(values);
  const counted = isCounted(values);
  if (plotOption(values) !== undefined && (values.masks ?? []).length < 2)
    throw new UsageError("--plot draws differences to the first --mask, expected at least two");
  await checkOut(values);
  const loadedRun = await loadRun(values, { mayStream: true });
  const { options: loaded, streamed } = loadedRun;
  const options = { ...loaded, ...given(values, evaluationOptions) };
  const onProgress = progressLine("eval");
  if (streamed && (values.workers ?? 1) > 1)
    throw new UsageError("--workers can't share what is read row by row (--stream, files above 1 GB): use --shard i/n, a process each");
  const plan = () => evaluationOf(loadedRun, options);
  if (counted) return countedRun(values, plan, onProgress, (result) => deliverEvaluation(result, values));
  await deliverEvaluation(withFiles(await execute(plan(), { on, onProgress }), values), values);
}
