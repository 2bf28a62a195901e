import { type ClassMoments, checkMoments } from "./classMoments.ts";

/**
 * Total variance of each dimension over all rows, without regard to classes: the unsupervised control for any claim about importance.
 *
 * @param moments - k ≥ 1 classes' counts, means and variances, k × d
 * @returns d values ≥ 0 (divisor rows − 1)
 * @throws RangeError when there is only one row
 * @example
 * ```ts
 * import { varianceImportance } from "softprobe/importance";
 *
 * const moments = { counts: [2, 2], means: Float64Array.of(0, 2), variances: Float64Array.of(1, 1), cols: 1 };
 * console.log(varianceImportance(moments)); // → Float64Array(1) [ 2 ]
 * ```
 */
export function varianceImportance(moments: ClassMoments): Float64Array {
  const k = checkMoments(moments, "varianceImportance", 1);
  const { counts, means, variances, cols } = moments;
  let n = 0;
  for (let c = 0; c < k; c++) n += counts[c];
  if (n < 2) throw new RangeError(`varianceImportance: moments have ${n} row, expected at least 2`);
  const out = new Float64Array(cols);
  for (let j = 0; j < cols; j++) {
    let mean = 0;
    for (let c = 0; c < k; c++) mean += counts[c] * means[c * cols + j];
    mean /= n;
    let squares = 0;
    for (let c = 0; c < k; c++) squares += (counts[c] - 1) * variances[c * cols + j] + counts[c] * (means[c * cols + j] - mean) ** 2;
    out[j] = squares / (n - 1);
  }
  return out;
}
