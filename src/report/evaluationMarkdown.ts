import { escapeMarkdown, markdownColumns, markdownParagraph } from "./columns.ts";
import { columnsOfEvaluations, type Evaluations } from "./evaluationColumns.ts";

/**
 * Writes an evaluation as a GitHub-flavoured Markdown table with a paragraph of notes, the same figures as `evaluationTable`: for a README, an issue, a report.
 *
 * @param evaluations - the result of `evaluate`, or its JSON read back; or several as `{ name, evaluation }`, side by side in a column each
 * @returns Markdown, with a newline at the end
 * @throws TypeError when an evaluation is no document; RangeError when its schema is unknown or it has no results
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
export function evaluationMarkdown(evaluations: Evaluations): string {
  const { columns, rows, notes } = columnsOfEvaluations(evaluations, "evaluationMarkdown");
  const titled = columns.map((column) => ({ ...column, title: escapeMarkdown(column.title) }));
  const escaped = rows.map((row) => row.map((cell) => ({ text: escapeMarkdown(cell.text) })));
  return `${markdownColumns(titled, escaped).join("\n")}\n\n${markdownParagraph(notes.join(" "))}\n`;
}
