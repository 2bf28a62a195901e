import { valueError } from "../core/errors.ts";
import { exp } from "../core/exp.ts";
import { type ClassName, indexLabels } from "../core/labels.ts";
import { log, log1p } from "../core/log.ts";
import { normalizeRow } from "../core/normalizeRow.ts";
import { withKernels } from "../kernels/createKernels.ts";
import { type Kernels, paddedCols } from "../kernels/kernels.ts";
import { fitSoftmax } from "../probe/fitSoftmax.ts";
import { predictProba } from "../probe/predict.ts";
import { fitMaxIterations, fitWorkspace, paddedClasses } from "../solve/solveSoftmax.ts";
import type { DualFit, IncrementalSoftmax } from "./incrementalSoftmax.ts";

/** The rows of the next state, with the last one's dual coefficients (columns by the last one's classes); `gram` lacks what the added rows bring. */
export interface Next extends Pick<IncrementalSoftmax, "rows" | "labels" | "gram"> {
  readonly dual: Float64Array;
}

/** The largest row norm whose square, and sums of such squares, a double can hold. */
const largestNorm = 1e150;
/** Relative, on the gradient: near the answer two more digits than `fitSoftmax` asks for cost next to nothing. */
const tolerance = 1e-12;

/** Puts the products of the last `added` rows with all into the Gram matrix. */
function fillGram(kernels: Kernels, last: IncrementalSoftmax, { rows, gram }: Next, added: number): void {
  const { memory } = kernels;
  const n = rows.length;
  const first = n - added;
  const mark = memory.mark();
  const stride = paddedCols(last.cols);
  const z = loadExamples(kernels, rows, last, stride);
  const out = memory.allocate(8 * n * added);
  kernels.products(0, z, stride, 0, n, z + 8 * first * stride, stride, added, stride, out, added, 0);
  const { f64 } = memory;
  for (let i = 0, at = out >>> 3; i < n; i++) for (let j = first; j < n; j++, at++) gram[i * n + j] = gram[j * n + i] = f64[at];
  memory.release(mark);
}

/**
 * Where the fit starts: the last answer, its columns put where the classes now are. Columns sum to 0 over rows, as the solver's steps leave
 * them; that rows sum to 0 over classes is up to the first step, where a class has gone.
 */
function startFrom(last: IncrementalSoftmax, dual: Float64Array, classes: readonly ClassName[], n: number) {
  const k = classes.length;
  const out = new Float64Array(n * k);
  const intercept = new Float64Array(k);
  const known = last.fit?.classes ?? [];
  classes.forEach((name, c) => {
    const from = known.indexOf(name);
    if (from < 0) return;
    intercept[c] = last.fit!.intercept[from];
    let mean = 0;
    if (last.fitIntercept) for (let i = 0; i < n; i++) mean += dual[i * known.length + from] / n;
    for (let i = 0; i < n; i++) out[i * k + c] = dual[i * known.length + from] - mean;
  });
  return { dual: out, intercept };
}

/** The answer in the span of the rows, in kernel memory: the Gram matrix with rows of `stride`, and the dual coefficients, k rows of `stride`. */
interface Answer {
  readonly gram: number;
  readonly dual: number;
  readonly stride: number;
  readonly intercept: Float64Array;
}

/** What the objective looks like at an answer, anew from the Gram matrix: `softmaxPoint`, in the span of the rows. */
function pointAt(kernels: Kernels, answer: Answer, codes: Int32Array, { C, fitIntercept }: IncrementalSoftmax) {
  const { gram, dual, stride, intercept } = answer;
  const [n, k] = [codes.length, intercept.length];
  const { memory } = kernels;
  const product = memory.allocate(8 * n * k);
  const multiply = (): number => {
    kernels.products(0, gram, stride, 0, n, dual, stride, k, stride, product, k, 0);
    return product >>> 3;
  };
  const u = multiply();
  const { f64 } = memory;
  const [a, g] = [dual >>> 3, gram >>> 3];
  const sums = new Float64Array(k);
  const residuals = new Float64Array(n * k);
  let [loss, size, terms] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    const at = i * k;
    const own = codes[i];
    terms += C * Math.sqrt(f64[g + i * stride + i]);
    let most = Number.NEGATIVE_INFINITY;
    for (let c = 0; c < k; c++) {
      const logit = f64[u + at + c];
      size += f64[a + c * stride + i] * logit;
      residuals[at + c] = logit + intercept[c];
      if (residuals[at + c] > most) most = residuals[at + c];
    }
    const gap = most - residuals[at + own];
    let others = 0;
    for (let c = 0; c < k; c++) {
      residuals[at + c] = exp(residuals[at + c] - most);
      if (c !== own) others += residuals[at + c];
    }
    const sum = residuals[at + own] + others;
    // log(sum), accurate also where the row's own class holds all but a trifle.
    loss += gap === 0 ? log1p(others) : gap + log(sum);
    for (let c = 0; c < k; c++) {
      const residual = c === own ? (-C * others) / sum : (C * residuals[at + c]) / sum;
      sums[c] += residual;
      residuals[at + c] = f64[a + c * stride + i] += residual;
    }
  }
  multiply();
  let [inW, inIntercept] = [0, 0];
  for (let p = 0; p < residuals.length; p++) inW += residuals[p] * f64[u + p];
  if (fitIntercept) for (let c = 0; c < k; c++) inIntercept += sums[c] * sums[c];
  // Rounding may leave either a hair below 0.
  [inW, size] = [Math.max(0, inW), Math.max(0, size)];
  const converged = Math.sqrt(inW) <= Math.max(1e-8 * Math.sqrt(size), 1e-15 * terms) && Math.sqrt(inIntercept) <= 1e-8 * C * n;
  return { objective: C * loss + size / 2, gradientNorm: Math.sqrt(inW + inIntercept), converged };
}

/** A fit from scratch, for what the solver in the span of the rows leaves: repeated rows at a large C, say. */
function fitAnew({ cols, C, fitIntercept, normalize, kernels }: IncrementalSoftmax, { rows, labels }: Next, codes: Int32Array): DualFit {
  const n = rows.length;
  const data = new Float64Array(n * cols);
  rows.forEach((row, i) => {
    data.set(row, i * cols);
    if (normalize === "l2") normalizeRow(data, data, i * cols, cols);
  });
  const refined = fitSoftmax({ data, rows: n, cols }, labels, { C, fitIntercept, kernels });
  const { data: dual, cols: k } = predictProba(refined, { data, rows: n, cols });
  // At the answer the dual coefficients are C · (y − p).
  for (let i = 0; i < n; i++) for (let c = 0; c < k; c++) dual[i * k + c] = C * (Number(codes[i] === c) - dual[i * k + c]);
  const { classes, intercept, nIter, converged, gradientNorm, objective } = refined;
  return { classes, intercept, nIter, converged, gradientNorm, objective, dual: dual as Float64Array, refined };
}

/** Rows as the probe sees them in kernel memory, padded with zeros: their address; `stride` doubles each. */
export function loadExamples(
  kernels: Kernels,
  rows: readonly Float64Array[],
  { cols, normalize }: Pick<IncrementalSoftmax, "cols" | "normalize">,
  stride: number,
): number {
  const { memory } = kernels;
  const z = memory.allocate(8 * rows.length * stride);
  rows.forEach((row, i) => {
    const at = (z >>> 3) + i * stride;
    memory.f64.set(row, at);
    if (normalize === "l2") normalizeRow(memory.f64, memory.f64, at, cols);
    memory.f64.fill(0, at + cols, at + stride);
  });
  return z;
}

/** Completes `next`: products of its last `added` rows, and the fit from the last answer. */
export function refitDual(caller: string, last: IncrementalSoftmax, next: Next, added: number): IncrementalSoftmax {
  const { C, fitIntercept } = last;
  const { rows, labels, gram } = next;
  const n = rows.length;
  const unfitted = { ...last, rows, labels, gram, fit: null };
  if (n === 0) return unfitted;
  const { classes, codes } = indexLabels(labels);
  const k = classes.length;

  return withKernels(last.kernels, (kernels) => {
    const { memory } = kernels;
    if (added > 0) fillGram(kernels, last, next, added);
    for (let i = n - added; i < n; i++) {
      const norm = Math.sqrt(gram[i * n + i]);
      if (!(norm <= largestNorm))
        throw valueError(caller, `features row ${i - n + added}`, `has norm ${norm}`, `at most ${largestNorm}, as after l2Normalize`);
    }
    if (k < 2) return unfitted;

    const kp = paddedClasses(k);
    const stride = paddedCols(n);
    const [g, wide, y, w, b] = [n * n, n * stride, n, n, k * stride].map((count) => memory.allocate(8 * count));
    const space = fitWorkspace(kernels, n, k);
    const { f64, i32 } = memory;
    const [a, c0] = [space.dual >>> 3, space.intercept >>> 3];
    const start = startFrom(last, next.dual, classes, n);
    f64.set(gram, g >>> 3);
    i32.set(codes, y >>> 2);
    f64.fill(1, w >>> 3, (w >>> 3) + n);
    f64.fill(0, a, a + n * kp);
    f64.fill(0, c0, c0 + kp);
    for (let i = 0; i < n; i++) for (let c = 0; c < k; c++) f64[a + i * kp + c] = start.dual[i * k + c];
    if (fitIntercept) f64.set(start.intercept, c0);
    kernels.fit(
      ...([n, k, kp, g, y, w, C, Number(fitIntercept), Number(last.fit !== null), tolerance, fitMaxIterations] as const),
      ...([space.dual, space.intercept, space.work, space.info] as const),
    );
    const dual = new Float64Array(n * k);
    f64.fill(0, wide >>> 3, (wide >>> 3) + n * stride);
    f64.fill(0, b >>> 3, (b >>> 3) + k * stride);
    for (let i = 0; i < n; i++) {
      f64.set(gram.subarray(i * n, (i + 1) * n), (wide >>> 3) + i * stride);
      for (let c = 0; c < k; c++) dual[i * k + c] = f64[(b >>> 3) + c * stride + i] = f64[a + i * kp + c];
    }
    const intercept = f64.slice(c0, c0 + k);
    const nIter = f64[space.info >>> 3];
    const point = pointAt(kernels, { gram: wide, dual: b, stride, intercept }, codes, last);
    return {
      ...unfitted,
      fit: point.converged ? { classes, dual, intercept, nIter, ...point, refined: null } : fitAnew(last, next, codes),
    };
  });
}
