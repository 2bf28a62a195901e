import { withKernels } from "../kernels/createKernels.ts";
import { paddedCols } from "../kernels/kernels.ts";
import { statisticsOf } from "../kernels/statisticsOf.ts";
import { type ClassMoments, checkMoments, noSpread, varianceFloor } from "./classMoments.ts";

/**
 * Importance of each dimension by class pairs: for classes a, b  I_i = 2|μ_a,i − μ_b,i| / (σ_a,i + σ_b,i), l2-normalised over the
 * dimensions; the mean over all pairs. [CI] equation 5, [LM].
 *
 * @param moments - k classes' means and variances, k × d
 * @returns d values ≥ 0; scale-free
 * @throws RangeError with fewer than 2 classes, or a class without variance
 * @example
 * ```ts
 * import { pairImportance } from "softprobe/importance";
 *
 * const moments = { counts: [9, 9], means: Float64Array.of(0, 0, 3, 0), variances: Float64Array.of(1, 1, 1, 1), cols: 2 };
 * console.log(pairImportance(moments)); // → Float64Array(2) [ 1, 0 ]
 * ```
 */
export function pairImportance(moments: ClassMoments): Float64Array {
  const k = checkMoments(moments, "pairImportance");
  const { means, variances, cols } = moments;
  // Pairs grow with the square of the classes: this is the one importance worth the kernels, the very ones that evaluations use.
  return withKernels("auto", (kernels) => {
    const { memory } = kernels;
    const { pairs, deviations } = statisticsOf(kernels);
    const stride = paddedCols(cols);
    const [mean, deviation] = [memory.allocate(8 * k * stride), memory.allocate(8 * k * stride)];
    const [terms, sum, total] = [memory.allocate(16 * stride), memory.allocate(8 * stride), memory.allocate(8)];
    const [meanList, deviationList] = [memory.allocate(4 * k), memory.allocate(4 * k)];
    const { f64, i32 } = memory;
    const load = (table: Float64Array, c: number, address: number): void => {
      f64.set(table.subarray(c * cols, (c + 1) * cols), address >>> 3);
      f64.fill(0, (address >>> 3) + cols, (address >>> 3) + stride);
    };
    const bytes = 8 * stride;
    for (let c = 0; c < k; c++) {
      load(means, c, mean + c * bytes);
      load(variances, c, deviation + c * bytes);
      deviations(deviation + c * bytes, cols, stride, varianceFloor, deviation + c * bytes, total);
      if (!(f64[total >>> 3] > 0)) throw noSpread("pairImportance", c);
      i32[(meanList >>> 2) + c] = mean + c * bytes;
      i32[(deviationList >>> 2) + c] = deviation + c * bytes;
    }
    pairs(meanList, deviationList, k, stride, terms, sum);
    return f64.slice(sum >>> 3, (sum >>> 3) + cols);
  });
}
