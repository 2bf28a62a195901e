import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { strToU8, zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { arrayToLabels, arrayToMatrix, arrayToViews } from "../../src/io/arrayFeatures.ts";
import { readNpy } from "../../src/io/readNpy.ts";
import { readNpz } from "../../src/io/readNpz.ts";
import { writeNpz } from "../../src/io/writeNpz.ts";
import { fixture, ourError } from "./shared.ts";

const numpy = spawnSync("/usr/bin/python3", ["-c", "import numpy"]).status === 0;
/** Where `pattern` begins in `bytes`, for the nth time from the end. */
function lastIndex(bytes: Uint8Array, pattern: number[]): number {
  for (let at = bytes.length - pattern.length; at >= 0; at--) if (pattern.every((byte, i) => bytes[at + i] === byte)) return at;
  return -1;
}
const directory = [0x50, 0x4b, 1, 2];

describe("readNpz", () => {
  it.each(["stored.npz", "deflated.npz", "streamed.npz"])("reads what numpy and zipfile wrote: %s", (name) => {
    const arrays = readNpz(fixture(name), name);
    expect(arrays.get("features")).toEqual(readNpy(fixture("features.npy")));
    if (name !== "streamed.npz") expect(arrays.get("labels")?.data).toEqual(readNpy(fixture("unicode-le.npy")).data);
  });

  it("takes keys such as __proto__ as any other", () => {
    const arrays = readNpz(fixture("deflated.npz"));
    expect([...arrays.keys()]).toEqual(["features", "labels", "__proto__"]);
    expect(arrays.get("__proto__")?.shape).toEqual([3]);
  });

  it("reads the asked keys only, and names those there are when one is missing", () => {
    expect([...readNpz(fixture("stored.npz"), "s.npz", { keys: ["labels"] }).keys()]).toEqual(["labels"]);
    expect(() => readNpz(fixture("stored.npz"), "s.npz", { keys: ["x"] })).toThrow(
      'readNpz: s.npz has no array "x", expected one of features, labels',
    );
  });

  it("views the file's memory where arrays are stored and aligned, and never changes it", () => {
    const bytes = fixture("stored.npz");
    const before = bytes.slice();
    for (const { data } of readNpz(bytes).values()) if (ArrayBuffer.isView(data)) (data as Float32Array).slice().fill(0);
    expect(bytes).toEqual(before);
  });

  it("refuses what would inflate to more than the limit, before it inflates anything", () => {
    const bytes = fixture("bomb.npz");
    expect(bytes.length).toBeLessThan(2 ** 16);
    expect(() => readNpz(bytes, "bomb.npz", { maxBytes: 2 ** 20 })).toThrow(
      "readNpz: bomb.npz has arrays of 33554432 bytes, expected at most 1048576 (options.maxBytes)",
    );
    expect(() => readNpz(bytes, "bomb.npz")).toThrow(/bomb\.npz:zeros is not an npy file/);
  });

  it("refuses sizes that no deflated bytes can have, and entries that become more or less than they say", () => {
    const claim = (size: number) => {
      const bytes = fixture("deflated.npz");
      new DataView(bytes.buffer).setUint32(lastIndex(bytes, directory) + 24, size, true);
      return () => readNpz(bytes, "lie.npz", { keys: ["__proto__"] });
    };
    expect(claim(2 ** 30)).toThrow(/would become 1073741824, expected at most 1032 times as many/);
    expect(claim(100)).toThrow(/of 101 bytes or more, expected the 100/);
    expect(claim(1000)).toThrow(/expected the 1000/);
  });

  it("refuses a damaged entry by its CRC, and an encrypted one", () => {
    const bytes = fixture("stored.npz");
    bytes[200] ^= 1;
    expect(() => readNpz(bytes, "x.npz")).toThrow(/x\.npz has a damaged "features\.npy"/);
    const locked = fixture("stored.npz");
    locked[lastIndex(locked, directory) + 8] |= 1;
    expect(() => readNpz(locked, "x.npz")).toThrow(/"labels\.npy" encrypted, expected plain/);
  });

  it("refuses another compression, a name twice, what is no zip, and every truncation", () => {
    const method = fixture("deflated.npz");
    method[lastIndex(method, directory) + 10] = 14;
    expect(() => readNpz(method)).toThrow(/compressed by method 14, expected 0 \(stored\) or 8/);
    const twice = zipSync({ "aa.npy": strToU8("x"), "ab.npy": strToU8("x") });
    twice[lastIndex(twice, directory) + 47] = 97;
    expect(() => readNpz(twice)).toThrow(/has "aa\.npy" twice/);
    expect(() => readNpz(fixture("features.npy"), "F.npz")).toThrow("F.npz is not a zip archive");
    const bytes = fixture("deflated.npz");
    for (let length = 0; length < bytes.length; length++) expect(() => readNpz(bytes.subarray(0, length))).toThrow(RangeError);
    expect(() => readNpz(3 as unknown as Uint8Array)).toThrow(TypeError);
  });

  it("passes over what is no npy file", () => {
    expect([...readNpz(zipSync({ "readme.txt": strToU8("x"), "folder/": new Uint8Array(0) })).keys()]).toEqual([]);
  });

  it("reads mutated files or refuses them with an error of ours", () => {
    const change = fc.record({ at: fc.nat(), value: fc.nat(255) });
    fc.assert(
      fc.property(
        fc.constantFrom("stored.npz", "deflated.npz", "streamed.npz"),
        fc.array(change, { minLength: 1, maxLength: 6 }),
        (name, changes) => {
          const bytes = fixture(name);
          for (const { at, value } of changes) bytes[at % bytes.length] = value;
          ourError(() => readNpz(bytes, name, { maxBytes: 2 ** 20 }));
        },
      ),
      { numRuns: 1500 },
    );
  });
});

describe("writeNpz", () => {
  const features = { data: Float32Array.of(1, 2, 3, 4), shape: [2, 2] };
  const labels = { data: ["pear", "日本"], shape: [2] };

  it.each([false, true])("writes what readNpz reads back, in order (compress: %s)", (compress) => {
    const read = readNpz(
      writeNpz(
        [
          ["b", features],
          ["a", labels],
          ["__proto__", features],
        ],
        { compress },
      ),
    );
    expect([...read.keys()]).toEqual(["b", "a", "__proto__"]);
    expect(read.get("b")).toMatchObject(features);
    expect(read.get("a")).toMatchObject(labels);
    expect(writeNpz({ features }, { compress })).toEqual(writeNpz({ features }, { compress }));
  });

  it("makes compressible arrays smaller", () => {
    const zeros = { data: new Float64Array(10000), shape: [10000] };
    expect(writeNpz({ zeros }, { compress: true }).length).toBeLessThan(writeNpz({ zeros }).length / 50);
  });

  it("refuses keys that name no file, and keys that come twice", () => {
    for (const key of ["", "a/b", "..\\a", "a\0"]) expect(() => writeNpz([[key, features]])).toThrow(RangeError);
    expect(() =>
      writeNpz([
        ["a", features],
        ["a", features],
      ]),
    ).toThrow('writeNpz: key "a" comes twice');
  });

  it.skipIf(!numpy)("writes what numpy.load reads, stored and deflated (needs numpy)", () => {
    const folder = mkdtempSync(join(tmpdir(), "softprobe-npz-"));
    try {
      const integers = { data: BigInt64Array.of(-(2n ** 62n), 3n), shape: [2, 1] };
      const flags = { data: Uint8Array.of(1, 0), shape: [2], dtype: "|b1" };
      const half = { data: Float32Array.of(0.1, -65504), shape: [2], dtype: "<f2" };
      for (const compress of [false, true])
        writeFileSync(join(folder, `${compress}.npz`), writeNpz({ features, labels, integers, flags, half }, { compress }));
      const program = `
import json, sys, numpy as np
for name in ["false", "true"]:
    with np.load(f"{sys.argv[1]}/{name}.npz") as z:
        print(json.dumps({key: [z[key].dtype.str, z[key].tolist()] for key in z.files}))`;
      const { stdout, stderr } = spawnSync("/usr/bin/python3", ["-c", program, folder], { encoding: "utf8" });
      expect(stderr).toBe("");
      const expected = `{"features": ["<f4", [[1.0, 2.0], [3.0, 4.0]]], "labels": ["<U4", ["pear", "\\u65e5\\u672c"]], "integers": ["<i8", [[-4611686018427387904], [3]]], "flags": ["|b1", [true, false]], "half": ["<f2", [0.0999755859375, -65504.0]]}`;
      expect(stdout.trim().split("\n")).toEqual([expected, expected]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe("arrays of files as features, views and labels", () => {
  it("go through whole: npz to Matrix, Views and labels", () => {
    const arrays = readNpz(fixture("stored.npz"));
    expect(arrayToMatrix(arrays.get("features")!)).toMatchObject({ rows: 6, cols: 3 });
    expect(arrayToLabels(arrays.get("labels")!)).toHaveLength(6);
    expect(arrayToViews({ data: Float32Array.of(1, 2, 3, 4), shape: [1, 2, 2] })).toMatchObject({ views: 2 });
  });

  it("are named in errors", () => {
    expect(() => arrayToMatrix({ data: ["a"], shape: [1] }, "x.npz:labels")).toThrow(
      /^arrayToMatrix: x\.npz:labels is "strings", expected features/,
    );
    expect(() => arrayToLabels({ data: Float32Array.of(Number.NaN), shape: [1] }, "x")).toThrow(/^arrayToLabels: x row 0 is NaN/);
    expect(() => arrayToViews({ data: Float32Array.of(1), shape: [1] }, "x")).toThrow(/^arrayToViews: x has shape \(1\)/);
  });
});
