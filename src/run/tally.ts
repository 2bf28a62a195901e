import type { Counts, Score } from "../score/score.ts";
import { inSlices, type ProgressOptions } from "./slices.ts";

/** The counts of one job's episodes from … to − 1, filled in as they come. */
export interface Tally {
  readonly from: number;
  readonly to: number;
  readonly width: number;
  /** Episodes that go to one worker together, counted from episode 0. */
  readonly grain: number;
  /** An episode whose total is 0 is still to be counted, since each has a query. */
  readonly counts: Counts;
}

/** A tally with nothing counted yet. */
export function startTally(from: number, to: number, width: number, grain = 1): Tally {
  return { from, to, width, grain, counts: { correct: new Int32Array((to - from) * width), totals: new Int32Array(to - from) } };
}

/** The next stretch still to be counted at or after `at`, of at most `most` episodes and what completes their last grain; null when there is none. */
export function nextPending(
  { from, to, grain, counts }: Tally,
  at: number,
  most: number,
): { readonly from: number; readonly to: number } | null {
  let start = at;
  while (start < to && counts.totals[start - from] > 0) start++;
  const last = Math.min(to, Math.ceil((start + most) / grain) * grain);
  let end = start;
  while (end < last && counts.totals[end - from] === 0) end++;
  return end > start ? { from: start, to: end } : null;
}

/** How many episodes are counted. */
export function countedSoFar({ counts }: Tally): number {
  let done = 0;
  for (const total of counts.totals) if (total > 0) done++;
  return done;
}

/** The counts of episodes from … to − 1, as they lie in the whole. */
export function stretchOf({ from: start, width, counts }: Tally, from: number, to: number): Counts {
  return {
    correct: counts.correct.subarray((from - start) * width, (to - start) * width),
    totals: counts.totals.subarray(from - start, to - start),
  };
}

/** The counts of the first episodes up to the first that is still to be counted. */
export function countedFirst(tally: Tally): Counts {
  const { from, counts } = tally;
  const gap = counts.totals.indexOf(0);
  return gap < 0 ? counts : stretchOf(tally, from, from + gap);
}

/** Counts in this thread what is still to be counted, breathing now and then; `onCounted` hears of every stretch newly counted, in order. */
export async function countHere(
  score: Score,
  tally: Tally,
  { onProgress, signal }: ProgressOptions,
  onCounted: (from: number, counts: Counts) => void,
): Promise<void> {
  const { from, width, counts } = tally;
  const pending: number[] = [];
  for (let e = from; e < tally.to; e++) if (counts.totals[e - from] === 0) pending.push(e);
  const known = tally.to - from - pending.length;
  const step = (i: number): void => {
    const at = pending[i] - from;
    counts.totals[at] = score.count(pending[i], counts.correct.subarray(at * width, (at + 1) * width));
  };
  let told = 0;
  for await (const { done } of inSlices(pending.length, step, signal)) {
    while (told < done) {
      let end = told + 1;
      while (end < done && pending[end] === pending[end - 1] + 1) end++;
      onCounted(pending[told], stretchOf(tally, pending[told], pending[end - 1] + 1));
      told = end;
    }
    await onProgress?.({ done: known + done, total: tally.to - from });
  }
}
