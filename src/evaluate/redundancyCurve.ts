import { checkOptions } from "../core/checkOptions.ts";
import type { Labels } from "../core/labels.ts";
import type { Matrix } from "../core/matrix.ts";
import { type CurveOptions, curveOptionNames } from "../plan/prepareCurve.ts";
import { type ExecuteOptions, execute, executeOptionNames } from "../run/execute.ts";
import { progressOptionNames } from "../run/slices.ts";
import { curvePlan } from "./planCurve.ts";
import type { MeasuredCurve } from "./results.ts";

/**
 * Accuracy against the number of dimensions kept, the most important first: the redundancy curve of [LM]. At every fraction the probe is
 * trained to its optimum; an episode needs one pass over the dimensions for all of them.
 *
 * @param features - n × d, finite
 * @param labels - n labels
 * @param options - importance (`pair@oracle`: sees the queries' classes, for analysis), fractions, probe, and the episode options of `evaluate`
 * @returns the result document, `softprobe/curve@1`: a point a fraction, with the paired difference to all dimensions; the knee (fewest dimensions not
 *   worse than all by more than ε) and the `redundancyIndex`, each with a bootstrap interval. With `drawsPerTask`, intervals are over tasks
 * @throws RangeError or TypeError naming the argument, row or class at fault; the signal's reason when aborted
 * @see [LM]; docs/science.md, section 1, for real features
 * @example
 * ```ts
 * import { redundancyCurve, syntheticFeatures } from "softprobe";
 *
 * const { features, labels } = syntheticFeatures({ seed: 1 });
 * const { points } = await redundancyCurve(features, labels, { episodes: 50, fractions: [0.05, 1] });
 * console.log(points[0].dimensions, points[0].accuracy > points[1].accuracy); // → 20 true
 * ```
 */
export async function redundancyCurve(
  features: Matrix,
  labels: Labels,
  options: CurveOptions & ExecuteOptions<MeasuredCurve> = {},
): Promise<MeasuredCurve> {
  checkOptions(options, "redundancyCurve", ...curveOptionNames, executeOptionNames, progressOptionNames);
  const { on, onProgress, signal, journal, ...rest } = options;
  return execute(curvePlan("redundancyCurve", features, labels, rest), { on, onProgress, signal, journal });
}
