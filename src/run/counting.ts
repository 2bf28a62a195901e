import type { Counts, Score } from "../score/score.ts";
import { inSlices, type ProgressOptions } from "./slices.ts";

/** Episodes from … to − 1 being counted: a whole run, or a shard of it. */
export interface Counting {
  readonly from: number;
  readonly to: number;
  readonly width: number;
  /** Their counts, filled in as they come; an episode whose total is 0 is still to be counted, since each has a query. */
  readonly counts: Counts;
  /** Told of every stretch newly counted, in no order. */
  readonly onCounted?: (from: number, counts: Counts) => void;
}

/** A stretch of episodes with nothing counted yet. */
export function startCounting(from: number, to: number, width: number): Counting {
  return { from, to, width, counts: { correct: new Int32Array((to - from) * width), totals: new Int32Array(to - from) } };
}

/** The next stretch still to be counted at or after `at`, of at most `most` episodes; null when there is none. */
export function nextPending(
  { from, to, counts }: Counting,
  at: number,
  most: number,
): { readonly from: number; readonly to: number } | null {
  let start = at;
  while (start < to && counts.totals[start - from] > 0) start++;
  let end = start;
  while (end < to && end - start < most && counts.totals[end - from] === 0) end++;
  return end > start ? { from: start, to: end } : null;
}

/** How many episodes are counted. */
export function countedSoFar({ counts }: Counting): number {
  let done = 0;
  for (const total of counts.totals) if (total > 0) done++;
  return done;
}

/** The counts of episodes from … to − 1, as they lie in the whole. */
export function stretchOf({ from: start, width, counts }: Counting, from: number, to: number): Counts {
  return {
    correct: counts.correct.subarray((from - start) * width, (to - start) * width),
    totals: counts.totals.subarray(from - start, to - start),
  };
}

/** Counts in this thread what is still to be counted, breathing now and then. */
export async function countInSlices(counter: Score, counting: Counting, { onProgress, signal }: ProgressOptions): Promise<void> {
  const { from, width, counts } = counting;
  const pending: number[] = [];
  for (let e = from; e < counting.to; e++) if (counts.totals[e - from] === 0) pending.push(e);
  const known = counting.to - from - pending.length;
  const step = (i: number): void => {
    const at = pending[i] - from;
    counts.totals[at] = counter.count(pending[i], counts.correct.subarray(at * width, (at + 1) * width));
  };
  let told = 0;
  for await (const { done } of inSlices(pending.length, step, signal)) {
    while (told < done) {
      let end = told + 1;
      while (end < done && pending[end] === pending[end - 1] + 1) end++;
      counting.onCounted?.(pending[told], stretchOf(counting, pending[told], pending[end - 1] + 1));
      told = end;
    }
    onProgress?.({ done: known + done, total: counting.to - from });
  }
}
