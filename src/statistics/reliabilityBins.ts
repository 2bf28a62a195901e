import { checkCount } from "../core/checks.ts";
import { kindError, shapeError, valueError } from "../core/errors.ts";
import { checkVector } from "./checkVector.ts";

/** Predictions whose confidence falls into (lower, upper]; the first bin holds confidence 0 too. */
export interface ReliabilityBin {
  readonly lower: number;
  readonly upper: number;
  readonly count: number;
  /** Mean predicted probability, 0 … 1; 0 in an empty bin. */
  readonly confidence: number;
  /** Share that was correct, 0 … 1; 0 in an empty bin. */
  readonly accuracy: number;
}

/**
 * Groups predictions by confidence into bins of equal width, with each bin's mean confidence and accuracy: the reliability diagram (Guo et al.,
 * "On Calibration of Modern Neural Networks", ICML 2017). O(n).
 *
 * @param probabilities - n probabilities given to the predicted class, 0 … 1
 * @param correct - n of true/false or 1/0: whether the prediction was right
 * @param bins - how many, at least 1
 * @returns the bins, ascending, empty ones included
 * @throws RangeError when the lengths differ, there are no rows, a probability lies outside 0 … 1 or `correct` holds anything else
 * @example
 * ```ts
 * import { reliabilityBins } from "softprobe/statistics";
 *
 * const [low, high] = reliabilityBins([0.4, 0.8, 0.6], [0, 1, 1], 2);
 * console.log(low.count, low.accuracy, high.count, high.accuracy); // → 1 0 2 1
 * ```
 */
export function reliabilityBins(
  probabilities: ArrayLike<number>,
  correct: ArrayLike<number | boolean>,
  bins = 15,
): readonly ReliabilityBin[] {
  return binByConfidence(probabilities, correct, bins, "reliabilityBins");
}

/** {@link reliabilityBins}, whose errors name `caller`. */
export function binByConfidence(
  probabilities: ArrayLike<number>,
  correct: ArrayLike<number | boolean>,
  bins: number,
  caller: string,
): readonly ReliabilityBin[] {
  const n = checkVector(probabilities, caller, "probabilities");
  if (correct === null || typeof correct !== "object") throw kindError(caller, "correct", correct, "an array of true/false or 1/0");
  if (correct.length !== n) throw shapeError(caller, "correct", `${correct.length} entries`, `${n}, one for each of probabilities`);
  checkCount(bins, caller, "bins");
  const counts = new Float64Array(bins);
  const confidences = new Float64Array(bins);
  const hits = new Float64Array(bins);
  for (let i = 0; i < n; i++) {
    const probability = probabilities[i];
    if (!(probability >= 0 && probability <= 1)) throw valueError(caller, `probabilities[${i}]`, `is ${probability}`, "a number in 0…1");
    const hit = Number(correct[i]);
    if (hit !== 0 && hit !== 1) throw valueError(caller, `correct[${i}]`, `is ${String(correct[i])}`, "true, false, 1 or 0");
    const bin = Math.min(bins - 1, Math.max(0, Math.ceil(probability * bins) - 1));
    counts[bin]++;
    confidences[bin] += probability;
    hits[bin] += hit;
  }
  return Array.from(counts, (count, b) => ({
    lower: b / bins,
    upper: (b + 1) / bins,
    count,
    confidence: count > 0 ? confidences[b] / count : 0,
    accuracy: count > 0 ? hits[b] / count : 0,
  }));
}
