import type { Matrix } from "../src/core/matrix.ts";

/** What plain JavaScript would do: L-BFGS on W itself, k × d numbers, as scikit-learn's lbfgs does in Fortran (10 corrections, |gradient|∞ ≤ 1e-4). */
export interface PlainHead {
  /** k rows of d weights and an intercept. */
  readonly weights: Float64Array;
  /** What W comes to. */
  readonly objective: number;
  readonly iterations: number;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

/** Objective and gradient of C = 1 softmax regression at W. */
function objective({ data, rows, cols }: Matrix, labels: Int32Array, k: number, w: Float64Array, gradient: Float64Array): number {
  const width = cols + 1;
  const p = new Float64Array(k);
  let loss = 0;
  for (let c = 0; c < k; c++) {
    for (let j = 0; j < cols; j++) {
      const value = w[c * width + j];
      gradient[c * width + j] = value;
      loss += (value * value) / 2;
    }
    gradient[c * width + cols] = 0;
  }
  for (let i = 0; i < rows; i++) {
    let most = Number.NEGATIVE_INFINITY;
    for (let c = 0; c < k; c++) {
      let score = w[c * width + cols];
      for (let j = 0, at = c * width, x = i * cols; j < cols; j++) score += w[at + j] * data[x + j];
      p[c] = score;
      if (score > most) most = score;
    }
    loss += most - p[labels[i]];
    let total = 0;
    for (let c = 0; c < k; c++) total += p[c] = Math.exp(p[c] - most);
    loss += Math.log(total);
    for (let c = 0; c < k; c++) {
      const push = p[c] / total - Number(c === labels[i]);
      for (let j = 0, at = c * width, x = i * cols; j < cols; j++) gradient[at + j] += push * data[x + j];
      gradient[c * width + cols] += push;
    }
  }
  return loss;
}

export function fitPlain(features: Matrix, labels: Int32Array, k: number): PlainHead {
  const size = k * (features.cols + 1);
  let w: Float64Array = new Float64Array(size);
  let gradient: Float64Array = new Float64Array(size);
  let value = objective(features, labels, k, w, gradient);
  const history: { s: Float64Array; y: Float64Array; rho: number }[] = [];
  let iterations = 0;
  for (; iterations < 100; iterations++) {
    if (gradient.every((entry) => Math.abs(entry) <= 1e-4)) break;
    const direction = gradient.map((entry) => -entry);
    const alphas: number[] = [];
    for (let h = history.length - 1; h >= 0; h--) {
      const { s, y, rho } = history[h];
      const alpha = rho * dot(s, direction);
      alphas[h] = alpha;
      for (let i = 0; i < size; i++) direction[i] -= alpha * y[i];
    }
    const last = history[history.length - 1];
    if (last) {
      const scale = 1 / (last.rho * dot(last.y, last.y));
      for (let i = 0; i < size; i++) direction[i] *= scale;
    }
    history.forEach(({ s, y, rho }, h) => {
      const beta = alphas[h] - rho * dot(y, direction);
      for (let i = 0; i < size; i++) direction[i] += beta * s[i];
    });
    const slope = dot(gradient, direction);
    let step = iterations === 0 ? Math.min(1, 1 / Math.sqrt(-slope)) : 1;
    const next = new Float64Array(size);
    const nextGradient = new Float64Array(size);
    let nextValue = value;
    for (let tries = 0; tries < 20; tries++, step /= 2) {
      for (let i = 0; i < size; i++) next[i] = w[i] + step * direction[i];
      nextValue = objective(features, labels, k, next, nextGradient);
      if (nextValue <= value + 1e-4 * step * slope) break;
    }
    const s = next.map((entry, i) => entry - w[i]);
    const y = nextGradient.map((entry, i) => entry - gradient[i]);
    const curve = dot(s, y);
    if (curve > 0) history.push({ s, y, rho: 1 / curve });
    if (history.length > 10) history.shift();
    w = next;
    gradient = nextGradient;
    value = nextValue;
  }
  return { weights: w, objective: value, iterations };
}

export function predictPlain({ weights }: PlainHead, k: number, { data, rows, cols }: Matrix): Int32Array {
  const out = new Int32Array(rows);
  const width = cols + 1;
  for (let i = 0; i < rows; i++) {
    let most = Number.NEGATIVE_INFINITY;
    for (let c = 0; c < k; c++) {
      let score = weights[c * width + cols];
      for (let j = 0, at = c * width, x = i * cols; j < cols; j++) score += weights[at + j] * data[x + j];
      if (score > most) {
        most = score;
        out[i] = c;
      }
    }
  }
  return out;
}
