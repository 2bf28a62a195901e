import { kindError, shapeError, valueError } from "../core/errors.ts";
import { gatherRows } from "../core/gatherRows.ts";
import { checkMatrix, type FloatArray, type Matrix } from "../core/matrix.ts";

/** Checks that all of these rows are there; returns whether they follow each other. */
function checkRows(rows: ArrayLike<number>, n: number, caller: string): boolean {
  if (rows === null || typeof rows !== "object") throw kindError(caller, "rows", rows, "an array of row numbers");
  let consecutive = true;
  for (let i = 0; i < rows.length; i++) {
    if (!Number.isInteger(rows[i]) || rows[i] < 0 || rows[i] >= n)
      throw valueError(caller, `rows[${i}]`, `is ${rows[i]}`, `a row in 0…${n - 1}`);
    if (i > 0 && rows[i] !== rows[i - 1] + 1) consecutive = false;
  }
  return consecutive;
}

/**
 * Takes the listed rows, in that order. Consecutive rows (i, i + 1, …) are returned as a view of the same memory; any others are copied.
 *
 * @param features - n × d
 * @param rows - row numbers, 0 … n − 1; repeats are allowed
 * @returns rows.length × d, in the storage of `features`, with its names of columns
 * @throws RangeError naming the first row number that is out of range
 * @example
 * ```ts
 * import { takeRows, toMatrix } from "softprobe";
 *
 * console.log(takeRows(toMatrix([[1], [2], [3]]), [2, 0]).data); // → Float64Array(2) [ 3, 1 ]
 * ```
 */
export function takeRows(features: Matrix, rows: ArrayLike<number>): Matrix {
  const { data, rows: n, cols, columns } = checkMatrix(features, "takeRows", "features");
  const named = columns ? { columns } : {};
  if (checkRows(rows, n, "takeRows") && rows.length > 0) {
    return { data: data.subarray(rows[0] * cols, (rows[0] + rows.length) * cols), rows: rows.length, cols, ...named };
  }
  const out = data instanceof Float32Array ? new Float32Array(rows.length * cols) : new Float64Array(rows.length * cols);
  gatherRows(features, rows, out);
  return { data: out, rows: rows.length, cols, ...named };
}

/**
 * Copies the listed rows, in that order, into memory that you give: a loop over episodes then needs no new memory in each.
 *
 * @param out - at least rows.length · d values, which are overwritten: Float64, or the storage of `features`. It must not be the memory of `features`
 * @param features - n × d
 * @param rows - row numbers, 0 … n − 1; repeats are allowed
 * @returns rows.length × d, in the beginning of `out`, with the column names of `features`; it is valid until `out` is written to again
 * @throws RangeError naming the first row number that is out of range, or when `out` is too small; TypeError when `out` cannot hold every
 * digit
 * @example
 * ```ts
 * import { takeRowsInto, toMatrix } from "softprobe";
 *
 * const room = new Float64Array(100);
 * console.log(takeRowsInto(room, toMatrix([[1], [2], [3]]), [2, 0]).data); // → Float64Array(2) [ 3, 1 ]
 * ```
 */
export function takeRowsInto(out: FloatArray, features: Matrix, rows: ArrayLike<number>): Matrix {
  const caller = "takeRowsInto";
  const { data, rows: n, cols, columns } = checkMatrix(features, caller, "features");
  if (!(out instanceof Float64Array) && !(out instanceof Float32Array && data instanceof Float32Array))
    throw kindError(caller, "out", out, "a Float64Array, or a Float32Array where features are one");
  checkRows(rows, n, caller);
  const size = rows.length * cols;
  if (out.length < size) throw shapeError(caller, "out", `${out.length} values`, `at least ${rows.length} × ${cols} = ${size}`);
  gatherRows(features, rows, out);
  return { data: out.subarray(0, size), rows: rows.length, cols, ...(columns ? { columns } : {}) };
}
