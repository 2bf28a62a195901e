import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pairImportance, randomImportance } from "../../src/importance.ts";
import type { CustomMask, MaskTask } from "../../src/index.ts";
import * as softprobe from "../../src/index.ts";
import { classStatistics } from "../../src/statistics/classStatistics.ts";

const { features, labels, augmented } = softprobe.syntheticFeatures({ classes: 7, rowsPerClass: 14, dims: 37, views: 3, seed: 4 });
const index = softprobe.indexLabels(labels);
const task = { ways: 4, shots: 3, queries: 6, seed: 2 };
const episodes = 12;
const run = (masks: readonly (string | CustomMask)[], more: object = {}) =>
  softprobe.evaluate(features, labels, { ...task, episodes, masks, augmented, perEpisode: true, ...more });
const countsOf = (evaluation: Awaited<ReturnType<typeof run>>, m: number) =>
  evaluation.results[m].perEpisode!.map(({ correct }) => correct);

/** pair@support/power:0.5, as a user would write it. */
const pairs: CustomMask = {
  name: "my pairs",
  weights: ({ support, labels: own }) => softprobe.powerMask(pairImportance(classStatistics(support, own)), 0.5),
};
/** The spread of a row's views about their mean, inverted. */
const steady = (basis?: string): CustomMask => ({
  name: `steady ${basis}`,
  ...(basis ? { basis } : {}),
  weights({ support, augmented: views }) {
    const { data } = views!.matrix;
    const { cols } = support;
    return Float64Array.from({ length: cols }, (_, j) => {
      let spread = 1e-3;
      for (let i = 0; i < support.rows; i++)
        for (let v = 0; v < views!.views; v++) spread += Math.abs(data[(i * views!.views + v) * cols + j] - support.data[i * cols + j]);
      return 1 / spread;
    });
  },
});

describe("a mask of one's own", () => {
  it("counts what the built-in mask of the same weights counts", async () => {
    for (const normalize of ["l2", "none"] as const) {
      const whole = await run(["pair@support/power:0.5", pairs, "none"], { normalize, probes: ["softmax", "centroid"] });
      expect(whole.results.map(({ mask }) => mask)).toEqual([
        ...Array(2).fill("pair@support/power:0.5"),
        ...Array(2).fill("my pairs"),
        ...Array(2).fill("none"),
      ]);
      for (const p of [0, 1]) {
        expect(countsOf(whole, 2 + p)).toEqual(countsOf(whole, p));
        expect(countsOf(whole, 2 + p)).not.toEqual(countsOf(whole, 4 + p));
      }
    }
  });

  it.each([undefined, "centre", "within:0.2", "views-support:4"])("by hand counts the same, in the basis %s", async (basis) => {
    const mask = steady(basis);
    // Base classes of a fit are given: there are none outside.
    const others = softprobe.syntheticFeatures({ classes: 6, rowsPerClass: 9, dims: 37, seed: 8 });
    const base = { features: others.features, labels: others.labels };
    const whole = await run([mask], { base, C: 1 });
    const byHand = Array.from({ length: episodes }, (_, e) => {
      const { support, supportLabels, query, queryLabels } = softprobe.sampleEpisode(index, task, e);
      const own = { mask, base, C: 1, augmented: softprobe.takeViews(augmented!, support) };
      const probe = softprobe.fitProbe(softprobe.takeRows(features, support), supportLabels, own);
      expect(probe.provenance!.options.mask).toBe(mask.name);
      return softprobe.predict(probe, softprobe.takeRows(features, query)).filter((way, i) => way === queryLabels[i]).length;
    });
    expect(countsOf(whole, 0)).toEqual(byHand);
  });

  it("sees the support and its views, of norm 1, and nothing of the queries; what it writes to is its own", async () => {
    const seen: MaskTask[] = [];
    const spy: CustomMask = {
      name: "spy",
      weights(given) {
        seen.push({ ...given, support: { ...given.support, data: given.support.data.slice() }, labels: given.labels.slice() });
        given.support.data.fill(Number.NaN);
        given.augmented!.matrix.data.fill(Number.NaN);
        given.labels.fill(99);
        return new Float64Array(given.support.cols).fill(2);
      },
    };
    const whole = await run(["none", spy]);
    expect(countsOf(whole, 1)).toEqual(countsOf(whole, 0));
    expect(seen).toHaveLength(episodes);
    const [{ support, labels: own, ...rest }] = seen;
    const first = softprobe.sampleEpisode(index, task, 0);
    expect(Object.keys(rest).sort()).toEqual(["augmented", "episode", "ways"]);
    expect(support).toEqual(softprobe.transformRows([{ kind: "l2", weights: null }], softprobe.takeRows(features, first.support)));
    expect(own).toEqual(first.supportLabels);
    expect([rest.episode, rest.ways, rest.augmented!.matrix.rows]).toEqual([0, 4, 4 * 3 * 3]);
  });

  it("any weights by hand and in evaluate agree, whatever their scale", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 1e6 }), fc.constantFrom(1e-200, 1, 1e200), async (seed, scale) => {
        const weights = randomImportance(37, seed, 0).map((value) => value * scale);
        const mask: CustomMask = { name: "random", weights: () => weights };
        const { support, supportLabels, query, queryLabels } = softprobe.sampleEpisode(index, task, 0);
        const probe = softprobe.fitProbe(softprobe.takeRows(features, support), supportLabels, { mask: weights, C: 1 });
        const correct = softprobe.predict(probe, softprobe.takeRows(features, query)).filter((way, i) => way === queryLabels[i]).length;
        expect(countsOf(await run([mask], { episodes: 1 }), 0)).toEqual([correct]);
      }),
      { numRuns: 20 },
    );
  });

  it.each<[string, unknown, RegExp]>([
    [
      "a promise",
      { name: "late", weights: async () => [] },
      /^evaluate: mask late's weights is Promise, expected an array: a mask answers at once/,
    ],
    ["too few weights", { name: "short", weights: () => [1] }, /^evaluate: mask short's weights has 1 weights, expected 37, one a column/],
    [
      "a weight below 0",
      { name: "low", weights: () => new Array(37).fill(-1) },
      /^evaluate: mask low's weights\[0\] is -1, expected finite weights/,
    ],
    [
      "an exception",
      {
        name: "broken",
        weights: () => {
          throw new Error("no idea");
        },
      },
      /^evaluate: mask broken failed in episode 0: no idea/,
    ],
    ["no function", { name: "none at all" }, /^evaluate: masks is Object, expected spec strings, \{name, weights\} or \{basis, mask\}/],
    ["an unknown basis", { name: "b", basis: "round", weights: () => [] }, /has basis "round"/],
    ["the name of another mask", { name: "none", weights: () => [] }, /evaluate: masks/],
  ])("is refused for %s", async (_, mask, message) => {
    await expect(run(["none", mask as CustomMask])).rejects.toThrow(message);
  });

  it("is no mask for plda, which weighs its basis itself", async () => {
    await expect(run([{ ...pairs, basis: "discriminant:1" }], { probes: ["plda"] })).rejects.toThrow(/is asked for with mask "my pairs"/);
  });
});
