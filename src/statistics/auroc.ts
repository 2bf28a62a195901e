import { checkVector } from "./checkVector.ts";

/**
 * Area under the ROC curve of telling unknown rows from known ones: the probability that an unknown row has the higher rejection score, equal scores
 * counting half (Mann & Whitney). 0.5 is chance, 1 perfect. O(n log n).
 *
 * @param known - scores of rows of known classes, finite
 * @param unknown - scores of rows of unknown classes, finite
 * @returns a fraction of 1
 * @throws RangeError when there are no rows of either kind, or a score is not finite
 * @example
 * ```ts
 * import { auroc } from "softprobe/statistics";
 *
 * console.log(auroc([0.1, 0.2, 0.3], [0.3, 0.9])); // → 0.9167
 * ```
 */
export function auroc(known: ArrayLike<number>, unknown: ArrayLike<number>): number {
  const negatives = checkVector(known, "auroc", "known");
  const positives = checkVector(unknown, "auroc", "unknown");
  const low = Float64Array.from(known).sort();
  const high = Float64Array.from(unknown).sort();
  // Both ascend: how many of `low` are below, and how many up to, each of `high`.
  let [less, upTo, sum] = [0, 0, 0];
  for (const value of high) {
    while (less < negatives && low[less] < value) less++;
    upTo = Math.max(upTo, less);
    while (upTo < negatives && low[upTo] === value) upTo++;
    sum += (less + upTo) / 2;
  }
  return sum / (negatives * positives);
}
