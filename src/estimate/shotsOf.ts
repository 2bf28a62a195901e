import type { Episode } from "../episodes/sampleEpisode.ts";

/** Harmonic mean of row counts: the number of rows that means of unequal classes rest on. */
export function harmonicMean(counts: ArrayLike<number>): number {
  let sum = 0;
  for (let c = 0; c < counts.length; c++) sum += 1 / counts[c];
  return counts.length / sum;
}

/** Support rows of each way. */
export function supportCounts({ classes, supportLabels }: Episode): Float64Array {
  const counts = new Float64Array(classes.length);
  for (const way of supportLabels) counts[way]++;
  return counts;
}

/** K of an episode: the harmonic mean where classes differ. */
export function shotsOf(episode: Episode): number {
  return harmonicMean(supportCounts(episode));
}
