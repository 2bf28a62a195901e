import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Matrix } from "../../src/core/matrix.ts";
import { fitCentroid, fitCosine } from "../../src/probe/fitCentroid.ts";
import { classStatistics } from "../../src/statistics/classStatistics.ts";
import { labelledMatrices, matrix, permutations, rowsOf } from "../properties/arbitraries.ts";
import { farthest } from "../properties/close.ts";
import { refuses } from "../properties/refuses.ts";
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
    const weighted = train(matrix(rows), [0, 1, 0, 0], { sampleWeight: [2, 1, 1, 0] });
    const repeated = train(matrix([rows[0], ...rows.slice(0, 3)]), [0, 0, 1, 0]);
    expect(weighted).toEqual(repeated);
  }
});

describe("bad input is refused, by either, by its own name:", () => {
  const features = matrix([
    [1, 2],
    [3, 4],
  ]);
  for (const [name, train] of [
    ["fitCentroid", fitCentroid],
    ["fitCosine", fitCosine],
  ] as const) {
    it(`${name} of no rows, one class, labels that do not fit, or values that are not finite`, () => {
      refuses(
        () => train({ data: new Float32Array(0), rows: 0, cols: 2 }, []),
        RangeError,
        `${name}: features has 0 rows, expected at least 2`,
      );
      refuses(() => train(features, ["a", "a"]), RangeError, `${name}: labels has one class, a, expected at least 2`);
      refuses(() => train(features, [0, 1, 1]), RangeError, `${name}: labels has 3 rows, expected 2, one a row of features`);
      refuses(
        () =>
          train(
            matrix([
              [1, 2],
              [Number.POSITIVE_INFINITY, 4],
            ]),
            [0, 1],
          ),
        RangeError,
        `${name}: features row 1, column 0 is Infinity, expected finite numbers`,
      );
      const weigh = (sampleWeight: number[]) => () => train(features, [0, 1], { sampleWeight });
      refuses(weigh([1]), RangeError, `${name}: sampleWeight has 1 values, expected 2, one a row`);
      refuses(weigh([1, -1]), RangeError, `${name}: sampleWeight row 1 is -1, expected finite weights of at least 0`);
      refuses(weigh([Number.NaN, 1]), RangeError, `${name}: sampleWeight row 0 is NaN, expected finite weights of at least 0`);
      refuses(weigh([1, 0]), RangeError, `${name}: sampleWeight is 0 in every row of class 1, expected a weight above 0`);
      refuses(() => train(null as unknown as Matrix, [0, 1]), TypeError, new RegExp(`^${name}: features is not a Matrix`));
    });
  }

  it("fitCosine of a class whose mean is zero, for it has no direction", () => {
    refuses(
      () =>
        fitCosine(
          matrix([
            [1, 0],
            [-1, 0],
            [0, 1],
          ]),
          ["x", "x", "y"],
        ),
      RangeError,
      "fitCosine: class x has a mean of zero, expected a direction",
    );
  });
});
