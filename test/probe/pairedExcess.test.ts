import fc from "fast-check";
import { expect, it } from "vitest";
import { pairedExcess } from "../../src/probe/pairedExcess.ts";

const of = (...values: number[]): Float64Array => Float64Array.from(values);

it("is the mean difference of losses with the usual standard error where weights are equal: differences 1, 2, 4, 5 have mean 3, variance 10/3", () => {
  for (const weight of [1, 0.25, 7]) {
    const [excess, error] = pairedExcess(of(2, 4, 5, 5.5), of(1, 2, 1, 0.5), of(weight, weight, weight, weight));
    expect(excess).toBeCloseTo(3, 14);
    expect(error).toBeCloseTo(Math.sqrt(10 / 3 / 4), 14);
  }
});

it("takes weights by Kish's effective number of rows: weights 1, 2, 3 count as 36/14 rows", () => {
  // Differences 0, 1, 2: mean 8/6, weighted variance (16/9 + 2/9 + 12/9)/6 = 5/9.
  const [excess, error] = pairedExcess(of(3, 3, 3), of(3, 2, 1), of(1, 2, 3));
  expect(excess).toBeCloseTo(4 / 3, 14);
  expect(error).toBeCloseTo(Math.sqrt(5 / 9 / (36 / 14 - 1)), 14);
});

it("has the error 0 over one row, and over several of which one has all the weight", () => {
  expect(pairedExcess(of(2), of(0.5), of(3))).toEqual([1.5, 0]);
  expect(pairedExcess(of(2, 9), of(0.5, 1), of(3, 0))).toEqual([1.5, 0]);
});

it("turns its sign with its arguments, keeps its error, and changes neither list", () => {
  const losses = fc.array(fc.tuple(fc.double({ min: 0, max: 50, noNaN: true }), fc.double({ min: 0, max: 50, noNaN: true })), {
    minLength: 1,
    maxLength: 8,
  });
  fc.assert(
    fc.property(losses, (pairs) => {
      const [a, b] = [0, 1].map((side) => Float64Array.from(pairs, (pair) => pair[side]));
      const weights = Float64Array.from(pairs, (_, i) => 1 + (i % 3));
      const [forth, back] = [pairedExcess(a, b, weights), pairedExcess(b, a, weights)];
      expect(back[0] + forth[0]).toBe(0);
      expect(back[1]).toBe(forth[1]);
      expect([...a, ...b]).toEqual([0, 1].flatMap((side) => pairs.map((pair) => pair[side])));
    }),
  );
});
