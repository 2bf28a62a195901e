import { exp } from "../core/exp.ts";
import { log } from "../core/log.ts";

/** Logits of several parts for n rows and k classes: `values[(i · k + c) · parts + m]`; the true class of each row. */
export interface PartLogits {
  readonly values: Float64Array;
  readonly labels: Int32Array;
  readonly classes: number;
  readonly parts: number;
}

/** Weights of parts, and the mean log loss of the softmax of their weighted sum. */
export interface LogLossWeights {
  readonly weights: Float64Array;
  readonly logLoss: number;
}

/** Beside the mean log loss of n rows: ½ · penalty/n · |weights|², so that there is a minimum where rows can be told apart without fault. */
const penalty = 1e-9;
const mostSteps = 100;
/** A whole step that is to lower the loss by a smaller share of it is the last: Newton's error squares with each. */
const lastStep = 1e-12;

/** Mean log loss at `weights`, and, if given, its gradient and Hessian (lower half). */
function evaluateAt(data: PartLogits, weights: Float64Array, gradient: Float64Array | null, hessian: Float64Array | null): number {
  const { values, labels, classes: k, parts: p } = data;
  const n = labels.length;
  const logits = new Float64Array(k);
  const mean = new Float64Array(p);
  gradient?.fill(0);
  hessian?.fill(0);
  let loss = 0;
  for (let i = 0; i < n; i++) {
    const row = i * k * p;
    let most = Number.NEGATIVE_INFINITY;
    for (let c = 0; c < k; c++) {
      let sum = 0;
      for (let m = 0, at = row + c * p; m < p; m++, at++) sum += weights[m] * values[at];
      logits[c] = sum;
      if (sum > most) most = sum;
    }
    const own = logits[labels[i]] - most;
    let total = 0;
    for (let c = 0; c < k; c++) {
      logits[c] = exp(logits[c] - most);
      total += logits[c];
    }
    loss += log(total) - own;
    if (!gradient || !hessian) continue;
    mean.fill(0);
    for (let c = 0; c < k; c++) {
      const share = logits[c] / total;
      for (let m = 0, at = row + c * p; m < p; m++, at++) {
        const part = share * values[at];
        mean[m] += part;
        for (let l = 0; l <= m; l++) hessian[m * p + l] += part * values[row + c * p + l];
      }
    }
    const truth = row + labels[i] * p;
    for (let m = 0; m < p; m++) {
      gradient[m] += mean[m] - values[truth + m];
      for (let l = 0; l <= m; l++) hessian[m * p + l] -= mean[m] * mean[l];
    }
  }
  if (gradient && hessian) {
    for (let m = 0; m < p; m++) gradient[m] = (gradient[m] + penalty * weights[m]) / n;
    for (let m = 0; m < p; m++) {
      hessian[m * p + m] += penalty;
      for (let l = 0; l <= m; l++) hessian[m * p + l] /= n;
    }
  }
  let squares = 0;
  for (let m = 0; m < p; m++) squares += weights[m] * weights[m];
  return (loss + (penalty / 2) * squares) / n;
}

/** x with H·x = g over the free parts, by Cholesky; parts that the others determine get 0. */
function newtonStep(hessian: Float64Array, gradient: Float64Array, free: readonly number[], p: number): Float64Array {
  const f = free.length;
  const lower = new Float64Array(f * f);
  for (let i = 0; i < f; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = hessian[free[i] * p + free[j]];
      for (let l = 0; l < j; l++) sum -= lower[i * f + l] * lower[j * f + l];
      if (j < i) lower[i * f + j] = lower[j * f + j] > 0 ? sum / lower[j * f + j] : 0;
      else lower[i * f + i] = sum > 1e-14 * hessian[free[i] * p + free[i]] ? Math.sqrt(sum) : 0;
    }
  }
  const x = new Float64Array(f);
  for (let i = 0; i < f; i++) {
    let sum = gradient[free[i]];
    for (let l = 0; l < i; l++) sum -= lower[i * f + l] * x[l];
    x[i] = lower[i * f + i] > 0 ? sum / lower[i * f + i] : 0;
  }
  for (let i = f - 1; i >= 0; i--) {
    let sum = x[i];
    for (let l = i + 1; l < f; l++) sum -= lower[l * f + i] * x[l];
    x[i] = lower[i * f + i] > 0 ? sum / lower[i * f + i] : 0;
  }
  const step = new Float64Array(p);
  free.forEach((m, i) => {
    step[m] = x[i];
  });
  return step;
}

/**
 * Weights ≥ 0 that minimise the mean log loss of the softmax of Σ weight · logits: a convex problem of a few numbers, solved by Newton's method on the
 * weights that are not held at 0 (Bertsekas 1982). O(rows · classes · parts²) a step, some ten steps.
 *
 * @param data - logits of each part, finite; at least one row
 * @param start - where to begin (default 1 each)
 */
export function logLossWeights(data: PartLogits, start?: Float64Array): LogLossWeights {
  const p = data.parts;
  let weights: Float64Array = start ? start.slice() : new Float64Array(p).fill(1);
  // Those of the weights, and of weights tried in their place.
  let [gradient, triedGradient] = [new Float64Array(p), new Float64Array(p)];
  let [hessian, triedHessian] = [new Float64Array(p * p), new Float64Array(p * p)];
  let loss = evaluateAt(data, weights, gradient, hessian);
  for (let step = 0; step < mostSteps; step++) {
    const free: number[] = [];
    let left = 0;
    for (let m = 0; m < p; m++) {
      if (weights[m] === 0 && gradient[m] >= 0) continue;
      free.push(m);
      left = Math.max(left, Math.abs(gradient[m]) * Math.max(1, weights[m]));
    }
    if (left <= 1e-14) break;
    const direction = newtonStep(hessian, gradient, free, p);
    let next = weights;
    let found = Number.POSITIVE_INFINITY;
    let last = false;
    for (let share = 1; share > 1e-12; share /= 2) {
      next = weights.map((value, m) => Math.max(0, value - share * direction[m]));
      let expected = 0;
      for (let m = 0; m < p; m++) expected += gradient[m] * (weights[m] - next[m]);
      // Mostly the whole step is taken: its derivatives come with its loss.
      found = evaluateAt(data, next, triedGradient, triedHessian);
      last = share === 1 && Math.abs(expected) <= lastStep * loss;
      if (last || found <= loss - 1e-4 * expected) break;
    }
    // At the least there is, rounding may call a better point worse.
    if (!(found < loss) && !last) break;
    weights = next;
    loss = found;
    [gradient, triedGradient] = [triedGradient, gradient];
    [hessian, triedHessian] = [triedHessian, hessian];
    if (last) break;
  }
  return { weights, logLoss: loss };
}
