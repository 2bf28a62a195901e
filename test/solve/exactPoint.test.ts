import { describe, expect, it } from "vitest";
import { loadRows } from "../../src/kernels/loadRows.ts";
import { exactPoint, lossOf } from "../../src/solve/exactPoint.ts";
import { matrix } from "../properties/arbitraries.ts";
import { heldOutGolden, usedKernels } from "../properties/gramProblem.ts";
import { parameters, softmaxAt } from "../properties/softmaxReference.ts";

const { rows, codes, fits } = heldOutGolden;

interface Place {
  readonly coef: ArrayLike<number>;
  readonly intercept: ArrayLike<number>;
}
/** What is found at a place of a problem, with kernel memory left as it was. */
function pointAt(
  data: readonly (readonly number[])[],
  labels: readonly number[],
  { coef, intercept }: Place,
  weights: ArrayLike<number>,
  fitIntercept: boolean,
  single = false,
) {
  const kernels = usedKernels();
  const features = matrix(data);
  const loaded = loadRows(kernels.memory, single ? { ...features, data: Float32Array.from(features.data) } : features);
  const before = kernels.memory.mark();
  const point = exactPoint(
    kernels,
    { rows: loaded, codes: Int32Array.from(labels), k: Math.max(...labels) + 1, fitIntercept },
    { coef: Float64Array.from(coef), intercept: Float64Array.from(intercept) },
    Float64Array.from(weights),
    Float64Array.from(data, (row) => Math.hypot(...row)),
  );
  expect(kernels.memory.mark()).toBe(before);
  return point;
}

describe("the objective at an answer", () => {
  it("is numpy's at numpy's optimum, where the gradient is 0", () => {
    for (const { C, fitIntercept, coef, intercept, objective } of fits) {
      const weights = heldOutGolden.weights.map((weight) => C * weight);
      for (const single of [false, true]) {
        const point = pointAt(rows, codes, { coef, intercept }, weights, fitIntercept, single);
        expect(Math.abs(point.objective / objective - 1)).toBeLessThan(1e-13);
        expect(point.gradientNorm).toBeLessThan(1e-12);
        expect(point.converged).toBe(true);
      }
    }
  });

  it("and its gradient are those of plain loops anywhere, with an odd and an even number of classes", () => {
    for (const k of [2, 3])
      for (const fitIntercept of [true, false]) {
        const labels = codes.map((code) => code % k);
        const coef = Float64Array.from({ length: 4 * k }, (_, at) => Math.sin(3 * at + 1));
        const intercept = Float64Array.from({ length: k }, (_, c) => (fitIntercept ? c - 0.4 : 0));
        const sampleWeight = codes.map((_, i) => 0.5 + (i % 3));
        const wanted = softmaxAt({ features: matrix(rows), labels, k, C: 1, sampleWeight, fitIntercept }, parameters(coef, intercept));
        const point = pointAt(rows, labels, { coef, intercept }, sampleWeight, fitIntercept);
        expect(Math.abs(point.objective / wanted.objective - 1)).toBeLessThan(1e-13);
        const free = wanted.gradient.filter((_, p) => fitIntercept || p % 5 !== 4);
        expect(Math.abs(point.gradientNorm / Math.hypot(...free) - 1)).toBeLessThan(1e-12);
        expect(point.converged).toBe(false);
      }
  });

  it("has converged where the gradient in W is at most 1e-8 of W, and in the intercepts at most 1e-8 of the weights", () => {
    for (const { C, fitIntercept, coef, intercept } of fits) {
      const sampleWeight = heldOutGolden.weights;
      const weights = sampleWeight.map((weight) => C * weight);
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      const problem = { features: matrix(rows), labels: codes, k: 3, C, sampleWeight, fitIntercept };
      /** Gradients at the optimum moved by `by` along a direction: in W as a share of W, in the intercepts of the weights. */
      const moved = (by: number, inW: boolean): Place => ({
        coef: coef.map((value, at) => value + (inW ? by * Math.cos(at) : 0)),
        intercept: intercept.map((value, c) => value + (inW ? 0 : by * (c - 1))),
      });
      const shares = (place: Place): [number, number] => {
        const { gradient } = softmaxAt(problem, parameters(place.coef, place.intercept));
        const ofW = gradient.filter((_, p) => p % 5 !== 4);
        const ofB = gradient.filter((_, p) => p % 5 === 4);
        return [Math.hypot(...ofW) / Math.hypot(...Array.from(place.coef)), fitIntercept ? Math.hypot(...ofB) / total : 0];
      };
      for (const inW of fitIntercept ? [true, false] : [true]) {
        // Near the optimum gradients are linear: how far the first of the two bounds is.
        const unit = Math.max(...shares(moved(1e-6, inW))) / 1e-6;
        for (const [share, converged] of [
          [0.97e-8, true],
          [1.03e-8, false],
        ] as const) {
          const place = moved(share / unit, inW);
          expect(Math.max(...shares(place)) / share).toBeCloseTo(1, 2);
          expect(pointAt(rows, codes, place, weights, fitIntercept).converged).toBe(converged);
        }
      }
    }
  });

  it("of rows of zeros has converged where the intercepts are the logarithms of the classes' shares, and nowhere else", () => {
    const zeros = Array.from({ length: 6 }, () => [0, 0]);
    const at = (intercept: number[]) =>
      pointAt(zeros, [0, 0, 0, 1, 1, 2], { coef: new Float64Array(6), intercept }, [1, 1, 1, 1, 1, 1], true);
    expect(at([Math.log(3), Math.log(2), 0]).converged).toBe(true);
    expect(at([0, 0, 0]).converged).toBe(false);
  });

  it("has converged where rounding of its terms leaves no more to find: 1e-15 of Σ weight · |x|", () => {
    // The same row in both classes: the optimum is W = 0, and near it the gradient is 2 W, √2 · 2 · e.
    for (const [e, converged] of [
      [4e-16, true],
      [2e-15, false],
    ] as const)
      expect(pointAt([[1], [1]], [0, 1], { coef: [e, -e], intercept: [0, 0] }, [1, 1], false).converged).toBe(converged);
    // Rows a thousand times as large, with terms as many times as large.
    expect(pointAt([[1000], [1000]], [0, 1], { coef: [4e-19, -4e-19], intercept: [0, 0] }, [1, 1], false).converged).toBe(true);
  });
});

it("a loss keeps its digits where a row's own class leads by far, and where it is last by far", () => {
  // Weights, gaps to the leading class, and sums of the other exponentials (with the leading one where the gap is above 0).
  const values = Float64Array.of(2, 3, ...[0, 50], ...[1e-20, 1.5]);
  expect(lossOf(values, 2, 0, 2, 4)).toBeCloseTo(2e-20 + 3 * (50 + Math.log(1.5)), 12);
  expect(lossOf(values, 1, 0, 2, 4)).toBeCloseTo(2e-20, 34);
});
