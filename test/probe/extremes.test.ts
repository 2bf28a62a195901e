import { describe, expect, it } from "vitest";
import { fitPlain } from "../../bench/lbfgs.ts";
import type { Matrix } from "../../src/core/matrix.ts";
import { fitSoftmax, type SoftmaxHead } from "../../src/probe/fitSoftmax.ts";
import { predictProba } from "../../src/probe/predict.ts";
import { extremeFeatures, extremeKinds } from "../properties/extremeFeatures.ts";
import { parameters, solveReference } from "../properties/softmaxReference.ts";

const penalties = [1e-9, 1e-6, 1e-3, 1, 1e3, 1e6, 1e9];
const shapes = [
  { ways: 2, rows: 1, cols: 1 },
  { ways: 2, rows: 1, cols: 5 },
  { ways: 3, rows: 2, cols: 1 },
  { ways: 5, rows: 1, cols: 160 },
  { ways: 5, rows: 5, cols: 40 },
  { ways: 8, rows: 2, cols: 12 },
  { ways: 2, rows: 50, cols: 3 },
] as const;

const labelsOf = (n: number, ways: number): number[] => Array.from({ length: n }, (_, i) => i % ways);

/** Euclidean norm, also of what has no square. */
function length(values: Iterable<number>): number {
  const list = Array.from(values, Math.abs);
  const largest = list.reduce((most, value) => Math.max(most, value), 0);
  return largest === 0 ? 0 : largest * Math.sqrt(list.reduce((sum, value) => sum + (value / largest) ** 2, 0));
}

/** The gradient at a head by plain loops: in W and in the intercepts, and the size of the terms that W's is the sum of. */
function gradientAt({ data, rows, cols }: Matrix, labels: readonly number[], head: SoftmaxHead): { w: number; b: number; terms: number } {
  const k = head.classes.length;
  const inW = Float64Array.from(head.coef);
  const inB = new Float64Array(k);
  let terms = 0;
  for (let i = 0; i < rows; i++) {
    const row = Float64Array.from(data.subarray(i * cols, (i + 1) * cols));
    const logits = Array.from(head.intercept, (own, c) => row.reduce((sum, value, j) => sum + value * head.coef[c * cols + j], own));
    const most = Math.max(...logits);
    const powers = logits.map((logit) => Math.exp(logit - most));
    const total = powers.reduce((sum, value) => sum + value, 0);
    const others = powers.reduce((sum, value, c) => (c === labels[i] ? sum : sum + value), 0);
    terms += head.C * length(row);
    for (let c = 0; c < k; c++) {
      const push = (head.C * (c === labels[i] ? -others : powers[c])) / total;
      inB[c] += push;
      for (let j = 0; j < cols; j++) inW[c * cols + j] += push * row[j];
    }
  }
  return { w: length(inW), b: length(inB), terms };
}

/** A fit whose every number is finite, and which has a small gradient wherever it says so. Returns whether it says so. */
function expectHonest(features: Matrix, labels: readonly number[], C: number, fitIntercept: boolean): boolean {
  const head = fitSoftmax(features, labels, { C, fitIntercept });
  for (const values of [head.coef, head.intercept, Float64Array.of(head.objective, head.gradientNorm)])
    expect(values.every(Number.isFinite)).toBe(true);
  expect(predictProba(head, features).data.every((p) => p >= 0 && p <= 1)).toBe(true);
  if (!head.converged) return false;
  const { w, b, terms } = gradientAt(features, labels, head);
  // 5e-324 is the least that a double tells from 0: of denormal features a few such are left.
  expect(w).toBeLessThanOrEqual(Math.max(2e-8 * length(head.coef), 2e-15 * terms, 1e-320));
  if (fitIntercept) expect(b).toBeLessThanOrEqual(2e-8 * C * labels.length);
  return true;
}

describe("fitSoftmax on features at the edges of what doubles hold, C from 1e-9 to 1e9", () => {
  /** Where C · |x|² goes beyond 1e8 or so, a double may not tell a better answer from a worse one. */
  const sure = ({ data, rows, cols }: Matrix, C: number): boolean =>
    Array.from({ length: rows }, (_, i) => length(data.subarray(i * cols, (i + 1) * cols))).every((norm) => C * norm * norm <= 1e8);

  it.each(extremeKinds)("%s: converges, or says that it did not, and where it did the gradient is small", (kind) => {
    shapes.forEach(({ ways, rows, cols }, s) => {
      for (const C of penalties)
        for (const fitIntercept of [true, false]) {
          const features = extremeFeatures(kind, ways * rows, cols, s);
          const converged = expectHonest(features, labelsOf(ways * rows, ways), C, fitIntercept);
          if (sure(features, C)) expect(converged, `${kind}, ${ways} ways × ${rows} of ${cols}, C ${C}`).toBe(true);
        }
    });
  });

  it("agrees with Newton's method in d dimensions wherever it says that it converged", () => {
    let compared = 0;
    for (const kind of ["plain", "unit", "constant", "duplicated", "collinear", "opposed", "onehot", "zero"] as const)
      for (const C of [1e-9, 1e-3, 1, 1e3])
        for (const { ways, rows, cols } of shapes.filter((shape) => shape.ways * shape.cols <= 12 && shape.rows < 10)) {
          const [features, labels] = [extremeFeatures(kind, ways * rows, cols, 7), labelsOf(ways * rows, ways)];
          const head = fitSoftmax(features, labels, { C });
          if (!head.converged) continue;
          const reference = solveReference({ features, labels, k: ways, C, fitIntercept: true });
          const gap = Math.max(...parameters(head.coef, head.intercept).map((value, p) => Math.abs(value - reference[p])));
          const size = Math.max(...reference.map(Math.abs));
          expect(gap, `${kind} ${ways} ${rows} ${cols} ${C}`).toBeLessThan(1e-6 * size + 1e-13);
          compared++;
        }
    expect(compared).toBeGreaterThan(90);
  });
});

describe("fitSoftmax at the edges of sizes", () => {
  const sizes = [
    { ways: 2, rows: 1, cols: 100_000, C: 1 },
    { ways: 5, rows: 1, cols: 100_000, C: 1e3 },
    { ways: 2, rows: 1000, cols: 1, C: 1 },
    { ways: 2, rows: 1000, cols: 16, C: 1e-9 },
    { ways: 3, rows: 300, cols: 20, C: 1e3 },
    { ways: 300, rows: 1, cols: 64, C: 1 },
    { ways: 1000, rows: 1, cols: 16, C: 1e-9 },
  ];
  it.each(sizes)("$ways ways × $rows rows of $cols dimensions, C $C", ({ ways, rows, cols, C }) => {
    expect(expectHonest(extremeFeatures("unit", ways * rows, cols, 3), labelsOf(ways * rows, ways), C, true)).toBe(true);
  });

  it.each([
    { ways: 5, rows: 1, cols: 3000 },
    { ways: 2, rows: 400, cols: 16 },
    { ways: 60, rows: 2, cols: 32 },
  ])(
    "$ways ways × $rows rows of $cols dimensions: L-BFGS in d dimensions comes near its answer, and never below it",
    ({ ways, rows, cols }) => {
      const [features, labels] = [extremeFeatures("plain", ways * rows, cols, 5), labelsOf(ways * rows, ways)];
      const head = fitSoftmax(features, labels, { C: 1 });
      expect(head.converged).toBe(true);
      const plain = fitPlain(features, Int32Array.from(labels), ways);
      const theirs = plain.objective;
      expect(head.objective).toBeLessThanOrEqual(theirs * (1 + 1e-12));
      expect(theirs).toBeLessThan(head.objective * (1 + 1e-5));
    },
  );
});
