import { kindError, valueError } from "../core/errors.ts";
import { log } from "../core/log.ts";
import { checkMatrix, type Matrix } from "../core/matrix.ts";
import { power } from "../core/power.ts";

/**
 * Raises every value to the power β (Tukey's ladder of powers; log x for β = 0). This makes skewed non-negative features, such as those
 * after a ReLU, more Gaussian.
 *
 * @param features - n × d, every value ≥ 0 (> 0 for β ≤ 0)
 * @param beta - the power; ½ is usual
 * @returns a new n × d matrix in the storage of `features`
 * @throws RangeError when a value is negative or not finite (its row and column are named) or `beta` is not finite
 * @see Yang et al., "Free Lunch for Few-shot Learning", ICLR 2021
 * @example
 * ```ts
 * import { toMatrix, tukeyPower } from "softprobe";
 *
 * console.log(tukeyPower(toMatrix([[4, 9]]), 0.5).data); // → Float64Array(2) [ 2, 3 ]
 * ```
 */
export function tukeyPower(features: Matrix, beta: number): Matrix {
  const { data, cols } = checkMatrix(features, "tukeyPower", "features");
  if (typeof beta !== "number") throw kindError("tukeyPower", "beta", beta, "a number");
  if (!Number.isFinite(beta)) throw valueError("tukeyPower", "beta", `is ${beta}`, "a finite number");
  const out = data.slice();
  for (let i = 0; i < out.length; i++) {
    const value = data[i];
    if (!(value >= 0) || (beta <= 0 && value === 0) || value === Number.POSITIVE_INFINITY) {
      const wanted =
        value === Number.POSITIVE_INFINITY ? "finite numbers" : beta <= 0 ? `values above 0 for beta = ${beta}` : "values of at least 0";
      throw valueError("tukeyPower", "features", `row ${Math.floor(i / cols)}, column ${i % cols} is ${value}`, wanted);
    }
    out[i] = beta === 0 ? log(value) : beta === 0.5 ? Math.sqrt(value) : power(value, beta);
  }
  return { ...features, data: out };
}
