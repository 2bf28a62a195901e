import { kindError, shapeError, valueError } from "../core/errors.ts";
import { checkFinite, type Matrix } from "../core/matrix.ts";

/**
 * Subtracts a given mean from every row. With the mean of a base set, between two `l2Normalize`, this is SimpleShot's CL2N
 * (Wang et al. 2019, arXiv 1911.04623).
 *
 * @param features - n × d
 * @param mean - d values
 * @returns a new n × d matrix in the storage of `features`
 * @throws RangeError when `mean` does not have d values, or a value of either is not finite
 * @example
 * ```ts
 * import { centre, toMatrix } from "softprobe";
 *
 * console.log(centre(toMatrix([[1, 2], [3, 4]]), [1, 1]).data); // → Float64Array(4) [ 0, 1, 2, 3 ]
 * ```
 */
export function centre(features: Matrix, mean: ArrayLike<number>): Matrix {
  const { data, rows, cols } = checkFinite(features, "centre", "features");
  if (mean === null || typeof mean !== "object") throw kindError("centre", "mean", mean, "an array of numbers, one a column of features");
  if (mean.length !== cols) throw shapeError("centre", "mean", `${mean.length} values`, `${cols}, one a column of features`);
  for (let j = 0; j < cols; j++) if (!Number.isFinite(mean[j])) throw valueError("centre", `mean[${j}]`, `is ${mean[j]}`, "finite numbers");
  const out = data.slice();
  for (let i = 0, at = 0; i < rows; i++) for (let j = 0; j < cols; j++, at++) out[at] = data[at] - mean[j];
  return { ...features, data: out };
}
