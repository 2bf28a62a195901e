import { checkFinite, checkMatrix, type Matrix } from "../core/matrix.ts";
import { normalizeRow } from "../core/normalizeRow.ts";

/**
 * Divides every row by its Euclidean norm, so that only directions count. Masks and probes expect this scale.
 * A row of zeros has no direction and stays zeros.
 *
 * @param features - n × d
 * @returns a new n × d matrix in the storage of `features`; each row has norm 1 or 0. Sums are double; rows are scaled by their largest
 *   value first, so that neither 1e300 nor 1e-300 overflows.
 * @throws TypeError or RangeError when `features` is not a Matrix, or a value is not finite (row and column are named)
 * @example
 * ```ts
 * import { l2Normalize, toMatrix } from "softprobe";
 *
 * console.log(l2Normalize(toMatrix([[3, 4], [0, 0]])).data); // → Float64Array(4) [ 0.6, 0.8, 0, 0 ]
 * ```
 */
export function l2Normalize(features: Matrix): Matrix {
  const { data, rows, cols } = checkMatrix(features, "l2Normalize", "features");
  const out = data.slice();
  for (let i = 0; i < rows; i++) if (!normalizeRow(out, data, i * cols, cols)) checkFinite(features, "l2Normalize", "features");
  return { ...features, data: out };
}
