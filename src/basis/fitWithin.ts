import { checkOptions, type OptionNames } from "../core/checkOptions.ts";
import { checkChoice } from "../core/checks.ts";
import { valueError } from "../core/errors.ts";
import type { LabelIndex, Labels } from "../core/labels.ts";
import type { Matrix } from "../core/matrix.ts";
import { choleskyOf } from "../kernels/choleskyOf.ts";
import { withKernels } from "../kernels/createKernels.ts";
import { type Basis, type BasisOptions, basisOptionNames, checkRidge } from "./basis.ts";
import { checkBase, classScatter } from "./classScatter.ts";
import { eigenSymmetric } from "./eigenSymmetric.ts";
import { orient } from "./orient.ts";

export interface WithinOptions extends BasisOptions {
  /** ρ ≥ 0: ρ times the mean eigenvalue of S_w is added to every within-class variance. 0 needs more rows than classes + d. */
  readonly ridge: number;
  /**
   * Which root of the whitening: `"eigen"` (default), whose dimensions are independent, so that a mask may follow; or `"cholesky"`, which
   * gives every probe the same inner products at a fraction of the cost, without ψ.
   */
  readonly root?: "eigen" | "cholesky";
}

const withinOptionNames: OptionNames<WithinOptions, BasisOptions> = { ridge: true, root: true };

/**
 * Within-class covariance normalisation with a ridge (WCCN, Hatch & Stolcke 2006): the eigenvectors of S_w, the base classes' pooled
 * covariance (divisor n − classes), each divided by the root of its variance plus ρλ̄. Dimensions are then independent within classes, as
 * the masks' theory assumes, and all d of them are kept, from largest variance to smallest. One d × d eigendecomposition.
 *
 * Without a mask after it only the division matters, because a rotation alone changes no inner product. With the ridge counted, the
 * variance within
 * classes is 1 in every dimension; `within` holds it without the ridge, λ/(λ + ρλ̄). ψ is the variance of the class means minus 1/n,
 * where n is the harmonic mean of the class sizes, so ψ and 1 are the τ² and σ² of a `prior` mask. Where n − classes < d, the vectors of
 * variance 0
 * are any orthonormal ones.
 *
 * @param features - n × d base rows, normalised or not: the fit l2-normalises, centres and l2-normalises them, as {@link project} does
 * @param labels - n labels, at least two classes
 * @param options - `ridge` ρ; `rows` to use (default all)
 * @returns a basis of d dimensions, with ψ and within; columns have their largest element positive
 * @throws RangeError when rows and labels differ in number, a value is not finite, there are fewer than two classes, nothing varies within
 *   classes, or the covariance is singular for want of a ridge
 * @example
 * ```ts
 * import { fitWithin, syntheticFeatures } from "softprobe";
 *
 * const { features, labels } = syntheticFeatures({ classes: 6, rowsPerClass: 20, dims: 32, seed: 1 });
 * const basis = fitWithin(features, labels, { ridge: 0.2 });
 * console.log(basis.dimensions, basis.within.every((share) => share > 0 && share < 1)); // → 32 true
 * ```
 */
export function fitWithin(
  features: Matrix,
  labels: Labels | LabelIndex,
  options: WithinOptions & { readonly root?: "eigen" },
): Basis & { readonly psi: Float64Array; readonly within: Float64Array };
export function fitWithin(features: Matrix, labels: Labels | LabelIndex, options: WithinOptions): Basis;
export function fitWithin(features: Matrix, labels: Labels | LabelIndex, options: WithinOptions): Basis {
  const caller = "fitWithin";
  checkOptions(options, caller, basisOptionNames, withinOptionNames);
  const base = checkBase(features, labels, options, caller);
  const ridge = checkRidge(options.ridge, caller);
  const root = checkChoice(options.root ?? "eigen", caller, "root", ["eigen", "cholesky"]);
  const d = features.cols;
  const n = base.rows.length;
  const k = base.classes;
  return withKernels(options.kernels, (kernels) => {
    const { memory } = kernels;
    const { mean, residuals, between, meanVariance, freedom, noise } = classScatter(base, kernels, caller);
    const matrix = memory.allocate(8 * d * d);
    memory.f64.fill(0, matrix >>> 3, (matrix >>> 3) + d * d);
    kernels.multiply(d, d, n, residuals, 1, d, residuals, d, 1, matrix, d, 1 / freedom, 1);
    if (root === "cholesky") {
      const added = ridge * meanVariance;
      const { f64 } = memory;
      for (let j = 0; j < d; j++) f64[(matrix >>> 3) + j * d + j] += added;
      const info = memory.allocate(8);
      choleskyOf(kernels)(d, matrix, d, info);
      if (memory.f64[info >>> 3] !== 0 || (added === 0 && freedom < d)) {
        throw valueError(
          caller,
          "ridge",
          `is ${ridge}`,
          `a larger one: the covariance of ${n} rows in ${k} classes and ${d} dimensions is singular`,
        );
      }
      const { normalize } = base;
      const lower = memory.f64.slice(matrix >>> 3, (matrix >>> 3) + d * d);
      const none = { transform: null, lowRank: null, psi: null, within: null };
      return { kind: "within", normalize, ridge, cols: d, dimensions: d, mean, lower, ...none };
    }
    const { values, order } = eigenSymmetric(kernels, d, matrix, caller);
    const added = ridge * meanVariance;
    if (added === 0 && (freedom < d || !(values[order[d - 1]] > 1e-13 * values[order[0]]))) {
      throw valueError(
        caller,
        "ridge",
        `is ${ridge}`,
        `a larger one: the covariance of ${n} rows in ${k} classes and ${d} dimensions is singular`,
      );
    }
    const { f64 } = memory;
    const transform = new Float64Array(d * d);
    const within = new Float64Array(d);
    const psi = new Float64Array(d);
    for (let i = 0; i < d; i++) {
      const variance = Math.max(values[order[i]], 0);
      const scale = 1 / Math.sqrt(variance + added);
      const from = (matrix >>> 3) + order[i] * d;
      within[i] = variance / (variance + added);
      for (let j = 0; j < d; j++) transform[j * d + i] = f64[from + j] * scale;
      let spread = 0;
      for (let c = 0; c < k; c++) {
        let along = 0;
        for (let j = 0; j < d; j++) along += between[c * d + j] * f64[from + j];
        spread += along * along;
      }
      psi[i] = Math.max((spread * scale * scale) / (k - 1) - noise, 0);
    }
    orient(transform, d, d);
    const { normalize } = base;
    return { kind: "within", normalize, ridge, cols: d, dimensions: d, mean, transform, lower: null, lowRank: null, psi, within };
  });
}
