import fc from "fast-check";
import { expect, it } from "vitest";
import { pairImportance } from "../../src/importance/pairImportance.ts";
import { classStatistics } from "../../src/statistics/classStatistics.ts";
import { golden } from "../golden/small.ts";
import { classMoments, permutations, reorderMoments, scaleMoments } from "../properties/arbitraries.ts";
import { farthest } from "../properties/close.ts";
import { refuses } from "../properties/refuses.ts";
import { leavesAlone } from "../properties/unchanged.ts";

it("pair importance is numpy's to 1e-9", () => {
  const { X, y, rows, cols, pairImportance: truth } = golden.statistics;
  expect(farthest(pairImportance(classStatistics({ data: Float64Array.from(X), rows, cols }, y)), truth)).toBeLessThan(1e-9);
});

it("it is the mean over pairs of 2|μa − μb| / (σa + σb), each pair l2-normalised, and leaves the moments alone", () => {
  fc.assert(
    fc.property(classMoments(), (moments) => {
      const { means, variances, cols, counts } = moments;
      const k = counts.length;
      const expected = new Array<number>(cols).fill(0);
      for (let a = 0; a < k; a++) {
        for (let b = a + 1; b < k; b++) {
          const terms = expected.map(
            (_, j) =>
              (2 * Math.abs(means[a * cols + j] - means[b * cols + j])) /
              (Math.sqrt(variances[a * cols + j]) + Math.sqrt(variances[b * cols + j])),
          );
          const norm = Math.hypot(...terms) || 1;
          terms.forEach((term, j) => {
            expected[j] += term / norm / ((k * (k - 1)) / 2);
          });
        }
      }
      expect(
        farthest(
          leavesAlone(moments, () => pairImportance(moments)),
          expected,
        ),
      ).toBeLessThan(1e-12);
    }),
  );
});

it("the scale of the features does not matter, by powers of two not one bit", () => {
  fc.assert(
    fc.property(classMoments(), fc.integer({ min: -60, max: 60 }), (moments, exponent) => {
      expect(pairImportance(scaleMoments(moments, 2 ** exponent))).toEqual(pairImportance(moments));
    }),
  );
});

it("the order of the classes does not matter, and dimensions may be permuted before or after", () => {
  fc.assert(
    fc.property(
      classMoments().chain((moments) => fc.tuple(fc.constant(moments), permutations(moments.counts.length), permutations(moments.cols))),
      ([moments, classes, dims]) => {
        const plain = pairImportance(moments);
        expect(
          farthest(
            pairImportance(reorderMoments(moments, classes, dims)),
            dims.map((j) => plain[j]),
          ),
        ).toBeLessThan(1e-13);
      },
    ),
  );
});

it("a dimension that is constant divides nothing by zero, and classes of equal means add nothing", () => {
  const constant = { counts: [2, 2], means: Float64Array.of(0, 5, 3, 5), variances: Float64Array.of(1, 0, 1, 0), cols: 2 };
  expect(pairImportance(constant)).toEqual(Float64Array.of(1, 0));
  const equal = { counts: [2, 2], means: Float64Array.of(1, 1), variances: Float64Array.of(1, 1), cols: 1 };
  expect(pairImportance(equal)).toEqual(Float64Array.of(0));
});

it("fewer than two classes and classes without variance are refused", () => {
  const one = { counts: [2], means: new Float64Array(1), variances: Float64Array.of(1), cols: 1 };
  refuses(() => pairImportance(one), RangeError, "pairImportance: moments has 1 class, expected at least 2");
  refuses(
    () => pairImportance({ counts: [1, 1], means: Float64Array.of(0, 1), variances: Float64Array.of(1, 0), cols: 1 }),
    RangeError,
    "pairImportance: class 1 has no variance in any dimension, expected at least two different rows (shots of 2, views, or base classes)",
  );
  refuses(
    () => pairImportance({ counts: [1, 1], means: Float64Array.of(Number.NaN, 1), variances: Float64Array.of(1, 1), cols: 1 }),
    RangeError,
    "pairImportance: moments class 0, dimension 0 has mean NaN, expected finite numbers",
  );
});
