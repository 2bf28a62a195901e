import { exp } from "../core/exp.ts";
import { choleskyOf } from "../kernels/choleskyOf.ts";
import type { Kernels } from "../kernels/kernels.ts";
import { fitWorkspace, paddedClasses } from "../solve/solveSoftmax.ts";
import { goodEnough, roughSteps, roughTolerance } from "./foldSolver.ts";
import type { GramProblem, HeldOutSolver } from "./heldOutSolver.ts";

/** The least curvature of a row: keeps what is divided by it. A row with less is as good as certain, and leaving it out changes nothing. */
const leastCurvature = 1e-9;
/** The intercept as a feature: √ of this many times the rows' mean squared norm, so that its penalty is as good as none. */
const interceptScale = 1e4;
/** Columns of an inverse made at once. */
const panel = 48;

/**
 * Approximate leave-one-out (or leave-group-out): one Newton step from the fit on all rows to the fit without each, where the Hessian is taken as block-diagonal
 * over classes: row j counts p(1 − p) of its own for each class (Rad & Maleki, "A scalable estimate of the out-of-sample prediction error via approximate
 * leave-one-out cross-validation", 2020; Obuchi & Kabashima 2018 drop the same blocks). One fit and k factorisations of n × n a C, where the exact one takes n
 * fits.
 *
 * In the span of the rows: with D² = C · weight · p(1 − p) and B = I + D K D, a row left out moves its logit by (1/(B⁻¹)ᵢᵢ − 1)/D² · C · weight · (p − y),
 * and a group by the same with its block of B⁻¹.
 *
 * @param isOwn - whether a class's logits are to be told here
 */
export function approximateSolver(kernels: Kernels, problem: GramProblem, isOwn: (c: number) => boolean = () => true): HeldOutSolver {
  const { gram, codes, k, weights, fitIntercept, groups } = problem;
  const { memory } = kernels;
  const cholesky = choleskyOf(kernels);
  const n = codes.length;
  const kp = paddedClasses(k);
  const [y, w, z, lower, inverse, info] = [n, n, n * kp, n * n, n * n, 8].map((count) => memory.allocate(8 * count));
  const space = fitWorkspace(kernels, n, k);
  let [mean, total] = [0, 0];
  for (let i = 0; i < n; i++) mean += memory.f64[(gram >>> 3) + i * n + i] / n;
  for (let i = 0; i < n; i++) total += weights[i];
  const bias = fitIntercept ? interceptScale * (mean > 0 ? mean : 1) : 0;
  memory.f64.fill(0, space.dual >>> 3, (space.dual >>> 3) + n * kp);
  memory.f64.fill(0, space.intercept >>> 3, (space.intercept >>> 3) + kp);
  const probabilities = new Float64Array(n * k);
  const scale = new Float64Array(n);
  const diagonal = new Float64Array(n);
  let warm = 0;

  /** The softmax probabilities of the fit in `space`, and its logits of own classes in `logits`. */
  const predict = (logits: Float64Array): void => {
    const { f64 } = memory;
    f64.fill(0, z >>> 3, (z >>> 3) + n * kp);
    kernels.multiply(n, kp, n, gram, n, 1, space.dual, kp, 1, z, kp, 1, 0);
    for (let i = 0; i < n; i++) {
      let most = Number.NEGATIVE_INFINITY;
      for (let c = 0; c < k; c++) {
        const logit = f64[(z >>> 3) + i * kp + c] + f64[(space.intercept >>> 3) + c];
        probabilities[i * k + c] = logit;
        if (isOwn(c)) logits[i * k + c] = logit;
        if (logit > most) most = logit;
      }
      let sum = 0;
      for (let c = 0; c < k; c++) {
        probabilities[i * k + c] = exp(probabilities[i * k + c] - most);
        sum += probabilities[i * k + c];
      }
      for (let c = 0; c < k; c++) probabilities[i * k + c] /= sum;
    }
  };

  /** `inverse` = L⁻¹ of B = I + D (K + bias) D, for the D in `scale`. */
  const invert = function* (): Generator<false, void, void> {
    const { f64 } = memory;
    const [g, l, t] = [gram >>> 3, lower >>> 3, inverse >>> 3];
    for (let i = 0; i < n; i++) {
      const own = scale[i];
      for (let j = 0, at = l + i * n, from = g + i * n; j <= i; j++, at++, from++) f64[at] = own * scale[j] * (f64[from] + bias);
      f64[l + i * n + i] += 1;
    }
    cholesky(n, lower, n, info);
    yield false;
    for (let first = 0; first < n; first += panel) {
      const width = Math.min(panel, n - first);
      for (let i = first; i < n; i++) f64.fill(0, t + i * n + first, t + i * n + first + width);
      for (let i = 0; i < width; i++) f64[t + (first + i) * n + first + i] = 1;
      const corner = 8 * (first * n + first);
      kernels.solveLower(n - first, lower + corner, n, width, inverse + corner, n, 0);
      yield false;
    }
  };

  /** Moves class c's logits of the rows as leaving out each with its group does. */
  const move = (c: number, C: number, logits: Float64Array): void => {
    const { f64 } = memory;
    const t = inverse >>> 3;
    diagonal.fill(0);
    for (let i = 0; i < n; i++) for (let j = 0, at = t + i * n; j <= i; j++, at++) diagonal[j] += f64[at] * f64[at];
    const force = (i: number): number => C * weights[i] * (probabilities[i * k + c] - Number(codes[i] === c));
    for (const rows of groups) {
      const own = rows.filter((i) => weights[i] > 0);
      if (own.length === 1) {
        const [i] = own;
        logits[i * k + c] += ((1 / diagonal[i] - 1) / (scale[i] * scale[i])) * force(i);
        continue;
      }
      const size = own.length;
      const block = new Float64Array(size * size);
      const step = Float64Array.from(own, (i) => force(i) / scale[i]);
      for (let p = 0; p < size; p++) {
        for (let q = 0; q <= p; q++) {
          let sum = own[p] === own[q] ? diagonal[own[p]] : 0;
          if (p !== q) for (let i = Math.max(own[p], own[q]); i < n; i++) sum += f64[t + i * n + own[p]] * f64[t + i * n + own[q]];
          block[p * size + q] = sum;
        }
      }
      const before = step.slice();
      solveSmall(block, step, size);
      for (let p = 0; p < size; p++) logits[own[p] * k + c] += (step[p] - before[p]) / scale[own[p]];
    }
  };

  return function* (C, logits) {
    const { f64, i32 } = memory;
    i32.set(codes, y >>> 2);
    f64.set(weights, w >>> 3);
    kernels.fit(
      ...([n, k, kp, gram, y, w, C, Number(fitIntercept), warm, roughTolerance, roughSteps] as const),
      ...([space.dual, space.intercept, space.work, space.info] as const),
    );
    warm = 1;
    const converged = goodEnough(f64, space.info, C * total);
    predict(logits);
    yield true;
    for (let c = 0; c < k; c++) {
      if (!isOwn(c)) continue;
      for (let i = 0; i < n; i++) {
        const p = probabilities[i * k + c];
        scale[i] = Math.sqrt(C * weights[i] * Math.max(p * (1 - p), leastCurvature));
      }
      yield* invert();
      move(c, C, logits);
      yield true;
    }
    return converged;
  };
}

/** Solves A x = b in place for a small symmetric positive A, of which the lower half is read and lost. */
function solveSmall(a: Float64Array, b: Float64Array, n: number): void {
  for (let j = 0; j < n; j++) {
    for (let i = j; i < n; i++) {
      let v = a[i * n + j];
      for (let p = 0; p < j; p++) v -= a[i * n + p] * a[j * n + p];
      a[i * n + j] = i === j ? Math.sqrt(v) : v / a[j * n + j];
    }
  }
  for (let i = 0; i < n; i++) {
    for (let p = 0; p < i; p++) b[i] -= a[i * n + p] * b[p];
    b[i] /= a[i * n + i];
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let p = i + 1; p < n; p++) b[i] -= a[p * n + i] * b[p];
    b[i] /= a[i * n + i];
  }
}
