import { describe, expect, it } from "vitest";
import { evaluate, fitProbe, redundancyCurve, redundancyGrid, sampleEpisode, syntheticFeatures, takeRows } from "../../src/index.ts";
import { curveTable, evaluationTable } from "../../src/report.ts";
import { execute, mergeShards, planCurve, planEvaluation, shardOf } from "../../src/run.ts";

const { features, labels } = syntheticFeatures({ classes: 6, rowsPerClass: 20, dims: 40, seed: 5 });
const task = { ways: 3, shots: 4, queries: 6, seed: 2, episodes: 5 };
const curve = { ...task, C: "auto", fractions: [0.2, 1] } as const;

/** C of the probe that a user fits by hand to each episode's support. */
const byHand = (mask: string): number[] =>
  Array.from({ length: task.episodes }, (_, episode) => {
    const { episodes, ...options } = task;
    expect(episode).toBeLessThan(episodes);
    const { support, supportLabels } = sampleEpisode(labels, options, episode);
    const { head } = fitProbe(takeRows(features, support), supportLabels, { mask });
    return head.kind === "softmax" ? head.C : Number.NaN;
  }).sort((a, b) => a - b);

describe('what C: "auto" chose', () => {
  it("is told of each softmax arm, and is what a probe fitted by hand chooses", async () => {
    const masks = ["none", "wiener@support/power:1"];
    const { results } = await evaluate(features, labels, { ...task, C: "auto", masks, probes: ["softmax", "centroid"] });
    for (const { mask, probe, C } of results) {
      if (probe === "centroid") expect(C).toBeUndefined();
      else {
        const wanted = byHand(mask);
        [C!.least, C!.median, C!.most].forEach((value, i) => {
          expect(value / wanted[2 * i]).toBeCloseTo(1, 6);
        });
      }
    }
    const text = evaluationTable(await evaluate(features, labels, { ...task, C: "auto", masks }), { width: 300 });
    expect(text).toMatch(/C, chosen in each episode, median \(range\): none [\d.e+]+ \([\d.e+]+ to [\d.e+]+\), wiener@support\/power:1 /);
  });

  it("is chosen anew at each point of a curve, which with all dimensions is evaluate without a mask", async () => {
    const found = await redundancyCurve(features, labels, curve);
    const { results } = await evaluate(features, labels, { ...task, C: "auto" });
    const [few, all] = found.points;
    expect(all.accuracy).toBe(results[0].accuracy);
    expect(all.C!.median / results[0].C!.median).toBeCloseTo(1, 6);
    expect(few.C!.median).not.toBeCloseTo(all.C!.median, 6);
    expect(found.unconverged).toBeUndefined();
    expect(curveTable(found, { width: 300 }).replace(/\s+/g, " ")).toContain("C, chosen in each episode, median (range): 20 %");
    const centroid = await redundancyCurve(features, labels, { ...curve, probe: "centroid" });
    expect(centroid.points.map(({ C }) => C)).toEqual([undefined, undefined]);
    const { cells } = await redundancyGrid(features, labels, { ...curve, shots: [4], ways: [3] });
    expect(cells[0].points[1].C).toEqual(all.C);
  });

  it("at one shot is the fixed value of each support's scale", async () => {
    const one = await evaluate(features, labels, { ...task, shots: 1, C: "auto" });
    const found = await redundancyCurve(features, labels, { ...curve, shots: 1 });
    expect(found.points[1].accuracy).toBe(one.results[0].accuracy);
    expect(one.results[0].C!.median).toBeGreaterThan(100);
  });

  it("survives shards, to the byte", async () => {
    const masks = ["none", "pair@oracle/top:0.5"];
    const text = (value: unknown): string => JSON.stringify(value);
    const evaluation = () => planEvaluation(features, labels, { ...task, C: "auto", masks });
    const parts = [await execute(shardOf(evaluation(), { shard: 1, of: 2 })), await execute(shardOf(evaluation(), { shard: 2, of: 2 }))];
    expect(text(mergeShards(JSON.parse(text(parts))))).toBe(text(await execute(evaluation())));
    const whole = () => planCurve(features, labels, curve);
    const pieces = [await execute(shardOf(whole(), { shard: 1, of: 2 })), await execute(shardOf(whole(), { shard: 2, of: 2 }))];
    expect(text(mergeShards(JSON.parse(text(pieces))))).toBe(text(await execute(whole())));
  });
});

describe("fits that have not converged", () => {
  it("are counted by curves and grids as by evaluate, and told in the notes", async () => {
    // Classes that overlap in two dimensions, and rows of huge norms: at such a C no fit by the Gram matrix reaches the optimum.
    const flat = syntheticFeatures({ classes: 6, rowsPerClass: 20, dims: 2, seed: 5 }).features;
    const hostile = { ...flat, data: flat.data.map((value) => value * 1e5) };
    const options = { ...task, shots: 8, episodes: 2, C: 1e12, normalize: "none" } as const;
    const { unconverged } = await evaluate(hostile, labels, options);
    const found = await redundancyCurve(hostile, labels, { ...options, fractions: [0.5, 1] });
    expect(unconverged).toBe(2);
    // Two points an episode, where evaluate has one mask.
    expect(found.unconverged).toBe(4);
    expect(curveTable(found, { width: 300 })).toMatch(/softmax fits? did not converge/);
    const grid = await redundancyGrid(hostile, labels, { ...options, shots: [8], ways: [3], fractions: [0.5, 1] });
    expect(grid.unconverged).toBe(found.unconverged);
  });
});
