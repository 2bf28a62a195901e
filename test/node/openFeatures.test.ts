import { execFileSync } from "node:child_process";
import { closeSync, ftruncateSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { takeRows } from "../../src/index.ts";
import { writeNpy, writeSafetensors } from "../../src/io.ts";
import { openFeatures } from "../../src/node/openFeatures.ts";
import { readFeatures } from "../../src/node/readFiles.ts";
import { refuses } from "../properties/refuses.ts";

const folder = mkdtempSync(join(tmpdir(), "softprobe-rows-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const path = (name: string) => join(folder, name);
const write = (name: string, bytes: Uint8Array): string => {
  writeFileSync(path(name), bytes);
  return path(name);
};
const [rows, cols] = [50, 7];
const values = Array.from({ length: rows * cols }, (_, i) => ((i * 7919) % 256) - 128);
const shape = [rows, cols];
const numpy = (name: string, dtype: string): string => {
  execFileSync("/usr/bin/python3", [
    "-c",
    "import numpy, sys; numpy.save(sys.argv[1], numpy.array(eval(sys.argv[3])).reshape(50, 7).astype(sys.argv[2]))",
    path(name),
    dtype,
    JSON.stringify(values),
  ]);
  return path(name);
};
const hasNumpy = (() => {
  try {
    execFileSync("/usr/bin/python3", ["-c", "import numpy"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
})();

describe("openFeatures", () => {
  const files = [
    write("f4.npy", writeNpy({ data: Float32Array.from(values), shape })),
    write("f8.npy", writeNpy({ data: Float64Array.from(values, (value) => value / 3), shape })),
    write("i8.npy", writeNpy({ data: BigInt64Array.from(values, BigInt), shape })),
    write("u1.npy", writeNpy({ data: Uint8Array.from(values), shape })),
    write(
      "x.safetensors",
      writeSafetensors({ other: { data: Int32Array.of(1), shape: [1] }, features: { data: Float32Array.from(values), shape } }),
    ),
    ...(hasNumpy ? [numpy("f2.npy", "<f2"), numpy("big.npy", ">f4"), numpy("bool.npy", "bool")] : []),
  ];

  it.each(files)("gives any rows of %s as readFeatures does, in any order, cached or not", async (file) => {
    const whole = await readFeatures(file);
    for (const cacheBytes of [0, 100, 1 << 20]) {
      const reader = openFeatures(file, { cacheBytes });
      expect([reader.rows, reader.cols]).toEqual([rows, cols]);
      fc.assert(
        fc.property(fc.array(fc.integer({ min: 0, max: rows - 1 }), { minLength: 1, maxLength: 30 }), (list) => {
          const { data } = reader.read(list);
          expect(data).toEqual(takeRows(whole, list).data.slice());
        }),
        { numRuns: 30 },
      );
      expect(reader.read([...Array(rows).keys()]).data).toEqual(whole.data);
      reader.close();
    }
  });

  it("gives the rows of a file without a header", () => {
    const file = write("raw.bin", new Uint8Array(Buffer.concat([Buffer.from("header!!"), Buffer.from(Float32Array.from(values).buffer)])));
    const reader = openFeatures(file, { raw: { dtype: "<f4", cols, offset: 8 } });
    expect([reader.rows, Array.from(reader.read([49]).data)]).toEqual([rows, values.slice(49 * cols)]);
    reader.close();
    refuses(
      () => openFeatures(file, { raw: { dtype: "<f4", cols: 9, offset: 8 } }),
      RangeError,
      `openFeatures: ${file} has 1400 bytes of data, expected whole rows of 9 × 4`,
    );
    refuses(
      () => openFeatures(file, { raw: { dtype: "float", cols } }),
      RangeError,
      /^openFeatures: raw\.dtype has dtype "float", expected f2, /,
    );
  });

  it("gives views one after the other", () => {
    const reader = openFeatures(write("views.npy", writeNpy({ data: Float32Array.from(values), shape: [10, 5, 7] })));
    expect([reader.shape, reader.rows, Array.from(reader.read([12]).data)]).toEqual([[10, 5, 7], 50, values.slice(84, 91)]);
    reader.close();
  });

  it("refuses what it can't read row by row, and files that do not fit their header, by name", () => {
    const npy = readFileSync(path("f4.npy"));
    const fails = (file: string, message: string | RegExp) => refuses(() => openFeatures(file), RangeError, message);
    const fortran = write(
      "fortran.npy",
      Buffer.from(npy.toString("latin1").replace("'fortran_order': False", "'fortran_order': True "), "latin1"),
    );
    fails(
      fortran,
      `openFeatures: ${fortran} is in column-major order, expected rows one after the other: np.save(file, np.ascontiguousarray(array))`,
    );
    const cut = write("cut.npy", npy.subarray(0, -4));
    fails(cut, `openFeatures: ${cut} is truncated: it has 1396 bytes of data, expected 1400: shape (50, 7) of <f4`);
    fails(write("flat.npy", writeNpy({ data: Float32Array.of(1), shape: [1] })), /has shape \(1\), expected n × d, or n × views × d$/);
    fails(
      write("none.npy", writeNpy({ data: new Float32Array(0), shape: [0, 3] })),
      /has shape \(0, 3\), expected at least 1 row and 1 column$/,
    );
    fails(write("words.npy", writeNpy({ data: ["a", "b"], shape: [2, 1] })), /has dtype "<U1", expected numbers$/);
    fails(
      write("x.csv", Buffer.from("1,2\n")),
      /x\.csv can't be read row by row, expected npy, safetensors, or the option raw; others are read whole, by readFeatures$/,
    );
    fails(`${path("f4.npy")}:key`, /has no key "key"/);
    fails(`${path("x.safetensors")}:none`, /has no array "none", expected one of other, features$/);
    fails(write("short.safetensors", Buffer.from([1, 2])), /is truncated: it has 2 bytes/);
    refuses(
      () => openFeatures(path("nowhere.npy")),
      Error as never,
      `openFeatures: ${path("nowhere.npy")} could not be read (ENOENT), expected a readable file`,
    );
  });

  it("says so when a file becomes shorter, a row is none, or it is closed", () => {
    const file = write("shrinking.npy", readFileSync(path("f4.npy")));
    const reader = openFeatures(file);
    refuses(() => reader.read([50]), RangeError, `openFeatures: ${file} rows[0] is 50, expected a row in 0…49`);
    refuses(() => reader.read([-1]), RangeError, `openFeatures: ${file} rows[0] is -1, expected a row in 0…49`);
    writeFileSync(file, readFileSync(file).subarray(0, 700));
    refuses(() => reader.read([40]), RangeError, `openFeatures: ${file} has become shorter: row 40 is gone, expected its 50 rows`);
    reader.close();
    refuses(() => reader.read([0]), Error as never, `openFeatures: ${file} is closed, expected to be read before close()`);
  });

  it("opens a file of 20 GB that is mostly a hole and reads its last row", () => {
    const huge = path("huge.npy");
    const header = writeNpy({ data: new Float32Array(0), shape: [0, 1280] });
    const length = header.length;
    const file = openSync(huge, "w");
    const total = 4_000_000;
    writeSync(
      file,
      Buffer.from(Buffer.from(header).toString("latin1").replace("(0, 1280), }      ", `(${total}, 1280), }`.padEnd(18)), "latin1"),
    );
    ftruncateSync(file, length + total * 1280 * 4);
    writeSync(file, Float32Array.of(1, 2, 3), 0, 12, length + (total - 1) * 1280 * 4);
    closeSync(file);
    const reader = openFeatures(huge);
    expect([reader.rows, ...reader.read([total - 1]).data.subarray(0, 4)]).toEqual([total, 1, 2, 3, 0]);
    reader.close();
  });
});
