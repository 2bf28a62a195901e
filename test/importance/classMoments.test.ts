import fc from "fast-check";
import { expect, it } from "vitest";
import { type ClassMoments, checkMoments, flooredDeviations, pooledVariance, varianceFloor } from "../../src/importance/classMoments.ts";
import { golden } from "../golden/small.ts";
import { classMoments } from "../properties/arbitraries.ts";
import { farthest } from "../properties/close.ts";
import { refuses } from "../properties/refuses.ts";
import { leavesAlone } from "../properties/unchanged.ts";

const moments: ClassMoments = { counts: [3, 4], means: Float64Array.of(0, 1, 2, 3), variances: Float64Array.of(1, 2, 3, 4), cols: 2 };

it("checkMoments counts the classes of moments that fit together", () => {
  fc.assert(
    fc.property(classMoments(), (any) => {
      expect(leavesAlone(any, () => checkMoments(any, "f"))).toBe(any.counts.length);
    }),
  );
  expect(checkMoments({ counts: [1], means: new Float64Array(2), variances: new Float64Array(2), cols: 2 }, "f", 1)).toBe(1);
});

it("checkMoments refuses too few classes, lists that do not fit, and numbers that are none", () => {
  const wrong = (change: Partial<ClassMoments>, message: string) =>
    refuses(() => checkMoments({ ...moments, ...change }, "f"), RangeError, `f: ${message}`);
  wrong({ counts: [3] }, "moments has 1 class, expected at least 2");
  wrong({ counts: [] }, "moments has 0 classes, expected at least 2");
  wrong({ means: new Float64Array(3) }, "moments has 3 means and 4 variances, expected 2 × 2 of each");
  wrong({ variances: new Float64Array(5) }, "moments has 4 means and 5 variances, expected 2 × 2 of each");
  wrong({ counts: [3, 0.5] }, "moments class 1 has count 0.5, expected at least 1");
  wrong({ counts: [Number.NaN, 1] }, "moments class 0 has count NaN, expected at least 1");
  wrong({ means: Float64Array.of(0, 1, Number.NaN, 1) }, "moments class 1, dimension 0 has mean NaN, expected finite numbers");
  wrong(
    { means: Float64Array.of(0, Number.NEGATIVE_INFINITY, 1, 1) },
    "moments class 0, dimension 1 has mean -Infinity, expected finite numbers",
  );
  wrong({ variances: Float64Array.of(1, 1, 1, -1) }, "moments class 1, dimension 1 has variance -1, expected finite numbers of at least 0");
  wrong(
    { variances: Float64Array.of(Number.NaN, 1, 1, 1) },
    "moments class 0, dimension 0 has variance NaN, expected finite numbers of at least 0",
  );
  wrong(
    { variances: Float64Array.of(1, 1, Number.POSITIVE_INFINITY, 1) },
    "moments class 1, dimension 0 has variance Infinity, expected finite numbers of at least 0",
  );
  for (const value of [null, 7, {}, { counts: [1, 1] }]) {
    refuses(
      () => checkMoments(value as unknown as ClassMoments, "f"),
      TypeError,
      /^f: moments is (null|7|Object), expected \{counts, means, variances, cols\}$/,
    );
  }
});

it("flooredDeviations are square roots, with each class's variance floored at 1e-6 of its own mean over dimensions", () => {
  const floored = flooredDeviations(Float64Array.of(4, 0, 0, 9), 2, "f");
  expect(farthest(floored, [2, Math.sqrt(2e-6), Math.sqrt(4.5e-6), 3])).toBeLessThan(1e-15);
  expect(varianceFloor).toBe(1e-6);
});

it("flooredDeviations refuse a class without any variance, by its place", () => {
  refuses(
    () => flooredDeviations(Float64Array.of(1, 1, 0, 0), 2, "f"),
    RangeError,
    "f: class 1 has no variance in any dimension, expected at least two different rows (shots of 2, views, or base classes)",
  );
});

it("pooledVariance is the unweighted mean over classes, numpy's to 1e-12, floored at 1e-6 of its mean over dimensions", () => {
  const { means, variances, cols, pooledVariance: truth } = golden.statistics;
  const own = { counts: [10, 10, 10, 10], means: Float64Array.from(means), variances: Float64Array.from(variances), cols };
  expect(farthest(pooledVariance(own, "f"), truth)).toBeLessThan(1e-12);
  const flat = { counts: [2, 99], means: new Float64Array(4), variances: Float64Array.of(2, 0, 4, 0), cols: 2 };
  expect(farthest(pooledVariance(flat, "f"), [3, 1.5e-6])).toBeLessThan(1e-15);
  refuses(
    () => pooledVariance({ ...flat, variances: new Float64Array(4) }, "f"),
    RangeError,
    "f: moments have no variance in any dimension, expected at least two different rows a class",
  );
});
