import fc from "fast-check";
import { expect, it } from "vitest";
import { centre } from "../../src/features/centre.ts";
import { matrices, matrix, rowsOf } from "../properties/arbitraries.ts";
import { farthest } from "../properties/close.ts";
import { refuses } from "../properties/refuses.ts";
import { leavesAlone } from "../properties/unchanged.ts";

it("the mean given is subtracted from every row, in the storage of the features", () => {
  expect(
    centre(
      matrix([
        [1, 2],
        [3, 4],
      ]),
      [1, -1],
    ),
  ).toEqual(
    matrix([
      [0, 3],
      [2, 5],
    ]),
  );
  const single = { data: Float32Array.of(1, 2), rows: 1, cols: 2 };
  expect(centre(single, Float64Array.of(0.5, 2)).data).toEqual(Float32Array.of(0.5, 0));
});

it("centring by the columns' own means leaves columns of mean 0, and the input alone", () => {
  fc.assert(
    fc.property(matrices(), (features) => {
      const rows = rowsOf(features);
      const means = rows[0].map((_, j) => rows.reduce((sum, row) => sum + row[j], 0) / rows.length);
      const centred = leavesAlone([features, means], () => centre(features, means));
      const left = means.map((_, j) => rowsOf(centred).reduce((sum, row) => sum + row[j], 0));
      expect(farthest(left, new Array(means.length).fill(0))).toBeLessThan(1e-5);
      expect(
        farthest(
          centre(
            centred,
            means.map((value) => -value),
          ).data,
          features.data,
        ),
      ).toBeLessThan(1e-6);
    }),
  );
});

it("a mean of another length, one that is not finite, and features that are not, are refused", () => {
  const features = matrix([[1, 2]]);
  refuses(() => centre(features, [1]), RangeError, "centre: mean has 1 values, expected 2, one a column of features");
  refuses(() => centre(features, [1, Number.NaN]), RangeError, "centre: mean[1] is NaN, expected finite numbers");
  refuses(() => centre(features, [Number.POSITIVE_INFINITY, 1]), RangeError, "centre: mean[0] is Infinity, expected finite numbers");
  refuses(() => centre(matrix([[Number.NaN]]), [1]), RangeError, "centre: features row 0, column 0 is NaN, expected finite numbers");
  refuses(
    () => centre(features, null as unknown as number[]),
    TypeError,
    "centre: mean is null, expected an array of numbers, one a column of features",
  );
});
