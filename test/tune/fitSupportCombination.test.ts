import { describe, expect, it } from "vitest";
import type { Episode } from "../../src/episodes/sampleEpisode.ts";
import {
  episodes,
  evaluate,
  fitProbe,
  fitSteps,
  type Matrix,
  predict,
  predictProba,
  syntheticFeatures,
  takeRows,
  takeViews,
  toMatrix,
} from "../../src/index.ts";
import { combinationFromJSON, combinationToJSON, fitSupportCombination } from "../../src/tune.ts";
import golden from "../golden/support-combination.json" with { type: "json" };

const { features, labels, augmented } = syntheticFeatures({ classes: 7, rowsPerClass: 12, dims: 40, views: 4, seed: 5 });
const views = augmented!;
const pool = takeViews(
  views,
  Array.from({ length: 12 }, (_, i) => 72 + i),
);
const rows = (shots: number): number[] => Array.from({ length: 4 * shots }, (_, i) => 12 * Math.floor(i / shots) + (i % shots));
const names = (list: readonly number[]) => list.map((i) => labels[i]);
const of = (shots: number, options = {}) => fitSupportCombination(takeRows(features, rows(shots)), names(rows(shots)), options);
const withViews = (shots: number) => ({ augmented: takeViews(views, rows(shots)) });

describe("fitSupportCombination", () => {
  it("has the weights, log loss and probabilities that numpy and scipy compute", () => {
    const support = toMatrix(golden.support);
    const combination = fitSupportCombination(support, golden.labels, {
      augmented: { matrix: toMatrix(golden.augmented), views: golden.views },
    });
    expect(combination.parts.map(({ name }) => name)).toEqual(["views-support:16>none", "pair@augmented/power:0.5"]);
    const { weights } = combination.weights[0];
    golden.weights.forEach((weight, m) => void expect(weights[m]).toBeCloseTo(weight, 6));
    expect(combination.chosen.logLoss).toBeCloseTo(golden.logLoss, 6);
    const probe = fitProbe(support, golden.labels, { combination, C: golden.C });
    const found = predictProba(probe, toMatrix(golden.queries)).data;
    golden.probabilities.flat().forEach((value, i) => void expect(found[i]).toBeCloseTo(value, 6));
  });

  it("weighs all parts alike at one shot, where nothing can be held out", () => {
    const { weights, parts, chosen } = of(1, { ...withViews(1), pool });
    expect(parts.map(({ name }) => name)).toEqual(["views:4>none", "views-support:16>none", "pair@augmented/power:0.5"]);
    expect(Array.from(weights[0].weights)).toEqual([0.25, 0.25, 0.25, 0.25]);
    expect(chosen).toMatchObject({ by: "support", folds: 0, views: 4, poolRows: 12 });
  });

  it("is no mask at the C of no mask where there are neither views nor a pool", () => {
    for (const shots of [1, 3]) {
      const combination = of(shots);
      expect([combination.parts.length, Array.from(combination.weights[0].weights)]).toEqual([0, [1]]);
      const [own, list] = [takeRows(features, rows(shots)), names(rows(shots))];
      const probe = fitProbe(own, list, { combination });
      expect(probe.provenance!.options).toMatchObject({ mask: "tuned", parts: { raw: 1 } });
      const [tuned, none] = [probe, fitProbe(own, list)].map((each) => predictProba(each, features).data);
      for (let i = 0; i < none.length; i++) expect(tuned[i]).toBeCloseTo(none[i], 9);
    }
  });

  it("judges rows by parts that have not seen them: where labels mean nothing, no part lowers the log loss", () => {
    // Each label has one row of each class, so that a mask which had seen the rows held out would tell them apart, and no other could.
    const list = rows(4);
    const random = list.map((_, i) => i % 4);
    const { chosen } = fitSupportCombination(takeRows(features, list), random, {
      masks: ["wiener@support/power:1"],
      seed: 1,
    });
    expect(chosen.folds).toBe(4);
    expect(chosen.logLoss).toBeGreaterThan(0.9 * Math.log(4));
  });

  it("takes masks and maps of the user's own, and gives each a weight that the document keeps", () => {
    const list = rows(4);
    const [own, codes] = [takeRows(features, list), names(list)];
    const steps = fitSteps(features, labels, { mask: "variance@support/power:1" });
    const combination = fitSupportCombination(own, codes, {
      masks: ["wiener@support/power:1", "simple"],
      parts: [{ name: "mine", steps }],
    });
    const kept = combinationFromJSON(JSON.stringify(combinationToJSON(combination)));
    expect(kept).toEqual(combination);
    expect(kept.parts.map(({ name }) => name)).toEqual(["mine", "wiener@support/power:1", "simple"]);
    expect(kept.weights[0].weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12);
    const { parts } = fitProbe(own, codes, { combination: kept }).provenance!.options as { parts: Record<string, number> };
    expect(Object.keys(parts)).toEqual(["raw", "mine", "wiener@support/power:1", "simple"]);
  });

  it("holds nothing out where a mask could not be fitted to what is left", () => {
    expect(of(2, { masks: ["wiener@support/power:1"] }).chosen.folds).toBe(0);
    expect(of(3, { masks: ["wiener@support/power:1"] }).chosen.folds).toBe(3);
  });

  it("changes nothing that it is given, and gives the same for the same", () => {
    const list = rows(3);
    const [own, given] = [takeRows(features, list), takeViews(views, list)];
    const before = [own.data.slice(), given.matrix.data.slice()];
    const first = fitSupportCombination(own, names(list), { augmented: given });
    expect([own.data, given.matrix.data]).toEqual(before);
    expect(fitSupportCombination(own, names(list), { augmented: given })).toEqual(first);
  });

  it("refuses what it cannot learn from", () => {
    const list = rows(2);
    const fitting =
      (options: object, codes: readonly unknown[] = names(list), own: Matrix = takeRows(features, list)) =>
      () =>
        fitSupportCombination(own, codes as number[], options);
    expect(fitting({ masks: ["discriminant:1>none"] })).toThrow(/learns from base classes/);
    expect(fitting({ masks: ["pair@oracle/top:0.1"] })).toThrow(/asks an oracle/);
    expect(fitting({ masks: ["tuned"] })).toThrow(/single masks/);
    expect(fitting({ masks: ["views-support:16>none"] })).toThrow(/needs augmented views/);
    expect(fitting({ masks: "simple" })).toThrow(/masks/);
    expect(fitting({ augmented: takeViews(views, [1, 2]) })).toThrow(/views of 2 rows, expected 8/);
    expect(fitting({}, [1, 1, 2])).toThrow(/3 rows, expected 8/);
    expect(fitting({}, new Array(8).fill("a"))).toThrow(/one class/);
    expect(fitting({ views: 3 })).toThrow(/views/);
    expect(fitting({ parts: [{ name: "mine", steps: [{ kind: "mask", weights: new Float64Array(3) }] }] })).toThrow(/3 weights/);
  });
});

describe("tuned in evaluate, without base classes", () => {
  const task = { ways: 4, queries: 5, seed: 3 } as const;
  const run = { ...task, episodes: 4, drawsPerTask: 2, masks: ["none", "tuned"], perEpisode: true, domain: false, C: "auto" } as const;

  function byHand({ support, supportLabels, query, queryLabels }: Episode, options: object): number {
    const own = takeRows(features, support);
    const combination = fitSupportCombination(own, supportLabels, { seed: task.seed, ...options });
    return predict(fitProbe(own, supportLabels, { combination }), takeRows(features, query)).filter(
      (answer, i) => answer === queryLabels[i],
    ).length;
  }

  it("is fitSupportCombination and fitProbe on each support, its views and the pool", async () => {
    for (const shots of [1, 3]) {
      const list = [...episodes(labels, { ...task, shots, count: 4, drawsPerTask: 2 })];
      for (const given of [{ augmented: views }, { pool }, { augmented: views, pool }]) {
        const { results } = await evaluate(features, labels, { ...run, ...given, shots, baseClasses: "none" });
        const wanted = list.map((episode) =>
          byHand(episode, {
            ...("augmented" in given ? { augmented: takeViews(views, episode.support) } : {}),
            ...("pool" in given ? { pool } : {}),
          }),
        );
        expect(results[1].perEpisode!.map(({ correct }) => correct)).toEqual(wanted);
      }
    }
  });

  it("is no mask at its own C without views, with base classes refused and with too few of them", async () => {
    for (const given of [{ baseClasses: "none" }, { ways: 5 }] as const) {
      const { results, config } = await evaluate(features, labels, { ...run, ...given, shots: 2, metrics: ["logLoss"] });
      expect(results[1].perEpisode).toEqual(results[0].perEpisode);
      expect(results[1].metrics!.logLoss.mean).toBeCloseTo(results[0].metrics!.logLoss.mean, 5);
      expect(config.baseClasses).toBe("baseClasses" in given ? "none" : undefined);
    }
  });

  it("serves every probe", async () => {
    const probes = ["softmax", "centroid", "cosine"] as const;
    const { results } = await evaluate(features, labels, { ...run, augmented: views, shots: 2, baseClasses: "none", probes });
    const tuned = results.filter(({ mask }) => mask === "tuned");
    expect(tuned.map(({ probe }) => probe)).toEqual(probes);
    expect(tuned[1].perEpisode).not.toEqual(tuned[0].perEpisode);
  });

  it("refuses base classes that are given, and masks that learn from them", async () => {
    const none = { ...run, shots: 2, baseClasses: "none" } as const;
    await expect(
      evaluate(features, labels, { ...none, base: syntheticFeatures({ classes: 3, rowsPerClass: 4, dims: 40, seed: 9 }) }),
    ).rejects.toThrow(/baseClasses "none"/);
    await expect(evaluate(features, labels, { ...none, masks: ["centre>none"] })).rejects.toThrow(/needs base classes/);
    await expect(evaluate(features, labels, { ...none, masks: ["pair@base/power:0.5"] })).rejects.toThrow(/needs base classes/);
    await expect(evaluate(features, labels, { ...none, augmented: views, masks: ["views:1>none"] })).rejects.toThrow(
      /needs views of other rows/,
    );
  });
});
