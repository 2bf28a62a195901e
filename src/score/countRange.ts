import type { Counts, Score } from "./score.ts";

/** Counts episodes from … to − 1: a worker's or a shard's part of the whole, which is the parts one after another. */
export function countRange(score: Score, from: number, to: number): Counts {
  const { width } = score;
  const correct = new Int32Array((to - from) * width);
  const totals = new Int32Array(to - from);
  for (let i = 0; i < totals.length; i++) totals[i] = score.count(from + i, correct.subarray(i * width, (i + 1) * width));
  return { correct, totals };
}
