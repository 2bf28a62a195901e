import { kindError, valueError } from "../core/errors.ts";
import { checkMatrix, type Matrix } from "../core/matrix.ts";

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
  if (rows === null || typeof rows !== "object") throw kindError("takeRows", "rows", rows, "an array of row numbers");
  let consecutive = true;
  for (let i = 0; i < rows.length; i++) {
    if (!Number.isInteger(rows[i]) || rows[i] < 0 || rows[i] >= n)
      throw valueError("takeRows", `rows[${i}]`, `is ${rows[i]}`, `a row in 0…${n - 1}`);
    if (i > 0 && rows[i] !== rows[i - 1] + 1) consecutive = false;
  }
  if (consecutive && rows.length > 0) {
    return { data: data.subarray(rows[0] * cols, (rows[0] + rows.length) * cols), rows: rows.length, cols, ...named };
  }
  const out = data instanceof Float32Array ? new Float32Array(rows.length * cols) : new Float64Array(rows.length * cols);
  for (let i = 0; i < rows.length; i++) out.set(data.subarray(rows[i] * cols, (rows[i] + 1) * cols), i * cols);
  return { data: out, rows: rows.length, cols, ...named };
}
