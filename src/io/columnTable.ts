import { describe, kindError, shapeError, valueError } from "../core/errors.ts";
import type { ClassName, Labels } from "../core/labels.ts";
import type { FloatArray, Matrix } from "../core/matrix.ts";
import type { Views } from "../core/views.ts";
import { matrixFrom } from "../features/matrixFrom.ts";
import { viewsFrom } from "../features/toViews.ts";
import { type ColumnKinds, chooseFeatures, chooseLabels, chooseViews } from "./chooseColumns.ts";

/** A table that is kept by columns (parquet, Arrow) or read as such (JSON lines). */
export interface ColumnTable {
  readonly rows: number;
  readonly columns: ColumnKinds;
  /** Columns of one value a row: n values each. */
  values(names: readonly string[]): Promise<readonly ArrayLike<unknown>[]>;
  /** A column of lists: anything that `toMatrix` takes. */
  lists(name: string): Promise<unknown>;
  /** A column of lists of lists: n arrays of views. */
  views(name: string): Promise<unknown>;
}

function checkRows(table: ColumnTable, caller: string, name: string): void {
  if (table.rows === 0) throw shapeError(caller, name, "0 rows", "at least 1");
}

/** Columns of numbers side by side: 32-bit floats where every one is, else doubles. */
function joinColumns(columns: readonly ArrayLike<unknown>[], names: readonly string[], caller: string, name: string): Matrix {
  const cols = columns.length;
  const rows = columns[0].length;
  const narrow = columns.every((column) => column instanceof Float32Array);
  const data: FloatArray = narrow ? new Float32Array(rows * cols) : new Float64Array(rows * cols);
  columns.forEach((column, j) => {
    for (let i = 0; i < rows; i++) {
      const found = column[i];
      // What was stored as a 64-bit integer is a number where a double holds it.
      const value = typeof found === "bigint" && found === BigInt(Number(found)) ? Number(found) : found;
      if (typeof value !== "number" || !Number.isFinite(value))
        throw valueError(caller, `${name} row ${i}`, `column "${names[j].slice(0, 40)}" is ${describe(found)}`, "a finite number");
      data[i * cols + j] = value;
    }
  });
  return { data, rows, cols };
}

/** The features of a table, and the names of their columns. */
export async function tableFeatures(table: ColumnTable, key: string | undefined, caller: string, name: string) {
  checkRows(table, caller, name);
  const chosen = chooseFeatures(table.columns, key, caller, name);
  if (chosen.list !== null) {
    const matrix = matrixFrom(await table.lists(chosen.list), {}, caller, `${name}:${chosen.list}`);
    return { matrix, columns: Array.from({ length: matrix.cols }, (_, column) => String(column)) };
  }
  const columns = [...table.columns.keys()].filter((each) => each !== chosen.label);
  if (columns.length === 0) throw shapeError(caller, name, "no column of features", "at least 1");
  return { matrix: joinColumns(await table.values(columns), columns, caller, name), columns };
}

/** The labels of a table: numbers, strings or bigints; booleans as 0 and 1. */
export async function tableLabels(table: ColumnTable, key: string | undefined, caller: string, name: string): Promise<Labels> {
  checkRows(table, caller, name);
  const column = chooseLabels(table.columns, key, caller, name);
  const [values] = await table.values([column]);
  return Array.from(values, (value, i): ClassName => {
    if (typeof value === "boolean") return Number(value);
    if (Number.isNaN(value)) throw valueError(caller, `${name}:${column} row ${i}`, "is NaN", "a label");
    if (typeof value !== "number" && typeof value !== "string" && typeof value !== "bigint")
      throw kindError(caller, `${name}:${column} row ${i}`, value, "a number, string or bigint");
    return value;
  });
}

/** The augmented views of a table, from a column of lists of lists. */
export async function tableViews(table: ColumnTable, key: string | undefined, caller: string, name: string): Promise<Views> {
  checkRows(table, caller, name);
  const column = chooseViews(table.columns, key, caller, name);
  return viewsFrom(await table.views(column), {}, caller, `${name}:${column}`);
}
