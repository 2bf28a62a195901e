import { kindError, valueError } from "./errors.ts";
import { checkMatrix, type Matrix } from "./matrix.ts";

/** Features that are read a few rows at a time, such as n × d numbers in a file. */
export interface RowReader {
  /** n. */
  readonly rows: number;
  /** d. */
  readonly cols: number;
  /** Reads the rows with these numbers (0 … n − 1), in this order. Every call returns the same type of array. */
  read(rows: ArrayLike<number>): Matrix;
}

/** Checks that `value` is a {@link RowReader}. */
export function checkReader(value: RowReader, caller: string, argument: string): RowReader {
  if (value === null || typeof value !== "object" || typeof value.read !== "function")
    throw kindError(caller, argument, value, "a reader {rows, cols, read}, such as openFeatures gives");
  const { rows, cols } = value;
  if (!Number.isSafeInteger(rows) || !Number.isSafeInteger(cols) || rows < 1 || cols < 1)
    throw valueError(caller, argument, `has shape ${rows} × ${cols}`, "whole numbers of at least 1");
  return value;
}

/** Reads rows and holds them to what was asked: as many, and finite; the first value that is not is named by its row in the whole. */
export function readRows(reader: RowReader, rows: ArrayLike<number>, caller: string, argument: string): Matrix {
  const matrix = checkMatrix(reader.read(rows), caller, argument);
  if (matrix.rows !== rows.length || matrix.cols !== reader.cols)
    throw valueError(caller, argument, `gave ${matrix.rows} × ${matrix.cols} values`, `the ${rows.length} × ${reader.cols} asked for`);
  const { data, cols } = matrix;
  let sum = 0;
  for (let i = 0; i < data.length; i++) sum += data[i] - data[i];
  if (sum === 0) return matrix;
  const at = data.findIndex((value: number) => !Number.isFinite(value));
  throw valueError(caller, argument, `row ${rows[Math.floor(at / cols)]}, column ${at % cols} is ${data[at]}`, "finite numbers");
}
