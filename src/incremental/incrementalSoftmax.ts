import { checkOptions, type OptionNames } from "../core/checkOptions.ts";
import { checkChoice, checkCount, checkPositive } from "../core/checks.ts";
import { kindError } from "../core/errors.ts";
import type { ClassName } from "../core/labels.ts";
import type { KernelChoice } from "../kernels/createKernels.ts";
import type { SoftmaxHead } from "../probe/fitSoftmax.ts";
import type { Rejection } from "../probe/probe.ts";

export interface IncrementalOptions {
  /** Inverse strength of the ½‖W‖² penalty, > 0 (default 1). */
  readonly C?: number;
  /** Whether each class has a free, unpenalised intercept (default true). */
  readonly fitIntercept?: boolean;
  /** `"l2"`: rows are raw, and the probe divides each by its norm; `"none"` (default): rows are used as given. */
  readonly normalize?: "l2" | "none";
  readonly kernels?: KernelChoice;
}

const incrementalOptionNames: OptionNames<IncrementalOptions> = { C: true, fitIntercept: true, normalize: true, kernels: true };

/** The solution in the span of the rows: W is the dual coefficients' transpose times the rows. */
export interface DualFit extends Pick<SoftmaxHead, "classes" | "intercept" | "nIter" | "converged" | "gradientNorm" | "objective"> {
  /** n × k. */
  readonly dual: Float64Array;
  /** The head itself, where W had to be refined in d dimensions; else null. */
  readonly refined: SoftmaxHead | null;
}

/**
 * A softmax probe's examples and its solution: a plain record that no function modifies. `addExamples` and `removeExamples` return a new
 * record that shares the remaining rows; `incrementalHead` computes the coefficients.
 */
export interface IncrementalSoftmax {
  /** d. */
  readonly cols: number;
  readonly C: number;
  readonly fitIntercept: boolean;
  readonly normalize: "l2" | "none";
  readonly kernels: KernelChoice;
  /** Logits are divided by it; 1 until `calibrateIncremental` fits it. */
  readonly temperature: number;
  /** When the probe declines to answer; null until `calibrateIncremental` chooses it. */
  readonly rejection: Rejection | null;
  /** n rows of d as they were given, in the order in which they came. */
  readonly rows: readonly Float64Array[];
  /** n. */
  readonly labels: readonly ClassName[];
  /** n × n: inner products of all rows, after normalisation. */
  readonly gram: Float64Array;
  /** null until there are two classes. */
  readonly fit: DualFit | null;
}

/** Refuses what is no state. */
export function checkState(state: IncrementalSoftmax, caller: string): void {
  if (state !== null && typeof state === "object" && Array.isArray(state.rows) && "gram" in state) return;
  throw kindError(caller, "state", state, "a state, as incrementalSoftmax and addExamples give");
}

/**
 * Starts a softmax probe without examples, for examples that arrive one by one: a page whose user labels images, a stream, active
 * learning. `addExamples` and `removeExamples` refit from the stored Gram matrix and the last solution: O(n · d) for a new row's
 * products, where a fit from scratch takes O(n² · d), and a few Newton steps of O(n² · k). `incrementalHead` then equals what
 * `fitSoftmax` gives for the same rows.
 *
 * With `normalize: "l2"` all rows are raw, those of `addExamples` and those of `incrementalClassify` and `incrementalProbe`, and the
 * probe sees them at norm 1. With `"none"`, the default, rows are used as given.
 *
 * @param cols - d ≥ 1
 * @param options - C, fitIntercept, normalize, kernels
 * @returns a record of no rows
 * @throws RangeError or TypeError when d, C or fitIntercept is out of range
 * @example
 * ```ts
 * import { predict, toMatrix } from "softprobe";
 * import { addExamples, incrementalHead, incrementalSoftmax, removeExamples } from "softprobe/incremental";
 *
 * const two = addExamples(incrementalSoftmax(2, { C: 10 }), toMatrix([[0, 1], [1, 0]]), ["cat", "dog"]);
 * const three = addExamples(two, toMatrix([[0.6, 0.8]]), ["fox"]);
 * console.log(predict(incrementalHead(three), toMatrix([[0.7, 0.7]])), two.fit!.classes); // → [ 'fox' ] [ 'cat', 'dog' ]
 * console.log(removeExamples(three, [0]).labels); // → [ 'dog', 'fox' ]
 * ```
 */
export function incrementalSoftmax(cols: number, options: IncrementalOptions = {}): IncrementalSoftmax {
  const caller = "incrementalSoftmax";
  checkOptions(options, caller, incrementalOptionNames);
  const { C = 1, fitIntercept = true, normalize = "none", kernels = "auto" } = options;
  if (typeof fitIntercept !== "boolean") throw kindError(caller, "fitIntercept", fitIntercept, "true or false");
  return {
    cols: checkCount(cols, caller, "cols"),
    C: checkPositive(C, caller, "C"),
    ...{ fitIntercept, normalize: checkChoice(normalize, caller, "normalize", ["l2", "none"]), temperature: 1, rejection: null },
    ...{ kernels: checkChoice(kernels, caller, "kernels", ["auto", "wasm", "js"]) },
    ...{ rows: [], labels: [], gram: new Float64Array(0), fit: null },
  };
}
