import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { syntheticFeatures } from "../../src/index.ts";
import { writeNpy } from "../../src/io.ts";
import { small, softprobe, temporaryFolder } from "./run.ts";

const folder = temporaryFolder();
const rich = [...small, "--augmented", "augmented.npy", "--base-features", "base_features.npy", "--base-labels", "base_labels.npy"];

describe("softprobe --workers", () => {
  it.each([
    ["eval", [...rich, "--json", "--per-episode", "--mask", "none", "--mask", "wiener@posterior/power:1", "--probe", "centroid"]],
    ["eval", [...small.slice(0, 4), "--json", "--episodes-from", "episodes.json"]],
    ["curve", [...rich, "--json", "--importance", "pair@augmented", "--fractions", "0.1,0.5,1"]],
    ["curve", small],
    [
      "grid",
      [...small.slice(0, 4), "--json", "--shots", "1,2", "--ways", "2,3", "--queries", "2", "--episodes", "6", "--fractions", "0.1,1"],
    ],
    ["theory", [...small.slice(0, 4), "--json", "--shots", "1,2", "--queries", "2", "--episodes", "6", "--fractions", "0.1,1"]],
    ["tune", ["--features", "base_features.npy", "--labels", "base_labels.npy", "--queries", "3", "--json"]],
    ["tune", [...small.slice(0, 4), "--without-base", "--mask", "wiener@support/power:1", "--C", "1,10", "--json"]],
    ["demo", [...rich, "--json", "--plot", join(folder, "curve.svg")]],
  ])("leaves every byte of %s as one thread prints it", async (name, args) => {
    const one = await softprobe([name, ...args]);
    expect([one.code, one.stderr]).toEqual([0, ""]);
    for (const workers of ["1", "2", "3"]) expect(await softprobe([name, ...args, "--workers", workers])).toEqual(one);
  });

  it("leaves every byte of fit and probe as one thread prints it, of rows that are worth sharing", async () => {
    const { features, labels } = syntheticFeatures({ classes: 10, rowsPerClass: 40, dims: 24, seed: 2 });
    const [rows, names] = [join(folder, "rows.npy"), join(folder, "names.npy")];
    writeFileSync(rows, writeNpy(features));
    writeFileSync(names, writeNpy({ data: Int32Array.from(labels), shape: [400] }));
    for (const [name, ...args] of [
      ["fit", "--temperature", "loo", "--reject", "coverage:0.9", "--mask", "wiener@support/power:1"],
      ["probe", "--shots", "1,5,all", "--draws", "2", "--split", "0.1"],
    ]) {
      const one = await softprobe([name, "--features", rows, "--labels", names, ...args, "--json"]);
      expect([one.code, one.stderr]).toEqual([0, ""]);
      for (const workers of ["2", "3"])
        expect(await softprobe([name, "--features", rows, "--labels", names, ...args, "--json", "--workers", workers])).toEqual(one);
    }
  });

  it("writes the same file", async () => {
    const write = async (workers: string) => {
      const out = join(folder, `${workers}.json`);
      expect((await softprobe(["eval", ...small, "--json", "--workers", workers, "--out", out])).code).toBe(0);
      return readFileSync(out);
    };
    expect((await write("2")).equals(await write("1"))).toBe(true);
  });

  it("tells of bad data as one thread does", async () => {
    const wrong = ["eval", ...small, "--ways", "50"];
    const one = await softprobe(wrong);
    expect([one.code, one.stderr.startsWith("softprobe: --ways is 50")]).toEqual([1, true]);
    expect(await softprobe([...wrong, "--workers", "2"])).toEqual(one);
  });

  it.each(["0", "-1", "1.5", "two", ""])("refuses --workers %j", async (workers) => {
    const { code, stderr } = await softprobe(["eval", ...small, "--workers", workers]);
    expect(code).toBe(2);
    expect(stderr).toBe(`softprobe: --workers is "${workers}", expected a whole number of at least 1 (see softprobe eval --help)\n`);
  });
});
