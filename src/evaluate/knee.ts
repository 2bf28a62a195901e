import { kindError, shapeError } from "../core/errors.ts";
import { checkOption } from "../core/option.ts";
import { curveOptions } from "../plan/optionTable.ts";
import type { CurvePoint } from "./results.ts";

/**
 * The knee of a redundancy curve: the point with the fewest dimensions that is not worse than all dimensions by more than ε, judged by
 * the lower end of the 95 % interval of its paired difference. With few episodes the knee is therefore late rather than early by luck.
 * Each point is judged on its own, so points with more dimensions than the knee may still be worse (a curve may dip). The knee is one of
 * the measured points: finer fractions locate it more precisely.
 *
 * @param points - of `redundancyCurve`
 * @param epsilon - ε, the loss in accuracy that counts as none, a fraction of 1 (default 0.01: one point)
 * @returns the point; undefined if none qualifies, which happens only on a curve without the fraction 1
 * @throws RangeError when there are no points or ε is outside [0, 1)
 * @see `redundancyIndex`, a summary that needs no ε
 * @example
 * ```ts
 * import { redundancyCurve, syntheticFeatures } from "softprobe";
 * import { knee } from "softprobe/statistics";
 *
 * const { features, labels } = syntheticFeatures({ seed: 1 });
 * const { points } = await redundancyCurve(features, labels, { episodes: 50 });
 * console.log(knee(points, 0.02)?.dimensions); // → 4
 * ```
 */
export function knee<P extends Pick<CurvePoint, "dimensions" | "difference">>(points: readonly P[], epsilon = 0.01): P | undefined {
  if (!Array.isArray(points)) throw kindError("knee", "points", points, "the points of a redundancy curve");
  if (points.length === 0) throw shapeError("knee", "points", "0 entries", "at least 1");
  checkOption(epsilon, curveOptions.epsilon, "knee", "epsilon");
  let fewest: P | undefined;
  for (const point of points) {
    if (point.difference.ci95[0] >= -epsilon && !(fewest && fewest.dimensions <= point.dimensions)) fewest = point;
  }
  return fewest;
}
