import { checkOptions } from "../core/checkOptions.ts";
import { kindError } from "../core/errors.ts";
import type { Labels } from "../core/labels.ts";
import { wholeRun } from "../plan/job.ts";
import type { Features } from "../plan/options.ts";
import { type CurveOptions, curveOptionNames, type PreparedCurve, prepareCurve } from "../plan/prepareCurve.ts";
import { isReader } from "../plan/prepareEvaluation.ts";
import type { Plan, PlannedJob } from "../run/plan.ts";
import { curveScore } from "../score/curveScore.ts";
import type { Counts } from "../score/score.ts";
import { curveHead } from "./part.ts";
import type { MeasuredCurve } from "./results.ts";
import { summariseCurve, waysIn } from "./summariseCurve.ts";

/** A curve to be counted: a plan's one, or one of many. */
export function curveJob(prepared: PreparedCurve, options: CurveOptions): PlannedJob {
  const { run, width } = prepared;
  return {
    ...{ kind: "curve", run, options, width, place: wholeRun(run) },
    score: () => curveScore(prepared),
    head: () => curveHead(prepared),
  };
}

/** The curve of a job's counts. */
export function curveOf(prepared: PreparedCurve, counts: Counts): MeasuredCurve {
  return summariseCurve({ ...prepared, waysOf: waysIn(prepared) }, counts);
}

/** {@link planCurve} on behalf of `caller`. */
export function curvePlan(caller: string, features: Features, labels: Labels, options: CurveOptions): Plan<MeasuredCurve> {
  checkOptions(options, caller, ...curveOptionNames);
  if (isReader(features)) throw kindError(caller, "features", features, "a Matrix: a curve looks at every dimension of every row");
  const prepared = prepareCurve(caller, features, labels, options);
  return { caller, jobs: [curveJob(prepared, options)], result: ([counts]) => curveOf(prepared, counts) };
}

/**
 * Prepares a `redundancyCurve` without running it: options are checked and sizes known, and nothing is loaded. `execute` carries it out
 * anywhere, `shardOf` cuts it into parts.
 *
 * @param features - n × d, finite
 * @param labels - n labels
 * @param options - those of `redundancyCurve` except on, onProgress and signal
 * @returns the plan of a result document, `softprobe/curve@1`
 * @throws as `redundancyCurve`
 * @example
 * ```ts
 * import { syntheticFeatures } from "softprobe";
 * import { execute, planCurve } from "softprobe/run";
 *
 * const { features, labels } = syntheticFeatures({ seed: 1 });
 * const { points } = await execute(planCurve(features, labels, { episodes: 20, fractions: [0.05, 1] }));
 * console.log(points.map(({ dimensions }) => dimensions)); // → [ 20, 400 ]
 * ```
 */
export function planCurve(features: Features, labels: Labels, options: CurveOptions = {}): Plan<MeasuredCurve> {
  return curvePlan("planCurve", features, labels, options);
}
