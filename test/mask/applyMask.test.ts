import fc from "fast-check";
import { expect, it } from "vitest";
import { l2Normalize } from "../../src/features/l2Normalize.ts";
import { applyMask } from "../../src/mask/applyMask.ts";
import { powerMask } from "../../src/mask/powerMask.ts";
import { gridNumber, matrices, matrix, rowsOf } from "../properties/arbitraries.ts";
import { farthest } from "../properties/close.ts";
import { refuses } from "../properties/refuses.ts";
import { leavesAlone } from "../properties/unchanged.ts";

const maskedMatrices = matrices().chain((features) =>
  fc.tuple(fc.constant(features), fc.array(gridNumber.map(Math.abs), { minLength: features.cols, maxLength: features.cols })),
);

it("columns are scaled by their weights, then rows divided by their norms, in double", () => {
  fc.assert(
    fc.property(maskedMatrices, ([features, mask]) => {
      const masked = leavesAlone([features, mask], () => applyMask(features, mask));
      expect(masked.data).toBeInstanceOf(Float64Array);
      const scaled = rowsOf(features).map((row) => row.map((value, j) => value * mask[j]));
      expect(applyMask(features, mask, { normalize: "none" }).data).toEqual(Float64Array.from(scaled.flat()));
      const expected = scaled.flatMap((row) => row.map((value) => value / (Math.hypot(...row) || 1)));
      expect(farthest(masked.data, expected)).toBeLessThan(1e-15);
    }),
  );
});

it("a mask of power 0 is l2 alone, of any importance and any scale", () => {
  fc.assert(
    fc.property(maskedMatrices, fc.constantFrom(-1074, -700, -20, 0, 20, 700, 1010), ([{ data, rows, cols }, importance], exponent) => {
      const features = { data: Float64Array.from(data, (value) => value * 2 ** exponent), rows, cols };
      expect(applyMask(features, powerMask(importance, 0))).toEqual(l2Normalize(features));
    }),
  );
});

it("the scale of a mask does not matter, by powers of two not one bit", () => {
  fc.assert(
    fc.property(maskedMatrices, fc.constantFrom(-900, -60, 60, 900), ([features, mask], exponent) => {
      expect(
        applyMask(
          features,
          mask.map((value) => value * 2 ** exponent),
        ),
      ).toEqual(applyMask(features, mask));
    }),
  );
});

it("rows that the mask leaves without any value stay zeros", () => {
  expect(
    applyMask(
      matrix([
        [1, 2],
        [0, 3],
      ]),
      [1, 0],
    ).data,
  ).toEqual(Float64Array.of(1, 0, 0, 0));
});

it("masks and features that do not fit or are not finite are refused by place", () => {
  const features = matrix([
    [1, 2],
    [3, 4],
  ]);
  refuses(() => applyMask(features, [1]), RangeError, "applyMask: mask has 1 weights, expected 2, one a column of features");
  refuses(() => applyMask(features, [1, Number.NaN]), RangeError, "applyMask: mask[1] is NaN, expected finite weights");
  refuses(() => applyMask(features, [Number.POSITIVE_INFINITY, 1]), RangeError, "applyMask: mask[0] is Infinity, expected finite weights");
  refuses(
    () => applyMask(matrix([[1, Number.NaN]]), [1, 1]),
    RangeError,
    "applyMask: features row 0, column 1 is NaN, expected finite numbers",
  );
  for (const normalize of ["l2", "none"] as const) {
    refuses(
      () => applyMask(matrix([[1], [1e200]]), [1e200], { normalize }),
      RangeError,
      "applyMask: features row 1 times the mask is beyond the largest double, expected smaller weights",
    );
  }
});

it("normalisations that do not exist and masks that are no list are refused", () => {
  const features = matrix([[1]]);
  refuses(
    () => applyMask(features, [1], { normalize: "l1" as "l2" }),
    RangeError,
    'applyMask: normalize is "l1", expected one of l2, none',
  );
  refuses(
    () => applyMask(features, null as unknown as number[]),
    TypeError,
    "applyMask: mask is null, expected an array of weights, one a column of features",
  );
});
