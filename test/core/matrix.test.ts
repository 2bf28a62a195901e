import fc from "fast-check";
import { expect, it } from "vitest";
import { checkFinite, checkMatrix, type Matrix } from "../../src/core/matrix.ts";
import { matrices } from "../properties/arbitraries.ts";
import { refuses } from "../properties/refuses.ts";
import { leavesAlone } from "../properties/unchanged.ts";

it("a matrix whose data fits its shape passes through as it is, finite numbers of any size included", () => {
  fc.assert(
    fc.property(matrices({ element: fc.double({ noNaN: true, noDefaultInfinity: true }), double: true }), (features) => {
      expect(leavesAlone(features, () => checkMatrix(features, "f", "x"))).toBe(features);
      expect(leavesAlone(features, () => checkFinite(features, "f", "x"))).toBe(features);
    }),
  );
});

it("no rows is a matrix, no columns is not", () => {
  const none = { data: new Float32Array(0), rows: 0, cols: 3 };
  expect(checkFinite(none, "f", "x")).toBe(none);
  refuses(
    () => checkMatrix({ data: new Float32Array(0), rows: 3, cols: 0 }, "f", "x"),
    RangeError,
    "f: x has shape 3 × 0, expected whole numbers, cols at least 1",
  );
});

it("the first value that is not finite is named by row and column, wherever it is", () => {
  fc.assert(
    fc.property(
      matrices(),
      fc.nat(),
      fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
      (features, place, value) => {
        const at = place % features.data.length;
        features.data[at] = value;
        features.data[features.data.length - 1] = Number.isFinite(features.data[features.data.length - 1]) ? Number.NaN : value;
        const [row, column] = [Math.floor(at / features.cols), at % features.cols];
        refuses(
          () => checkFinite(features, "f", "x"),
          RangeError,
          `f: x row ${row}, column ${column} is ${value}, expected finite numbers`,
        );
        expect(checkMatrix(features, "f", "x")).toBe(features);
      },
    ),
  );
});

it("data that does not fit its shape, and shapes that are no shapes, are refused with their numbers", () => {
  const data = new Float64Array(6);
  refuses(() => checkMatrix({ data, rows: 2, cols: 2 }, "f", "x"), RangeError, "f: x has 6 values, expected 2 × 2 = 4");
  const shape = "expected whole numbers, cols at least 1";
  refuses(() => checkMatrix({ data, rows: -2, cols: -3 }, "f", "x"), RangeError, `f: x has shape -2 × -3, ${shape}`);
  refuses(() => checkMatrix({ data, rows: 1.5, cols: 4 }, "f", "x"), RangeError, `f: x has shape 1.5 × 4, ${shape}`);
  refuses(() => checkMatrix({ data, rows: 4, cols: 1.5 }, "f", "x"), RangeError, `f: x has shape 4 × 1.5, ${shape}`);
});

it("what is no matrix at all is a TypeError that says how to make one", () => {
  for (const [value, found] of [
    [null, "null"],
    [undefined, "undefined"],
    [3, "3"],
    ["matrix", '"matrix"'],
    [[[1, 2]], "Array"],
    [{}, "Object"],
    [{ data: [1, 2], rows: 1, cols: 2 }, "Object"],
    [{ data: new Int32Array(2), rows: 1, cols: 2 }, "Object"],
  ]) {
    const message = `f: x is ${found}, expected a Matrix {data: Float32Array | Float64Array, rows, cols}: make one with toMatrix`;
    refuses(() => checkMatrix(value as unknown as Matrix, "f", "x"), TypeError, message);
    refuses(() => checkFinite(value as unknown as Matrix, "f", "x"), TypeError, message);
  }
});
