import fc from "fast-check";
import { expect, it } from "vitest";
import { stepAlong } from "../../src/solve/stepAlong.ts";

/** The distances tried where the derivative from 0 on is -1 and then, try by try, as given; and the answer. */
const tried = (values: readonly number[], most = 1) => {
  const at: number[] = [];
  const step = stepAlong((distance) => values[at.push(distance) - 1], -1, most);
  return { at, step };
};

it("goes all the way where the function falls so far, and looks nowhere else", () => {
  expect(tried([-0.9], 5)).toEqual({ at: [5], step: 5 });
  expect(tried([0], 5)).toEqual({ at: [5], step: 5 });
});

it("tries where a straight line between the two ends is 0, and halves what an end counts that stays once more", () => {
  // From -1 at 0 to 3 at 1: a quarter. Then from -0.5 there: (1/4 · 3 + 1 · 1/2) / 3.5. The upper end stays, and counts 1.5: (5/14 · 1.5 + 1 · 0.4) / 1.9.
  const second = 1.25 / 3.5;
  const third = (second * 1.5 + 0.4) / 1.9;
  expect(tried([3, -0.5, -0.4, -0.2])).toEqual({ at: [1, 0.25, second, third], step: third });
  // The lower end stays, and its -1 counts half of that: 1/4 · 1/2 / (1 + 1/2). Once more: 1/12 · 1/4 / (1/4 + 1/4).
  expect(tried([3, 1, 0.25, -0.2])).toEqual({ at: [1, 0.25, 0.125 / 1.5, 0.125 / 1.5 / 2], step: 0.125 / 1.5 / 2 });
  // Ends that move by turns count in full.
  const turned = (0.125 * 7 + 0.5) / 7.5;
  expect(tried([7, -0.5, 1, -0.2]).at).toEqual([1, 0.125, turned, (0.125 + 0.5 * turned) / 1.5]);
});

it("goes on from where the derivative is three tenths of what it was, and ends where it is less or 0", () => {
  expect(tried([3, -0.3, -0.2]).at).toHaveLength(3);
  expect(tried([3, -0.29]).at).toHaveLength(2);
  expect(tried([3, 0])).toEqual({ at: [1, 0.25], step: 0.25 });
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

it("tries twenty times and no more, and stays at the farthest distance where the function was seen to fall", () => {
  const { at, step } = tried(Array.from({ length: 30 }, (_, i) => (i % 3 === 1 ? -1 : 1)));
  expect(at).toHaveLength(20);
  expect(step).toBe(Math.max(...at.filter((_, i) => i % 3 === 1)));
});

it("is what it would try next where the function was seen to rise twenty times", () => {
  const { at, step } = tried(Array.from({ length: 30 }, () => 1));
  // Each time the lower end counts half of what it did.
  let last = 1;
  const expected = Array.from({ length: 21 }, (_, i) => {
    const now = last;
    last = (last * 0.5 ** i) / (1 + 0.5 ** i);
    return now;
  });
  expect([...at, step]).toEqual(expected);
});
