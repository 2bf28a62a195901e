import { kindError, shapeError, valueError } from "../core/errors.ts";
import { checkFinite, type Matrix } from "../core/matrix.ts";

/**
 * Makes the soft mask of [CI], with weights I_i / mean|z_i|, so that the mean magnitude of dimension i over `features` becomes I_i. A
 * dimension that is 0
 * in every row gets weight 0.
 *
 * @param importance - d values ≥ 0
 * @param features - n × d rows over which magnitudes are taken: those of the support (and its views)
 * @returns d weights ≥ 0
 * @throws RangeError when importance does not have d values ≥ 0, or features have no rows or a value that is not finite
 * @example
 * ```ts
 * import { magnitudeMask, toMatrix } from "softprobe";
 *
 * console.log(magnitudeMask([1, 3], toMatrix([[2, -1], [2, 5]]))); // → Float64Array(2) [ 0.5, 1 ]
 * ```
 */
export function magnitudeMask(importance: ArrayLike<number>, features: Matrix): Float64Array {
  const { data, rows, cols } = checkFinite(features, "magnitudeMask", "features");
  if (rows === 0) throw shapeError("magnitudeMask", "features", "0 rows", "at least 1");
  if (importance === null || typeof importance !== "object")
    throw kindError("magnitudeMask", "importance", importance, "an array of numbers, one a column of features");
  if (importance.length !== cols)
    throw shapeError("magnitudeMask", "importance", `${importance.length} values`, `${cols}, one a column of features`);
  for (let j = 0; j < cols; j++) {
    const value = importance[j];
    if (!(value >= 0 && value < Number.POSITIVE_INFINITY))
      throw valueError("magnitudeMask", `importance[${j}]`, `is ${value}`, "finite values of at least 0");
  }
  const mask = new Float64Array(cols);
  for (let i = 0, at = 0; i < rows; i++) for (let j = 0; j < cols; j++, at++) mask[j] += Math.abs(data[at]);
  for (let j = 0; j < cols; j++) mask[j] = mask[j] === 0 ? 0 : importance[j] / (mask[j] / rows);
  return mask;
}
