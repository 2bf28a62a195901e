import type { PreparedCurve } from "../plan/prepareCurve.ts";
import type { Counts } from "../score/score.ts";
import { meanInterval } from "../statistics/meanInterval.ts";
import { bootstrapCurve } from "./bootstrapCurve.ts";
import { chosenPenalties } from "./chosenPenalties.ts";
import { knee } from "./knee.ts";
import { indexOf } from "./redundancyIndex.ts";
import type { CurvePoint, Interval, MeasuredCurve, RunConfig } from "./results.ts";
import { accuracies, differenceOf, type RunFacts } from "./summarise.ts";
import { taskMeans } from "./taskMeans.ts";

/** The ways of an episode of a run. */
export function waysIn({ run }: Pick<PreparedCurve, "run">): (e: number) => number {
  return (e) => run.episode(e).classes.length;
}

/** Turns counts into the result document: every worker's and every shard's counts end here. `waysOf` tells the ways of an episode. */
export function summariseCurve(
  prepared: Omit<PreparedCurve, "run" | "order"> & { readonly run: RunFacts; readonly waysOf: (e: number) => number },
  counts: Counts,
): MeasuredCurve {
  const { run, importance, probe, fractions, epsilon, dimensions, stops, width, waysOf } = prepared;
  const { drawsPerTask, seed } = run;
  const values = stops.map((_, s) => taskMeans(accuracies(counts, width, s), drawsPerTask));
  const all = values[stops.length - 1];
  const points = fractions.map((fraction, f): CurvePoint => {
    const { mean, ci } = meanInterval(values[f]);
    const C = run.config.C === "auto" ? chosenPenalties(counts, width, stops.length + 1 + 2 * f) : null;
    const difference = differenceOf(values[f], all);
    return { fraction, dimensions: dimensions[f], accuracy: mean, ci95: ci, ...(C ? { C } : {}), difference };
  });
  const guesses = Float64Array.from(counts.totals, (_, e) => 1 / waysOf(e));
  const chance = taskMeans(guesses, drawsPerTask);
  const shares = stops.map((_, s) => fractions[s] ?? 1);
  const ends = bootstrapCurve(values, stops, { chance, epsilon, seed });
  const { fraction = 1, dimensions: fewest = stops[stops.length - 1] } = knee(points, epsilon) ?? {};
  const over = (list: readonly number[]): Interval => [list[ends.knee[0]], list[ends.knee[1]]];
  const value = indexOf(
    stops,
    values.map((each) => meanInterval(each).mean),
    meanInterval(chance).mean,
  );
  let unconverged = 0;
  for (let at = stops.length; at < counts.correct.length; at += width) unconverged += counts.correct[at];
  return {
    schema: "softprobe/curve@1",
    config: { ...(run.config as RunConfig), importance, probe, fractions, epsilon },
    digest: run.digest,
    episodes: counts.totals.length,
    excludedClasses: run.excludedClasses,
    ...(unconverged > 0 ? { unconverged } : {}),
    points,
    knee: { fraction, dimensions: fewest, epsilon, ci95: { fraction: over(shares), dimensions: over(stops) } },
    redundancyIndex: stops[0] < stops[stops.length - 1] ? { value, ci95: ends.index } : null,
  };
}
