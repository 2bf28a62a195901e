import { checkOptions } from "../core/checkOptions.ts";
import type { Labels } from "../core/labels.ts";
import type { Features } from "../plan/options.ts";
import { type EvaluationOptions, evaluateOptionNames } from "../plan/prepareEvaluation.ts";
import { type ExecuteOptions, execute, executeOptionNames } from "../run/execute.ts";
import { progressOptionNames } from "../run/slices.ts";
import { evaluationPlan } from "./planEvaluation.ts";
import type { Evaluation } from "./results.ts";

/**
 * Runs every mask and every probe over the same few-shot episodes: accuracy with its 95 % interval (Student t over episodes), and the paired
 * difference to the first mask, with interval and p.
 *
 * With `drawsPerTask` > 1 the draws of a task are not independent. Each task's mean then counts as one value, and intervals and tests are
 * over tasks.
 * Each result says how much of its variance comes from tasks and how much from draws, and how many episodes an interval of ± 1 point
 * needs. If classes have unequal shots or queries, use `metrics` to add balanced accuracy and macro-F1, computed from each episode's
 * confusion matrix. `expectedCalibrationError` pools
 * the answers of all episodes into 15 bins (an episode alone has too few); its interval is a jackknife over tasks. Neither is corrected
 * for the upward bias of binning.
 *
 * If you give a base set as rows, `domain` in the result says whether the features' classes resemble its classes. If not, masks and bases
 * learned from it may cost accuracy.
 *
 * If `features` is a reader (from `openFeatures`), each episode reads its own rows. If a mask needs class statistics, one pass over all
 * rows computes them first. The result is the same to the bit. Masks with a basis, `tuned` and `baseClasses: "all"` need all rows in
 * memory and are refused for a reader.
 *
 * @param features - n × d, finite; or a reader of them
 * @param labels - n labels: numbers, strings or bigints
 * @param options - ways, shots, queries, episodes, seed, masks, probes, augmented, base, C, trainOn, normalize, drawsPerTask, metrics, domain, perEpisode; on, onProgress and signal
 * @returns the result document, `softprobe/eval@1`: results mask by mask in the order asked, each with every probe
 * @throws RangeError or TypeError naming the argument, row or class at fault; the signal's reason when aborted
 * @see docs/method.md for the definitions; `tuneMask`, which chooses a mask; `redundancyCurve`, which varies the number of dimensions
 * @example
 * ```ts
 * import { evaluate, syntheticFeatures } from "softprobe";
 *
 * const { features, labels } = syntheticFeatures({ seed: 1 });
 * const { results } = await evaluate(features, labels, { episodes: 50, masks: ["none", "pair@oracle/top:0.05"] });
 * console.log(results[1].mask, results[1].accuracy > results[0].accuracy + 0.05); // → pair@oracle/top:0.05 true
 * ```
 */
export async function evaluate(
  features: Features,
  labels: Labels,
  options: EvaluationOptions & ExecuteOptions<Evaluation> = {},
): Promise<Evaluation> {
  checkOptions(options, "evaluate", ...evaluateOptionNames, executeOptionNames, progressOptionNames);
  const { on, onProgress, signal, journal, ...rest } = options;
  return execute(evaluationPlan("evaluate", features, labels, rest), { on, onProgress, signal, journal });
}
