import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { randomNormal, randomStream } from "../../src/core/random.ts";
import { auroc } from "../../src/statistics/auroc.ts";
import { coverageAccuracy } from "../../src/statistics/coverageAccuracy.ts";
import { type RejectionTarget, rejectionThreshold } from "../../src/statistics/rejectionThreshold.ts";
import { permutation } from "../properties/arbitraries.ts";
import { refuses } from "../properties/refuses.ts";
import { leavesAlone } from "../properties/unchanged.ts";

/** Scores on a coarse grid: ties are the rule. */
const score = fc.integer({ min: -6, max: 6 }).map((value) => value / 4);
const rows = fc.array(fc.tuple(score, fc.boolean()), { minLength: 1, maxLength: 30 });
const scoresOf = (pairs: readonly (readonly [number, boolean])[]) => pairs.map(([value]) => value);
const hitsOf = (pairs: readonly (readonly [number, boolean])[]) => pairs.map(([, hit]) => hit);

describe("coverageAccuracy", () => {
  it("counts, at every distinct score, the rows up to it and those of them that are right", () => {
    fc.assert(
      fc.property(rows, (pairs) => {
        const { threshold, coverage, accuracy } = leavesAlone(pairs, () => coverageAccuracy(scoresOf(pairs), hitsOf(pairs)));
        expect(Array.from(threshold)).toEqual([...new Set(scoresOf(pairs))].sort((a, b) => a - b));
        threshold.forEach((limit, t) => {
          const answered = pairs.filter(([value]) => value <= limit);
          expect(coverage[t]).toBe(answered.length / pairs.length);
          expect(accuracy[t]).toBe(answered.filter(([, hit]) => hit).length / answered.length);
        });
      }),
    );
  });

  it("has the area that random orders of tied rows have on average", () => {
    const pairs = [
      [0, true],
      [1, true],
      [1, false],
      [1, false],
      [2, true],
    ] as const;
    // Every order of the three tied rows alike: their one right row comes first, second or third.
    const orders = [
      [1, 1, 0, 0, 1],
      [1, 0, 1, 0, 1],
      [1, 0, 0, 1, 1],
    ];
    const area = (hits: number[]) => hits.reduce((sum, _, i) => sum + hits.slice(0, i + 1).reduce((a, b) => a + b) / (i + 1), 0) / 5;
    expect(coverageAccuracy(scoresOf(pairs), hitsOf(pairs)).area).toBeCloseTo(orders.reduce((sum, hits) => sum + area(hits), 0) / 3, 14);
  });

  it("does not depend on the order of rows or on the scale of scores", () => {
    fc.assert(
      fc.property(rows, fc.array(fc.nat(), { minLength: 30, maxLength: 30 }), (pairs, keys) => {
        const plain = coverageAccuracy(scoresOf(pairs), hitsOf(pairs));
        const order = permutation(keys.slice(0, pairs.length));
        const moved = order.map((i) => [Math.exp(pairs[i][0]), pairs[i][1]] as const);
        const { coverage, accuracy, area } = coverageAccuracy(scoresOf(moved), hitsOf(moved));
        expect([coverage, accuracy]).toEqual([plain.coverage, plain.accuracy]);
        expect(area).toBeCloseTo(plain.area, 12);
      }),
    );
  });

  it("names the argument at fault", () => {
    refuses(() => coverageAccuracy([], []), RangeError, "coverageAccuracy: scores has 0 entries, expected at least 1");
    refuses(() => coverageAccuracy([1], [1, 0]), RangeError, "coverageAccuracy: correct has 2 entries, expected 1, one for each of scores");
    refuses(() => coverageAccuracy([1], [2]), RangeError, "coverageAccuracy: correct[0] is 2, expected true, false, 1 or 0");
    refuses(() => coverageAccuracy([1], 1 as unknown as number[]), TypeError, /^coverageAccuracy: correct is 1, expected an array/);
    refuses(() => coverageAccuracy([Number.NaN], [1]), RangeError, /^coverageAccuracy: scores\[0\] is NaN/);
  });
});

describe("rejectionThreshold", () => {
  const share = fc.integer({ min: 1, max: 99 }).map((percent) => percent / 100);

  it("answers at least the target share of rows such as those given, and no more rows than it must", () => {
    fc.assert(
      fc.property(fc.array(score, { minLength: 1, maxLength: 40 }), share, (scores, targetCoverage) => {
        const threshold = rejectionThreshold(scores, { targetCoverage });
        const n = scores.length;
        const needed = Math.min(n, targetCoverage * (n + 1) - 1e-9);
        expect(scores.filter((value) => value <= threshold).length).toBeGreaterThanOrEqual(needed);
        expect(scores.filter((value) => value < threshold).length).toBeLessThan(needed);
      }),
    );
  });

  it("rejects at least the target share of unknown rows such as those given, and no more than it must", () => {
    fc.assert(
      fc.property(fc.array(score, { minLength: 1, maxLength: 40 }), share, (scores, targetRejection) => {
        const threshold = rejectionThreshold(scores, { targetRejection });
        const n = scores.length;
        const needed = Math.min(n, targetRejection * (n + 1) - 1e-9);
        expect(scores.filter((value) => value > threshold).length).toBeGreaterThanOrEqual(needed);
        const next = Math.min(...scores.filter((value) => value > threshold));
        expect(scores.filter((value) => value > next).length).toBeLessThan(needed);
      }),
    );
  });

  it("holds the target for a new row too, not only for those it was made from", () => {
    const random = randomStream(3, "synthetic");
    let [covered, rejected] = [0, 0];
    for (let trial = 0; trial < 4000; trial++) {
      const scores = Array.from({ length: 9 }, () => randomNormal(random));
      covered += Number(randomNormal(random) <= rejectionThreshold(scores, { targetCoverage: 0.8 })) / 4000;
      rejected += Number(randomNormal(random) > rejectionThreshold(scores, { targetRejection: 0.7 })) / 4000;
    }
    // Standard errors are 0.0063 and 0.0072.
    expect(Math.abs(covered - 0.8)).toBeLessThan(0.025);
    expect(Math.abs(rejected - 0.7)).toBeLessThan(0.03);
  });

  it("answers as many rows as accuracy allows, and none where it never does", () => {
    fc.assert(
      fc.property(rows, share, (pairs, targetAccuracy) => {
        const threshold = rejectionThreshold(scoresOf(pairs), { targetAccuracy, correct: hitsOf(pairs) });
        const accuracyAt = (limit: number) => {
          const answered = pairs.filter(([value]) => value <= limit);
          return answered.filter(([, hit]) => hit).length / answered.length;
        };
        if (threshold > Number.NEGATIVE_INFINITY) expect(accuracyAt(threshold)).toBeGreaterThanOrEqual(targetAccuracy);
        for (const [value] of pairs) if (value > threshold) expect(accuracyAt(value)).toBeLessThan(targetAccuracy);
      }),
    );
  });

  it("names the argument at fault", () => {
    refuses(() => rejectionThreshold([], { targetCoverage: 0.5 }), RangeError, /^rejectionThreshold: scores has 0 entries/);
    refuses(
      () => rejectionThreshold([1], { targetCoverage: 1 }),
      RangeError,
      /^rejectionThreshold: targetCoverage is 1, expected a number between 0 and 1/,
    );
    refuses(() => rejectionThreshold([1], { targetRejection: 0 }), RangeError, /^rejectionThreshold: targetRejection is 0/);
    refuses(() => rejectionThreshold([1], {} as RejectionTarget), TypeError, /^rejectionThreshold: target has none of targetCoverage/);
    refuses(
      () => rejectionThreshold([1], { targetCoverage: 0.5, targetRejection: 0.5 } as RejectionTarget),
      TypeError,
      /^rejectionThreshold: target has targetCoverage and targetRejection of/,
    );
    refuses(() => rejectionThreshold([1], 0.9 as unknown as RejectionTarget), TypeError, /^rejectionThreshold: target is 0.9/);
    refuses(
      () => rejectionThreshold([1], { targetAccuracy: 0.5 } as RejectionTarget),
      TypeError,
      /^rejectionThreshold: correct is undefined/,
    );
    refuses(
      () => rejectionThreshold([1], { targetAccuracy: 0.5, correct: [1, 1] }),
      RangeError,
      /^rejectionThreshold: correct has 2 entries/,
    );
  });
});

describe("auroc", () => {
  const list = fc.array(score, { minLength: 1, maxLength: 20 });

  it("is the share of pairs in order, ties counting half", () => {
    fc.assert(
      fc.property(list, list, (known, unknown) => {
        const pairs = known.flatMap((a) => unknown.map((b) => (b > a ? 1 : b === a ? 0.5 : 0)));
        expect(leavesAlone([known, unknown], () => auroc(known, unknown))).toBeCloseTo(
          pairs.reduce<number>((sum, value) => sum + value, 0) / pairs.length,
          12,
        );
        expect(auroc(unknown, known)).toBeCloseTo(1 - auroc(known, unknown), 12);
      }),
    );
  });

  it("names the argument at fault", () => {
    refuses(() => auroc([], [1]), RangeError, "auroc: known has 0 entries, expected at least 1");
    refuses(() => auroc([1], [Number.NaN]), RangeError, "auroc: unknown[0] is NaN, expected finite numbers");
  });
});
