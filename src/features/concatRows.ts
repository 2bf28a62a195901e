import { kindError, shapeError } from "../core/errors.ts";
import { checkMatrix, type FloatArray, type Matrix } from "../core/matrix.ts";

/**
 * Joins matrices one below the other, such as a support and its views to train on. The result is Float32 if all of them are, else
 * Float64. A single matrix is not copied.
 *
 * @param matrices - at least one, all of d columns
 * @returns (n₁ + n₂ + …) × d
 * @throws RangeError when there is none, or numbers of columns differ
 * @example
 * ```ts
 * import { concatRows, toMatrix } from "softprobe";
 *
 * console.log(concatRows([toMatrix([[1, 2]]), toMatrix([[3, 4]])]).data); // → Float64Array(4) [ 1, 2, 3, 4 ]
 * ```
 */
export function concatRows(matrices: readonly Matrix[]): Matrix {
  const caller = "concatRows";
  if (!Array.isArray(matrices)) throw kindError(caller, "matrices", matrices, "an array of matrices");
  if (matrices.length === 0) throw shapeError(caller, "matrices", "0 entries", "at least 1");
  const [first] = matrices;
  matrices.forEach((matrix, i) => {
    checkMatrix(matrix, caller, `matrices[${i}]`);
    if (matrix.cols !== first.cols) throw shapeError(caller, `matrices[${i}]`, `${matrix.cols} columns`, `${first.cols}, as the first`);
  });
  if (matrices.length === 1) return first;
  const rows = matrices.reduce((sum, matrix) => sum + matrix.rows, 0);
  const single = matrices.every(({ data }) => data instanceof Float32Array);
  const data: FloatArray = single ? new Float32Array(rows * first.cols) : new Float64Array(rows * first.cols);
  let at = 0;
  for (const matrix of matrices) {
    data.set(matrix.data, at);
    at += matrix.data.length;
  }
  const { columns } = first;
  const apart = matrices.findIndex((matrix) => columns && matrix.columns && matrix.columns.join("\n") !== columns.join("\n"));
  if (apart >= 0) throw shapeError(caller, `matrices[${apart}].columns`, "other names", "those of the first, in its order");
  return { data, rows, cols: first.cols, ...(columns ? { columns } : {}) };
}
