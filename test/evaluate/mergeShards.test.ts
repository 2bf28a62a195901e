import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type CurveOptions, type EvaluateOptions, evaluate, redundancyCurve, syntheticFeatures } from "../../src/index.ts";
import {
  type CurvePart,
  type EvaluationPart,
  execute,
  mergeShards,
  planCurve,
  planEvaluation,
  planGrid,
  type ShardOptions,
  shardOf,
} from "../../src/run.ts";
import { refuses } from "../properties/refuses.ts";

const { features, labels, augmented } = syntheticFeatures({ classes: 8, rowsPerClass: 12, dims: 24, views: 2, seed: 4 });
const base = { ways: 3, shots: 2, queries: 4, episodes: 14, augmented };
const masks = ["none", "pair@oracle/top:0.25", "wiener@posterior/power:1"];
const evaluation = { ...base, masks, probes: ["softmax", "centroid"] as const, metrics: ["macroF1"] as const, perEpisode: true };
const curve = { ...base, importance: "pair@augmented", fractions: [0.1, 0.5] };
const shards = (of: number) => Array.from({ length: of }, (_, i) => ({ shard: i + 1, of }));
const text = (value: unknown) => JSON.stringify(value);
const evaluateShard = (own: typeof features, names: typeof labels, { shard, of, ...options }: EvaluateOptions & ShardOptions) =>
  execute(shardOf(planEvaluation(own, names, options), { shard, of }));
const curveShard = (own: typeof features, names: typeof labels, { shard, of, ...options }: CurveOptions & ShardOptions) =>
  execute(shardOf(planCurve(own, names, options), { shard, of }));
/** As a part comes back from a file. */
const stored = <T>(value: T): T => JSON.parse(JSON.stringify(value));

describe("mergeShards", () => {
  it.each([1, 2, 3, 5, 16])("gives the bytes of one run for %i shards, in any order, read from files", async (of) => {
    const parts = await Promise.all(shards(of).map((shard) => evaluateShard(features, labels, { ...evaluation, ...shard })));
    const whole = text(await evaluate(features, labels, evaluation));
    expect(text(mergeShards(parts))).toBe(whole);
    expect(text(mergeShards(stored(parts).reverse()))).toBe(whole);
    const points = await Promise.all(shards(of).map((shard) => curveShard(features, labels, { ...curve, ...shard })));
    expect(text(mergeShards(stored(points).reverse()))).toBe(text(await redundancyCurve(features, labels, curve)));
  });

  it("gives them for tasks of several draws and for replayed episodes of unequal ways", async () => {
    const draws = { ...base, drawsPerTask: 3, perEpisode: true };
    const parts = await Promise.all(shards(4).map((shard) => evaluateShard(features, labels, { ...draws, ...shard })));
    expect(text(mergeShards(parts))).toBe(text(await evaluate(features, labels, draws)));
    const replay = [
      { support: [0, 12], query: [1, 13] },
      { support: [0, 12, 24], query: [2, 14, 25] },
      { support: [36, 12, 24], query: [37] },
    ];
    const points = await Promise.all(shards(2).map((shard) => curveShard(features, labels, { replay, ...shard })));
    expect(text(mergeShards(stored(points)))).toBe(text(await redundancyCurve(features, labels, { replay })));
  });

  it("has every episode in exactly one shard, whatever their number, the largest at most one longer than the smallest", async () => {
    const one = { ...base, masks: ["none"], probes: ["centroid"] as const };
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 30 }), async (of, episodes) => {
        const parts = await Promise.all(shards(of).map((shard) => evaluateShard(features, labels, { ...one, episodes, ...shard })));
        expect(parts.flatMap(({ from, to }) => Array.from({ length: to - from }, (_, i) => from + i))).toEqual([...Array(episodes).keys()]);
        const sizes = parts.map(({ from, to }) => to - from);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
      }),
      { numRuns: 15 },
    );
  });

  const part = (shard: number, more: Partial<Parameters<typeof evaluateShard>[2]> = {}, own = features): Promise<EvaluationPart> =>
    evaluateShard(own, labels, { ...base, ...more, shard, of: 3 });

  it("refuses missing and doubled episodes by name", async () => {
    const [a, b, c] = await Promise.all([part(1), part(2), part(3)]);
    const names = ["a.json", "b.json"];
    refuses(
      () => mergeShards([a, c]),
      RangeError,
      "mergeShards: parts has no shard 2/3, episodes 4…8, expected every one of 14 episodes once",
    );
    refuses(
      () => mergeShards([b, a]),
      RangeError,
      "mergeShards: parts has no shard 3/3, episodes 9…13, expected every one of 14 episodes once",
    );
    refuses(
      () => mergeShards([b, b], { names }),
      RangeError,
      "mergeShards: parts has no shard 1/3, episodes 0…3, expected every one of 14 episodes once",
    );
    refuses(
      () => mergeShards([a, a, b, c], { names: ["a.json", "again.json", "b.json", "c.json"] }),
      RangeError,
      "mergeShards: again.json has episodes 0…3, which a.json has too, expected each in one part",
    );
    refuses(() => mergeShards([]), RangeError, "mergeShards: parts has 0 entries, expected at least 1");
  });

  it("refuses parts of another run, other data and another version by name", async () => {
    const [a, seed, C] = await Promise.all([part(1), part(2, { seed: 1 }), part(2, { C: 2 })]);
    const data = features.data.slice();
    data[5] += 1e-3;
    const moved = await part(2, {}, { ...features, data });
    const names = ["a.json", "b.json"];
    const whole = (other: EvaluationPart) => () => mergeShards([a, other], { names });
    refuses(whole(seed), RangeError, /^mergeShards: b\.json is of another run \(digest "/);
    refuses(whole(C), RangeError, "mergeShards: b.json is of another run (config.C 2), expected 1, as a.json has");
    refuses(
      whole(moved),
      RangeError,
      /^mergeShards: b\.json was counted on other data \(fingerprint "[0-9a-f]{16}"\), expected "[0-9a-f]{16}", as a\.json has$/,
    );
    refuses(
      () => mergeShards([{ ...a, version: "9.9.9" }], { names }),
      RangeError,
      "mergeShards: a.json was made by softprobe 9.9.9, expected 0.1.0, the version that merges",
    );
    const curves = await curveShard(features, labels, { ...base, shard: 2, of: 3 });
    refuses(
      () => mergeShards([a, curves as unknown as EvaluationPart], { names }),
      RangeError,
      /^mergeShards: b\.json is of another run \(/,
    );
  });

  it("refuses whatever is no part, and never fails without a name, whatever is broken in one", async () => {
    const good = [await part(1), await curveShard(features, labels, { ...base, shard: 1, of: 1 })];
    refuses(() => mergeShards([null as never]), TypeError, "mergeShards: parts[0] is null, expected a part, softprobe/part@3");
    refuses(
      () => mergeShards([{ schema: "softprobe/eval@1" } as never]),
      RangeError,
      "mergeShards: parts[0] is a softprobe/eval@1, expected a part, softprobe/part@3",
    );
    refuses(
      () => mergeShards([{ ...good[0], correct: [1] } as never]),
      RangeError,
      "mergeShards: parts[0] has 1 counts, expected 4 × 2 = 8",
    );
    refuses(
      () => mergeShards([{ ...good[0], totals: [0, 1, 1, 1] } as never]),
      TypeError,
      "mergeShards: parts[0] totals[0] is 0, expected whole numbers of at least 1",
    );
    const junk = [undefined, null, -1, 1.5, 2 ** 60, "", "x", [], {}, [null], [-1], true];
    for (const from of good) {
      for (const key of Object.keys(from)) {
        for (const value of junk) {
          const broken = { ...stored(from), [key]: value } as unknown as CurvePart;
          try {
            mergeShards([broken]);
          } catch (error) {
            expect((error as Error).message, `${key} = ${text(value)}`).toMatch(/^mergeShards: .*, expected /);
          }
        }
      }
    }
  });

  it("refuses shards that there are not", async () => {
    const plan = planEvaluation(features, labels, base);
    refuses(() => shardOf(plan, { shard: 4, of: 3 }), RangeError, "shardOf: shard is 4, expected a whole number in 1…3");
    refuses(() => shardOf(plan, { shard: 1, of: 0 }), RangeError, "shardOf: of is 0, expected a whole number in 1…1048576");
    const grid = planGrid(features, labels, { shots: [1, 2], ways: [2], episodes: 2, queries: 2 });
    refuses(
      () => shardOf(grid as never, { shard: 1, of: 2 }),
      TypeError,
      "shardOf: plan is Object, expected a plan of planEvaluation or planCurve",
    );
  });
});
