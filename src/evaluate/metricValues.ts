import { binsOf, type CountLayout, type MetricName, tableOf } from "../plan/countLayout.ts";
import { balancedAccuracy } from "../statistics/balancedAccuracy.ts";
import { macroF1 } from "../statistics/macroF1.ts";
import { calibrationValues, meanLoss } from "./calibrationValues.ts";
import { taskMeans } from "./taskMeans.ts";

const measures = { balancedAccuracy, macroF1 } as const;

/**
 * A metric of each task (`drawsPerTask` consecutive episodes), at mask × probe number `at`: values whose mean is the metric, and whose spread gives its
 * interval.
 *
 * @param counts - episodes × width, as the runner counts
 */
export function metricValues(name: MetricName, counts: Int32Array, layout: CountLayout, at: number, drawsPerTask: number): Float64Array {
  const { width, ways } = layout;
  const episodes = Array.from({ length: counts.length / width }, (_, e) => counts.subarray(e * width, (e + 1) * width));
  if (name === "expectedCalibrationError")
    return calibrationValues(
      episodes.map((own) => binsOf(own, layout, at)!),
      drawsPerTask,
    );
  if (name === "logLoss")
    return taskMeans(
      Float64Array.from(episodes, (own) => meanLoss(binsOf(own, layout, at)!)),
      drawsPerTask,
    );
  const classes = Array.from({ length: ways }, (_, c) => c);
  // Ways that an episode does not have are neither true nor predicted, and so left out by both measures.
  const values = episodes.map((own) => measures[name]({ classes, counts: Float64Array.from(tableOf(own, layout, at)!) }));
  return taskMeans(Float64Array.from(values), drawsPerTask);
}
