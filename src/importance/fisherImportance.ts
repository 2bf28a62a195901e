import { valueError } from "../core/errors.ts";
import { type ClassMoments, checkMoments, varianceFloor } from "./classMoments.ts";

/**
 * One-way ANOVA F of each dimension: variance between the class means over variance within classes, as scikit-learn's `f_classif`.
 *
 * @param moments - k classes' counts, means and variances, k × d
 * @returns d values ≥ 0
 * @throws RangeError with fewer than 2 classes, as many classes as rows, or no variance within any class
 * @example
 * ```ts
 * import { fisherImportance } from "softprobe/importance";
 *
 * const moments = { counts: [2, 2], means: Float64Array.of(0, 1, 2, 1), variances: Float64Array.of(1, 1, 1, 1), cols: 2 };
 * console.log(fisherImportance(moments)); // → Float64Array(2) [ 4, 0 ]
 * ```
 */
export function fisherImportance(moments: ClassMoments): Float64Array {
  const k = checkMoments(moments, "fisherImportance");
  const { counts, means, variances, cols } = moments;
  let n = 0;
  for (let c = 0; c < k; c++) n += counts[c];
  if (n <= k) throw new RangeError(`fisherImportance: moments have ${n} rows in ${k} classes, expected more rows than classes`);
  const within = new Float64Array(cols);
  const between = new Float64Array(cols);
  let total = 0;
  for (let j = 0; j < cols; j++) {
    let mean = 0;
    for (let c = 0; c < k; c++) mean += counts[c] * means[c * cols + j];
    mean /= n;
    for (let c = 0; c < k; c++) {
      const gap = means[c * cols + j] - mean;
      between[j] += counts[c] * gap * gap;
      within[j] += (counts[c] - 1) * variances[c * cols + j];
    }
    within[j] /= n - k;
    between[j] /= k - 1;
    total += within[j];
  }
  if (!(total > 0))
    throw valueError("fisherImportance", "moments", "have no variance in any dimension", "at least two different rows a class");
  const floor = (varianceFloor * total) / cols;
  for (let j = 0; j < cols; j++) between[j] /= Math.max(within[j], floor);
  return between;
}
