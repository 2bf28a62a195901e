import fc from "fast-check";
import type { Matrix } from "../../src/core/matrix.ts";
import type { ClassMoments } from "../../src/importance/classMoments.ts";

/** A matrix of these numbers, Float64. */
export function matrix(rows: readonly (readonly number[])[]): Matrix {
  return { data: Float64Array.from(rows.flat()), rows: rows.length, cols: rows[0].length };
}

/** Its rows as plain arrays. */
export function rowsOf({ data, rows, cols }: Matrix): number[][] {
  return Array.from({ length: rows }, (_, i) => Array.from(data.subarray(i * cols, (i + 1) * cols)));
}

/** Numbers in −4 … 4 on a grid of 1/64: ties, zeros and equal rows do occur, and nothing is a hair from a decision boundary. */
export const gridNumber = fc.integer({ min: -256, max: 256 }).map((value) => value / 64);

/** n × d matrices of either storage; `element` must be exact in Float32 where Float32 is not excluded. */
export function matrices(
  options: { minRows?: number; maxRows?: number; maxCols?: number; element?: fc.Arbitrary<number>; double?: boolean } = {},
): fc.Arbitrary<Matrix> {
  const { minRows = 1, maxRows = 8, maxCols = 9, element = gridNumber, double = false } = options;
  return fc
    .tuple(fc.integer({ min: minRows, max: maxRows }), fc.integer({ min: 1, max: maxCols }), double ? fc.constant(false) : fc.boolean())
    .chain(([rows, cols, single]) =>
      fc
        .array(element, { minLength: rows * cols, maxLength: rows * cols })
        .map((values) => ({ data: single ? Float32Array.from(values) : Float64Array.from(values), rows, cols })),
    );
}

/** A matrix and labels 0 … k − 1 of its rows, each class at least once, in any order. */
export function labelledMatrices(
  options: { maxClasses?: number; minEach?: number; maxRows?: number; maxCols?: number } = {},
): fc.Arbitrary<{ features: Matrix; labels: number[] }> {
  const { maxClasses = 4, minEach = 1, maxRows = 14, maxCols = 6 } = options;
  return fc.integer({ min: 2, max: maxClasses }).chain((k) =>
    matrices({ minRows: k * minEach, maxRows: Math.max(maxRows, k * minEach), maxCols }).chain((features) =>
      fc
        .record({
          rest: fc.array(fc.integer({ min: 0, max: k - 1 }), { minLength: features.rows, maxLength: features.rows }),
          order: fc.array(fc.nat(), { minLength: features.rows, maxLength: features.rows }),
        })
        .map(({ rest, order }) => {
          const labels = rest.map((label, i) => (i < k * minEach ? i % k : label));
          return { features, labels: permutation(order).map((i) => labels[i]) };
        }),
    ),
  );
}

/** The order that sorts `keys`: any permutation of 0 … n − 1 out of n numbers. */
export function permutation(keys: readonly number[]): number[] {
  return keys.map((_, i) => i).sort((a, b) => keys[a] - keys[b] || a - b);
}

/** Permutations of 0 … n − 1. */
export function permutations(n: number): fc.Arbitrary<number[]> {
  return fc.array(fc.nat(), { minLength: n, maxLength: n }).map(permutation);
}

/** Moments of k ≥ 2 classes in d dimensions; each class has a positive variance somewhere. */
export function classMoments(): fc.Arbitrary<ClassMoments> {
  return fc.tuple(fc.integer({ min: 2, max: 5 }), fc.integer({ min: 1, max: 7 })).chain(([k, cols]) => {
    const values = (element: fc.Arbitrary<number>) =>
      fc.array(element, { minLength: k * cols, maxLength: k * cols }).map((list) => Float64Array.from(list));
    return fc.record({
      counts: fc.array(fc.integer({ min: 2, max: 9 }), { minLength: k, maxLength: k }),
      means: values(gridNumber),
      variances: values(fc.integer({ min: 1, max: 400 }).map((value) => value / 64)),
      cols: fc.constant(cols),
    });
  });
}

/** The moments with every feature multiplied by `scale`. */
export function scaleMoments({ counts, means, variances, cols }: ClassMoments, scale: number): ClassMoments {
  return { counts, means: means.map((value) => value * scale), variances: variances.map((value) => value * scale * scale), cols };
}

/** The moments with classes and dimensions in another order. */
export function reorderMoments(moments: ClassMoments, classes: readonly number[], dims: readonly number[]): ClassMoments {
  const { counts, means, variances, cols } = moments;
  const pick = (from: Float64Array) => Float64Array.from(classes.flatMap((c) => dims.map((j) => from[c * cols + j])));
  return { counts: classes.map((c) => counts[c]), means: pick(means), variances: pick(variances), cols };
}
