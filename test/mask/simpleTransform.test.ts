import fc from "fast-check";
import { expect, it } from "vitest";
import { l2Normalize } from "../../src/features/l2Normalize.ts";
import { simpleTransform } from "../../src/mask/simpleTransform.ts";
import { golden } from "../golden/small.ts";
import { matrices, matrix } from "../properties/arbitraries.ts";
import { farthest } from "../properties/close.ts";
import { refuses } from "../properties/refuses.ts";
import { leavesAlone } from "../properties/unchanged.ts";

it("of l2 features it is numpy's to 1e-9", () => {
  const { X, rows, cols, simple } = golden.statistics;
  expect(farthest(simpleTransform(l2Normalize({ data: Float64Array.from(X), rows, cols })).data, simple)).toBeLessThan(1e-9);
});

it("it is odd, keeps zeros, keeps the order of values and the storage, and leaves its input alone", () => {
  fc.assert(
    fc.property(matrices(), (features) => {
      const unit = l2Normalize(features);
      const out = leavesAlone(unit, () => simpleTransform(unit));
      expect(out.data.constructor).toBe(unit.data.constructor);
      const negative = simpleTransform({ ...unit, data: unit.data.map((value) => -value) as Float64Array });
      out.data.forEach((value, i) => {
        expect(value + negative.data[i]).toBe(0);
        expect(Math.sign(value)).toBe(Math.sign(unit.data[i]));
        if (i > 0 && unit.data[i] > unit.data[i - 1]) expect(value).toBeGreaterThanOrEqual(out.data[i - 1]);
      });
    }),
  );
});

it("it evens magnitudes out: of two values a thousandfold apart, it leaves less than a fifty-fold", () => {
  const [large, small] = simpleTransform(matrix([[0.5, 0.0005]])).data;
  expect(large / small).toBeLessThan(50);
  expect(large / small).toBeGreaterThan(1);
});

it("values that are not finite are refused by row and column", () => {
  refuses(
    () => simpleTransform(matrix([[1, Number.NaN]])),
    RangeError,
    "simpleTransform: features row 0, column 1 is NaN, expected finite numbers",
  );
  refuses(
    () => simpleTransform(matrix([[1], [Number.POSITIVE_INFINITY]])),
    RangeError,
    "simpleTransform: features row 1, column 0 is Infinity, expected finite numbers",
  );
});
