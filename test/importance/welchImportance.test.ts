import fc from "fast-check";
import { expect, it } from "vitest";
import { fisherImportance } from "../../src/importance/fisherImportance.ts";
import { welchImportance } from "../../src/importance/welchImportance.ts";
import { classStatistics } from "../../src/statistics/classStatistics.ts";
import { classMoments, permutations, reorderMoments, scaleMoments } from "../properties/arbitraries.ts";
import { farthest } from "../properties/close.ts";
import { refuses } from "../properties/refuses.ts";
import { leavesAlone } from "../properties/unchanged.ts";
import { reference } from "./reference.ts";

it("Welch's t² is the mean of scipy's over the pairs of classes to 1e-12", () => {
  expect(farthest(welchImportance(classStatistics(reference.features, reference.labels)), reference.welch)).toBeLessThan(1e-12);
});

it("scale does not matter, nor the order of the classes; dimensions may be permuted before or after; no value is negative", () => {
  fc.assert(
    fc.property(
      classMoments().chain((moments) => fc.tuple(fc.constant(moments), permutations(moments.counts.length), permutations(moments.cols))),
      fc.integer({ min: -60, max: 60 }),
      ([moments, classes, dims], exponent) => {
        const plain = leavesAlone(moments, () => welchImportance(moments));
        expect(Array.from(plain).every((value) => value >= 0)).toBe(true);
        expect(welchImportance(scaleMoments(moments, 2 ** exponent))).toEqual(plain);
        const other = welchImportance(reorderMoments(moments, classes, dims));
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

it("it is F where classes share counts and variances, and for two classes of equal counts whatever their variances", () => {
  fc.assert(
    fc.property(classMoments(), fc.integer({ min: 2, max: 9 }), ({ counts, means, variances, cols }, n) => {
      const k = counts.length;
      const alike = { counts: new Array<number>(k).fill(n), means, variances: variances.map((_, i) => variances[i % cols]), cols };
      expect(farthest(welchImportance(alike), fisherImportance(alike))).toBeLessThan(1e-12);
      const two = { counts: [n, n], means: means.slice(0, 2 * cols), variances: variances.slice(0, 2 * cols), cols };
      expect(farthest(welchImportance(two), fisherImportance(two))).toBeLessThan(1e-12);
    }),
  );
});

it("a class of many rows counts by its own variance, where F pools", () => {
  const moments = { counts: [100, 2], means: Float64Array.of(0, 3), variances: Float64Array.of(1, 4), cols: 1 };
  expect(welchImportance(moments)[0]).toBeCloseTo(9 / (1 / 100 + 4 / 2), 12);
});

it("a dimension without variance is floored, and a class without any is refused by its place", () => {
  const moments = { counts: [2, 2], means: Float64Array.of(0, 0, 0, 3), variances: Float64Array.of(2, 0, 2, 0), cols: 2 };
  expect(farthest(welchImportance(moments), [0, 9 / 1e-6])).toBeLessThan(1e-12);
  refuses(
    () => welchImportance({ ...moments, variances: Float64Array.of(1, 1, 0, 0) }),
    RangeError,
    "welchImportance: class 1 has no variance in any dimension, expected at least two different rows (shots of 2, views, or base classes)",
  );
  const one = { counts: [3], means: new Float64Array(1), variances: Float64Array.of(1), cols: 1 };
  refuses(() => welchImportance(one), RangeError, "welchImportance: moments has 1 class, expected at least 2");
});
