import fc from "fast-check";
import { expect, it } from "vitest";
import { randomNormal, randomStream } from "../../src/core/random.ts";
import { bootstrapCurve } from "../../src/evaluate/bootstrapCurve.ts";
import { knee } from "../../src/evaluate/knee.ts";
import { redundancyCurve } from "../../src/evaluate/redundancyCurve.ts";
import { redundancyIndex } from "../../src/evaluate/redundancyIndex.ts";
import { syntheticFeatures } from "../../src/features/syntheticFeatures.ts";
import { pairedDifference } from "../../src/statistics/pairedDifference.ts";

const point = (dimensions: number, low: number, accuracy = 0.5) => ({
  dimensions,
  accuracy,
  difference: { mean: low + 0.01, ci95: [low, low + 0.02] as const, p: 1 },
});
const { features, labels } = syntheticFeatures({ classes: 10, rowsPerClass: 25, dims: 80, separation: 1, seed: 3 });
const fractions = [0.02, 0.05, 0.1, 0.2, 0.5, 1];

it("is the point with the fewest dimensions whose paired lower bound is at least −ε, wherever it stands", () => {
  const points = [point(1, -0.2), point(4, -0.02), point(8, -0.005), point(16, -0.03), point(32, 0)];
  expect(knee(points)?.dimensions).toBe(8);
  expect(knee(points, 0.02)?.dimensions).toBe(4);
  expect(knee(points, 0)?.dimensions).toBe(32);
  expect(knee([...points].reverse(), 0.02)?.dimensions).toBe(4);
  expect(knee([point(1, -0.2)])).toBeUndefined();
});

it("never asks for more dimensions as ε grows", () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: -0.5, max: 0.5, noNaN: true }), { minLength: 1, maxLength: 8 }),
      fc.double({ min: 0, max: 0.4, noNaN: true }),
      fc.double({ min: 0, max: 0.4, noNaN: true }),
      (lows, a, b) => {
        const points = lows.map((low, i) => point(2 ** i, low));
        const fewest = (epsilon: number) => knee(points, epsilon)?.dimensions ?? Number.POSITIVE_INFINITY;
        expect(fewest(Math.max(a, b))).toBeLessThanOrEqual(fewest(Math.min(a, b)));
      },
    ),
  );
});

it("refuses no points, and an ε outside [0, 1)", () => {
  expect(() => knee([])).toThrow(/knee: points has 0 entries/);
  expect(() => knee([point(1, 0)], -0.1)).toThrow(/knee: epsilon is -0.1, expected a loss in \[0, 1\)/);
  expect(() => knee([point(1, 0)], "a" as unknown as number)).toThrow(TypeError);
  expect(() => knee({} as unknown as [])).toThrow(TypeError);
});

it("the index averages the share of the advantage over chance that is kept, over the logarithm of the size", () => {
  const at = (dimensions: number, accuracy: number) => ({ dimensions, accuracy });
  // From 1 to 10 the share kept rises from (0.4 − 0.2)/(0.8 − 0.2) to 1; from 10 to 1000 it is 1.
  expect(redundancyIndex([at(1, 0.4), at(10, 0.9), at(1000, 0.8)], { chance: 0.2 })).toBeCloseTo(((1 / 3 + 1) / 2 + 2) / 3, 12);
  expect(redundancyIndex([at(1, 0.8), at(10, 0.95), at(100, 0.8)])).toBe(1);
  expect(redundancyIndex([at(1, 0.1), at(99, 0.1), at(100, 0.8)], { chance: 0.2 })).toBeLessThan(0.01);
  // No advantage to keep: all of it or nothing.
  expect(redundancyIndex([at(1, 0.2), at(100, 0.2)], { chance: 0.2 })).toBe(1);
  // Ten logarithms of 10 add up to more than that of 10¹⁰, by rounding.
  expect(redundancyIndex(Array.from({ length: 10 }, (_, i) => at(10 ** i, 0.5)))).toBe(1);
});

it("the index lies in [0, 1] and rises with any point's accuracy but the last's", () => {
  const accuracy = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(fc.array(accuracy, { minLength: 2, maxLength: 7 }), accuracy, fc.nat(5), (values, better, which) => {
      const points = values.map((value, i) => ({ dimensions: 3 ** i, accuracy: value }));
      const index = redundancyIndex(points, { chance: 0.1 });
      expect(index).toBeGreaterThanOrEqual(0);
      expect(index).toBeLessThanOrEqual(1);
      const s = which % (points.length - 1);
      const raised = points.map((each, i) => (i === s ? { ...each, accuracy: Math.max(each.accuracy, better) } : each));
      expect(redundancyIndex(raised, { chance: 0.1 })).toBeGreaterThanOrEqual(index - 1e-12);
    }),
  );
});

it("the index refuses what is no curve", () => {
  const good = { dimensions: 1, accuracy: 0.5 };
  expect(() => redundancyIndex([good])).toThrow(/redundancyIndex: points has 1 entries, expected at least 2/);
  expect(() => redundancyIndex([good, good])).toThrow(/points\[1\].dimensions is 1, expected more than the one before/);
  expect(() => redundancyIndex([good, { dimensions: 2, accuracy: Number.NaN }])).toThrow(/points\[1\].accuracy is NaN/);
  expect(() => redundancyIndex([good, { dimensions: 2, accuracy: 1 }], { chance: 1 })).toThrow(/chance is 1/);
});

it("stands in the curve's document, as do the points it follows from, the same whichever kernels ran", async () => {
  const options = { ways: 3, queries: 5, episodes: 40, fractions, shots: 2 };
  const curve = await redundancyCurve(features, labels, { ...options, kernels: "js" });
  expect(curve.schema).toBe("softprobe/curve@1");
  const own = knee(curve.points, 0.01)!;
  expect(curve.knee).toMatchObject({ dimensions: own.dimensions, fraction: own.fraction, epsilon: 0.01 });
  expect(curve.redundancyIndex!.value).toBeCloseTo(redundancyIndex(curve.points, { chance: 1 / 3 }), 12);
  const [low, high] = curve.knee.ci95.dimensions;
  expect(curve.points.map(({ dimensions }) => dimensions)).toEqual(expect.arrayContaining([low, high]));
  expect(low).toBeLessThanOrEqual(own.dimensions);
  expect(high).toBeGreaterThanOrEqual(own.dimensions);
  expect(JSON.stringify(await redundancyCurve(features, labels, { ...options, kernels: "wasm" }))).toBe(JSON.stringify(curve));
});

it("falls back on all dimensions where no fraction looked at is enough, and has no index where there is one size only", async () => {
  const few = await redundancyCurve(features, labels, { ways: 3, queries: 5, episodes: 40, fractions: [0.0125], importance: "random" });
  expect(few.knee).toMatchObject({ fraction: 1, dimensions: 80 });
  expect(few.redundancyIndex!.value).toBeLessThan(0.9);
  const all = await redundancyCurve(features, labels, { ways: 3, queries: 5, episodes: 4, fractions: [1] });
  expect(all.redundancyIndex).toBeNull();
  await expect(redundancyCurve(features, labels, { epsilon: 2 })).rejects.toThrow(/redundancyCurve: epsilon is 2/);
});

it("comes later, never earlier, with a smaller ε, and with its interval on the sizes that were looked at", async () => {
  const at = (epsilon: number) => redundancyCurve(features, labels, { ways: 3, queries: 5, episodes: 40, fractions, epsilon });
  const [strict, loose] = [await at(0), await at(0.3)];
  expect(strict.knee.dimensions).toBeGreaterThanOrEqual(loose.knee.dimensions);
  expect(strict.points).toEqual(loose.points);
});

it("the bootstrap of equal tasks has no width, and that of the index has the width that theory gives a ratio of means", () => {
  const flat = (value: number) => new Float64Array(30).fill(value);
  const still = bootstrapCurve([flat(0.5), flat(0.8)], [1, 10], { chance: flat(0.2), epsilon: 0.01, seed: 1 });
  expect(still.knee).toEqual([1, 1]);
  expect(still.index[0]).toBeCloseTo(still.index[1], 12);

  const random = randomStream(9, "synthetic");
  const low = Float64Array.from({ length: 400 }, () => 0.5 + 0.1 * randomNormal(random));
  const all = Float64Array.from({ length: 400 }, () => 0.8 + 0.1 * randomNormal(random));
  const { index } = bootstrapCurve([low, all], [1, 10], { chance: new Float64Array(400).fill(0.2), epsilon: 0.01, seed: 1 });
  // index = (1 + a/b)/2 with a = 0.3, b = 0.6: its standard error by the delta method.
  const error = (0.5 / 0.6) * Math.sqrt((0.01 + 0.25 * 0.01) / 400);
  expect((index[1] - index[0]) / (2 * 1.96 * error)).toBeGreaterThan(0.85);
  expect((index[1] - index[0]) / (2 * 1.96 * error)).toBeLessThan(1.15);
});

it("the bootstrap finds the knee by the very rule of paired differences", () => {
  // Half the tasks lose 0.15 at the first stop, half gain 0.05: the lower bound hovers where the resample decides.
  const all = Float64Array.from({ length: 200 }, (_, t) => 0.7 + 0.001 * (t % 7));
  const first = all.map((value, t) => value + (t % 2 === 0 ? 0.05 : -0.15));
  const lower = pairedDifference(first, all).ci[0];
  const options = { chance: new Float64Array(200).fill(0.2), seed: 2 };
  const near = bootstrapCurve([first, all], [1, 10], { ...options, epsilon: -lower });
  expect(near.knee).toEqual([0, 1]);
  expect(bootstrapCurve([first, all], [1, 10], { ...options, epsilon: -lower + 0.05 }).knee).toEqual([0, 0]);
  expect(bootstrapCurve([first, all], [1, 10], { ...options, epsilon: -lower - 0.05 }).knee).toEqual([1, 1]);
});
