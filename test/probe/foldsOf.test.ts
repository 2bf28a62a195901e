import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { foldsOf } from "../../src/probe/foldsOf.ts";

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
