import { checkPositive } from "../core/checks.ts";
import { kindError, valueError } from "../core/errors.ts";

/**
 * Importance in a discriminant basis, where the variance within classes is 1 and that between class means is ψ: w² = [ψ/(ψ + 1/K)] / [1 +
 * ψ/(Kψ + 1)], the posterior shrinkage of a K-shot class mean over the predictive variance of a new row. A dimension with ψ = 0 gets
 * weight 0. As K → ∞, all other weights become equal.
 *
 * @param psi - r values ≥ 0, such as `psi` of `fitDiscriminant`
 * @param shots - K > 0
 * @returns r weights in 0 … 1
 * @throws RangeError when a ψ is negative or not finite, or shots is not positive
 * @example
 * ```ts
 * import { bayesImportance } from "softprobe/importance";
 *
 * console.log(bayesImportance([1, 0], 1)); // → Float64Array(2) [ 0.5773502691896257, 0 ]
 * ```
 */
export function bayesImportance(psi: ArrayLike<number>, shots: number): Float64Array {
  if (psi === null || typeof psi !== "object" || typeof psi.length !== "number") {
    throw kindError("bayesImportance", "psi", psi, "an array of numbers: a basis that has psi");
  }
  checkPositive(shots, "bayesImportance", "shots");
  const out = new Float64Array(psi.length);
  for (let i = 0; i < out.length; i++) {
    const spread = psi[i];
    if (!(spread >= 0) || spread === Number.POSITIVE_INFINITY)
      throw valueError("bayesImportance", `psi[${i}]`, `is ${spread}`, "a finite number of at least 0");
    out[i] = Math.sqrt(spread / (spread + 1 / shots) / (1 + spread / (shots * spread + 1)));
  }
  return out;
}
