import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type LinearProbeOptions, linearProbe } from "../../src/evaluate/linearProbe.ts";
import { l2Normalize } from "../../src/features/l2Normalize.ts";
import { syntheticFeatures } from "../../src/features/syntheticFeatures.ts";
import { takeRows } from "../../src/features/takeRows.ts";
import { choosePenalty } from "../../src/heldout/choosePenalty.ts";
import { fitCalibratedProbe, score } from "../../src/index.ts";
import { classStatistics } from "../../src/statistics.ts";
import { fitCombination, fitSupportCombination } from "../../src/tune.ts";
import { matrix } from "../properties/arbitraries.ts";
import { leavesAlone } from "../properties/unchanged.ts";

const golden = JSON.parse(readFileSync(new URL("../golden/linearProbe.json", import.meta.url), "utf8")) as {
  train: number[][];
  labels: number[];
  test: number[][];
  testLabels: number[];
  cases: {
    C: number;
    normalize: "l2" | "none";
    accuracy: number;
    ci: number[];
    balancedAccuracy: number;
    macroF1: number;
    logLoss: number;
    expectedCalibrationError: number;
    counts: number[];
  }[];
};
const given = syntheticFeatures({ classes: 4, rowsPerClass: 30, dims: 16, separation: 2, seed: 3 });

describe("linearProbe", () => {
  it.each(golden.cases)(
    "tells what scikit-learn tells of the same probe: C = $C, normalize $normalize",
    async ({ C, normalize, counts, ci, ...wanted }) => {
      const test = matrix(golden.test);
      const result = await linearProbe(matrix(golden.train), golden.labels, { test, testLabels: golden.testLabels, C, normalize });
      expect(result.confusion).toEqual({ classes: [0, 1, 2, 3], counts });
      expect(result).toMatchObject({
        schema: "softprobe/probe@1",
        C,
        chosenBy: "given",
        penalty: null,
        converged: true,
        trainRows: 42,
        testRows: 54,
        curve: [],
      });
      for (const [name, value] of Object.entries(wanted)) expect(result[name as keyof typeof wanted]).toBeCloseTo(value, 7);
      ci.forEach((bound, i) => {
        expect(result.ci[i]).toBeCloseTo(bound, 9);
      });
      const [worst] = result.worstPairs;
      const most = Math.max(...counts.filter((_, i) => i % 5 !== 0));
      expect(worst.count).toBe(most);
      expect(worst.share).toBeCloseTo(most / golden.testLabels.filter((label) => label === worst.actual).length, 12);
      expect(result.worstPairs.reduce((sum, { count }) => sum + count, 0)).toBe(Math.round(54 * (1 - result.accuracy)));
    },
  );

  it("chooses C on the training rows as choosePenalty does, among all values or those given, and never looks at the test for it", async () => {
    const test = takeRows(given.features, [0, 31, 61, 91]);
    const testLabels = [0, 1, 2, 3];
    // In doubles, as the probe's own steps normalise.
    const rows = l2Normalize({ ...given.features, data: Float64Array.from(given.features.data) });
    const auto = await linearProbe(given.features, given.labels, { test, testLabels });
    const wrong = await linearProbe(given.features, given.labels, { test, testLabels: [3, 2, 1, 0] });
    expect(auto.penalty).toEqual(choosePenalty(rows, given.labels, { groups: Array.from({ length: 120 }, (_, i) => i) }));
    expect([auto.chosenBy, auto.C, wrong.C]).toEqual(["heldOut", auto.penalty!.C, auto.C]);
    const some = await linearProbe(given.features, given.labels, { test, testLabels, C: [100, 1, 10] });
    expect(some.C).toBe(choosePenalty(rows, given.labels, { path: [1, 10, 100] }).C);
    expect(some.config).toMatchObject({ C: [100, 1, 10], mask: "none", normalize: "l2" });
  });

  it("without test rows, takes a stratified share of its own, by the seed", async () => {
    const run = (options: LinearProbeOptions) => linearProbe(given.features, given.labels, { C: 1, ...options });
    const fifth = await run({});
    expect([fifth.trainRows, fifth.testRows]).toEqual([96, 24]);
    expect(fifth.confusion.counts.reduce((sum, count) => sum + count, 0)).toBe(24);
    for (let c = 0; c < 4; c++) expect(fifth.confusion.counts.slice(4 * c, 4 * c + 4).reduce((sum, count) => sum + count, 0)).toBe(6);
    expect((await run({ split: 0.5 })).testRows).toBe(60);
    expect(await run({})).toEqual(fifth);
    expect((await run({ seed: 1 })).confusion).not.toEqual(fifth.confusion);
    const lone = await linearProbe(
      matrix([
        [0, 1],
        [1, 0],
        [1, 0.1],
        [0.2, 1],
        [0.5, 0.5],
      ]),
      ["a", "b", "b", "a", "c"],
      { normalize: "none", C: 1 },
    );
    expect([lone.trainRows, lone.testRows]).toEqual([3, 2]);
  });

  it("draws a learning curve: more rows, less log loss; at all rows the probe itself; at one row a class the fixed C", async () => {
    const options = { split: 0.4, shots: [1, 4, "all"], draws: 4, seed: 2 } as const;
    const result = await leavesAlone([given.features, given.labels], () => linearProbe(given.features, given.labels, options));
    const [one, four, all] = result.curve;
    expect([one.rows, four.rows, all.rows, one.draws, all.draws]).toEqual([4, 16, 72, 4, 1]);
    expect([all.accuracy, all.logLoss, all.expectedCalibrationError]).toEqual([
      result.accuracy,
      result.logLoss,
      result.expectedCalibrationError,
    ]);
    expect(all.ci).toEqual(result.ci);
    expect(one.logLoss).toBeGreaterThan(all.logLoss);
    expect(four.accuracy).toBeGreaterThan(one.accuracy);
    const mean = four.perDraw.reduce((sum, { accuracy }) => sum + accuracy / 4, 0);
    expect(four.accuracy).toBeCloseTo(mean, 12);
    expect(four.ci[0]).toBeLessThan(mean);
    expect(new Set(one.perDraw.map(({ logLoss }) => logLoss)).size).toBe(4);
    // C · scale = 100: rows of norm 1, one a class.
    for (const { C } of one.perDraw) expect(C).toBeGreaterThan(100);
    const path = await linearProbe(given.features, given.labels, { ...options, C: [1, 150, 1e6], shots: [1] });
    for (const { C } of path.curve[0].perDraw) expect(C).toBe(150);
  });

  it("combines maps by evidence under the mask tuned: on base rows, or on the training rows and a pool", async () => {
    const all = syntheticFeatures({ classes: 13, rowsPerClass: 12, dims: 20, views: 3, seed: 4 });
    const rows = Array.from(all.labels.keys());
    const part = (list: number[]) => ({ features: takeRows(all.features, list), labels: list.map((i) => all.labels[i]) });
    const base = part(rows.filter((i) => i >= 48));
    const train = part(rows.filter((i) => i < 48 && i % 12 < 4));
    const test = part(rows.filter((i) => i < 48 && i % 12 >= 4));
    const pool = {
      matrix: takeRows(
        all.augmented!.matrix,
        Array.from({ length: 60 }, (_, i) => 300 + i),
      ),
      views: 3,
    };
    const asked = { test: test.features, testLabels: test.labels, mask: "tuned" };
    for (const [given, combination] of [
      [{ base }, fitCombination(base, { ways: 4, shots: 4 })],
      [{ pool }, fitSupportCombination(train.features, train.labels, { pool })],
    ] as const) {
      const result = await linearProbe(train.features, train.labels, { ...asked, ...given, shots: [1, "all"], draws: 2 });
      const { probe, chosenBy } = fitCalibratedProbe(train.features, train.labels, { combination });
      expect(result.accuracy).toBeCloseTo(score(probe, test.features, test.labels), 12);
      expect([result.chosenBy, result.config.mask]).toEqual([chosenBy, "tuned"]);
      expect(chosenBy).toBe("base" in given ? "evidence" : "heldOut");
      expect(result.config.parts).toEqual(probe.provenance!.options.parts);
      expect(result.curve.map(({ draws }) => draws)).toEqual([2, 1]);
    }
    const fixed = await linearProbe(train.features, train.labels, { ...asked, base, C: 3 });
    expect([fixed.C, fixed.chosenBy]).toEqual([3, "given"]);
    const statistics = classStatistics(base.features, base.labels);
    await expect(linearProbe(train.features, train.labels, { ...asked, base: statistics })).rejects.toThrow(/needs base rows/);
  });

  it("tells how far it is, and stops by a signal", async () => {
    const stop = new AbortController();
    const seen: number[] = [];
    const running = linearProbe(given.features, given.labels, {
      ...{ shots: [2, 4, 8], draws: 20, signal: stop.signal },
      onProgress: ({ done, total }) => {
        seen.push(done / total);
        if (done > 5) stop.abort(new Error("enough"));
      },
    });
    await expect(running).rejects.toThrow("enough");
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(seen.at(-1)).toBeLessThan(0.5);
  });

  const two = matrix([
    [0, 1],
    [1, 0],
  ]);
  it.each([
    [{ test: two }, "testLabels is missing, expected test rows and their labels, or neither"],
    [{ testLabels: [0] }, "test is missing"],
    [{ test: two, testLabels: [0, 1], split: 0.5 }, "split is given beside test"],
    [{ test: takeRows(given.features, [0]), testLabels: [0, 1] }, "testLabels has 2 rows, expected 1"],
    [{ test: takeRows(given.features, [0]), testLabels: ["new"] }, "testLabels has class new, which no training row has"],
    [{ test: two, testLabels: [0, 1] }, "test has 2 columns, expected 16"],
    [{ test: { data: new Float64Array(0), rows: 0, cols: 16 }, testLabels: [] }, "test has 0"],
    [{ split: 1 }, "split is 1, expected a number between 0 and 1"],
    [{ C: [] }, "C has 0 values"],
    [{ C: "loo" }, 'C is "loo", expected a number, an array of numbers, or "auto"'],
    [{ C: -1 }, "C is -1"],
    [{ shots: [0] }, "shots[0] is 0"],
    [{ shots: 3 }, 'shots is 3, expected an array of whole numbers or "all"'],
    [{ draws: 0 }, "draws is 0"],
    [{ mask: "pair@oracle/top:0.1" }, "asks an oracle"],
  ])("refuses %j", async (options, message) => {
    await expect(linearProbe(given.features, given.labels, options as never)).rejects.toThrow(message);
  });
  it("refuses labels of another length, and one class", async () => {
    await expect(linearProbe(two, [0])).rejects.toThrow("linearProbe: labels has 1 rows, expected 2");
    await expect(
      linearProbe(
        matrix([
          [0, 1],
          [1, 0],
          [1, 1],
        ]),
        [0, 0, 0],
      ),
    ).rejects.toThrow("one class");
  });
});
