import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readNpyLabels, readNpyMatrix } from "../../src/io/npyFeatures.ts";
import { writeNpy } from "../../src/io/writeNpy.ts";
import { readBytes } from "../../src/node/readBytes.ts";
import { golden, small, softprobe, temporaryFolder } from "./run.ts";

const folder = temporaryFolder();
const at = (name: string) => join(folder, name);
const base = ["--base-features", "base_features.npy", "--base-labels", "base_labels.npy"];
const masks = ["--mask", "none", "--mask", "wiener@prior/power:1", "--mask", "pair@base/power:0.5", "--json", "--per-episode"];

/** The results of an eval, without its config. */
async function results(args: readonly string[]) {
  const { code, stdout, stderr } = await softprobe(["eval", ...small, ...masks, ...args]);
  expect([code, stderr]).toEqual([0, ""]);
  return JSON.parse(stdout).results;
}

describe("softprobe stats", () => {
  it("writes statistics that serve eval as the rows do, whole or merged from shards", async () => {
    const whole = await softprobe(["stats", ...base, "--out", at("whole.npz")]);
    expect(whole).toEqual({ code: 0, stderr: "", stdout: expect.stringMatching(/^6 classes of 60 rows in 24 dimensions: \d+ bytes in /) });
    const rows = await readNpyMatrix(await readBytes(join(golden, "base_features.npy")));
    const labels = await readNpyLabels(await readBytes(join(golden, "base_labels.npy")));
    for (const [name, from, to] of [
      ["a", 0, 25],
      ["b", 25, 60],
    ] as const) {
      writeFileSync(at(`${name}.npy`), writeNpy({ data: rows.data.slice(from * 24, to * 24), shape: [to - from, 24] }));
      writeFileSync(
        at(`${name}-labels.npy`),
        writeNpy({ data: Int32Array.from({ length: to - from }, (_, i) => Number(labels[from + i])), shape: [to - from] }),
      );
      const args = ["--base-features", at(`${name}.npy`), "--base-labels", at(`${name}-labels.npy`), "--out", at(`${name}.npz`)];
      expect((await softprobe(["stats", ...args])).code).toBe(0);
    }
    const merged = await softprobe([
      "stats",
      "--base-statistics",
      at("a.npz"),
      "--base-statistics",
      at("b.npz"),
      "--out",
      at("merged.npz"),
    ]);
    expect(merged.stdout).toMatch(/^6 classes of 60 rows/);
    const expected = await results(base);
    expect(await results(["--base-statistics", at("whole.npz")])).toEqual(expected);
    expect(await results(["--base-statistics", at("merged.npz")])).toEqual(expected);
  });

  it("says what is wrong with a command line or a file", async () => {
    const told = async (args: readonly string[]) => {
      const { code, stderr } = await softprobe(args);
      return `${code} ${stderr.trim()}`;
    };
    expect(await told(["stats", ...base])).toBe("2 softprobe: --out is missing (see softprobe stats --help)");
    expect(await told(["stats", "--out", at("x.npz")])).toBe("2 softprobe: --base-features is missing (see softprobe stats --help)");
    expect(await told(["stats", "--base-features", "base_features.npy", "--out", at("x.npz")])).toContain("go together");
    expect(await told(["eval", ...small, ...base, "--base-statistics", at("whole.npz")])).toContain("two forms of one base set: give one");
    expect(await told(["eval", ...small, "--base-statistics", "features.npy"])).toContain("features.npy is not a zip archive");
    expect(await told(["eval", ...small, "--base-statistics", at("whole.npz"), "--mask", "centre>none"])).toContain(
      "needs base rows, but base is statistics",
    );
  });
});
