import type { DomainVerdict } from "../estimate/domainOf.ts";
import type { MetricName } from "../plan/countLayout.ts";
import type { EpisodeRun } from "../plan/options.ts";
import { type PreparedEvaluation, referenceAt } from "../plan/prepareEvaluation.ts";
import type { Counts } from "../score/score.ts";
import { episodesNeeded } from "../statistics/episodesNeeded.ts";
import { meanInterval } from "../statistics/meanInterval.ts";
import { pairedDifference } from "../statistics/pairedDifference.ts";
import { varianceSplit } from "../statistics/varianceSplit.ts";
import { chosenPenalties } from "./chosenPenalties.ts";
import { metricValues } from "./metricValues.ts";
import type { Difference, Evaluation, EvaluationResult, EvaluationVariance, MetricResult, RunConfig } from "./results.ts";
import { taskMeans } from "./taskMeans.ts";

/** One accuracy point: the half-width of interval for which results say how many episodes it takes. */
const neededHalfWidth = 0.01;

/** What results say of their run. */
export type RunFacts = Pick<EpisodeRun, "config" | "digest" | "excludedClasses" | "drawsPerTask" | "seed"> & {
  readonly most: { readonly ways: number };
};

/** A paired difference in the form of the results. */
export function differenceOf(values: Float64Array, baseline: Float64Array): Difference {
  const { mean, ci, p } = pairedDifference(values, baseline);
  return { mean, ci95: ci, p };
}

/** Accuracy of each episode, at position `at` of `width` counts an episode. */
export function accuracies({ correct, totals }: Counts, width: number, at: number): Float64Array {
  return Float64Array.from(totals, (total, e) => correct[e * width + at] / total);
}

/** Splits the variance of per-episode accuracy into tasks and draws; null where no task has two draws, or all have one. */
function varianceOf(values: Float64Array, drawsPerTask: number): EvaluationVariance | null {
  const tasks = Int32Array.from(values, (_, e) => Math.floor(e / drawsPerTask));
  if (drawsPerTask < 2 || values.length <= drawsPerTask) return null;
  const split = varianceSplit(values, tasks);
  const { between, within, share } = split;
  const needed = (draws: number): number => episodesNeeded(neededHalfWidth, split, { drawsPerTask: draws }).episodes;
  return {
    between,
    within,
    share,
    episodesNeeded: { halfWidth: neededHalfWidth, oneDraw: needed(1), sameDraws: needed(drawsPerTask) },
  };
}

/** Turns counts into the result document: every worker's and every shard's counts end here. */
export function summariseEvaluation(
  prepared: Pick<PreparedEvaluation, "probes" | "metrics" | "layout"> & {
    readonly run: RunFacts;
    readonly masks: readonly { readonly name: string }[];
  },
  counts: Counts,
  perEpisode: boolean,
  domain: DomainVerdict | null = null,
): Evaluation {
  const { run, masks, probes, metrics, layout } = prepared;
  const { width } = layout;
  const { drawsPerTask } = run;
  const { compare } = run.config as { readonly compare?: { readonly to: string } };
  const reference = compare === undefined ? undefined : referenceAt(compare.to, masks, probes);
  const results = masks.flatMap(({ name }, m) =>
    probes.map((probe, p): EvaluationResult => {
      const at = m * probes.length + p;
      const measure = (valuesAt: (at: number) => Float64Array): MetricResult => {
        const values = valuesAt(at);
        const { mean, ci } = meanInterval(values);
        const other = reference ?? p;
        return { mean, ci95: ci, difference: at === other ? null : differenceOf(values, valuesAt(other)) };
      };
      const { mean, ci95, difference } = measure((pair) => taskMeans(accuracies(counts, width, pair), drawsPerTask));
      const C = layout.chosen ? chosenPenalties(counts, width, layout.unconverged + 1 + 2 * at) : null;
      const variance = varianceOf(accuracies(counts, width, at), drawsPerTask);
      return {
        mask: name,
        probe,
        accuracy: mean,
        ci95,
        difference,
        ...(C ? { C } : {}),
        ...(metrics.length > 0
          ? {
              metrics: Object.fromEntries(
                metrics.map(
                  (metric) => [metric, measure((pair) => metricValues(metric, counts.correct, layout, pair, drawsPerTask))] as const,
                ),
              ) as Record<MetricName, MetricResult>,
            }
          : {}),
        ...(variance ? { variance } : {}),
        ...(perEpisode
          ? { perEpisode: Array.from(counts.totals, (total, e) => ({ correct: counts.correct[e * width + at], total })) }
          : {}),
      };
    }),
  );
  let unconverged = 0;
  for (let at = layout.unconverged; at < counts.correct.length; at += width) unconverged += counts.correct[at];
  return {
    schema: "softprobe/eval@1",
    config: { ...(run.config as RunConfig), masks: masks.map(({ name }) => name), probes, ...(metrics.length > 0 ? { metrics } : {}) },
    digest: run.digest,
    episodes: counts.totals.length,
    excludedClasses: run.excludedClasses,
    ...(domain ? { domain } : {}),
    ...(unconverged > 0 ? { unconverged } : {}),
    results,
  };
}
