import fc from "fast-check";
import { expect, it } from "vitest";
import { tukeyPower } from "../../src/features/tukeyPower.ts";
import { matrices, matrix } from "../properties/arbitraries.ts";
import { farthest } from "../properties/close.ts";
import { refuses } from "../properties/refuses.ts";
import { leavesAlone } from "../properties/unchanged.ts";

const positive = fc.integer({ min: 1, max: 640 }).map((value) => value / 64);

it("every value is raised to the power β; β = 0 is the logarithm", () => {
  expect(tukeyPower(matrix([[4, 9, 0]]), 0.5).data).toEqual(Float64Array.of(2, 3, 0));
  expect(tukeyPower(matrix([[4, 2]]), 2).data).toEqual(Float64Array.of(16, 4));
  expect(tukeyPower(matrix([[4, 2]]), -1).data).toEqual(Float64Array.of(0.25, 0.5));
  expect(tukeyPower(matrix([[1, Math.E]]), 0).data).toEqual(Float64Array.of(0, 1));
});

it("the power of a power is the product of powers, in the storage of the features, the input left alone", () => {
  fc.assert(
    fc.property(matrices({ element: positive }), fc.constantFrom(0.25, 0.5, 1, 1.5, 2, -0.5), (features, beta) => {
      const once = leavesAlone(features, () => tukeyPower(features, beta));
      expect(once.data.constructor).toBe(features.data.constructor);
      const tolerance = features.data instanceof Float32Array ? 1e-6 : 1e-14;
      expect(farthest(tukeyPower(once, 2).data, tukeyPower(features, 2 * beta).data)).toBeLessThan(tolerance);
      expect(
        farthest(
          once.data,
          Array.from(features.data, (value) => value ** beta),
        ),
      ).toBeLessThan(tolerance);
    }),
  );
});

it("negative values, zeros under a β that they cannot bear, and values that are not finite are refused by row and column", () => {
  refuses(
    () =>
      tukeyPower(
        matrix([
          [1, 2],
          [-1, 3],
        ]),
        0.5,
      ),
    RangeError,
    "tukeyPower: features row 1, column 0 is -1, expected values of at least 0",
  );
  refuses(
    () => tukeyPower(matrix([[1, Number.NaN]]), 0.5),
    RangeError,
    "tukeyPower: features row 0, column 1 is NaN, expected values of at least 0",
  );
  refuses(
    () => tukeyPower(matrix([[1, Number.POSITIVE_INFINITY]]), 0.5),
    RangeError,
    "tukeyPower: features row 0, column 1 is Infinity, expected finite numbers",
  );
  refuses(
    () => tukeyPower(matrix([[1, 0]]), 0),
    RangeError,
    "tukeyPower: features row 0, column 1 is 0, expected values above 0 for beta = 0",
  );
  refuses(
    () => tukeyPower(matrix([[0]]), -1),
    RangeError,
    "tukeyPower: features row 0, column 0 is 0, expected values above 0 for beta = -1",
  );
});

it("a power that is not a finite number is refused", () => {
  refuses(() => tukeyPower(matrix([[1]]), Number.NaN), RangeError, "tukeyPower: beta is NaN, expected a finite number");
  refuses(() => tukeyPower(matrix([[1]]), "2" as unknown as number), TypeError, 'tukeyPower: beta is "2", expected a number');
});
