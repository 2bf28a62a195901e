import { checkOptions, type OptionNames } from "../core/checkOptions.ts";
import { checkPositive } from "../core/checks.ts";
import { kindError, shapeError, valueError } from "../core/errors.ts";
import { type ClassName, type ClassOf, indexGiven, type Labels } from "../core/labels.ts";
import { checkMatrix, type Matrix } from "../core/matrix.ts";
import { doWork } from "../core/work.ts";
import { borrowKernels, type KernelChoice, withKernels } from "../kernels/createKernels.ts";
import type { Kernels } from "../kernels/kernels.ts";
import { checkRowWeights, type WeightOptions, weightOptionNames } from "../solve/checkWeights.ts";
import { cheaperForm, prepareSoftmax } from "../solve/prepareSoftmax.ts";
import { refineSoftmax, type SoftmaxProblem, softmaxPoint, vanishingPoint } from "../solve/refineSoftmax.ts";
import type { SoftmaxSolution } from "../solve/softmaxSolution.ts";

export interface SoftmaxOptions extends WeightOptions {
  /** Inverse strength of the ½‖W‖² penalty, > 0 (default 1). */
  readonly C?: number;
  /** Whether each class has a free, unpenalised intercept (default true). */
  readonly fitIntercept?: boolean;
  readonly kernels?: KernelChoice;
}

const softmaxOptionNames: OptionNames<SoftmaxOptions, WeightOptions> = { C: true, fitIntercept: true, kernels: true };

/** A trained softmax probe: logits are coef · x + intercept. */
export interface SoftmaxHead<Label extends ClassName = ClassName> {
  readonly kind: "softmax";
  /** k labels, in the order of the rows of `coef`. */
  readonly classes: readonly Label[];
  readonly cols: number;
  /** k × d. */
  readonly coef: Float64Array;
  /** k values that sum to 0; zeros without an intercept. */
  readonly intercept: Float64Array;
  readonly C: number;
  /** Newton steps taken. */
  readonly nIter: number;
  /** Whether the gradient, recomputed at the solution, is at most 1e-8 of ‖W‖ (or of the size of rounding). If not, `gradientNorm` says how much is left. */
  readonly converged: boolean;
  /** Euclidean norm of the gradient in (W, intercept). */
  readonly gradientNorm: number;
  /** C · Σ w_i · logloss_i + ½‖W‖² at the answer. */
  readonly objective: number;
}

/** Values that plain loops are given. */
const mostRefined = 1e6;

/** What is left to try where the solver has not converged: from its answer, or a better start, by plain loops. */
function goOn(
  problem: Omit<SoftmaxProblem, "weights"> & { readonly weights: Float64Array; readonly C: number },
  solution: SoftmaxSolution,
) {
  const { C, cols, codes, k } = problem;
  if (codes.length * cols * k > mostRefined) return solution;
  const scaled = { ...problem, weights: problem.weights.map((weight) => C * weight) };
  const width = cols + 1;
  const theta = new Float64Array(k * width);
  solution.intercept.forEach((value, c) => {
    theta.set(solution.coef.subarray(c * cols, (c + 1) * cols), c * width);
    theta[c * width + cols] = value;
  });
  const starts = [softmaxPoint(scaled, theta), softmaxPoint(scaled, new Float64Array(k * width)), vanishingPoint(scaled)];
  const start = starts.reduce((best, each) => (each.converged || each.objective < best.objective ? each : best));
  const { point, steps } = refineSoftmax(scaled, start);
  const coef = new Float64Array(k * cols);
  const intercept = solution.intercept.map((_, c) => {
    coef.set(point.theta.subarray(c * width, c * width + cols), c * cols);
    return point.theta[c * width + cols];
  });
  const { converged, gradientNorm, objective } = point;
  return { coef, intercept, nIter: solution.nIter + steps, converged, gradientNorm, objective };
}

/**
 * Fits the linear softmax (multinomial logistic) probe: the exact minimiser of C · Σ w_i · logloss_i + ½‖W‖², not a fixed number of steps.
 * scikit-learn's `LogisticRegression` with three classes or more has the same minimiser; with two classes it has one weight vector, which
 * makes it equal to this probe with half its C.
 *
 * The problem has two forms, and the cheaper one is solved. With few rows, W is computed in their span: O(n² · d) for their Gram matrix
 * and O(n² · k) a step of conjugate gradients. With many rows, W is computed in d dimensions: O(n · d · k) a step, some 20 to 50 of them, and memory of O(n · k + d · k)
 * beyond the rows, or d² if the problem is stiff (a large C, or columns of very different scales). Both give the same answer.
 *
 * @param features - n × d, finite
 * @param labels - n labels of at least two classes
 * @param options - C, fitIntercept, sampleWeight, classWeight, kernels
 * @returns coef (k × d), intercept, and how well it converged
 * @throws RangeError when rows and labels differ in number, there is one class only, C or a weight is out of range, a value is not finite, or a
 *   row's norm is beyond 1e150
 * @see scikit-learn's LogisticRegression [SK]
 * @example
 * ```ts
 * import { fitSoftmax, predict, toMatrix } from "softprobe";
 *
 * const head = fitSoftmax(toMatrix([[0, 1], [1, 0], [0, 0.9], [0.8, 0]]), ["cat", "dog", "cat", "dog"]);
 * console.log(predict(head, toMatrix([[0.1, 0.7]])), head.converged); // → [ 'cat' ] true
 * ```
 */
export function fitSoftmax<Given extends Labels>(
  features: Matrix,
  labels: Given,
  options: SoftmaxOptions = {},
): SoftmaxHead<ClassOf<Given>> {
  const checked = checkFit(features, labels, options);
  return withKernels(options.kernels, (kernels) => doWork(fitOn(kernels, checked))) as SoftmaxHead<ClassOf<Given>>;
}

/** {@link fitSoftmax} a step at a time, on kernels of its own: others may run between. */
export function* fittingSoftmax(features: Matrix, labels: Labels, options: SoftmaxOptions): Generator<void, SoftmaxHead, void> {
  const checked = checkFit(features, labels, options);
  const { kernels, end } = borrowKernels(options.kernels);
  try {
    return yield* fitOn(kernels, checked);
  } finally {
    end();
  }
}

const caller = "fitSoftmax";

/** What is to be fitted, everything checked. */
interface CheckedFit {
  readonly features: Matrix;
  readonly classes: readonly ClassName[];
  readonly codes: Int32Array;
  readonly weights: Float64Array;
  readonly C: number;
  readonly fitIntercept: boolean;
}

function checkFit(features: Matrix, labels: Labels, options: SoftmaxOptions): CheckedFit {
  checkOptions(options, caller, weightOptionNames, softmaxOptionNames);
  const { rows: n } = checkMatrix(features, caller, "features");
  const C = checkPositive(options.C ?? 1, caller, "C");
  const fitIntercept = options.fitIntercept ?? true;
  if (typeof fitIntercept !== "boolean") throw kindError(caller, "fitIntercept", fitIntercept, "true or false");
  if (n === 0) throw shapeError(caller, "features", "0 rows", "at least 2");
  const { classes, codes } = indexGiven(labels, caller);
  if (codes.length !== n) throw shapeError(caller, "labels", `${codes.length} rows`, `${n}, one a row of features`);
  const k = classes.length;
  if (k < 2) throw shapeError(caller, "labels", `one class, ${String(classes[0])}`, "at least 2");
  const weights = checkRowWeights(options, { classes, codes }, caller);
  if (!weights.some((weight) => weight > 0))
    throw valueError(
      caller,
      options.classWeight === undefined ? "sampleWeight" : "sampleWeight times classWeight",
      "is 0 in every row",
      "at least one weight above 0",
    );
  return { features, classes, codes, weights, C, fitIntercept };
}

function* fitOn(kernels: Kernels, { features, classes, codes, weights, C, fitIntercept }: CheckedFit): Generator<void, SoftmaxHead, void> {
  const k = classes.length;
  const { cols } = features;
  const setting = { features, codes, k, fitIntercept };
  let solution = yield* prepareSoftmax(kernels, setting, caller).solving({ C, weights });
  if (!solution.converged && codes.length * cols * k > mostRefined && cheaperForm(codes.length, cols, k) === "dual") {
    // A large C asks for dual coefficients to more digits than the Gram matrix has: in d dimensions nothing cancels.
    const { nIter } = solution;
    const further = yield* prepareSoftmax(kernels, { ...setting, form: "primal" }, caller).solving({ C, weights, warm: solution });
    if (further.converged || further.gradientNorm < solution.gradientNorm) solution = { ...further, nIter: nIter + further.nIter };
  }
  const problem = { data: features.data, cols, codes, k, weights, C, fitIntercept };
  const { coef, intercept, nIter, converged, gradientNorm, objective } = solution.converged ? solution : goOn(problem, solution);
  return { kind: "softmax", classes, cols, coef, intercept, C, nIter, converged, gradientNorm, objective };
}
