import { randomStream, shuffle } from "../core/random.ts";

/** Rows to deal into folds. */
export interface FoldProblem {
  /** n: class of each row, 0 … k − 1. */
  readonly codes: ArrayLike<number>;
  readonly k: number;
  /** n weights ≥ 0: rows of weight 0 don't count as examples of their class. */
  readonly weights: ArrayLike<number>;
  /** Rows that stay together: every row in exactly one list. */
  readonly groups: readonly (readonly number[])[];
}

/**
 * Deals groups of rows into folds, stratified: each goes to the fold that has the fewest rows of its classes so far, then the fewest rows. Which of a
 * class's groups share a fold is random by the seed.
 *
 * @returns lists of rows, one a fold, none empty; null where a class would be missing without some fold
 */
export function foldsOf({ codes, k, weights, groups }: FoldProblem, count: number, seed: number): readonly (readonly number[])[] | null {
  const order = shuffle(
    randomStream(seed, "folds"),
    groups.map((_, g) => g),
  );
  // Class by class, so that the folds fill evenly; the sort is stable.
  order.sort((a, b) => codes[groups[a][0]] - codes[groups[b][0]]);
  const folds = Math.min(count, groups.length);
  const held: number[][] = Array.from({ length: folds }, () => []);
  const ofClass = Array.from({ length: folds }, () => new Int32Array(k));
  for (const g of order) {
    const rows = groups[g];
    let best = 0;
    let [fewest, smallest] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
    for (let f = 0; f < folds; f++) {
      let same = 0;
      for (const i of rows) same += ofClass[f][codes[i]];
      if (same > fewest || (same === fewest && held[f].length >= smallest)) continue;
      [best, fewest, smallest] = [f, same, held[f].length];
    }
    for (const i of rows) {
      held[best].push(i);
      if (weights[i] > 0) ofClass[best][codes[i]]++;
    }
  }
  const all = new Int32Array(k);
  for (const counts of ofClass)
    counts.forEach((some, c) => {
      all[c] += some;
    });
  const lost = ofClass.some((counts) => counts.some((some, c) => some === all[c] && some > 0));
  // No fold is empty: an empty one has the fewest rows of any class, and there are as many groups as folds.
  return lost ? null : held;
}
