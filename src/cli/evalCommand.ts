import type { Evaluation } from "../evaluate/results.ts";
import { evaluationOptions } from "../plan/optionTable.ts";
import { evaluationCsv } from "../report/evaluationCsv.ts";
import { evaluationLatex } from "../report/evaluationLatex.ts";
import { evaluationMarkdown } from "../report/evaluationMarkdown.ts";
import { evaluationTable } from "../report/evaluationTable.ts";
import { toNdjson } from "../report/toNdjson.ts";
import { execute } from "../run/execute.ts";
import { countedRun, isCounted } from "./countedRun.ts";
import { evaluationOf } from "./evaluationOf.ts";
import { filesOf } from "./filesOf.ts";
import { given } from "./given.ts";
import { loadMasks, loadProbes } from "./loadOwn.ts";
import { loadRun } from "./loadRun.ts";
import { progressLine } from "./output.ts";
import { draws, outputsOf, type Writers, writeOutputs } from "./outputs.ts";
import { readCommand } from "./readCommand.ts";
import { givenReading } from "./reading.ts";
import { UsageError } from "./usageError.ts";
import { workersOption } from "./workersOption.ts";

/** The files that options named and how they were read, in the result's config: so that a result says what it was made of. */
export function withFiles<T extends { readonly config: Readonly<Record<string, unknown>> }>(result: T, values: object): T {
  return { ...result, config: { ...result.config, files: filesOf(values), ...givenReading(values) } };
}

/** The formats that an evaluation and a curve are written in. */
export const resultFormats = ["table", "json", "jsonl", "csv", "md", "tex", "svg"] as const;

/** How an evaluation is written. */
export function evaluationWriters(result: Evaluation): Writers {
  return {
    table: (look) => evaluationTable(result, look),
    json: () => result,
    jsonl: () => toNdjson(result),
    csv: () => evaluationCsv(result),
    md: () => evaluationMarkdown(result),
    tex: () => evaluationLatex(result),
    svg: async () => (await import("../plot/forestPlot.ts")).forestPlot(result),
  };
}

/** `softprobe eval`. */
export async function evalCommand(args: readonly string[]): Promise<void> {
  const values = readCommand("eval", args);
  const on = workersOption(values);
  const counted = isCounted(values);
  const outputs = await outputsOf(values, resultFormats);
  if (draws(outputs) && (values.masks ?? []).length < 2 && (values.compare === undefined || (values.probes ?? []).length < 2))
    throw new UsageError("--plot draws differences to the first --mask, expected at least two");
  const loadedRun = await loadRun(values, { mayStream: true });
  const { options: loaded, streamed } = loadedRun;
  const probes = await loadProbes(values.probes);
  const masks = await loadMasks(values.masks as readonly string[] | undefined);
  const options = { ...loaded, ...given(values, evaluationOptions), probes, masks };
  const onProgress = progressLine("eval");
  if (streamed && (values.workers ?? 1) > 1)
    throw new UsageError("--workers can't share what is read row by row (--stream, files above 1 GB): use --shard i/n, a process each");
  const plan = () => evaluationOf(loadedRun, options);
  if (counted) return countedRun(values, plan, onProgress, (result) => writeOutputs(outputs, evaluationWriters(result)));
  await writeOutputs(outputs, evaluationWriters(withFiles(await execute(plan(), { on, onProgress }), values)));
}
