import { type Curves, checkCurves, checkTableOptions } from "./checkResults.ts";
import { alignColumns, type TableOptions } from "./columns.ts";
import { curveCells, curveColumns, curveNotes } from "./curveRows.ts";
import { paint, printable, wrap } from "./terminal.ts";

/**
 * Writes redundancy curves as an aligned text table. Each point has a line with the share and number of dimensions kept, accuracy ± half
 * its 95 % interval in percent, and the paired difference to all dimensions in accuracy points with its interval and p. `*` marks p <
 * 0.05.
 *
 * @param curves - the result of `redundancyCurve`, or several as `{ name, curve }`
 * @param options - colour, and the terminal's width in columns
 * @returns lines joined by newlines, without one at the end
 * @throws TypeError when a curve is not a result of `redundancyCurve`; RangeError when its schema is unknown, it has no points, or a fraction is outside (0, 1]
 * @example
 * ```ts
 * import { type RedundancyCurve } from "softprobe";
 * import { curveTable } from "softprobe/report";
 *
 * const curve: RedundancyCurve = {
 *   schema: "softprobe/curve@1", config: { shots: 1 }, digest: "…", episodes: 600, excludedClasses: [],
 *   points: [{ fraction: 0.02, dimensions: 26, accuracy: 0.849, ci95: [0.84, 0.858], difference: { mean: 0.043, ci95: [0.035, 0.051], p: 1e-9 } }],
 * };
 * console.log(curveTable(curve).split("\n")[2]); // →      2          26  84.9 ± 0.9        +4.3   [+3.5, +5.1]  <0.001  *
 * ```
 */
export function curveTable(curves: Curves, options: TableOptions = {}): string {
  const { colour = false, width } = checkTableOptions(options, "curveTable");
  const named = checkCurves(curves, "curveTable");
  const lines = alignColumns(curveColumns, curveCells(named), options);
  const notes = wrap(curveNotes(named).map(printable).join(" "), width ?? 100);
  return [...lines, ...notes.map((note) => paint(note, "faint", colour))].join("\n");
}
