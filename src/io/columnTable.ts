import { numberedNames } from "../core/columnNames.ts";
import { describe, shapeError, valueError } from "../core/errors.ts";
import { indexLabels, type Labels } from "../core/labels.ts";
import type { FloatArray, Matrix } from "../core/matrix.ts";
import type { Views } from "../core/views.ts";
import { asOption, chooseFeatures, chooseLabels, chooseViews, type FeatureRequest, type TableColumns } from "./chooseColumns.ts";
import type { LabelColumn } from "./labelValues.ts";

/** A table, whatever its format: what its columns are, and readers of them. Parquet's are promises. */
export interface ColumnTable extends TableColumns {
  /** Columns of numbers side by side; `whole` where they are all that there are. */
  numbers(names: readonly string[], whole: boolean): Matrix | Promise<Matrix>;
  /** A column of lists. */
  lists(name: string): Matrix | Promise<Matrix>;
  labels(name: string): LabelColumn | Promise<LabelColumn>;
  /** A column of lists of lists. */
  views?(name: string): Views | Promise<Views>;
}

/** A table that is read without waiting: of text. */
export interface TextTable extends ColumnTable {
  numbers(names: readonly string[], whole: boolean): Matrix;
  lists(name: string): Matrix;
  labels(name: string): LabelColumn;
}

/** Features of a table, or of a file of arrays. */
export interface NamedMatrix {
  readonly matrix: Matrix;
  /** d names: numbers from 0 where columns have none. */
  readonly columns: readonly string[];
  /** Whether the names are the file's own. */
  readonly named: boolean;
  /** Whether it is one column of lists. */
  readonly list?: boolean;
}

/** What to say of a value that is not a number, and how to leave its column out. */
export function notNumber(column: string, value: unknown): readonly [found: string, wanted: string] {
  const missing = value === null || value === undefined || Number.isNaN(value);
  const advice = missing ? "fill it, leave its row out, or the column" : "leave the column out";
  return [`column "${column.slice(0, 40)}" is ${describe(value)}`, `a finite number; ${advice} by --drop ${asOption(column)}`];
}

/** The number that a value of a typed column is: booleans as 0 and 1, whole numbers of 64 bits where a double holds them; NaN where it is none. */
export function columnNumber(value: unknown): number {
  if (typeof value === "number") return value;
  if (typeof value === "boolean") return Number(value);
  if (typeof value !== "bigint") return Number.NaN;
  const number = Number(value);
  // Written as JavaScript writes that double: nothing is lost that was there.
  return BigInt(number) === value || String(number) === String(value) ? number : Number.NaN;
}

/** Columns of numbers side by side: 32-bit floats where every one is, else doubles. */
export function joinColumns(columns: readonly ArrayLike<unknown>[], names: readonly string[], caller: string, name: string): Matrix {
  const cols = columns.length;
  const rows = columns[0].length;
  const narrow = columns.every((column) => column instanceof Float32Array);
  const data: FloatArray = narrow ? new Float32Array(rows * cols) : new Float64Array(rows * cols);
  columns.forEach((column, j) => {
    for (let i = 0; i < rows; i++) {
      const value = columnNumber(column[i]);
      if (!Number.isFinite(value)) throw valueError(caller, `${name} row ${i}`, ...notNumber(names[j], column[i]));
      data[i * cols + j] = value;
    }
  });
  return { data, rows, cols };
}

/** Names that an index has where it was written as a column: by pandas' reset_index, or by people. */
const indexName = /^(?:index|level_\d+|row|row_?(?:id|index|no|num|number|names?)|id|idx|(?:sample|item|record|image)_?(?:id|idx|index))$/i;
/** Fewer rows may bear 0, 1, 2 by chance. */
const fewestNumbered = 10;

/** Whether a column numbers the rows: whole numbers one after the other, in any order, each once. */
function numbersRows({ data, rows, cols }: Matrix, column: number): boolean {
  if (rows < fewestNumbered) return false;
  let least = Number.POSITIVE_INFINITY;
  for (let at = column; at < data.length; at += cols) if (data[at] < least) least = data[at];
  if (least !== 0 && least !== 1) return false;
  const seen = new Uint8Array(rows);
  for (let at = column; at < data.length; at += cols) {
    const number = data[at] - least;
    if (!(number < rows) || !Number.isInteger(number) || seen[number]) return false;
    seen[number] = 1;
  }
  return true;
}

/** Refuses an index among the features that nobody asked for; of one that bears another name it tells. */
export function checkIndex(matrix: Matrix, names: readonly string[], caller: string, name: string, tell?: (text: string) => void): void {
  names.forEach((column, j) => {
    if (!numbersRows(matrix, j)) return;
    const what = `column "${column.slice(0, 40)}", which numbers the rows`;
    if (indexName.test(column))
      throw valueError(
        caller,
        name,
        `has ${what}: an index`,
        `features; leave it out by --drop ${asOption(column)}, or name all features, it too, by --columns`,
      );
    tell?.(`${name}: ${what}, is among the features; if it is an index, leave it out by --drop ${asOption(column)}`);
  });
}

/** Tells of columns that hold one number for each class, another for every other: labels in other words, most likely. */
export function tellLabels({ data, rows, cols, columns }: Matrix, labels: Labels, name: string, tell: (text: string) => void): void {
  const { codes, classes } = indexLabels(labels);
  if (classes.length < 2 || rows < 3 * classes.length) return;
  (columns ?? numberedNames(cols)).forEach((column, j) => {
    const numbers = new Array<number>(classes.length).fill(Number.NaN);
    for (let i = 0; i < rows; i++) {
      const value = data[i * cols + j];
      const known = numbers[codes[i]];
      if (Number.isNaN(known)) numbers[codes[i]] = value;
      else if (known !== value) return;
    }
    if (new Set(numbers).size === classes.length)
      tell(
        `${name}: column "${column.slice(0, 40)}" is one number for each class; if it is another label, leave it out by --drop ${asOption(column)}`,
      );
  });
}

/** The features of a table, and the names of their columns. */
export async function tableFeatures(
  table: ColumnTable,
  request: FeatureRequest,
  caller: string,
  name: string,
  tell?: (text: string) => void,
): Promise<NamedMatrix> {
  const chosen = chooseFeatures(table, request, caller, name);
  if (chosen.list !== null) {
    const matrix = await table.lists(chosen.list);
    return { matrix, columns: numberedNames(matrix.cols), named: false, list: true };
  }
  if (chosen.names.length === 0) throw shapeError(caller, name, "no column of features", "at least 1");
  const matrix = await table.numbers(chosen.names, !chosen.asked);
  if (!chosen.asked) checkIndex(matrix, chosen.names, caller, name, tell);
  return { matrix, columns: chosen.names, named: table.named };
}

/** The labels of a table. */
export async function tableLabels(table: ColumnTable, key: string | undefined, caller: string, name: string): Promise<LabelColumn> {
  return table.labels(chooseLabels(table, key, caller, name));
}

/** The augmented views of a table, from a column of lists of lists. */
export async function tableViews(table: ColumnTable, key: string | undefined, caller: string, name: string): Promise<Views> {
  return table.views!(chooseViews(table, key, caller, name));
}
