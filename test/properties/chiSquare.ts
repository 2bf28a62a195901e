import { expect } from "vitest";

/**
 * Expects counts to be draws of equal chance: Pearson's chi-square within its 0.01 % quantiles at either side (Wilson & Hilferty 1931), so that
 * too even is refused as well as too uneven. The draws are seeded: a passing test passes always.
 */
export function expectUniform(counts: ArrayLike<number>): void {
  const cells = counts.length;
  let total = 0;
  for (let i = 0; i < cells; i++) total += counts[i];
  const expected = total / cells;
  expect(expected).toBeGreaterThanOrEqual(5);
  let statistic = 0;
  for (let i = 0; i < cells; i++) statistic += (counts[i] - expected) ** 2 / expected;
  const degrees = cells - 1;
  const quantile = (z: number) => degrees * Math.max(0, 1 - 2 / (9 * degrees) + z * Math.sqrt(2 / (9 * degrees))) ** 3;
  expect(statistic).toBeLessThan(quantile(3.72));
  if (degrees > 3) expect(statistic).toBeGreaterThan(quantile(-3.72));
}
