import type { Cell, Column } from "./columns.ts";
import { printable } from "./terminal.ts";

/** What stands for characters that LaTeX takes for commands, or that its default fonts lack. */
const written: Readonly<Record<string, string>> = {
  ...{ "\\": "\\textbackslash{}", "{": "\\{", "}": "\\}", $: "\\$", "&": "\\&", "#": "\\#", "%": "\\%", _: "\\_" },
  ...{ "~": "\\textasciitilde{}", "^": "\\textasciicircum{}", "<": "$<$", ">": "$>$", "|": "$|$", '"': "\\textquotedbl{}" },
  // Behind the \\ of a row these two would be its options.
  ...{ "[": "{[}", "*": "{*}", "−": "$-$", "±": "$\\pm$", "–": "--", "…": "\\ldots{}", "×": "$\\times$", ε: "$\\varepsilon$" },
};

/** Makes a text stand for itself in LaTeX. */
export function escapeLatex(text: string): string {
  return printable(text.replace(/[\r\n]+/g, " ")).replace(/[\\{}$&#%_~^<>|"[*−±–…×ε]/g, (character) => written[character]);
}

/** Rows as a LaTeX tabular with the rules of booktabs; what a reader must know stands in comments above, for the caption. */
export function latexColumns(columns: readonly Column[], rows: readonly (readonly Cell[])[], notes: readonly string[]): string {
  const kept = columns.map((_, j) => j).filter((j) => columns[j].title !== "" || rows.some((row) => row[j].text !== ""));
  const line = (texts: readonly string[]) => `${kept.map((j) => escapeLatex(texts[j])).join(" & ")} \\\\`;
  return [
    "% Needs \\usepackage{booktabs}.",
    ...notes.map((note) => `% ${printable(note)}`),
    `\\begin{tabular}{${kept.map((j) => (columns[j].align === "right" ? "r" : "l")).join("")}}`,
    "\\toprule",
    line(columns.map(({ title }) => title)),
    "\\midrule",
    ...rows.map((row) => line(row.map(({ text }) => text))),
    "\\bottomrule",
    "\\end{tabular}",
    "",
  ].join("\n");
}
