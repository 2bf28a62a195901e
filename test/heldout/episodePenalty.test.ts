import { describe, expect, it } from "vitest";
import { l2Normalize } from "../../src/features/l2Normalize.ts";
import { syntheticFeatures } from "../../src/features/syntheticFeatures.ts";
import { takeRows } from "../../src/features/takeRows.ts";
import { choosePenalty } from "../../src/heldout/choosePenalty.ts";
import { canHoldOut, episodePenalty, oneShotPenalty, rowsPenalty } from "../../src/heldout/episodePenalty.ts";
import { withKernels } from "../../src/kernels/createKernels.ts";
import { matrix, rowsOf } from "../properties/arbitraries.ts";
import { gramProblem } from "../properties/gramProblem.ts";

describe("rows can be held out", () => {
  const of = (codes: number[], groups: number[][], weights = codes.map(() => 1), k = Math.max(...codes) + 1): boolean =>
    canHoldOut({ codes: Int32Array.from(codes), k, weights: Float64Array.from(weights), groups });
  it("where every class is in two groups or more, by rows of weight above 0", () => {
    expect(of([0, 1, 0, 1], [[0], [1], [2], [3]])).toBe(true);
    expect(of([0, 1, 0, 1, 1], [[0], [1], [2], [3], [4]])).toBe(true);
    expect(of([0, 1, 0], [[0], [1], [2]])).toBe(false);
    expect(of([1, 0, 1], [[0], [1], [2]])).toBe(false);
    // Two rows of one group are one example.
    expect(of([0, 0, 1, 1], [[0, 1], [2], [3]])).toBe(false);
    expect(of([0, 0, 0, 1, 1], [[0, 1], [2], [3], [4]])).toBe(true);
    expect(of([0, 1, 0, 1], [[0], [1], [2], [3]], [1, 1, 0, 1])).toBe(false);
    expect(
      of(
        [0, 1, 0, 1],
        [
          [0, 1],
          [2, 3],
        ],
      ),
    ).toBe(true);
    expect(
      of(
        [0, 1, 0, 1],
        [
          [0, 1],
          [2, 3],
        ],
        undefined,
        3,
      ),
    ).toBe(false);
  });
});

describe("C of an episode", () => {
  const made = syntheticFeatures({ classes: 3, rowsPerClass: 5, dims: 12, seed: 3 });
  const features = l2Normalize(made.features);
  const codes = Array.from(made.labels, Number);
  const problem = {
    codes: Int32Array.from(codes),
    k: 3,
    weights: Float64Array.from(codes, (_, i) => 1 + (i % 2)),
    groups: codes.map((_, i) => [i]),
  };

  it("is what choosePenalty chooses for the rows: their Gram matrix will do", () => {
    const { C } = choosePenalty(features, codes, { sampleWeight: problem.weights });
    withKernels("auto", (kernels) => {
      const gram = gramProblem(kernels, rowsOf(features), codes, problem);
      const before = kernels.memory.mark();
      expect(Math.abs(episodePenalty(kernels, gram) / C - 1)).toBeLessThan(1e-6);
      expect(kernels.memory.mark()).toBe(before);
    });
    for (const kernels of ["js", "wasm", undefined] as const)
      expect(Math.abs(rowsPenalty(features, problem, kernels) / C - 1)).toBeLessThan(1e-6);
    const single = { ...features, data: Float32Array.from(features.data) };
    expect(Math.abs(rowsPenalty(single, problem) / C - 1)).toBeLessThan(1e-5);
  });

  it("at one row a class is a hundred over the rows' mean squared distance from their mean, 1 where they are all alike", () => {
    const one = takeRows(made.features, [0, 5, 10]);
    const ofOne = { codes: Int32Array.of(0, 1, 2), k: 3, weights: new Float64Array(3).fill(1), groups: [[0], [1], [2]] };
    const mean = rowsOf(one)[0].map((_, j) => rowsOf(one).reduce((sum, row) => sum + row[j] / 3, 0));
    const distance = rowsOf(one).reduce((sum, row) => sum + row.reduce((all, value, j) => all + (value - mean[j]) ** 2, 0) / 3, 0);
    expect(oneShotPenalty).toBe(100);
    expect(Math.abs((rowsPenalty(one, ofOne) * distance) / 100 - 1)).toBeLessThan(1e-12);
    expect(
      rowsPenalty(
        matrix([
          [2, 1],
          [2, 1],
          [2, 1],
        ]),
        ofOne,
      ),
    ).toBe(100);
    expect(
      rowsPenalty(
        matrix([
          [0.1, 0.3],
          [0.1, 0.3],
          [0.1, 0.3],
        ]),
        ofOne,
      ),
    ).toBeGreaterThanOrEqual(100);
  });
});
