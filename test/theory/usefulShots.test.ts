import fc from "fast-check";
import { expect, it } from "vitest";
import { randomNormal, randomStream, randomUniform } from "../../src/core/random.ts";
import { centroidError } from "../../src/theory/centroidError.ts";
import { usefulShots } from "../../src/theory/usefulShots.ts";

/** Two classes with a few dimensions far apart and many hardly, variances of any size, all classes alike. */
function features(seed: number, cols: number) {
  const random = randomStream(seed, "synthetic");
  const variance = Float64Array.from({ length: cols }, () => Math.exp(0.6 * randomNormal(random)));
  const meanA = new Float64Array(cols);
  const meanB = Float64Array.from({ length: cols }, (_, j) => (j % 20 === 0 ? 1.2 : 0.4 * randomUniform(random)) * randomNormal(random));
  const statistics = {
    classes: ["a", "b"],
    counts: Float64Array.of(50, 50),
    means: Float64Array.of(...meanA, ...meanB),
    variances: Float64Array.of(...variance, ...variance),
    cols,
  };
  return { statistics, pair: (shots: number) => ({ meanA, meanB, varianceA: variance, varianceB: variance, shots }) };
}

it("says when leaving a dimension out lowers the exact error, wherever it changes the error by more than a part in 10,000", () => {
  const cols = 200;
  const { statistics, pair } = features(7, cols);
  const shots = usefulShots(statistics);
  let [asked, confounders] = [0, 0];
  // Not beyond 10 shots: a wide dimension that helps at 1 shot may hurt again at 30.
  for (const k of [1, 2, 4, 10]) {
    const error = centroidError(pair(k));
    for (let j = 0; j < cols; j += 3) {
      const without = centroidError(pair(k), { dimensions: Array.from({ length: cols }, (_, i) => i).filter((i) => i !== j) });
      if (Math.abs(error / without - 1) < 1e-4) continue;
      asked++;
      confounders += Number(error > without);
      expect(k >= shots[j]).toBe(error < without);
    }
  }
  expect(confounders).toBeGreaterThan(50);
  expect(asked - confounders).toBeGreaterThan(50);
});

it("is the smallest whole K at which margin² over variance does not fall, by direct search", () => {
  fc.assert(
    fc.property(fc.nat(10_000), fc.integer({ min: 1, max: 12 }), (seed, cols) => {
      const random = randomStream(seed, "synthetic");
      const draw = (spread: number) => Float64Array.from({ length: cols }, () => spread * randomNormal(random));
      const [means, variance] = [draw(1), draw(1.5).map(Math.exp)];
      const statistics = {
        classes: [0, 1],
        counts: Float64Array.of(5, 5),
        means: Float64Array.of(...new Float64Array(cols), ...means),
        variances: Float64Array.of(...variance, ...variance),
        cols,
      };
      const ratio = (k: number, without: number) => {
        let [margin, noise] = [0, 0];
        for (let j = 0; j < cols; j++) {
          if (j === without) continue;
          const distance = means[j] ** 2;
          margin += distance / 2;
          noise += distance * variance[j] * (1 + 1 / k) + variance[j] ** 2 * (2 / k) * (1 + 1 / (2 * k));
        }
        return noise > 0 ? margin ** 2 / noise : 0;
      };
      usefulShots(statistics).forEach((shots, j) => {
        for (let k = 1; k <= 60; k++) {
          const gain = ratio(k, -1) / ratio(k, j) - 1;
          if (Math.abs(gain) < 1e-9) return;
          if (gain > 0) {
            expect(shots).toBe(k);
            return;
          }
        }
        expect(shots).toBeGreaterThan(60);
      });
    }),
  );
});

it("a dimension without distance never helps, one without variance always does, and a wide one never may", () => {
  const statistics = {
    classes: [0, 1],
    counts: Float64Array.of(9, 9),
    means: Float64Array.of(0, 0, 0, 0, 0, 1, 2, 1),
    variances: Float64Array.of(1, 0, 1, 99, 1, 0, 1, 99),
    cols: 4,
  };
  expect(Array.from(usefulShots(statistics))).toEqual([Number.POSITIVE_INFINITY, 1, 1, Number.POSITIVE_INFINITY]);
  // A mask that tames the wide dimension makes it useful; one that drops it judges it as it is.
  expect(usefulShots(statistics, { weights: [1, 1, 1, 0.05] })[3]).toBeLessThan(Number.POSITIVE_INFINITY);
  expect(usefulShots(statistics, { weights: [1, 1, 1, 0] })[3]).toBe(Number.POSITIVE_INFINITY);
});

it("weights scale dimensions: the answer is that of the scaled features", () => {
  const { statistics } = features(3, 40);
  const weights = Float64Array.from({ length: 40 }, (_, j) => 0.2 + (j % 5));
  const scaled = {
    ...statistics,
    means: statistics.means.map((value, i) => value * weights[i % 40]),
    variances: statistics.variances.map((value, i) => value * weights[i % 40] ** 2),
  };
  expect(usefulShots(statistics, { weights })).toEqual(usefulShots(scaled));
});

it("freed of the bias of few rows, distances within the noise of the means count as none", () => {
  const statistics = {
    classes: [0, 1],
    counts: Float64Array.of(10, 10),
    means: Float64Array.of(0, 0, 2, 0.4),
    variances: new Float64Array(4).fill(1),
    cols: 2,
  };
  expect(usefulShots(statistics)[1]).toBeLessThan(Number.POSITIVE_INFINITY);
  expect(usefulShots(statistics, { debias: true })[1]).toBe(Number.POSITIVE_INFINITY);
});

it("names the argument at fault", () => {
  const { statistics } = features(1, 3);
  expect(() => usefulShots(statistics, { weights: [1] })).toThrow("usefulShots: weights has 1 values, expected 3, one a dimension");
  expect(() => usefulShots({ ...statistics, variances: new Float64Array(2) })).toThrow(
    "usefulShots: statistics.variances has 2 values, expected 2 × 3 = 6",
  );
});
