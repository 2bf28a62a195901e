import type { Matrix } from "../core/matrix.ts";

/** What multiplies rows by a matrix: see `Step`. */
export type MatrixStep =
  | { readonly kind: "transform"; readonly dimensions: number; readonly matrix: Float64Array }
  | { readonly kind: "solve"; readonly lower: Float64Array }
  | { readonly kind: "lowRank"; readonly vectors: Float64Array; readonly gains: Float64Array; readonly rest: number }
  | { readonly kind: "split"; readonly vectors: Float64Array };

/** What a trained head does to rows. Whoever runs these loops adds in the same order, so that the bits are the same. */
export interface RowLoops {
  /** rows · weights, which are k × d: n × k; and the rows' squared norms, each column times its `square` (null: 1): n, or none where that is not given. */
  score(
    rows: Matrix,
    weights: Float64Array,
    k: number,
    square?: Float64Array | null,
  ): { readonly products: Float64Array; readonly squares: Float64Array | null };
  /**
   * Does as many steps from the s-th on at once as it can to rows of d doubles, in place: l2, or a mask with l2 after it, or all three. How many it did; 0, with nothing
   * done, where a row is of no ordinary size. Not there where doing one after the other is as good.
   */
  rescale?(
    steps: readonly { readonly kind: string; readonly weights?: Float64Array | null }[],
    s: number,
    rows: Float64Array,
    d: number,
  ): number;
  /** n × r: what the step makes of n rows of d doubles, which it leaves as they are. */
  multiply(rows: Float64Array, d: number, step: MatrixStep): Float64Array;
}
