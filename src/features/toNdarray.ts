import ndarray, { type NdArray } from "ndarray";
import { checkCount } from "../core/checks.ts";
import { shapeError, valueError } from "../core/errors.ts";
import { checkMatrix, type FloatArray, type Matrix } from "../core/matrix.ts";
import type { Views } from "../core/views.ts";

/**
 * Makes an ndarray of shape n × d from a {@link Matrix}, or of shape n × views × d from views. The two share memory: a change to one
 * shows in the other.
 *
 * @param input - n × d, or views of n rows
 * @returns an ndarray over the same data
 * @throws TypeError when it is neither; RangeError when shape and data do not fit
 * @see https://github.com/scijs/ndarray
 * @example
 * ```ts
 * import { toNdarray } from "softprobe/ndarray";
 *
 * const array = toNdarray({ data: Float64Array.of(1, 2, 3, 4, 5, 6), rows: 2, cols: 3 });
 * console.log(array.shape, array.get(1, 0), array.transpose(1, 0).get(2, 1)); // → [ 2, 3 ] 4 6
 * ```
 */
export function toNdarray(input: Matrix | Views): NdArray<FloatArray> {
  if (input === null || typeof input !== "object" || !("matrix" in input)) {
    const { data, rows, cols } = checkMatrix(input, "toNdarray", "input");
    return ndarray(data, [rows, cols]);
  }
  const { data, rows, cols } = checkMatrix(input.matrix, "toNdarray", "input.matrix");
  const views = checkCount(input.views, "toNdarray", "input.views");
  if (input.rows) throw valueError("toNdarray", "input.rows", "is given", "views of all rows, as takeViews copies them");
  if (rows % views !== 0) throw shapeError("toNdarray", "input.matrix", `${rows} rows`, `a multiple of views = ${views}`);
  return ndarray(data, [rows / views, views, cols]);
}
