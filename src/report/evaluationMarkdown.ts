import type { Evaluation } from "../evaluate/results.ts";
import { checkEvaluation } from "./checkResults.ts";
import { escapeMarkdown, markdownColumns, markdownParagraph } from "./columns.ts";
import { evaluationCells, evaluationColumns, evaluationNotes } from "./evaluationRows.ts";

/**
 * Writes an evaluation as a GitHub-flavoured Markdown table with a paragraph of notes, the same figures as `evaluationTable`: for a README, an issue, a report.
 *
 * @param evaluation - the result of `evaluate`, or its JSON read back
 * @returns Markdown, with a newline at the end
 * @throws TypeError when `evaluation` is no document; RangeError when its schema is another or it has no results
 * @example
 * ```ts
 * import { type Evaluation } from "softprobe";
 * import { evaluationMarkdown } from "softprobe/report";
 *
 * const evaluation: Evaluation = {
 *   schema: "softprobe/eval@1", config: {}, digest: "…", episodes: 600, excludedClasses: [],
 *   results: [{ mask: "none", probe: "softmax", accuracy: 0.806, ci95: [0.798, 0.814], difference: null }],
 * };
 * console.log(evaluationMarkdown(evaluation).split("\n")[2]); // → | none | softmax | 80.6 ± 0.8 |  |  |  |
 * ```
 */
export function evaluationMarkdown(evaluation: Evaluation): string {
  checkEvaluation(evaluation, "evaluationMarkdown");
  const rows = evaluation.results.map((result) => evaluationCells(result).map((cell) => ({ text: escapeMarkdown(cell.text) })));
  return `${markdownColumns(evaluationColumns, rows).join("\n")}\n\n${markdownParagraph(evaluationNotes(evaluation).join(" "))}\n`;
}
