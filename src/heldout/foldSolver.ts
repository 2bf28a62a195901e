import type { Kernels } from "../kernels/kernels.ts";
import { fitMaxIterations, fitWorkspace, paddedClasses } from "../solve/solveSoftmax.ts";
import { type GramProblem, type HeldOutSolver, heldOutTolerance } from "./heldOutSolver.ts";

/** How well a fit is solved where values of C are compared: relative tolerance on the gradient, and Newton steps at most. */
export const [roughTolerance, roughSteps] = [1e-6, 12];

/** Whether such a fit serves: its gradient is at most 1e-6 of the sum of its terms' largest, C · Σ weight. */
export function goodEnough(f64: Float64Array, info: number, terms: number): boolean {
  const at = info >>> 3;
  return f64[at + 1] === 1 || f64[at + 2] <= 1e-6 * terms;
}

/** How well folds are solved: relative tolerance on the gradient, and Newton steps at most. */
interface FoldEffort {
  readonly tolerance: number;
  readonly steps: number;
}

/** As exact as leave-one-out. */
export const exactly: FoldEffort = { tolerance: heldOutTolerance, steps: fitMaxIterations };
const roughly: FoldEffort = { tolerance: roughTolerance, steps: roughSteps };

/** Cross-validation: `groups` are the folds, and each fold's fit starts where its own at the last C ended. */
export function foldSolver(kernels: Kernels, problem: GramProblem, effort: FoldEffort = roughly): HeldOutSolver {
  const { gram, codes, k, weights, fitIntercept, groups, balanced } = problem;
  const { memory } = kernels;
  const n = codes.length;
  const kp = paddedClasses(k);
  const [part, y, w] = [memory.allocate(8 * n * n), memory.allocate(4 * n), memory.allocate(8 * n)];
  const space = fitWorkspace(kernels, n, k);
  const totals = new Float64Array(k);
  for (let i = 0; i < n; i++) totals[codes[i]] += weights[i];
  const folds = groups.map((out) => {
    const isOut = new Set(out);
    const kept = Array.from(codes.keys()).filter((i) => !isOut.has(i));
    const left = new Float64Array(k);
    for (const i of kept) left[codes[i]] += weights[i];
    const own = Float64Array.from(kept, (i) => weights[i] * (balanced ? totals[codes[i]] / left[codes[i]] : 1));
    const total = own.reduce((sum, weight) => sum + weight, 0);
    return { out, kept, own, total, dual: new Float64Array(kept.length * kp), intercept: new Float64Array(kp) };
  });
  let warm = 0;

  return function* (C, logits) {
    let converged = true;
    for (const { out, kept, own, total, dual, intercept } of folds) {
      const { f64, i32 } = memory;
      const count = kept.length;
      const [a, b, g] = [space.dual >>> 3, space.intercept >>> 3, gram >>> 3];
      for (let p = 0, to = part >>> 3; p < count; p++) {
        const from = g + kept[p] * n;
        for (let q = 0; q < count; q++, to++) f64[to] = f64[from + kept[q]];
        i32[(y >>> 2) + p] = codes[kept[p]];
      }
      f64.set(own, w >>> 3);
      f64.set(dual, a);
      f64.set(intercept, b);
      kernels.fit(
        ...([count, k, kp, part, y, w, C, Number(fitIntercept), warm, effort.tolerance, effort.steps] as const),
        ...([space.dual, space.intercept, space.work, space.info] as const),
      );
      converged = goodEnough(f64, space.info, C * total) && converged;
      dual.set(f64.subarray(a, a + count * kp));
      intercept.set(f64.subarray(b, b + kp));
      for (const i of out) {
        for (let c = 0; c < k; c++) {
          let sum = intercept[c];
          for (let p = 0; p < count; p++) sum += f64[g + i * n + kept[p]] * dual[p * kp + c];
          logits[i * k + c] = sum;
        }
      }
      yield true;
    }
    warm = 1;
    return converged;
  };
}
