import type { Kernels } from "../kernels/kernels.ts";
import { fitMaxIterations, fitWorkspace, paddedClasses } from "../solve/solveSoftmax.ts";

/** A softmax problem in the span of its rows. */
export interface GramProblem {
  /** Address of the n × n Gram matrix. */
  readonly gram: number;
  /** n: class of each row, 0 … k − 1. */
  readonly codes: Int32Array;
  /** Number of classes. */
  readonly k: number;
  /** n weights ≥ 0. */
  readonly weights: Float64Array;
  readonly fitIntercept: boolean;
  /** Rows that are left out together: every row in exactly one list. */
  readonly groups: readonly (readonly number[])[];
  /** Whether the rest of a class takes over the weight of its rows left out. */
  readonly balanced: boolean;
}

/** True where a step is done, false within one, where others may run; or what is to be waited for, where others do it. */
export type HeldOutStep = boolean | Promise<void>;

/** Solves at one C, step by step: each row's logits (n × k) from the fit that did not see its group. Returns whether all fits converged. */
export type HeldOutSolver = (C: number, logits: Float64Array) => Generator<HeldOutStep, boolean, void>;

/** How often a fit that has not converged is continued, from logits computed anew: with repeated rows of large norm most then do. */
const mostRounds = 8;

/** Relative tolerance on the gradient, below that of `fitSoftmax`: near the answer two more digits cost next to nothing. */
export const heldOutTolerance = 1e-12;

/**
 * Reserves room for leave-one-out. The Gram matrix without some rows is a part of that of all rows, so d counts once, not n times; each fit without a
 * group starts where the fit on all rows ended, and that one where the last C's ended.
 */
export function heldOutSolver(kernels: Kernels, problem: GramProblem): HeldOutSolver {
  const { gram, codes, k, weights, fitIntercept, groups, balanced } = problem;
  const { memory } = kernels;
  const n = codes.length;
  const kp = paddedClasses(k);
  const [part, y, w] = [memory.allocate(8 * n * n), memory.allocate(4 * n), memory.allocate(8 * n)];
  const space = fitWorkspace(kernels, n, k);
  const dual = new Float64Array(n * kp);
  const intercept = new Float64Array(kp);
  const totals = new Float64Array(k);
  for (let i = 0; i < n; i++) totals[codes[i]] += weights[i];
  const left = new Float64Array(k);
  const kept = new Int32Array(n);
  const isLeftOut = new Uint8Array(n);
  const moved = new Float64Array(k);
  let warm = 0;

  /** Fits the first `count` of `kept`, from the start in `space`. */
  const solve = (C: number, count: number): boolean => {
    const { f64, i32 } = memory;
    left.fill(0);
    for (let p = 0; p < count; p++) left[codes[kept[p]]] += weights[kept[p]];
    for (let p = 0; p < count; p++) {
      const from = (gram >>> 3) + kept[p] * n;
      const to = (part >>> 3) + p * count;
      for (let q = 0; q < count; q++) f64[to + q] = f64[from + kept[q]];
      const code = codes[kept[p]];
      i32[(y >>> 2) + p] = code;
      f64[(w >>> 3) + p] = weights[kept[p]] * (balanced ? totals[code] / left[code] : 1);
    }
    for (let round = 0; ; round++) {
      kernels.fit(
        ...([count, k, kp, part, y, w, C, Number(fitIntercept), Math.max(warm, round), heldOutTolerance, fitMaxIterations] as const),
        ...([space.dual, space.intercept, space.work, space.info] as const),
      );
      if (memory.f64[(space.info >>> 3) + 1] === 1) return true;
      if (round === mostRounds) return false;
    }
  };

  /** Lists the rows but for `rows`; their dual coefficients go to the others in equal shares, so that columns still sum to 0. */
  const leaveOut = (rows: readonly number[]): number => {
    const { f64 } = memory;
    isLeftOut.fill(0);
    moved.fill(0);
    for (const i of rows) {
      isLeftOut[i] = 1;
      for (let c = 0; c < k; c++) moved[c] += dual[i * kp + c] / (n - rows.length);
    }
    let count = 0;
    for (let j = 0; j < n; j++) {
      if (isLeftOut[j]) continue;
      const to = (space.dual >>> 3) + count * kp;
      for (let c = 0; c < k; c++) f64[to + c] = dual[j * kp + c] + (fitIntercept ? moved[c] : 0);
      for (let c = k; c < kp; c++) f64[to + c] = 0;
      kept[count++] = j;
    }
    return count;
  };

  return function* (C, logits) {
    const { f64 } = memory;
    const [a, b, g] = [space.dual >>> 3, space.intercept >>> 3, gram >>> 3];
    f64.set(dual, a);
    f64.set(intercept, b);
    kept.forEach((_, i) => {
      kept[i] = i;
    });
    let converged = solve(C, n);
    warm = 1;
    dual.set(f64.subarray(a, a + n * kp));
    intercept.set(f64.subarray(b, b + kp));
    yield true;
    for (const rows of groups) {
      const count = leaveOut(rows);
      f64.set(intercept, b);
      converged = solve(C, count) && converged;
      for (const i of rows) {
        for (let c = 0; c < k; c++) {
          let sum = f64[b + c];
          for (let p = 0; p < count; p++) sum += f64[g + i * n + kept[p]] * f64[a + p * kp + c];
          logits[i * k + c] = sum;
        }
      }
      yield true;
    }
    return converged;
  };
}
