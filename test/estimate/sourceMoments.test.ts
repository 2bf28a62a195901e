import { describe, expect, it } from "vitest";
import * as importances from "../../src/importance.ts";
import * as softprobe from "../../src/index.ts";
import { classStatistics } from "../../src/statistics.ts";

const { features, labels, augmented } = softprobe.syntheticFeatures({ classes: 9, rowsPerClass: 14, dims: 37, views: 3, seed: 4 });
const index = softprobe.indexLabels(labels);
const task = { ways: 4, shots: 3, queries: 8, seed: 2 };
const episodes = 8;
const classSources = ["support", "augmented", "base", "augmented+base"] as const;
const wienerSources = [...classSources, "prior", "posterior"] as const;
const of = {
  fisher: importances.fisherImportance,
  pair: importances.pairImportance,
  welch: importances.welchImportance,
  variance: importances.varianceImportance,
  "mutual-information": importances.mutualInformationImportance,
};

/** One episode with the classes outside it as base classes. */
function partsOf(e: number) {
  const { classes, support, supportLabels, query, queryLabels } = softprobe.sampleEpisode(index, task, e);
  const outside = Array.from(index.codes.keys()).filter((row) => !classes.includes(index.codes[row]));
  const base = { features: softprobe.takeRows(features, outside), labels: outside.map((row) => labels[row]) };
  const rows = softprobe.takeRows(features, support);
  return { rows, supportLabels, query, queryLabels, given: { base, augmented: softprobe.takeViews(augmented!, support) } };
}

/** What masks weigh, and the weights made of a source's moments by hand. */
const byHand: readonly (readonly [string, (e: number, normalize: "l2" | "none") => Float64Array])[] = [
  ...classSources.flatMap((source) =>
    (["fisher", "pair", "welch", "variance", "mutual-information"] as const).map(
      (name) =>
        [
          `${name}@${source}/power:1`,
          (e: number, normalize: "l2" | "none") => {
            const { rows, supportLabels, given } = partsOf(e);
            return of[name](importances.sourceMoments(rows, supportLabels, { ...given, normalize, source }));
          },
        ] as const,
    ),
  ),
  ...wienerSources.map(
    (source) =>
      [
        `wiener@${source}/power:1`,
        (e: number, normalize: "l2" | "none") => {
          const { rows, supportLabels, given } = partsOf(e);
          const { distances, variances, shots } = importances.wienerMoments(rows, supportLabels, { ...given, normalize, source });
          return importances.wienerWeights(distances, variances, shots);
        },
      ] as const,
  ),
];

describe("sourceMoments and wienerMoments", () => {
  it.each(["l2", "none"] as const)(
    "masks made of them by hand count what evaluate counts, for every source (normalize %s)",
    async (normalize) => {
      const masks = byHand.map(([mask]) => mask);
      const whole = await softprobe.evaluate(features, labels, { ...task, episodes, masks, augmented, normalize, C: 1, perEpisode: true });
      byHand.forEach(([mask, weigh], m) => {
        const counts = Array.from({ length: episodes }, (_, e) => {
          const { rows, supportLabels, query, queryLabels } = partsOf(e);
          const probe = softprobe.fitProbe(rows, supportLabels, { mask: softprobe.powerMask(weigh(e, normalize), 1), normalize, C: 1 });
          return softprobe.predict(probe, softprobe.takeRows(features, query)).filter((way, i) => way === queryLabels[i]).length;
        });
        expect([mask, ...whole.results[m].perEpisode!.map(({ correct }) => correct)]).toEqual([mask, ...counts]);
      });
      expect(new Set(whole.results.map(({ accuracy }) => accuracy)).size).toBeGreaterThan(8);
    },
  );

  it.each(byHand)("%s by hand has the weights of fitSteps, to the bit", (mask, weigh) => {
    const { rows, supportLabels, given } = partsOf(1);
    const step = softprobe.fitSteps(rows, supportLabels, { mask, ...given }).find(({ kind }) => kind === "mask") as {
      weights: Float64Array;
    };
    expect(softprobe.powerMask(weigh(1, "l2"), 1)).toEqual(step.weights);
  });

  it("are what the definitions say, summed without kernels", () => {
    const { rows, supportLabels, given } = partsOf(0);
    const [k, d, K] = [4, 37, 3];
    const unit = ({ data, rows: n, cols }: softprobe.Matrix) => softprobe.l2Normalize({ data: Float64Array.from(data), rows: n, cols });
    const own = classStatistics(unit(rows), supportLabels);
    const all = softprobe.concatRows([unit(rows), unit(given.augmented.matrix)]);
    const joined = classStatistics(all, [
      ...supportLabels,
      ...Array.from({ length: k * K * 3 }, (_, i) => supportLabels[Math.floor(i / 3)]),
    ]);
    const others = classStatistics(unit(given.base.features), given.base.labels);
    const meanOver = (table: Float64Array, j: number) => {
      const count = table.length / d;
      let sum = 0;
      for (let c = 0; c < count; c++) sum += table[c * d + j];
      return sum / count;
    };
    const varianceOver = (table: Float64Array, j: number) => {
      const count = table.length / d;
      const mean = meanOver(table, j);
      let sum = 0;
      for (let c = 0; c < count; c++) sum += (table[c * d + j] - mean) ** 2;
      return sum / (count - 1);
    };
    const within = Float64Array.from({ length: d }, (_, j) => meanOver(others.variances, j));
    const between = Float64Array.from({ length: d }, (_, j) => Math.max(varianceOver(others.means, j) - within[j] / 14, 0));
    const near = (found: ArrayLike<number>, wanted: ArrayLike<number>) => {
      expect(found.length).toBe(wanted.length);
      for (let i = 0; i < wanted.length; i++)
        expect(Math.abs(found[i] - wanted[i])).toBeLessThan(1e-9 * Math.max(1e-3, Math.abs(wanted[i])));
    };
    const from = (source: (typeof classSources)[number]) => importances.sourceMoments(rows, supportLabels, { ...given, source });
    for (const [source, means, variances] of [
      ["support", own.means, own.variances],
      ["augmented", joined.means, joined.variances],
      ["base", own.means, own.means.map((_, at) => within[at % d])],
      ["augmented+base", joined.means, joined.variances.map((value, at) => (value + within[at % d]) / 2)],
    ] as const) {
      near(from(source).means, means);
      near(from(source).variances, variances);
      near(from(source).counts, new Array(k).fill(source.startsWith("augmented") ? K * 4 : K));
      expect(from(source).classes).toEqual([0, 1, 2, 3]);
    }
    const prior = importances.wienerMoments(rows, supportLabels, { ...given, source: "prior" });
    near(
      prior.distances,
      between.map((value) => 2 * value),
    );
    near(prior.variances, within);
    for (const degrees of [24, 3]) {
      const posterior = importances.wienerMoments(rows, supportLabels, { ...given, source: "posterior", priorDegrees: degrees });
      const variances = within.map((value, j) => (value + meanOver(joined.variances, j)) / 2);
      near(posterior.variances, variances);
      near(
        posterior.distances,
        variances.map((variance, j) => {
          const known = degrees * (between[j] + variance / K) + (k - 1) * varianceOver(joined.means, j);
          return 2 * Math.max(known / (degrees + k - 1) - variance / K, 0);
        }),
      );
      expect(posterior.shots).toBeCloseTo(K, 12);
    }
  });

  it("take base statistics for base rows, and any kernels, to the same bits; inputs stay as they are", () => {
    const { rows, supportLabels, given } = partsOf(2);
    const before = structuredClone({ rows, given });
    const statistics = classStatistics(given.base.features, given.base.labels, { normalize: "l2" });
    const ask = (more: object) => importances.wienerMoments(rows, supportLabels, { ...given, source: "posterior", ...more });
    expect(ask({ base: statistics })).toEqual(ask({}));
    expect(ask({ kernels: "js" })).toEqual(ask({ kernels: "wasm" }));
    expect({ rows, given }).toEqual(before);
  });

  it.each<[string, object, RegExp]>([
    ["the oracle", { source: "oracle" }, /^sourceMoments: source is "oracle", expected one of support, augmented, base, augmented\+base/],
    ["a source without class means", { source: "prior" }, /^sourceMoments: source is "prior"/],
    [
      "no views",
      { source: "augmented", augmented: undefined },
      /^sourceMoments: source is "augmented", expected augmented views beside it/,
    ],
    ["no base classes", { source: "base", base: undefined }, /^sourceMoments: source is "base", expected base classes beside it/],
    ["a misspelt option", { source: "support", bases: 1 }, /^sourceMoments: options.bases is not an option/],
  ])("refuse %s", (_, more, message) => {
    const { rows, supportLabels, given } = partsOf(0);
    expect(() => importances.sourceMoments(rows, supportLabels, { ...given, ...more } as never)).toThrow(message);
  });

  it("refuse one shot for the support's own variance, in the name of the function", () => {
    const two = softprobe.takeRows(features, [0, 20]);
    expect(() => importances.wienerMoments(two, ["a", "b"], { source: "support" })).toThrow(
      /^wienerMoments: source support has a class of 1 shot/,
    );
  });
});
