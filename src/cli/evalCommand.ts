import { evaluateRows } from "../evaluate/evaluateRows.ts";
import type { Evaluation, MeasuredCurve } from "../evaluate/results.ts";
import { parseMask } from "../mask/maskSpec.ts";
import type { MetricName } from "../plan/countLayout.ts";
import { metricNames } from "../plan/countLayout.ts";
import { type ProbeName, probeNames } from "../plan/options.ts";
import { evaluationTable } from "../report/evaluationTable.ts";
import { countedRun, isCounted } from "./countedRun.ts";
import { filesOf } from "./filesOf.ts";
import { inThreads } from "./inThreads.ts";
import { loadRun } from "./loadRun.ts";
import { evalOptions, type OptionValues, parseOptions } from "./options.ts";
import { checkOut, deliver, progressLine, wantsColour } from "./output.ts";
import { partRun } from "./partRun.ts";
import { plotOption, writePlot } from "./plotFile.ts";
import { UsageError } from "./usage.ts";

/** Masks and probes of a command line, checked as spelled. */
export function masksAndProbes(values: OptionValues): { readonly masks: readonly string[]; readonly probes: readonly ProbeName[] } {
  const masks = (values.mask as readonly string[] | undefined) ?? ["none"];
  const probes = (values.probe as readonly string[] | undefined) ?? ["softmax"];
  for (const mask of masks) {
    try {
      parseMask(mask);
    } catch (error) {
      throw new UsageError(`--mask: ${(error as Error).message.replace("parseMask: ", "")}`);
    }
  }
  for (const probe of probes) {
    if (!probeNames.includes(probe as ProbeName)) throw new UsageError(`--probe is "${probe}", expected one of ${probeNames.join(", ")}`);
  }
  return { masks, probes: probes as readonly ProbeName[] };
}

/** Measures beside accuracy, checked as spelled. */
function metricsOption(values: OptionValues): readonly MetricName[] {
  const asked = (values.metric as readonly string[] | undefined) ?? [];
  for (const name of asked) {
    if (!metricNames.includes(name as MetricName)) throw new UsageError(`--metric is "${name}", expected one of ${metricNames.join(", ")}`);
  }
  return asked as readonly MetricName[];
}

/** The files that options named, in the result's config: so that a result says what it was made of. */
export function withFiles<T extends { readonly config: Readonly<Record<string, unknown>> }>(result: T, values: OptionValues): T {
  return { ...result, config: { ...result.config, files: filesOf(values) } };
}

/** Writes an evaluation as asked: a document or a table, and the picture for `--plot`. */
export async function deliverEvaluation(result: Evaluation, values: OptionValues): Promise<void> {
  await writePlot(plotOption(values), async () => (await import("../plot/forestPlot.ts")).forestPlot(result));
  const text = values.json ? JSON.stringify(result) : evaluationTable(result, { colour: wantsColour() && !values.out });
  return deliver(text, values.out as string | undefined);
}

/** `softprobe eval`. */
export async function evalCommand(args: readonly string[]): Promise<void> {
  const values = parseOptions(args, evalOptions);
  const asked = masksAndProbes(values);
  const metrics = metricsOption(values);
  const threads = inThreads(values);
  const counted = isCounted(values);
  if (plotOption(values) !== undefined && asked.masks.length < 2)
    throw new UsageError("--plot draws differences to the first --mask, expected at least two");
  await checkOut(values);
  const loadedRun = await loadRun(values, { mayStream: true });
  const { features, labels, options: loaded, streamed } = loadedRun;
  const options = { ...loaded, ...asked, metrics, domain: values["no-domain"] !== true, perEpisode: values["per-episode"] === true };
  const onProgress = progressLine("eval");
  const deliverResult = (result: Evaluation | MeasuredCurve) => deliverEvaluation(result as Evaluation, values);
  if (streamed && values.workers !== undefined && values.workers !== "1")
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
