import { exponentOf } from "../core/doubles.ts";
import { exp } from "../core/exp.ts";
import { log, log1p } from "../core/log.ts";
import type { FloatArray } from "../core/matrix.ts";

/** A softmax problem in d dimensions, checked. */
export interface SoftmaxProblem {
  /** n × d. */
  readonly data: FloatArray;
  readonly cols: number;
  /** n class positions, 0 … k − 1. */
  readonly codes: Int32Array;
  readonly k: number;
  /** n sample weights times C. */
  readonly weights: Float64Array;
  readonly fitIntercept: boolean;
}

/** One (W, intercept) and what the objective looks like there. */
export interface SoftmaxPoint {
  /** k × (d + 1): each class's coefficients, then its intercept. */
  readonly theta: Float64Array;
  readonly objective: number;
  /** k × (d + 1). */
  readonly gradient: Float64Array;
  readonly gradientNorm: number;
  /** n × k. */
  readonly probabilities: Float64Array;
  /** Whether the gradient in W is at most 1e-8 of ‖W‖, or rounding of its terms, and that in the intercepts at most 1e-8 of the weights. */
  readonly converged: boolean;
}

/** Where the k intercepts stand among k × (d + 1) values. */
const interceptsOf = (k: number, cols: number): number[] => Array.from({ length: k }, (_, c) => c * (cols + 1) + cols);

/** out (n × k) = X · Vᵀ + v. */
function forward({ data, cols, codes, k, fitIntercept }: SoftmaxProblem, v: Float64Array, out: Float64Array): void {
  const width = cols + 1;
  for (let i = 0; i < codes.length; i++) {
    for (let c = 0; c < k; c++) {
      let sum = fitIntercept ? v[c * width + cols] : 0;
      for (let j = 0, x = i * cols, w = c * width; j < cols; j++, x++, w++) sum += data[x] * v[w];
      out[i * k + c] = sum;
    }
  }
}

/** out (k × (d + 1)) = V + Rᵀ · [X, 1], V without its intercepts. */
function backward({ data, cols, codes, k, fitIntercept }: SoftmaxProblem, v: Float64Array, r: Float64Array, out: Float64Array): void {
  const width = cols + 1;
  out.set(v);
  for (const p of interceptsOf(k, cols)) out[p] = 0;
  for (let i = 0; i < codes.length; i++) {
    for (let c = 0; c < k; c++) {
      const f = r[i * k + c];
      for (let j = 0, x = i * cols, w = c * width; j < cols; j++, x++, w++) out[w] += f * data[x];
      if (fitIntercept) out[c * width + cols] += f;
    }
  }
}

const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, value, p) => sum + value * b[p], 0);

/** Euclidean norm of values from `start` to `end`, also where their squares leave the range of doubles. */
export function norm(values: FloatArray, start: number, end: number): number {
  let largest = 0;
  for (let p = start; p < end; p++) largest = Math.max(largest, Math.abs(values[p]));
  if (largest === 0) return 0;
  // A power of 2 costs no digit.
  const unit = 2 ** Math.min(1023, exponentOf(largest));
  let squares = 0;
  for (let p = start; p < end; p++) squares += (values[p] / unit) ** 2;
  return unit * Math.sqrt(squares);
}

/** Objective, gradient and probabilities at `theta`, by plain loops in d dimensions: O(n · k · d). */
export function softmaxPoint(problem: SoftmaxProblem, theta: Float64Array): SoftmaxPoint {
  const { data, cols, codes, k, weights } = problem;
  const n = codes.length;
  const width = cols + 1;
  const probabilities = new Float64Array(n * k);
  const residuals = new Float64Array(n * k);
  forward(problem, theta, probabilities);
  let objective = 0;
  let terms = 0;
  let total = 0;
  codes.forEach((own, i) => {
    const row = probabilities.subarray(i * k, (i + 1) * k);
    const most = Math.max(...row);
    let loss = most - row[own];
    let others = 0;
    row.forEach((logit, c) => {
      row[c] = exp(logit - most);
      if (c !== own) others += row[c];
    });
    const sum = row[own] + others;
    // log(sum), accurate also where the row's own class holds all but a trifle.
    loss = loss === 0 ? log1p(others) : loss + log(sum);
    objective += weights[i] * loss;
    row.forEach((power, c) => {
      row[c] = power / sum;
      residuals[i * k + c] = weights[i] * row[c];
    });
    residuals[i * k + own] = (-weights[i] * others) / sum;
    terms += weights[i] * norm(data, i * cols, (i + 1) * cols);
    total += weights[i];
  });
  const gradient = new Float64Array(k * width);
  backward(problem, theta, residuals, gradient);
  const [sizes, slopes] = [new Float64Array(k), new Float64Array(2 * k)];
  interceptsOf(k, cols).forEach((end, c) => {
    sizes[c] = norm(theta, c * width, end);
    slopes[c] = norm(gradient, c * width, end);
    slopes[k + c] = gradient[end];
  });
  const size = norm(sizes, 0, k);
  const converged = norm(slopes, 0, k) <= Math.max(1e-8 * size, 1e-15 * terms) && norm(slopes, k, 2 * k) <= 1e-8 * total;
  return { theta, objective: objective + (size * size) / 2, gradient, gradientNorm: norm(slopes, 0, 2 * k), probabilities, converged };
}

/**
 * The minimiser where features are so small that W moves no logit: the intercepts give the classes' shares, and W follows. There, what rounding leaves in
 * the intercepts outweighs all of W, and no descent finds its way.
 */
export function vanishingPoint(problem: SoftmaxProblem): SoftmaxPoint {
  const { cols, codes, k, weights, fitIntercept } = problem;
  const [totals, theta, residuals] = [new Float64Array(k), new Float64Array(k * (cols + 1)), new Float64Array(codes.length * k)];
  codes.forEach((own, i) => {
    totals[own] += weights[i];
  });
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const shares = totals.map((own) => (fitIntercept ? own / total : 1 / k));
  codes.forEach((own, i) => {
    shares.forEach((share, c) => {
      residuals[i * k + c] = weights[i] * (Number(c === own) - share);
    });
  });
  backward({ ...problem, fitIntercept: false }, new Float64Array(theta.length), residuals, theta);
  if (fitIntercept) {
    const logs = shares.map((share) => log(Math.max(share, 1e-300)));
    const mean = logs.reduce((sum, log) => sum + log / k, 0);
    interceptsOf(k, cols).forEach((p, c) => {
      theta[p] = logs[c] - mean;
    });
  }
  return softmaxPoint(problem, theta);
}

/** Most Newton steps, and most conjugate-gradient steps in all, of one refinement. */
const mostSteps = 60;
const mostInner = 6000;

/**
 * Goes on from `start` by Newton's method in d dimensions, its steps by conjugate gradients, until the point has converged or no more can be had:
 * for what the solver in the span of the rows leaves, where their Gram matrix is singular or C · ‖x‖² beyond what dual coefficients can express.
 *
 * @returns the best point found, never worse than `start`, and the steps taken
 */
export function refineSoftmax(problem: SoftmaxProblem, start: SoftmaxPoint): { readonly point: SoftmaxPoint; readonly steps: number } {
  const { k, cols, codes, weights, fitIntercept } = problem;
  const n = codes.length;
  const size = k * (cols + 1);
  const intercepts = interceptsOf(k, cols);
  const [logits, curved] = [new Float64Array(n * k), new Float64Array(n * k)];
  const [curve, move, search, left] = [0, 1, 2, 3].map(() => new Float64Array(size));
  // All intercepts moved alike change nothing: what rounding leaves along that direction, which has no curvature, must not be pursued.
  const level = (v: Float64Array): void => {
    let mean = 0;
    for (const p of intercepts) mean += v[p] / k;
    for (const p of intercepts) v[p] -= mean;
  };
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  // Curvature lent to the intercepts where the probabilities, all 0 or 1, leave them none of their own.
  let damping = 0;
  let point = start;
  let inner = 0;
  let steps = 0;
  for (; steps < mostSteps && !point.converged; steps++) {
    const { probabilities, gradient } = point;
    const product = (): void => {
      forward(problem, search, logits);
      weights.forEach((weight, i) => {
        let mean = 0;
        for (let c = i * k; c < (i + 1) * k; c++) mean += probabilities[c] * logits[c];
        for (let c = i * k; c < (i + 1) * k; c++) curved[c] = weight * probabilities[c] * (logits[c] - mean);
      });
      backward(problem, search, curved, curve);
      for (const p of intercepts) curve[p] += damping * search[p];
    };
    move.fill(0);
    left.set(gradient.map((slope) => -slope));
    level(left);
    search.set(left);
    let rest = dot(left, left);
    const goal = rest * 1e-16;
    for (let step = 0; step < 2 * size && rest > goal && inner < mostInner; step++, inner++) {
      product();
      const curvature = dot(search, curve);
      if (!(curvature > 0)) break;
      const length = rest / curvature;
      search.forEach((value, p) => {
        move[p] += length * value;
        left[p] -= length * curve[p];
      });
      level(left);
      const next = dot(left, left);
      left.forEach((value, p) => {
        search[p] = value + (next / rest) * search[p];
      });
      rest = next;
    }
    const slope = dot(gradient, move);
    let taken = 1;
    let tried = point;
    for (let tries = 0; tries < 40; tries++) {
      tried = softmaxPoint(
        problem,
        point.theta.map((value, p) => value + taken * move[p]),
      );
      // By the slope as well as the objective, which near the optimum is all rounding.
      const now = dot(tried.gradient, move);
      const lower = tried.objective <= point.objective * (1 + 1e-12);
      if (lower && now <= -0.1 * slope) break;
      taken *= lower ? Math.min(0.9, Math.max(0.1, slope / (slope - now))) : 0.3;
    }
    const better = tried.objective < point.objective || tried.gradientNorm < point.gradientNorm;
    if (better && tried.objective <= point.objective * (1 + 1e-12)) {
      point = tried;
      damping = damping < 1e-3 * total ? 0 : damping / 10;
    } else if (damping === 0 && fitIntercept) damping = total / 2;
    else break;
  }
  return { point, steps };
}
