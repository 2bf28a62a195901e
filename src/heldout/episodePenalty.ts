import type { Matrix } from "../core/matrix.ts";
import { doWork } from "../core/work.ts";
import { type KernelChoice, withKernels } from "../kernels/createKernels.ts";
import type { Kernels } from "../kernels/kernels.ts";
import { loadRows } from "../kernels/loadRows.ts";
import { choosing } from "./choosePenalty.ts";
import type { GramProblem } from "./heldOutSolver.ts";

/** C · scale at one row a class, where nothing can be held out: docs/science.md, "C at one shot", has the figures. Scale is the rows' mean squared distance from their mean. */
export const oneShotPenalty = 100;

/** Whether every class is in two groups or more, by rows of weight above 0: then rows can be held out. */
export function canHoldOut({ codes, k, weights, groups }: Pick<GramProblem, "codes" | "k" | "weights" | "groups">): boolean {
  const seen = new Int32Array(k);
  for (const rows of groups) for (const c of new Set(rows.filter((i) => weights[i] > 0).map((i) => codes[i]))) seen[c]++;
  return seen.every((count) => count >= 2);
}

/** C of an episode, from its training rows' Gram matrix in kernel memory: what `C: "auto"` means. Kernel memory is as before. */
export function episodePenalty(kernels: Kernels, problem: GramProblem): number {
  const { gram, codes } = problem;
  const { memory } = kernels;
  const n = codes.length;
  let [diagonal, sum] = [0, 0];
  for (let i = 0, at = gram >>> 3; i < n; i++, at += n) {
    diagonal += memory.f64[at + i];
    for (let j = 0; j < n; j++) sum += memory.f64[at + j];
  }
  const scale = Math.max(0, diagonal / n - sum / (n * n));
  if (!canHoldOut(problem)) return oneShotPenalty / (scale > 0 ? scale : 1);
  const mark = memory.mark();
  const names = { classes: [], solver: null, features: { data: new Float64Array(0), rows: 0, cols: 0 } };
  const { C } = doWork(choosing(kernels, { ...problem, ...names, scale }, {}));
  memory.release(mark);
  return C;
}

/** The same for training rows that are no Gram matrix yet. */
export function rowsPenalty(rows: Matrix, problem: Omit<GramProblem, "gram" | "fitIntercept" | "balanced">, choice?: KernelChoice): number {
  return withKernels(choice, (kernels) => {
    const { memory } = kernels;
    const { address, single, stride } = loadRows(memory, rows);
    const [z, gram] = [memory.allocate(8 * rows.rows * stride), memory.allocate(8 * rows.rows * rows.rows)];
    kernels.gather(single, address, stride, 0, rows.rows, rows.cols, 0, 0, z, stride);
    kernels.gram(z, stride, rows.rows, stride, gram, 0);
    return episodePenalty(kernels, { ...problem, gram, fitIntercept: true, balanced: false });
  });
}
