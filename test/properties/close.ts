/** The largest |a − b| over all places, as a share of the largest |b| (or of 1 where all b are 0); NaN counts as infinitely far. */
export function farthest(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  let gap = 0;
  let size = 0;
  for (let i = 0; i < a.length; i++) {
    const distance = Math.abs(a[i] - b[i]);
    gap = Number.isNaN(distance) ? Number.POSITIVE_INFINITY : Math.max(gap, distance);
    size = Math.max(size, Math.abs(b[i]));
  }
  return gap / (size || 1);
}

/** |value / truth − 1|. */
export function relativeError(value: number, truth: number): number {
  return Math.abs(value / truth - 1);
}
