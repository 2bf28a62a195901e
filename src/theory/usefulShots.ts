import { checkOptions, type OptionNames } from "../core/checkOptions.ts";
import type { ClassStatistics } from "../statistics/classStatistics.ts";
import { checkDimensionValues, checkStatistics } from "./checkTheory.ts";

export interface UsefulShotsOptions {
  /** d factors, such as a soft mask's (default 1 each). */
  readonly weights?: ArrayLike<number>;
  /** Remove the bias of squared distances between class means of few rows (default false). */
  readonly debias?: boolean;
}

const usefulOptionNames: OptionNames<UsefulShotsOptions> = { weights: true, debias: true };

/**
 * Computes the number of shots at which each dimension turns from confounder to useful. It is the smallest whole K at which adding the
 * dimension to all others does not lower the nearest centroid's expected margin over its standard deviation. If there are many
 * dimensions, this ratio decides the error.
 *
 * Over class pairs, dimension i has expected margin m = w²δ²/2 and variance v(K) = w⁴[δ²σ²(1 + 1/K) + σ⁴(2/K)(1 + 1/(2K))] (as in
 * `wiener`), with δ² the
 * mean squared distance of two class means and σ² the mean variance. With M and V(K) the sums over all dimensions, leaving it out lowers M²/V exactly where
 * V(K)·m(2M − m) ≥ M²·v(K), a quadratic in 1/K. It judges one dimension at a time, the others
 * as they are: a mask changes the answer, so give it as `weights`. A dimension of large variance may cease to be useful again at many more shots.
 *
 * @param statistics - k ≥ 2 classes: means and variances, k × d
 * @param options - weights: d factors (default 1), a dimension of weight 0 is judged as if added at weight 1; debias: remove the bias of
 * δ² (default false)
 * @returns d numbers ≥ 1; Infinity where no number of shots is enough: dimensions with δ = 0, or of too large a variance
 * @throws RangeError when shapes do not fit or fewer than 2 classes are given
 * @example
 * ```ts
 * import { usefulShots } from "softprobe/theory";
 *
 * const means = Float64Array.of(0, 0, 0, 2, 1, 0);
 * const statistics = { classes: ["a", "b"], counts: Float64Array.of(9, 9), cols: 3, means, variances: Float64Array.of(1, 1.5, 1, 1, 1.5, 1) };
 * console.log(usefulShots(statistics)); // → Float64Array(3) [ 1, 3, Infinity ]
 * ```
 */
export function usefulShots(statistics: ClassStatistics, options: UsefulShotsOptions = {}): Float64Array {
  checkOptions(options, "usefulShots", usefulOptionNames);
  const cols = checkStatistics(statistics, "usefulShots");
  const { weights, debias } = options;
  if (weights) checkDimensionValues(weights, cols, "usefulShots", "weights");
  const { counts, means, variances } = statistics;
  const k = counts.length;
  let inverse = 0;
  for (let c = 0; c < k; c++) inverse += 1 / (counts[c] * k);
  const margin = new Float64Array(cols);
  // v as a polynomial of 1/K: signal + (signal + 2·noise)/K + noise/K².
  const signal = new Float64Array(cols);
  const noise = new Float64Array(cols);
  let [margins, signals, noises] = [0, 0, 0];
  for (let j = 0; j < cols; j++) {
    let [mean, variance, squares] = [0, 0, 0];
    for (let c = 0; c < k; c++) {
      mean += means[c * cols + j] / k;
      variance += variances[c * cols + j] / k;
    }
    for (let c = 0; c < k; c++) squares += (means[c * cols + j] - mean) ** 2;
    const present = weights ? Number(weights[j] !== 0) : 1;
    const scale = weights && present ? weights[j] ** 2 : 1;
    const distance = Math.max((2 * squares) / (k - 1) - (debias ? 2 * variance * inverse : 0), 0);
    margin[j] = 0.5 * scale * distance;
    signal[j] = scale * scale * distance * variance;
    noise[j] = (scale * variance) ** 2;
    margins += present * margin[j];
    signals += present * signal[j];
    noises += present * noise[j];
  }
  const shots = new Float64Array(cols);
  for (let j = 0; j < cols; j++) {
    const added = weights && weights[j] === 0 ? 1 : 0;
    const m = margins + added * margin[j];
    const s = signals + added * signal[j];
    const n = noises + added * noise[j];
    const gain = margin[j] * (2 * m - margin[j]);
    const square = m * m;
    const constant = gain * s - square * signal[j];
    const curvature = gain * n - square * noise[j];
    shots[j] = margin[j] > 0 ? firstShots(constant, constant + 2 * curvature, curvature) : Number.POSITIVE_INFINITY;
  }
  return shots;
}

/** The smallest whole K ≥ 1 with constant + linear/K + square/K² ≥ 0; Infinity if there is none. */
function firstShots(constant: number, linear: number, square: number): number {
  const holds = (k: number) => constant + (linear + square / k) / k >= 0;
  if (holds(1)) return 1;
  // Below 0 at 1/K = 1: the first K is just past the largest root in (0, 1), if any, written without cancellation.
  const discriminant = linear * linear - 4 * square * constant;
  if (discriminant < 0) return Number.POSITIVE_INFINITY;
  const q = -0.5 * (linear + Math.sign(linear || 1) * Math.sqrt(discriminant));
  const roots = [q / square, constant / q].filter((root) => root > 0 && root < 1);
  if (roots.length === 0) return Number.POSITIVE_INFINITY;
  const start = Math.floor(1 / Math.max(...roots));
  for (let k = Math.max(1, start - 1); k <= start + 2; k++) if (holds(k)) return k;
  return Number.POSITIVE_INFINITY;
}
