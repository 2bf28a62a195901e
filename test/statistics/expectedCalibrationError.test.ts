import fc from "fast-check";
import { expect, it } from "vitest";
import { randomStream, randomUniform } from "../../src/core/random.ts";
import { expectedCalibrationError } from "../../src/statistics/expectedCalibrationError.ts";
import { reliabilityBins } from "../../src/statistics/reliabilityBins.ts";

const rows = fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.boolean()), { minLength: 1, maxLength: 50 });

it("is the mean gap between confidence and accuracy, bin by bin", () => {
  // Bins of a half: (0.2 + 0.4)/2 against 1/2 right; 0.9 against 0 right.
  expect(expectedCalibrationError([0.2, 0.4, 0.9], [true, false, false], 2)).toBeCloseTo((2 * 0.2 + 0.9) / 3, 14);
  expect(expectedCalibrationError([0.2, 0.4, 0.9], [1, 0, 0], 1)).toBeCloseTo(Math.abs(1.5 - 1) / 3, 14);
});

it("bins are half open above, hold every row once and keep their means", () => {
  expect(reliabilityBins([0, 0.5, 0.5000001, 1], [0, 1, 1, 1], 2).map((bin) => bin.count)).toEqual([2, 2]);
  fc.assert(
    fc.property(rows, fc.integer({ min: 1, max: 30 }), (pairs, bins) => {
      const probabilities = pairs.map(([p]) => p);
      const result = reliabilityBins(
        probabilities,
        pairs.map(([, hit]) => hit),
        bins,
      );
      expect(result.length).toBe(bins);
      expect(result.reduce((sum, bin) => sum + bin.count, 0)).toBe(pairs.length);
      const total = probabilities.reduce((sum, p) => sum + p, 0);
      expect(result.reduce((sum, bin) => sum + bin.count * bin.confidence, 0)).toBeCloseTo(total, 10);
      for (const bin of result) {
        if (bin.count === 0) continue;
        expect(bin.confidence).toBeGreaterThan(bin.lower - 1e-12);
        expect(bin.confidence).toBeLessThan(bin.upper + 1e-12);
      }
    }),
  );
});

it("lies between |accuracy − mean confidence| and 1, whatever the bins", () => {
  fc.assert(
    fc.property(rows, fc.integer({ min: 1, max: 30 }), (pairs, bins) => {
      const probabilities = pairs.map(([p]) => p);
      const correct = pairs.map(([, hit]) => Number(hit));
      const gap = Math.abs(pairs.reduce((sum, [p, hit]) => sum + Number(hit) - p, 0) / pairs.length);
      const error = expectedCalibrationError(probabilities, correct, bins);
      expect(error).toBeGreaterThan(gap - 1e-12);
      expect(error).toBeLessThan(1 + 1e-12);
      expect(expectedCalibrationError(probabilities, correct, 1)).toBeCloseTo(gap, 12);
    }),
  );
});

it("is near 0 for probabilities that keep their word, and the size of the excess for overconfident ones", () => {
  const random = randomStream(2, "synthetic");
  const truth = Array.from({ length: 20_000 }, () => 0.2 + 0.6 * randomUniform(random));
  const correct = truth.map((p) => randomUniform(random) < p);
  expect(expectedCalibrationError(truth, correct)).toBeLessThan(0.02);
  const overconfident = truth.map((p) => p + 0.15);
  expect(Math.abs(expectedCalibrationError(overconfident, correct) - 0.15)).toBeLessThan(0.02);
});

it("names the argument at fault", () => {
  expect(() => expectedCalibrationError([], [])).toThrow("expectedCalibrationError: probabilities has 0 entries, expected at least 1");
  expect(() => expectedCalibrationError([0.5], [1, 0])).toThrow("correct has 2 entries, expected 1, one for each of probabilities");
  expect(() => expectedCalibrationError([1.5], [1])).toThrow("probabilities[0] is 1.5, expected a number in 0…1");
  expect(() => expectedCalibrationError([0.5], [2])).toThrow("correct[0] is 2, expected true, false, 1 or 0");
  expect(() => reliabilityBins([0.5, -0.5], [1, 1])).toThrow("reliabilityBins: probabilities[1] is -0.5, expected a number in 0…1");
  expect(() => expectedCalibrationError([0.5], [1], 0)).toThrow("bins is 0, expected a whole number of at least 1");
});
