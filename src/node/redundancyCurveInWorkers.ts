import { checkOptions } from "../core/checkOptions.ts";
import type { Labels } from "../core/labels.ts";
import type { Matrix } from "../core/matrix.ts";
import { curveByCrew } from "../evaluate/curveByCrew.ts";
import type { MeasuredCurve } from "../evaluate/results.ts";
import { type CurveOptions, curveOptionNames } from "../plan/prepareCurve.ts";
import { type ProgressOptions, progressOptionNames } from "../run/slices.ts";
import { threadCrew, type WorkerThreadOptions, workerThreadOptionNames } from "./threadCrew.ts";

/**
 * `redundancyCurve` on worker threads: the same document to the byte, whatever their number; see `evaluateInWorkers`.
 *
 * @param features - n × d, finite
 * @param labels - n labels
 * @param options - those of `redundancyCurve`, and workers, the number of threads
 * @returns the result document, `softprobe/curve@1`
 * @throws as `redundancyCurve`; Error naming a worker that was lost
 * @example
 * ```ts no-run: its worker file is there when the package is built
 * import { syntheticFeatures } from "softprobe";
 * import { redundancyCurveInWorkers } from "softprobe/node";
 *
 * const { features, labels } = syntheticFeatures({ seed: 1 });
 * const { points } = await redundancyCurveInWorkers(features, labels, { workers: 2, episodes: 50, fractions: [0.05, 1] });
 * console.log(points[0].dimensions, points[0].accuracy > points[1].accuracy); // → 20 true
 * ```
 */
export async function redundancyCurveInWorkers(
  features: Matrix,
  labels: Labels,
  options: CurveOptions & ProgressOptions & WorkerThreadOptions = {},
): Promise<MeasuredCurve> {
  checkOptions(options, "redundancyCurveInWorkers", ...curveOptionNames, progressOptionNames, workerThreadOptionNames);
  const { workers, workerFile, ...rest } = options;
  return curveByCrew(threadCrew("redundancyCurveInWorkers", { workers, workerFile }), features, labels, rest);
}
