import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { small, softprobe, temporaryFolder } from "./run.ts";

const folder = temporaryFolder();
const rich = [...small, "--augmented", "augmented.npy", "--base-features", "base_features.npy", "--base-labels", "base_labels.npy"];
const evaluation = ["eval", ...rich, "--per-episode", "--mask", "none", "--mask", "wiener@posterior/power:1", "--metric", "macroF1"];
const curve = ["curve", ...rich, "--importance", "pair@augmented", "--fractions", "0.1,0.5,1"];

/** Counts every shard; the parts' files. */
async function partsOf(name: string, args: readonly string[], of: number): Promise<string[]> {
  const files = Array.from({ length: of }, (_, i) => join(folder, `${name}-${of}-${i + 1}.json`));
  for (const [i, file] of files.entries()) {
    const ran = await softprobe([...args, "--shard", `${i + 1}/${of}`, "--out", file, "--workers", String(1 + (i % 2))]);
    expect(ran).toEqual({ code: 0, stdout: "", stderr: "" });
  }
  return files;
}

describe("softprobe --shard and merge", () => {
  it.each([
    ["eval", evaluation, 1],
    ["eval", evaluation, 3],
    ["eval", evaluation, 16],
    ["curve", curve, 1],
    ["curve", curve, 5],
  ] as const)("leave every byte of %s as one run prints it (%#)", async (name, args, of) => {
    const whole = await softprobe([...args, "--json"]);
    const parts = await partsOf(name, args, of);
    expect(await softprobe(["merge", ...parts, "--json"])).toEqual(whole);
    expect(await softprobe(["merge", join(folder, `${name}-${of}-*.json`), "--json"])).toEqual(whole);
    expect((await softprobe(["merge", ...parts])).stdout).toBe((await softprobe(args)).stdout);
    const merged = join(folder, "merged.json");
    expect((await softprobe(["merge", ...parts, "--json", "--out", merged])).code).toBe(0);
    expect(readFileSync(merged, "utf8")).toBe(whole.stdout);
  });

  it("draw the same curve", async () => {
    const parts = await partsOf("svg", curve, 2);
    const [a, b] = [join(folder, "a.svg"), join(folder, "b.svg")];
    await softprobe([...curve, "--plot", a]);
    await softprobe(["merge", ...parts, "--plot", b]);
    expect(readFileSync(b, "utf8")).toBe(readFileSync(a, "utf8"));
  });

  it("refuse by file name what does not belong together", async () => {
    const parts = await partsOf("named", evaluation, 3);
    const [other] = await partsOf("other", [...evaluation, "--seed", "1"], 1);
    const fails = async (files: readonly string[], message: string | RegExp) => {
      const { code, stdout, stderr } = await softprobe(["merge", ...files, "--json"]);
      expect([code, stdout]).toEqual([1, ""]);
      expect(stderr).toMatch(message);
    };
    await fails(
      [parts[0], parts[2]],
      /^softprobe: mergeShards: parts has no shard 2\/3, episodes 4…7, expected every one of 12 episodes once\n$/,
    );
    await fails([...parts, parts[1]], `mergeShards: ${parts[1]} has episodes 4…7, which ${parts[1]} has too, expected each in one part`);
    await fails([parts[0], other], `${other} is of another run (`);
    await fails(["features.npy"], "features.npy is not JSON");
    const half = join(folder, "half.json");
    writeFileSync(half, readFileSync(parts[1], "utf8").slice(0, 400));
    await fails([parts[0], half, parts[2]], `${half} is not JSON`);
    const newer = join(folder, "newer.json");
    writeFileSync(newer, readFileSync(parts[1], "utf8").replace(/"version":"[^"]*"/, '"version":"9.0.0"'));
    await fails([parts[0], newer, parts[2]], `${newer} is of another run (version "9.0.0"), expected "0.1.0", as ${parts[0]} has`);
  });

  it.each(["", "1", "0/3", "4/3", "1/0", "1/3/5", "-1/3", "a/b", "1.5/3"])("refuse --shard %j", async (shard) => {
    const { code, stderr } = await softprobe(["eval", ...small, `--shard=${shard}`]);
    expect([code, stderr]).toEqual([
      2,
      `softprobe: --shard is "${shard}", expected i/n with i in 1…n, such as 2/3 (see softprobe eval --help)\n`,
    ]);
  });

  it("refuse a merge of nothing", async () => {
    const { code, stderr } = await softprobe(["merge", "--json"]);
    expect([code, stderr]).toEqual([2, "softprobe: merge needs the parts' files, such as part*.json (see softprobe merge --help)\n"]);
  });
});
