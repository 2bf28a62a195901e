import type { OptionNames } from "../core/checkOptions.ts";
import type { ChosenPenalties, RedundancyCurve } from "../evaluate/results.ts";
import { cutMiddle, displayWidth, paint, printable } from "./terminal.ts";

/** One cell: its text, and what its colour shall say. */
export interface Cell {
  readonly text: string;
  readonly tone?: "better" | "worse" | "none" | "faint";
}

/** One column of a table: where its text stands, and how dear it is when the line is too narrow. */
export interface Column {
  readonly title: string;
  readonly align: "left" | "right";
  /** Leave this column out first, before any text is cut. */
  readonly spare?: boolean;
  /** Cut this column's text in its middle when nothing else is left to do. */
  readonly cut?: boolean;
}

/** How a table is printed. */
export interface TableOptions {
  /** Use the terminal's colours; default false. Whether to (a terminal? NO_COLOR?) is the caller's to decide. */
  readonly colour?: boolean;
  /** Columns of the terminal, at least 20. A wider table first drops its intervals, then shortens names. Default: no limit. */
  readonly width?: number;
}

export const tableOptionNames: OptionNames<TableOptions> = { colour: true, width: true };

const GAP = "  ";

/** Lays out rows under titles, a line each, trailing blanks removed. */
export function alignColumns(columns: readonly Column[], rows: readonly (readonly Cell[])[], options: TableOptions): string[] {
  const { colour = false, width = Number.POSITIVE_INFINITY } = options;
  const texts = rows.map((row) => row.map((cell) => printable(cell.text)));
  const widths = columns.map((column, j) => texts.reduce((most, row) => Math.max(most, displayWidth(row[j])), displayWidth(column.title)));
  let kept = columns.map((_, j) => j).filter((j) => columns[j].title !== "" || texts.some((row) => row[j] !== ""));
  const total = () => kept.reduce((sum, j) => sum + widths[j], GAP.length * (kept.length - 1));
  if (total() > width) kept = kept.filter((j) => !columns[j].spare);
  for (const j of kept) {
    if (columns[j].cut && total() > width) widths[j] = Math.max(6, displayWidth(columns[j].title), widths[j] - (total() - width));
  }
  const line = (cells: readonly string[], tone: (j: number) => Parameters<typeof paint>[1]) => {
    const last = kept[kept.length - 1];
    const parts = kept.map((j) => {
      const text = cutMiddle(cells[j], widths[j]);
      const blank = " ".repeat(Math.max(0, widths[j] - displayWidth(text)));
      const painted = paint(text, tone(j), colour);
      if (columns[j].align === "right") return blank + painted;
      return j === last ? painted : painted + blank;
    });
    return parts.join(GAP).replace(/ +$/, "");
  };
  const titles = columns.map((column) => column.title);
  const rule = kept.map((j) => "─".repeat(widths[j])).join(GAP);
  return [
    line(titles, () => "strong"),
    paint(rule, "faint", colour),
    ...texts.map((row, i) => line(row, (j) => rows[i][j].tone ?? "none")),
  ];
}

/** The same rows as a GitHub-flavoured Markdown table. */
export function markdownColumns(columns: readonly Column[], rows: readonly (readonly Cell[])[]): string[] {
  const kept = columns.map((_, j) => j).filter((j) => columns[j].title !== "" || rows.some((row) => row[j].text !== ""));
  const line = (texts: readonly string[]) => `| ${kept.map((j) => texts[j]).join(" | ")} |`;
  return [
    line(columns.map((column) => column.title)),
    `|${kept.map((j) => (columns[j].align === "right" ? "---:" : ":---")).join("|")}|`,
    ...rows.map((row) => line(row.map((cell) => cell.text))),
  ];
}

/** Makes a text stand for itself in a cell of Markdown: what would be markup is escaped, and nothing else, so that the source reads well too. */
export function escapeMarkdown(text: string): string {
  return (
    printable(text.replace(/[\r\n]+/g, " "))
      // A backslash before punctuation, a code span, a column's end; the start of a tag or an entity; a link.
      .replace(/\\(?=[!-/:-@[-`{-~]|$)|[`|]|<(?=[a-z/!?])|&(?=#?\w+;)|\](?=[([:])/gi, "\\$&")
      // Emphasis: stars beside a letter, a line beside a word's end, two tildes.
      .replace(/(?<=[^\s*])\*+|\*+(?=[^\s*])/g, (stars) => stars.replaceAll("*", "\\*"))
      .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, "\\_")
      .replace(/~(?=~)|(?<=~)~/g, "\\~")
  );
}

/** The same for a paragraph, whose start could be that of a heading, a list, a quotation, a rule or a fence. */
export function markdownParagraph(text: string): string {
  return escapeMarkdown(text)
    .replace(/^(\s*)([#>+=*~-])/, "$1\\$2")
    .replace(/^(\s*\d+)([.)])/, "$1\\$2");
}

/** Names the classes that no episode drew from, as both tables' last sentence; empty when there are none. */
export function excludedSentence(classes: RedundancyCurve["excludedClasses"]): string {
  if (classes.length === 0) return "";
  const shown = classes.slice(0, 8).map(String).join(", ");
  const more = classes.length > 8 ? ` and ${classes.length - 8} more` : "";
  return `Excluded for too few rows: ${classes.length} ${classes.length === 1 ? "class" : "classes"} (${shown}${more}).`;
}

/** Fits that have not converged, in a sentence; nothing where all have. */
export function unconvergedSentence(unconverged: number | undefined): string {
  if (!unconverged) return "";
  return `${unconverged} softmax ${unconverged === 1 ? "fit" : "fits"} did not converge: predictions are those of the best iterate.`;
}

const digits = (value: number): string => String(Number(value.toPrecision(3)));

/** What `C: "auto"` chose for each arm, in a sentence; nothing where it chose nothing. */
export function chosenSentence(arms: readonly { readonly name: string; readonly C?: ChosenPenalties }[]): string {
  const chosen = arms.flatMap(({ name, C }) => (C ? [`${name} ${digits(C.median)} (${digits(C.least)} to ${digits(C.most)})`] : []));
  return chosen.length === 0 ? "" : `C, chosen in each episode, median (range): ${chosen.join(", ")}.`;
}
