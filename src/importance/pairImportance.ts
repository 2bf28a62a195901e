import { type ClassMoments, checkMoments, flooredDeviations } from "./classMoments.ts";

/**
 * Importance of each dimension by class pairs: for classes a, b  I_i = 2|μ_a,i − μ_b,i| / (σ_a,i + σ_b,i), l2-normalised over the
 * dimensions; the mean over all pairs. [CI] equation 5, [LM].
 *
 * @param moments - k classes' means and variances, k × d
 * @returns d values ≥ 0; scale-free
 * @throws RangeError with fewer than 2 classes, or a class without variance
 * @example
 * ```ts
 * import { pairImportance } from "softprobe";
 *
 * const moments = { counts: [9, 9], means: Float64Array.of(0, 0, 3, 0), variances: Float64Array.of(1, 1, 1, 1), cols: 2 };
 * console.log(pairImportance(moments)); // → Float64Array(2) [ 1, 0 ]
 * ```
 */
export function pairImportance(moments: ClassMoments): Float64Array {
  const k = checkMoments(moments, "pairImportance");
  const { means, variances, cols } = moments;
  const deviations = flooredDeviations(variances, cols, "pairImportance");
  const importance = new Float64Array(cols);
  const pair = new Float64Array(cols);
  const share = 2 / (k * (k - 1));
  for (let a = 0; a < k; a++) {
    for (let b = 0; b < a; b++) {
      const [pa, pb] = [a * cols, b * cols];
      let squares = 0;
      for (let j = 0; j < cols; j++) {
        const value = (2 * Math.abs(means[pa + j] - means[pb + j])) / (deviations[pa + j] + deviations[pb + j]);
        pair[j] = value;
        squares += value * value;
      }
      if (squares === 0) continue;
      const factor = share / Math.sqrt(squares);
      for (let j = 0; j < cols; j++) importance[j] += pair[j] * factor;
    }
  }
  return importance;
}
