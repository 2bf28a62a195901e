import { kindError, valueError } from "../core/errors.ts";
import { markLargest } from "../core/largest.ts";

/** ⌈fraction · d⌋ rounded half up, at least 1: how many dimensions `top:fraction` keeps of d. */
export function keptDimensions(fraction: number, cols: number): number {
  return Math.min(cols, Math.max(1, Math.round(fraction * cols)));
}

/**
 * Makes a hard mask: 1 on the most important ⌈fraction · d⌋ dimensions (at least one; ties by index), 0 elsewhere.
 *
 * @param importance - d finite values
 * @param fraction - share to keep, in (0, 1]
 * @returns d weights, 0 or 1
 * @throws RangeError when `fraction` is outside (0, 1], or a value of `importance` is not finite
 * @example
 * ```ts
 * import { topMask } from "softprobe";
 *
 * console.log(topMask(Float64Array.of(3, 1, 2, 0), 0.5)); // → Float64Array(4) [ 1, 0, 1, 0 ]
 * ```
 */
export function topMask(importance: ArrayLike<number>, fraction: number): Float64Array {
  if (typeof importance?.length !== "number")
    throw kindError("topMask", "importance", importance, "an array of d numbers, one a dimension");
  if (typeof fraction !== "number") throw kindError("topMask", "fraction", fraction, "a number");
  if (!(fraction > 0 && fraction <= 1)) throw valueError("topMask", "fraction", `is ${fraction}`, "a share in (0, 1]");
  for (let j = 0; j < importance.length; j++) {
    if (!Number.isFinite(importance[j])) throw valueError("topMask", `importance[${j}]`, `is ${importance[j]}`, "finite values");
  }
  const mask = new Float64Array(importance.length);
  const values = importance instanceof Float64Array ? importance : Float64Array.from(importance);
  if (mask.length > 0) markLargest(values, keptDimensions(fraction, mask.length), mask);
  return mask;
}
