import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { indexLabels } from "../../src/core/labels.ts";
import { replayEpisode } from "../../src/episodes/replayEpisode.ts";
import { readNpy } from "../../src/io/readNpy.ts";
import { readNpz } from "../../src/io/readNpz.ts";
import { readSafetensors } from "../../src/io/readSafetensors.ts";
import { writeNpy } from "../../src/io/writeNpy.ts";
import { writeNpz } from "../../src/io/writeNpz.ts";
import { headFromJSON } from "../../src/probe/headFromJSON.ts";
import { fixture, npyOf } from "../io/shared.ts";
import { type Meter, measureAllocations } from "./allocations.ts";

let meter: Meter;
beforeAll(() => {
  meter = measureAllocations(Number.POSITIVE_INFINITY);
});
afterAll(() => meter.remove());

/** Expects `read` to be refused by an error of ours that matches, having asked for less than 64 KiB. */
function refusedAtOnce(read: () => unknown, message: RegExp): void {
  meter.reset();
  expect(read).toThrow(message);
  expect(meter.bytes()).toBeLessThan(2 ** 16);
}

/** A safetensors file of this header and `size` bytes of data. */
function safetensorsOf(header: unknown, size: number): Uint8Array {
  const text = new TextEncoder().encode(JSON.stringify(header));
  const bytes = new Uint8Array(8 + text.length + size);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  return bytes;
}

describe("what is absurd is refused before anything is allocated", () => {
  it("the meter sees what is asked for", () => {
    meter.reset();
    expect(new Float64Array(1000).length).toBe(1000);
    expect(meter.bytes()).toBe(8000);
  });

  // 2^32 × 2^32 and 2^63 × 2 are 0 where products wrap at 64 bits, 2^16 × 2^16 where they wrap at 32.
  it.each([
    ["(65536, 65536)", /is truncated: it has 0 bytes of data, expected 17179869184/],
    ["(4294967296, 4294967296)", /expected fewer than 2\^53 values/],
    ["(9223372036854775808, 2)", /has an axis of 9223372036854775808, expected whole numbers of at least 0 and below 2\^53/],
    ["(-1,)", /expected whole numbers|has "-" at character/],
    ["(1073741824,)", /is truncated/],
    [`(${"2, ".repeat(60)})`, /expected fewer than 2\^53 values/],
    [`(${"1, ".repeat(65)})`, /more than 64 axes/],
  ])("an npy of shape %s", (shape, message) => {
    const bytes = npyOf(`{'descr': '<f4', 'fortran_order': False, 'shape': ${shape}, }`, 0);
    refusedAtOnce(() => readNpy(bytes), message);
  });

  it("an npy of strings of 2^30 characters, and one whose header never ends", () => {
    const strings = npyOf("{'descr': '<U268435456', 'fortran_order': False, 'shape': (4,), }", 16);
    refusedAtOnce(() => readNpy(strings), /is truncated: it has 16 bytes of data/);
    const header = npyOf("{'descr': '<f4'", 0, 2);
    new DataView(header.buffer).setUint32(8, 0xffffffff, true);
    refusedAtOnce(() => readNpy(header), /has a header of 4294967295 bytes, expected at most 65536/);
  });

  it.each([
    [{ dtype: "F32", shape: [65536, 65536], data_offsets: [0, 0] }, /expected 17179869184/],
    [{ dtype: "F64", shape: [4294967296, 4294967296], data_offsets: [0, 0] }, /expected fewer than 2\^53 values/],
    [{ dtype: "U8", shape: [4], data_offsets: [0, 9007199254740991] }, /is truncated: it ends at byte 9007199254740991 of 4/],
    [{ dtype: "U8", shape: [-4], data_offsets: [0, 4] }, /has no shape/],
    [{ dtype: "constructor", shape: [2 ** 40], data_offsets: [0, 4] }, /constructor/],
  ])("a safetensors entry %j", (entry, message) => {
    const bytes = safetensorsOf({ a: entry }, 4);
    refusedAtOnce(() => readSafetensors(bytes), message);
  });

  it("a safetensors header of 2^60 bytes", () => {
    const bytes = safetensorsOf({}, 0);
    new DataView(bytes.buffer).setBigUint64(0, 2n ** 60n, true);
    refusedAtOnce(() => readSafetensors(bytes), /has a header of 1152921504606846976 bytes/);
  });

  it("an npz that would inflate to more than is allowed, and entries that all lie on the same bytes", () => {
    refusedAtOnce(() => readNpz(fixture("bomb.npz"), "bomb.npz", { maxBytes: 2 ** 20 }), /has arrays of 33554432 bytes/);
    // Every entry of the directory points to the first one's megabyte.
    const zeros = { data: new Uint8Array(2 ** 20), shape: [2 ** 20] };
    const small = { data: new Uint8Array(1), shape: [1] };
    const bytes = writeNpz({ zeros, ...Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`a${i}`, small])) }, { compress: true });
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let at = view.getUint32(bytes.length - 6, true);
    const sizes = bytes.slice(at + 16, at + 28);
    const start = view.getUint32(at + 42, true);
    while (view.getUint32(at, true) === 0x02014b50) {
      bytes.set(sizes, at + 16);
      view.setUint32(at + 42, start, true);
      at += 46 + view.getUint16(at + 28, true) + view.getUint16(at + 30, true);
    }
    expect(bytes.length).toBeLessThan(2 ** 14);
    refusedAtOnce(
      () => readNpz(bytes, "overlapping.npz", { maxBytes: 2 ** 24 }),
      /has arrays of 53483904 bytes, expected at most 16777216/,
    );
  });

  it("an npz whose keys climb out of its folder: they are keys, and nothing is written", () => {
    const bytes = writeNpz({ aaaaaaa: { data: ["x"], shape: [1] } });
    const text = new TextEncoder().encode("../../x");
    for (let at = 0; at < bytes.length - 7; at++) if (bytes.subarray(at, at + 7).every((byte) => byte === 97)) bytes.set(text, at);
    expect([...readNpz(bytes).keys()]).toEqual(["../../x"]);
  });

  it("an episode whose rows are as many as it says", () => {
    const index = indexLabels([0, 1, 0, 1]);
    const rows = JSON.parse('{"support":{"length":1e15,"0":0,"1":1},"query":[2]}');
    refusedAtOnce(() => replayEpisode(index, rows), /^replayEpisode: episode 0 support\[2\] is undefined, expected a row in 0…3/);
    refusedAtOnce(() => replayEpisode(index, { ...rows, support: { length: -1 } }), /support has -1 rows, expected at least 1/);
  });

  it("a head of 2^53 columns", () => {
    const head = { schema: "softprobe/head@1", kind: "centroid", classes: ["a", "b"], cols: 9007199254740991, centroids: "AAAAAAAAAAA=" };
    refusedAtOnce(() => headFromJSON(head), /centroids has 1 values/);
  });

  it("nothing that is sound: what is read asks for no more than its own size", () => {
    const bytes = writeNpy({ data: Float64Array.from({ length: 4096 }, (_, i) => i), shape: [64, 64] });
    meter.reset();
    expect(readNpy(bytes).data.length).toBe(4096);
    expect(meter.bytes()).toBeLessThan(3 * bytes.length);
  });
});

it("keys such as __proto__ in any document change no prototype", () => {
  const before = Reflect.ownKeys(Object.prototype).length;
  const hostile = '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}';
  expect(() => headFromJSON(hostile)).toThrow(/^headFromJSON: /);
  expect(() => readSafetensors(safetensorsOf(JSON.parse(hostile), 0))).toThrow(/^readSafetensors: /);
  expect(() => replayEpisode(indexLabels([0, 1]), JSON.parse(hostile))).toThrow(/^replayEpisode: /);
  expect(({} as { polluted?: number }).polluted).toBeUndefined();
  expect(Reflect.ownKeys(Object.prototype).length).toBe(before);
});
