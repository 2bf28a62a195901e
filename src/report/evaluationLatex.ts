import { columnsOfEvaluations, type Evaluations } from "./evaluationColumns.ts";
import { latexColumns } from "./latex.ts";

/**
 * Writes an evaluation as a LaTeX `tabular` with the rules of the package booktabs, the same figures as `evaluationTable`: for a paper.
 * Comments above it say what was compared, for the caption.
 *
 * @param evaluations - the result of `evaluate`, or its JSON read back; or several as `{ name, evaluation }`, side by side in a column each
 * @returns LaTeX, with a newline at the end
 * @throws TypeError when an evaluation is no document; RangeError when its schema is unknown or it has no results
 * @example
 * ```ts
 * import { type Evaluation } from "softprobe";
 * import { evaluationLatex } from "softprobe/report";
 *
 * const evaluation: Evaluation = {
 *   schema: "softprobe/eval@1", config: {}, digest: "…", episodes: 600, excludedClasses: [],
 *   results: [{ mask: "none", probe: "softmax", accuracy: 0.806, ci95: [0.798, 0.814], difference: null }],
 * };
 * console.log(evaluationLatex(evaluation).split("\n").find((line) => line.startsWith("none"))); // → none & softmax & 80.6 $\pm$ 0.8 &  &  &  \\
 *
 * const five: Evaluation = { ...evaluation, results: [{ ...evaluation.results[0], accuracy: 0.93, ci95: [0.925, 0.935] }] };
 * const both = evaluationLatex([{ name: "1-shot", evaluation }, { name: "5-shot", evaluation: five }]);
 * console.log(both.split("\n").find((line) => line.startsWith("none"))); // → none & softmax & 80.6 $\pm$ 0.8 & 93.0 $\pm$ 0.5 \\
 * ```
 */
export function evaluationLatex(evaluations: Evaluations): string {
  const { columns, rows, notes } = columnsOfEvaluations(evaluations, "evaluationLatex");
  return latexColumns(columns, rows, notes);
}
