import { expect, it } from "vitest";
import type { Matrix } from "../../src/core/matrix.ts";
import { randomNormal, randomStream } from "../../src/core/random.ts";
import { withKernels } from "../../src/kernels/createKernels.ts";
import { fitSoftmax, fittingSoftmax } from "../../src/probe/fitSoftmax.ts";
import { cheaperForm, prepareSoftmax } from "../../src/solve/prepareSoftmax.ts";
import type { SoftmaxSolution, SolveRequest } from "../../src/solve/softmaxSolution.ts";
import { matrix } from "../properties/arbitraries.ts";
import { farthest } from "../properties/close.ts";
import { stepsOf } from "../properties/gramProblem.ts";
import { parameters, softmaxAt } from "../properties/softmaxReference.ts";

/** The answer of one form's solver alone, from nothing or from another's. */
function solved(form: "dual" | "primal", features: Matrix, codes: Int32Array, request: SolveRequest): SoftmaxSolution {
  const k = Math.max(...codes) + 1;
  return withKernels("auto", (kernels) => prepareSoftmax(kernels, { features, codes, k, fitIntercept: true, form }, "test").solve(request));
}

it("a fit whose dual coefficients need more digits than the Gram matrix has goes on in d dimensions", () => {
  // Labels that have nothing to do with the rows.
  const random = randomStream(3, "synthetic");
  const features = { data: Float32Array.from({ length: 200 * 400 }, () => 0.3 + 0.1 * randomNormal(random)), rows: 200, cols: 400 };
  const [codes, C] = [Int32Array.from({ length: 200 }, (_, i) => i % 20), 1e6];
  expect(cheaperForm(200, 400, 20)).toBe("dual");
  const dual = solved("dual", features, codes, { C });
  const head = fitSoftmax(features, codes, { C });
  expect([dual.converged, head.converged]).toEqual([false, true]);
  expect(head.gradientNorm).toBeLessThan(1e-8 * Math.hypot(...head.coef));
  expect(head.objective).toBeLessThanOrEqual(dual.objective);
  expect(head.nIter).toBeGreaterThan(dual.nIter);
});

it("of two answers that have not converged, in the span of the rows and in d dimensions, the one of the lesser gradient is given", () => {
  const random = randomStream(3, "synthetic");
  const data = Float64Array.from({ length: 100 * 510 }, () => 0.3 + 0.1 * randomNormal(random));
  const codes = Int32Array.from({ length: 100 }, (_, i) => i % 20);
  expect(cheaperForm(100, 510, 20)).toBe("dual");
  const ends = [1, 1e-60].flatMap((scale) =>
    (scale === 1 ? [1e8, 1e11] : [1]).map((C) => {
      const features = { data: data.map((value) => value * scale), rows: 100, cols: 510 };
      const dual = solved("dual", features, codes, { C });
      const primal = solved("primal", features, codes, { C, warm: dual });
      const { coef, gradientNorm, nIter, converged } = fitSoftmax(features, codes, { C });
      expect([dual.converged, primal.converged, converged]).toEqual([false, false, false]);
      const goneOn = primal.gradientNorm < dual.gradientNorm;
      const { nIter: own, ...best } = goneOn ? primal : dual;
      expect({ coef, gradientNorm, nIter }).toEqual({
        ...{ coef: best.coef, gradientNorm: best.gradientNorm },
        nIter: goneOn ? dual.nIter + own : own,
      });
      return goneOn;
    }),
  );
  expect(new Set(ends)).toEqual(new Set([true, false]));
});

/** The minimiser where W is so small that it moves no logit: intercepts give the classes' shares, W is Σ C · (y − share) · x. */
function vanishing({ data, rows, cols }: Matrix, codes: Int32Array, k: number, C: number) {
  const shares = Array.from({ length: k }, (_, c) => codes.filter((code) => code === c).length / rows);
  const meanLog = shares.reduce((sum, share) => sum + Math.log(share) / k, 0);
  const coef = new Float64Array(k * cols);
  for (let i = 0; i < rows; i++)
    for (let c = 0; c < k; c++)
      for (let j = 0; j < cols; j++) coef[c * cols + j] += C * (Number(codes[i] === c) - shares[c]) * data[i * cols + j];
  return { coef, intercept: Float64Array.from(shares, (share) => Math.log(share) - meanLog) };
}

it.each([1, 1e3, 1e12])("features too small to move a logit have the minimiser that theory gives: C = %d", (C) => {
  for (const rows of [
    [[1], [2], [3], [4], [10], [5]],
    [
      [1, 2],
      [3, -1],
      [2, 2],
      [0, 1],
      [4, -5],
      [1, 1],
    ],
  ]) {
    const features = matrix(rows.map((row) => row.map((value) => value * 1e-60)));
    const codes = Int32Array.of(0, 1, 0, 2, 2, 0);
    const [head, { coef, intercept }] = [fitSoftmax(features, codes, { C }), vanishing(features, codes, 3, C)];
    expect([head.kind, head.converged]).toEqual(["softmax", true]);
    expect(farthest(head.intercept, intercept)).toBeLessThan(1e-9);
    expect(
      farthest(
        head.coef.map((value) => value * 1e60),
        coef.map((value) => value * 1e60),
      ),
    ).toBeLessThan(1e-8 * C);
  }
});

it("plain loops go on with a million values times classes, and with no more", () => {
  const random = randomStream(3, "synthetic");
  const data = Float64Array.from({ length: 10_001 * 50 }, () => 0.3 + 0.1 * randomNormal(random));
  // So small that the rounding of intercepts counts for more than W.
  const C = 1e-30;
  for (const [rows, goesOn] of [
    [10_000, true],
    [10_001, false],
  ] as const) {
    const features = { data: data.subarray(0, rows * 50), rows, cols: 50 };
    const codes = Int32Array.from({ length: rows }, (_, i) => (i % 7) % 2);
    expect(cheaperForm(rows, 50, 2)).toBe("primal");
    const [own, head] = [solved("primal", features, codes, { C }), fitSoftmax(features, codes, { C })];
    expect([own.converged, head.converged]).toEqual([false, goesOn]);
    expect(head.nIter).toBe(own.nIter);
    if (!goesOn) expect([head.coef, head.intercept, head.gradientNorm]).toEqual([own.coef, own.intercept, own.gradientNorm]);
  }
});

it("where the solver's answer is worse than none, plain loops start from none", () => {
  // Three pairs of equal rows with two labels each: no W tells them apart, and log 2 is left of each row.
  const rows = [
    [1, 2],
    [1, 2],
    [-1, 0],
    [-1, 0],
    [3, 1],
    [3, 1],
  ];
  const codes = Int32Array.of(0, 1, 0, 1, 1, 2);
  for (const [scale, C] of [
    [1, 1e15],
    [1000, 1e9],
  ]) {
    const features = matrix(rows.map((row) => row.map((value) => value * scale)));
    const own = solved(cheaperForm(6, 2, 3), features, codes, { C });
    const head = fitSoftmax(features, codes, { C });
    expect(own.objective).toBeGreaterThan(6 * C * Math.log(3));
    expect(head.converged).toBe(true);
    expect(head.objective / (6 * C * Math.LN2)).toBeCloseTo(1, 6);
  }
});

it("a small fit that has not converged goes on by plain loops, from where it is", () => {
  const rows = Array.from({ length: 30 }, (_, i) => [Math.sin(i), Math.cos(3 * i), 0.1 * (i % 3)]);
  const features = matrix(rows.map((row) => row.map((value) => value / Math.hypot(...row))));
  const codes = Int32Array.from({ length: 30 }, (_, i) => (i * 7) % 3);
  for (const [C, weight] of [
    [1e5, 1],
    [1e6, 1],
    [5e4, 2],
  ]) {
    const sampleWeight = new Float64Array(30).fill(weight);
    const [dual, head] = [solved("dual", features, codes, { C, weights: sampleWeight }), fitSoftmax(features, codes, { C, sampleWeight })];
    expect([dual.converged, head.converged]).toEqual([false, true]);
    const { objective, gradient } = softmaxAt(
      { features, labels: Array.from(codes), k: 3, C: C * weight, fitIntercept: true },
      parameters(head.coef, head.intercept),
    );
    expect(Math.abs(head.objective / objective - 1)).toBeLessThan(1e-12);
    expect(head.objective).toBeLessThanOrEqual(dual.objective * (1 + 1e-12));
    expect(Math.hypot(...gradient.filter((_, p) => p % 4 !== 3))).toBeLessThan(1.1e-8 * Math.hypot(...head.coef));
    // From its answer a step or two are left; from nothing it would take many.
    expect(head.nIter).toBeGreaterThan(dual.nIter);
    expect(head.nIter - dual.nIter).toBeLessThanOrEqual(2);
  }
});

it("in slices on kernels of its own it is the fit to the bit, and gives its kernels back when it is stopped", () => {
  const random = randomStream(4, "synthetic");
  const features = { data: Float64Array.from({ length: 300 * 40 }, () => randomNormal(random)), rows: 300, cols: 40 };
  const labels = Array.from({ length: 300 }, (_, i) => "abcde"[i % 5]);
  const whole = fitSoftmax(features, labels, { C: 30 });
  const { steps, value } = stepsOf(fittingSoftmax(features, labels, { C: 30 }));
  expect(steps.length).toBeGreaterThan(whole.nIter);
  expect(value).toEqual(whole);
  const stopped = fittingSoftmax(features, labels, { C: 30 });
  stopped.next();
  stopped.return(undefined as never);
  expect(fitSoftmax(features, labels, { C: 30 })).toEqual(whole);
});
