import type { Evaluation } from "../evaluate/results.ts";
import { checkEvaluation } from "./checkResults.ts";
import { evaluationCells, evaluationColumns, evaluationNotes } from "./evaluationRows.ts";
import { latexColumns } from "./latex.ts";

/**
 * Writes an evaluation as a LaTeX `tabular` with the rules of the package booktabs, the same figures as `evaluationTable`: for a paper.
 * Comments above it say what was compared, for the caption.
 *
 * @param evaluation - the result of `evaluate`, or its JSON read back
 * @returns LaTeX, with a newline at the end
 * @throws TypeError when `evaluation` is no document; RangeError when its schema is another or it has no results
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
 * ```
 */
export function evaluationLatex(evaluation: Evaluation): string {
  checkEvaluation(evaluation, "evaluationLatex");
  return latexColumns(evaluationColumns, evaluation.results.map(evaluationCells), evaluationNotes(evaluation));
}
