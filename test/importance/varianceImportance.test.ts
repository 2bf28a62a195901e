import fc from "fast-check";
import { expect, it } from "vitest";
import { varianceImportance } from "../../src/importance/varianceImportance.ts";
import { classStatistics } from "../../src/statistics/classStatistics.ts";
import { classMoments, labelledMatrices, permutations, reorderMoments, rowsOf, scaleMoments } from "../properties/arbitraries.ts";
import { farthest } from "../properties/close.ts";
import { refuses } from "../properties/refuses.ts";
import { leavesAlone } from "../properties/unchanged.ts";

it("it is the variance over all rows, whatever their labels", () => {
  fc.assert(
    fc.property(labelledMatrices(), ({ features, labels }) => {
      const rows = rowsOf(features);
      const expected = rows[0].map((_, j) => {
        const mean = rows.reduce((sum, row) => sum + row[j], 0) / rows.length;
        return rows.reduce((sum, row) => sum + (row[j] - mean) ** 2, 0) / (rows.length - 1);
      });
      const moments = classStatistics(features, labels);
      expect(
        farthest(
          leavesAlone(moments, () => varianceImportance(moments)),
          expected,
        ),
      ).toBeLessThan(1e-12);
      const blind = classStatistics(
        features,
        labels.map(() => "all"),
      );
      expect(farthest(varianceImportance(blind), expected)).toBeLessThan(1e-12);
    }),
  );
});

it("it scales with the square of the features; the order of classes does not matter, that of dimensions carries over", () => {
  fc.assert(
    fc.property(
      classMoments().chain((moments) => fc.tuple(fc.constant(moments), permutations(moments.counts.length), permutations(moments.cols))),
      fc.integer({ min: -60, max: 60 }),
      ([moments, classes, dims], exponent) => {
        const plain = varianceImportance(moments);
        expect(varianceImportance(scaleMoments(moments, 2 ** exponent))).toEqual(plain.map((value) => value * 4 ** exponent));
        expect(
          farthest(
            varianceImportance(reorderMoments(moments, classes, dims)),
            dims.map((j) => plain[j]),
          ),
        ).toBeLessThan(1e-12);
      },
    ),
  );
});

it("one row has no variance, and no class nothing to say", () => {
  const one = { counts: [1], means: new Float64Array(2), variances: new Float64Array(2), cols: 2 };
  refuses(() => varianceImportance(one), RangeError, "varianceImportance: moments have 1 row, expected at least 2");
  const none = { counts: [], means: new Float64Array(0), variances: new Float64Array(0), cols: 2 };
  refuses(() => varianceImportance(none), RangeError, "varianceImportance: moments has 0 classes, expected at least 1");
});
