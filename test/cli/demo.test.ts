import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { golden, root, softprobe, temporaryFolder } from "./run.ts";

const folder = temporaryFolder();

describe("softprobe demo", () => {
  it("shows the redundancy on synthetic features: few oracle dimensions beat all, and less so with more shots", async () => {
    const svg = join(folder, "demo.svg");
    const { code, stdout, stderr } = await softprobe(["demo", "--episodes", "60", "--plot", svg, "--json"]);
    expect([code, stderr]).toEqual([0, ""]);
    const { schema, evaluation, curves } = JSON.parse(stdout);
    expect(schema).toBe("softprobe/demo@1");
    expect(evaluation.schema).toBe("softprobe/eval@1");
    const top = evaluation.results.find(({ mask }: { mask: string }) => mask === "pair@oracle/top:0.02");
    expect(top.difference.ci95[0]).toBeGreaterThan(0.1);
    expect(curves.map(({ name }: { name: string }) => name)).toEqual(["1 shot", "5 shots", "20 shots"]);
    const gains = curves.map(({ curve }: { curve: { points: { difference: { mean: number } }[] } }) =>
      Math.max(...curve.points.map(({ difference }) => difference.mean)),
    );
    expect(gains[0]).toBeGreaterThan(gains[1] + 0.05);
    expect(gains[1]).toBeGreaterThan(gains[2]);
    expect(readFileSync(svg, "utf8")).toContain("20 shots");
  });

  it("draws a table and a curve for people, and says where the picture is", async () => {
    const { code, stdout, stderr } = await softprobe(["demo", "--episodes", "10"], { cwd: folder });
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/^Few-shot probing of synthetic features/);
    expect(stdout).toMatch(/pair@augmented\/power:0\.5 +softmax/);
    expect(stdout).toContain("% of 640 dimensions kept, most important first");
    expect(stdout).toContain("softprobe-curve.svg");
    expect(existsSync(join(folder, "softprobe-curve.svg"))).toBe(true);
  });

  it("runs on the user's files, with as many shots as they can give", async () => {
    const data = ["--features", join(golden, "features.npy"), "--labels", join(golden, "labels.npy"), "--queries", "8"];
    const { code, stdout } = await softprobe(["demo", ...data, "--episodes", "10", "--plot", join(folder, "own.svg"), "--json"]);
    expect(code).toBe(0);
    const { evaluation, curves } = JSON.parse(stdout);
    expect(evaluation.config.data).toMatchObject({ rows: 112, cols: 24, classes: 8 });
    expect(evaluation.results.map(({ mask }: { mask: string }) => mask)).toEqual(["none", "pair@oracle/top:0.02", "pair@oracle/power:1"]);
    expect(curves.map(({ name }: { name: string }) => name)).toEqual(["1 shot", "5 shots"]);
  });

  it("takes eval's options", async () => {
    const options = ["--mask", "none", "--mask", "simple", "--probe", "centroid", "--shots", "3", "--episodes", "5"];
    const { code, stdout } = await softprobe(["demo", ...options, "--plot", join(folder, "options.svg"), "--json"]);
    expect(code).toBe(0);
    const { evaluation } = JSON.parse(stdout);
    expect(evaluation.config).toMatchObject({ shots: 3, masks: ["none", "simple"], probes: ["centroid"] });
    expect(evaluation.episodes).toBe(5);
  });

  it("is what npm run demo runs", () => {
    const { scripts, bin } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    expect(scripts.demo).toBe(`node scripts/setup.mjs && node ${bin.softprobe.replace("./", "")} demo`);
  });
});
