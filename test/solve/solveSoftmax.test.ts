import { expect, it } from "vitest";
import { createKernels } from "../../src/kernels/createKernels.ts";
import { fitWorkspace, looseError, looseTolerance, paddedClasses } from "../../src/solve/solveSoftmax.ts";

it("classes are padded to an even number", () => {
  expect([2, 3, 4, 5, 301].map(paddedClasses)).toEqual([2, 4, 4, 6, 302]);
});

it("the parts of a fit's workspace lie apart, each as large as a fit of that size needs", () => {
  const kernels = createKernels("js");
  const [n, k] = [7, 3];
  const { dual, intercept, work, info } = fitWorkspace(kernels, n, k);
  expect(intercept - dual).toBeGreaterThanOrEqual(8 * n * 4);
  expect(work - intercept).toBeGreaterThanOrEqual(8 * 4);
  expect(info - work).toBeGreaterThanOrEqual(8 * (2 * n * n + 4 * n + 12 * n * 4 + 3 * 4));
  expect(kernels.memory.f64.length).toBeGreaterThanOrEqual(info / 8 + 5);
});

it("a first fit is the tighter the more queries and classes there are, and never coarser than 1e-4", () => {
  expect(looseTolerance(1, 2)).toBe(1e-4);
  expect(looseTolerance(150, 2)).toBeCloseTo(1e-4, 18);
  expect(looseTolerance(300, 20)).toBeCloseTo(5e-6, 20);
  expect(looseTolerance(600, 20)).toBeCloseTo(2.5e-6, 20);
});

it("two scores of a row of norm 1 differ by at most √2 times what W and the intercepts are off", () => {
  expect(looseError(Float64Array.of(9, 9, 0, 0, 0, 0, 0, 0.25, 0.5), 2)).toBeCloseTo(Math.SQRT2 * 0.75, 15);
});
