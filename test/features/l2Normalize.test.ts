import fc from "fast-check";
import { expect, it } from "vitest";
import type { Matrix } from "../../src/core/matrix.ts";
import { l2Normalize } from "../../src/features/l2Normalize.ts";
import { matrices, matrix, rowsOf } from "../properties/arbitraries.ts";
import { farthest } from "../properties/close.ts";
import { refuses } from "../properties/refuses.ts";
import { leavesAlone } from "../properties/unchanged.ts";

it("each row is divided by its Euclidean norm, in its own storage, and the input is left alone", () => {
  fc.assert(
    fc.property(matrices(), (features) => {
      const unit = leavesAlone(features, () => l2Normalize(features));
      expect(unit.data.constructor).toBe(features.data.constructor);
      const naive = rowsOf(features).map((row) => row.map((value) => value / (Math.hypot(...row) || 1)));
      expect(farthest(unit.data, naive.flat())).toBeLessThan(features.data instanceof Float32Array ? 6e-8 : 4e-16);
    }),
  );
});

it("a row of zeros has no direction and stays zeros", () => {
  expect(
    l2Normalize(
      matrix([
        [0, 0],
        [3, 4],
      ]),
    ).data,
  ).toEqual(Float64Array.of(0, 0, 0.6, 0.8));
});

it("scale does not matter, from the smallest denormal to the largest double", () => {
  for (const exponent of [-1074, -1060, -1022, -800, -467, -300, 0, 300, 498, 800, 1020]) {
    const scale = 2 ** exponent;
    const scaled = matrix([
      [3 * scale, -4 * scale, 0],
      [scale, 0, 0],
    ]);
    expect(l2Normalize(scaled).data, `2^${exponent}`).toEqual(Float64Array.of(0.6, -0.8, 0, 1, 0, 0));
  }
  expect(l2Normalize(matrix([[5e-324]])).data).toEqual(Float64Array.of(1));
  expect(farthest(l2Normalize(matrix([new Array(9).fill(Number.MAX_VALUE)])).data, new Array(9).fill(1 / 3))).toBeLessThan(1e-15);
  const single = { data: Float32Array.of(3e-45, 3e-45), rows: 1, cols: 2 };
  expect(l2Normalize(single).data).toEqual(Float32Array.of(Math.SQRT1_2, Math.SQRT1_2));
});

it("small values beside a huge one lose nothing but what rounding takes", () => {
  const { data } = l2Normalize(matrix([[1e200, 1e195, -1e100]]));
  expect(farthest(data, [1 / Math.hypot(1, 1e-5), 1e-5 / Math.hypot(1, 1e-5), -1e-100])).toBeLessThan(1e-15);
  expect(data[2]).toBeCloseTo(-1e-100, 110);
});

it("normalising twice is normalising once, to rounding", () => {
  fc.assert(
    fc.property(matrices({ double: true }), (features) => {
      const once = l2Normalize(features);
      expect(farthest(l2Normalize(once).data, once.data)).toBeLessThan(4e-16);
    }),
  );
});

it("NaN and Infinity are refused by row and column, and what is no matrix by kind", () => {
  refuses(
    () =>
      l2Normalize(
        matrix([
          [1, 2],
          [3, Number.NaN],
        ]),
      ),
    RangeError,
    "l2Normalize: features row 1, column 1 is NaN, expected finite numbers",
  );
  refuses(
    () =>
      l2Normalize(
        matrix([
          [1, 2],
          [Number.NEGATIVE_INFINITY, 1],
        ]),
      ),
    RangeError,
    "l2Normalize: features row 1, column 0 is -Infinity, expected finite numbers",
  );
  refuses(() => l2Normalize([[1, 2]] as unknown as Matrix), TypeError, /^l2Normalize: features is Array, expected a Matrix/);
});
