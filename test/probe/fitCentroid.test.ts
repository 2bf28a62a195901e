import fc from "fast-check";
import { expect, it } from "vitest";
import { fitCentroid, fitCosine } from "../../src/probe/fitCentroid.ts";
import { classStatistics } from "../../src/statistics/classStatistics.ts";
import { labelledMatrices, matrix, permutations, rowsOf } from "../properties/arbitraries.ts";
import { farthest } from "../properties/close.ts";
import { leavesAlone } from "../properties/unchanged.ts";

it("centroids are the classes' means", () => {
  fc.assert(
    fc.property(labelledMatrices(), ({ features, labels }) => {
      const head = leavesAlone([features, labels], () => fitCentroid(features, labels));
      const { classes, means } = classStatistics(features, labels);
      expect(head).toMatchObject({ kind: "centroid", classes, cols: features.cols });
      expect(farthest(head.centroids, means)).toBeLessThan(1e-14);
    }),
  );
});

it("directions are the classes' means divided by their norms", () => {
  fc.assert(
    fc.property(labelledMatrices(), ({ features, labels }) => {
      const { means, classes } = classStatistics(features, labels);
      const rows = rowsOf({ data: means, rows: classes.length, cols: features.cols });
      fc.pre(rows.every((row) => Math.hypot(...row) > 1e-3));
      const head = leavesAlone([features, labels], () => fitCosine(features, labels));
      expect(head).toMatchObject({ kind: "cosine", classes, cols: features.cols });
      expect(
        farthest(
          head.directions,
          rows.flatMap((row) => row.map((value) => value / Math.hypot(...row))),
        ),
      ).toBeLessThan(1e-14);
    }),
  );
});

it("the order of rows does not matter, and directions do not feel the scale of the features", () => {
  fc.assert(
    fc.property(
      labelledMatrices().chain((given) => fc.tuple(fc.constant(given), permutations(given.labels.length))),
      ([{ features, labels }, order]) => {
        const rows = rowsOf(features);
        const shuffled = matrix(order.map((i) => rows[i]));
        const own = order.map((i) => labels[i]);
        expect(farthest(fitCentroid(shuffled, own).centroids, fitCentroid(features, labels).centroids)).toBeLessThan(1e-13);
      },
    ),
  );
  const features = matrix([
    [1, 2],
    [3, 1],
    [-1, 4],
  ]);
  const scaled = matrix(
    [
      [1, 2],
      [3, 1],
      [-1, 4],
    ].map((row) => row.map((value) => value * 2 ** 40)),
  );
  expect(fitCosine(scaled, [0, 1, 0])).toEqual(fitCosine(features, [0, 1, 0]));
});

it("a weight of 2 is the row twice, a weight of 0 the row left out", () => {
  const rows = [
    [1, 2],
    [3, 1],
    [-1, 4],
    [2, 2],
  ];
  for (const train of [fitCentroid, fitCosine]) {
    const weighted = train(matrix(rows), [0, 1, 0, 0], { sampleWeight: [2, 1, 0, 1] });
    const repeated = train(matrix([rows[0], rows[0], rows[1], rows[3]]), [0, 0, 1, 0]);
    expect(weighted).toEqual(repeated);
  }
});
