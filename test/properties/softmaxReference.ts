import type { Matrix } from "../../src/core/matrix.ts";
import { rowsOf } from "./arbitraries.ts";

/** A softmax problem as METHOD.md states it, and labels as 0 … k − 1. */
export interface SoftmaxProblem {
  readonly features: Matrix;
  readonly labels: readonly number[];
  readonly k: number;
  readonly C: number;
  readonly sampleWeight?: readonly number[];
  readonly fitIntercept: boolean;
}

/** Everything at (W, b), by plain loops in d dimensions: k × (d + 1) parameters, class by class, the intercept last of each. */
export interface SoftmaxPoint {
  readonly objective: number;
  readonly gradient: number[];
  /** (W, b) places whose gradient counts: all, or all but the intercepts. */
  readonly hessian: number[][];
}

/** Puts coef (k × d) and intercept (k) together, as the reference has them. */
export function parameters(coef: ArrayLike<number>, intercept: ArrayLike<number>): number[] {
  const k = intercept.length;
  const d = coef.length / k;
  return Array.from({ length: k * (d + 1) }, (_, p) => {
    const [c, j] = [Math.floor(p / (d + 1)), p % (d + 1)];
    return j === d ? intercept[c] : coef[c * d + j];
  });
}

/** Objective C · Σ w · logloss + ½‖W‖², its gradient and, where asked, its Hessian at `theta`. */
export function softmaxAt(problem: SoftmaxProblem, theta: readonly number[], withHessian = false): SoftmaxPoint {
  const { features, labels, k, C, sampleWeight, fitIntercept } = problem;
  const width = features.cols + 1;
  const penalised = (p: number) => p % width !== features.cols;
  let objective = 0;
  const gradient = theta.map((value, p) => (penalised(p) ? value : 0));
  for (let p = 0; p < theta.length; p++) if (penalised(p)) objective += theta[p] ** 2 / 2;
  const hessian = withHessian ? theta.map((_, p) => theta.map((_, q) => Number(p === q && penalised(p)))) : [];
  rowsOf(features).forEach((row, i) => {
    const x = [...row, Number(fitIntercept)];
    const logits = Array.from({ length: k }, (_, c) => x.reduce((sum, value, j) => sum + value * theta[c * width + j], 0));
    const most = Math.max(...logits);
    const exponentials = logits.map((z) => Math.exp(z - most));
    const total = exponentials.reduce((sum, value) => sum + value, 0);
    const weight = C * (sampleWeight?.[i] ?? 1);
    objective += weight * (Math.log(total) + most - logits[labels[i]]);
    for (let c = 0; c < k; c++) {
      const pc = exponentials[c] / total;
      for (let j = 0; j < width; j++) gradient[c * width + j] += weight * (pc - Number(labels[i] === c)) * x[j];
      if (!withHessian) continue;
      for (let e = 0; e < k; e++) {
        const curve = weight * pc * (Number(c === e) - exponentials[e] / total);
        for (let j = 0; j < width; j++) for (let l = 0; l < width; l++) hessian[c * width + j][e * width + l] += curve * x[j] * x[l];
      }
    }
  });
  return { objective, gradient, hessian };
}

/** Solves A·x = b for symmetric positive definite A by Gaussian elimination with pivoting. */
function solve(a: number[][], b: number[]): number[] {
  const n = b.length;
  const rows = a.map((row, i) => [...row, b[i]]);
  for (let p = 0; p < n; p++) {
    let pivot = p;
    for (let i = p + 1; i < n; i++) if (Math.abs(rows[i][p]) > Math.abs(rows[pivot][p])) pivot = i;
    [rows[p], rows[pivot]] = [rows[pivot], rows[p]];
    for (let i = p + 1; i < n; i++) {
      const f = rows[i][p] / rows[p][p];
      for (let j = p; j <= n; j++) rows[i][j] -= f * rows[p][j];
    }
  }
  const x = new Array<number>(n).fill(0);
  for (let i = n - 1; i >= 0; i--) {
    let sum = rows[i][n];
    for (let j = i + 1; j < n; j++) sum -= rows[i][j] * x[j];
    x[i] = sum / rows[i][i];
  }
  return x;
}

/** The full Newton step at `theta`. */
export function newtonStep(problem: SoftmaxProblem, theta: readonly number[]): number[] {
  const { features, k, fitIntercept } = problem;
  const width = features.cols + 1;
  const { gradient, hessian } = softmaxAt(problem, theta, true);
  for (let c = 0; c < k; c++) {
    const p = c * width + features.cols;
    // The objective does not change along the all-ones direction of the intercepts: curvature there leaves the minimiser as it is.
    for (let e = 0; e < k; e++) hessian[p][e * width + features.cols] += fitIntercept ? 1 : Number(c === e);
  }
  return solve(
    hessian,
    gradient.map((value) => -value),
  );
}

/**
 * The minimiser by damped Newton steps with the dense Hessian, in d dimensions: shares nothing with the library's solver in the span of the rows.
 * The intercepts, free up to a common shift, are held to sum 0.
 */
export function solveReference(problem: SoftmaxProblem): number[] {
  let theta = new Array<number>(problem.k * (problem.features.cols + 1)).fill(0);
  for (let step = 0; step < 200; step++) {
    const { objective, gradient } = softmaxAt(problem, theta);
    const direction = newtonStep(problem, theta);
    const slope = gradient.reduce((sum, value, p) => sum + value * direction[p], 0);
    let taken = 1;
    const moved = () => theta.map((value, p) => value + taken * direction[p]);
    while (taken > 1e-9 && !(softmaxAt(problem, moved()).objective <= objective + 1e-4 * taken * slope)) taken /= 2;
    if (taken <= 1e-9) break;
    theta = moved();
    if (-slope < 1e-26 * (1 + objective)) break;
  }
  // The line search looks at objectives, whose digits end before the minimiser's do: full steps go on while the gradient shrinks.
  for (let step = 0; step < 20; step++) {
    const { gradient } = softmaxAt(problem, theta);
    const direction = newtonStep(problem, theta);
    const next = theta.map((value, p) => value + direction[p]);
    if (!(Math.hypot(...softmaxAt(problem, next).gradient) < Math.hypot(...gradient))) break;
    theta = next;
  }
  return theta;
}
