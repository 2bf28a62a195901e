import { Field, FixedSizeList, Float32, List, Table, tableFromArrays, tableToIPC, vectorFromArray } from "apache-arrow";
import { parquetWriteBuffer } from "hyparquet-writer";
import { describe, expect, it } from "vitest";
import { optionalPeer } from "../../src/io/optionalPeer.ts";
import { readArrow } from "../../src/io/readArrow.ts";
import { readParquet } from "../../src/io/readParquet.ts";

const parquet = parquetWriteBuffer({
  columnData: [
    { name: "a", data: Float32Array.of(1, 3), type: "FLOAT" },
    { name: "b", data: Float64Array.of(2, 4), type: "DOUBLE" },
    { name: "fruit", data: ["pear", "fig"], type: "STRING" },
  ],
});
const arrow = tableToIPC(
  new Table({
    fruit: vectorFromArray(["pear", "fig"]),
    e: vectorFromArray(
      [
        [1, 2],
        [3, 4],
      ],
      new FixedSizeList(2, new Field("item", new Float32())),
    ),
    other: vectorFromArray([[5], [6]], new List(new Field("item", new Float32()))),
  }),
  "stream",
);

describe("readParquet", () => {
  it("reads a column a feature, with the labels and the names of columns asked for", async () => {
    const matrix = { data: Float64Array.of(1, 2, 3, 4), rows: 2, cols: 2 };
    const expected = { matrix, labels: ["pear", "fig"], columns: ["a", "b"] };
    expect(await readParquet(parquet, "F.parquet", { label: "fruit" })).toEqual(expected);
    // Node's buffers, and views of a part of a larger one.
    const larger = Buffer.concat([Buffer.alloc(5), Buffer.from(parquet), Buffer.alloc(3)]);
    expect(await readParquet(larger.subarray(5, 5 + parquet.byteLength), "F.parquet", { label: "fruit" })).toEqual(expected);
  });

  it("refuses text as features, unknown columns, a single column for lists, and what is no bytes", async () => {
    await expect(readParquet(parquet, "F.parquet")).rejects.toThrow(
      'readParquet: F.parquet row 0 column "fruit" is "pear", expected a finite number',
    );
    await expect(readParquet(parquet, "F.parquet", { label: "y" })).rejects.toThrow('has no column "y", expected one of a, b, fruit');
    await expect(readParquet(parquet, "F.parquet", { features: "a" })).rejects.toThrow(
      /options\.features of F\.parquet is "a", a column of single values/,
    );
    await expect(readParquet("F.parquet" as never)).rejects.toThrow(TypeError);
  });

  it("refuses every truncation with an error of its own", async () => {
    for (let length = 0; length < parquet.byteLength; length += 7) {
      await expect(readParquet(parquet.slice(0, length), "F.parquet", { label: "fruit" })).rejects.toThrow(
        /^readParquet: F\.parquet .*, expected /,
      );
    }
  });
});

describe("a damaged parquet footer", () => {
  it("is refused where it has other rows than its row groups, or a column without a name", async () => {
    const sound = new Uint8Array(parquet);
    const start = sound.length - 8 - new DataView(parquet).getUint32(sound.length - 8, true);
    const said = new Set<string>();
    for (let at = start; at < sound.length - 8; at++) {
      for (const value of [sound[at] + 2, sound[at] ^ 16]) {
        const bytes = sound.slice();
        bytes[at] = value;
        await readParquet(bytes, "F.parquet", { label: "fruit" }).catch(({ message }) => said.add(message));
      }
    }
    expect(said).toContain("readParquet: F.parquet has 3 rows, expected 2, as its row groups have");
    expect(said).toContain("readParquet: F.parquet could not be read as parquet (a column has no name), expected a whole parquet file");
    for (const message of said) expect(message).toMatch(/^readParquet: .*, expected /);
  });
});

describe("readArrow", () => {
  it("reads the column of lists asked for, of a fixed or any length, with labels", async () => {
    const { matrix, labels, columns } = await readArrow(arrow, "F.arrow", { features: "e", label: "fruit" });
    expect(matrix).toEqual({ data: Float32Array.of(1, 2, 3, 4), rows: 2, cols: 2 });
    expect(labels).toEqual(["pear", "fig"]);
    expect(columns).toEqual(["0", "1"]);
    expect((await readArrow(arrow, "F.arrow", { features: "other" })).matrix.data).toEqual(Float32Array.of(5, 6));
    await expect(readArrow(arrow, "F.arrow")).rejects.toThrow(
      "readArrow: F.arrow has 2 columns of lists, expected one of them named: F.arrow:key, of e, other",
    );
  });

  it("names the row and the column of what is null or not finite", async () => {
    const holes = tableToIPC(new Table({ a: vectorFromArray([1, null], new Float32()), b: vectorFromArray([1, 2], new Float32()) }));
    await expect(readArrow(holes, "F.arrow")).rejects.toThrow('readArrow: F.arrow row 1 column "a" is null, expected a finite number');
    const infinite = tableToIPC(tableFromArrays({ a: Float32Array.of(1, Number.POSITIVE_INFINITY) }));
    await expect(readArrow(infinite, "F.arrow")).rejects.toThrow('row 1 column "a" is Infinity');
    const list = vectorFromArray([[1, null as never]], new List(new Field("item", new Float32())));
    await expect(readArrow(tableToIPC(new Table({ list })), "F.arrow")).rejects.toThrow(/F\.arrow:list row 0, column 1 is null/);
  });

  it("refuses every truncation, and bytes of other kinds, with an error of its own", async () => {
    const file = tableToIPC(tableFromArrays({ a: Float32Array.of(1, 2) }), "file");
    for (let length = 0; length < file.length; length += 9) {
      await expect(readArrow(file.slice(0, length), "F.arrow"), String(length)).rejects.toThrow(/^readArrow: F\.arrow .*, expected /);
    }
    await expect(readArrow(new Uint8Array(parquet), "F.parquet")).rejects.toThrow(/^readArrow: F\.parquet .*, expected /);
  });
});

describe("a package that is not installed", () => {
  it("is named with the file and the command that installs it", async () => {
    const absent = () => Promise.reject(new Error("Cannot find package 'hyparquet'"));
    await expect(optionalPeer(absent, "hyparquet", "readParquet", "F.parquet")).rejects.toThrow(
      "readParquet: F.parquet could not be read without the package hyparquet, expected it beside softprobe: npm i hyparquet",
    );
  });
});
