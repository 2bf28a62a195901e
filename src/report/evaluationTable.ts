import { checkTableOptions } from "./checkResults.ts";
import { alignColumns, type TableOptions } from "./columns.ts";
import { columnsOfEvaluations, type Evaluations } from "./evaluationColumns.ts";
import { paint, printable, wrap } from "./terminal.ts";

/**
 * Writes an evaluation as an aligned text table. Each mask and probe has a line with accuracy ± half its 95 % interval in percent, and
 * the paired difference to the first mask in accuracy points with its interval and p. `*` marks p < 0.05; a line below says what was
 * compared.
 *
 * @param evaluations - the result of `evaluate`, or its JSON read back; or several as `{ name, evaluation }`, side by side in a column each
 * @param options - colour, and the terminal's width in columns
 * @returns lines joined by newlines, without one at the end
 * @throws TypeError when an evaluation is no document; RangeError when its schema is unknown, it has no results, or the width is below 20
 * @example
 * ```ts
 * import { type Evaluation } from "softprobe";
 * import { evaluationTable } from "softprobe/report";
 *
 * const evaluation: Evaluation = {
 *   schema: "softprobe/eval@1", config: { ways: 5, shots: 1 }, digest: "…", episodes: 600, excludedClasses: [],
 *   results: [
 *     { mask: "none", probe: "softmax", accuracy: 0.806, ci95: [0.798, 0.814], difference: null },
 *     { mask: "simple", probe: "softmax", accuracy: 0.82, ci95: [0.81, 0.83], difference: { mean: 0.014, ci95: [0.009, 0.019], p: 1e-6 } },
 *   ],
 * };
 * const lines = evaluationTable(evaluation).split("\n");
 * console.log(lines[0]); // → mask    probe     accuracy %  difference  95 % interval       p
 * console.log(lines[3]); // → simple  softmax   82.0 ± 1.0        +1.4   [+0.9, +1.9]  <0.001  *
 * ```
 */
export function evaluationTable(evaluations: Evaluations, options: TableOptions = {}): string {
  const { colour = false, width } = checkTableOptions(options, "evaluationTable");
  const { columns, rows, notes } = columnsOfEvaluations(evaluations, "evaluationTable");
  const lines = alignColumns(columns, rows, options);
  return [...lines, ...wrap(notes.map(printable).join(" "), width ?? 100).map((note) => paint(note, "faint", colour))].join("\n");
}
