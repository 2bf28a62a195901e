import { eigenOf } from "../kernels/eigenOf.ts";
import { eigenWork, type Kernels } from "../kernels/kernels.ts";

/**
 * The eigendecomposition of the n × n symmetric matrix at `matrix` (lower half read), which becomes its eigenvectors as rows.
 *
 * @returns values, and `order`: positions of the values from largest to smallest
 */
export function eigenSymmetric(kernels: Kernels, n: number, matrix: number, caller: string): { values: Float64Array; order: Int32Array } {
  const { memory } = kernels;
  const mark = memory.mark();
  const out = memory.allocate(8 * n);
  const info = memory.allocate(8);
  const work = memory.allocate(8 * eigenWork(n));
  eigenOf(kernels)(n, matrix, out, work, info);
  const values = memory.f64.slice(out >>> 3, (out >>> 3) + n);
  const failed = memory.f64[info >>> 3] !== 0;
  memory.release(mark);
  if (failed) throw new Error(`${caller}: an eigenvalue did not converge; please report this with the features`);
  const order = Int32Array.from({ length: n }, (_, i) => i).sort((a, b) => values[b] - values[a] || a - b);
  return { values, order };
}
