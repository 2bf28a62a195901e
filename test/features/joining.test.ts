import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { concatRows, type Matrix, takeRows, takeViews, toMatrix } from "../../src/index.ts";
import { refuses } from "../properties/refuses.ts";

const matrix = fc.record({ rows: fc.integer({ min: 1, max: 6 }), single: fc.boolean() }).map(({ rows, single }): Matrix => {
  const values = Array.from({ length: rows * 3 }, (_, i) => i / 2);
  return { data: single ? Float32Array.from(values) : Float64Array.from(values), rows, cols: 3 };
});

describe("concatRows", () => {
  it("holds the rows of each, in order, in single precision only where all are", () => {
    fc.assert(
      fc.property(fc.array(matrix, { minLength: 1, maxLength: 4 }), (matrices) => {
        const whole = concatRows(matrices);
        expect(Array.from(whole.data)).toEqual(matrices.flatMap(({ data }) => Array.from(data)));
        expect([whole.rows, whole.cols]).toEqual([whole.data.length / 3, 3]);
        expect(whole.data instanceof Float32Array).toBe(matrices.every(({ data }) => data instanceof Float32Array));
      }),
    );
  });

  it("refuses what has no common columns", () => {
    refuses(() => concatRows([]), RangeError, "concatRows: matrices has 0 entries, expected at least 1");
    refuses(() => concatRows(3 as never), TypeError, "concatRows: matrices is 3, expected an array of matrices");
    const [two, three] = [toMatrix([[1, 2]]), toMatrix([[1, 2, 3]])];
    refuses(() => concatRows([two, three]), RangeError, "concatRows: matrices[1] has 3 columns, expected 2, as the first");
    const named = (columns: readonly string[]): Matrix => ({ ...two, columns });
    refuses(
      () => concatRows([named(["a", "b"]), named(["b", "a"])]),
      RangeError,
      "concatRows: matrices[1].columns has other names, expected those of the first, in its order",
    );
  });
});

describe("takeViews", () => {
  it("takes with each row all of its views, in order", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 7 }), (views, rows) => {
        const all: Matrix = { data: Float64Array.from({ length: 10 * views }, (_, i) => i), rows: 5 * views, cols: 2 };
        const taken = takeViews({ matrix: all, views }, rows);
        const each = rows.flatMap((row) =>
          Array.from(
            takeRows(
              all,
              Array.from({ length: views }, (_, v) => row * views + v),
            ).data,
          ),
        );
        expect(Array.from(taken.matrix.data)).toEqual(each);
        expect(taken.views).toBe(views);
      }),
    );
  });

  it("refuses views that are not those of whole rows, and rows that are not there", () => {
    const views = { matrix: toMatrix([[1], [2], [3]]), views: 2 };
    refuses(() => takeViews(views, [0]), RangeError, "takeViews: augmented has 3 rows, expected a multiple of views = 2");
    const good = { matrix: toMatrix([[1], [2]]), views: 2 };
    refuses(() => takeViews(good, [1]), RangeError, "takeRows: rows[0] is 2, expected a row in 0…1");
  });
});
