import { checkOptions, type OptionNames } from "../core/checkOptions.ts";
import { checkPositive } from "../core/checks.ts";
import { kindError, shapeError, valueError } from "../core/errors.ts";
import { type ClassName, indexLabels, type Labels } from "../core/labels.ts";
import { checkFinite, type Matrix } from "../core/matrix.ts";
import { type KernelChoice, withKernels } from "../kernels/createKernels.ts";
import { loadRows } from "../kernels/loadRows.ts";
import { checkWeights } from "./checkWeights.ts";
import { refineSoftmax, softmaxPoint, vanishingPoint } from "./refineSoftmax.ts";
import { fitMaxIterations, fitTolerance, fitWorkspace, paddedClasses } from "./solveSoftmax.ts";

export interface SoftmaxOptions {
  /** Inverse strength of the ½‖W‖² penalty, > 0 (default 1). */
  readonly C?: number;
  /** Whether each class has a free, unpenalised intercept (default true). */
  readonly fitIntercept?: boolean;
  /** n weights ≥ 0, not all 0 (default 1 each). */
  readonly sampleWeight?: ArrayLike<number>;
  readonly kernels?: KernelChoice;
}

const softmaxOptionNames: OptionNames<SoftmaxOptions> = { C: true, fitIntercept: true, sampleWeight: true, kernels: true };

/** A trained softmax probe: logits are coef · x + intercept. */
export interface SoftmaxHead {
  readonly kind: "softmax";
  /** k labels, in the order of the rows of `coef`. */
  readonly classes: readonly ClassName[];
  readonly cols: number;
  /** k × d. */
  readonly coef: Float64Array;
  /** k values that sum to 0; zeros without an intercept. */
  readonly intercept: Float64Array;
  readonly C: number;
  /** Newton steps taken. */
  readonly nIter: number;
  /** Whether the gradient, computed anew at the answer, is at most 1e-8 of ‖W‖ (or rounding of its terms): if not, so much is left. */
  readonly converged: boolean;
  /** Euclidean norm of the gradient in (W, intercept). */
  readonly gradientNorm: number;
  /** C · Σ w_i · logloss_i + ½‖W‖² at the answer. */
  readonly objective: number;
}

/** The largest row norm whose square, and sums of such squares, a double can hold. */
const largestNorm = 1e150;

/**
 * Fits the linear softmax (multinomial logistic) probe: the exact minimiser of C · Σ w_i · logloss_i + ½‖W‖², not a fixed number of steps.
 * scikit-learn's `LogisticRegression` with three classes or more has the same minimiser; its two-class case is parametrised by one vector,
 * which makes it equal to this probe with half its C.
 *
 * W lies in the span of the rows, so the work is O(n² · d) for their Gram matrix and O(n² · k) a conjugate gradient step, with Newton's method
 * around it: made for n up to a few thousand rows and any d.
 *
 * @param features - n × d, finite
 * @param labels - n labels of at least two classes
 * @param options - C, fitIntercept, sampleWeight, kernels
 * @returns coef (k × d), intercept, and how well it converged; never a silent NaN
 * @throws RangeError when rows and labels differ in number, there is one class only, C or a weight is out of range, a value is not finite, or a
 *   row's norm is beyond 1e150
 * @see scikit-learn's LogisticRegression [SK]; METHOD.md, "Probes"
 * @example
 * ```ts
 * import { fitSoftmax, predict, toMatrix } from "softprobe";
 *
 * const head = fitSoftmax(toMatrix([[0, 1], [1, 0], [0, 0.9], [0.8, 0]]), ["cat", "dog", "cat", "dog"]);
 * console.log(predict(head, toMatrix([[0.1, 0.7]])), head.converged); // → [ 'cat' ] true
 * ```
 */
export function fitSoftmax(features: Matrix, labels: Labels, options: SoftmaxOptions = {}): SoftmaxHead {
  const caller = "fitSoftmax";
  checkOptions(options, caller, softmaxOptionNames);
  const { rows: n, cols } = checkFinite(features, caller, "features");
  const C = checkPositive(options.C ?? 1, caller, "C");
  const fitIntercept = options.fitIntercept ?? true;
  if (typeof fitIntercept !== "boolean") throw kindError(caller, "fitIntercept", fitIntercept, "true or false");
  if (n === 0) throw shapeError(caller, "features", "0 rows", "at least 2");
  const { classes, codes } = indexLabels(labels);
  if (codes.length !== n) throw shapeError(caller, "labels", `${codes.length} rows`, `${n}, one a row of features`);
  const k = classes.length;
  if (k < 2) throw shapeError(caller, "labels", `one class, ${String(classes[0])}`, "at least 2");
  const weights = checkWeights(options.sampleWeight, n, caller);
  if (!weights.some((weight) => weight > 0)) throw valueError(caller, "sampleWeight", "is 0 in every row", "at least one weight above 0");

  return withKernels(options.kernels, (kernels) => {
    const { memory } = kernels;
    const kp = paddedClasses(k);
    const rows = loadRows(memory, features);
    const { stride } = rows;
    const [z, gram, y, w, b, out] = [n * stride, n * n, n, n, k * n, k * stride].map((count) => memory.allocate(8 * count));
    const space = fitWorkspace(kernels, n, k);
    memory.i32.set(codes, y >>> 2);
    memory.f64.set(weights, w >>> 3);
    memory.f64.fill(0, space.dual >>> 3, (space.dual >>> 3) + n * kp);
    memory.f64.fill(0, space.intercept >>> 3, (space.intercept >>> 3) + kp);
    kernels.gather(rows.single, rows.address, stride, 0, n, cols, 0, 0, z, stride);
    kernels.gram(z, stride, n, stride, gram, 0);
    for (let i = 0; i < n; i++) {
      const norm = Math.sqrt(memory.f64[(gram >>> 3) + i * n + i]);
      if (!(norm <= largestNorm))
        throw valueError(caller, `features row ${i}`, `has norm ${norm}`, `at most ${largestNorm}, as after l2Normalize`);
    }
    kernels.fit(
      n,
      k,
      kp,
      gram,
      y,
      w,
      C,
      Number(fitIntercept),
      0,
      fitTolerance,
      fitMaxIterations,
      space.dual,
      space.intercept,
      space.work,
      space.info,
    );
    const { f64 } = memory;
    for (let c = 0; c < k; c++) for (let i = 0; i < n; i++) f64[(b >>> 3) + c * n + i] = f64[(space.dual >>> 3) + i * kp + c];
    kernels.combine(b, n, k, n, z, stride, 0, out);
    const width = cols + 1;
    const theta = new Float64Array(k * width);
    for (let c = 0; c < k; c++) {
      theta.set(f64.subarray((out >>> 3) + c * stride, (out >>> 3) + c * stride + cols), c * width);
      theta[c * width + cols] = f64[(space.intercept >>> 3) + c];
    }
    const nIter = f64[space.info >>> 3];

    // The gradient from the answer itself: the solver knows only its own, in the span of the rows.
    const problem = { data: features.data, cols, codes, k, weights: weights.map((weight) => C * weight), fitIntercept };
    const found = softmaxPoint(problem, theta);
    const starts = found.converged ? [] : [softmaxPoint(problem, new Float64Array(k * width)), vanishingPoint(problem)];
    const start = starts.reduce((best, each) => (each.converged || each.objective < best.objective ? each : best), found);
    const { point, steps } = refineSoftmax(problem, start);
    const { objective, gradientNorm, converged } = point;
    const coef = new Float64Array(k * cols);
    const intercept = new Float64Array(k);
    for (let c = 0; c < k; c++) {
      coef.set(point.theta.subarray(c * width, c * width + cols), c * cols);
      intercept[c] = point.theta[c * width + cols];
    }
    return { kind: "softmax", classes, cols, coef, intercept, C, nIter: nIter + steps, converged, gradientNorm, objective };
  });
}
