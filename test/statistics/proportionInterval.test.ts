import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { proportionInterval } from "../../src/statistics/proportionInterval.ts";

describe("proportionInterval", () => {
  // By Wilson's formula in Python, z = scipy.stats.norm.ppf((1 + level) / 2).
  it.each([
    [90, 100, 0.95, 0.8256343384950865, 0.9447708629393249],
    [0, 10, 0.95, 0, 0.2775327998628892],
    [10, 10, 0.95, 0.7224672001371107, 1],
    [3, 7, 0.9, 0.18644319036395607, 0.7105229089864071],
  ])("%i of %i at %f: Wilson's", (successes, trials, level, low, high) => {
    const [a, b] = proportionInterval(successes, trials, level);
    expect(a).toBeCloseTo(low, 9);
    expect(b).toBeCloseTo(high, 9);
  });

  it("holds the share, lies within 0 … 1, mirrors, and narrows with the level", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), fc.double({ min: 0, max: 1, noNaN: true }), (trials, share) => {
        const successes = Math.floor(share * trials);
        const [low, high] = proportionInterval(successes, trials);
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
        expect(low).toBeLessThanOrEqual(successes / trials);
        expect(high).toBeGreaterThanOrEqual(successes / trials);
        const [mirror] = proportionInterval(trials - successes, trials);
        expect(mirror).toBeCloseTo(1 - high, 9);
        const narrow = proportionInterval(successes, trials, 0.5);
        expect(narrow[1] - narrow[0]).toBeLessThan(high - low);
      }),
    );
  });

  it.each([
    [[-1, 5], "successes is -1"],
    [[6, 5], "successes is 6"],
    [[0, 0], "trials is 0"],
    [[1, 5, 1], "level is 1"],
  ] as const)("refuses %j", (args, message) => {
    expect(() => proportionInterval(...(args as readonly number[] as [number, number, number]))).toThrow(`proportionInterval: ${message}`);
  });
});
