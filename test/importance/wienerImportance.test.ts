import fc from "fast-check";
import { expect, it } from "vitest";
import { squaredDistances, wienerImportance, wienerWeights } from "../../src/importance/wienerImportance.ts";
import { classStatistics } from "../../src/statistics/classStatistics.ts";
import { golden } from "../golden/small.ts";
import { classMoments, permutations, reorderMoments, scaleMoments } from "../properties/arbitraries.ts";
import { farthest } from "../properties/close.ts";
import { refuses } from "../properties/refuses.ts";
import { leavesAlone } from "../properties/unchanged.ts";

const { X, y, rows, cols, wiener, wienerDebiased } = golden.statistics;
const statistics = classStatistics({ data: Float64Array.from(X), rows, cols }, y);
const shotCounts = fc.oneof(fc.integer({ min: 1, max: 100 }), fc.double({ min: 0.1, max: 100, noNaN: true }));

it("Wiener importance is numpy's to 1e-9, for 1, 5 and 20 shots", () => {
  for (const [shots, truth] of Object.entries(wiener))
    expect(farthest(wienerImportance(statistics, { shots: Number(shots) }), truth)).toBeLessThan(1e-9);
});

it("freed of the bias of n independent rows, it is numpy's to 1e-9", () => {
  for (const [shots, truth] of Object.entries(wienerDebiased)) {
    const n = Number(shots);
    expect(farthest(wienerImportance(statistics, { shots: n, independentRows: n }), truth)).toBeLessThan(1e-9);
  }
});

it("squaredDistances is the mean over pairs of classes of their squared mean difference", () => {
  fc.assert(
    fc.property(classMoments(), ({ counts, means, cols: d }) => {
      const k = counts.length;
      const expected = Array.from({ length: d }, (_, j) => {
        let sum = 0;
        for (let a = 0; a < k; a++) for (let b = 0; b < a; b++) sum += (means[a * d + j] - means[b * d + j]) ** 2;
        return sum / ((k * (k - 1)) / 2);
      });
      expect(
        farthest(
          leavesAlone(means, () => squaredDistances(means, k, d)),
          expected,
        ),
      ).toBeLessThan(1e-12);
    }),
  );
});

it("no other weights give a K-shot nearest centroid a larger expected margin for its standard deviation", () => {
  const positive = fc.double({ min: 0.01, max: 10, noNaN: true });
  const problem = fc.integer({ min: 2, max: 6 }).chain((d) => {
    const list = fc.array(positive, { minLength: d, maxLength: d });
    return fc.record({ distances: list, variances: list, others: fc.array(list, { minLength: 20, maxLength: 20 }), shots: shotCounts });
  });
  fc.assert(
    fc.property(problem, ({ distances, variances, others, shots }) => {
      // Of u = x − (â + b̂)/2 and v = â − b̂, which are uncorrelated: E[uv] = E u · E v, Var[uv] = E u² · E v² − (E u · E v)².
      const margin = distances.map((square) => square / 2);
      const variance = distances.map((square, j) => {
        const u = square / 4 + variances[j] * (1 + 1 / (2 * shots));
        const v = square + (2 * variances[j]) / shots;
        return u * v - margin[j] ** 2;
      });
      const ratio = (weights: ArrayLike<number>) => {
        const sum = margin.reduce((total, value, j) => total + weights[j] ** 2 * value, 0);
        return sum / Math.sqrt(variance.reduce((total, value, j) => total + weights[j] ** 4 * value, 0));
      };
      const best = wienerWeights(distances, variances, shots);
      for (const other of others) {
        expect(ratio(other)).toBeLessThanOrEqual(ratio(best) * (1 + 1e-12));
        const near = other.map((value, j) => best[j] * (1 + 0.01 * (value - 5)));
        expect(ratio(near)).toBeLessThanOrEqual(ratio(best) * (1 + 1e-12));
      }
    }),
  );
});

it("many shots whiten: the weight becomes 1/σ of every dimension that tells classes apart at all", () => {
  expect(farthest(wienerWeights([1e-3, 1, 50], [1, 4, 0.25], 1e12), [1, 0.5, 2])).toBeLessThan(1e-8);
});

it("a dimension that tells nothing apart weighs nothing, and few shots silence confounders more than many", () => {
  expect(wienerWeights([0, 0], [1, 100], 3)).toEqual(Float64Array.of(0, 0));
  const share = (shots: number) => {
    const [clear, confounder] = wienerWeights([4, 0.04], [1, 1], shots);
    return confounder / clear;
  };
  expect(share(1)).toBeLessThan(share(5));
  expect(share(5)).toBeLessThan(share(50));
});

it("features s times as large weigh 1/s, by powers of two to the bit", () => {
  fc.assert(
    fc.property(classMoments(), shotCounts, fc.integer({ min: -40, max: 40 }), fc.boolean(), (moments, shots, exponent, debiased) => {
      const options = { shots, ...(debiased && { independentRows: shots }) };
      const plain = leavesAlone(moments, () => wienerImportance(moments, options));
      expect(plain.every((value) => value >= 0 && Number.isFinite(value))).toBe(true);
      expect(wienerImportance(scaleMoments(moments, 2 ** exponent), options)).toEqual(plain.map((value) => value / 2 ** exponent));
    }),
  );
});

it("the order of the classes does not matter, and dimensions may be permuted before or after", () => {
  fc.assert(
    fc.property(
      classMoments().chain((moments) => fc.tuple(fc.constant(moments), permutations(moments.counts.length), permutations(moments.cols))),
      ([moments, classes, dims]) => {
        const plain = wienerImportance(moments, { shots: 2 });
        expect(
          farthest(
            wienerImportance(reorderMoments(moments, classes, dims), { shots: 2 }),
            dims.map((j) => plain[j]),
          ),
        ).toBeLessThan(1e-12);
      },
    ),
  );
});

it("the correction takes 2σ²/n off δ², and never below 0", () => {
  const moments = { counts: [4, 4], means: Float64Array.of(0, 0, 2, 0.5), variances: Float64Array.of(1, 1, 1, 1), cols: 2 };
  expect(wienerImportance(moments, { shots: 1, independentRows: 4 })).toEqual(wienerWeights([3.5, 0], [1, 1], 1));
});

it("shots and rows that are no positive numbers, moments without variance and lists of two lengths are refused", () => {
  const moments = { counts: [2, 2], means: Float64Array.of(0, 1), variances: Float64Array.of(1, 1), cols: 1 };
  refuses(() => wienerImportance(moments, { shots: 0 }), RangeError, "wienerWeights: shots is 0, expected a finite number greater than 0");
  refuses(() => wienerImportance(moments, {} as { shots: number }), TypeError, "wienerWeights: shots is undefined, expected a number");
  refuses(
    () => wienerImportance(moments, { shots: 1, independentRows: -1 }),
    RangeError,
    "wienerImportance: independentRows is -1, expected a finite number greater than 0",
  );
  refuses(
    () => wienerImportance({ ...moments, variances: Float64Array.of(0, 0) }, { shots: 1 }),
    RangeError,
    "wienerImportance: moments have no variance in any dimension, expected at least two different rows a class",
  );
  refuses(
    () => wienerImportance({ ...moments, counts: [4] }, { shots: 1 }),
    RangeError,
    "wienerImportance: moments has 1 class, expected at least 2",
  );
  refuses(() => wienerWeights([1, 2], [1], 1), RangeError, "wienerWeights: variances has 1 values, expected 2");
  refuses(() => wienerWeights([1, 1], [1, 0], 1), RangeError, "wienerWeights: variances[1] is 0, expected a finite number greater than 0");
  refuses(
    () => wienerWeights([Number.NaN], [1], 1),
    RangeError,
    "wienerWeights: distances[0] is NaN, expected finite numbers of at least 0",
  );
  refuses(() => wienerWeights([-1], [1], 1), RangeError, "wienerWeights: distances[0] is -1, expected finite numbers of at least 0");
});
