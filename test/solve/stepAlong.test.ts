import fc from "fast-check";
import { expect, it } from "vitest";
import { stepAlong } from "../../src/solve/stepAlong.ts";

it("goes all the way where the function falls so far", () => {
  expect(stepAlong((t) => t - 3, -3, 1)).toBe(1);
  expect(stepAlong((t) => t - 1, -1, 1)).toBe(1);
});

it("stops before the minimum, where the derivative is less than three tenths of what it was: of lines, exponentials and kinks", () => {
  const bottoms = fc.double({ min: 0.05, max: 0.99, noNaN: true });
  const slopes: ((bottom: number, steepness: number) => (t: number) => number)[] = [
    (bottom) => (t) => t - bottom,
    (bottom, steepness) => (t) => Math.exp(steepness * (t - bottom)) - 1,
    (bottom, steepness) => (t) => 1 - Math.exp(-steepness * (t - bottom)),
    (bottom, steepness) => (t) => (t < bottom ? 1 : steepness) * (t - bottom),
  ];
  fc.assert(
    fc.property(bottoms, fc.double({ min: 0.1, max: 8, noNaN: true }), fc.constantFrom(...slopes), (bottom, steepness, slope) => {
      const derivative = slope(bottom, steepness);
      let calls = 0;
      const step = stepAlong(
        (t) => {
          calls++;
          expect(t).toBeGreaterThanOrEqual(0);
          expect(t).toBeLessThanOrEqual(1);
          return derivative(t);
        },
        derivative(0),
        1,
      );
      expect(derivative(step)).toBeLessThanOrEqual(0);
      expect(derivative(step)).toBeGreaterThan(0.3 * derivative(0));
      expect(calls).toBeLessThanOrEqual(20);
    }),
    { numRuns: 500 },
  );
});

it("tries twenty times and no more, and stays where the function was seen to fall", () => {
  let calls = 0;
  const step = stepAlong(
    (t) => {
      calls++;
      return t < 0.9 ? -1 : 1;
    },
    -1,
    1,
  );
  expect(calls).toBe(20);
  expect(step).toBeGreaterThan(0);
  expect(step).toBeLessThan(0.9);
});
