import fc from "fast-check";
import { expect, it } from "vitest";
import { type SyntheticOptions, syntheticFeatures } from "../../src/features/syntheticFeatures.ts";
import { refuses } from "../properties/refuses.ts";

const small = { classes: 3, rowsPerClass: 4, dims: 12, informative: 3, views: 2, seed: 7 };

it("the same seed gives the same bits, another seed others", () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), (seed) => {
      const features = syntheticFeatures({ ...small, seed });
      expect(syntheticFeatures({ ...small, seed })).toStrictEqual(features);
      expect(syntheticFeatures({ ...small, seed: seed === 0 ? 1 : seed - 1 }).features.data).not.toEqual(features.features.data);
    }),
    { numRuns: 30 },
  );
});

it("shapes are as asked: rows grouped by class, views of row i at i · views", () => {
  const { features, labels, augmented, means, spreads } = syntheticFeatures(small);
  expect([features.rows, features.cols, features.data.length]).toEqual([12, 12, 144]);
  expect(labels).toEqual(Int32Array.of(0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2));
  expect([augmented?.matrix.rows, augmented?.matrix.cols, augmented?.matrix.data.length, augmented?.views]).toEqual([24, 12, 288, 2]);
  expect([means.length, spreads.length]).toEqual([36, 12]);
});

it("the defaults are 20 classes of 40 rows in 400 dimensions, 20 of them informative, without views", () => {
  const { features, labels, augmented, means, spreads } = syntheticFeatures();
  expect([features.rows, features.cols, labels[799]]).toEqual([800, 400, 19]);
  expect(augmented).toBeUndefined();
  expect(informativeDimensions(means, spreads).length).toBe(20);
});

/** Dimensions whose class means are spread by more than 0.7 of the spread within a class. */
function informativeDimensions(means: Float64Array, spreads: Float64Array): number[] {
  const d = spreads.length;
  const k = means.length / d;
  return Array.from(spreads.keys()).filter((j) => {
    const column = Array.from({ length: k }, (_, c) => means[c * d + j]);
    const mean = column.reduce((sum, value) => sum + value, 0) / k;
    return Math.sqrt(column.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (k - 1)) > 0.7 * spreads[j];
  });
}

it("as many dimensions as asked are informative, evenly among the others, from none to all", () => {
  const places = (informative: number) => {
    const { means, spreads } = syntheticFeatures({ classes: 30, rowsPerClass: 1, dims: 20, informative, seed: 3 });
    return informativeDimensions(means, spreads);
  };
  expect(places(0)).toEqual([]);
  expect(places(4)).toEqual([4, 9, 14, 19]);
  expect(places(20).length).toBe(20);
});

it("rows without views are the rows with views: neither the number of views nor that of rows shifts another row's draws", () => {
  const { features } = syntheticFeatures(small);
  expect(syntheticFeatures({ ...small, views: 0 }).features).toStrictEqual(features);
  expect(syntheticFeatures({ ...small, views: 5, viewSpread: 3 }).features).toStrictEqual(features);
  const more = syntheticFeatures({ ...small, rowsPerClass: 8, views: 0 }).features;
  expect(more.data.subarray(0, 48)).toEqual(features.data.subarray(0, 48));
});

it("rows scatter about their class mean, and views about their row, with the spreads stated", () => {
  const { features, labels, augmented, means, spreads } = syntheticFeatures({
    classes: 4,
    rowsPerClass: 250,
    dims: 40,
    views: 2,
    viewSpread: 0.25,
    seed: 11,
  });
  const d = 40;
  let [rowSum, rowSquares, viewSum, viewSquares] = [0, 0, 0, 0];
  for (let i = 0; i < features.rows; i++) {
    for (let j = 0; j < d; j++) {
      const z = (features.data[i * d + j] - means[labels[i] * d + j]) / spreads[j];
      rowSum += z;
      rowSquares += z * z;
      for (let v = 0; v < 2; v++) {
        const u = (augmented!.matrix.data[(2 * i + v) * d + j] - features.data[i * d + j]) / (0.25 * spreads[j]);
        viewSum += u;
        viewSquares += u * u;
      }
    }
  }
  const n = features.rows * d;
  expect(Math.abs(rowSum / n)).toBeLessThan(5 / Math.sqrt(n));
  expect(Math.abs(rowSquares / n - 1)).toBeLessThan(5 * Math.sqrt(2 / n));
  expect(Math.abs(viewSum / (2 * n))).toBeLessThan(5 / Math.sqrt(2 * n));
  expect(Math.abs(viewSquares / (2 * n) - 1)).toBeLessThan(5 * Math.sqrt(1 / n));
});

it("separation is the standard deviation of class means in units of the spread within a class", () => {
  const { means, spreads } = syntheticFeatures({ classes: 1000, rowsPerClass: 1, dims: 8, informative: 8, separation: 2.5, seed: 5 });
  for (let j = 0; j < 8; j++) {
    const column = Array.from({ length: 1000 }, (_, c) => means[c * 8 + j] / spreads[j]);
    const mean = column.reduce((sum, value) => sum + value, 0) / 1000;
    const deviation = Math.sqrt(column.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 999);
    expect(Math.abs(deviation / 2.5 - 1)).toBeLessThan(5 / Math.sqrt(2000));
  }
});

it("options out of range are refused by name", () => {
  const refused: [SyntheticOptions, string][] = [
    [{ classes: 1 }, "classes is 1, expected a whole number of at least 2"],
    [{ rowsPerClass: 0 }, "rowsPerClass is 0, expected a whole number of at least 1"],
    [{ dims: 2.5 }, "dims is 2.5, expected a whole number of at least 1"],
    [{ dims: 4, informative: 5 }, "informative is 5, expected at most dims = 4"],
    [{ separation: 0 }, "separation is 0, expected a finite number greater than 0"],
    [{ views: -1 }, "views is -1, expected a whole number of at least 0"],
    [{ viewSpread: Number.NaN }, "viewSpread is NaN, expected a finite number greater than 0"],
    [{ seed: 0.5 }, "seed is 0.5, expected a whole number of at least 0"],
  ];
  for (const [options, message] of refused) refuses(() => syntheticFeatures(options), RangeError, `syntheticFeatures: ${message}`);
  refuses(() => syntheticFeatures({ seed: "1" as unknown as number }), TypeError, 'syntheticFeatures: seed is "1", expected a number');
});
