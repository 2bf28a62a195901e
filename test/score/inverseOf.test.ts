import { expect, it } from "vitest";
import { inverseOf } from "../../src/score/inverseOf.ts";

it("inverts a small symmetric matrix, and leaves it as it was", () => {
  const matrix = Float64Array.of(4, 2, -2, 2, 5, 1, -2, 1, 6);
  const inverse = inverseOf(matrix, 3)!;
  // By hand: the determinant is 64.
  const wanted = [29, -14, 12, -14, 20, -8, 12, -8, 16].map((value) => value / 64);
  inverse.forEach((value, j) => {
    expect(value).toBeCloseTo(wanted[j], 14);
  });
  expect(matrix).toEqual(Float64Array.of(4, 2, -2, 2, 5, 1, -2, 1, 6));
  expect(inverseOf(Float64Array.of(0.25), 1)).toEqual(Float64Array.of(4));
});

it("is null where a pivot is not a positive, finite number", () => {
  for (const matrix of [
    [1, 1, 1, 1],
    [0, 0, 0, 1],
    [-1, 0, 0, 1],
    [1, 0, 0, Number.POSITIVE_INFINITY],
    [1, 0, 0, Number.NaN],
  ])
    expect(inverseOf(Float64Array.from(matrix), 2)).toBeNull();
});
