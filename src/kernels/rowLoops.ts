import type { Matrix } from "../core/matrix.ts";
import type { LinearMap } from "./linearMap.ts";

/** What a trained head does to rows. Whoever runs these loops adds in the same order, so that the bits are the same. */
export interface RowLoops {
  /** n × k: rows · weights, which are k × d. */
  products(rows: Matrix, weights: Float64Array, k: number): Float64Array;
  /** n: the squared norms of the rows. */
  squares(rows: Matrix): Float64Array;
  /** n × r: n rows of d doubles, multiplied by the map. */
  multiply(rows: Float64Array, map: LinearMap): Float64Array;
}
