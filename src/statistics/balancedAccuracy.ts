import { type ConfusionMatrix, checkConfusion } from "./confusionMatrix.ts";

/**
 * Balanced accuracy: the mean over classes of each class's recall, so that rare classes count as much as common ones; scikit-learn's
 * `balanced_accuracy_score`. Classes without true rows are left out. O(k²).
 *
 * @param matrix - from `confusionMatrix`
 * @returns a fraction of 1
 * @throws RangeError when the matrix is empty, or its counts are not k × k numbers of at least 0
 * @example
 * ```ts
 * import { balancedAccuracy, confusionMatrix } from "softprobe/statistics";
 *
 * console.log(balancedAccuracy(confusionMatrix([0, 0, 0, 1], [0, 0, 0, 0]))); // → 0.5
 * ```
 */
export function balancedAccuracy(matrix: ConfusionMatrix): number {
  const { k, actual, correct } = checkConfusion(matrix, "balancedAccuracy");
  let [sum, present] = [0, 0];
  for (let c = 0; c < k; c++) {
    if (actual[c] === 0) continue;
    sum += correct[c] / actual[c];
    present++;
  }
  return sum / present;
}
