import { expect, it } from "vitest";
import { describe, kindError, shapeError, valueError } from "../../src/core/errors.ts";

it("every complaint reads: function, argument, what came, what was expected", () => {
  expect(valueError("f", "x", "is 3", "4")).toStrictEqual(new RangeError("f: x is 3, expected 4"));
  expect(shapeError("f", "x", "3 rows", "4")).toStrictEqual(new RangeError("f: x has 3 rows, expected 4"));
  expect(kindError("f", "x", 3, "a string")).toStrictEqual(new TypeError("f: x is 3, expected a string"));
});

it("describe names a value in a few words, never the whole of a large one", () => {
  expect(describe("pear")).toBe('"pear"');
  expect(describe("x".repeat(41))).toBe(`"${"x".repeat(40)}…"`);
  expect(describe("x".repeat(40))).toBe(`"${"x".repeat(40)}"`);
  expect([null, undefined, 3, -0.5, true].map(describe)).toEqual(["null", "undefined", "3", "-0.5", "true"]);
  expect(describe(7n)).toBe("7n");
  expect(describe(new Float32Array(9))).toBe("Float32Array");
  expect(describe([1, 2])).toBe("Array");
  expect(describe(Object.create(null))).toBe("an object");
  expect(describe(() => 0)).toBe("a function");
});
