import { type Curves, checkCurves } from "./checkResults.ts";
import { escapeMarkdown, markdownColumns, markdownParagraph } from "./columns.ts";
import { curveCells, curveColumns, curveNotes } from "./curveRows.ts";

/**
 * Writes redundancy curves as a GitHub-flavoured Markdown table with a paragraph of notes, the same figures as `curveTable`.
 *
 * @param curves - the result of `redundancyCurve`, or several as `{ name, curve }`
 * @returns Markdown, with a newline at the end
 * @throws TypeError when a curve is not a result of `redundancyCurve`; RangeError when its schema is unknown, it has no points, or a fraction is outside (0, 1]
 * @example
 * ```ts
 * import { type RedundancyCurve } from "softprobe";
 * import { curveMarkdown } from "softprobe/report";
 *
 * const curve: RedundancyCurve = {
 *   schema: "softprobe/curve@1", config: { shots: 1 }, digest: "…", episodes: 600, excludedClasses: [],
 *   points: [{ fraction: 0.02, dimensions: 26, accuracy: 0.849, ci95: [0.84, 0.858], difference: { mean: 0.043, ci95: [0.035, 0.051], p: 0.002 } }],
 * };
 * console.log(curveMarkdown(curve).split("\n")[2]); // → | 2 | 26 | 84.9 ± 0.9 | +4.3 | [+3.5, +5.1] | 0.002 | * |
 * ```
 */
export function curveMarkdown(curves: Curves): string {
  const named = checkCurves(curves, "curveMarkdown");
  const rows = curveCells(named).map((row) => row.map((cell) => ({ text: escapeMarkdown(cell.text) })));
  return `${markdownColumns(curveColumns, rows).join("\n")}\n\n${markdownParagraph(curveNotes(named).join(" "))}\n`;
}
