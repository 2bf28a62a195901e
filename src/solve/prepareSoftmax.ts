import { valueError } from "../core/errors.ts";
import { checkFinite, type Matrix } from "../core/matrix.ts";
import type { Kernels } from "../kernels/kernels.ts";
import { loadRows } from "../kernels/loadRows.ts";
import { checkRoom, gramBytes, primalBytes } from "./checkRoom.ts";
import { dualSolver } from "./dualSolver.ts";
import { primalSolver } from "./primalSolver.ts";
import type { SoftmaxSolver } from "./softmaxSolution.ts";

/** A problem to prepare: features of checked shape and labels by position. */
export interface SoftmaxSetting {
  /** n × d; whether every value is finite is checked here, at no cost. */
  readonly features: Matrix;
  /** n: class positions, 0 … k − 1. */
  readonly codes: Int32Array;
  readonly k: number;
  readonly fitIntercept: boolean;
  /** Which form to take, for tests; by default the one that costs less. */
  readonly form?: "dual" | "primal";
}

/** The largest row norm whose square, and sums of such squares, a double can hold. */
export const largestNorm = 1e150;

/**
 * Which form costs less, by operations over their measured speed: the Gram matrix, its factors and some 25 products with it, or some 45 products with the
 * rows (in single precision mostly), which start at more. Never the Gram matrix where it would take half of the kernels' memory.
 */
export function cheaperForm(n: number, d: number, k: number): "dual" | "primal" {
  // The rows as doubles, their Gram matrix, a part of it and two more for the work, where kernels address 4 GB with the features.
  if (8 * (4 * n * n + n * d) > 2 ** 31) return "primal";
  const dual = (n * n * d) / 15 + (n * n * n) / 12 + 5 * n * n * k;
  const primal = 6 * n * d * k + (n * d * k) / 2 + 1e5;
  return dual <= primal ? "dual" : "primal";
}

/**
 * The door to the softmax solver: puts features into kernel memory once, and solves there at any C and any weights. With weights of 0 for the rows of a fold
 * it needs no copy of the others; `warm` takes the answer at the last C or the last fold. What it allocated is the caller's to release (`withKernels`).
 *
 * const solver = prepareSoftmax(kernels, { features, codes, k, fitIntercept: true }, "choosePenalty");
 * let warm: SoftmaxSolution | null = null;
 * for (const C of path) warm = solver.solve({ C, weights, warm, tolerance: 1e-6 });
 * const moves = solver.leverages(q); // for approximate leave-one-out
 *
 * @throws RangeError in the name of `caller` when a value is not finite or a row's norm is beyond 1e150
 */
export function prepareSoftmax(kernels: Kernels, setting: SoftmaxSetting, caller: string): SoftmaxSolver {
  const { features, codes, k, fitIntercept, form = cheaperForm(features.rows, features.cols, k) } = setting;
  const size = features.data.BYTES_PER_ELEMENT;
  // Where the rows themselves do not fit, loading them says so.
  if (features.rows * features.cols * size < 2 ** 32) {
    const bytes = (n: number): number => (form === "dual" ? gramBytes(n, features, k) : primalBytes(n, features, k, size));
    checkRoom(kernels, features, bytes, caller, size === 8 ? "a Float32Array, which takes half as much" : null);
  }
  const problem = { rows: loadRows(kernels.memory, features), codes, k, fitIntercept };
  const solver = form === "dual" ? dualSolver(kernels, problem) : primalSolver(kernels, problem);
  solver.norms.forEach((norm, i) => {
    if (norm <= largestNorm) return;
    // A row that holds no number has no norm either: so finite features are not read again.
    checkFinite(features, caller, "features");
    throw valueError(caller, `features row ${i}`, `has norm ${norm}`, `at most ${largestNorm}, as after l2Normalize`);
  });
  return solver;
}
