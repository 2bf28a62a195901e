import { choleskyOf } from "../kernels/choleskyOf.ts";
import type { Kernels } from "../kernels/kernels.ts";
import type { PrimalKernels, PrimalRecord } from "../kernels/primalRecord.ts";

const chunk = 256;

/** What `SoftmaxSolver.leverages` says, in d dimensions: O(n · d²). */
export function primalLeverages(
  kernels: Kernels,
  primal: PrimalKernels,
  problem: { readonly record: PrimalRecord; readonly cols: number; readonly fitIntercept: boolean; readonly q: Float64Array },
): Float64Array {
  const { record, cols: d, fitIntercept, q } = problem;
  const { memory } = kernels;
  const { count: n, stride } = record;
  const mark = memory.mark();
  const doubles = (count: number): number => memory.allocate(8 * count);
  const [lower, taken, turned, factors, mean, info] = [d * d, chunk * stride, chunk * d, n, stride, 1].map(doubles);
  const { f64 } = memory;
  const [f, m] = [factors >>> 3, mean >>> 3];
  /** Runs over the rows, less `about` and times the factors, by chunks. */
  const overRows = (about: number, each: (from: number, rows: number) => void): void => {
    for (let from = 0; from < n; from += chunk) {
      const rows = Math.min(chunk, n - from);
      primal.rows({ ...record, mean: about }, { from, count: rows, factor: factors, out: taken });
      each(from, rows);
    }
  };
  const total = q.reduce((sum, value) => sum + value, 0);
  f64.fill(0, m, m + stride);
  if (fitIntercept) {
    for (let i = 0; i < n; i++) f64[f + i] = q[i] / total;
    overRows(0, (_, rows) => {
      for (let i = 0, x = taken >>> 3; i < rows; i++) for (let j = 0; j < stride; j++, x++) f64[m + j] += f64[x];
    });
  }
  f64.fill(0, lower >>> 3, (lower >>> 3) + d * d);
  for (let j = 0; j < d; j++) f64[(lower >>> 3) + j * d + j] = 1;
  for (let i = 0; i < n; i++) f64[f + i] = Math.sqrt(q[i]);
  overRows(mean, (_, rows) => kernels.multiply(d, d, rows, taken, 1, stride, taken, stride, 1, lower, d, 1, 1));
  choleskyOf(kernels)(d, lower, d, info);
  const found = new Float64Array(n).fill(fitIntercept ? 1 / total : 0);
  f64.fill(1, f, f + n);
  overRows(mean, (from, rows) => {
    const t = turned >>> 3;
    for (let j = 0; j < d; j++) for (let i = 0; i < rows; i++) f64[t + j * rows + i] = f64[(taken >>> 3) + i * stride + j];
    kernels.solveLower(d, lower, d, rows, turned, rows, 0);
    for (let j = 0; j < d; j++) for (let i = 0; i < rows; i++) found[from + i] += f64[t + j * rows + i] ** 2;
  });
  memory.release(mark);
  return found;
}
