import { checkOptions, type OptionNames } from "../core/checkOptions.ts";
import type { Labels } from "../core/labels.ts";
import type { Matrix } from "../core/matrix.ts";
import { checkDomain, domainOf } from "../estimate/domainOf.ts";
import { type EvaluateOptions, evaluateOptionNames } from "../plan/prepareEvaluation.ts";
import { inSlices, type Progress, type ProgressOptions, progressOptionNames } from "../run/slices.ts";
import { evaluationScore } from "../tune/evaluationScore.ts";
import type { Evaluation } from "./results.ts";
import { summariseEvaluation } from "./summarise.ts";

/** A moment of a running evaluation. */
export interface EvaluationProgress extends Progress {
  /** The result over the episodes done so far: made when called. */
  soFar(): Evaluation;
}

const signalOptionNames: OptionNames<Pick<ProgressOptions, "signal">> = { signal: true };

/**
 * The evaluation as an async iteration: yields now and then, with the result so far, and returns the whole. Breaking out of the loop stops it.
 *
 * @param features - n × d
 * @param labels - n labels
 * @param options - those of `evaluate`
 * @throws as `evaluate`
 * @example
 * ```ts
 * import { evaluateStream, syntheticFeatures } from "softprobe";
 *
 * const { features, labels } = syntheticFeatures({ seed: 1 });
 * for await (const { done, total, soFar } of evaluateStream(features, labels, { episodes: 20 })) {
 *   if (done === total) console.log(soFar().episodes); // → 20
 * }
 * ```
 */
export async function* evaluateStream(
  features: Matrix,
  labels: Labels,
  options: EvaluateOptions & Pick<ProgressOptions, "signal"> = {},
): AsyncGenerator<EvaluationProgress, Evaluation> {
  checkOptions(options, "evaluateStream", ...evaluateOptionNames, signalOptionNames);
  return yield* evaluationSteps(features, labels, options);
}

async function* evaluationSteps(
  features: Matrix,
  labels: Labels,
  options: EvaluateOptions & Pick<ProgressOptions, "signal">,
): AsyncGenerator<EvaluationProgress, Evaluation> {
  const runner = evaluationScore(features, labels, options);
  const { episodes } = runner.run;
  const { width } = runner;
  const correct = new Int32Array(episodes * width);
  const totals = new Int32Array(episodes);
  const domain = checkDomain(options, "evaluate") ? domainOf(runner.run, options.kernels) : null;
  const soFar = (done: number) =>
    summariseEvaluation(
      runner,
      { correct: correct.subarray(0, done * width), totals: totals.subarray(0, done) },
      options.perEpisode ?? false,
      domain,
    );
  const step = (e: number): void => {
    totals[e] = runner.count(e, correct.subarray(e * width, (e + 1) * width));
  };
  try {
    for await (const { done, total } of inSlices(episodes, step, options.signal)) yield { done, total, soFar: () => soFar(done) };
  } finally {
    runner.end();
  }
  return soFar(episodes);
}

/**
 * Runs every mask and every probe over the same few-shot episodes: accuracy with its 95 % interval (Student t over episodes), and the paired
 * difference to the first mask, with interval and p.
 *
 * With `drawsPerTask` > 1 the draws of a task are not independent, so its mean is one value and intervals and tests are Student t over tasks; each result then
 * says how much of its variance comes from tasks and how much from draws, and how many episodes an interval of ± 1 point needs. Where classes have
 * unequal shots or queries, `metrics` adds balanced accuracy and macro-F1, made of each episode's confusion matrix. `expectedCalibrationError` pools
 * the answers of all episodes into 15 bins (an episode alone has too few); its interval is that of the jackknife over tasks, and like the error
 * itself is not freed of its bias upwards.
 *
 * Where a base set's rows are given, `domain` says whether the features' classes look like theirs: where not, what base classes teach may harm.
 *
 * @param features - n × d, finite
 * @param labels - n labels: numbers, strings or bigints
 * @param options - ways, shots, queries, episodes, seed, masks, probes, augmented, base, C, trainOn, normalize, drawsPerTask, metrics, domain, perEpisode; onProgress and signal
 * @returns the result document, `softprobe/eval@1`: results mask by mask in the order asked, each with every probe
 * @throws RangeError or TypeError naming the argument, row or class at fault; the signal's reason when aborted
 * @see METHOD.md, "Evaluation"
 * @example
 * ```ts
 * import { evaluate, syntheticFeatures } from "softprobe";
 *
 * const { features, labels } = syntheticFeatures({ seed: 1 });
 * const { results } = await evaluate(features, labels, { episodes: 50, masks: ["none", "pair@oracle/top:0.05"] });
 * console.log(results[1].mask, results[1].accuracy > results[0].accuracy + 0.05); // → pair@oracle/top:0.05 true
 * ```
 */
export async function evaluate(features: Matrix, labels: Labels, options: EvaluateOptions & ProgressOptions = {}): Promise<Evaluation> {
  checkOptions(options, "evaluate", ...evaluateOptionNames, progressOptionNames);
  const stream = evaluationSteps(features, labels, options);
  for (;;) {
    const { value, done } = await stream.next();
    if (done) return value;
    options.onProgress?.({ done: value.done, total: value.total });
  }
}
