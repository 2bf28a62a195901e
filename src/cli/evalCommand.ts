import type { Evaluation } from "../evaluate/results.ts";
import { parseMask } from "../mask/maskSpec.ts";
import type { MetricName } from "../plan/countLayout.ts";
import { metricNames } from "../plan/countLayout.ts";
import { type ProbeName, probeNames } from "../plan/options.ts";
import { evaluationTable } from "../report/evaluationTable.ts";
import { execute } from "../run/execute.ts";
import { countedRun, isCounted } from "./countedRun.ts";
import { evaluationOf } from "./evaluationOf.ts";
import { filesOf } from "./filesOf.ts";
import { loadRun } from "./loadRun.ts";
import { evalOptions, type OptionValues, parseOptions } from "./options.ts";
import { checkOut, deliver, progressLine, wantsColour } from "./output.ts";
import { plotOption, writePlot } from "./plotFile.ts";
import { UsageError } from "./usage.ts";
import { workersOption } from "./workersOption.ts";

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
  const on = workersOption(values);
  const counted = isCounted(values);
  if (plotOption(values) !== undefined && asked.masks.length < 2)
    throw new UsageError("--plot draws differences to the first --mask, expected at least two");
  await checkOut(values);
  const loadedRun = await loadRun(values, { mayStream: true });
  const { options: loaded, streamed } = loadedRun;
  const options = { ...loaded, ...asked, metrics, domain: values["no-domain"] !== true, perEpisode: values["per-episode"] === true };
  const onProgress = progressLine("eval");
  if (streamed && values.workers !== undefined && values.workers !== "1")
    throw new UsageError("--workers can't share what is read row by row (--stream, files above 1 GB): use --shard i/n, a process each");
  const plan = () => evaluationOf(loadedRun, options);
  if (counted) return countedRun(values, plan, onProgress, (result) => deliverEvaluation(result, values));
  await deliverEvaluation(withFiles(await execute(plan(), { on, onProgress }), values), values);
}
