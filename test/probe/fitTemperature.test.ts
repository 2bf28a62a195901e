import fc from "fast-check";
import { expect, it } from "vitest";
import type { Matrix } from "../../src/core/matrix.ts";
import { randomNormal, randomStream, randomUniform } from "../../src/core/random.ts";
import { fitTemperature } from "../../src/probe/fitTemperature.ts";
import { expectedCalibrationError } from "../../src/statistics/expectedCalibrationError.ts";
import { matrix, rowsOf } from "../properties/arbitraries.ts";
import { leavesAlone } from "../properties/unchanged.ts";

const problems = fc.tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 2, max: 5 })).chain(([n, k]) =>
  fc.record({
    logits: fc
      .array(fc.integer({ min: -512, max: 512 }), { minLength: n * k, maxLength: n * k })
      .map((values): Matrix => ({ data: Float64Array.from(values, (value) => value / 64), rows: n, cols: k })),
    codes: fc.array(fc.integer({ min: 0, max: k - 1 }), { minLength: n, maxLength: n }),
    sampleWeight: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: n, maxLength: n }),
    smoothing: fc.constantFrom(0, 0.01, 0.2),
  }),
);

/** Σ w · cross-entropy of smoothed targets at temperature T, by plain loops. */
function lossAt(logits: Matrix, codes: readonly number[], weights: readonly number[], smoothing: number, T: number): number {
  const k = logits.cols;
  return rowsOf(logits).reduce((sum, row, i) => {
    const most = Math.max(...row) / T;
    const log = most + Math.log(row.reduce((total, value) => total + Math.exp(value / T - most), 0));
    return (
      sum +
      weights[i] * row.reduce((total, value, c) => total + (c === codes[i] ? 1 - smoothing : smoothing / (k - 1)) * (log - value / T), 0)
    );
  }, 0);
}

it("no other temperature has a lower log loss, near or far", () => {
  fc.assert(
    fc.property(problems, ({ logits, codes, sampleWeight, smoothing }) => {
      const T = leavesAlone([logits, codes, sampleWeight], () => fitTemperature(logits, codes, { sampleWeight, smoothing }));
      expect(T).toBeGreaterThan(0);
      const least = lossAt(logits, codes, sampleWeight, smoothing, T);
      const all = rowsOf(logits).flatMap((row, i) => {
        const mean = row.reduce((sum, value) => sum + value, 0) / row.length;
        return row.map((value) => (sampleWeight[i] * (value - mean) ** 2) / row.length);
      });
      const spread = Math.sqrt(all.reduce((sum, value) => sum + value, 0) / sampleWeight.reduce((sum, value) => sum + value, 0));
      for (const factor of [1e-3, 0.1, 0.9, 0.999, 1.001, 1.1, 10, 1e3]) {
        const other = T * factor;
        // Only those that it may answer.
        if (spread > 0 && other > spread / 1000 && other < spread * 1000)
          expect(lossAt(logits, codes, sampleWeight, smoothing, other)).toBeGreaterThanOrEqual(least - 1e-10 * (1 + least));
      }
    }),
  );
});

it("logits s times as large have s times the temperature, and shifted rows the same", () => {
  fc.assert(
    fc.property(problems, fc.constantFrom(1e-3, 0.5, 40), ({ logits, codes, smoothing }, scale) => {
      const T = fitTemperature(logits, codes, { smoothing });
      const data = logits.data.map((value, j) => value * scale + Math.floor(j / logits.cols));
      const spreads = rowsOf(logits).some((row) => Math.max(...row) > Math.min(...row));
      if (!spreads) return;
      const scaled = fitTemperature({ ...logits, data }, codes, { smoothing }) / scale;
      // Where rows are all but certain, the loss is the same to its last digit at many a temperature.
      const ones = codes.map(() => 1);
      const gap = lossAt(logits, codes, ones, smoothing, scaled) - lossAt(logits, codes, ones, smoothing, T);
      if (Math.abs(scaled / T - 1) > 1e-6) expect(Math.abs(gap)).toBeLessThan(1e-13);
    }),
  );
});

it("recovers the temperature that labels were drawn with, and so makes overconfident logits keep their word", () => {
  const random = randomStream(1, "synthetic");
  const [n, k, truth] = [6000, 4, 3];
  const data = Float64Array.from({ length: n * k }, () => 6 * randomNormal(random));
  const shares = (T: number, i: number) => {
    const row = Array.from(data.subarray(i * k, (i + 1) * k), (value) => Math.exp(value / T));
    const sum = row.reduce((total, value) => total + value, 0);
    return row.map((value) => value / sum);
  };
  const codes = Array.from({ length: n }, (_, i) => {
    let left = randomUniform(random);
    const row = shares(truth, i);
    const at = row.findIndex((share) => {
      left -= share;
      return left < 0;
    });
    return at < 0 ? k - 1 : at;
  });
  const T = fitTemperature({ data, rows: n, cols: k }, codes);
  expect(Math.abs(T - truth)).toBeLessThan(0.15);
  const error = (temperature: number) => {
    const rows = codes.map((_, i) => shares(temperature, i));
    return expectedCalibrationError(
      rows.map((row) => Math.min(1, Math.max(...row))),
      rows.map((row, i) => row.indexOf(Math.max(...row)) === codes[i]),
    );
  };
  expect(error(T)).toBeLessThan(0.02);
  expect(error(1)).toBeGreaterThan(0.1);
});

it("expects, of n rows all right and alike, the next to be right with probability (n + 1)/(n + 2)", () => {
  for (const n of [1, 5, 25]) {
    const T = fitTemperature(matrix(Array.from({ length: n }, () => [2, 0])), new Array(n).fill(0));
    expect(1 / (1 + Math.exp(-2 / T))).toBeCloseTo((n + 1) / (n + 2), 10);
  }
});

it("stays finite where the log loss alone has no minimum: all right, all wrong, and logits that don't differ", () => {
  const logits = matrix([
    [1, 0],
    [0, 1],
  ]);
  // The logits' root mean square about their rows' means is a half.
  expect(fitTemperature(logits, [0, 1], { smoothing: 0 })).toBeCloseTo(0.0005, 12);
  expect(fitTemperature(logits, [1, 0], { smoothing: 0 })).toBeCloseTo(500, 6);
  expect(
    fitTemperature(
      matrix([
        [3, 3],
        [0, 0],
      ]),
      [0, 1],
    ),
  ).toBe(1);
});

it("smooths by the rule of succession unless told, and up to targets that are all alike", () => {
  const logits = matrix([
    [3, 0, 1],
    [0, 2, 1],
    [1, 0, 1],
  ]);
  const codes = [0, 1, 2];
  expect(fitTemperature(logits, codes)).toBe(fitTemperature(logits, codes, { smoothing: 1 / 5 }));
  expect(fitTemperature(logits, codes)).toBe(fitTemperature(logits, codes, { sampleWeight: [1, 1, 1] }));
  expect(fitTemperature(logits, codes)).toBeCloseTo(fitTemperature(logits, codes, { sampleWeight: [7, 7, 7] }), 12);
  // Targets alike ask for probabilities alike: the largest temperature there is, 1000 times the spread.
  const spread = Math.sqrt((5 / 3) ** 2 + (4 / 3) ** 2 + (1 / 3) ** 2 + 2 + 2 / 3) / 3;
  expect(fitTemperature(logits, codes, { smoothing: 1 - 1 / 3 }) / spread).toBeCloseTo(1000, 8);
});

it("answers in a few steps where the minimum is far from 1, on either side", () => {
  // One row right of three, two alike: exp(a/T) = 2 where a is the gap.
  for (const gap of [1e-6, 1, 1e6]) {
    const logits = matrix([
      [gap, 0],
      [gap, 0],
      [gap, 0],
    ]);
    expect((fitTemperature(logits, [0, 0, 1], { smoothing: 0 }) * Math.LN2) / gap).toBeCloseTo(1, 12);
  }
});
