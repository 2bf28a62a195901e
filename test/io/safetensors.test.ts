import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { arrayToMatrix } from "../../src/io/arrayFeatures.ts";
import { readNpyMatrix } from "../../src/io/npyFeatures.ts";
import { readSafetensors } from "../../src/io/readSafetensors.ts";
import { writeSafetensors } from "../../src/io/writeSafetensors.ts";
import { fixture, ourError } from "./shared.ts";

/** A file of this header and `size` zero bytes of data. */
function fileOf(header: string, size = 0): Uint8Array {
  const text = new TextEncoder().encode(header);
  const bytes = new Uint8Array(8 + text.length + size);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  return bytes;
}
const entry = (dtype: string, shape: unknown, begin: unknown, end: unknown): string =>
  JSON.stringify({ dtype, shape, data_offsets: [begin, end] });

describe("readSafetensors", () => {
  it("reads every dtype, laid out by the specification", () => {
    const { tensors, metadata } = readSafetensors(fixture("all.safetensors"));
    const data = Object.fromEntries([...tensors].map(([key, tensor]) => [`${key} ${tensor.dtype}`, tensor.data]));
    expect(data).toEqual({
      "double F64": Float64Array.of(0.1, -2),
      "long I64": BigInt64Array.of(-(2n ** 62n), 3n),
      "__proto__ F32": readNpyMatrix(fixture("features.npy")).data,
      "int I32": Int32Array.of(-5),
      "brain BF16": new Float32Array(Uint32Array.of(0x3fc00000, 0xff740000, 0x00010000).buffer),
      "half F16": Float32Array.of(1, -2.5, 2 ** -24, 65504),
      "short I16": Int16Array.of(-300, 300),
      "bool BOOL": Uint8Array.of(1, 0, 1),
      "byte U8": Uint8Array.of(255),
      "nothing I8": new Int8Array(0),
      "tiny I8": Int8Array.of(-128),
    });
    expect([...metadata]).toEqual([
      ["format", "pt"],
      ["constructor", "x"],
    ]);
    expect(tensors.get("byte")?.shape).toEqual([]);
    expect(arrayToMatrix(tensors.get("__proto__")!)).toEqual(readNpyMatrix(fixture("features.npy")));
  });

  it("views the file's memory where the data are aligned, and copies where they are not", () => {
    const bytes = fixture("all.safetensors");
    const shifted = new Uint8Array(bytes.length + 1).subarray(1);
    shifted.set(bytes);
    expect((readSafetensors(bytes).tensors.get("double")!.data as Float64Array).buffer).toBe(bytes.buffer);
    expect(readSafetensors(shifted)).toEqual(readSafetensors(bytes));
  });

  it("reads the asked tensors only, so that others may be of a dtype it does not know", () => {
    const bytes = fileOf(`{"a":${entry("F8_E4M3", [2], 0, 2)},"b":${entry("U8", [1], 2, 3)}}`, 3);
    expect([...readSafetensors(bytes, "x", { keys: ["b"] }).tensors.keys()]).toEqual(["b"]);
    expect(() => readSafetensors(bytes, "x")).toThrow(/^readSafetensors: x:a has dtype "F8_E4M3", expected one of BOOL/);
    expect(() => readSafetensors(bytes, "x", { keys: ["c"] })).toThrow('x has no tensor "c", expected one of a, b');
  });

  it.each<[string, Uint8Array, RegExp]>([
    ["no header", new Uint8Array(7), /truncated: it has 7 bytes/],
    ["a header longer than the file", fileOf("{}").subarray(0, 9), /truncated: its header ends at byte 10 of 9/],
    ["a header longer than any", new Uint8Array(8).fill(255), /header of 18446744073709551615 bytes, expected at most 100000000/],
    ["a header that is no JSON", fileOf('{"a'), /no JSON/],
    ["a header that is no object", fileOf("[]"), /does not begin with \{/],
    ["a header that is no UTF-8", fileOf("{}").fill(255, 9), /no JSON/],
    ["a header nested deeply", fileOf(`{"a":${"[".repeat(200000)}`), /no JSON/],
    ["an entry that is no object", fileOf('{"a":3}'), /x:a has no dtype/],
    ["a dtype that is a name of Object.prototype", fileOf(`{"a":${entry("constructor", [1], 0, 1)}}`, 1), /dtype "constructor"/],
    ["a negative axis", fileOf(`{"a":${entry("U8", [-1], 0, 1)}}`, 1), /no shape/],
    ["a fractional axis", fileOf(`{"a":${entry("U8", [1.5], 0, 1)}}`, 1), /no shape/],
    ["a shape beyond 2^53", fileOf(`{"a":${entry("U8", [2 ** 40, 2 ** 40], 0, 1)}}`, 1), /fewer than 2\^53/],
    ["a shape that does not fit", fileOf(`{"a":${entry("F32", [2], 0, 4)}}`, 4), /x:a has 4 bytes, expected 8: shape \(2\) of F32/],
    ["offsets backwards", fileOf(`{"a":${entry("U8", [1], 1, 0)}}`, 1), /no data_offsets/],
    ["offsets beyond the file", fileOf(`{"a":${entry("U8", [2], 0, 2)}}`, 1), /x:a is truncated: it ends at byte 2 of 1/],
    [
      "tensors that overlap",
      fileOf(`{"a":${entry("U8", [2], 0, 2)},"b":${entry("U8", [2], 1, 3)}}`, 3),
      /"b" at byte 1 of the data, expected 2/,
    ],
    ["a gap", fileOf(`{"a":${entry("U8", [1], 0, 1)},"b":${entry("U8", [1], 2, 3)}}`, 3), /"b" at byte 2 of the data, expected 1/],
    ["bytes left over", fileOf(`{"a":${entry("U8", [1], 0, 1)}}`, 2), /has 2 bytes of data, expected 1/],
    ["metadata that are no strings", fileOf('{"__metadata__":{"a":1}}'), /__metadata__ "a" that is no string/],
  ])("refuses %s", (_, bytes, message) => {
    expect(() => readSafetensors(bytes, "x")).toThrow(RangeError);
    expect(() => readSafetensors(bytes, "x")).toThrow(message);
  });

  it("refuses every truncation, and what is not bytes", () => {
    const bytes = fixture("all.safetensors");
    for (let length = 0; length < bytes.length; length++) expect(() => readSafetensors(bytes.subarray(0, length))).toThrow(RangeError);
    expect(() => readSafetensors("x" as unknown as Uint8Array)).toThrow(TypeError);
  });

  it("reads mutated files or refuses them with an error of ours", () => {
    const change = fc.record({ at: fc.nat(), value: fc.nat(255) });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 6 }), (changes) => {
        const bytes = fixture("all.safetensors");
        for (const { at, value } of changes) bytes[at % bytes.length] = value;
        ourError(() => readSafetensors(bytes));
      }),
      { numRuns: 1000 },
    );
  });
});

describe("writeSafetensors", () => {
  it("writes the specification's layout to the byte", () => {
    const { tensors, metadata } = readSafetensors(fixture("all.safetensors"));
    const bytes = writeSafetensors(tensors, { metadata });
    expect(bytes).toEqual(fixture("all.safetensors"));
  });

  it("aligns every tensor and gives back what it was given, whatever the order", () => {
    const kinds = fc.oneof(fc.float32Array(), fc.float64Array(), fc.int8Array(), fc.uint16Array(), fc.bigInt64Array());
    fc.assert(
      fc.property(fc.dictionary(fc.string(), kinds), (record) => {
        const given = Object.entries(record).filter(([key]) => key !== "__metadata__");
        const bytes = writeSafetensors(given.map(([key, data]) => [key, { data, shape: [data.length] }] as const));
        const { tensors } = readSafetensors(bytes);
        expect(tensors.size).toBe(given.length);
        for (const [key, data] of given) {
          expect(tensors.get(key)?.data).toEqual(data);
          expect((tensors.get(key)!.data as Float32Array).buffer).toBe(bytes.buffer);
        }
      }),
    );
  });

  it("rounds to the nearest half and brain float, ties to even", () => {
    const round = (dtype: string, ...values: number[]) =>
      Array.from(
        readSafetensors(writeSafetensors({ a: { data: Float32Array.from(values), shape: [values.length], dtype } })).tensors.get("a")
          ?.data as Float32Array,
      );
    const step = 2 ** -10;
    expect(round("F16", 1 + step / 2, 1 + 1.5 * step, 1 + 0.51 * step, 65519, 65520, -1e9)).toEqual([
      1,
      1 + 2 * step,
      1 + step,
      65504,
      Infinity,
      -Infinity,
    ]);
    expect(round("F16", 2 ** -25, 1.01 * 2 ** -25, 1.5 * 2 ** -24, 2 ** -14 - 2 ** -26, -1e-40)).toEqual([
      0,
      2 ** -24,
      2 ** -23,
      2 ** -14,
      -0,
    ]);
    expect(round("BF16", 1 + 2 ** -8, 1 + 3 * 2 ** -8, 3.4e38, Number.NaN)).toEqual([1, 1 + 2 ** -6, Infinity, Number.NaN]);
    fc.assert(
      fc.property(fc.float({ noNaN: true, min: -65000, max: 65000 }), (value) => {
        const [half] = round("F16", value);
        expect(Math.abs(half - value)).toBeLessThanOrEqual(Math.max(Math.abs(value) * 2 ** -11, 2 ** -25));
      }),
    );
  });

  it("refuses keys that come twice or are taken, metadata that are no strings, and data that do not fit", () => {
    const tensor = { data: Float32Array.of(1), shape: [1] };
    expect(() =>
      writeSafetensors([
        ["a", tensor],
        ["a", tensor],
      ]),
    ).toThrow(/"a" comes twice/);
    expect(() => writeSafetensors({ __metadata__: tensor })).toThrow(/is taken/);
    expect(() => writeSafetensors({}, { metadata: { a: 1 as unknown as string } })).toThrow(TypeError);
    expect(() => writeSafetensors({ a: { data: Float32Array.of(1), shape: [2] } })).toThrow(
      'writeSafetensors: tensor "a" has 1 values, expected 2 = 2',
    );
    expect(() => writeSafetensors({ a: { data: [1] as unknown as Float32Array, shape: [1] } })).toThrow(TypeError);
  });
});
