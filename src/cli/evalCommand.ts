import { type MetricName, metricNames } from "../evaluate/metrics.ts";
import { type ProbeName, probeNames } from "../evaluate/options.ts";
import type { Evaluation } from "../evaluate/results.ts";
import { parseMask } from "../mask/maskSpec.ts";
import { evaluationTable } from "../report/evaluationTable.ts";
import { inThreads } from "./inThreads.ts";
import { loadRun } from "./loadRun.ts";
import { evalOptions, type OptionValues, parseOptions } from "./options.ts";
import { checkOut, deliver, progressLine, wantsColour } from "./output.ts";
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

/** The options that named files, for the result's config: so that a result says what it was made of. */
export function withFiles<T extends { readonly config: Readonly<Record<string, unknown>> }>(result: T, values: OptionValues): T {
  const names = ["features", "labels", "augmented", "base-features", "base-labels", "base-statistics", "pool-augmented", "episodes-from"];
  const files = Object.fromEntries(names.filter((name) => values[name] !== undefined).map((name) => [name, values[name]]));
  return { ...result, config: { ...result.config, files } };
}

/** `softprobe eval`. */
export async function evalCommand(args: readonly string[]): Promise<void> {
  const values = parseOptions(args, evalOptions);
  const asked = masksAndProbes(values);
  const metrics = metricsOption(values);
  const threads = inThreads(values);
  await checkOut(values);
  const run = await loadRun(values);
  const result: Evaluation = await threads.evaluate(run, {
    ...run.options,
    ...asked,
    metrics,
    domain: values["no-domain"] !== true,
    perEpisode: values["per-episode"] === true,
    onProgress: progressLine("eval"),
  });
  const text = values.json ? JSON.stringify(withFiles(result, values)) : evaluationTable(result, { colour: wantsColour() && !values.out });
  await deliver(text, values.out as string | undefined);
}
