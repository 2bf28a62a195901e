import { type Cell, type Column, escapeMarkdown, markdownColumns, markdownParagraph } from "../report/columns.ts";
import { latexColumns } from "../report/latex.ts";
import type { Writers } from "./outputs.ts";

/** A result as one table: titles, lines of texts, and what a reader must know beside them. The first columns, as many as `names`, hold names; the others figures. */
export interface Columns {
  readonly titles: readonly string[];
  readonly names: number;
  readonly lines: readonly (readonly string[])[];
  readonly notes: readonly string[];
}

/** Writers of a result's table as Markdown and as LaTeX. */
export function columnWriters(make: () => Columns): Pick<Writers, "md" | "tex"> {
  const columnsOf = ({ titles, names }: Columns): readonly Column[] =>
    titles.map((title, j) => ({ title, align: j < names ? "left" : "right" }));
  const cells = (line: readonly string[], write: (text: string) => string): readonly Cell[] => line.map((text) => ({ text: write(text) }));
  return {
    md() {
      const table = make();
      const rows = table.lines.map((line) => cells(line, escapeMarkdown));
      return `${markdownColumns(columnsOf(table), rows).join("\n")}\n\n${markdownParagraph(table.notes.join(" "))}\n`;
    },
    tex() {
      const table = make();
      const rows = table.lines.map((line) => cells(line, String));
      return latexColumns(columnsOf(table), rows, table.notes);
    },
  };
}
