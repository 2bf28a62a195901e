import { expect, it } from "vitest";
import { compareTheory } from "../../src/evaluate/compareTheory.ts";
import { redundancyCurve } from "../../src/evaluate/redundancyCurve.ts";
import { l2Normalize } from "../../src/features/l2Normalize.ts";
import { syntheticFeatures } from "../../src/features/syntheticFeatures.ts";
import { classStatistics } from "../../src/statistics/classStatistics.ts";
import { bestFraction } from "../../src/theory/bestFraction.ts";
import { theoreticalRedundancyCurve } from "../../src/theory/theoreticalRedundancyCurve.ts";
import { usefulShots } from "../../src/theory/usefulShots.ts";

const { features, labels } = syntheticFeatures({ classes: 4, rowsPerClass: 40, dims: 50, separation: 1.2, seed: 4 });
const plain = { fractions: [0.1, 1], episodes: 20, queries: 5 };

it("sets the theory of the scaled rows beside the two-way centroid episodes of the same rows", async () => {
  const rows = l2Normalize(features);
  const statistics = classStatistics(rows, labels);
  const { schema, shots, dimensions } = await compareTheory(features, labels, { ...plain, shots: [1, 5] });
  expect(schema).toBe("softprobe/theory@1");
  expect(dimensions).toBe(50);
  const useful = usefulShots(statistics);
  for (const { shots: own, points, best, usefulDimensions } of shots) {
    const theory = theoreticalRedundancyCurve(statistics, { shots: own, fractions: plain.fractions });
    points.forEach((point, i) => {
      expect(point.theory).toBeCloseTo(theory[i].accuracy, 12);
    });
    expect(best).toEqual(bestFraction(statistics, { shots: own }));
    expect(usefulDimensions).toBe(useful.filter((needed) => needed <= own).length);
    const measured = await redundancyCurve(rows, labels, {
      ...{ ...plain, ways: 2, shots: own, probe: "centroid", normalize: "none" },
    });
    expect(points.map((point) => point.measured)).toEqual(measured.points.map(({ accuracy }) => accuracy));
  }
});

it("agrees with the measurement where features are independent normals", async () => {
  const many = syntheticFeatures({ classes: 4, rowsPerClass: 1000, dims: 60, separation: 1.2, seed: 4 });
  const { shots } = await compareTheory(many.features, many.labels, {
    normalize: "none",
    shots: 1,
    episodes: 800,
    fractions: [0.1, 0.5, 1],
  });
  for (const { theory, ci95 } of shots[0].points) {
    // Twice the half-width: three points at once, and a theory that must not fail on the luck of a seed.
    const spare = (ci95[1] - ci95[0]) / 2;
    expect(theory).toBeGreaterThan(ci95[0] - spare);
    expect(theory).toBeLessThan(ci95[1] + spare);
  }
});

it("leaves classes with too few rows for the largest shots out of both sides, at every number of shots", async () => {
  const rare = Array.from(labels, (label, i) => (i % 8 === 0 ? 99 : label));
  const count = rare.filter((label) => label === 99).length;
  expect(count).toBe(20);
  const { excludedClasses, config, shots } = await compareTheory(features, rare, { ...plain, shots: [1, 25] });
  expect(excludedClasses).toEqual([99]);
  expect(config.pairs).toBe(6);
  const statistics = classStatistics(l2Normalize(features), rare);
  const pairs = [0, 1, 2, 3].flatMap((b) => [0, 1, 2, 3].filter((a) => a < b).map((a) => [a, b] as const));
  const [first] = theoreticalRedundancyCurve(statistics, { shots: 1, fractions: [0.1], pairs });
  expect(shots[0].points[0].theory).toBeCloseTo(first.accuracy, 12);
});

it("looks at no more pairs than asked, the same for the same seed", async () => {
  const at = (seed: number) => compareTheory(features, labels, { ...plain, shots: 1, pairs: 2, seed });
  const [once, again] = [await at(1), await at(1)];
  expect(once).toEqual(again);
  expect(once.config.pairs).toBe(2);
});

it("names what is wrong", async () => {
  await expect(compareTheory(features, labels, { shots: [] })).rejects.toThrow(/compareTheory: shots has 0 entries/);
  await expect(compareTheory(features, labels, { shots: [1, 0] })).rejects.toThrow(/compareTheory: shots\[1\] is 0/);
  await expect(compareTheory(features, labels, { shots: "1" as unknown as number })).rejects.toThrow(TypeError);
  await expect(compareTheory(features, labels, { pairs: 0 })).rejects.toThrow(/compareTheory: pairs is 0/);
  await expect(compareTheory(features, [1, 2])).rejects.toThrow(/compareTheory: labels has 2 rows/);
});
