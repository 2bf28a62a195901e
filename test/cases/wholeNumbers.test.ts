import { describe, expect, it } from "vitest";
import { readFeatures } from "../../src/node/readFiles.ts";
import { data } from "./shared.ts";

const file = (name: string): string => data(`wholeNumbers/${name}`);
const widths = ["i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8", "bool"];

describe("the same numbers", () => {
  it.each(["e.npy", "e.jsonl", "e.parquet", "e.feather"])("of 64-bit integers from every format: %s", async (name) => {
    expect(await readFeatures(file(name))).toEqual({ data: Float64Array.of(1, -2, 3, 4, 5, -6), rows: 2, cols: 3 });
  });

  it.each(["b.npy", "b.csv", "b.jsonl", "b.parquet", "b.feather"])("of truth values from every format: %s", async (name) => {
    expect((await readFeatures(file(name))).data).toEqual(Float64Array.of(1, 0, 1, 1, 1, 0));
  });

  it.each(widths.flatMap((width) => ["list", "large", "fixed", "columns"].map((kind) => `${kind}-${width}`)))(
    "of each width and kind of column: %s",
    async (name) => {
      const wanted = name.endsWith("bool") ? [1, 0, 1, 1, 1, 1] : [1, 0, 3, 4, 5, 6];
      const Floats = /f[24]$/.test(name) ? Float32Array : Float64Array;
      for (const extension of ["parquet", "feather"])
        expect((await readFeatures(file(`${name}.${extension}`))).data).toEqual(Floats.from(wanted));
    },
  );
});
