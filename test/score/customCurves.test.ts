import { describe, expect, it } from "vitest";
import { pairImportance } from "../../src/importance.ts";
import type { CurveOptions, CustomMask } from "../../src/index.ts";
import * as softprobe from "../../src/index.ts";
import { classStatistics } from "../../src/statistics.ts";

const { features, labels, augmented } = softprobe.syntheticFeatures({ classes: 6, rowsPerClass: 80, dims: 24, views: 2, seed: 4 });
const few = { ways: 4, shots: 3, queries: 6, seed: 2, episodes: 10, fractions: [0.1, 0.3, 0.6] };
const run = (importance: CurveOptions["importance"], more: CurveOptions = {}) =>
  softprobe.redundancyCurve(features, labels, { ...few, ...more, importance });
const measured = async (importance: CurveOptions["importance"], more: CurveOptions = {}) => {
  const { points, knee, redundancyIndex, digest } = await run(importance, more);
  return { points, knee, redundancyIndex, digest };
};

const pairs: CustomMask = { name: "my pairs", weights: ({ support, labels: own }) => pairImportance(classStatistics(support, own)) };
const constant: CustomMask = { name: "constant", weights: ({ support }) => new Float64Array(support.cols).fill(3) };

describe("a curve by a mask of one's own", () => {
  it.each<[string, CurveOptions]>([
    ["few shots", {}],
    ["rows as they are", { normalize: "none" }],
    ["a centroid", { probe: "centroid" }],
    ["many shots, fitted in the dimensions themselves", { shots: 60, episodes: 3, ways: 3 }],
    ["C chosen", { C: "auto", episodes: 4 }],
  ])("is that of the built-in importance of the same order: %s", async (_, more) => {
    const own = await measured(pairs, more);
    expect(own).toEqual(await measured("pair@support", more));
    expect(own).not.toEqual(await measured(constant, more));
  });

  it("names it in the result", async () => {
    expect((await run(pairs)).config.importance).toBe("my pairs");
  });

  it("keeps equally important dimensions by their number, and any increasing function of the weights gives the same curve", async () => {
    const numbered: CustomMask = { name: "n", weights: ({ support: { cols } }) => Float64Array.from({ length: cols }, (_, j) => cols - j) };
    expect(await measured(constant)).toEqual(await measured(numbered));
    const squared: CustomMask = { name: "s", weights: (task) => Float64Array.from(pairs.weights(task), (value) => value ** 2) };
    expect(await measured(squared)).toEqual(await measured(pairs));
  });

  it("gives it copies of the support and its views, of norm 1 as for a mask, and never the queries", async () => {
    const seen: number[][] = [];
    const spy: CustomMask = {
      name: "spy",
      weights(task) {
        const { support, augmented: views, labels: own } = task;
        const norm = Math.hypot(...support.data.subarray(0, support.cols));
        seen.push([task.episode, task.ways, support.rows, views!.matrix.rows, own.length, Math.round(norm * 1e9) / 1e9]);
        const weights = pairs.weights(task);
        support.data.fill(Number.NaN);
        views!.matrix.data.fill(Number.NaN);
        return weights;
      },
    };
    expect(await measured(spy, { augmented })).toEqual(await measured(pairs, { augmented }));
    expect(seen).toEqual(Array.from({ length: 10 }, (_, e) => [e, 4, 12, 24, 12, 1]));
  });

  it.each<[string, unknown, RegExp]>([
    [
      "a basis before it",
      { ...pairs, basis: "within:0.2" },
      /^redundancyCurve: importance has basis "within:0.2", expected no basis: a curve keeps the features' own dimensions, so project them first$/,
    ],
    [
      "a mask in a basis",
      { basis: { name: "b", from: "base", fit: () => null } },
      /^redundancyCurve: importance is Object, expected importance@source, or a mask of your own/,
    ],
    ["no name", { weights: () => [] }, /^redundancyCurve: importance is Object/],
    ["null", null, /^redundancyCurve: importance is null/],
    ["too few weights", { name: "short", weights: () => [1] }, /^redundancyCurve: mask short's weights has 1 weights, expected 24/],
    ["a weight below 0", { name: "low", weights: () => new Array(24).fill(-1) }, /^redundancyCurve: mask low's weights\[0\] is -1/],
  ])("is refused for %s", async (_, importance, message) => {
    await expect(run(importance as CustomMask)).rejects.toThrow(message);
  });
});
