import { exp } from "../core/exp.ts";
import { log, log1p } from "../core/log.ts";
import { doWork } from "../core/work.ts";
import { choleskyOf } from "../kernels/choleskyOf.ts";
import type { Kernels } from "../kernels/kernels.ts";
import { exactPoint } from "./exactPoint.ts";
import type { LoadedProblem, SoftmaxSolver, SolveRequest } from "./softmaxSolution.ts";
import { fitMaxIterations, fitTolerance, fitWorkspace, paddedClasses } from "./solveSoftmax.ts";

/**
 * The softmax probe in the span of its rows, for few rows of any width: W = Aᵀ·X, so that d counts once, in the Gram matrix. O(n² · d) for it and O(n² · k) a
 * conjugate gradient step.
 */
export function dualSolver(kernels: Kernels, problem: LoadedProblem): SoftmaxSolver {
  const { rows, codes, k, fitIntercept } = problem;
  const { memory } = kernels;
  const { stride, cols } = rows;
  const n = rows.rows;
  const kp = paddedClasses(k);
  // Double rows are as they should be; single ones are widened.
  const z = rows.single ? memory.allocate(8 * n * stride) : rows.address;
  const [gram, part, y, w] = [n * n, n * n, n, n].map((count) => memory.allocate(8 * count));
  const [combined, out, logits] = [n * k, k * stride, n * kp].map((count) => memory.allocate(8 * count));
  const space = fitWorkspace(kernels, n, k);
  if (rows.single) kernels.gather(rows.single, rows.address, stride, 0, n, cols, 0, 0, z, stride);
  kernels.gram(z, stride, n, stride, gram, 0);
  const norms = new Float64Array(n);
  for (let i = 0; i < n; i++) norms[i] = Math.sqrt(memory.f64[(gram >>> 3) + i * n + i]);
  const kept = new Int32Array(n);

  /** Lists the rows that count and takes their part of the Gram matrix; returns how many they are and where that is. */
  const enter = (weights: Float64Array | undefined): [number, number] => {
    const { f64, i32 } = memory;
    let count = 0;
    for (let i = 0; i < n; i++) {
      const weight = weights ? weights[i] : 1;
      if (!(weight > 0)) continue;
      i32[(y >>> 2) + count] = codes[i];
      f64[(w >>> 3) + count] = weight;
      kept[count++] = i;
    }
    if (count === n) return [n, gram];
    for (let i = 0, to = part >>> 3; i < count; i++) {
      const from = (gram >>> 3) + kept[i] * n;
      for (let j = 0; j < count; j++) f64[to++] = f64[from + kept[j]];
    }
    return [count, part];
  };

  /** Where the fit starts. What rows left out held goes to the others in equal shares, so that columns still sum to 0. */
  const start = (warm: SolveRequest["warm"], count: number): void => {
    const { f64 } = memory;
    const [a, b] = [space.dual >>> 3, space.intercept >>> 3];
    f64.fill(0, a, a + count * kp);
    f64.fill(0, b, b + kp);
    if (!warm?.dual) return;
    const { dual, intercept } = warm;
    f64.set(intercept, b);
    for (let c = 0; c < k; c++) {
      let sum = 0;
      for (let p = 0; p < count; p++) sum += dual[kept[p] * k + c];
      for (let p = 0; p < count; p++) f64[a + p * kp + c] = dual[kept[p] * k + c] - (fitIntercept ? sum / count : 0);
    }
  };

  /** What the objective looks like at an answer, anew from the Gram matrix, where rounding there leaves no doubt that it has converged; else null. */
  const pointAt = (count: number, matrix: number, C: number) => {
    const { f64, i32 } = memory;
    const [a, b, u, labels] = [space.dual >>> 3, space.intercept >>> 3, logits >>> 3, y >>> 2];
    const multiply = (): void => {
      f64.fill(0, u, u + count * kp);
      kernels.multiply(count, kp, count, matrix, count, 1, space.dual, kp, 1, logits, kp, 1, 0);
    };
    multiply();
    const sums = new Float64Array(k);
    const residuals = new Float64Array(k);
    let [loss, squared, total, magnitude, stiffness, bound] = [0, 0, 0, 0, 1, 0];
    for (let i = 0; i < count; i++) {
      const at = i * kp;
      const own = i32[labels + i];
      const weight = C * f64[(w >>> 3) + i];
      const length = norms[kept[i]];
      total += weight;
      let most = Number.NEGATIVE_INFINITY;
      for (let c = 0; c < k; c++) {
        squared += f64[a + at + c] * f64[u + at + c];
        magnitude += Math.abs(f64[a + at + c]) * length;
        residuals[c] = f64[u + at + c] + f64[b + c];
        if (residuals[c] > most) most = residuals[c];
      }
      const gap = most - residuals[own];
      let others = 0;
      for (let c = 0; c < k; c++) {
        residuals[c] = exp(residuals[c] - most);
        if (c !== own) others += residuals[c];
      }
      const sum = residuals[own] + others;
      // log(sum), accurate also where the row's own class holds all but a trifle.
      loss += weight * (gap === 0 ? log1p(others) : gap + log(sum));
      for (let c = 0; c < k; c++) {
        const residual = c === own ? (-weight * others) / sum : (weight * residuals[c]) / sum;
        sums[c] += residual;
        f64[a + at + c] += residual;
        bound += Math.abs(f64[a + at + c]) * length;
      }
      stiffness += weight * length * length * Math.min(1, (2 * others) / sum);
    }
    let inIntercept = 0;
    if (fitIntercept) for (let c = 0; c < k; c++) inIntercept += sums[c] * sums[c];
    const goal = 1e-8 * Math.sqrt(squared);
    // `bound` is at least the gradient in W. W is a sum of `magnitude`, and its rounding moves the gradient by up to `stiffness` times as much; a gradient
    // whose terms cancel can't be told from K.
    const small = squared > 1e-280 && bound <= goal && Math.sqrt(inIntercept) <= 1e-8 * total;
    if (!small || !(stiffness * magnitude * 1e-15 <= goal)) return null;
    multiply();
    let inW = 0;
    for (let j = 0; j < count * kp; j++) inW += f64[a + j] * f64[u + j];
    // Rounding may leave it a hair below 0.
    return { objective: loss + squared / 2, gradientNorm: Math.sqrt(Math.max(0, inW) + inIntercept), converged: true };
  };

  const solving: SoftmaxSolver["solving"] = function* ({ C, weights, warm, tolerance = fitTolerance }) {
    const [count, matrix] = enter(weights);
    start(warm, count);
    const { f64 } = memory;
    kernels.fit(
      ...([count, k, kp, matrix, y, w, C, Number(fitIntercept), Number(Boolean(warm?.dual)), tolerance] as const),
      ...([fitMaxIterations, space.dual, space.intercept, space.work, space.info] as const),
    );
    const nIter = f64[space.info >>> 3];
    yield;
    const dual = new Float64Array(n * k);
    const [b, from] = [combined >>> 3, space.dual >>> 3];
    f64.fill(0, b, b + n * k);
    for (let p = 0; p < count; p++) {
      for (let c = 0; c < k; c++) dual[kept[p] * k + c] = f64[b + c * n + kept[p]] = f64[from + p * kp + c];
    }
    kernels.combine(combined, n, k, n, z, stride, 0, out);
    const coef = new Float64Array(k * cols);
    for (let c = 0; c < k; c++) coef.set(f64.subarray((out >>> 3) + c * stride, (out >>> 3) + c * stride + cols), c * cols);
    const intercept = f64.slice(space.intercept >>> 3, (space.intercept >>> 3) + k);
    const scaled = Float64Array.from({ length: n }, (_, i) => C * (weights ? weights[i] : 1));
    const point = pointAt(count, matrix, C) ?? exactPoint(kernels, problem, { coef, intercept }, scaled, norms);
    return { coef, intercept, dual, nIter, ...point };
  };

  return {
    norms,
    solving,
    solve: (request) => doWork(solving(request)),

    leverages(q) {
      const cholesky = choleskyOf(kernels);
      const mark = memory.mark();
      const [model, columns, info] = [memory.allocate(8 * n * n), memory.allocate(8 * n * n), memory.allocate(8)];
      const { f64 } = memory;
      const [g, m, x] = [gram >>> 3, model >>> 3, columns >>> 3];
      const roots = q.map(Math.sqrt);
      const total = q.reduce((sum, value) => sum + value, 0);
      // The Gram matrix about the rows' weighted mean.
      const means = new Float64Array(n);
      let middle = 0;
      if (fitIntercept) {
        for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) means[i] += (q[j] * f64[g + i * n + j]) / total;
        for (let i = 0; i < n; i++) middle += (q[i] * means[i]) / total;
      }
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < n; j++) {
          const value = f64[g + i * n + j] - means[i] - means[j] + middle;
          f64[m + i * n + j] = roots[i] * roots[j] * value + Number(i === j);
          f64[x + i * n + j] = roots[i] * value;
        }
      }
      cholesky(n, model, n, info);
      kernels.solveLower(n, model, n, n, columns, n, 0);
      const found = new Float64Array(n);
      for (let i = 0; i < n; i++) {
        found[i] = f64[g + i * n + i] - 2 * means[i] + middle + (fitIntercept ? 1 / total : 0);
        for (let p = 0; p < n; p++) found[i] -= f64[x + p * n + i] ** 2;
      }
      memory.release(mark);
      return found;
    },
  };
}
