import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readClassStatistics } from "../../src/io/readClassStatistics.ts";
import { readNpz } from "../../src/io/readNpz.ts";
import { writeClassStatistics } from "../../src/io/writeClassStatistics.ts";
import { writeNpz } from "../../src/io/writeNpz.ts";
import { type ClassStatistics, classStatistics, mergeClassStatistics } from "../../src/statistics/classStatistics.ts";
import { labelledMatrices } from "../properties/arbitraries.ts";
import { refuses } from "../properties/refuses.ts";
import { leavesAlone } from "../properties/unchanged.ts";

const python = "/usr/bin/python3";
const hasNumpy = spawnSync(python, ["-c", "import numpy"]).status === 0;
const fruit: ClassStatistics = {
  classes: ["fig", "pear"],
  counts: Float64Array.of(1, 3),
  means: Float64Array.of(1, -2, 0.1, 4e-300),
  variances: Float64Array.of(0, 0, 5, 1e300),
  cols: 2,
};

/** The file of `fruit` with arrays replaced, added, or, by null, left out. */
function file(changes: Record<string, unknown>): Uint8Array {
  const arrays = new Map<string, unknown>(readNpz(writeClassStatistics(fruit)));
  for (const [key, array] of Object.entries(changes)) array === null ? arrays.delete(key) : arrays.set(key, array);
  return writeNpz([...arrays] as never);
}

describe("class statistics as a file", () => {
  it("come back to the bit, whatever names the classes, and leave their input alone", () => {
    fc.assert(
      fc.property(labelledMatrices(), fc.constantFrom("number", "text", "bigint"), ({ features, labels }, kind) => {
        const names = labels.map((label) => (kind === "text" ? `č ${label}` : kind === "bigint" ? 2n ** 60n + BigInt(label) : label / 4));
        const statistics = classStatistics(features, names);
        expect(readClassStatistics(leavesAlone(statistics, () => writeClassStatistics(statistics)))).toEqual(statistics);
      }),
    );
    const mixed = { ...fruit, classes: [-3, 2n ** 63n - 1n] };
    expect(readClassStatistics(writeClassStatistics(mixed))).toEqual(mixed);
    const unsigned = { ...fruit, classes: [7, 2n ** 64n - 1n] };
    expect(readClassStatistics(writeClassStatistics(unsigned))).toEqual(unsigned);
  });

  it.skipIf(!hasNumpy)("numpy reads them under their names", () => {
    const folder = mkdtempSync(join(tmpdir(), "softprobe-stats-"));
    writeFileSync(join(folder, "s.npz"), writeClassStatistics(fruit));
    const code = `import numpy as np; f = np.load("s.npz"); print(str(f["schema"]), f["classes"].tolist(), f["counts"].tolist(), f["means"].shape, f["variances"][1, 1])`;
    const printed = execFileSync(python, ["-c", code], { cwd: folder, encoding: "utf8" }).trim();
    rmSync(folder, { recursive: true });
    expect(printed).toBe("softprobe/class-statistics@1 ['fig', 'pear'] [1.0, 3.0] (2, 2) 1e+300");
  });

  it("of shards, saved, loaded and merged, are those of all rows to 1e-12", () => {
    fc.assert(
      fc.property(
        labelledMatrices({ minEach: 2 }),
        fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 14, maxLength: 14 }),
        (set, shard) => {
          const { features, labels } = set;
          const { cols } = features;
          const parts = [0, 1, 2].flatMap((s) => {
            const rows = labels.flatMap((_, i) => (shard[i % 14] === s ? [i] : []));
            if (rows.length === 0) return [];
            const data = Float64Array.from(rows.flatMap((row) => Array.from(features.data.subarray(row * cols, (row + 1) * cols))));
            const own = classStatistics(
              { data, rows: rows.length, cols },
              rows.map((row) => labels[row]),
            );
            return [readClassStatistics(writeClassStatistics(own))];
          });
          const merged = parts.reduce((a, b) => mergeClassStatistics(a, b));
          const whole = classStatistics(features, labels);
          whole.classes.forEach((name, c) => {
            const m = merged.classes.indexOf(name);
            expect(merged.counts[m]).toBe(whole.counts[c]);
            for (let j = 0; j < cols; j++) {
              expect(Math.abs(merged.means[m * cols + j] - whole.means[c * cols + j])).toBeLessThan(1e-12);
              expect(Math.abs(merged.variances[m * cols + j] - whole.variances[c * cols + j])).toBeLessThan(1e-12 * 64);
            }
          });
        },
      ),
    );
  });

  it("are refused by name where the file is another, or broken", () => {
    const read = (bytes: Uint8Array) => () => readClassStatistics(bytes, "s.npz");
    const one = (data: Float64Array, shape = [data.length]) => ({ data, shape });
    const wrong = (changes: Record<string, unknown>, kind: typeof RangeError | typeof TypeError, message: string) =>
      refuses(read(file(changes)), kind, `readClassStatistics: s.npz${message}`);
    wrong({ schema: null }, RangeError, " has no schema, expected softprobe/class-statistics@1");
    wrong(
      { schema: { data: ["softprobe/basis@1"], shape: [] } },
      RangeError,
      ' has schema "softprobe/basis@1", expected softprobe/class-statistics@1',
    );
    wrong({ means: null }, RangeError, ' has no array "means", expected one, as softprobe/class-statistics@1 says');
    wrong(
      { extra: one(Float64Array.of(1)) },
      RangeError,
      ' has an array "extra", expected none but schema, classes, counts, means, variances',
    );
    wrong({ means: { data: Float32Array.of(1, 2, 3, 4), shape: [2, 2] } }, TypeError, ":means is Float32Array, expected doubles (<f8)");
    wrong({ means: one(Float64Array.of(1, 2, 3, 4)) }, RangeError, ":means has shape 4, expected 2 × any");
    wrong({ variances: one(Float64Array.of(1, 2), [2, 1]) }, RangeError, ":variances has shape 2 × 1, expected 2 × 2");
    wrong({ counts: one(Float64Array.of(1, Number.NaN)) }, RangeError, ":counts value 1 is NaN, expected finite numbers");
    wrong({ counts: one(Float64Array.of(1, 2.5)) }, RangeError, ".counts[1] is 2.5, expected a whole number of at least 1");
    wrong(
      { variances: one(Float64Array.of(1, 2, -3, 4), [2, 2]) },
      RangeError,
      " class 1, dimension 0 has variance -3, expected finite ones, variances of at least 0",
    );
    wrong({ classes: { data: ["fig", "fig"], shape: [2] } }, RangeError, ".classes[1] is fig again, expected every class once");
    wrong(
      { classes: { data: Int8Array.of(1, 2), shape: [2] } },
      TypeError,
      ":classes is Int8Array, expected a list of strings, doubles or 64-bit integers",
    );
    refuses(read(writeClassStatistics(fruit).subarray(0, 99)), RangeError, /s\.npz is not a zip archive, or is truncated/);
  });

  it("are not written where they are not whole, or names fit no one array", () => {
    const write = (changes: Partial<ClassStatistics>) => () => writeClassStatistics({ ...fruit, ...changes });
    refuses(
      write({ counts: Float64Array.of(1) }),
      RangeError,
      "writeClassStatistics: statistics.counts has 1 values, expected 2, for 2 classes in 2 dimensions",
    );
    refuses(
      write({ classes: ["fig", 3] }),
      TypeError,
      "writeClassStatistics: statistics.classes is Array, expected names that are all strings or all numbers",
    );
    refuses(
      write({ classes: ["fig", "pear\0"] }),
      RangeError,
      'writeClassStatistics: statistics.classes[1] is "pear\\u0000", expected text that numpy\'s strings keep',
    );
    refuses(
      write({ classes: [0.5, 2n ** 60n] }),
      RangeError,
      "writeClassStatistics: statistics.classes[0] is 0.5 beside integers beyond 2^53, expected integers",
    );
    refuses(
      write({ classes: [-1, 2n ** 64n - 1n] }),
      RangeError,
      "writeClassStatistics: statistics.classes[0] is -1, expected integers of 64 bits",
    );
    refuses(
      () => writeClassStatistics(null as never),
      TypeError,
      "writeClassStatistics: statistics is null, expected class statistics {classes, counts, means, variances, cols}",
    );
  });
});
