import type { Kernels } from "../kernels/kernels.ts";

/** Classes padded to an even number: the width of a row of dual coefficients. */
export function paddedClasses(k: number): number {
  return k + (k & 1);
}

/** Addresses of what one fit reads and writes; sizes in `fitWorkspace`. */
export interface FitWorkspace {
  readonly dual: number;
  readonly intercept: number;
  readonly work: number;
  readonly info: number;
}

/** Reserves room for fits of up to n rows and k classes. */
export function fitWorkspace(kernels: Kernels, n: number, k: number): FitWorkspace {
  const { memory } = kernels;
  const kp = paddedClasses(k);
  return {
    dual: memory.allocate(8 * n * kp),
    intercept: memory.allocate(8 * kp),
    work: memory.allocate(8 * (2 * n * n + 4 * n + 12 * n * kp + 3 * kp + 8)),
    info: memory.allocate(8 * 7),
  };
}

/** Relative tolerance on the gradient: since the objective is 1-strongly convex in W, |ΔW| ≤ |gradient|, far below 1e-9 of |W|. */
export const fitTolerance = 3e-10;
/**
 * Relative tolerance of a first, cheaper fit: the kernel then tells how far from the optimum its answer may be, and only predictions nearer to a
 * change than that want the exact one. Any value gives the same predictions; this one little work: the more queries and classes, the nearer the
 * closest call.
 */
export function looseTolerance(queries: number, ways: number): number {
  return Math.min(1e-4, 0.03 / (queries * ways));
}

/** By how much two scores of a query of norm 1 may be wrong against each other after a loose fit, whose `info` is at index `info`. */
export function looseError(f64: Float64Array, info: number): number {
  return Math.SQRT2 * (f64[info + 5] + f64[info + 6]);
}

export const fitMaxIterations = 200;
