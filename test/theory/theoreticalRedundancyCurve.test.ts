import fc from "fast-check";
import { expect, it } from "vitest";
import { randomBelow, randomNormal, randomStream } from "../../src/core/random.ts";
import { redundancyCurve } from "../../src/evaluate/redundancyCurve.ts";
import { syntheticFeatures } from "../../src/features/syntheticFeatures.ts";
import { type ClassStatistics, classStatistics } from "../../src/statistics/classStatistics.ts";
import { bestFraction } from "../../src/theory/bestFraction.ts";
import { centroidError } from "../../src/theory/centroidError.ts";
import { theoreticalRedundancyCurve } from "../../src/theory/theoreticalRedundancyCurve.ts";

function randomStatistics(seed: number, k: number, cols: number): ClassStatistics {
  const random = randomStream(seed, "synthetic");
  return {
    classes: Array.from({ length: k }, (_, c) => c),
    counts: new Float64Array(k).fill(30),
    means: Float64Array.from({ length: k * cols }, () => randomNormal(random)),
    variances: Float64Array.from({ length: k * cols }, () => Math.exp(randomNormal(random))),
    cols,
  };
}

it("is the mean over class pairs of 1 − centroidError with the most important dimensions kept", () => {
  const cols = 20;
  const statistics = randomStatistics(1, 3, cols);
  const importance = Float64Array.from({ length: cols }, (_, j) => (j * 7) % 20);
  const weights = Float64Array.from({ length: cols }, (_, j) => 0.5 + (j % 3));
  const part = (values: Float64Array, c: number) => values.subarray(c * cols, (c + 1) * cols);
  const points = theoreticalRedundancyCurve(statistics, { shots: 2, fractions: [0.1, 0.33, 1], importance, weights });
  expect(points.map((point) => point.dimensions)).toEqual([2, 7, 20]);
  for (const { dimensions, accuracy } of points) {
    const kept = Array.from({ length: cols }, (_, j) => j).filter((j) => importance[j] >= cols - dimensions);
    const errors = [
      [0, 1],
      [0, 2],
      [1, 2],
    ].map(([a, b]) =>
      centroidError(
        {
          meanA: part(statistics.means, a),
          meanB: part(statistics.means, b),
          varianceA: part(statistics.variances, a),
          varianceB: part(statistics.variances, b),
          shots: 2,
        },
        { weights, dimensions: kept },
      ),
    );
    expect(accuracy).toBeCloseTo(1 - (errors[0] + errors[1] + errors[2]) / 3, 12);
  }
  const [some] = theoreticalRedundancyCurve(statistics, { shots: 2, fractions: [1], pairs: [[2, 0]] });
  expect(some.accuracy).not.toBe(points[2].accuracy);
});

it("lies inside the simulated band at every fraction, when two-way episodes are run on synthetic Gaussian features", async () => {
  const { features, labels } = syntheticFeatures({ classes: 4, rowsPerClass: 1500, dims: 100, separation: 1.2, seed: 4 });
  const statistics = classStatistics(features, labels);
  for (const shots of [1, 5]) {
    const theory = theoreticalRedundancyCurve(statistics, { shots });
    const measured = await redundancyCurve(features, labels, {
      ways: 2,
      shots,
      queries: 20,
      episodes: 800,
      seed: 11,
      probe: "centroid",
      importance: "pair@oracle",
      normalize: "none",
    });
    measured.points.forEach(({ accuracy, ci95, dimensions }, i) => {
      expect(theory[i].dimensions).toBe(dimensions);
      // The 99.8 % band: 14 points should all lie inside by right, not by luck.
      expect(Math.abs(theory[i].accuracy - accuracy)).toBeLessThan(((ci95[1] - ci95[0]) / 2) * (3.1 / 1.96));
    });
    // And it says something: few dimensions beat all at 1 shot.
    if (shots === 1) expect(Math.max(...theory.map((point) => point.accuracy))).toBeGreaterThan(theory[6].accuracy + 0.05);
  }
});

it("freed of bias, it falls towards chance for classes that differ only by the noise of their means", () => {
  const cols = 300;
  const random = randomStream(8, "synthetic");
  const n = 20;
  const statistics: ClassStatistics = {
    classes: ["a", "b"],
    counts: Float64Array.of(n, n),
    means: Float64Array.from({ length: 2 * cols }, () => randomNormal(random) / Math.sqrt(n)),
    variances: new Float64Array(2 * cols).fill(1),
    cols,
  };
  const naive = theoreticalRedundancyCurve(statistics, { shots: 5, fractions: [1], importance: new Float64Array(cols) })[0].accuracy;
  const debiased = theoreticalRedundancyCurve(statistics, { shots: 5, fractions: [1], importance: new Float64Array(cols), debias: true })[0]
    .accuracy;
  expect(naive).toBeGreaterThan(0.8);
  expect(debiased).toBeLessThan(naive - 0.1);
});

it("bestFraction is the maximum over every number of dimensions up to 64, near it beyond, and never worse than all", () => {
  const sizes = fc.oneof({ weight: 4, arbitrary: fc.integer({ min: 1, max: 64 }) }, fc.integer({ min: 65, max: 90 }));
  fc.assert(
    fc.property(fc.nat(1000), sizes, fc.integer({ min: 1, max: 8 }), (seed, cols, shots) => {
      const statistics = randomStatistics(seed, 2, cols);
      const best = bestFraction(statistics, { shots });
      const fractions = Array.from({ length: cols }, (_, i) => (i + 1) / cols);
      const curve = theoreticalRedundancyCurve(statistics, { shots, fractions }).map((point) => point.accuracy);
      expect(best.accuracy).toBe(curve[best.dimensions - 1]);
      expect(best.accuracyOfAll).toBe(curve[cols - 1]);
      expect(best.accuracy).toBeGreaterThanOrEqual(best.accuracyOfAll);
      expect(best.fraction).toBeCloseTo(best.dimensions / cols, 15);
      // Beyond 64, between the points of the grid a second peak may hide, not a much higher one.
      expect(best.accuracy).toBeGreaterThanOrEqual(Math.max(...curve) - (cols <= 64 ? 0 : 0.02));
    }),
    { numRuns: 50 },
  );
});

it("the best fraction grows with the shots: redundancy fades", () => {
  const { means, spreads } = syntheticFeatures({ classes: 2, rowsPerClass: 1, dims: 400, seed: 2 });
  const variances = Float64Array.from({ length: 800 }, (_, i) => spreads[i % 400] ** 2);
  const statistics = { classes: [0, 1], counts: Float64Array.of(9, 9), means, variances, cols: 400 };
  const fractions = [1, 5, 20, 200].map((shots) => bestFraction(statistics, { shots }).fraction);
  expect([...fractions].sort((a, b) => a - b)).toEqual(fractions);
  expect(fractions[3]).toBeGreaterThan(2 * fractions[0]);
});

it("does not depend on the order of the dimensions, nor changes its input", () => {
  const statistics = randomStatistics(5, 3, 15);
  const before = structuredClone(statistics);
  const random = randomStream(6, "synthetic");
  const order = Array.from({ length: 15 }, (_, j) => j);
  for (let i = 14; i > 0; i--) {
    const j = randomBelow(random, i + 1);
    [order[i], order[j]] = [order[j], order[i]];
  }
  const shuffle = (values: Float64Array) => values.map((_, i) => values[Math.floor(i / 15) * 15 + order[i % 15]]);
  const shuffled = { ...statistics, means: shuffle(statistics.means), variances: shuffle(statistics.variances) };
  const curve = theoreticalRedundancyCurve(statistics, { shots: 3 });
  theoreticalRedundancyCurve(shuffled, { shots: 3 }).forEach((point, i) => {
    expect(point.accuracy).toBeCloseTo(curve[i].accuracy, 13);
  });
  expect(statistics).toEqual(before);
});

it("allows constant dimensions and classes without any variance", () => {
  const statistics = {
    classes: ["a", "b"],
    counts: Float64Array.of(1, 1),
    means: Float64Array.of(0, 1, 0, 3),
    variances: new Float64Array(4),
    cols: 2,
  };
  expect(theoreticalRedundancyCurve(statistics, { shots: 1, fractions: [0.5, 1] }).map((point) => point.accuracy)).toEqual([1, 1]);
});

it("names the argument, class and column at fault", () => {
  const statistics = randomStatistics(1, 2, 3);
  const curve = (part: Partial<ClassStatistics>, options: object = {}) =>
    theoreticalRedundancyCurve({ ...statistics, ...part }, { shots: 1, ...options });
  expect(() => curve({ counts: Float64Array.of(3) })).toThrow("theoreticalRedundancyCurve: statistics has 1 class, expected at least 2");
  expect(() => curve({ means: new Float64Array(5) })).toThrow("statistics.means has 5 values, expected 2 × 3 = 6");
  expect(() => curve({ variances: Float64Array.of(1, 1, 1, 1, -2, 1) })).toThrow(
    "statistics.variances class 1, column 1 is -2, expected a finite number of at least 0",
  );
  expect(() => curve({}, { fractions: [] })).toThrow("fractions has 0 entries, expected at least 1");
  expect(() => curve({}, { fractions: [0.5, 1.5] })).toThrow("fractions[1] is 1.5, expected a share in (0, 1]");
  expect(() => curve({}, { shots: -1 })).toThrow("shots is -1, expected a finite number greater than 0");
  expect(() => curve({}, { importance: [1, 2] })).toThrow("importance has 2 values, expected 3, one a dimension");
  expect(() => curve({}, { pairs: [[0, 2]] })).toThrow("pairs[0] is [0, 2], expected two different whole numbers in 0…1");
  expect(() => curve({}, { pairs: [] })).toThrow("pairs has 0 entries, expected at least 1");
  expect(() => theoreticalRedundancyCurve(null as never, { shots: 1 })).toThrow(TypeError);
  expect(() => bestFraction(statistics, { shots: Number.NaN })).toThrow(
    "bestFraction: shots is NaN, expected a finite number greater than 0",
  );
});
