import { shapeError, valueError } from "../core/errors.ts";
import { type ClassName, indexGiven, indexLabels, type Labels } from "../core/labels.ts";

/** How often rows of each class were predicted as each class. */
export interface ConfusionMatrix {
  /** k names: those of rows and columns. */
  readonly classes: readonly ClassName[];
  /** k × k, row-major: `counts[a * k + p]` rows of class a were predicted to be class p. */
  readonly counts: Float64Array;
}

/**
 * Counts rows by true class (rows of the matrix) and predicted class (columns), as scikit-learn's `confusion_matrix`. O(n + k²).
 *
 * @param actual - n true labels
 * @param predicted - n predicted labels
 * @returns the classes that occur in either, ascending, and k × k counts
 * @throws RangeError when the lengths differ or there are no rows; TypeError when a label is neither number, string nor bigint
 * @example
 * ```ts
 * import { confusionMatrix } from "softprobe/statistics";
 *
 * console.log(confusionMatrix(["a", "a", "b"], ["a", "b", "b"]).counts); // → Float64Array(4) [ 1, 1, 0, 1 ]
 * ```
 */
export function confusionMatrix(actual: Labels, predicted: Labels): ConfusionMatrix {
  const truth = indexGiven(actual, "confusionMatrix", "actual");
  const guess = indexGiven(predicted, "confusionMatrix", "predicted");
  const n = truth.codes.length;
  if (guess.codes.length !== n)
    throw shapeError("confusionMatrix", "predicted", `${guess.codes.length} rows`, `${n}, one for each of actual`);
  const { classes } = indexLabels([...truth.classes, ...guess.classes]);
  const position = new Map(classes.map((name, c) => [name, c]));
  const rowOf = truth.classes.map((name) => position.get(name)!);
  const columnOf = guess.classes.map((name) => position.get(name)!);
  const k = classes.length;
  const counts = new Float64Array(k * k);
  for (let i = 0; i < n; i++) counts[rowOf[truth.codes[i]] * k + columnOf[guess.codes[i]]]++;
  return { classes, counts };
}

/** Checks a confusion matrix; returns k and, for each class, its true rows, its predicted rows and those that are both. */
export function checkConfusion(
  matrix: ConfusionMatrix,
  caller: string,
): { k: number; actual: Float64Array; predicted: Float64Array; correct: Float64Array } {
  const k = matrix.classes.length;
  if (matrix.counts.length !== k * k) throw shapeError(caller, "matrix", `${matrix.counts.length} counts`, `${k} × ${k} = ${k * k}`);
  const [actual, predicted, correct] = [new Float64Array(k), new Float64Array(k), new Float64Array(k)];
  let total = 0;
  for (let a = 0; a < k; a++) {
    for (let p = 0; p < k; p++) {
      const count = matrix.counts[a * k + p];
      if (!(count >= 0 && count < Number.POSITIVE_INFINITY)) {
        throw valueError(
          caller,
          `matrix class ${String(matrix.classes[a])}, predicted ${String(matrix.classes[p])}`,
          `is ${count}`,
          "a count",
        );
      }
      actual[a] += count;
      predicted[p] += count;
      total += count;
    }
    correct[a] = matrix.counts[a * k + a];
  }
  if (!(total > 0)) throw shapeError(caller, "matrix", "no rows", "at least 1");
  return { k, actual, predicted, correct };
}
