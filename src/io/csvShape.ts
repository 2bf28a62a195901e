import { valueError } from "../core/errors.ts";
import { type CsvRefuse, type CsvRow, parseCsvNumber, parseCsvRows } from "./csvRows.ts";
import { labelNumber } from "./labelValues.ts";
import { textKind } from "./listText.ts";

/** How a table of text is laid out, found from its first rows. */
export interface CsvShape {
  readonly delimiter: string;
  /** Characters before the table: a line such as `sep=;`. */
  readonly start: number;
  /** Whether the first line names the columns. */
  readonly header: boolean;
}

/** Rows that are looked at. */
const enough = 200;
const words: Readonly<Record<string, string>> = { ",": "a comma", ";": '";"', "\t": "a tab", "|": '"|"', " ": "a space" };

/** The first rows, or null where they are no table with this delimiter. */
function firstRows(text: string, delimiter: string): CsvRow[] | null {
  const rows: CsvRow[] = [];
  try {
    for (const row of parseCsvRows(text, delimiter, () => new RangeError())) if (rows.push(row) >= enough) break;
  } catch {
    return null;
  }
  return rows;
}

/** The number of cells of all first rows; 0 where they differ. */
function cellsARow(rows: readonly CsvRow[] | null): number {
  const length = rows?.[0]?.cells.length ?? 0;
  return rows?.every(({ cells }) => cells.length === length) ? length : 0;
}

/** Another delimiter than the format's own, where that parts no columns and another does. */
function sniff(text: string, own: string): string {
  if (cellsARow(firstRows(text, own)) > 1) return own;
  const fits = [";", "\t", ",", "|", " "].filter((delimiter) => {
    if (delimiter === own) return false;
    const rows = firstRows(text, delimiter);
    // Words have spaces too; numbers have none.
    const numbers = delimiter !== " " || rows?.every(({ cells }) => cells.every((cell) => !Number.isNaN(parseCsvNumber(cell))));
    return cellsARow(rows) > 1 && numbers;
  });
  return fits[0] ?? own;
}

type CellKind = "number" | "literal" | "missing" | "word";

const date = /^\d{4}-\d\d?-\d\d?(?:[T ].*)?$|^\d\d?[/.]\d\d?[/.]\d{2,4}(?: .*)?$/;

function cellKind(cell: string): CellKind {
  if (!Number.isNaN(parseCsvNumber(cell))) return "number";
  const text = cell.trim();
  if (/^(?:|na|nan|null|none|<na>|n\/a)$/i.test(text)) return "missing";
  // What is no name of a column: truth values, dates, lists of numbers, infinities.
  return /^(?:true|false)$/i.test(text) || date.test(text) || labelNumber(text) !== null || textKind(text) === "list" ? "literal" : "word";
}

/** Whether the first row names the columns: "unclear" where it may as well be one of them. */
function namesColumns(
  rows: readonly CsvRow[],
  recurs: (columns: readonly number[]) => boolean,
  known: readonly string[],
): boolean | "unclear" {
  const [{ cells: first }, ...others] = rows;
  // A number is no evidence: any row may hold a cell that looks like the column asked for.
  if (first.some((cell) => known.includes(cell) && cellKind(cell) === "word")) return true;
  const kinds = first.map(cellKind);
  const below = first.map((_, column) => others.map(({ cells }) => cellKind(cells[column] ?? "")).filter((kind) => kind !== "missing"));
  const columns = [...first.keys()];
  // A word above numbers, dates or lists is their name.
  if (columns.some((column) => kinds[column] === "word" && below[column].length > 0 && below[column].every((kind) => kind !== "word")))
    return true;
  if (kinds.includes("literal")) return false;
  const numbers = columns.filter((column) => kinds[column] === "number");
  const someWordRecurs = recurs(columns.filter((column) => kinds[column] === "word"));
  if (numbers.length === 0) return !someWordRecurs;
  if (someWordRecurs) return false;
  const whole = (cell: string): boolean => /^\s*\+?\d+\s*$/.test(cell);
  if (others.length === 0 || !numbers.every((column) => whole(first[column]))) return false;
  // Whole numbers above fractions only are the names that pandas gives: 0, 1, 2, or those of the columns that were chosen.
  const fractions = numbers.every((column) => others.every(({ cells }) => !whole(cells[column] ?? "")));
  const counted = numbers.every((column) => Number(first[column]) === column);
  const distinct = new Set(numbers.map((column) => first[column].trim())).size === numbers.length;
  if (fractions && distinct && numbers.length > 1) return true;
  if (!counted || numbers.length < 2) return false;
  return numbers.length > 3 || numbers.length < first.length || "unclear";
}

/**
 * Finds how a table of text is laid out.
 *
 * @param own - the delimiter of its format
 * @param asked - the delimiter that the user gives, and whether there is a header; found out where undefined
 * @param known - names that a header would have: of the columns asked for
 * @param tell - is told what was found that the format's name does not say
 */
export function csvShape(
  text: string,
  own: string,
  asked: { readonly delimiter?: string; readonly header?: boolean },
  known: readonly string[],
  caller: string,
  name: string,
  tell?: (text: string) => void,
): CsvShape {
  // Excel's own first line.
  const excel = /^sep=(.)\r?\n/.exec(text);
  const start = excel ? excel[0].length : 0;
  const table = text.slice(start);
  const delimiter = asked.delimiter ?? excel?.[1] ?? sniff(table, own);
  if (delimiter !== own && asked.delimiter === undefined)
    tell?.(`${name}: columns are parted by ${words[delimiter] ?? JSON.stringify(delimiter)} (--delimiter says otherwise)`);
  const refuse: CsvRefuse = (line, found, wanted) => valueError(caller, `${name} line ${line}`, found, wanted);
  if (asked.header !== undefined) return { delimiter, start, header: asked.header };
  const rows: CsvRow[] = [];
  for (const row of parseCsvRows(table, delimiter, refuse)) if (rows.push(row) >= enough) break;
  if (rows.length === 0) return { delimiter, start, header: false };
  const recurs = (columns: readonly number[]): boolean => {
    const [{ cells: first }] = rows;
    let at = 0;
    // The whole of it: a class may come again late.
    for (const { cells } of parseCsvRows(table, delimiter, refuse))
      if (at++ > 0 && columns.some((column) => cells[column] === first[column])) return true;
    return false;
  };
  const header = namesColumns(rows, recurs, known);
  if (header === "unclear")
    throw valueError(
      caller,
      `${name} line 1`,
      `is ${rows[0].cells.join(", ").slice(0, 40)}: numbers of columns, or a row as the others`,
      "names of columns in the first line, such as a, b, c",
    );
  return { delimiter, start, header };
}
