import { kindError, valueError } from "../core/errors.ts";
import { power } from "../core/power.ts";

/**
 * Makes a soft mask: importance to a power, I^γ. γ = 0 leaves rows unchanged, γ = ½ with `pair@augmented` is the paper's AFIA, γ = 1 scales by
 * importance itself.
 *
 * @param importance - d values ≥ 0
 * @param exponent - γ, finite
 * @returns d weights ≥ 0
 * @throws RangeError naming an importance that is negative, not finite, zero under a negative γ, or too large a power
 * @example
 * ```ts
 * import { powerMask } from "softprobe";
 *
 * console.log(powerMask(Float64Array.of(4, 0, 9), 0.5)); // → Float64Array(3) [ 2, 0, 3 ]
 * ```
 */
export function powerMask(importance: ArrayLike<number>, exponent: number): Float64Array {
  if (typeof importance?.length !== "number")
    throw kindError("powerMask", "importance", importance, "an array of d numbers, one a dimension");
  if (typeof exponent !== "number") throw kindError("powerMask", "exponent", exponent, "a number");
  if (!Number.isFinite(exponent)) throw valueError("powerMask", "exponent", `is ${exponent}`, "a finite number");
  const mask = new Float64Array(importance.length);
  for (let j = 0; j < mask.length; j++) {
    const value = importance[j];
    if (!(value >= 0) || (value === 0 && exponent < 0)) {
      throw valueError(
        "powerMask",
        `importance[${j}]`,
        `is ${value}`,
        exponent < 0 ? "values above 0 for a negative exponent" : "values of at least 0",
      );
    }
    const weight = exponent === 1 ? value : exponent === 0.5 ? Math.sqrt(value) : power(value, exponent);
    if (value === Number.POSITIVE_INFINITY || weight === Number.POSITIVE_INFINITY) {
      throw valueError("powerMask", `importance[${j}]`, `is ${value}`, `values whose power ${exponent} is finite`);
    }
    mask[j] = weight;
  }
  return mask;
}
