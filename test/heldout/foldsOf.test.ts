import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { foldsOf } from "../../src/heldout/foldsOf.ts";

const problems = fc
  .record({ k: fc.integer({ min: 2, max: 5 }), each: fc.integer({ min: 2, max: 12 }), size: fc.integer({ min: 1, max: 3 }) })
  .map(({ k, each, size }) => {
    const codes = Array.from({ length: k * each * size }, (_, i) => Math.floor(i / size) % k);
    const groups = Array.from({ length: k * each }, (_, g) => Array.from({ length: size }, (_, r) => g * size + r));
    return { codes, k, weights: codes.map(() => 1), groups };
  });

describe("foldsOf", () => {
  it("puts every row in one fold, groups whole, every class as evenly as may be, and none all in one", () => {
    fc.assert(
      fc.property(problems, fc.integer({ min: 2, max: 7 }), fc.nat(), (problem, count, seed) => {
        const folds = foldsOf(problem, count, seed)!;
        expect(folds.flat().sort((a, b) => a - b)).toEqual(problem.codes.map((_, i) => i));
        expect(folds.length).toBe(Math.min(count, problem.groups.length));
        for (const rows of problem.groups) expect(folds.filter((fold) => rows.some((i) => fold.includes(i))).length).toBe(1);
        const size = problem.groups[0].length;
        for (let c = 0; c < problem.k; c++) {
          const counts = folds.map((fold) => fold.filter((i) => problem.codes[i] === c).length / size);
          expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
        }
        expect(foldsOf(problem, count, seed)).toEqual(folds);
      }),
    );
  });

  it("makes folds of equal sizes, and of equal shares of each class, however many rows classes have", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 2, max: 11 }), { minLength: 2, maxLength: 5 }),
        fc.integer({ min: 2, max: 7 }),
        fc.nat(),
        (counts, count, seed) => {
          // Rows in an order that has nothing to do with their classes.
          const sorted = counts.flatMap((rows, c) => new Array<number>(rows).fill(c));
          const codes = sorted.map((_, i) => sorted[(i * 37 + 5) % sorted.length]);
          const all = codes.length % 37 === 0 ? sorted : codes;
          const folds = foldsOf({ codes: all, k: counts.length, weights: all.map(() => 1), groups: all.map((_, i) => [i]) }, count, seed)!;
          expect(folds.flat().sort((a, b) => a - b)).toEqual(all.map((_, i) => i));
          const spread = (sizes: readonly number[]): number => Math.max(...sizes) - Math.min(...sizes);
          expect(spread(folds.map((fold) => fold.length))).toBeLessThanOrEqual(1);
          counts.forEach((_, c) => {
            expect(spread(folds.map((fold) => fold.filter((i) => all[i] === c).length))).toBeLessThanOrEqual(1);
          });
        },
      ),
      { numRuns: 60 },
    );
  });

  it("does not spread rows of no weight for their class's sake: those that count are still spread evenly", () => {
    for (let seed = 0; seed < 20; seed++) {
      const codes = Array.from({ length: 24 }, (_, i) => i % 2);
      const weights = codes.map((_, i) => Number(i < 12));
      const folds = foldsOf({ codes, k: 2, weights, groups: codes.map((_, i) => [i]) }, 3, seed)!;
      for (const fold of folds) for (const c of [0, 1]) expect(fold.filter((i) => i < 12 && codes[i] === c).length).toBe(2);
    }
  });

  it("draws which rows of a class share a fold: of four rows, each of the three pairings as often", () => {
    const codes = [0, 0, 0, 0, 1, 1, 1, 1];
    const seen = [0, 0, 0, 0];
    for (let seed = 0; seed < 900; seed++) {
      const folds = foldsOf({ codes, k: 2, weights: codes.map(() => 1), groups: codes.map((_, i) => [i]) }, 2, seed)!;
      const own = folds.find((fold) => fold.includes(0))!;
      seen[own.find((i) => i > 0 && i < 4)!]++;
    }
    // Five standard deviations of a count out of 900 at a third.
    for (const pair of [1, 2, 3]) expect(Math.abs(seen[pair] - 300)).toBeLessThan(5 * Math.sqrt(200));
  });

  it("deals the same folds in every version: the seed is part of a result", () => {
    const codes = [0, 1, 2, 0, 1, 2, 0, 1, 2, 0];
    const problem = { codes, k: 3, weights: codes.map(() => 1), groups: codes.map((_, i) => [i]) };
    expect([1, 2].map((seed) => foldsOf(problem, 3, seed))).toEqual([
      [
        [3, 9, 1, 5],
        [0, 7, 8],
        [6, 4, 2],
      ],
      [
        [6, 0, 4, 5],
        [3, 1, 8],
        [9, 7, 2],
      ],
    ]);
  });

  it("a class without rows of weight loses nothing: others are dealt all the same", () => {
    const problem = { codes: [0, 1, 0, 1, 2, 2], k: 4, weights: [1, 1, 1, 1, 0, 0], groups: [[0], [1], [2], [3], [4], [5]] };
    expect(foldsOf(problem, 2, 0)).toHaveLength(2);
  });

  it("gives none where all rows of a class are of one group", () => {
    const problem = { codes: [0, 0, 1, 1], k: 2, weights: [1, 1, 1, 1], groups: [[0, 1], [2], [3]] };
    expect(foldsOf(problem, 2, 0)).toBeNull();
    // And where all but one have no weight.
    expect(foldsOf({ codes: [0, 0, 0, 1, 1], k: 2, weights: [1, 0, 0, 1, 1], groups: [[0], [1], [2], [3], [4]] }, 2, 3)).toBeNull();
  });

  it("another seed deals otherwise", () => {
    const codes = Array.from({ length: 40 }, (_, i) => i % 2);
    const problem = { codes, k: 2, weights: codes.map(() => 1), groups: codes.map((_, i) => [i]) };
    expect(foldsOf(problem, 5, 1)).not.toEqual(foldsOf(problem, 5, 2));
  });

  it("gives none where a class would be missing without a fold: its only two groups share another class's", () => {
    expect(
      foldsOf(
        {
          codes: [0, 1, 0, 1],
          k: 2,
          weights: [1, 1, 1, 0],
          groups: [
            [0, 1],
            [2, 3],
          ],
        },
        2,
        0,
      ),
    ).toBeNull();
    expect(
      foldsOf(
        {
          codes: [0, 1, 0, 1],
          k: 2,
          weights: [1, 1, 1, 1],
          groups: [
            [0, 1],
            [2, 3],
          ],
        },
        2,
        0,
      ),
    ).not.toBeNull();
  });
});
