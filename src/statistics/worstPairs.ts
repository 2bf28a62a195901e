import type { ClassName } from "../core/labels.ts";
import type { ConfusionMatrix } from "./confusionMatrix.ts";

/** Test rows of one class that were taken for another. */
export interface Confusion {
  readonly actual: ClassName;
  readonly predicted: ClassName;
  readonly count: number;
  /** Share of the actual class's test rows, 0 … 1. */
  readonly share: number;
}

/** The pairs of classes that are confused most: by rows, then by their share of the actual class; at most `most`. */
export function worstPairs({ classes, counts }: ConfusionMatrix, most = 10): Confusion[] {
  const k = classes.length;
  const pairs: Confusion[] = [];
  for (let a = 0; a < k; a++) {
    let rows = 0;
    for (let p = 0; p < k; p++) rows += counts[a * k + p];
    for (let p = 0; p < k; p++) {
      const count = counts[a * k + p];
      if (a !== p && count > 0) pairs.push({ actual: classes[a], predicted: classes[p], count, share: count / rows });
    }
  }
  return pairs.sort((a, b) => b.count - a.count || b.share - a.share).slice(0, most);
}
