import type { SoftmaxSolution, SoftmaxSolver } from "../solve/softmaxSolution.ts";
import type { HeldOutSolver } from "./heldOutSolver.ts";
import type { HeldOut } from "./prepareHeldOut.ts";

/** How large a fold's gradient may be, as a share of ‖W‖: far below what its rows' noise leaves of the log loss. */
const tolerance = 1e-5;

/**
 * Cross-validation in d dimensions, for rows too many for their Gram matrix: a fold is rows of weight 0, and starts from its own answer at the last C, or from
 * that of the first fold, which is why those who do other folds alone solve it once.
 *
 * @param isOwn - whether a fold is to be told here
 */
export function rowFoldSolver(
  solver: SoftmaxSolver,
  problem: Pick<HeldOut, "codes" | "k" | "weights" | "balanced" | "features">,
  folds: readonly (readonly number[])[],
  isOwn: (fold: number) => boolean = () => true,
): HeldOutSolver {
  const { codes, k, weights, balanced, features } = problem;
  const { data, cols } = features;
  const totals = new Float64Array(k);
  codes.forEach((code, i) => {
    totals[code] += weights[i];
  });
  const last: (SoftmaxSolution | undefined)[] = [];

  return function* (C, logits) {
    let converged = true;
    for (let f = 0; f < folds.length; f++) {
      if (!isOwn(f) && (f > 0 || last[0])) continue;
      const own = weights.slice();
      for (const i of folds[f]) own[i] = 0;
      if (balanced) {
        const left = new Float64Array(k);
        own.forEach((weight, i) => {
          left[codes[i]] += weight;
        });
        for (let i = 0; i < own.length; i++) own[i] *= totals[codes[i]] / left[codes[i]];
      }
      const solving = solver.solving({ C, weights: own, warm: last[f] ?? last[0] ?? null, tolerance });
      let step = solving.next();
      for (; !step.done; step = solving.next()) yield false;
      const solution = step.value;
      last[f] = solution;
      if (!isOwn(f)) continue;
      const { coef, intercept, gradientNorm } = solution;
      const terms = C * own.reduce((sum, weight) => sum + weight, 0);
      converged = (solution.converged || gradientNorm <= 1e-5 * terms) && converged;
      for (const i of folds[f]) {
        for (let c = 0; c < k; c++) {
          let sum = intercept[c];
          for (let j = 0, x = i * cols, w = c * cols; j < cols; j++) sum += coef[w + j] * data[x + j];
          logits[i * k + c] = sum;
        }
      }
      yield true;
    }
    return converged;
  };
}
