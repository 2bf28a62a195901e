import { expect, it } from "vitest";
import type { Matrix } from "../../src/core/matrix.ts";
import { randomNormal, randomStream } from "../../src/core/random.ts";
import { withKernels } from "../../src/kernels/createKernels.ts";
import { fitSoftmax } from "../../src/probe/fitSoftmax.ts";
import { cheaperForm, prepareSoftmax } from "../../src/probe/prepareSoftmax.ts";
import type { SoftmaxSolution } from "../../src/probe/softmaxSolution.ts";
import { matrix } from "../properties/arbitraries.ts";
import { parameters, softmaxAt } from "../properties/softmaxReference.ts";

const inSpan = (features: Matrix, codes: Int32Array, k: number, C: number): SoftmaxSolution =>
  withKernels("auto", (kernels) => prepareSoftmax(kernels, { features, codes, k, fitIntercept: true, form: "dual" }, "test").solve({ C }));

it("a fit whose dual coefficients need more digits than the Gram matrix has goes on in d dimensions", () => {
  // Labels that have nothing to do with the rows.
  const random = randomStream(3, "synthetic");
  const features = { data: Float32Array.from({ length: 200 * 400 }, () => 0.3 + 0.1 * randomNormal(random)), rows: 200, cols: 400 };
  const [codes, k, C] = [Int32Array.from({ length: 200 }, (_, i) => i % 20), 20, 1e6];
  expect(cheaperForm(200, 400, 20)).toBe("dual");
  const dual = inSpan(features, codes, k, C);
  const head = fitSoftmax(features, codes, { C });
  expect([dual.converged, head.converged]).toEqual([false, true]);
  expect(head.gradientNorm).toBeLessThan(1e-8 * Math.hypot(...head.coef));
  expect(head.objective).toBeLessThanOrEqual(dual.objective);
  expect(head.nIter).toBeGreaterThan(dual.nIter);
});

it("a small fit that has not converged goes on by plain loops, from where it is", () => {
  const rows = Array.from({ length: 30 }, (_, i) => [Math.sin(i), Math.cos(3 * i), 0.1 * (i % 3)]);
  const features = matrix(rows.map((row) => row.map((value) => value / Math.hypot(...row))));
  const codes = Int32Array.from({ length: 30 }, (_, i) => (i * 7) % 3);
  for (const C of [1e5, 1e6]) {
    const [dual, head] = [inSpan(features, codes, 3, C), fitSoftmax(features, codes, { C })];
    expect([dual.converged, head.converged]).toEqual([false, true]);
    const { objective, gradient } = softmaxAt(
      { features, labels: Array.from(codes), k: 3, C, fitIntercept: true },
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
