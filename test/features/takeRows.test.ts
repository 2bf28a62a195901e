import fc from "fast-check";
import { expect, it } from "vitest";
import { takeRows, takeRowsInto } from "../../src/features/takeRows.ts";
import { matrices, matrix, rowsOf } from "../properties/arbitraries.ts";
import { refuses } from "../properties/refuses.ts";
import { leavesAlone } from "../properties/unchanged.ts";

it("the rows listed come in that order, repeats included, in the storage of the features", () => {
  fc.assert(
    fc.property(matrices(), fc.array(fc.nat(), { maxLength: 12 }), (features, picks) => {
      const rows = picks.map((pick) => pick % features.rows);
      const taken = leavesAlone([features, rows], () => takeRows(features, rows));
      expect(taken.data.constructor).toBe(features.data.constructor);
      expect([taken.rows, taken.cols]).toEqual([rows.length, features.cols]);
      const all = rowsOf(features);
      expect(rowsOf(taken)).toEqual(rows.map((row) => all[row]));
    }),
  );
});

it("consecutive rows are a view of the same memory, any others a copy", () => {
  const features = matrix([[1], [2], [3], [4]]);
  expect(takeRows(features, [1, 2]).data.buffer).toBe(features.data.buffer);
  expect(takeRows(features, [3]).data.buffer).toBe(features.data.buffer);
  for (const rows of [[2, 1], [1, 3], [1, 1], []])
    expect(takeRows(features, rows).data.buffer, String(rows)).not.toBe(features.data.buffer);
});

it("rows of a view of a view are still the right ones", () => {
  const features = { data: Float64Array.of(9, 1, 2, 3, 4).subarray(1), rows: 4, cols: 1 };
  expect(Array.from(takeRows(takeRows(features, [1, 2, 3]), [1, 2]).data)).toEqual([3, 4]);
  expect(Array.from(takeRows(takeRows(features, [1, 2, 3]), [2, 0]).data)).toEqual([4, 2]);
});

it("a row that does not exist, or is no row number, is named by its place in the list", () => {
  const features = matrix([[1], [2]]);
  for (const [row, name] of [
    [2, "2"],
    [-1, "-1"],
    [0.5, "0.5"],
    [Number.NaN, "NaN"],
  ] as const) {
    refuses(() => takeRows(features, [0, row]), RangeError, `takeRows: rows[1] is ${name}, expected a row in 0…1`);
  }
  refuses(() => takeRows(features, 1 as unknown as number[]), TypeError, "takeRows: rows is 1, expected an array of row numbers");
});

it("takeRowsInto writes what takeRows gives to the beginning of memory that is there, and leaves the rest alone", () => {
  fc.assert(
    fc.property(matrices(), fc.array(fc.nat(), { maxLength: 12 }), fc.boolean(), (features, picks, double) => {
      const rows = picks.map((pick) => pick % features.rows);
      const size = rows.length * features.cols;
      const out = double || features.data instanceof Float64Array ? new Float64Array(size + 3) : new Float32Array(size + 3);
      out.fill(7);
      const taken = leavesAlone([features, rows], () => takeRowsInto(out, features, rows));
      expect({ ...taken, data: Array.from(taken.data) }).toEqual({
        ...takeRows(features, rows),
        data: Array.from(takeRows(features, rows).data),
      });
      expect(taken.data.buffer).toBe(out.buffer);
      expect(Array.from(out.subarray(size))).toEqual([7, 7, 7]);
    }),
  );
});

it("takeRowsInto refuses memory that is too small or would lose digits, and rows that are not there", () => {
  const features = matrix([
    [1, 2],
    [3, 4],
  ]);
  refuses(
    () => takeRowsInto(new Float64Array(3), features, [0, 1]),
    RangeError,
    "takeRowsInto: out has 3 values, expected at least 2 × 2 = 4",
  );
  refuses(
    () => takeRowsInto(new Float32Array(4), { ...features, data: Float64Array.from(features.data) }, [0]),
    TypeError,
    /^takeRowsInto: out is .*, expected a Float64Array, or a Float32Array where features are one$/,
  );
  refuses(() => takeRowsInto(new Float64Array(4), features, [2]), RangeError, "takeRowsInto: rows[0] is 2, expected a row in 0…1");
});
