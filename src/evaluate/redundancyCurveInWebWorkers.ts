import { checkOptions } from "../core/checkOptions.ts";
import type { Labels } from "../core/labels.ts";
import type { Matrix } from "../core/matrix.ts";
import { type CurveOptions, curveOptionNames } from "../plan/prepareCurve.ts";
import { type ProgressOptions, progressOptionNames } from "../run/slices.ts";
import { type WebWorkerOptions, webCrew, webWorkerOptionNames } from "../run/webCrew.ts";
import { curveByCrew } from "./curveByCrew.ts";
import type { MeasuredCurve } from "./results.ts";

/**
 * `redundancyCurve` on Web Workers: the same document to the byte, whatever their number; see `evaluateInWebWorkers`.
 *
 * @param features - n × d, finite
 * @param labels - n labels
 * @param options - those of `redundancyCurve`, and createWorker and workers
 * @returns the result document, `softprobe/curve@1`
 * @throws as `redundancyCurve`; Error naming a worker that was lost
 * @example
 * ```ts no-run: for a page
 * import { redundancyCurveInWebWorkers, syntheticFeatures } from "softprobe";
 *
 * function curveInPage() {
 *   const { features, labels } = syntheticFeatures({ seed: 1 });
 *   const createWorker = () => new Worker(new URL("./evaluation.worker.js", import.meta.url), { type: "module" });
 *   return redundancyCurveInWebWorkers(features, labels, { createWorker, workers: 2, shots: 5 });
 * }
 * ```
 */
export async function redundancyCurveInWebWorkers(
  features: Matrix,
  labels: Labels,
  options: CurveOptions & ProgressOptions & WebWorkerOptions,
): Promise<MeasuredCurve> {
  checkOptions(options, "redundancyCurveInWebWorkers", ...curveOptionNames, progressOptionNames, webWorkerOptionNames);
  const { createWorker, workers, ...rest } = options;
  return curveByCrew(webCrew("redundancyCurveInWebWorkers", { createWorker, workers }), features, labels, rest);
}
