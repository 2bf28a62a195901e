import fc from "fast-check";
import { expect, it } from "vitest";
import { randomImportance } from "../../src/importance/randomImportance.ts";
import { expectUniform } from "../properties/chiSquare.ts";
import { refuses } from "../properties/refuses.ts";

it("it is a pure function of seed and episode: d values in (0, 1]", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 50 }), fc.maxSafeNat(), fc.maxSafeNat(), (cols, seed, episode) => {
      const values = randomImportance(cols, seed, episode);
      expect(values.length).toBe(cols);
      expect(values.every((value) => value > 0 && value <= 1)).toBe(true);
      expect(randomImportance(cols, seed, episode)).toEqual(values);
      expect(randomImportance(cols + 9, seed, episode).subarray(0, cols)).toEqual(values);
    }),
  );
});

it("another seed or episode gives others, and episode 0 is the default", () => {
  expect(randomImportance(3, 5)).toEqual(randomImportance(3, 5, 0));
  expect(
    new Set([randomImportance(3, 5, 0), randomImportance(3, 5, 1), randomImportance(3, 6, 0), randomImportance(3, 1, 5)].map(String)).size,
  ).toBe(4);
});

it("values are uniform, within an episode and over episodes", () => {
  const [within, over] = [new Int32Array(50), new Int32Array(50)];
  for (const value of randomImportance(20000, 1, 2)) within[Math.ceil(50 * value) - 1]++;
  for (let e = 0; e < 20000; e++) over[Math.ceil(50 * randomImportance(1, 1, e)[0]) - 1]++;
  expectUniform(within);
  expectUniform(over);
});

it("numbers that are not whole are refused by name", () => {
  refuses(() => randomImportance(0, 1), RangeError, "randomImportance: cols is 0, expected a whole number of at least 1");
  refuses(() => randomImportance(2, 1.5), RangeError, "randomImportance: seed is 1.5, expected a whole number of at least 0");
  refuses(() => randomImportance(2, 1, -1), RangeError, "randomImportance: episode is -1, expected a whole number of at least 0");
  refuses(() => randomImportance(2, "1" as unknown as number), TypeError, 'randomImportance: seed is "1", expected a number');
});
