import { log1p } from "../core/log.ts";
import { type ClassMoments, checkMoments, pooledVariance } from "./classMoments.ts";

/**
 * Mutual information between each dimension and the class, by the Gaussian plug-in: ½ · ln(total variance / variance within), in nats, classes
 * of equal weight. The entropy of a mixture of Gaussians has no closed form, so the entropy of one Gaussian with the same variance stands
 * for it, which is an upper bound. The variance within is the mean of the classes' variances, at least 1e-6 of its mean over dimensions.
 * The total variance adds that of the class means (divisor k).
 *
 * @param moments - k classes' means and variances, k × d
 * @returns d values ≥ 0 in nats; scale-free. Where classes have equal counts n it is ½ · ln(1 + F · (k − 1)/(k · n)), with F of
 * `fisherImportance`: the same order of dimensions, with large values compressed. Unlike F it does not depend on n, so with few rows a
 * class it is biased upwards
 * @throws RangeError with fewer than 2 classes or no variance
 * @example
 * ```ts
 * import { mutualInformationImportance } from "softprobe/importance";
 *
 * const moments = { counts: [9, 9], means: Float64Array.of(0, 0, 2, 0), variances: Float64Array.of(1, 1, 1, 1), cols: 2 };
 * console.log(mutualInformationImportance(moments)); // → Float64Array(2) [ 0.34657359027997264, 0 ]
 * ```
 */
export function mutualInformationImportance(moments: ClassMoments): Float64Array {
  const k = checkMoments(moments, "mutualInformationImportance");
  const { means, cols } = moments;
  const within = pooledVariance(moments, "mutualInformationImportance");
  const out = new Float64Array(cols);
  for (let j = 0; j < cols; j++) {
    let mean = 0;
    for (let c = 0; c < k; c++) mean += means[c * cols + j];
    mean /= k;
    let between = 0;
    for (let c = 0; c < k; c++) between += (means[c * cols + j] - mean) ** 2;
    out[j] = log1p(between / k / within[j]) / 2;
  }
  return out;
}
