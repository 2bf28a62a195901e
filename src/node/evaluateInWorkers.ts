import { checkOptions } from "../core/checkOptions.ts";
import type { Labels } from "../core/labels.ts";
import type { Matrix } from "../core/matrix.ts";
import { evaluateByCrew } from "../evaluate/evaluateByCrew.ts";
import type { Evaluation } from "../evaluate/results.ts";
import { type EvaluateOptions, evaluateOptionNames } from "../plan/prepareEvaluation.ts";
import { type ProgressOptions, progressOptionNames } from "../run/slices.ts";
import { threadCrew, type WorkerThreadOptions, workerThreadOptionNames } from "./threadCrew.ts";

/**
 * `evaluate` on worker threads: the same document to the byte, whatever their number, while this thread stays free. Features, views, base set and
 * pool are copied once into memory that all threads share (not at all if they are there already); every thread keeps one more copy in its kernels'
 * memory.
 *
 * @param features - n × d, finite
 * @param labels - n labels
 * @param options - those of `evaluate`, and workers, the number of threads
 * @returns the result document, `softprobe/eval@1`
 * @throws as `evaluate`; TypeError for probes of your own, which can't be sent; Error naming a worker that was lost
 * @example
 * ```ts no-run: its worker file is there when the package is built
 * import { syntheticFeatures } from "softprobe";
 * import { evaluateInWorkers } from "softprobe/node";
 *
 * const { features, labels } = syntheticFeatures({ seed: 1 });
 * const { results } = await evaluateInWorkers(features, labels, { workers: 2, episodes: 50, masks: ["none", "pair@oracle/top:0.05"] });
 * console.log(results[1].mask, results[1].accuracy > results[0].accuracy + 0.05); // → pair@oracle/top:0.05 true
 * ```
 */
export async function evaluateInWorkers(
  features: Matrix,
  labels: Labels,
  options: EvaluateOptions & ProgressOptions & WorkerThreadOptions = {},
): Promise<Evaluation> {
  checkOptions(options, "evaluateInWorkers", ...evaluateOptionNames, progressOptionNames, workerThreadOptionNames);
  const { workers, workerFile, ...rest } = options;
  return evaluateByCrew(threadCrew("evaluateInWorkers", { workers, workerFile }), features, labels, rest);
}
