import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readNpyLabels, readNpyMatrix, readNpyViews } from "../../src/io/npyFeatures.ts";
import { readNpy } from "../../src/io/readNpy.ts";
import { writeNpy } from "../../src/io/writeNpy.ts";
import { fixture, npyOf, ourError } from "./shared.ts";

interface Expected {
  readonly dtype: string;
  readonly shape: number[];
  readonly fortranOrder: boolean;
  readonly data: (number | string)[];
}
const expected: Record<string, Expected> = JSON.parse(readFileSync(new URL("./fixtures/expected.json", import.meta.url), "utf8"));

/** Values as make-fixtures.py writes them to JSON. */
function plain(data: ArrayLike<number | bigint | string>): (number | string)[] {
  return Array.from(data, (value) => {
    if (typeof value === "bigint") return String(value);
    if (typeof value === "string") return value;
    if (Object.is(value, -0)) return "-0";
    return Number.isFinite(value) ? value : Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
  });
}

describe("readNpy", () => {
  for (const [name, { dtype, shape, fortranOrder, data }] of Object.entries(expected)) {
    it(`reads what numpy wrote: ${name}.npy (${dtype})`, () => {
      const array = readNpy(fixture(`${name}.npy`), name);
      expect(array).toMatchObject({ dtype, shape, fortranOrder });
      const wide =
        dtype.endsWith("f4") || dtype.endsWith("f2") ? data.map((value) => (typeof value === "number" ? Math.fround(value) : value)) : data;
      expect(plain(array.data as ArrayLike<number>)).toEqual(wide);
    });
  }

  it("gives each dtype its typed array: bigints for 8-byte integers, 32-bit floats for halves, bytes for booleans, strings for U and S", () => {
    const kind = (name: string) => readNpy(fixture(`${name}.npy`)).data.constructor.name;
    expect(["f2-le", "f4-be", "f8-le", "i8-be", "u8-le", "i4-le", "u2-be", "bool", "unicode-be", "bytes"].map(kind)).toEqual([
      "Float32Array",
      "Float32Array",
      "Float64Array",
      "BigInt64Array",
      "BigUint64Array",
      "Int32Array",
      "Uint16Array",
      "Uint8Array",
      "Array",
      "Array",
    ]);
  });

  it("views the caller's memory where the data are aligned, and copies where they are not", () => {
    const bytes = fixture("f4-le.npy");
    expect((readNpy(bytes).data as Float32Array).buffer).toBe(bytes.buffer);
    const shifted = new Uint8Array(bytes.length + 1).subarray(1);
    shifted.set(bytes);
    const data = readNpy(shifted).data as Float32Array;
    expect(data.buffer).not.toBe(shifted.buffer);
    expect(data).toEqual(readNpy(bytes).data);
  });

  it("takes an ArrayBuffer, and a view into a larger one", () => {
    const bytes = fixture("f8-be.npy");
    const larger = new Uint8Array(bytes.length + 64);
    larger.set(bytes, 40);
    expect(readNpy(bytes.buffer as ArrayBuffer)).toEqual(readNpy(larger.subarray(40, 40 + bytes.length)));
  });

  it("refuses every truncation of a file, naming it", () => {
    for (const name of ["f4-le", "line-version-2", "unicode-le"]) {
      const bytes = fixture(`${name}.npy`);
      for (let length = 0; length < bytes.length; length++) {
        expect(() => readNpy(bytes.subarray(0, length), "part.npy")).toThrow(/^readNpy: part\.npy is truncated: .+, expected /);
      }
    }
  });

  it.each([
    ["object", /dtype "\|O".*expected .*Python objects/],
    ["complex", /dtype "<c16", expected real numbers/],
    ["date", /dtype "<M8\[D\]", expected numbers; save array\.astype/],
    ["record", /structured dtype.*save one field/],
    ["longdouble", /dtype "<f16", expected f2, f4/],
  ])("refuses %s data, saying what to save instead", (name, message) => {
    expect(() => readNpy(fixture(`${name}.npy`), name)).toThrow(RangeError);
    expect(() => readNpy(fixture(`${name}.npy`), name)).toThrow(message);
  });

  const header = (descr: string, order: string, shape: string): string =>
    `{'descr': ${descr}, 'fortran_order': ${order}, 'shape': ${shape}, }`;
  it.each([
    ["no magic", new Uint8Array(80), /is not an npy file/],
    ["an unknown version", npyOf(header("'<f4'", "False", "(1,)"), 4, 4), /has version 4\.0/],
    ["a header that is no dictionary", npyOf("[1, 2]", 0), /expected "\{"/],
    ["a header without shape", npyOf("{'descr': '<f4', 'fortran_order': False}", 0), /no shape/],
    ["a header without dtype", npyOf("{'shape': (1,), 'fortran_order': False}", 4), /no dtype/],
    ["an unknown key", npyOf("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), 'x': 1}", 4), /has "x" in the header/],
    ["a key twice", npyOf("{'descr': '<f4', 'descr': '<f8'}", 4), /once each/],
    ["a key of Object.prototype", npyOf("{'__proto__': True}", 4), /has "__proto__" in the header/],
    ["code in place of a value", npyOf(header("__import__('os')", "False", "(1,)"), 4), /expected a string, True, False or a tuple/],
    ["text after the dictionary", npyOf(`${header("'<f4'", "False", "(1,)")} x`, 4), /nothing after the dictionary/],
    ["an open string", npyOf("{'descr", 4), /string does not end/],
    ["a negative axis", npyOf(header("'<f4'", "False", "(-1,)"), 4), /whole numbers of at least 0/],
    ["a fractional axis", npyOf(header("'<f4'", "False", "(1.5,)"), 4), /"," or "\)"|"\." at/],
    ["an axis beyond 2^53", npyOf(header("'<f4'", "False", "(99999999999999999999,)"), 4), /axis of 99999999999999999999/],
    ["a product beyond 2^53", npyOf(header("'<f4'", "False", "(4294967296, 4294967296)"), 4), /fewer than 2\^53/],
    ["a product that overflows a double", npyOf(header("'<f4'", "False", `(${"9007199254740991, ".repeat(40)})`), 4), /fewer than 2\^53/],
    ["far more values than bytes", npyOf(header("'<f8'", "False", "(1000000, 1000000)"), 8), /is truncated: it has 8 bytes of data/],
    ["bytes left over", npyOf(header("'<f4'", "False", "(1,)"), 5), /has 5 bytes of data, expected 4/],
    ["too many axes", npyOf(header("'<f4'", "False", `(${"1, ".repeat(70)})`), 4), /more than 64 axes/],
    ["a number in place of a tuple", npyOf(header("'<f4'", "False", "(1)"), 4), /no tuple/],
    ["a header longer than any", npyOf(" ".repeat(70000), 0, 2), /header of \d+ bytes, expected at most 65536/],
    ["a dtype of no bytes", npyOf(header("'|S0'", "True", "(1000000000, 1000000)"), 0), /dtype "\|S0"/],
    ["a boolean of 7", npyOf(header("'|b1'", "False", "(1,)"), 1, 1, 7), /element 0 is the byte 7/],
    ["a code point beyond Unicode", npyOf(header("'<U1'", "False", "(1,)"), 4, 1, 0x7f), /code point 2139062143/],
    ["bytes that are no UTF-8", npyOf(header("'|S2'", "False", "(1,)"), 2, 1, 0xff), /element 0 is not UTF-8/],
  ])("refuses %s", (_, bytes, message) => {
    expect(() => readNpy(bytes, "bad.npy")).toThrow(RangeError);
    expect(() => readNpy(bytes, "bad.npy")).toThrow(message);
    expect(() => readNpy(bytes, "bad.npy")).toThrow(/^readNpy: bad\.npy /);
  });

  it("takes Python 2's long integers, double quotes, any order of keys and any spaces", () => {
    const bytes = npyOf(`{ "shape" :(2L ,3L) ,'fortran_order':False, "descr":"<f4"}`, 24);
    expect(readNpy(bytes)).toMatchObject({ shape: [2, 3], dtype: "<f4" });
  });

  it("reads mutated files or refuses them with an error of ours, and never makes more data than the file has bytes for", () => {
    const names = ["f4-le-fortran", "f2-be", "i8-be", "unicode-be", "bool", "line-version-3", "bytes"];
    const change = fc.record({ at: fc.nat(), value: fc.nat(255) });
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.array(change, { minLength: 1, maxLength: 8 }), fc.nat(400), (name, changes, cut) => {
        const bytes = fixture(`${name}.npy`);
        for (const { at, value } of changes) bytes[at % bytes.length] = value;
        ourError(() =>
          expect(readNpy(bytes.subarray(0, bytes.length - (cut < 300 ? 0 : cut - 300))).data.length).toBeLessThanOrEqual(bytes.length),
        );
      }),
      { numRuns: 2000 },
    );
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => ourError(() => readNpy(bytes))));
    const word = fc.constantFrom(
      "'descr'",
      "'<f4'",
      "'fortran_order'",
      "True",
      "False",
      "'shape'",
      "(",
      ")",
      ",",
      ":",
      "{",
      "}",
      "1",
      "0",
      "'",
      " ",
      "L",
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 30 }), fc.nat(16), (words, size) => ourError(() => readNpy(npyOf(words.join(""), size)))),
    );
  });

  it("takes neither strings nor plain arrays", () => {
    expect(() => readNpy("x" as unknown as Uint8Array)).toThrow(TypeError);
  });
});

describe("writeNpy", () => {
  it("takes a matrix as it is", () => {
    const matrix = { data: Float32Array.of(1, 2, 3, 4, 5, 6), rows: 2, cols: 3 };
    expect(writeNpy(matrix)).toEqual(writeNpy({ data: matrix.data, shape: [2, 3] }));
  });

  const numbers = fc.oneof(
    fc.float32Array(),
    fc.float64Array(),
    fc.int8Array(),
    fc.uint16Array(),
    fc.int32Array(),
    fc.bigInt64Array(),
    fc.bigUint64Array(),
  );
  it("writes what readNpy reads back, whatever the kind", () => {
    fc.assert(
      fc.property(numbers, (data) => {
        const read = readNpy(writeNpy({ data, shape: [data.length] }));
        expect(read.data).toEqual(data);
        expect(read.shape).toEqual([data.length]);
      }),
    );
    // numpy pads strings with zeros, so those at the end are lost.
    const text = fc.string({ unit: "grapheme" }).map((value) => value.replace(/\0+$/, ""));
    fc.assert(
      fc.property(fc.array(text), (data) => {
        expect(readNpy(writeNpy({ data, shape: [data.length] })).data).toEqual(data);
      }),
    );
  });

  it("writes numpy's bytes to the bit", () => {
    for (const name of ["f4-le", "f8-le", "i1-le", "i8-limits", "u8-limits", "bool", "unicode-le", "scalar", "empty"]) {
      const bytes = fixture(`${name}.npy`);
      expect(writeNpy(readNpy(bytes)), name).toEqual(bytes);
    }
  });

  it("refuses data that do not fit the shape, and data of other kinds", () => {
    expect(() => writeNpy({ data: Float32Array.of(1), shape: [2, 3] })).toThrow("writeNpy: data has 1 values, expected 2 × 3 = 6");
    expect(() => writeNpy({ data: Float32Array.of(1), shape: 1 as unknown as number[] })).toThrow(
      "writeNpy: shape is 1, expected an array of whole numbers, such as [rows, columns]",
    );
    expect(() => writeNpy({ data: Float32Array.of(1), shape: [-1] })).toThrow(RangeError);
    expect(() => writeNpy({ data: [1] as unknown as string[], shape: [1] })).toThrow(TypeError);
    expect(() => writeNpy({ data: new Uint8ClampedArray(1) as unknown as Uint8Array, shape: [1] })).toThrow(TypeError);
  });
});

describe("features, views and labels of npy files", () => {
  it("reads features, views and labels as numpy wrote them", () => {
    expect(readNpyMatrix(fixture("features.npy"))).toMatchObject({ rows: 6, cols: 3 });
    expect(Array.from(readNpyMatrix(fixture("features.npy")).data)).toEqual(
      expected.features.data.map((value) => Math.fround(value as number)),
    );
    expect(readNpyViews(fixture("views.npy"))).toMatchObject({ views: 2, matrix: { rows: 12, cols: 3 } });
    expect(readNpyLabels(fixture("labels.npy"))).toEqual(BigInt64Array.of(0n, 0n, 1n, 1n, 2n, 2n));
    expect(readNpyLabels(fixture("unicode-be.npy"))).toEqual(expected["unicode-be"].data);
  });

  it("reads whole numbers as features where doubles hold them", () => {
    expect(readNpyMatrix(fixture("i8-be.npy")).data).toEqual(Float64Array.from({ length: 12 }, (_, i) => i - 7));
    const bytes = writeNpy({ data: BigInt64Array.of(1n, 2n ** 60n), shape: [1, 2] });
    expect(() => readNpyMatrix(bytes, "x.npy")).toThrow(
      "readNpyMatrix: x.npy value 1 is 1152921504606846976, expected whole numbers below 2^53",
    );
  });

  it("names file, row and column of a value that is not finite", () => {
    const bytes = writeNpy({ data: Float32Array.of(1, 2, 3, Number.NaN), shape: [2, 2] });
    expect(() => readNpyMatrix(bytes, "F.npy")).toThrow("readNpyMatrix: F.npy row 1, column 1 is NaN, expected finite numbers");
  });

  it("refuses the wrong number of axes, strings as features, NaN and nothing as labels", () => {
    expect(() => readNpyMatrix(fixture("views.npy"), "V.npy")).toThrow("V.npy has shape (6, 2, 3), expected two axes, n × d");
    expect(() => readNpyMatrix(fixture("labels.npy"), "L.npy")).toThrow("L.npy has shape (6), expected two axes, n × d");
    expect(() => readNpyMatrix(fixture("empty.npy"), "E.npy")).toThrow("E.npy has 0 rows, expected at least 1");
    expect(() => readNpyViews(fixture("features.npy"), "F.npy")).toThrow("F.npy has shape (6, 3), expected three axes");
    expect(() => readNpyMatrix(fixture("unicode-fortran.npy"), "U.npy")).toThrow(TypeError);
    expect(() => readNpyLabels(fixture("features.npy"), "F.npy")).toThrow("F.npy has shape (6, 3), expected one axis");
    expect(() => readNpyLabels(writeNpy({ data: Float32Array.of(0, Number.NaN), shape: [2] }), "L.npy")).toThrow("L.npy row 1 is NaN");
    expect(() => readNpyLabels(writeNpy({ data: [], shape: [0] }), "L.npy")).toThrow("L.npy has 0 labels");
  });
});
