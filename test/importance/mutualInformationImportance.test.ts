import fc from "fast-check";
import { expect, it } from "vitest";
import { fisherImportance } from "../../src/importance/fisherImportance.ts";
import { mutualInformationImportance } from "../../src/importance/mutualInformationImportance.ts";
import { classStatistics } from "../../src/statistics/classStatistics.ts";
import { classMoments, permutations, reorderMoments, scaleMoments } from "../properties/arbitraries.ts";
import { farthest } from "../properties/close.ts";
import { refuses } from "../properties/refuses.ts";
import { leavesAlone } from "../properties/unchanged.ts";
import { reference } from "./reference.ts";

it("mutual information is half the log of numpy's total variance over that within classes to 1e-12", () => {
  const importance = mutualInformationImportance(classStatistics(reference.features, reference.labels));
  expect(farthest(importance, reference.mutualInformation)).toBeLessThan(1e-12);
});

it("scale does not matter, nor the order of the classes; dimensions may be permuted before or after; no value is negative", () => {
  fc.assert(
    fc.property(
      classMoments().chain((moments) => fc.tuple(fc.constant(moments), permutations(moments.counts.length), permutations(moments.cols))),
      fc.integer({ min: -60, max: 60 }),
      ([moments, classes, dims], exponent) => {
        const plain = leavesAlone(moments, () => mutualInformationImportance(moments));
        expect(Array.from(plain).every((value) => value >= 0)).toBe(true);
        expect(mutualInformationImportance(scaleMoments(moments, 2 ** exponent))).toEqual(plain);
        const other = mutualInformationImportance(reorderMoments(moments, classes, dims));
        expect(
          farthest(
            other,
            dims.map((j) => plain[j]),
          ),
        ).toBeLessThan(1e-12);
      },
    ),
  );
});

it("with equal counts n it is ½ ln(1 + F(k − 1)/(kn)): it orders dimensions as F does", () => {
  fc.assert(
    fc.property(classMoments(), fc.integer({ min: 2, max: 9 }), ({ counts, means, variances, cols }, n) => {
      const k = counts.length;
      const moments = { counts: new Array<number>(k).fill(n), means, variances, cols };
      const expected = fisherImportance(moments).map((f) => Math.log1p((f * (k - 1)) / (k * n)) / 2);
      expect(farthest(mutualInformationImportance(moments), expected)).toBeLessThan(1e-12);
    }),
  );
});

it("it does not depend on counts: classes weigh alike", () => {
  fc.assert(
    fc.property(classMoments(), (moments) => {
      const other = { ...moments, counts: Array.from(moments.counts, (count, c) => count + c) };
      expect(mutualInformationImportance(other)).toEqual(mutualInformationImportance(moments));
    }),
  );
});

it("a dimension without variance within classes is floored, and none at all is refused", () => {
  const moments = { counts: [2, 2], means: Float64Array.of(0, 0, 0, 2), variances: Float64Array.of(2, 0, 2, 0), cols: 2 };
  expect(farthest(mutualInformationImportance(moments), [0, Math.log(1 + 1e6) / 2])).toBeLessThan(1e-12);
  refuses(
    () => mutualInformationImportance({ ...moments, variances: new Float64Array(4) }),
    RangeError,
    "mutualInformationImportance: moments have no variance in any dimension, expected at least two different rows a class",
  );
});
