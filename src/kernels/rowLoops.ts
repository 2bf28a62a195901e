import type { Matrix } from "../core/matrix.ts";
import type { LinearMap } from "./linearMap.ts";

/** What a trained head does to rows. Whoever runs these loops adds in the same order, so that the bits are the same. */
export interface RowLoops {
  /** rows · weights, which are k × d: n × k; and the rows' squared norms, each column times its `square` where given: n. */
  score(
    rows: Matrix,
    weights: Float64Array,
    k: number,
    square?: Float64Array | null,
  ): { readonly products: Float64Array; readonly squares: Float64Array };
  /** n × r: n rows of d doubles, multiplied by the map. */
  multiply(rows: Float64Array, map: LinearMap): Float64Array;
  /** n × (r + d): the coordinates of n rows of d doubles along r vectors, then what those leave of the row. */
  split(rows: Float64Array, vectors: Float64Array, d: number): Float64Array;
}
