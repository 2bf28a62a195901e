import { expect, it } from "vitest";
import { normalizeRow } from "../../src/core/normalizeRow.ts";

it("one row is divided by its norm, its neighbours are left alone", () => {
  const data = Float64Array.of(7, 3, -4, 7);
  const out = Float64Array.of(1, 1, 1, 1);
  expect(normalizeRow(out, data, 1, 2)).toBe(true);
  expect(out).toEqual(Float64Array.of(1, 0.6, -0.8, 1));
  expect(data).toEqual(Float64Array.of(7, 3, -4, 7));
});

it("a row may be normalised in place", () => {
  const data = Float64Array.of(7, 3, -4, 7);
  expect(normalizeRow(data, data, 1, 2)).toBe(true);
  expect(data).toEqual(Float64Array.of(7, 0.6, -0.8, 7));
});

it("a row of zeros is written as zeros", () => {
  const out = Float64Array.of(1, 1);
  expect(normalizeRow(out, Float64Array.of(0, -0), 0, 2)).toBe(true);
  expect(out).toEqual(Float64Array.of(0, 0));
});

it("a row that is not finite is not written, and said so", () => {
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
    const out = Float64Array.of(1, 1);
    expect(normalizeRow(out, Float64Array.of(2, value), 0, 2)).toBe(false);
    expect(out).toEqual(Float64Array.of(1, 1));
  }
});
