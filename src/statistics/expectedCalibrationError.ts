import { binByConfidence } from "./reliabilityBins.ts";

/**
 * Expected calibration error: the mean over predictions of |accuracy − confidence| of their bin, 0 for perfectly calibrated probabilities
 * (Naeini et al.
 * 2015; Guo et al., ICML 2017, eq. 3). Biased upwards where bins hold few rows. O(n).
 *
 * @param probabilities - n probabilities given to the predicted class, 0 … 1
 * @param correct - n of true/false or 1/0: whether the prediction was right
 * @param bins - bins of equal width, at least 1
 * @returns a fraction of 1
 * @throws RangeError when the lengths differ, there are no rows, a probability lies outside 0 … 1 or `correct` holds anything else
 * @example
 * ```ts
 * import { expectedCalibrationError } from "softprobe/statistics";
 *
 * console.log(expectedCalibrationError([0.75, 0.75, 0.75, 0.75], [1, 1, 1, 0])); // → 0
 * ```
 */
export function expectedCalibrationError(probabilities: ArrayLike<number>, correct: ArrayLike<number | boolean>, bins = 15): number {
  let sum = 0;
  for (const { count, confidence, accuracy } of binByConfidence(probabilities, correct, bins, "expectedCalibrationError")) {
    sum += count * Math.abs(accuracy - confidence);
  }
  return sum / probabilities.length;
}
