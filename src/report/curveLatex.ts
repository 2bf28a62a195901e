import { type Curves, checkCurves } from "./checkResults.ts";
import { curveCells, curveColumns, curveNotes } from "./curveRows.ts";
import { latexColumns } from "./latex.ts";

/**
 * Writes redundancy curves as a LaTeX `tabular` with the rules of the package booktabs, the same figures as `curveTable`.
 *
 * @param curves - the result of `redundancyCurve`, or several as `{ name, curve }`
 * @returns LaTeX, with a newline at the end
 * @throws TypeError when a curve is not a result of `redundancyCurve`; RangeError when its schema is unknown, it has no points, or a fraction is outside (0, 1]
 * @example
 * ```ts
 * import { type RedundancyCurve } from "softprobe";
 * import { curveLatex } from "softprobe/report";
 *
 * const curve: RedundancyCurve = {
 *   schema: "softprobe/curve@1", config: { shots: 1 }, digest: "…", episodes: 600, excludedClasses: [],
 *   points: [{ fraction: 0.02, dimensions: 26, accuracy: 0.849, ci95: [0.84, 0.858], difference: { mean: 0.043, ci95: [0.035, 0.051], p: 0.002 } }],
 * };
 * console.log(curveLatex(curve).split("\n").find((line) => line.startsWith("2 "))); // → 2 & 26 & 84.9 $\pm$ 0.9 & +4.3 & {[}+3.5, +5.1] & 0.002 & {*} \\
 * ```
 */
export function curveLatex(curves: Curves): string {
  const named = checkCurves(curves, "curveLatex");
  return latexColumns(curveColumns, curveCells(named), curveNotes(named));
}
