import fc from "fast-check";
import { expect, it } from "vitest";
import { powerMask } from "../../src/mask/powerMask.ts";
import { farthest } from "../properties/close.ts";
import { refuses } from "../properties/refuses.ts";
import { leavesAlone } from "../properties/unchanged.ts";

const importance = fc.array(
  fc.integer({ min: 0, max: 640 }).map((value) => value / 64),
  { minLength: 1, maxLength: 20 },
);
const exponent = fc.oneof(fc.constantFrom(0, 0.5, 1, 2), fc.double({ min: 0, max: 3, noNaN: true }));

it("every importance is raised to the power γ", () => {
  expect(powerMask([4, 0, 9], 0.5)).toEqual(Float64Array.of(2, 0, 3));
  expect(powerMask([4, 0, 9], 1)).toEqual(Float64Array.of(4, 0, 9));
  expect(powerMask([4, 0, 9], 2)).toEqual(Float64Array.of(16, 0, 81));
  expect(powerMask([4, 2], -1)).toEqual(Float64Array.of(0.25, 0.5));
  fc.assert(
    fc.property(importance, exponent, (values, power) => {
      const mask = leavesAlone(values, () => powerMask(values, power));
      expect(
        farthest(
          mask,
          values.map((value) => value ** power),
        ),
      ).toBeLessThan(1e-15);
    }),
  );
});

it("γ = 0 is no mask: every weight 1, that of importance 0 too", () => {
  expect(powerMask([4, 0, 1e-300], 0)).toEqual(Float64Array.of(1, 1, 1));
});

it("powers multiply, and keep the order of importance", () => {
  fc.assert(
    fc.property(importance, exponent, exponent, (values, a, b) => {
      // 0 to a power of 0 is 1: a product of powers that rounds to 0 is another law.
      if (a === 0 || b === 0 || a * b > 0)
        expect(farthest(powerMask(powerMask(values, a), b), powerMask(values, a * b))).toBeLessThan(1e-12);
      const mask = powerMask(values, a);
      for (let j = 1; j < values.length; j++) if (values[j] > values[j - 1]) expect(mask[j]).toBeGreaterThanOrEqual(mask[j - 1]);
    }),
  );
});

it("negative importance, NaN, Infinity, zero under a negative power, and powers past the largest double are refused by place", () => {
  refuses(() => powerMask([1, -1], 0.5), RangeError, "powerMask: importance[1] is -1, expected values of at least 0");
  refuses(() => powerMask([Number.NaN], 0), RangeError, "powerMask: importance[0] is NaN, expected values of at least 0");
  refuses(() => powerMask([1, 0], -1), RangeError, "powerMask: importance[1] is 0, expected values above 0 for a negative exponent");
  refuses(
    () => powerMask([1, Number.POSITIVE_INFINITY], -1),
    RangeError,
    "powerMask: importance[1] is Infinity, expected values whose power -1 is finite",
  );
  refuses(() => powerMask([1e200], 2), RangeError, "powerMask: importance[0] is 1e+200, expected values whose power 2 is finite");
});

it("a power that is not a finite number is refused", () => {
  refuses(() => powerMask([1], Number.NaN), RangeError, "powerMask: exponent is NaN, expected a finite number");
  refuses(() => powerMask([1], "1" as unknown as number), TypeError, 'powerMask: exponent is "1", expected a number');
});
