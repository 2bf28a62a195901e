import { checkOptions, type OptionNames } from "../core/checkOptions.ts";
import { checkChoice, checkPositive } from "../core/checks.ts";
import { shapeError } from "../core/errors.ts";
import { checkFinite, type Matrix } from "../core/matrix.ts";
import { rejectionOf } from "./rejectionOf.ts";

export interface RejectionOptions {
  /** Which score marks unknown rows (default `"probability"`): see {@link rejectionScore}. */
  readonly by?: "probability" | "margin" | "score";
  /** Divides the scores before the softmax of `"probability"` and `"margin"` (default 1): that of `fitTemperature`. */
  readonly temperature?: number;
}

const rejectionOptionNames: OptionNames<RejectionOptions> = { by: true, temperature: true };

/**
 * Scores how little each row looks like any class that a head knows: the higher, the more likely the right answer is "none of these".
 * It needs class scores alone, so it works with every head (`decisionFunction`, `pldaScores`), with held-out rows (`leaveOneOut`) and
 * with probes of your own:
 *
 * - `"probability"`: 1 − the largest softmax probability, 0 … 1 − 1/k (Hendrycks & Gimpel, ICLR 2017);
 * - `"margin"`: 1 − (largest − second probability), 0 … 1: the choice between two classes is hard, or neither fits;
 * - `"score"`: minus the largest score: for a centroid head half the squared distance to the nearest class, for a cosine head minus the
 *   cosine, for a softmax head the largest logit negated, which sees length as well as direction (Vaze et al., ICLR 2022), for PLDA minus the largest
 *   log density. Use it for centroid, cosine and PLDA heads.
 *
 * @param scores - n × k, higher is likelier
 * @param options - by, temperature
 * @returns n values; a row is rejected where its value is above a threshold (`rejectionThreshold`)
 * @throws RangeError when a score is not finite, there is one class only, or an option is out of range
 * @example
 * ```ts
 * import { decisionFunction, fitCentroid, rejectionScore, toMatrix } from "softprobe";
 *
 * const head = fitCentroid(toMatrix([[0, 0], [4, 0]]), ["left", "right"]);
 * const scores = decisionFunction(head, toMatrix([[0, 1], [2, 9]]));
 * console.log(rejectionScore(scores, { by: "score" })); // → Float64Array(2) [ 0.5, 42.5 ]
 * ```
 */
export function rejectionScore(scores: Matrix, options: RejectionOptions = {}): Float64Array {
  const caller = "rejectionScore";
  checkOptions(options, caller, rejectionOptionNames);
  const { cols: k } = checkFinite(scores, caller, "scores");
  const temperature = checkPositive(options.temperature ?? 1, caller, "temperature");
  if (k < 2) throw shapeError(caller, "scores", "1 column", "at least 2, one a class");
  const by = checkChoice(options.by ?? "probability", caller, "by", ["probability", "margin", "score"]);
  return rejectionOf(scores, by, temperature);
}
