import {
  Field,
  FixedSizeList,
  Float16,
  Float32,
  Float64,
  Int32,
  Table,
  tableFromIPC,
  tableToIPC,
  Vector,
  vectorFromArray,
} from "apache-arrow";
import { describe, expect, it } from "vitest";
import { collectMatrix } from "../../src/features/collectMatrix.ts";
import { toMatrix } from "../../src/features/toMatrix.ts";
import { toViews } from "../../src/features/toViews.ts";
import { double, rows, single, views } from "./plain.ts";

const listsOf = (type: Float16 | Float32 | Float64 | Int32, nested: readonly (readonly number[] | null)[] = rows) =>
  vectorFromArray(nested as number[][], new FixedSizeList(2, new Field<Float32>("item", type as Float32)));

describe("Apache Arrow", () => {
  it("gives columns of fixed-size lists of any numbers to toMatrix and collectMatrix", async () => {
    expect(toMatrix(listsOf(new Float32()))).toEqual(single(rows));
    expect(toMatrix(listsOf(new Float64()))).toEqual(double(rows));
    expect(toMatrix(listsOf(new Float16()))).toEqual(single(rows));
    const whole = rows.map((row) => row.map(Math.round));
    expect(toMatrix(listsOf(new Int32(), whole))).toEqual(double(whole));
    expect(await collectMatrix(listsOf(new Float32()))).toEqual(single(rows));
  });

  it("gives batches of columns, rows after rows", async () => {
    const vector = listsOf(new Float32());
    expect(await collectMatrix([vector, vector.slice(1)])).toEqual(single([...rows, ...rows.slice(1)]));
  });

  it("gives a column of a table that was written and read, without copying", () => {
    const table = tableFromIPC(tableToIPC(new Table({ e: listsOf(new Float32()) }), "file"));
    const column = table.getChild("e")!;
    const matrix = toMatrix(column);
    expect(matrix).toEqual(single(rows));
    expect(matrix.data.buffer).toBe(column.data[0].children[0].values.buffer);
  });

  it("gives slices, and chunks one after the other", () => {
    const vector = listsOf(new Float32());
    expect(toMatrix(vector.slice(1))).toEqual(single(rows.slice(1)));
    expect(toMatrix(vector.slice(1, 2))).toEqual(single(rows.slice(1, 2)));
    expect(toMatrix(vector.slice(2).concat(vector.slice(0, 2)))).toEqual(single([rows[2], rows[0], rows[1]]));
    const { batches } = new Table({ e: vector });
    expect(toMatrix(new Table([...batches, ...batches]).getChild("e")!)).toEqual(single([...rows, ...rows]));
    const mixed = new Vector([...vector.data, ...listsOf(new Float64()).data] as typeof vector.data);
    expect(toMatrix(mixed)).toEqual(double([...rows, ...rows]));
  });

  it("gives views, n · views rows with the option views", () => {
    expect(toViews(listsOf(new Float32(), views.flat()), { views: 3 })).toEqual({ matrix: single(views.flat()), views: 3 });
  });

  it("refuses null rows and null values", () => {
    expect(() => toMatrix(listsOf(new Float32(), [[1, 2], null]))).toThrow(/has 1 null rows/);
    expect(() => toMatrix(listsOf(new Float32(), [[1, null as never]]))).toThrow(/has 1 null values/);
  });
});
