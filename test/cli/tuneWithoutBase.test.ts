import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { syntheticFeatures } from "../../src/features/syntheticFeatures.ts";
import { writeNpy } from "../../src/io/writeNpy.ts";
import { softprobe, temporaryFolder } from "./run.ts";

const folder = temporaryFolder();
const { features, labels } = syntheticFeatures({ classes: 4, rowsPerClass: 6, dims: 64, seed: 1 });
const save = (name: string, rows: number) => {
  writeFileSync(join(folder, `${name}.npy`), writeNpy({ data: features.data.slice(0, rows * 64), shape: [rows, 64] }));
  writeFileSync(join(folder, `${name}-labels.npy`), writeNpy({ data: Int32Array.from(labels.slice(0, rows)), shape: [rows] }));
  return ["tune", "--without-base", "--features", `${name}.npy`, "--labels", `${name}-labels.npy`];
};
const whole = save("support", 24);
const run = (args: readonly string[]) => softprobe(args, { cwd: folder });

describe("softprobe tune --without-base", () => {
  it("chooses by leave-one-out over the support, as a table and as a document", async () => {
    const mask = ["--mask", "wiener@support/power:1", "--C", "1,20,300"];
    const { code, stdout, stderr } = await run([...whole, ...mask]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(
      /^Choice: wiener@support\/power:1 at C = 300, trained on the support\nWhy: .+ lower than the unmasked probe's by \d\.\d{3} ± \d\.\d{3}\.\nExpected gain/,
    );
    expect(stdout.split("\n").filter((line) => line.startsWith("none ")).length).toBe(2);
    const document = JSON.parse((await run([...whole, ...mask, "--json"])).stdout);
    expect(document.schema).toBe("softprobe/tune@1");
    expect(document.choice).toEqual({ mask: "wiener@support/power:1", trainOn: "support", C: 300 });
    expect(document.config).toMatchObject({ rows: 24, leastRows: 6, files: { features: "support.npy" } });
  });

  it("says at one shot what it can't know, and exits with 0", async () => {
    const { code, stdout } = await run(save("one", 7));
    expect(code).toBe(0);
    expect(stdout).toContain("Why: class 1 has one row, and without it nothing is known of the class");
    expect(stdout).toContain("Not known: simple, trained on the support: a class of one row");
  });

  it("refuses options of tasks, and a C that is none", async () => {
    expect((await run([...whole, "--shots", "5"])).stderr).toContain("--shots needs base classes, and --without-base has none");
    expect(await run([...whole, "--C", "1,x"])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--C has "x", expected a finite number greater than 0'),
    });
  });
});
