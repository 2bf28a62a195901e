import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { small, softprobe, temporaryFolder } from "./run.ts";

const folder = temporaryFolder();
const json = async (args: readonly string[]) => {
  const { code, stdout, stderr } = await softprobe([...args, "--json"]);
  expect([code, stderr]).toEqual([0, ""]);
  return JSON.parse(stdout);
};

describe("softprobe curve", () => {
  it("prints one document with the schema's keys under --json", async () => {
    const document = await json(["curve", ...small]);
    expect(Object.keys(document)).toEqual(expect.arrayContaining(["schema", "config", "digest", "episodes", "excludedClasses", "points"]));
    expect(document.schema).toBe("softprobe/curve@1");
    expect(document.config).toMatchObject({ importance: "pair@oracle", probe: "softmax", files: { features: "features.npy" } });
    for (const point of document.points) {
      expect(point).toEqual({
        fraction: expect.any(Number),
        dimensions: expect.any(Number),
        accuracy: expect.any(Number),
        ci95: [expect.any(Number), expect.any(Number)],
        difference: { mean: expect.any(Number), ci95: [expect.any(Number), expect.any(Number)], p: expect.any(Number) },
      });
    }
  });

  it("has a point for each default fraction, of the dimensions rounded, at least one", async () => {
    const { points } = await json(["curve", ...small]);
    expect(points.map(({ fraction, dimensions }: { fraction: number; dimensions: number }) => [fraction, dimensions])).toEqual([
      [0.01, 1],
      [0.02, 1],
      [0.05, 1],
      [0.1, 2],
      [0.2, 5],
      [0.5, 12],
      [1, 24],
    ]);
  });

  it("runs on the same episodes as eval: a point is what that top mask gives", async () => {
    const [curve, evaluation] = await Promise.all([
      json(["curve", ...small, "--fractions", "0.25,1"]),
      json(["eval", ...small, "--mask", "none", "--mask", "pair@oracle/top:0.25"]),
    ]);
    expect(curve.digest).toBe(evaluation.digest);
    expect(curve.points[0].accuracy).toBeCloseTo(evaluation.results[1].accuracy, 12);
    expect(curve.points[1].accuracy).toBeCloseTo(evaluation.results[0].accuracy, 12);
    expect(curve.points[0].difference.mean).toBeCloseTo(evaluation.results[1].difference.mean, 12);
  });

  it("takes another importance and another probe", async () => {
    const { config } = await json(["curve", ...small, "--importance", "fisher@oracle", "--probe", "centroid"]);
    expect(config).toMatchObject({ importance: "fisher@oracle", probe: "centroid" });
  });

  it("shows people a table and a drawing, and draws a picture where asked", async () => {
    const svg = join(folder, "curve.svg");
    const { code, stdout, stderr } = await softprobe(["curve", ...small, "--plot", svg]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/accuracy %/);
    expect(stdout).toContain("% of 24 dimensions kept");
    expect(readFileSync(svg, "utf8")).toMatch(/^<svg [\s\S]*<\/svg>\s*$/);
  });
});
