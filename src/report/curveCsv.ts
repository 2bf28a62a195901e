import { type Curves, checkCurves } from "./checkResults.ts";
import { toCsv } from "./csv.ts";

/**
 * Writes redundancy curves as CSV (RFC 4180, lines ended by \n): one line for each point of each curve, with fractions of 1 in full
 * precision. Differences are to all dimensions.
 *
 * @param curves - the result of `redundancyCurve`, or several as `{ name, curve }`
 * @returns a header `curve,fraction,dimensions,episodes,accuracy,ci95_low,ci95_high,difference,difference_low,difference_high,p` and one line a point, ascending
 * @throws TypeError when a curve is not a result of `redundancyCurve`; RangeError when its schema is unknown, it has no points, or a fraction is outside (0, 1]
 * @example
 * ```ts
 * import { type RedundancyCurve } from "softprobe";
 * import { curveCsv } from "softprobe/report";
 *
 * const curve: RedundancyCurve = {
 *   schema: "softprobe/curve@1", config: { shots: 1 }, digest: "…", episodes: 600, excludedClasses: [],
 *   points: [{ fraction: 0.02, dimensions: 26, accuracy: 0.849, ci95: [0.84, 0.858], difference: { mean: 0.043, ci95: [0.035, 0.051], p: 1e-9 } }],
 * };
 * console.log(curveCsv(curve).split("\n")[1]); // → 1-shot,0.02,26,600,0.849,0.84,0.858,0.043,0.035,0.051,1e-9
 * ```
 */
export function curveCsv(curves: Curves): string {
  return toCsv(
    [
      "curve",
      "fraction",
      "dimensions",
      "episodes",
      "accuracy",
      "ci95_low",
      "ci95_high",
      "difference",
      "difference_low",
      "difference_high",
      "p",
    ],
    checkCurves(curves, "curveCsv").flatMap(({ name, curve }) =>
      curve.points.map(({ fraction, dimensions, accuracy, ci95, difference }) => [
        name,
        fraction,
        dimensions,
        curve.episodes,
        accuracy,
        ...ci95,
        difference.mean,
        ...difference.ci95,
        difference.p,
      ]),
    ),
  );
}
