import fc from "fast-check";
import { expect, it } from "vitest";
import { fisherImportance } from "../../src/importance/fisherImportance.ts";
import { classStatistics } from "../../src/statistics/classStatistics.ts";
import { golden } from "../golden/small.ts";
import { classMoments, labelledMatrices, permutations, reorderMoments, rowsOf, scaleMoments } from "../properties/arbitraries.ts";
import { farthest } from "../properties/close.ts";
import { refuses } from "../properties/refuses.ts";
import { leavesAlone } from "../properties/unchanged.ts";

it("F is scikit-learn's f_classif to 1e-9", () => {
  const { X, y, rows, cols, fRatio } = golden.statistics;
  expect(farthest(fisherImportance(classStatistics({ data: Float64Array.from(X), rows, cols }, y)), fRatio)).toBeLessThan(1e-9);
});

it("F is the ratio of mean squares over the rows themselves, for classes of any sizes", () => {
  fc.assert(
    fc.property(labelledMatrices({ minEach: 2 }), ({ features, labels }) => {
      const rows = rowsOf(features);
      const k = new Set(labels).size;
      const mean = (list: number[]) => list.reduce((sum, value) => sum + value, 0) / list.length;
      const squares = rows[0].map((_, j) => {
        const all = rows.map((row) => row[j]);
        const grand = mean(all);
        let [between, within] = [0, 0];
        for (const c of new Set(labels)) {
          const own = all.filter((_, i) => labels[i] === c);
          between += (own.length * (mean(own) - grand) ** 2) / (k - 1);
          within += own.reduce((sum, value) => sum + (value - mean(own)) ** 2, 0) / (rows.length - k);
        }
        return { between, within };
      });
      // Dimensions that vary in no class are the floor's concern, below.
      fc.pre(squares.every(({ within }) => within > 1e-3));
      const moments = classStatistics(features, labels);
      expect(
        farthest(
          leavesAlone(moments, () => fisherImportance(moments)),
          squares.map(({ between, within }) => between / within),
        ),
      ).toBeLessThan(1e-10);
    }),
    { numRuns: 200 },
  );
});

it("scale does not matter, nor the order of the classes; dimensions may be permuted before or after", () => {
  fc.assert(
    fc.property(
      classMoments().chain((moments) => fc.tuple(fc.constant(moments), permutations(moments.counts.length), permutations(moments.cols))),
      fc.integer({ min: -60, max: 60 }),
      ([moments, classes, dims], exponent) => {
        const plain = fisherImportance(moments);
        expect(fisherImportance(scaleMoments(moments, 2 ** exponent))).toEqual(plain);
        expect(
          farthest(
            fisherImportance(reorderMoments(moments, classes, dims)),
            dims.map((j) => plain[j]),
          ),
        ).toBeLessThan(1e-12);
      },
    ),
  );
});

it("a dimension without variance within classes is floored, and one without any between them is 0", () => {
  const moments = { counts: [2, 2], means: Float64Array.of(0, 0, 7, 1, 3, 7), variances: Float64Array.of(1, 0, 0, 1, 0, 0), cols: 3 };
  expect(farthest(fisherImportance(moments), [1, 9 / (1e-6 / 3), 0])).toBeLessThan(1e-12);
});

it("one class, no more rows than classes, and no variance at all are refused", () => {
  const one = { counts: [3], means: new Float64Array(1), variances: Float64Array.of(1), cols: 1 };
  refuses(() => fisherImportance(one), RangeError, "fisherImportance: moments has 1 class, expected at least 2");
  const single = { counts: [1, 1], means: Float64Array.of(0, 1), variances: Float64Array.of(0, 0), cols: 1 };
  refuses(
    () => fisherImportance(single),
    RangeError,
    "fisherImportance: moments have 2 rows in 2 classes, expected more rows than classes",
  );
  refuses(
    () => fisherImportance({ ...single, counts: [2, 2] }),
    RangeError,
    "fisherImportance: moments have no variance in any dimension, expected at least two different rows a class",
  );
});
