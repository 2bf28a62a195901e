import { describe, expect, expectTypeOf, it } from "vitest";
import { redundancyCurve, redundancyGrid, syntheticFeatures } from "../../src/index.ts";
import { compareTheory } from "../../src/theory.ts";
import { tuneMask, tuneSupport } from "../../src/tune.ts";

const { features, labels, augmented } = syntheticFeatures({ classes: 7, rowsPerClass: 14, dims: 24, views: 2, seed: 3 });
const small = { queries: 4, episodes: 6, seed: 2 };

describe("the config of a result has the fields that its type tells", () => {
  it("of a curve and of a grid, whose shots and ways are lists", async () => {
    const { config: curve } = await redundancyCurve(features, labels, { ...small, fractions: [0.5, 1], normalize: "none" });
    expectTypeOf(curve.ways).toEqualTypeOf<number | undefined>();
    expectTypeOf(curve.importance).toEqualTypeOf<string | undefined>();
    expect(curve).toMatchObject({ ways: 5, shots: 1, importance: "pair@oracle", probe: "softmax", fractions: [0.5, 1], normalize: "none" });
    const { config } = await redundancyGrid(features, labels, { ...small, shots: [1, 3], ways: [2, 4], fractions: [0.5, 1] });
    expectTypeOf(config.ways).toEqualTypeOf<readonly number[] | undefined>();
    expectTypeOf(config.shots).toEqualTypeOf<readonly number[] | undefined>();
    expectTypeOf(config.epsilon).toEqualTypeOf<number | undefined>();
    expect(config).toMatchObject({
      shots: [1, 3],
      ways: [2, 4],
      queries: 4,
      episodes: 6,
      seed: 2,
      C: 1,
      fractions: [0.5, 1],
      epsilon: 0.01,
    });
  });

  it("of theory, which has no epsilon", async () => {
    const { config } = await compareTheory(features, labels, { ...small, shots: [1, 2], fractions: [0.5, 1] });
    expectTypeOf(config.shots).toEqualTypeOf<readonly number[] | undefined>();
    expectTypeOf(config.pairs).toEqualTypeOf<number | undefined>();
    expectTypeOf(config.epsilon).toEqualTypeOf<unknown>();
    expect(config).toMatchObject({ shots: [1, 2], ways: 2, pairs: 21, probe: "centroid", fractions: [0.5, 1], normalize: "l2" });
    expect(config.epsilon).toBeUndefined();
  });

  it("of tuneMask and tuneSupport, whole", () => {
    const candidates = [{ mask: "centre>none", trainOn: "support" }] as const;
    const { config } = tuneMask(features, labels, { candidates, queries: 3, seed: 5, level: 0.1 });
    expectTypeOf(config.sets).toEqualTypeOf<number | undefined>();
    const { sets, episodes, ...rest } = config;
    expect(rest).toEqual({ ways: 3, shots: 1, queries: 3, seed: 5, level: 0.1, baseClasses: 7 });
    expect(episodes! / sets!).toBe(8);
    const few = tuneSupport(features, labels, { candidates: [{ mask: "none", trainOn: "augmented" }], augmented, C: [1, 10] });
    expectTypeOf(few.config.C).toEqualTypeOf<readonly number[] | undefined>();
    expectTypeOf(few.config.normalize).toEqualTypeOf<"l2" | "none" | undefined>();
    expect(few.config).toEqual({ rows: 98, classes: 7, leastRows: 14, views: 2, normalize: "l2", level: few.config.level, C: [1, 10] });
  });
});
