import type { EvaluationCounts } from "../evaluate/summarise.ts";

/** Whatever counts an episode by its number: a runner of an evaluation or of a curve. */
export interface EpisodeCounter {
  /** Numbers an episode counts. */
  readonly width: number;
  /** Queries of episode e; `correct` gets `width` counts. */
  count(e: number, correct: Int32Array): number;
}

/** Counts episodes from … to − 1: a worker's or a shard's part of the whole, which is the parts one after another. */
export function countRange(counter: EpisodeCounter, from: number, to: number): EvaluationCounts {
  const { width } = counter;
  const correct = new Int32Array((to - from) * width);
  const totals = new Int32Array(to - from);
  for (let i = 0; i < totals.length; i++) totals[i] = counter.count(from + i, correct.subarray(i * width, (i + 1) * width));
  return { correct, totals };
}
