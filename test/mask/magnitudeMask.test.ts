import fc from "fast-check";
import { expect, it } from "vitest";
import { applyMask } from "../../src/mask/applyMask.ts";
import { magnitudeMask } from "../../src/mask/magnitudeMask.ts";
import { gridNumber, matrices, matrix, rowsOf } from "../properties/arbitraries.ts";
import { farthest } from "../properties/close.ts";
import { refuses } from "../properties/refuses.ts";
import { leavesAlone } from "../properties/unchanged.ts";

it("after it the mean magnitude of every dimension is its importance, or 0 where the dimension is 0 in every row", () => {
  fc.assert(
    fc.property(
      matrices().chain((features) =>
        fc.tuple(fc.constant(features), fc.array(gridNumber.map(Math.abs), { minLength: features.cols, maxLength: features.cols })),
      ),
      ([features, importance]) => {
        const mask = leavesAlone([features, importance], () => magnitudeMask(importance, features));
        const masked = rowsOf(applyMask(features, mask, { normalize: "none" }));
        const rows = rowsOf(features);
        const means = importance.map((_, j) => masked.reduce((sum, row) => sum + Math.abs(row[j]), 0) / rows.length);
        const expected = importance.map((value, j) => (rows.some((row) => row[j] !== 0) ? value : 0));
        expect(farthest(means, expected)).toBeLessThan(1e-14);
        expect(mask.every((weight) => weight >= 0)).toBe(true);
      },
    ),
  );
});

it("features twice as large get half the weight, and the order of rows does not matter", () => {
  const features = matrix([
    [1, -2],
    [3, 4],
  ]);
  expect(magnitudeMask([4, 6], features)).toEqual(Float64Array.of(2, 2));
  expect(
    magnitudeMask(
      [4, 6],
      matrix([
        [2, -4],
        [6, 8],
      ]),
    ),
  ).toEqual(Float64Array.of(1, 1));
  expect(
    magnitudeMask(
      [4, 6],
      matrix([
        [3, 4],
        [1, -2],
      ]),
    ),
  ).toEqual(Float64Array.of(2, 2));
});

it("no rows, values that are not finite, negative importance and lists that do not fit are refused", () => {
  const features = matrix([[1, 2]]);
  refuses(() => magnitudeMask([1], features), RangeError, "magnitudeMask: importance has 1 values, expected 2, one a column of features");
  refuses(() => magnitudeMask([1, -1], features), RangeError, "magnitudeMask: importance[1] is -1, expected finite values of at least 0");
  refuses(
    () => magnitudeMask([Number.NaN, 1], features),
    RangeError,
    "magnitudeMask: importance[0] is NaN, expected finite values of at least 0",
  );
  refuses(
    () => magnitudeMask([Number.POSITIVE_INFINITY, 1], features),
    RangeError,
    "magnitudeMask: importance[0] is Infinity, expected finite values of at least 0",
  );
  refuses(
    () => magnitudeMask([1], matrix([[Number.NaN]])),
    RangeError,
    "magnitudeMask: features row 0, column 0 is NaN, expected finite numbers",
  );
  refuses(
    () => magnitudeMask([1], { data: new Float64Array(0), rows: 0, cols: 1 }),
    RangeError,
    "magnitudeMask: features has 0 rows, expected at least 1",
  );
  refuses(
    () => magnitudeMask(null as unknown as number[], features),
    TypeError,
    "magnitudeMask: importance is null, expected an array of numbers, one a column of features",
  );
});
