import type { evaluationOptions } from "../plan/optionTable.ts";
import { balancedAccuracy } from "../statistics/balancedAccuracy.ts";
import { macroF1 } from "../statistics/macroF1.ts";
import { calibrationValues, confidenceWidth } from "./confidenceBins.ts";
import { taskMeans } from "./taskMeans.ts";

const measures = { balancedAccuracy, macroF1 } as const;

/** Measures beside accuracy: two made of an episode's confusion matrix, and one of the confidence of all its answers. */
export type MetricName = (typeof evaluationOptions.metrics.choices)[number];

/** What an episode counts: correct answers of each mask × probe, then, where metrics want them, a confusion matrix each, then bins of confidence each. */
export interface CountLayout {
  readonly pairs: number;
  readonly ways: number;
  /** Numbers of a confusion matrix: most ways squared, or 0. */
  readonly table: number;
  /** Numbers of the bins of one mask × probe, or 0. */
  readonly bins: number;
  /** All of them. */
  readonly width: number;
}

export function countLayout(pairs: number, ways: number, metrics: readonly MetricName[]): CountLayout {
  const bins = metrics.includes("expectedCalibrationError") ? confidenceWidth : 0;
  const table = metrics.some((name) => name !== "expectedCalibrationError") ? ways * ways : 0;
  return { pairs, ways, table, bins, width: pairs * (1 + table + bins) };
}

/** Room for the confusion matrix of mask × probe number `at`; null where none is counted. */
export function tableOf(counts: Int32Array, { pairs, table }: CountLayout, at: number): Int32Array | null {
  return table === 0 ? null : counts.subarray(pairs + at * table, pairs + (at + 1) * table);
}

/** Room for the bins of mask × probe number `at`; null where none are counted. */
export function binsOf(counts: Int32Array, { pairs, table, bins }: CountLayout, at: number): Int32Array | null {
  const start = pairs * (1 + table) + at * bins;
  return bins === 0 ? null : counts.subarray(start, start + bins);
}

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
  const classes = Array.from({ length: ways }, (_, c) => c);
  // Ways that an episode does not have are neither true nor predicted, and so left out by both measures.
  const values = episodes.map((own) => measures[name]({ classes, counts: Float64Array.from(tableOf(own, layout, at)!) }));
  return taskMeans(Float64Array.from(values), drawsPerTask);
}
