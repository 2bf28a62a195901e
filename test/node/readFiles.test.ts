import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { Field, FixedSizeList, Float32, Int64, List, Table, tableFromArrays, tableToIPC, vectorFromArray } from "apache-arrow";
import { parquetWriteBuffer } from "hyparquet-writer";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeCsv } from "../../src/io/writeCsv.ts";
import { writeJsonLines } from "../../src/io/writeJsonLines.ts";
import { writeNpy } from "../../src/io/writeNpy.ts";
import { writeNpz } from "../../src/io/writeNpz.ts";
import { writeSafetensors } from "../../src/io/writeSafetensors.ts";
import { readFeatures, readJson, readLabels, readViews } from "../../src/node/readFiles.ts";
import { splitPath } from "../../src/node/splitPath.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "softprobe-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Writes a file of the test's folder; its path. */
function put(name: string, content: string | Uint8Array | ArrayBuffer): string {
  const path = join(folder, name);
  writeFileSync(path, content instanceof ArrayBuffer ? new Uint8Array(content) : content);
  return path;
}

const matrix = { data: Float32Array.of(1.5, -2, 3, 4, 5, 6), rows: 3, cols: 2 };
const doubles = { ...matrix, data: Float64Array.from(matrix.data) };
/** What tables give whose columns have names. */
const named = { ...matrix, columns: ["a", "b"] };
const rows = [
  [1.5, -2],
  [3, 4],
  [5, 6],
];
const fruit = ["pear", "fig", "pear"];
const features = { data: matrix.data, shape: [3, 2] };
const labels = { data: fruit, shape: [3] };
const views = { data: Float32Array.from({ length: 12 }, (_, i) => i), shape: [3, 2, 2] };
const nested = [0, 4, 8].map((i) => [
  [i, i + 1],
  [i + 2, i + 3],
]);
const lists = new FixedSizeList(2, new Field("item", new Float32()));
const arrowTable = new Table({
  file: vectorFromArray(["a.jpg", "b.jpg", "c.jpg"]),
  embedding: vectorFromArray(rows, lists),
  label: vectorFromArray(fruit),
});
const listColumn = (name: string, data: unknown[]) => ({ name, data });
const listSchema = (name: string) => [
  { name, repetition_type: "OPTIONAL" as const, num_children: 1, converted_type: "LIST" as const },
  { name: "list", repetition_type: "REPEATED" as const, num_children: 1 },
  { name: "element", repetition_type: "OPTIONAL" as const, type: "FLOAT" as const },
];
const parquetLists = (name = "embedding", data: unknown[] = rows, options = {}) =>
  parquetWriteBuffer({
    columnData: [listColumn(name, data), { name: "label", data: fruit }],
    schema: [
      { name: "root", num_children: 2 },
      ...listSchema(name),
      { name: "label", type: "BYTE_ARRAY", converted_type: "UTF8", repetition_type: "REQUIRED" },
    ],
    ...options,
  });
const parquetColumns = (extra: Parameters<typeof parquetWriteBuffer>[0]["columnData"] = [], options = {}) =>
  parquetWriteBuffer({
    columnData: [
      { name: "a", data: Float32Array.of(1.5, 3, 5), type: "FLOAT" },
      { name: "label", data: fruit, type: "STRING" },
      { name: "b", data: Float32Array.of(-2, 4, 6), type: "FLOAT" },
      ...extra,
    ],
    ...options,
  });

describe("splitPath", () => {
  it.each<[string, string, string | undefined, string | undefined]>([
    ["F.npy", "F.npy", "npy", undefined],
    ["F.npz:train", "F.npz", "npz", "train"],
    ["F.NPZ:Train", "F.NPZ", "npz", "Train"],
    ["C:\\data\\F.npz", "C:\\data\\F.npz", "npz", undefined],
    ["C:\\data\\F.npz:train", "C:\\data\\F.npz", "npz", "train"],
    ["run:2/at 12:30.npz:train", "run:2/at 12:30.npz", "npz", "train"],
    ["F.npz:layer:0.csv", "F.npz", "npz", "layer:0.csv"],
    ["F.npz:", "F.npz", "npz", ""],
    ["F.csv.npz", "F.csv.npz", "npz", undefined],
    ["F.parquet:embedding", "F.parquet", "parquet", "embedding"],
    ["F.dat:train", "F.dat:train", undefined, undefined],
    ["-", "-", undefined, undefined],
    ["/dev/fd/63", "/dev/fd/63", undefined, undefined],
    ["two\nlines.npz:a\nb", "two\nlines.npz", "npz", "a\nb"],
  ])("reads %j as a file, an extension and a key", (path, file, extension, key) => {
    expect(splitPath(path)).toEqual({ file, extension, key });
  });
});

describe("readFeatures and readLabels", () => {
  const arrays = { features, labels, other: { data: Int32Array.of(7, 8), shape: [1, 2] } };
  const numeric = { features, labels: { data: BigInt64Array.of(4n, 2n, 4n), shape: [3] } };
  const keyed = `{"file":"a.jpg","embedding":[1.5,-2],"label":"pear"}
{"file":"b.jpg","embedding":[3,4],"label":"fig"}
{"file":"c.jpg","embedding":[5,6],"label":"pear"}
`;
  /** Format, the files that hold features and labels by name, and what to name of each. */
  const formats: [string, [string, string | Uint8Array | ArrayBuffer][], string, string, object, unknown][] = [
    [
      "npy",
      [
        ["F.npy", writeNpy(features)],
        ["L.npy", writeNpy(labels)],
      ],
      "F.npy",
      "L.npy",
      matrix,
      fruit,
    ],
    ["npz, by key", [["k.npz", writeNpz(arrays)]], "k.npz:features", "k.npz:labels", matrix, fruit],
    ["npz, by usual keys", [["u.npz", writeNpz(arrays, { compress: true })]], "u.npz", "u.npz", matrix, fruit],
    ["npz, the only array", [["o.npz", writeNpz({ what: features })]], "o.npz", "u.npz:labels", matrix, fruit],
    ["safetensors", [["s.safetensors", writeSafetensors(numeric)]], "s.safetensors", "s.safetensors:labels", matrix, [4n, 2n, 4n]],
    ["csv", [["F.csv", writeCsv(matrix, { labels: fruit })]], "F.csv", "F.csv", doubles, fruit],
    ["csv, another column of labels", [["K.csv", writeCsv(matrix, { labels: fruit, label: "y" })]], "K.csv:y", "K.csv:y", doubles, fruit],
    ["csv without a header", [["H.csv", "1.5,-2,pear\n3,4,fig\n5,6,pear\n"]], "H.csv:2", "H.csv:2", doubles, fruit],
    ["csv of labels alone", [["L.csv", "fruit\npear\nfig\npear\n"]], "F.csv", "L.csv", doubles, fruit],
    ["csv of labels and text", [["T.csv", "file,label\na.jpg,pear\nb.jpg,fig\nc.jpg,pear\n"]], "F.csv", "T.csv", doubles, fruit],
    ["csv of numbers alone", [["N.csv", "1.5,-2\n3,4\n5,6\n"]], "N.csv", "L.csv", doubles, fruit],
    ["csv of numbered labels without a header", [["Y.csv", "0\n1\n0\n"]], "N.csv", "Y.csv", doubles, [0, 1, 0]],
    ["tsv", [["F.tsv", writeCsv(matrix, { labels: fruit, delimiter: "\t" })]], "F.tsv", "F.tsv:label", doubles, fruit],
    ["JSON lines as written", [["F.jsonl", writeJsonLines(matrix, { labels: fruit })]], "F.jsonl", "F.jsonl", doubles, fruit],
    ["JSON lines with other keys", [["E.ndjson", keyed]], "E.ndjson:embedding", "E.ndjson:label", doubles, fruit],
    ["JSON lines with one array", [["G.jsonl", keyed]], "G.jsonl", "G.jsonl", doubles, fruit],
    ["JSON lines that are arrays", [["A.jsonl", "[1.5,-2]\n[3,4]\n[5,6]\n"]], "A.jsonl", "L.csv", doubles, fruit],
    [
      "JSON lines, a key a feature",
      [["C.jsonl", '{"a":1.5,"y":1,"b":-2}\n{"a":3,"y":0,"b":4}\n{"a":5,"y":1,"b":6}\n']],
      "C.jsonl:y",
      "C.jsonl:y",
      { ...doubles, columns: ["a", "b"] },
      [1, 0, 1],
    ],
    ["parquet of columns", [["C.parquet", parquetColumns()]], "C.parquet", "C.parquet", named, fruit],
    ["parquet of columns, by the label's name", [["D.parquet", parquetColumns()]], "D.parquet:label", "D.parquet:label", named, fruit],
    ["parquet of lists", [["E.parquet", parquetLists()]], "E.parquet:embedding", "E.parquet:label", matrix, fruit],
    ["parquet of the only lists", [["G.parquet", parquetLists()]], "G.parquet", "G.parquet", matrix, fruit],
    ["parquet in groups of rows", [["R.parquet", parquetLists("e", rows, { rowGroupSize: 2 })]], "R.parquet", "R.parquet", matrix, fruit],
    ["Arrow files", [["F.arrow", tableToIPC(arrowTable, "file")]], "F.arrow:embedding", "F.arrow:label", matrix, fruit],
    ["Arrow streams", [["S.arrow", tableToIPC(arrowTable, "stream")]], "S.arrow", "S.arrow", matrix, fruit],
    [
      "Feather of columns",
      [
        [
          "C.feather",
          tableToIPC(
            tableFromArrays({ a: Float32Array.of(1.5, 3, 5), b: Float32Array.of(-2, 4, 6), label: Int32Array.of(3, 1, 3) }),
            "file",
          ),
        ],
      ],
      "C.feather",
      "C.feather",
      named,
      [3, 1, 3],
    ],
  ];
  it.each(formats)("read %s", async (_, files, featuresPath, labelsPath, wanted, wantedLabels) => {
    for (const [name, content] of files) put(name, content);
    // Files of the cases above may be named again.
    if (labelsPath === "L.csv") put("L.csv", "fruit\npear\nfig\npear\n");
    if (labelsPath === "u.npz:labels") put("u.npz", writeNpz(arrays));
    if (featuresPath === "F.csv") put("F.csv", writeCsv(matrix, { labels: fruit }));
    if (featuresPath === "N.csv") put("N.csv", "1.5,-2\n3,4\n5,6\n");
    expect(await readFeatures(join(folder, featuresPath))).toEqual(wanted);
    expect(Array.from(await readLabels(join(folder, labelsPath)))).toEqual(wantedLabels);
  });

  it.each([
    ["GZIP" as const, gzipSync],
    ["BROTLI" as const, brotliCompressSync],
  ])("read parquet compressed by %s", async (codec, compress) => {
    const bytes = parquetColumns([], { codec, compressors: { [codec]: (input: Uint8Array) => new Uint8Array(compress(input)) } });
    expect(await readFeatures(put(`${codec}.parquet`, bytes))).toEqual(named);
    expect(await readFeatures(put("plain.parquet", parquetColumns([], { codec: "UNCOMPRESSED" })))).toEqual(named);
  });

  it("read 64-bit floats and integers as doubles, and booleans as labels 0 and 1", async () => {
    const wide = parquetWriteBuffer({
      columnData: [
        { name: "a", data: Float64Array.of(0.1, 0.2, 0.3), type: "DOUBLE" },
        { name: "b", data: [1n, 2n, 2n ** 53n], type: "INT64" },
        { name: "label", data: [true, false, true], type: "BOOLEAN" },
      ],
    });
    const path = put("wide.parquet", wide);
    expect((await readFeatures(path)).data).toEqual(Float64Array.of(0.1, 1, 0.2, 2, 0.3, 2 ** 53));
    expect(await readLabels(path)).toEqual([1, 0, 1]);
    const arrow = new Table({
      a: vectorFromArray([1n, 2n], new Int64()),
      e: vectorFromArray([[0.5], [1.5]], new List(new Field("i", new Float32()))),
    });
    const other = put("wide.arrow", tableToIPC(arrow, "file"));
    expect(await readFeatures(other)).toEqual({ data: Float32Array.of(0.5, 1.5), rows: 2, cols: 1 });
    expect(await readLabels(`${other}:a`)).toEqual([1n, 2n]);
  });

  it("read files that a pattern fits, below one another, numbers in ascending order", async () => {
    for (const [i, name] of ["part-1.npz", "part-2.npz", "part-10.npz", ".part-3.npz"].entries())
      put(name, writeNpz({ features: { data: Float32Array.of(i, i), shape: [1, 2] }, labels: { data: [`class ${i}`], shape: [1] } }));
    expect(await readFeatures(join(folder, "part-*.npz"))).toEqual({ data: Float32Array.of(0, 0, 1, 1, 2, 2), rows: 3, cols: 2 });
    expect(await readLabels(join(folder, "part-*.npz:labels"))).toEqual(["class 0", "class 1", "class 2"]);
    expect((await readFeatures(join(folder, "part-?.npz:features"))).rows).toBe(2);
    put("part-11.npz", writeNpz({ features: { data: Float64Array.of(1, 2, 3), shape: [1, 3] } }));
    await expect(readFeatures(join(folder, "part-*.npz"))).rejects.toThrow(
      /readFeatures: .*part-11\.npz has 3 columns, expected 2, as .*part-1\.npz/,
    );
    await expect(readFeatures(join(folder, "none-*.npz"))).rejects.toThrow(/none-\*\.npz: fits no file, expected at least 1/);
    await expect(readFeatures(join(folder, "no folder/*.npz"))).rejects.toThrow(/could not be listed \(ENOENT\)/);
  });

  it("read npy from what bears no extension, such as a pipe", async () => {
    expect(await readFeatures(put("63", writeNpy(features)))).toEqual(matrix);
    await expect(readFeatures(put("F.json", "[[1, 2]]"))).rejects.toThrow(
      /F\.json is one JSON document, expected one of \.npy, .*: write a row a line and call it \.jsonl/,
    );
    await expect(readFeatures(put("F.dat", "1,2\n"))).rejects.toThrow(/F\.dat is of no known format, expected one of \.npy, \.npz/);
  });

  const twoLists = '{"a":[1],"b":[2]}\n';
  it.each<[string, string, string | Uint8Array | ArrayBuffer, string, RegExp]>([
    [
      "an unknown npz key, listing those there",
      "e1.npz",
      writeNpz(arrays),
      ":train",
      /readFeatures: \S+e1\.npz has no array "train", expected one of features, labels, other$/,
    ],
    ["an empty key", "e2.npz", writeNpz(arrays), ":", /has no array "", expected one of features/],
    [
      "several arrays without a key",
      "e3.npz",
      writeNpz({ a: features, b: features }),
      "",
      /has 2 arrays, expected one of them named: \S+e3\.npz:key, of a, b$/,
    ],
    [
      "an unknown tensor",
      "e4.safetensors",
      writeSafetensors({ a: features }),
      ":b",
      /readFeatures: \S+e4\.safetensors has no array "b", expected one of a$/,
    ],
    ["a key of npy", "e5.npy", writeNpy(features), ":a", /has no key "a", expected no key after the name: npy holds one array/],
    ["labels as features", "e6.npz", writeNpz(arrays), ":labels", /readFeatures: \S+e6\.npz:labels is "strings", expected features/],
    [
      "a value that is not finite, with key, row and column",
      "e7.npz",
      writeNpz({ f: { data: Float32Array.of(1, Number.NaN), shape: [1, 2] } }),
      ":f",
      /readFeatures: \S+e7\.npz:f row 0, column 1 is NaN/,
    ],
    ["an unknown column of csv", "e8.csv", "a,b\n1,2\n", ":y", /readFeatures: \S+e8\.csv has no column "y", expected one of a, b$/],
    ["text among features", "e9.csv", "a,file\n1,x.jpg\n", "", /e9\.csv line 2 column "file" is "x\.jpg", expected a finite number/],
    [
      "pandas' index",
      "e10.csv",
      ",a,b\n0,1,2\n",
      "",
      /e10\.csv has a column without a name, "Unnamed: 0", expected a name .* pandas leaves out with to_csv\(index=False\); leave it out by --drop/,
    ],
    ["an unknown key of JSON lines", "e11.jsonl", '{"a":[1]}\n', ":b", /has no column "b", expected one of a$/],
    [
      "several keys with arrays",
      "e12.jsonl",
      twoLists,
      "",
      /has 2 columns of lists, expected one of them named: \S+e12\.jsonl:key, of a, b$/,
    ],
    ["a key of arrays", "e13.jsonl", "[1]\n", ":a", /has no key "a", expected no key after the name: its lines are arrays/],
    [
      "an unknown column of parquet",
      "e14.parquet",
      parquetColumns(),
      ":y",
      /readFeatures: \S+e14\.parquet has no column "y", expected one of a, label, b$/,
    ],
    [
      "text among parquet columns",
      "e15.parquet",
      parquetColumns([{ name: "c", data: fruit, type: "STRING" }]),
      "",
      /e15\.parquet row 0 column "c" is "pear", expected a finite number/,
    ],
    [
      "null among parquet columns",
      "e16.parquet",
      parquetColumns([{ name: "c", data: [1, null, 2], type: "DOUBLE" }]),
      "",
      /row 1 column "c" is null/,
    ],
    ["ragged lists", "e17.parquet", parquetLists("e", [[1, 2], [3], [4, 5]]), "", /e17\.parquet:e row 1 has 1 values, expected 2/],
    [
      "null in lists",
      "e18.parquet",
      parquetLists("e", [
        [1, 2],
        [3, null],
        [4, 5],
      ]),
      "",
      /e18\.parquet:e row 1, column 1 is null/,
    ],
    ["null for a list", "e19.parquet", parquetLists("e", [[1, 2], null, [4, 5]]), "", /e19\.parquet:e row 1 is null/],
    [
      "what is no parquet",
      "e20.parquet",
      "not parquet, but long enough",
      "",
      /readFeatures: \S+e20\.parquet could not be read as parquet \(.*\), expected a whole parquet file/,
    ],
    ["half a parquet file", "e21.parquet", parquetColumns().slice(0, 60), "", /could not be read as parquet/],
    [
      "an unknown column of Arrow",
      "e22.arrow",
      tableToIPC(arrowTable, "file"),
      ":y",
      /has no column "y", expected one of file, embedding, label$/,
    ],
    [
      "what is no Arrow",
      "e23.arrow",
      "hello, this is no Arrow file",
      "",
      /could not be read as Arrow \(.*\), expected a whole Arrow IPC file/,
    ],
    ["an empty Arrow file", "e24.arrow", "", "", /e24\.arrow/],
    [
      "null lists of Arrow",
      "e25.arrow",
      tableToIPC(new Table({ e: vectorFromArray([[1, 2], null], lists) }), "file"),
      "",
      /e25\.arrow:e has 1 null rows/,
    ],
    ["an empty csv", "e26.csv", "", "", /e26\.csv has 0 rows/],
    ["an empty npy", "e27.npy", "", "", /e27\.npy/],
  ])("refuse %s", async (_, name, content, key, message) => {
    await expect(readFeatures(put(name, content) + key)).rejects.toThrow(message);
    await expect(readFeatures(join(folder, name) + key)).rejects.toThrow(/, expected /);
  });

  it("refuse labels that are not there, or not clear, listing the columns", async () => {
    await expect(readLabels(put("f1.csv", "a,b\n1,2\n"))).rejects.toThrow(
      /has no column "label", expected one of them named: \S+f1\.csv:key, of a, b$/,
    );
    await expect(readLabels(put("f2.csv", "a,label\n1,\n"))).rejects.toThrow(/f2\.csv line 2 has no label/);
    await expect(readLabels(put("f3.jsonl", '{"a":[1],"label":"x"}\n{"a":[1]}\n'))).rejects.toThrow(/line 2 has the label undefined/);
    await expect(readLabels(`${put("f4.parquet", parquetLists())}:embedding`)).rejects.toThrow(
      /f4\.parquet:embedding holds lists, expected a column with a label a row/,
    );
    const holes = parquetColumns([{ name: "y", data: ["a", null, "b"], type: "STRING" }]);
    await expect(readLabels(`${put("f5.parquet", holes)}:y`)).rejects.toThrow(
      /f5\.parquet:y row 1 is null, expected a number, string or bigint/,
    );
    await expect(readLabels(`${put("f6.npz", writeNpz(arrays))}:features`)).rejects.toThrow(
      /f6\.npz:features has shape \(3, 2\), expected one axis/,
    );
    await expect(readLabels(put("f7.jsonl", "[1]\n"))).rejects.toThrow(/has lines that are arrays, expected objects with a label each/);
  });

  it("name a file that is not there, or is a folder", async () => {
    await expect(readFeatures(join(folder, "none.npz:a"))).rejects.toThrow(
      /none\.npz: could not be read \(ENOENT\), expected a readable file/,
    );
    await expect(readLabels(folder)).rejects.toThrow(/could not be read \(EISDIR\)/);
  });
});

describe("readViews", () => {
  const wanted = { matrix: { data: views.data, rows: 6, cols: 2 }, views: 2 };
  const wide = { matrix: { ...wanted.matrix, data: Float64Array.from(views.data) }, views: 2 };
  const parquetViews = parquetWriteBuffer({
    columnData: [listColumn("v", nested)],
    schema: [
      { name: "root", num_children: 1 },
      { name: "v", repetition_type: "OPTIONAL", num_children: 1, converted_type: "LIST" },
      { name: "list", repetition_type: "REPEATED", num_children: 1 },
      { name: "element", repetition_type: "OPTIONAL", num_children: 1, converted_type: "LIST" },
      { name: "list", repetition_type: "REPEATED", num_children: 1 },
      { name: "element", repetition_type: "OPTIONAL", type: "FLOAT" },
    ],
  });
  const arrowViews = new Table({
    label: vectorFromArray(fruit),
    v: vectorFromArray(nested, new FixedSizeList(2, new Field("view", lists))),
  });
  it.each<[string, string, string | Uint8Array | ArrayBuffer, string, object]>([
    ["npy", "V.npy", writeNpy(views), "", wanted],
    ["npz", "V.npz", writeNpz({ features, views }), "", wanted],
    ["npz by key", "K.npz", writeNpz({ features, aug: views }), ":aug", wanted],
    ["safetensors", "V.safetensors", writeSafetensors({ features, augmented: views }), "", wanted],
    ["JSON lines", "V.jsonl", nested.map((row, i) => `${JSON.stringify({ label: i, aug: row })}\n`).join(""), ":aug", wide],
    ["JSON lines of arrays", "W.jsonl", nested.map((row) => `${JSON.stringify(row)}\n`).join(""), "", wide],
    ["Arrow", "V.arrow", tableToIPC(arrowViews, "file"), ":v", wanted],
    ["parquet", "V.parquet", parquetViews, ":v", wanted],
  ])("reads %s", async (_, name, content, key, expected) => {
    expect(await readViews(put(name, content) + key)).toEqual(expected);
  });

  it("reads files that a pattern fits, and refuses other numbers of views", async () => {
    put("views-1.npy", writeNpy(views));
    put("views-2.npy", writeNpy(views));
    const read = await readViews(join(folder, "views-*.npy"));
    expect([read.matrix.rows, read.views]).toEqual([12, 2]);
    put("views-3.npy", writeNpy({ ...views, shape: [2, 3, 2] }));
    await expect(readViews(join(folder, "views-*.npy"))).rejects.toThrow(/views-3\.npy has 3 views a row, expected 2/);
  });

  it("refuses tables of numbers and arrays of other axes, saying what would do", async () => {
    await expect(readViews(put("V.csv", "a\n1\n"))).rejects.toThrow(
      /V\.csv is a table of numbers, expected n × views × d: npy, npz, safetensors/,
    );
    await expect(readViews(put("W.npy", writeNpy(features)))).rejects.toThrow(
      /readViews: \S+W\.npy has shape \(3, 2\), expected three axes/,
    );
    await expect(readViews(put("W.parquet", parquetColumns()))).rejects.toThrow(/has no column of views, expected lists of views/);
    const numbers = new Table({ views: vectorFromArray([[1, 2], [3]], new List(new Field("item", new Float32()))) });
    await expect(readViews(put("W.arrow", tableToIPC(numbers, "file")))).rejects.toThrow(/^readViews: \S+W\.arrow:views .*, expected /);
  });
});

describe("readJson", () => {
  it("names a file that is no JSON", async () => {
    expect(await readJson(put("a.json", "[1]"))).toEqual([1]);
    await expect(readJson(put("b.json", "[1"))).rejects.toThrow(/^readJson: .*b\.json is not JSON \(.*\), expected a JSON document/);
  });
});
