import { checkOptions } from "../core/checkOptions.ts";
import type { Labels } from "../core/labels.ts";
import type { Matrix } from "../core/matrix.ts";
import { type EvaluateOptions, evaluateOptionNames } from "../plan/prepareEvaluation.ts";
import { type ProgressOptions, progressOptionNames } from "../run/slices.ts";
import { type WebWorkerOptions, webCrew, webWorkerOptionNames } from "../run/webCrew.ts";
import { evaluateByCrew } from "./evaluateByCrew.ts";
import type { Evaluation } from "./results.ts";

/**
 * `evaluate` on Web Workers: the same document to the byte, whatever their number. Features, views, base set and pool are shared by all workers where
 * the page is cross-origin isolated, else copied to each; every worker keeps one more copy in its kernels' memory.
 *
 * @param features - n × d, finite
 * @param labels - n labels
 * @param options - those of `evaluate`, and createWorker and workers. The worker's file is one line, `serveEvaluation(self)`, and of this very version
 * @returns the result document, `softprobe/eval@1`
 * @throws as `evaluate`; TypeError for probes of your own, which can't be sent; Error naming a worker that was lost
 * @example
 * ```ts no-run: for a page
 * import { evaluateInWebWorkers, syntheticFeatures } from "softprobe";
 *
 * function evaluateInPage(onProgress: (progress: { done: number; total: number }) => void) {
 *   const { features, labels } = syntheticFeatures({ seed: 1 });
 *   const createWorker = () => new Worker(new URL("./evaluation.worker.js", import.meta.url), { type: "module" });
 *   return evaluateInWebWorkers(features, labels, { createWorker, masks: ["none", "pair@oracle/top:0.05"], onProgress });
 * }
 * ```
 */
export async function evaluateInWebWorkers(
  features: Matrix,
  labels: Labels,
  options: EvaluateOptions & ProgressOptions & WebWorkerOptions,
): Promise<Evaluation> {
  checkOptions(options, "evaluateInWebWorkers", ...evaluateOptionNames, progressOptionNames, webWorkerOptionNames);
  const { createWorker, workers, ...rest } = options;
  return evaluateByCrew(webCrew("evaluateInWebWorkers", { createWorker, workers }), features, labels, rest);
}
