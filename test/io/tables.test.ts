import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decideLabels } from "../../src/io/labelValues.ts";
import { readNpyMatrix } from "../../src/io/npyFeatures.ts";
import { readCsv } from "../../src/io/readCsv.ts";
import { readJsonLines } from "../../src/io/readJsonLines.ts";
import { writeCsv } from "../../src/io/writeCsv.ts";
import { writeJsonLines } from "../../src/io/writeJsonLines.ts";
import { formats } from "../../src/node/formats.ts";
import { fixture, ourError } from "./shared.ts";

const pandasLabels = ["plain", "with, comma", 'with "quotes"', "two\nlines", "Äpfel", "last"];
const close = (data: ArrayLike<number>) => {
  const { data: exact } = readNpyMatrix(fixture("features.npy"));
  expect(Float32Array.from(data)).toEqual(exact);
};
const finite = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
const text = fc.string({ unit: "binary", minLength: 1 });
const table = fc.record({ rows: fc.integer({ min: 1, max: 6 }), cols: fc.integer({ min: 1, max: 4 }) }).chain(({ rows, cols }) =>
  fc.record({
    rows: fc.constant(rows),
    cols: fc.constant(cols),
    data: fc
      .array(finite, { minLength: rows * cols, maxLength: rows * cols })
      .map((values) => Float64Array.from(values, (value) => (value === 0 ? 0 : value))),
    labels: fc.array(text, { minLength: rows, maxLength: rows }),
  }),
);

describe("readCsv", () => {
  it.each([
    ["pandas.csv", ","],
    ["pandas.tsv", "\t"],
  ])("reads what pandas wrote: %s", (name, delimiter) => {
    const { matrix, labels, columns } = readCsv(fixture(name), name, { label: "label", delimiter });
    expect(columns).toEqual(["a", "b", "c"]);
    expect(labels).toEqual(pandasLabels);
    close(matrix.data);
  });

  it("takes the column of labels by name or by number, anywhere, or none", () => {
    const csv = "a,y,b\n1,0,2\n3,1,4\n";
    const matrix = { data: Float64Array.of(1, 2, 3, 4), rows: 2, cols: 2 };
    expect(readCsv(csv, "x", { label: "y" })).toEqual({ matrix, labels: [0, 1], columns: ["a", "b"] });
    expect(readCsv(csv, "x", { label: 1 })).toEqual({ matrix, labels: [0, 1], columns: ["a", "b"] });
    expect(readCsv(csv).matrix.cols).toBe(3);
    expect(readCsv(csv).labels).toBe(null);
    expect(readCsv("1,2\n3,4", "x", { header: false })).toEqual({ matrix, labels: null, columns: ["0", "1"] });
    expect(readCsv("pear,1\nfig,2", "x", { header: false, label: 0 }).labels).toEqual(["pear", "fig"]);
  });

  it("makes numbers of labels where every one is a number, however it is written, and keeps them as strings else", () => {
    const labels = (...values: string[]) => readCsv(`x,y\n${values.map((value) => `1,${value}\n`).join("")}`, "x", { label: "y" }).labels;
    expect(labels("1", "2.5", "-3")).toEqual([1, 2.5, -3]);
    expect(labels("1", "1.0", "1.0e+00", "+1", " 1", "1e0", ".1e1")).toEqual([1, 1, 1, 1, 1, 1, 1]);
    expect(labels("True", "false", "TRUE", "0")).toEqual([1, 0, 1, 0]);
    expect(labels("01", "2")).toEqual(["01", "2"]);
    expect(labels("1", "pear")).toEqual(["1", "pear"]);
    expect(labels("nan", "pear", "NA")).toEqual(["nan", "pear", "NA"]);
    expect(labels("12345678901234567890", "1")).toEqual([12345678901234567890n, 1]);
    expect(labels("9007199254740993.0", "9.007199254740992e15", "-9007199254740993")).toEqual([
      9007199254740993n,
      9007199254740992n,
      -9007199254740993n,
    ]);
    expect(labels("1e300", "inf")).toEqual([1e300, Number.POSITIVE_INFINITY]);
    expect(labels(`1${"0".repeat(50)}`, "1")).toEqual([`1${"0".repeat(50)}`, "1"]);
    for (const missing of ["NaN", "nan", "NA", "null", "<NA>", "None"])
      expect(() => labels("1", missing)).toThrow(`x line 3 has the label "${missing}" among numbers, expected a label; --ignore-label nan`);
  });

  it("takes a byte order mark, any line ends, spaces about numbers, and no or several line breaks at the end", () => {
    for (const csv of ["\ufeffa,b\n1,2\n", "a,b\r\n1,2\r\n", "a,b\r1,2", "a,b\n 1 ,+2e0\n\n\n", '"a","b"\n"1","2"']) {
      expect(readCsv(csv)).toEqual({ matrix: { data: Float64Array.of(1, 2), rows: 1, cols: 2 }, labels: null, columns: ["a", "b"] });
    }
  });

  it.each<[string, string, RegExp]>([
    ["a cell that is no number", "a,b\n1,2\n3,x\n", /^readCsv: F\.csv line 3 column "b" is "x", expected a finite number/],
    ["an empty cell", "a,b\n1,\n", /line 2 column "b" is ""/],
    ["NaN", "a\nNaN\n", /line 2 column "a" is "NaN"/],
    ["Infinity", "a\n1e999\n", /line 2 column "a" is "1e999"/],
    ["hexadecimal", "a\n0x10\n", /is "0x10"/],
    ["a short line", "a,b\n1,2\n3\n", /line 3 has 1 cells, expected 2/],
    ["a long line", "a,b\n1,2,3\n", /line 2 has 3 cells, expected 2/],
    ["an empty line within", "a,b\n1,2\n\n3,4\n", /line 3 has 1 cells/],
    ["an open quote", 'a,b\n1,"2\n', /line 2 has a quote that is not closed/],
    ["text after a quote", 'a,b\n1,"2"3\n', /line 2 has "3" after a closing quote/],
    ["a header only", "a,b\n", /F\.csv has 0 rows/],
    ["nothing", "", /F\.csv has 0 rows/],
  ])("refuses %s, naming the line", (_, csv, message) => {
    expect(() => readCsv(csv, "F.csv")).toThrow(RangeError);
    expect(() => readCsv(csv, "F.csv")).toThrow(message);
  });

  it("counts lines in the file, where cells hold line breaks", () => {
    expect(() => readCsv('a,y\n1,"two\nlines"\nx,z\n', "F.csv", { label: "y" })).toThrow(/F\.csv line 4 column "a" is "x"/);
  });

  it("refuses an unknown column of labels, a missing label, no column of features, wrong delimiters and what is no text", () => {
    expect(() => readCsv("a,b\n1,2\n", "F.csv", { label: "y" })).toThrow('readCsv: options.label is "y", expected one of a, b');
    expect(() => readCsv("a,b\n1,2\n", "F.csv", { label: 2 })).toThrow("options.label is 2, expected a column of F.csv, 0…1");
    expect(() => readCsv("1,2\n", "F.csv", { label: "a", header: false })).toThrow(/no header/);
    expect(() => readCsv("a,y\n1,\n", "F.csv", { label: "y" })).toThrow(/line 2 has no label/);
    expect(() => readCsv("y\n1\n", "F.csv", { label: "y" })).toThrow(/no column of features/);
    for (const delimiter of ["", ",,", '"', "\n"]) expect(() => readCsv("a\n1", "x", { delimiter })).toThrow(RangeError);
    expect(() => readCsv(Uint8Array.of(0xff), "F.csv")).toThrow("readCsv: F.csv is not UTF-8");
    expect(() => readCsv(3 as unknown as string)).toThrow(TypeError);
  });

  it("reads back what writeCsv wrote, exactly, whatever the labels", () => {
    fc.assert(
      fc.property(table, fc.constantFrom(",", "\t", ";"), ({ labels, ...features }, delimiter) => {
        const read = readCsv(writeCsv(features, { labels, delimiter }), "x", { label: "label", delimiter });
        expect(read.matrix).toEqual(features);
        expect(read.labels?.map(String)).toEqual(labels);
      }),
    );
  });

  it("reads any text or refuses it with an error of ours", () => {
    const piece = fc.constantFrom("1", ",", '"', "\n", "\r", "a", " ", "-", "\ufeff");
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), fc.boolean(), (pieces, header) =>
        ourError(() => readCsv(pieces.join(""), "x", { header })),
      ),
    );
  });
});

describe("writeCsv", () => {
  it("writes 32-bit floats exactly, bigints and names that need quotes", () => {
    const features = { data: Float32Array.of(0.1, -2), rows: 1, cols: 2 };
    const csv = writeCsv(features, { labels: BigInt64Array.of(2n ** 60n), columns: ["a,b", 'c"d'], label: "y" });
    expect(csv).toBe('"a,b","c""d",y\n0.10000000149011612,-2,1152921504606846976\n');
  });

  it("refuses labels and names that are not as many, and values that are not finite", () => {
    const features = { data: Float64Array.of(1, 2), rows: 1, cols: 2 };
    expect(() => writeCsv(features, { labels: [1, 2] })).toThrow("writeCsv: options.labels has 2 rows, expected 1, as features");
    expect(() => writeCsv(features, { columns: ["a"] })).toThrow("writeCsv: options.columns has 1 names, expected 2");
    expect(() => writeCsv(features, { delimiter: "" })).toThrow(RangeError);
    expect(() => writeCsv({ ...features, data: Float64Array.of(1, Number.NaN) })).toThrow("row 0, column 1 is NaN");
  });
});

describe("readJsonLines", () => {
  it("reads what pandas wrote, a key a column", () => {
    const { matrix, labels, columns } = readJsonLines(fixture("pandas.jsonl"), "pandas.jsonl", { label: "label" });
    expect(columns).toEqual(["a", "b", "c"]);
    expect(labels).toEqual(pandasLabels);
    close(matrix.data);
  });

  it("reads arrays of numbers, alone or under a key, and keys in any order", () => {
    const matrix = { data: Float64Array.of(1, 2, 3, 4), rows: 2, cols: 2 };
    expect(readJsonLines("[1,2]\n\n[3,4]")).toEqual({ matrix, labels: null, columns: ["0", "1"] });
    expect(readJsonLines('{"e":[1,2],"y":7}\r\n{"y":8,"e":[3,4]}\r\n', "x", { features: "e", label: "y" })).toEqual({
      matrix,
      labels: [7, 8],
      columns: ["0", "1"],
    });
    expect(readJsonLines('{"a":1,"b":2}\n{"b":4,"a":3}').matrix).toEqual(matrix);
    expect(readJsonLines('{"a":1,"y":true}\n{"a":1,"y":false}', "x", { label: "y" }).labels).toEqual([1, 0]);
  });

  it("takes __proto__ and constructor as keys like any other", () => {
    const { columns, matrix } = readJsonLines('{"__proto__":1,"constructor":2}');
    expect(columns).toEqual(["__proto__", "constructor"]);
    expect(matrix.data).toEqual(Float64Array.of(1, 2));
    expect(() => readJsonLines('{"a":1}\n{"b":1}')).toThrow(/line 2 column "a" is undefined/);
    expect(() => readJsonLines('{"a":1}', "x", { label: "constructor" })).toThrow(/line 1 has the label undefined/);
    expect(() => readJsonLines('{"a":1}', "x", { features: "toString" })).toThrow(/line 1 has undefined as "toString"/);
  });

  it.each<[string, string, RegExp]>([
    ["what is no JSON", "[1]\n[1", /^readJsonLines: F\.jsonl line 2 is no JSON/],
    ["a number", "3", /line 1 is 3, expected an object/],
    ["null", "null", /line 1 is null/],
    ["a string among numbers", '[1,2]\n[3,"4"]', /line 2 column "1" is "4", expected a finite number/],
    ["null among numbers", "[null]", /column "0" is null/],
    ["Infinity", "[1e999]", /column "0" is Infinity/],
    ["a short line", "[1,2]\n[1]", /line 2 has 1 features, expected 2/],
    ["a long line", "[1]\n[1,2]", /line 2 has 2 features, expected 1/],
    ["a key too many", '{"a":1}\n{"a":1,"b":2}', /line 2 has 2 features, expected 1/],
    ["nothing", "\n \n", /F\.jsonl has 0 rows/],
    ["no features", "{}", /0 features/],
  ])("refuses %s, naming the line", (_, lines, message) => {
    expect(() => readJsonLines(lines, "F.jsonl")).toThrow(RangeError);
    expect(() => readJsonLines(lines, "F.jsonl")).toThrow(message);
  });

  it("refuses labels of both kinds", () => {
    expect(() => readJsonLines('{"a":1,"y":"1"}\n{"a":1,"y":1}', "x", { label: "y" })).toThrow(
      /line 2 has the label 1, expected a string, as x line 1 \("1"\)/,
    );
  });

  it("reads back what writeJsonLines wrote, exactly", () => {
    fc.assert(
      fc.property(table, ({ labels, ...features }) => {
        const read = readJsonLines(writeJsonLines(features, { labels }), "x", { features: "features", label: "label" });
        expect(read.matrix).toEqual(features);
        expect(read.labels).toEqual(labels);
      }),
    );
  });
});

describe("writeJsonLines", () => {
  it("writes bigints as strings, and the keys asked for", () => {
    const features = { data: Float32Array.of(1, 2), rows: 2, cols: 1 };
    expect(writeJsonLines(features, { labels: BigInt64Array.of(1n, 2n), features: "e", label: "y" })).toBe(
      '{"e":[1],"y":"1"}\n{"e":[2],"y":"2"}\n',
    );
    expect(writeJsonLines(features)).toBe('{"features":[1]}\n{"features":[2]}\n');
  });

  it("refuses labels that are not as many, and one key for both", () => {
    const features = { data: Float32Array.of(1, 2), rows: 2, cols: 1 };
    expect(() => writeJsonLines(features, { labels: [1] })).toThrow(RangeError);
    expect(() => writeJsonLines(features, { labels: [1, 2], label: "features" })).toThrow(RangeError);
  });
});

it("a list of labels without a header keeps its first line, which is one of the classes and no name of the column", async () => {
  const labels = async (text: string, key?: string) =>
    decideLabels([await formats.csv.labels({ bytes: new TextEncoder().encode(text), key, caller: "f", name: "L.csv" })], [], "f").labels;
  expect(await labels("cat\ndog\ncat\n")).toEqual(["cat", "dog", "cat"]);
  expect(await labels("animal\ndog\ncat\n")).toEqual(["dog", "cat"]);
  expect(await labels("label\ndog\nlabel\n")).toEqual(["dog", "label"]);
  expect(await labels("cat\ndog\ncat\n", "cat")).toEqual(["dog", "cat"]);
});
