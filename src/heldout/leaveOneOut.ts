import { checkOptions, type OptionNames } from "../core/checkOptions.ts";
import { checkPositive } from "../core/checks.ts";
import type { ClassName, Labels } from "../core/labels.ts";
import { largestAt } from "../core/largest.ts";
import type { Matrix } from "../core/matrix.ts";
import { doWork } from "../core/work.ts";
import { withKernels } from "../kernels/createKernels.ts";
import { weightOptionNames } from "../solve/checkWeights.ts";
import { hitsOfRows, logLossOfRows, weightedMean } from "../statistics/logLossOfRows.ts";
import { heldOutSolver } from "./heldOutSolver.ts";
import { type HeldOutOptions, heldOutOptionNames, prepareHeldOut } from "./prepareHeldOut.ts";

export interface LeaveOneOutOptions extends HeldOutOptions {
  /** Inverse strength of the ½‖W‖² penalty, > 0 (default 1). */
  readonly C?: number;
}

const leaveOneOutOptionNames: OptionNames<LeaveOneOutOptions, HeldOutOptions> = { C: true };

/** Predictions of a softmax probe for each of its training rows, by a fit that has not seen that row. */
export interface LeaveOneOut {
  /** k labels, ascending, in the order of the logits' columns. */
  readonly classes: readonly ClassName[];
  /** n: each row's class by position in `classes`. */
  readonly codes: Int32Array;
  /** n × k: row i by the probe trained on all other rows. */
  readonly logits: Matrix;
  /** n: the largest logit's class, the first of equals. */
  readonly predictions: readonly ClassName[];
  /** Share of rows predicted right, 0 … 1, by weight. */
  readonly accuracy: number;
  /** Mean −ln p(own class), by weight. */
  readonly logLoss: number;
  /** Whether every fit reached its tolerance. If not (many more rows than dimensions at a large C), the last digits are uncertain. */
  readonly converged: boolean;
}

/**
 * Exact leave-one-out of the softmax probe, without n retrainings: row i's logits are those of `fitSoftmax` on all other rows. All fits
 * share one Gram matrix, in which a left-out row has weight 0, and start from the fit on all rows: O(n² · d) once and O(n² · k) a
 * conjugate gradient step, some ten a row.
 *
 * Leaving out a row makes its class smaller, so its intercept falls. With few rows a class and a small C this outweighs the features, and
 * every row is predicted wrongly. With `balanced` the other rows of the class take over the weight. This is as exact (the fits are those
 * of `fitSoftmax` with such weights), and a temperature should be fitted to it.
 *
 * It shows, without further data, whether a probe works, which C to take ({@link choosePenalty}), how confident it may be
 * (`fitTemperature`) and when to answer "none of these" (`rejectionThreshold`). It needs two rows a class: without its only example
 * nothing is known of a class, and the error says so.
 *
 * @param features - n × d, finite; or, with `precomputed`, their n × n Gram matrix
 * @param labels - n labels of at least two classes, each in at least two rows (of weight above 0, and of different groups)
 * @param options - C, fitIntercept, sampleWeight, classWeight, groups, precomputed, kernels
 * @returns held-out logits, predictions, accuracy and log loss
 * @throws RangeError when a class has one row only, rows, labels, weights or groups differ in number, C or a weight is out of range, or a value
 *   is not finite
 * @see Cawley & Talbot, "Efficient approximate leave-one-out cross-validation for kernel logistic regression", 2008
 * @example
 * ```ts
 * import { leaveOneOut, toMatrix } from "softprobe";
 *
 * const features = toMatrix([[0, 1], [0.1, 0.9], [1, 0], [0.9, 0.2], [0.3, 0.8], [0.2, 0.7]]);
 * const { predictions, accuracy } = leaveOneOut(features, ["cat", "cat", "dog", "dog", "cat", "dog"], { C: 10 });
 * console.log(predictions.join(" "), accuracy); // → cat cat dog dog dog cat 0.6667
 * ```
 */
export function leaveOneOut(features: Matrix, labels: Labels, options: LeaveOneOutOptions = {}): LeaveOneOut {
  checkOptions(options, "leaveOneOut", weightOptionNames, heldOutOptionNames, leaveOneOutOptionNames);
  const C = checkPositive(options.C ?? 1, "leaveOneOut", "C");
  return withKernels(options.kernels, (kernels) => {
    const problem = prepareHeldOut(kernels, features, labels, options, "leaveOneOut");
    const { classes, codes, weights, k } = problem;
    const n = codes.length;
    const data = new Float64Array(n * k);
    const converged = doWork(heldOutSolver(kernels, { ...problem, gram: problem.gram! })(C, data));
    return {
      classes,
      codes,
      logits: { data, rows: n, cols: k },
      predictions: Array.from({ length: n }, (_, i) => classes[largestAt(data, i * k, k)]),
      accuracy: weightedMean(hitsOfRows(data, codes, k), weights),
      logLoss: weightedMean(logLossOfRows(data, codes, k), weights),
      converged,
    };
  });
}
