import { checkOptions, type OptionNames } from "../core/checkOptions.ts";
import { checkChoice, checkPositive } from "../core/checks.ts";
import { kindError, shapeError } from "../core/errors.ts";
import type { Labels } from "../core/labels.ts";
import type { Matrix } from "../core/matrix.ts";
import { hitsOfRows, logLossOfRows, weightedMean } from "./heldOutLoss.ts";
import { type HeldOutOptions, heldOutOptionNames, withHeldOut } from "./prepareHeldOut.ts";

export interface PenaltyOptions extends HeldOutOptions {
  /** Values of C > 0 to compare, in any order (default: 11 from 0.01 to 1000 by half decades, over the rows' mean squared distance from their mean). */
  readonly path?: ArrayLike<number>;
  /** `"least"` (default) or `"oneStandardError"`: see {@link choosePenalty}. */
  readonly rule?: "least" | "oneStandardError";
}

const penaltyOptionNames: OptionNames<PenaltyOptions, HeldOutOptions> = { path: true, rule: true };

/** Leave-one-out at one C. */
export interface PenaltyPoint {
  readonly C: number;
  /** Mean held-out −ln p(own class), by weight. */
  readonly logLoss: number;
  /** Mean amount by which the log loss is above the path's least, and the standard error of that mean over rows. */
  readonly excess: number;
  readonly standardError: number;
  /** Share of held-out rows predicted right, 0 … 1, by weight. */
  readonly accuracy: number;
  readonly converged: boolean;
}

/** The C chosen, and what it was chosen from. */
export interface PenaltyChoice {
  readonly C: number;
  /** The C of least held-out log loss. */
  readonly least: number;
  /** Ascending in C. */
  readonly path: readonly PenaltyPoint[];
}

/** The default path: at C · scale = 0.01 the probe is nearly a nearest centroid, at 1000 it nearly separates what can be separated. */
function defaultPath(scale: number): Float64Array {
  return Float64Array.from({ length: 11 }, (_, i) => (Number(`1e${(i >> 1) - 2}`) * (i & 1 ? Math.sqrt(10) : 1)) / (scale > 0 ? scale : 1));
}

/** Mean of differences by weight, and its standard error with the effective number of rows. */
function meanAndError(values: Float64Array, weights: Float64Array): [number, number] {
  const mean = weightedMean(values, weights);
  let [total, squares, spread] = [0, 0, 0];
  for (let i = 0; i < values.length; i++) {
    total += weights[i];
    squares += weights[i] * weights[i];
    spread += weights[i] * (values[i] - mean) ** 2;
  }
  const effective = (total * total) / squares;
  return [mean, effective > 1 ? Math.sqrt(spread / total / (effective - 1)) : 0];
}

/**
 * Chooses the softmax probe's C without a validation set: exact leave-one-out along a path of C, each fit started from its neighbour's answer,
 * judged by log loss (accuracy over so few rows moves in steps of 1/n, and can't tell one C from the next).
 *
 * The rule `"least"` takes the least log loss. `"oneStandardError"` takes the smallest C, that is the strongest penalty, whose log loss is above
 * the least by no more than one standard error of that paired difference over rows (Breiman et al. 1984, with the difference paired; it treats rows
 * as independent, which held-out rows of one fit are only roughly): a larger C must show that it is needed. On the shared pairs at 2 and 5
 * shots the least gave the lower log loss on queries every time, at equal accuracy, and so is the default.
 *
 * @param features - n × d, finite; or, with `precomputed`, their n × n Gram matrix
 * @param labels - n labels of at least two classes, each in at least two rows
 * @param options - path, rule, fitIntercept, sampleWeight, groups, precomputed, kernels
 * @returns the C chosen, and log loss and accuracy at every C
 * @throws RangeError as `leaveOneOut`; when the path is empty or holds a value that is not a finite number above 0
 * @example
 * ```ts
 * import { choosePenalty, toMatrix } from "softprobe";
 *
 * const features = toMatrix([[0, 1], [0.1, 0.9], [1, 0], [0.9, 0.2], [0.3, 0.8], [0.8, 0.1]]);
 * const { C, path } = choosePenalty(features, ["cat", "cat", "dog", "dog", "cat", "dog"], { path: [0.01, 1, 100] });
 * console.log(C, path.map(({ logLoss }) => logLoss.toFixed(2)).join(" ")); // → 100 0.91 0.46 0.03
 * ```
 */
export function choosePenalty(features: Matrix, labels: Labels, options: PenaltyOptions = {}): PenaltyChoice {
  const caller = "choosePenalty";
  checkOptions(options, caller, heldOutOptionNames, penaltyOptionNames);
  const rule = checkChoice(options.rule ?? "least", caller, "rule", ["least", "oneStandardError"]);
  let given: Float64Array | null = null;
  if (options.path !== undefined) {
    if (options.path === null || typeof options.path !== "object" || typeof options.path.length !== "number")
      throw kindError(caller, "path", options.path, "an array of numbers");
    if (options.path.length === 0) throw shapeError(caller, "path", "0 values", "at least 1");
    given = Float64Array.from(options.path, (value, i) => checkPositive(value, caller, `path[${i}]`)).sort();
  }
  return withHeldOut(features, labels, options, caller, ({ classes, codes, weights, scale, solve }) => {
    const [n, k] = [codes.length, classes.length];
    const logits = new Float64Array(n * k);
    const solved = Array.from(given ?? defaultPath(scale), (C) => {
      const converged = solve(C, logits);
      const losses = logLossOfRows(logits, codes, k);
      return {
        C,
        converged,
        losses,
        logLoss: weightedMean(losses, weights),
        accuracy: weightedMean(hitsOfRows(logits, codes, k), weights),
      };
    });
    const best = solved.reduce((least, point) => (point.logLoss < least.logLoss ? point : least));
    const path = solved.map(({ C, converged, losses, logLoss, accuracy }): PenaltyPoint => {
      const [excess, standardError] = meanAndError(
        losses.map((loss, i) => loss - best.losses[i]),
        weights,
      );
      return { C, logLoss, excess, standardError, accuracy, converged };
    });
    const within = path.find(({ excess, standardError }) => excess <= standardError);
    return { C: rule === "least" || !within ? best.C : within.C, least: best.C, path };
  });
}
