import { kindError, valueError } from "../core/errors.ts";
import { balancedAccuracy } from "../statistics/balancedAccuracy.ts";
import { macroF1 } from "../statistics/macroF1.ts";

const measures = { balancedAccuracy, macroF1 } as const;

/** Measures beside accuracy, each made of an episode's confusion matrix. */
export type MetricName = keyof typeof measures;
export const metricNames = Object.keys(measures) as readonly MetricName[];

/** Checks a list of metrics asked for. */
export function checkMetrics(metrics: readonly MetricName[], caller: string): readonly MetricName[] {
  if (!Array.isArray(metrics)) throw kindError(caller, "metrics", metrics, "an array of names");
  metrics.forEach((name, i) => {
    if (!metricNames.includes(name)) throw valueError(caller, `metrics[${i}]`, `is ${JSON.stringify(name)}`, metricNames.join(" or "));
  });
  return metrics;
}

/** Where a confusion matrix of `ways` × `ways` counts of each mask × probe begins among an episode's counts: behind all their correct ones. */
export function tableStart(pairs: number, at: number, ways: number): number {
  return pairs + at * ways * ways;
}

/**
 * A metric of each episode, at mask × probe number `at` of `pairs`.
 *
 * @param counts - episodes × width, as the runner counts with metrics
 */
export function metricValues(
  name: MetricName,
  { counts, width, pairs, ways }: { readonly counts: Int32Array; readonly width: number; readonly pairs: number; readonly ways: number },
  at: number,
): Float64Array {
  const classes = Array.from({ length: ways }, (_, c) => c);
  return Float64Array.from({ length: counts.length / width }, (_, e) => {
    const start = e * width + tableStart(pairs, at, ways);
    // Ways that an episode does not have are neither true nor predicted, and so left out by both measures.
    return measures[name]({ classes, counts: Float64Array.from(counts.subarray(start, start + ways * ways)) });
  });
}
