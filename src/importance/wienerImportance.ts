import { checkOptions, type OptionNames } from "../core/checkOptions.ts";
import { checkPositive } from "../core/checks.ts";
import { shapeError, valueError } from "../core/errors.ts";
import { type ClassMoments, checkMoments, pooledVariance } from "./classMoments.ts";

/** δ²: the mean over pairs of classes of their squared mean difference, d values. */
export function squaredDistances(means: Float64Array, k: number, cols: number): Float64Array {
  const out = new Float64Array(cols);
  // The mean over pairs of (a − b)² is twice the variance (divisor k − 1) of the k means.
  for (let j = 0; j < cols; j++) {
    let mean = 0;
    for (let c = 0; c < k; c++) mean += means[c * cols + j];
    mean /= k;
    let squares = 0;
    for (let c = 0; c < k; c++) squares += (means[c * cols + j] - mean) ** 2;
    out[j] = (2 * squares) / (k - 1);
  }
  return out;
}

/**
 * The Wiener weight of given δ² and σ²: with r = δ²/σ²,  w² = (1/σ²) · r / (r(1 + 1/K) + (2/K)(1 + 1/(2K))). It maximises each dimension's
 * expected margin over its standard deviation for a K-shot nearest centroid; K → ∞ gives whitening, small K silences confounders.
 *
 * @param distances - δ², d values ≥ 0
 * @param variances - σ², d values > 0
 * @param shots - K > 0
 * @returns d values ≥ 0
 * @throws RangeError when the lists differ in length or hold a number out of range
 * @example
 * ```ts
 * import { wienerWeights } from "softprobe/importance";
 *
 * console.log(wienerWeights([4, 0], [1, 1], 1)); // → Float64Array(2) [ 0.6030226891555273, 0 ]
 * ```
 */
export function wienerWeights(distances: ArrayLike<number>, variances: ArrayLike<number>, shots: number): Float64Array {
  checkPositive(shots, "wienerWeights", "shots");
  if (distances.length !== variances.length)
    throw shapeError("wienerWeights", "variances", `${variances.length} values`, `${distances.length}`);
  const out = new Float64Array(distances.length);
  const noise = (2 / shots) * (1 + 1 / (2 * shots));
  for (let j = 0; j < out.length; j++) {
    if (!(distances[j] >= 0 && distances[j] < Number.POSITIVE_INFINITY)) {
      throw valueError("wienerWeights", `distances[${j}]`, `is ${distances[j]}`, "finite numbers of at least 0");
    }
    if (!(variances[j] > 0 && variances[j] < Number.POSITIVE_INFINITY)) {
      throw valueError("wienerWeights", `variances[${j}]`, `is ${variances[j]}`, "a finite number greater than 0");
    }
    const ratio = distances[j] / variances[j];
    out[j] = Math.sqrt(ratio / variances[j] / (ratio * (1 + 1 / shots) + noise));
  }
  return out;
}

export interface WienerOptions {
  /** K, the support rows a class that a probe will be trained on, at least 1. */
  readonly shots: number;
  /**
   * n, the independent rows a class behind the statistics, at least 1: corrects squared distances for their bias. Infinity, the default,
   * corrects nothing.
   */
  readonly independentRows?: number;
}

const wienerOptionNames: OptionNames<WienerOptions> = { shots: true, independentRows: true };

/**
 * Importance that depends on the number of shots (introduced by softprobe): {@link wienerWeights} of the classes' mean squared distance
 * δ² and pooled variance σ² (floored).
 * Given `independentRows` n, the bias of δ² is first removed: max(δ² − 2σ²/n, 0). Augmented views are not independent, so n = K for them.
 *
 * @param moments - k classes' means and variances, k × d
 * @param options - shots K > 0; independentRows n behind each mean (default: no correction)
 * @returns d values ≥ 0
 * @throws RangeError with fewer than 2 classes or no variance
 * @example
 * ```ts
 * import { wienerImportance } from "softprobe/importance";
 *
 * const moments = { counts: [9, 9], means: Float64Array.of(0, 0, 2, 0), variances: Float64Array.of(1, 1, 1, 1), cols: 2 };
 * console.log(wienerImportance(moments, { shots: 1 })); // → Float64Array(2) [ 0.6030226891555273, 0 ]
 * ```
 */
export function wienerImportance(moments: ClassMoments, options: WienerOptions): Float64Array {
  checkOptions(options, "wienerImportance", wienerOptionNames);
  const k = checkMoments(moments, "wienerImportance");
  const variances = pooledVariance(moments, "wienerImportance");
  const distances = squaredDistances(moments.means, k, moments.cols);
  if (options.independentRows !== undefined) {
    const n = checkPositive(options.independentRows, "wienerImportance", "independentRows");
    for (let j = 0; j < distances.length; j++) distances[j] = Math.max(distances[j] - (2 * variances[j]) / n, 0);
  }
  return wienerWeights(distances, variances, options.shots);
}
