import { log, log1p } from "../core/log.ts";
import type { Kernels } from "../kernels/kernels.ts";
import { primalOf } from "../kernels/primalOf.ts";
import { primalWork } from "../kernels/primalRecord.ts";
import { norm } from "./refineSoftmax.ts";
import type { LoadedProblem, SoftmaxSolution } from "./softmaxSolution.ts";

/** Σ weight · logloss of a pass's rows, from the gaps and others it left (indices into f64). */
export function lossOf(f64: Float64Array, count: number, weight: number, gap: number, others: number): number {
  let loss = 0;
  for (let i = 0; i < count; i++) {
    const [lead, rest] = [f64[gap + i], f64[others + i]];
    // log(1 + others), accurate also where the row's own class holds all but a trifle.
    loss += f64[weight + i] * (lead === 0 ? log1p(rest) : lead + log(rest));
  }
  return loss;
}

/** What the objective looks like at an answer, anew from the rows themselves: O(n · k · d). `weights` are n, times C. */
export function exactPoint(
  kernels: Kernels,
  { rows, codes, k, fitIntercept }: LoadedProblem,
  answer: Pick<SoftmaxSolution, "coef" | "intercept">,
  weights: Float64Array,
  norms: Float64Array,
): Pick<SoftmaxSolution, "objective" | "gradientNorm" | "converged"> {
  const { memory } = kernels;
  const mark = memory.mark();
  const { stride, cols } = rows;
  const n = rows.rows;
  const kp = k + (k & 1);
  const primal = primalOf(kernels);
  const doubles = (count: number): number => memory.allocate(8 * count);
  const [weight, y, p, z, gap, others] = [doubles(n), memory.allocate(4 * n), memory.allocate(4 * n * kp), ...[n * kp, n, n].map(doubles)];
  const [theta, out, info] = [doubles(k * stride + kp), doubles(k * stride + kp), doubles(1)];
  const work = memory.allocate(primalWork(stride, k, kp));
  const { f64, i32 } = memory;
  f64.set(weights, weight >>> 3);
  i32.set(codes, y >>> 2);
  const [t, g, b] = [theta >>> 3, out >>> 3, k * stride];
  f64.fill(0, t, t + b);
  for (let c = 0; c < k; c++) f64.set(answer.coef.subarray(c * cols, (c + 1) * cols), t + c * stride);
  f64.set(answer.intercept, t + b);
  if (k < kp) f64[t + b + k] = -1e300;
  primal.slope(
    {
      ...{ single: rows.single === 1, stride, count: n, k, kp, rough: false, x: rows.address, rows: 0, mean: 0 },
      ...{ weight, y, p, u: 0, ud: 0, work, xScale: 1, rScale: 1 },
    },
    { w: theta, b: theta + 8 * b, wScale: 1, old: 0, step: 0, alpha: 0, z, gap, others, out, sums: out + 8 * b, info },
  );
  for (let j = 0; j < b; j++) f64[g + j] += f64[t + j];
  const [inW, length] = [norm(f64, g, g + b), norm(f64, t, t + b)];
  const inB = fitIntercept ? norm(f64, g + b, g + b + k) : 0;
  let [terms, total] = [0, 0];
  for (let i = 0; i < n; i++) {
    terms += weights[i] * norms[i];
    total += weights[i];
  }
  const objective = lossOf(f64, n, weight >>> 3, gap >>> 3, others >>> 3) + (length * length) / 2;
  memory.release(mark);
  return {
    objective,
    gradientNorm: norm(Float64Array.of(inW, inB), 0, 2),
    converged: inW <= Math.max(1e-8 * length, 1e-15 * terms) && inB <= 1e-8 * total,
  };
}
