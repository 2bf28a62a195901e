import type { Kernels } from "../kernels/kernels.ts";
import { eigenSymmetric } from "./eigenSymmetric.ts";

/** Inner products, in a whitened space of `cols` dimensions, of m rows and then k centred class means: p × p, p = m + k, the lower half at `address`. */
export interface WhitenedProducts {
  readonly address: number;
  readonly m: number;
  readonly k: number;
  readonly cols: number;
}

/** Coordinates (m × r) of the rows along the between-class directions of that space, and the squares of the directions' singular values, largest first. */
export function betweenCoordinates(
  kernels: Kernels,
  { address: products, m, k, cols }: WhitenedProducts,
  caller: string,
): { coordinates: Float64Array; squares: Float64Array } {
  const { memory } = kernels;
  const p = m + k;
  const mark = memory.mark();
  const means = memory.allocate(8 * k * k);
  const known = memory.f64;
  for (let a = 0; a < k; a++)
    for (let b = 0; b < k; b++) known[(means >>> 3) + a * k + b] = known[(products >>> 3) + (m + Math.max(a, b)) * p + m + Math.min(a, b)];
  const { values, order: largest } = eigenSymmetric(kernels, k, means, caller);
  // Class means may lie in fewer dimensions than k − 1.
  let r = 0;
  while (r < Math.min(k - 1, cols) && values[largest[r]] > 1e-12 * values[largest[0]]) r++;
  const coordinates = new Float64Array(m * r);
  const squares = new Float64Array(r);
  const { f64 } = memory;
  for (let q = 0; q < r; q++) {
    squares[q] = values[largest[q]];
    const root = 1 / Math.sqrt(squares[q]);
    const vector = (means >>> 3) + largest[q] * k;
    for (let c = 0; c < k; c++) {
      const weight = f64[vector + c] * root;
      const from = (products >>> 3) + (m + c) * p;
      for (let e = 0; e < m; e++) coordinates[e * r + q] += weight * f64[from + e];
    }
  }
  memory.release(mark);
  return { coordinates, squares };
}
