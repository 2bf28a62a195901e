import type { evaluationOptions } from "./optionTable.ts";

/** Measures in addition to accuracy: two computed from an episode's confusion matrix, two from its probabilities. */
export type MetricName = (typeof evaluationOptions.metrics.choices)[number];

/** Bins of confidence: as many as `expectedCalibrationError` has by default. */
export const binCount = 15;
/** Numbers a bin: answers, right ones, and the sum of their confidence in whole ones and in units of 2⁻²⁰. */
export const binWidth = 4;
export const confidenceUnit = 2 ** 20;
/** Numbers that all bins of one mask × probe take in one episode. Whole numbers, so that episodes add up to the same in any order. */
export const confidenceWidth = binCount * binWidth + 2;
/** Where the sum of −ln p(true class) stands among them: in whole ones, then in units of 2⁻²⁰. */
export const lossAt = binCount * binWidth;

/** What an episode counts: correct answers of each mask × probe, then, where metrics want them, a confusion matrix each, then bins of confidence each; how many fits have not converged; last, where C is chosen, the C of each. */
export interface CountLayout {
  readonly pairs: number;
  readonly ways: number;
  /** Numbers of a confusion matrix: most ways squared, or 0. */
  readonly table: number;
  /** Numbers of the bins of one mask × probe, or 0. */
  readonly bins: number;
  /** Where stands how many fits of the episode have not converged. */
  readonly unconverged: number;
  /** Whether C is chosen in each episode: then two numbers of each mask × probe follow, a double bit for bit, 0 where it has none. */
  readonly chosen: boolean;
  /** All of them. */
  readonly width: number;
}

/** Whether a metric asks how sure answers are. */
export function needsProbabilities(name: MetricName): boolean {
  return name === "expectedCalibrationError" || name === "logLoss";
}

export function countLayout(pairs: number, ways: number, metrics: readonly MetricName[], chosen = false): CountLayout {
  const bins = metrics.some(needsProbabilities) ? confidenceWidth : 0;
  const table = metrics.some((name) => !needsProbabilities(name)) ? ways * ways : 0;
  const unconverged = pairs * (1 + table + bins);
  return { pairs, ways, table, bins, unconverged, chosen, width: unconverged + 1 + (chosen ? 2 * pairs : 0) };
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

/** Keeps a C among counts, at a place and the next. */
export function putPenalty(counts: Int32Array, at: number, C: number): void {
  counts.set(new Int32Array(Float64Array.of(C).buffer), at);
}

/** The C that is kept there; 0 where there is none. */
export function penaltyAt(counts: Int32Array, at: number): number {
  return new Float64Array(counts.slice(at, at + 2).buffer)[0];
}
