/** The search ends where the derivative is that share of what it was. */
const leastGain = 0.3;
const mostTries = 20;

/**
 * How far to go along a line on which a convex function falls at first: to where its derivative is still at most 0, but so near 0 that going on gains little.
 * It is `most` itself where the function falls as far as that; after twenty tries, the farthest one where it fell, or, where it fell at none, what
 * would be tried next. By the Illinois variant of regula falsi (Dowell & Jarratt 1971).
 *
 * @param derivative - of the function along the line, by the distance
 * @param atStart - the derivative at 0, below 0
 * @param most - the distance that is tried first and never exceeded, above 0
 */
export function stepAlong(derivative: (distance: number) => number, atStart: number, most: number): number {
  // Two distances between which the derivative changes its sign, with what it is there: that of the one that stays counts half from the second time on.
  let [low, atLow, high, atHigh, fromAbove] = [0, atStart, most, derivative(most), true];
  if (atHigh <= 0) return most;
  const between = (): number => (low * atHigh - high * atLow) / (atHigh - atLow);
  let step = between();
  for (let tries = 1; tries < mostTries; tries++) {
    const now = derivative(step);
    if (now > 0) {
      [high, atHigh] = [step, now];
      if (fromAbove) atLow /= 2;
      fromAbove = true;
    } else {
      if (now > leastGain * atStart) return step;
      [low, atLow] = [step, now];
      if (!fromAbove) atHigh /= 2;
      fromAbove = false;
    }
    step = between();
  }
  return low > 0 ? low : step;
}
