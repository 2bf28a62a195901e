import { type ClassMoments, checkMoments, flooredDeviations } from "./classMoments.ts";

/**
 * Welch's t² of each dimension, for classes of unequal variances: (μ_a − μ_b)² / (σ_a²/n_a + σ_b²/n_b), the mean over all pairs of
 * classes. Variances are at least 1e-6 of their mean over dimensions. It is t² and not |t| because `fisherImportance` generalises to t²
 * for classes of different variances. The two are equal if counts and variances are equal, and for two classes of equal counts in any
 * case.
 *
 * @param moments - k classes' counts, means and variances, k × d
 * @returns d values ≥ 0; scale-free
 * @throws RangeError with fewer than 2 classes, or a class without variance
 * @see Welch, "The generalization of Student's problem when several different population variances are involved", 1947
 * @example
 * ```ts
 * import { welchImportance } from "softprobe/importance";
 *
 * const moments = { counts: [2, 4], means: Float64Array.of(0, 1, 2, 1), variances: Float64Array.of(1, 1, 2, 1), cols: 2 };
 * console.log(welchImportance(moments)); // → Float64Array(2) [ 4, 0 ]
 * ```
 */
export function welchImportance(moments: ClassMoments): Float64Array {
  const k = checkMoments(moments, "welchImportance");
  const { counts, means, variances, cols } = moments;
  const deviations = flooredDeviations(variances, cols, "welchImportance");
  const importance = new Float64Array(cols);
  for (let a = 0; a < k; a++) {
    for (let b = 0; b < a; b++) {
      const [pa, pb] = [a * cols, b * cols];
      for (let j = 0; j < cols; j++) {
        const gap = means[pa + j] - means[pb + j];
        importance[j] += (gap * gap) / (deviations[pa + j] ** 2 / counts[a] + deviations[pb + j] ** 2 / counts[b]);
      }
    }
  }
  const pairs = (k * (k - 1)) / 2;
  for (let j = 0; j < cols; j++) importance[j] /= pairs;
  return importance;
}
