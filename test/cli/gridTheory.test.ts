import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { Evaluation, MeasuredCurve, RedundancyGrid } from "../../src/index.ts";
import { syntheticFeatures } from "../../src/index.ts";
import { writeNpy } from "../../src/io.ts";
import type { TheoryComparison } from "../../src/theory.ts";

const cli = join(import.meta.dirname, "../../dist/cli.js");
const folder = mkdtempSync(join(tmpdir(), "softprobe-grid-"));
const { features, labels } = syntheticFeatures({ classes: 6, rowsPerClass: 20, dims: 60, seed: 2 });
writeFileSync(join(folder, "F.npy"), writeNpy({ data: features.data, shape: [features.rows, features.cols] }));
writeFileSync(join(folder, "L.npy"), writeNpy({ data: Int32Array.from(labels, Number), shape: [labels.length] }));
const data = ["--features", "F.npy", "--labels", "L.npy", "--queries", "5", "--episodes", "8"];

function run(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [cli, ...args], { cwd: folder, env: { ...process.env, NO_COLOR: "1" } }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr });
    });
  });
}

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("softprobe grid", () => {
  it("prints one JSON document, softprobe/grid@1, with every cell or the reason why not", async () => {
    const { code, stdout, stderr } = await run("grid", ...data, "--shots", "1,16", "--ways", "2,4", "--fractions", "0.1,1", "--json");
    expect([code, stderr]).toEqual([0, ""]);
    const grid = JSON.parse(stdout) as RedundancyGrid;
    expect(grid.schema).toBe("softprobe/grid@1");
    expect(grid.cells.map(({ ways, shots }) => [ways, shots])).toEqual([
      [2, 1],
      [4, 1],
    ]);
    expect(grid.skipped.map(({ shots }) => shots)).toEqual([16, 16]);
    expect(grid.config.files).toEqual({ features: "F.npy", labels: "L.npy" });
  });

  it("lays knee, index and accuracy out for people, and says what is missing", async () => {
    const { code, stdout } = await run("grid", ...data, "--shots", "1,16", "--ways", "2,4", "--epsilon", "0.02");
    expect(code).toBe(0);
    expect(stdout).toMatch(/Knee: % of dimensions.*lose at most 2 points/);
    expect(stdout).toMatch(/^ +1 shot +16 shots$/m);
    expect(stdout).toMatch(/^4-way +\d.*–$/m);
    expect(stdout).toMatch(/2-way 16-shot was skipped: ways is 2, but 0 classes have/);
  });

  it("takes wrong lists for a wrong command line", async () => {
    for (const [args, message] of [
      [["--shots", "1,x"], /--shots has "x", expected a whole number of at least 1/],
      [["--ways", "1"], /--ways has "1", expected a whole number of at least 2/],
      [["--epsilon", "1"], /--epsilon is "1", expected a loss in \[0, 1\)/],
      [["--fractions", "0.5,0.1"], /--fractions has 0.1 after 0.5/],
      [["--importance", "pears@oracle"], /--importance/],
      [["--episodes-from", "E.json"], /unknown option --episodes-from/],
    ] as const) {
      const { code, stdout, stderr } = await run("grid", ...data, ...args);
      expect([code, stdout]).toEqual([2, ""]);
      expect(stderr).toMatch(message);
    }
  });
});

describe("softprobe theory", () => {
  it("prints one JSON document, softprobe/theory@1, and draws both curves", async () => {
    const args = ["--shots", "1,5", "--fractions", "0.1,1", "--plot", "T.svg", "--json"];
    const { code, stdout, stderr } = await run("theory", ...data, ...args);
    expect([code, stderr]).toEqual([0, ""]);
    const theory = JSON.parse(stdout) as TheoryComparison;
    expect(theory.schema).toBe("softprobe/theory@1");
    expect(theory.shots.map(({ shots, points }) => [shots, points.length])).toEqual([
      [1, 2],
      [5, 2],
    ]);
    const svg = readFileSync(join(folder, "T.svg"), "utf8");
    for (const name of ["1 shot, measured", "5 shots, measured", "theory"]) expect(svg).toContain(name);
  });

  it("tells people both curves, the best share and the useful dimensions at each shots", async () => {
    const { code, stdout } = await run("theory", ...data, "--shots", "1,5");
    expect(code).toBe(0);
    expect(stdout.match(/^kept % +dimensions +theory % +measured %$/gm)).toHaveLength(2);
    expect(stdout).toMatch(/Best by theory: \d+ dimensions \(\d+\.\d %\)/);
    expect(stdout).toMatch(/Useful at 5 shots by theory, each added to all the others: \d+ of 60\./);
    const wrong = await run("theory", ...data, "--shots", "0");
    expect([wrong.code, wrong.stdout]).toEqual([2, ""]);
  });
});

describe("softprobe curve and eval", () => {
  it("sum a curve up by its knee and its index", async () => {
    const text = (await run("curve", ...data)).stdout;
    expect(text).toMatch(/Knee: .* % of the dimensions \(\d+\) lose at most 1 points, 95 % interval /);
    expect(text).toMatch(/Redundancy index [01]\.\d{3}, 95 % interval/);
    const curve = JSON.parse((await run("curve", ...data, "--json", "--epsilon", "0.1")).stdout) as MeasuredCurve;
    expect(curve.knee.epsilon).toBe(0.1);
  });

  it("take unequal shots, measures beside accuracy and several draws a task", async () => {
    const args = ["--ways", "3", "--shots", "1,2,5", "--metric", "macroF1", "--draws-per-task", "2", "--json"];
    const { results, config } = JSON.parse((await run("eval", ...data, ...args)).stdout) as Evaluation;
    expect(config).toMatchObject({ shots: [1, 2, 5], drawsPerTask: 2, metrics: ["macroF1"] });
    expect(results[0].metrics!.macroF1.mean).toBeGreaterThan(0);
    expect(results[0].variance!.share).toBeGreaterThanOrEqual(0);
    const wrong = await run("eval", ...data, "--metric", "auc");
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringMatching(/--metric is "auc", expected one of balancedAccuracy, macroF1/)]);
  });
});
