import { checkOptions, type OptionNames } from "../core/checkOptions.ts";
import { checkChoice, checkCount } from "../core/checks.ts";
import { valueError } from "../core/errors.ts";
import type { LabelIndex, Labels } from "../core/labels.ts";
import type { Matrix } from "../core/matrix.ts";
import { choleskyOf } from "../kernels/choleskyOf.ts";
import { withKernels } from "../kernels/createKernels.ts";
import type { Kernels } from "../kernels/kernels.ts";
import { type Basis, type BasisOptions, basisOptionNames, checkRidge } from "./basis.ts";
import { type BaseRows, type ClassScatter, checkBase, classScatter } from "./classScatter.ts";
import { eigenSymmetric } from "./eigenSymmetric.ts";
import { orient } from "./orient.ts";

export interface DiscriminantOptions extends BasisOptions {
  /** ρ ≥ 0: ρ times the mean eigenvalue of S_w is added to its diagonal. 0 needs more rows than classes + d. */
  readonly ridge: number;
  /** At most this many of the classes − 1 dimensions, those of largest ψ (default all). */
  readonly dimensions?: number;
  /**
   * Factorise d × d (`"direct"`), or n × n by Woodbury's identity (`"gram"`, which needs ridge > 0): the same basis to rounding.
   * Default `"auto"`: whichever is cheaper.
   */
  readonly side?: "auto" | "direct" | "gram";
}

const discriminantOptionNames: OptionNames<DiscriminantOptions, BasisOptions> = { ridge: true, dimensions: true, side: true };

/** S⁻¹·Bᵀ (d × k) for S = S_w + c·I, from a Cholesky factor of S itself. */
function solveDirect(
  kernels: Kernels,
  n: number,
  d: number,
  k: number,
  c: number,
  { residuals, freedom, between }: ClassScatter,
): number | null {
  const { memory } = kernels;
  const matrix = memory.allocate(8 * d * d);
  const right = memory.allocate(8 * d * k);
  const info = memory.allocate(8);
  const { f64 } = memory;
  f64.fill(0, matrix >>> 3, (matrix >>> 3) + d * d);
  kernels.multiply(d, d, n, residuals, 1, d, residuals, d, 1, matrix, d, 1 / freedom, 1);
  for (let j = 0; j < d; j++) f64[(matrix >>> 3) + j * d + j] += c;
  choleskyOf(kernels)(d, matrix, d, info);
  if (f64[info >>> 3] !== 0) return null;
  for (let j = 0, at = right >>> 3; j < d; j++) for (let q = 0; q < k; q++, at++) f64[at] = between[q * d + j];
  kernels.solveLower(d, matrix, d, k, right, k, 0);
  kernels.solveLower(d, matrix, d, k, right, k, 1);
  return right;
}

/** The same from the n × n matrix R·Rᵀ: S⁻¹ = (I − Rᵀ(c(n − k)·I + R·Rᵀ)⁻¹R) / c. */
function solveGram(
  kernels: Kernels,
  n: number,
  d: number,
  k: number,
  c: number,
  { residuals, freedom, between }: ClassScatter,
): number | null {
  const { memory } = kernels;
  const matrix = memory.allocate(8 * n * n);
  const right = memory.allocate(8 * d * k);
  const inner = memory.allocate(8 * n * k);
  const info = memory.allocate(8);
  const { f64 } = memory;
  f64.fill(0, matrix >>> 3, (matrix >>> 3) + n * n);
  f64.fill(0, inner >>> 3, (inner >>> 3) + n * k);
  kernels.multiply(n, n, d, residuals, d, 1, residuals, 1, d, matrix, n, 1, 1);
  for (let i = 0; i < n; i++) f64[(matrix >>> 3) + i * n + i] += c * freedom;
  choleskyOf(kernels)(n, matrix, n, info);
  if (f64[info >>> 3] !== 0) return null;
  for (let j = 0, at = right >>> 3; j < d; j++) for (let q = 0; q < k; q++, at++) f64[at] = between[q * d + j];
  kernels.multiply(n, k, d, residuals, d, 1, right, k, 1, inner, k, 1, 0);
  kernels.solveLower(n, matrix, n, k, inner, k, 0);
  kernels.solveLower(n, matrix, n, k, inner, k, 1);
  kernels.multiply(d, k, n, residuals, 1, d, inner, k, 1, right, k, -1, 0);
  for (let i = right >>> 3; i < (right >>> 3) + d * k; i++) f64[i] /= c;
  return right;
}

function solve(kernels: Kernels, base: BaseRows, options: DiscriminantOptions): Basis {
  const caller = "fitDiscriminant";
  const ridge = options.ridge;
  const d = base.features.cols;
  const n = base.rows.length;
  const k = base.classes;
  const { memory } = kernels;
  const scatter = classScatter(base, kernels, caller);
  const c = ridge * scatter.meanVariance;
  const costs = { direct: d * d * (n / 2 + d / 6 + k), gram: n * n * (d / 2 + n / 6 + k) + 2 * n * d * k };
  // A tiny ridge makes Woodbury's difference one of large equals.
  const gram = options.side === "gram" || (options.side !== "direct" && ridge >= 1e-3 && costs.gram < costs.direct);
  // Rounding can hide that a matrix is singular; the count of rows cannot.
  const singular = c === 0 && scatter.freedom < d;
  const solved = singular ? null : (gram ? solveGram : solveDirect)(kernels, n, d, k, c, scatter);
  if (solved === null) {
    throw valueError(
      caller,
      "ridge",
      `is ${ridge}`,
      `a larger one: the covariance of ${n} rows in ${k} classes and ${d} dimensions is singular`,
    );
  }

  // Bᵀ = (k × d) class means; G = B·S⁻¹·Bᵀ = V·μ·Vᵀ, and T = S⁻¹·Bᵀ·V / √μ.
  const means = memory.allocate(8 * k * d);
  const matrix = memory.allocate(8 * k * k);
  memory.f64.set(scatter.between, means >>> 3);
  memory.f64.fill(0, matrix >>> 3, (matrix >>> 3) + k * k);
  kernels.multiply(k, k, d, means, d, 1, solved, k, 1, matrix, k, 1, 1);
  const { values, order } = eigenSymmetric(kernels, k, matrix, caller);
  let r = Math.min(options.dimensions ?? k - 1, k - 1, d);
  // Class means may coincide or lie in fewer dimensions.
  while (r > 0 && !(values[order[r - 1]] > 1e-11 * values[order[0]])) r--;
  if (r === 0) throw valueError(caller, "features", "have the same mean in every class", "classes that differ");

  const vectors = memory.allocate(8 * k * r);
  const out = memory.allocate(8 * d * r);
  const { f64 } = memory;
  for (let i = 0; i < r; i++) {
    const root = Math.sqrt(values[order[i]]);
    for (let q = 0; q < k; q++) f64[(vectors >>> 3) + q * r + i] = f64[(matrix >>> 3) + order[i] * k + q] / root;
  }
  f64.fill(0, out >>> 3, (out >>> 3) + d * r);
  kernels.multiply(d, r, k, solved, k, 1, vectors, r, 1, out, r, 1, 0);
  const transform = f64.slice(out >>> 3, (out >>> 3) + d * r);
  orient(transform, d, r);
  const psi = Float64Array.from({ length: r }, (_, i) => Math.max(values[order[i]] / (k - 1) - scatter.noise, 0));
  return {
    kind: "discriminant",
    normalize: base.normalize,
    ridge,
    cols: d,
    dimensions: r,
    mean: scatter.mean,
    transform,
    lower: null,
    lowRank: null,
    psi,
    within: null,
  };
}

/**
 * Linear discriminants with a ridge: T (d × r, r ≤ classes − 1) with Tᵀ(S_w + ρλ̄I)T = I and Tᵀ·S_b·T diagonal, from one Cholesky
 * factorisation and an eigenproblem of classes × classes. ψᵢ = max(between-class variance − 1/n, 0), in descending order, is the variance
 * between class means that noise does not explain; n is the harmonic mean of the class sizes. LDA (Fisher 1936); the two-covariance model
 * of PLDA
 * (Ioffe 2006).
 *
 * @param features - n × d base rows, normalised or not: the fit l2-normalises, centres and l2-normalises them, as {@link project} does
 * @param labels - n labels, at least two classes
 * @param options - `ridge` ρ; `dimensions`; `rows` to use (default all)
 * @returns a basis of r dimensions, with ψ; columns have their largest element positive
 * @throws RangeError when rows and labels differ in number, a value is not finite, there are fewer than two classes, nothing varies within
 *   classes, or the covariance is singular because there is no ridge
 * @example
 * ```ts
 * import { fitDiscriminant, project, syntheticFeatures } from "softprobe";
 *
 * const { features, labels } = syntheticFeatures({ classes: 6, rowsPerClass: 20, dims: 32, seed: 1 });
 * const basis = fitDiscriminant(features, labels, { ridge: 1 });
 * console.log(basis.dimensions, project(basis, features).cols); // → 5 5
 * ```
 */
export function fitDiscriminant(features: Matrix, labels: Labels | LabelIndex, options: DiscriminantOptions): Basis {
  const caller = "fitDiscriminant";
  checkOptions(options, caller, basisOptionNames, discriminantOptionNames);
  const base = checkBase(features, labels, options, caller);
  checkRidge(options.ridge, caller);
  if (options.dimensions !== undefined) checkCount(options.dimensions, caller, "dimensions");
  if (options.side !== undefined) checkChoice(options.side, caller, "side", ["auto", "direct", "gram"]);
  if (options.side === "gram" && options.ridge === 0) throw valueError(caller, "ridge", "is 0", `greater than 0 for side "gram"`);
  return withKernels(options.kernels, (kernels) => solve(kernels, base, options));
}
