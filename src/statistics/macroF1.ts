import { type ConfusionMatrix, checkConfusion } from "./confusionMatrix.ts";

/**
 * Macro-F1: the mean over classes of 2·correct/(true rows + predicted rows), the harmonic mean of precision and recall; scikit-learn's
 * `f1_score(average="macro")`. A class never predicted rightly counts 0; one that is neither true nor predicted anywhere is left out. O(k²).
 *
 * @param matrix - from `confusionMatrix`
 * @returns a fraction of 1
 * @throws RangeError when the matrix is empty, or its counts are not k × k numbers of at least 0
 * @example
 * ```ts
 * import { confusionMatrix, macroF1 } from "softprobe/statistics";
 *
 * console.log(macroF1(confusionMatrix([0, 0, 1, 1], [0, 0, 1, 1]))); // → 1
 * ```
 */
export function macroF1(matrix: ConfusionMatrix): number {
  const { k, actual, predicted, correct } = checkConfusion(matrix, "macroF1");
  let [sum, present] = [0, 0];
  for (let c = 0; c < k; c++) {
    if (actual[c] + predicted[c] === 0) continue;
    sum += (2 * correct[c]) / (actual[c] + predicted[c]);
    present++;
  }
  return sum / present;
}
