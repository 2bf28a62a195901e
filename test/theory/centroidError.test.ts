import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, it } from "vitest";
import { randomNormal, randomStream } from "../../src/core/random.ts";
import { centroidError, type GaussianPair } from "../../src/theory/centroidError.ts";

const read = (path: string) => JSON.parse(readFileSync(new URL(path, import.meta.url), "utf8"));

/** Both classes' errors by mpmath (25 digits): another contour, adaptive Gauss–Legendre, one logarithm a factor; d = 1 by an orthant integral besides. */
const reference: { a: number[]; b: number[]; va: number[]; vb: number[]; shots: [number, number]; errA: number; errB: number }[] =
  read("centroidReference.json");
const { centroid } = read("../golden/small.json");

const finite = (min: number, max: number) => fc.double({ min, max, noNaN: true });
/** Multiples of 2⁻¹⁰, so that shifting two means rounds neither. */
const mean = fc.integer({ min: -3000, max: 3000 }).map((value) => value / 1024);
const variance = fc.oneof(fc.constant(0), finite(1e-9, 1e-3), finite(1e-3, 50));
const gaussians: fc.Arbitrary<GaussianPair> = fc.integer({ min: 1, max: 12 }).chain((d) =>
  fc.record({
    meanA: fc.array(mean, { minLength: d, maxLength: d }),
    meanB: fc.array(mean, { minLength: d, maxLength: d }),
    varianceA: fc.array(variance, { minLength: d, maxLength: d }),
    varianceB: fc.array(variance, { minLength: d, maxLength: d }),
    shots: fc.integer({ min: 1, max: 40 }),
  }),
);

it("equals the reference by mpmath to 1e-12, also with variances of 0, tiny or unequal ones, unequal shots and far tails", () => {
  for (const { a, b, va, vb, shots, errA, errB } of reference) {
    const error = centroidError({ meanA: a, meanB: b, varianceA: va, varianceB: vb, shots });
    const truth = (errA + errB) / 2;
    expect(Math.abs(error / truth - 1)).toBeLessThan(1e-12);
  }
});

it("lies within 4 standard errors of the golden Monte-Carlo values", () => {
  const square = (values: number[]) => values.map((value) => value * value);
  for (const { shots, error, standardError } of centroid.monteCarlo) {
    const { meanA, meanB, sigmaA, sigmaB } = centroid;
    const theory = centroidError({ meanA, meanB, varianceA: square(sigmaA), varianceB: square(sigmaB), shots });
    expect(Math.abs(theory - error)).toBeLessThan(4 * standardError);
  }
});

it("lies within 4 standard errors of the error counted by drawing episodes, weights and kept dimensions included", () => {
  const random = randomStream(3, "synthetic");
  const d = 6;
  const make = (value: () => number) => Float64Array.from({ length: d }, value);
  const meanA = make(() => randomNormal(random));
  const meanB = make(() => randomNormal(random));
  const varianceA = make(() => Math.exp(randomNormal(random)));
  const varianceB = make(() => Math.exp(randomNormal(random)));
  const weights = make(() => Math.abs(randomNormal(random)));
  const dimensions = [4, 0, 3, 5];
  const shots = [2, 5] as const;
  const draws = 20_000;
  let errors = 0;
  let squares = 0;
  for (let e = 0; e < draws; e++) {
    let [ofA, ofB] = [0, 0];
    for (const j of dimensions) {
      const [a, b] = [Math.sqrt(varianceA[j]), Math.sqrt(varianceB[j])];
      const centreA = meanA[j] + (a / Math.sqrt(shots[0])) * randomNormal(random);
      const centreB = meanB[j] + (b / Math.sqrt(shots[1])) * randomNormal(random);
      const x = meanA[j] + a * randomNormal(random);
      const y = meanB[j] + b * randomNormal(random);
      ofA += weights[j] ** 2 * ((x - centreB) ** 2 - (x - centreA) ** 2);
      ofB += weights[j] ** 2 * ((y - centreA) ** 2 - (y - centreB) ** 2);
    }
    const error = (Number(ofA < 0) + Number(ofB < 0)) / 2;
    errors += error;
    squares += error * error;
  }
  const mean = errors / draws;
  const standardError = Math.sqrt((squares / draws - mean * mean) / draws);
  const theory = centroidError({ meanA, meanB, varianceA, varianceB, shots }, { weights, dimensions });
  expect(Math.abs(theory - mean)).toBeLessThan(4 * standardError);
});

it("with one dimension and equal variances equals Φ(a)Φ(−b) + Φ(−a)Φ(b), 14 deviations out too", () => {
  // Φ(−z) by its continued fraction, z > 3.
  const tail = (z: number) => {
    let fraction = z;
    for (let i = 200; i >= 1; i--) fraction = z + i / fraction;
    return Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI) / fraction;
  };
  for (const delta of [8, 12, 28]) {
    for (const shots of [1, 4, 100]) {
      const a = tail(delta / 2 / Math.sqrt(1 + 1 / (2 * shots)));
      const b = tail(delta / Math.sqrt(2 / shots));
      const error = centroidError({ meanA: [0], meanB: [delta], varianceA: [1], varianceB: [1], shots });
      expect(Math.abs(error / (a * (1 - b) + b * (1 - a)) - 1)).toBeLessThan(1e-11);
    }
  }
});

it("is ½ where the classes are the same, whatever the dimensions, and where nothing varies or differs", () => {
  fc.assert(
    fc.property(gaussians, ({ meanA, varianceA, shots }) => {
      const error = centroidError({ meanA, meanB: meanA, varianceA, varianceB: varianceA, shots });
      expect(Math.abs(error - 0.5)).toBeLessThan(1e-12);
    }),
  );
  expect(centroidError({ meanA: [1, 2], meanB: [1, 2], varianceA: [0, 0], varianceB: [0, 0], shots: 1 })).toBe(0.5);
  expect(centroidError({ meanA: [1, 2], meanB: [1, 3], varianceA: [0, 0], varianceB: [0, 0], shots: 1 })).toBe(0);
});

it("is a probability, the same with the classes swapped, the dimensions in any order, the features shifted or scaled", () => {
  fc.assert(
    fc.property(gaussians, fc.integer({ min: -20, max: 20 }), mean, (pair, exponent, shift) => {
      const { meanA, meanB, varianceA, varianceB, shots } = pair;
      const error = centroidError(pair);
      expect(error).toBeGreaterThanOrEqual(0);
      expect(error).toBeLessThanOrEqual(1);
      const near = (other: number) => expect(Math.abs(other - error)).toBeLessThan(1e-10);
      near(centroidError({ meanA: meanB, meanB: meanA, varianceA: varianceB, varianceB: varianceA, shots }));
      near(centroidError(pair, { dimensions: Array.from(meanA, (_, i) => meanA.length - 1 - i) }));
      const scale = 2 ** exponent;
      near(centroidError(pair, { weights: Array.from(meanA, () => -scale) }));
      const move = (values: ArrayLike<number>) => Array.from(values, (value) => value * scale);
      const stretch = (values: ArrayLike<number>) => Array.from(values, (value) => value * scale * scale);
      near(
        centroidError({
          meanA: move(meanA).map((value) => value + scale * shift),
          meanB: move(meanB).map((value) => value + scale * shift),
          varianceA: stretch(varianceA),
          varianceB: stretch(varianceB),
          shots,
        }),
      );
    }),
  );
});

it("a dimension that is left out, weighs 0 or is constant counts nothing", () => {
  fc.assert(
    fc.property(gaussians, finite(-3, 3), finite(0, 9), (pair, mean, spread) => {
      const { meanA, meanB, varianceA, varianceB, shots } = pair;
      const longer = {
        meanA: [...Array.from(meanA), mean],
        meanB: [...Array.from(meanB), 1],
        varianceA: [...Array.from(varianceA), spread],
        varianceB: [...Array.from(varianceB), 2],
        shots,
      };
      const error = centroidError(pair);
      expect(centroidError(longer, { dimensions: Array.from(meanA, (_, i) => i) })).toBe(error);
      expect(centroidError(longer, { weights: longer.meanA.map((_, i) => Number(i < meanA.length)) })).toBeCloseTo(error, 12);
      const constant = {
        ...longer,
        meanB: [...Array.from(meanB), mean],
        varianceA: [...Array.from(varianceA), 0],
        varianceB: [...Array.from(varianceB), 0],
      };
      expect(centroidError(constant)).toBeCloseTo(error, 12);
    }),
  );
});

it("knows tails that underflow and scales near the ends of the doubles", () => {
  expect(centroidError({ meanA: [0], meanB: [1000], varianceA: [1], varianceB: [1], shots: 1 })).toBe(0);
  const one = centroidError({ meanA: [0, 0], meanB: [1, 2], varianceA: [1, 2], varianceB: [3, 1], shots: 2 });
  for (const scale of [1e-30, 1e30]) {
    const error = centroidError(
      { meanA: [0, 0], meanB: [1, 2], varianceA: [1, 2], varianceB: [3, 1], shots: 2 },
      { weights: [scale, scale] },
    );
    expect(Math.abs(error / one - 1)).toBeLessThan(1e-12);
  }
});

it("more shots of classes with equal variances never hurt, and approach the error of known means", () => {
  const random = randomStream(5, "synthetic");
  const make = (value: () => number) => Float64Array.from({ length: 40 }, value);
  const meanA = make(() => 0);
  const meanB = make(() => 0.3 * randomNormal(random));
  const varianceA = make(() => Math.exp(randomNormal(random)));
  const errors = [1, 2, 5, 20, 100, 1e4, 1e8].map((shots) => centroidError({ meanA, meanB, varianceA, varianceB: varianceA, shots }));
  errors.slice(1).forEach((error, i) => {
    expect(error).toBeLessThan(errors[i]);
  });
});

it("names the argument at fault", () => {
  const pair = { meanA: [0, 1], meanB: [1, 1], varianceA: [1, 1], varianceB: [1, 1], shots: 1 };
  const bad: [Partial<GaussianPair>, string][] = [
    [{ meanA: [] }, "centroidError: meanA has 0 values, expected at least 1"],
    [{ meanB: [1] }, "centroidError: meanB has 1 values, expected 2, one a dimension"],
    [{ meanA: [0, Number.NaN] }, "centroidError: meanA[1] is NaN, expected a finite number"],
    [{ varianceB: [1, -1] }, "centroidError: varianceB[1] is -1, expected a finite number of at least 0"],
    [{ shots: 0 }, "centroidError: shots is 0, expected a finite number greater than 0"],
    [{ shots: [1, Number.NaN] }, "centroidError: shots is NaN, expected a finite number greater than 0"],
  ];
  for (const [part, message] of bad) expect(() => centroidError({ ...pair, ...part })).toThrow(message);
  expect(() => centroidError(pair, { weights: [1] })).toThrow("centroidError: weights has 1 values, expected 2, one a dimension");
  expect(() => centroidError(pair, { dimensions: [] })).toThrow("centroidError: dimensions has 0 entries, expected at least 1");
  expect(() => centroidError(pair, { dimensions: [2] })).toThrow("centroidError: dimensions[0] is 2, expected a whole number in 0…1");
  expect(() => centroidError(pair, { dimensions: [1, 1] })).toThrow(
    "centroidError: dimensions[1] is 1 again, expected each dimension at most once",
  );
  expect(() => centroidError(null as never)).toThrow(TypeError);
  expect(() => centroidError({ ...pair, meanA: undefined as never })).toThrow(TypeError);
});
