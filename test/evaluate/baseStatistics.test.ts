import { describe, expect, it } from "vitest";
import { evaluate, fitCentre, fitDiscriminant, fitProbe, redundancyCurve, syntheticFeatures, takeRows } from "../../src/index.ts";
import { threads } from "../../src/node/threads.ts";
import { classStatistics, mergeClassStatistics } from "../../src/statistics.ts";
import { workerFiles } from "../node/workerFile.ts";
import { farthest } from "../properties/close.ts";

const { features, labels, augmented } = syntheticFeatures({ classes: 9, rowsPerClass: 12, dims: 45, views: 3, seed: 5 });
const other = syntheticFeatures({ classes: 7, rowsPerClass: 10, dims: 45, seed: 6 });
const base = { features: other.features, labels: other.labels };
const statistics = classStatistics(other.features, other.labels, { normalize: "l2" });
const masks = ["none", "pair@base/power:1", "pair@augmented+base/power:0.5", "wiener@prior/power:1", "wiener@posterior/power:1"];
const run = { ways: 4, shots: 2, queries: 6, episodes: 20, augmented, masks, probes: ["softmax", "centroid"], perEpisode: true } as const;
const files = workerFiles();

describe("a base set as statistics", () => {
  it("gives evaluate the counts of its rows, for every source, with and without the classes outside", async () => {
    for (const baseClasses of ["base", "all"] as const) {
      const [rows, known] = [
        await evaluate(features, labels, { ...run, base, baseClasses }),
        await evaluate(features, labels, { ...run, base: statistics, baseClasses }),
      ];
      expect(known.results).toEqual(rows.results);
      expect(known.config.data).toEqual({ ...(rows.config.data as object), baseStatistics: true });
      expect(rows.results[1].perEpisode).not.toEqual(rows.results[0].perEpisode);
    }
    const curve = {
      ...run,
      masks: undefined,
      probes: undefined,
      perEpisode: undefined,
      importance: "wiener@prior",
      fractions: [0.2, 1],
    } as const;
    const [rows, known] = [
      await redundancyCurve(features, labels, { ...curve, base }),
      await redundancyCurve(features, labels, { ...curve, base: statistics }),
    ];
    expect(known.points).toEqual(rows.points);
  });

  it("goes to worker threads", async () => {
    const options = { ...run, base: statistics };
    const workerFile = await files.bundle("src/node/worker.ts");
    const many = await evaluate(features, labels, { ...options, on: threads(2, { workerFile }) });
    expect(JSON.stringify(many)).toBe(JSON.stringify(await evaluate(features, labels, options)));
  });

  it("gives fitProbe the weights of its rows, and merged shards those of the whole to 1e-12", () => {
    const half = (from: number, to: number) => {
      const rows = Array.from({ length: to - from }, (_, i) => from + i);
      return classStatistics(
        takeRows(other.features, rows),
        rows.map((row) => other.labels[row]),
        { normalize: "l2" },
      );
    };
    const merged = mergeClassStatistics(half(0, 33), half(33, 70));
    for (const mask of masks.slice(1)) {
      const weights = (from: typeof base | typeof statistics) => {
        const step = fitProbe(features, labels, { mask, augmented, base: from }).steps.find(({ kind }) => kind === "mask");
        return (step as unknown as { weights: Float64Array }).weights;
      };
      expect(weights(statistics)).toEqual(weights(base));
      expect(farthest(weights(merged), weights(base))).toBeLessThan(1e-12);
    }
  });

  it("normalised statistics are those of normalised rows, and a norm beyond doubles is refused", () => {
    const double = { ...other.features, data: Float64Array.from(other.features.data) };
    const norms = Array.from({ length: 70 }, (_, i) => Math.hypot(...double.data.subarray(i * 45, (i + 1) * 45)));
    const unit = { ...double, data: double.data.map((value, p) => value / norms[Math.floor(p / 45)]) };
    const plain = classStatistics(unit, other.labels);
    expect(farthest(statistics.means, plain.means)).toBeLessThan(1e-14);
    expect(farthest(statistics.variances, plain.variances)).toBeLessThan(1e-13);
    const huge = { data: Float64Array.of(1e200, 1), rows: 2, cols: 1 };
    expect(() => classStatistics(huge, ["a", "a"], { normalize: "l2" })).toThrow(
      "classStatistics: features row 0 has a norm beyond 1e150, expected one whose square a double holds",
    );
  });

  it("are refused by name where rows are needed, or where they are not those of normalised rows", async () => {
    const asked = (options: object) => evaluate(features, labels, { ...run, base: statistics, ...options });
    await expect(asked({ masks: ["discriminant:1>none"] })).rejects.toThrow(
      'evaluate: mask "discriminant:1>none" needs base rows, but base is statistics, expected the rows themselves as base {features, labels}, or fitProbe with a fitted basis',
    );
    await expect(asked({ masks: ["views:1>wiener@prior/power:1"] })).rejects.toThrow("needs base rows, but base is statistics");
    await expect(asked({ masks: ["tuned"] })).rejects.toThrow('evaluate: mask "tuned" needs base rows');
    await expect(asked({ base: classStatistics(other.features, other.labels) })).rejects.toThrow(
      /^evaluate: base class 0 has rows of mean square [\d.]+, expected statistics of rows of norm 1, as classStatistics with normalize: "l2" makes them$/,
    );
    await expect(asked({ base: { ...statistics, cols: 5 } })).rejects.toThrow("evaluate: base.means has 315 values, expected 35");
    const small = classStatistics({ data: Float64Array.of(1, 1), rows: 2, cols: 1 }, ["a", "a"], { normalize: "l2" });
    await expect(asked({ base: small })).rejects.toThrow("evaluate: base has 1 columns, expected 45, as features");
    expect(() => fitProbe(features, labels, { mask: "wiener@prior/power:1", base: statistics, power: 0.5 })).toThrow(
      "fitProbe: power is given beside base statistics",
    );
    expect(() => fitProbe(features, labels, { mask: "wiener@prior/power:1", base: statistics, basis: fitCentre(features) })).toThrow(
      "fitProbe: base is statistics, which a basis without ψ can't project",
    );
  });

  it("goes beside a fitted basis that knows its own ψ", () => {
    const basis = fitDiscriminant(other.features, other.labels, { ridge: 1 });
    const shared = { basis, mask: "wiener@prior/power:1" };
    expect(fitProbe(features, labels, { ...shared, base: statistics }).head).toEqual(fitProbe(features, labels, { ...shared, base }).head);
  });
});
