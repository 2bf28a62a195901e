import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { randomImportance } from "../../src/importance.ts";
import type { Basis, CustomBasis, CustomMask, Evaluation, MaskInBasis, SupportTask } from "../../src/index.ts";
import * as softprobe from "../../src/index.ts";

const { features, labels, augmented } = softprobe.syntheticFeatures({ classes: 7, rowsPerClass: 14, dims: 37, views: 3, seed: 4 });
const others = softprobe.syntheticFeatures({ classes: 6, rowsPerClass: 9, dims: 37, views: 4, seed: 8 });
const base = { features: others.features, labels: others.labels };
const index = softprobe.indexLabels(labels);
const task = { ways: 4, shots: 3, queries: 6, seed: 2 };
const episodes = 12;
type Masks = readonly (string | CustomMask | MaskInBasis)[];
const run = (masks: Masks, more: object = {}) =>
  softprobe.evaluate(features, labels, { ...task, episodes, masks, augmented, perEpisode: true, ...more });
const countsOf = (evaluation: Evaluation, m: number) => evaluation.results[m].perEpisode!.map(({ correct }) => correct);
const nameOf = (spec: string) => spec.slice(0, spec.indexOf(">"));

/** Named bases, as a user would fit them. */
const redone: Readonly<Record<string, CustomBasis>> = {
  centre: { name: "my centre", from: "base", fit: ({ base: known, normalize }) => softprobe.fitCentre(known!.features, { normalize }) },
  "within:0.2": {
    name: "my within",
    from: "base",
    fit: ({ base: known, normalize }) => softprobe.fitWithin(known!.features, known!.labels, { ridge: 0.2, normalize }),
  },
  "discriminant:1": {
    name: "my discriminant",
    from: "base",
    fit: ({ base: known, normalize }) => softprobe.fitDiscriminant(known!.features, known!.labels, { ridge: 1, normalize }),
  },
  "views:2": {
    name: "my views",
    from: "base",
    fit({ base: known, pool, normalize }) {
      const { matrix, views } = pool ?? known!.augmented!;
      return softprobe.fitViews(matrix, views, { ridge: 2, normalize });
    },
  },
  "views-support:4": {
    name: "my support's views",
    from: "support",
    fit: ({ augmented: own, normalize }) => softprobe.fitViews(own!.matrix, own!.views, { ridge: 4, normalize }),
  },
};
const specs = [
  "centre>pair@augmented/power:0.5",
  "within:0.2>wiener@prior/power:1",
  "discriminant:1>wiener@posterior/power:1",
  "views:2>pair@oracle/top:0.2",
  "views-support:4>variance@support/magnitude",
  "within:0.2>simple",
] as const;
const asOwn = (spec: string): MaskInBasis => ({ basis: redone[nameOf(spec)], mask: spec.slice(nameOf(spec).length + 1) });

describe("a basis of one's own", () => {
  it.each([
    ["the classes outside each episode", {}],
    ["a base set", { base }],
    ["both", { base, baseClasses: "all" }],
    ["rows as they are", { normalize: "none" }],
    ["views to train on, and a pool", { trainOn: "augmented", pool: others.augmented }],
  ])("that redoes a named one counts what that counts, with %s", async (_, more) => {
    const chosen = "base" in more && !("baseClasses" in more) ? specs.filter((spec) => !spec.startsWith("views:")) : specs;
    const masks = chosen.filter((spec) => !("baseClasses" in more && spec.startsWith("views:")));
    const whole = await run([...masks, ...masks.map(asOwn)], { ...more, probes: ["softmax", "centroid"] });
    masks.forEach((spec, m) => {
      const name = `${redone[nameOf(spec)].name}>${spec.slice(nameOf(spec).length + 1)}`;
      expect(whole.results[2 * (masks.length + m)].mask).toBe(name);
      for (const p of [0, 1]) expect([spec, countsOf(whole, 2 * (masks.length + m) + p)]).toEqual([spec, countsOf(whole, 2 * m + p)]);
    });
    // Not because all masks count the same.
    expect(new Set(masks.map((_spec, m) => countsOf(whole, 2 * m).join())).size).toBeGreaterThan(2);
  });

  it("serves a mask of one's own, which sees coordinates in it", async () => {
    const weigh = ({ support }: { readonly support: softprobe.Matrix }) =>
      Float64Array.from({ length: support.cols }, (_, j) => Math.abs(support.data[j]) + 0.1);
    const whole = await run([
      { name: "named", basis: "within:0.2", weights: weigh },
      { name: "own", basis: redone["within:0.2"], weights: weigh },
    ]);
    expect(countsOf(whole, 1)).toEqual(countsOf(whole, 0));
  });

  it.each(["centre", "within:0.2", "discriminant:1", "views-support:4"])(
    "that redoes %s gives fitProbe the same predictions, as mask, as basis and in a mask of one's own",
    (name) => {
      const { support, supportLabels, query } = softprobe.sampleEpisode(index, task, 0);
      const rows = softprobe.takeRows(features, support);
      const own = { base, augmented: softprobe.takeViews(augmented!, support) };
      const probed = (more: softprobe.ProbeOptions) => softprobe.fitProbe(rows, supportLabels, { ...own, ...more });
      const seen = (probe: softprobe.Probe) => softprobe.predictProba(probe, softprobe.takeRows(features, query)).data;
      const mask = "pair@augmented/power:1" as const;
      const named = seen(probed({ mask: `${name}>${mask}` }));
      const inBasis = probed({ mask: { basis: redone[name], mask } });
      expect(seen(inBasis)).toEqual(named);
      expect(inBasis.provenance!.options.mask).toBe(`${redone[name].name}>${mask}`);
      const beside = probed({ basis: redone[name], mask });
      expect(seen(beside)).toEqual(named);
      expect(beside.provenance!.options).toMatchObject({ mask, basis: redone[name].name });
      // What the command saves loads again.
      expect(seen(softprobe.headFromJSON(softprobe.headToJSON(beside)) as softprobe.Probe)).toEqual(named);
    },
  );

  it("by hand counts what evaluate counts", async () => {
    const own: CustomBasis = { name: "turned", from: "support", fit: (seen) => turned(seen.support, seen.episode) };
    const whole = await run([{ basis: own, mask: "pair@support/power:1" }], { C: 1 });
    const byHand = Array.from({ length: episodes }, (_, e) => {
      const { support, supportLabels, query, queryLabels } = softprobe.sampleEpisode(index, task, e);
      const rows = softprobe.takeRows(features, support);
      const probe = softprobe.fitProbe(rows, supportLabels, { basis: turned(rows, e), mask: "pair@support/power:1", C: 1 });
      return softprobe.predict(probe, softprobe.takeRows(features, query)).filter((way, i) => way === queryLabels[i]).length;
    });
    expect(countsOf(whole, 0)).toEqual(byHand);
  });

  it("that is any rotation changes no distance, and so no answer of a centroid probe", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 1e6 }), async (seed) => {
        const mirror: CustomBasis = { name: "mirror", from: "base", fit: ({ cols }) => reflection(cols, seed) };
        const still: CustomBasis = { name: "still", from: "base", fit: ({ cols }) => ({ ...reflection(cols, seed), transform: null }) };
        const whole = await run([{ basis: mirror }, { basis: still }], { episodes: 3, probes: ["centroid"] });
        expect(countsOf(whole, 0)).toEqual(countsOf(whole, 1));
      }),
      { numRuns: 15 },
    );
  });

  it("is fitted once to a base set, once for each set of classes left out, and in every episode if it sees the support", async () => {
    const fits = async (own: { readonly from: "base" | "support" }, more: object): Promise<number> => {
      let count = 0;
      const basis = {
        ...own,
        name: "counted",
        fit(seen: { readonly cols: number }) {
          count++;
          return reflection(seen.cols, 1);
        },
      } as CustomBasis;
      // Two masks share one fit.
      await run([{ basis }, { basis, mask: "variance@support/power:1" }], more);
      return count;
    };
    const sets = new Set(
      Array.from({ length: episodes }, (_, e) => [...softprobe.sampleEpisode(index, task, e).classes].sort((a, b) => a - b).join()),
    ).size;
    expect(await fits({ from: "base" }, { base })).toBe(1);
    expect(await fits({ from: "base" }, { baseClasses: "none" })).toBe(1);
    expect(await fits({ from: "base" }, {})).toBe(sets);
    expect(await fits({ from: "base" }, { base, baseClasses: "all" })).toBe(sets);
    expect(await fits({ from: "support" }, { base })).toBe(episodes);
  });

  it("sees other classes, the support and its views as they are given, and never the queries; what it writes to is its own", async () => {
    const seen: SupportTask[] = [];
    const spy: CustomBasis = {
      name: "spy",
      from: "support",
      fit(given) {
        const { base: known, pool, support, labels: own, augmented: views, ...rest } = given;
        seen.push(structuredClone({ base: known, pool, support, labels: own, augmented: views, ...rest }));
        const answer = reflection(given.cols, 1);
        for (const matrix of [known!.features, known!.augmented!.matrix, pool!.matrix, support, views!.matrix])
          matrix.data.fill(Number.NaN);
        own.fill(99);
        known!.labels.fill(99);
        return answer;
      },
    };
    const whole = await run(["none", { basis: spy }, "views:2>none"], { pool: others.augmented });
    const again = await run(["none", "views:2>none"], { pool: others.augmented });
    expect([countsOf(whole, 0), countsOf(whole, 2)]).toEqual([countsOf(again, 0), countsOf(again, 1)]);
    seen.forEach((given, e) => {
      const { classes, support, supportLabels } = softprobe.sampleEpisode(index, task, e);
      const outside = Array.from(features.data.keys())
        .slice(0, features.rows)
        .filter((row) => !classes.includes(index.codes[row]));
      expect(given.base).toEqual({
        features: softprobe.takeRows(features, outside),
        labels: Int32Array.from(outside, (row) => index.codes[row]),
        augmented: softprobe.takeViews(augmented!, outside),
      });
      expect(given).toMatchObject({ cols: 37, normalize: "l2", episode: e, ways: 4, labels: supportLabels });
      expect(given.support).toEqual(softprobe.takeRows(features, support));
      expect(given.augmented).toEqual(softprobe.takeViews(augmented!, support));
      expect(given.pool).toEqual(others.augmented);
    });
  });

  it("may write its next fit into the same memory", async () => {
    const memory = new Float64Array(37 * 37);
    const own = (shared: boolean): CustomBasis => ({
      name: `shared ${shared}`,
      from: "base",
      fit({ base: known }) {
        const fitted = reflection(37, known!.labels[0] + known!.labels[known!.labels.length - 1]);
        if (!shared) return fitted;
        memory.set(fitted.transform!);
        return { ...fitted, transform: memory };
      },
    });
    const whole = await run([true, false].map((shared) => ({ basis: own(shared), mask: "pair@support/top:0.1" })));
    expect(countsOf(whole, 0)).toEqual(countsOf(whole, 1));
  });

  const broken = (more: object): CustomBasis => ({
    name: "broken",
    from: "base",
    fit: ({ cols }) => ({ ...reflection(cols, 1), ...more }) as Basis,
  });
  it.each<[string, unknown, RegExp]>([
    [
      "a promise",
      { basis: { name: "late", from: "base", fit: async () => [] } },
      /^evaluate: basis late's answer is Promise, expected a Basis: a basis answers at once/,
    ],
    ["no basis", { basis: { name: "b", from: "base", fit: () => [1] } }, /^evaluate: basis b is Array, expected a basis, as fitCentre/],
    ["nothing", { basis: { name: "b", from: "base", fit: () => undefined } }, /^evaluate: basis b is undefined, expected a basis/],
    [
      "a mean of another length",
      { basis: broken({ mean: new Float64Array(3) }) },
      /^evaluate: basis broken.mean has 3 values, expected 37/,
    ],
    [
      "a number that is not finite",
      { basis: broken({ transform: new Float64Array(37 * 37).fill(Number.NaN) }) },
      /^evaluate: basis broken.transform\[0\] is NaN, expected finite/,
    ],
    [
      "ψ below 0",
      { basis: broken({ psi: new Float64Array(37).fill(-1) }) },
      /^evaluate: basis broken.psi\[0\] is -1, expected finite numbers of at least 0/,
    ],
    [
      "another number of columns",
      { basis: { name: "b", from: "base", fit: () => reflection(5, 1) } },
      /^evaluate: basis b has 5 columns, expected 37, as features/,
    ],
    ["an unknown kind", { basis: broken({ kind: "round" }) }, /^evaluate: basis broken.kind is "round", expected one of/],
    [
      "an exception",
      {
        basis: {
          name: "lost",
          from: "base",
          fit() {
            throw new Error("no idea");
          },
        },
      },
      /^evaluate: basis lost failed in episode 0: no idea/,
    ],
    [
      "no function",
      { basis: { name: "b", from: "base" } },
      /^evaluate: masks' basis is Object, expected a basis of your own: \{ name, from, fit \}/,
    ],
    ["no name", { name: "m", basis: { fit: () => 1 } }, /^evaluate: mask m's basis is Object, expected a basis of your own/],
    ["the name of a named one", { basis: { ...broken({}), name: "within" } }, /name is "within", expected a name of its own/],
    [
      "a source that there is not",
      { basis: { ...broken({}), from: "queries" } },
      /^evaluate: basis broken's from is "queries", expected one of base, support/,
    ],
    [
      "two bases",
      { basis: broken({}), mask: "centre>none" },
      /^evaluate: mask "centre>none" has a basis beside broken, expected one basis/,
    ],
    ["tuned", { basis: broken({}), mask: "tuned" }, /tuned/],
    ["two masks of one name", { name: "none", basis: broken({}) }, /evaluate: masks/],
  ])("is refused for %s", async (_, mask, message) => {
    await expect(run(["none", mask as MaskInBasis])).rejects.toThrow(message);
  });

  it("is refused beside statistics of base classes, unless it looks at the support alone", async () => {
    const { classStatistics } = await import("../../src/statistics.ts");
    const statistics = classStatistics(softprobe.l2Normalize(base.features), base.labels);
    await expect(run([{ basis: redone.centre }], { base: statistics })).rejects.toThrow(
      /^evaluate: basis my centre needs base rows, but base is statistics/,
    );
    const own = redone["views-support:4"];
    await expect(run([{ basis: own, mask: "wiener@prior/power:1" }], { base: statistics })).rejects.toThrow(/needs base rows/);
    const whole = await run([{ basis: own }, "views-support:4>none"], { base: statistics });
    expect(countsOf(whole, 0)).toEqual(countsOf(whole, 1));
  });

  it("needs all rows in memory, and is no basis of plda: the errors say so", async () => {
    const own = { basis: redone.centre };
    const reader = { rows: features.rows, cols: features.cols, read: async () => new Float64Array(0) };
    await expect(softprobe.evaluate(reader as never, labels, { ...task, episodes, masks: [own] })).rejects.toThrow(
      /needs all rows in memory/,
    );
    await expect(run([{ basis: redone["discriminant:1"] }], { probes: ["plda"] })).rejects.toThrow(
      /is asked for with mask "my discriminant>none"/,
    );
  });

  it("of fitProbe is one: not beside another, and checked as in evaluate", () => {
    const { support, supportLabels } = softprobe.sampleEpisode(index, task, 0);
    const fitting = (options: softprobe.ProbeOptions) => () =>
      softprobe.fitProbe(softprobe.takeRows(features, support), supportLabels, { base, ...options });
    expect(fitting({ basis: redone.centre, mask: "centre>none" })).toThrow(
      /^fitProbe: basis is given beside "centre>none", expected one basis/,
    );
    expect(fitting({ basis: redone.centre, mask: { basis: redone.centre } })).toThrow(/^fitProbe: basis is given beside basis my centre/);
    expect(fitting({ basis: broken({ ridge: -1 }) })).toThrow(/^fitProbe: ridge is -1/);
    expect(fitting({ mask: { basis: redone.centre, mask: "pair@oracle/power:1" } })).toThrow(
      /^fitProbe: mask "my centre>pair@oracle\/power:1" asks an oracle/,
    );
    expect(
      fitting({
        base: undefined,
        basis: { name: "alone", from: "base", fit: ({ base: known }) => reflection(known === null ? 37 : 36, 1) },
      }),
    ).not.toThrow();
  });
});

/** A Householder reflection, a rotation's nearest kin: I − 2vvᵀ. */
function reflection(cols: number, seed: number): Basis {
  const v = randomImportance(cols, seed, 0).map((value) => value - 0.5);
  const length = Math.hypot(...v);
  const transform = Float64Array.from({ length: cols * cols }, (_, at) => {
    const [i, j] = [Math.floor(at / cols), at % cols];
    return (i === j ? 1 : 0) - (2 * v[i] * v[j]) / length ** 2;
  });
  return {
    ...{ kind: "custom", normalize: "l2", ridge: 0, cols, dimensions: cols, mean: new Float64Array(cols) },
    ...{ transform, lower: null, lowRank: null, psi: null, within: null },
  };
}

/** Something that depends on the support's rows and on the episode. */
function turned(support: softprobe.Matrix, episode: number): Basis {
  const basis = reflection(support.cols, episode);
  return { ...basis, mean: Float64Array.from(support.data.subarray(0, support.cols), (value) => value / 100) };
}
