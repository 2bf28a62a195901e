import type { Kernels } from "../kernels/kernels.ts";
import { primalSolver } from "../solve/primalSolver.ts";
import type { SoftmaxSolution, SolveRequest } from "../solve/softmaxSolution.ts";

/** Training rows of an episode in kernel memory: n of `width` doubles, the first `cols` of them in use. */
export interface TrainingRows {
  readonly z: number;
  readonly width: number;
  readonly cols: number;
  readonly n: number;
  readonly labels: Int32Array;
  readonly k: number;
}

/** Divides rows by their norms, in their place; a row of zeros stays. */
export function unitRows(kernels: Kernels, { z, width, n }: Pick<TrainingRows, "z" | "width" | "n">): void {
  const { memory } = kernels;
  const mark = memory.mark();
  const norms = memory.allocate(8 * n);
  kernels.squares(0, z, width, 0, n, 0, norms);
  const { f64 } = memory;
  for (let i = 0, at = z >>> 3; i < n; i++) {
    const squared = f64[(norms >>> 3) + i];
    const factor = squared > 0 ? 1 / Math.sqrt(squared) : 0;
    for (const end = at + width; at < end; at++) f64[at] *= factor;
  }
  memory.release(mark);
}

/** The softmax probe of many rows: see `primalSolver`. What it needs of memory is given back. */
export function fitManyRows(
  kernels: Kernels,
  { z, width, cols, n, labels, k }: TrainingRows,
  request: { readonly C: number; readonly weights?: Float64Array; readonly warm?: SolveRequest["warm"]; readonly dual?: boolean },
): SoftmaxSolution {
  const mark = kernels.memory.mark();
  const rows = { address: z, single: 0, stride: width, rows: n, cols };
  const solution = primalSolver(kernels, { rows, codes: labels, k, fitIntercept: true }).solve(request);
  kernels.memory.release(mark);
  return solution;
}
