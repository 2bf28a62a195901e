import { expect, it } from "vitest";
import { createKernels } from "../../src/kernels/createKernels.ts";
import { fitWorkspace, paddedClasses } from "../../src/probe/solveSoftmax.ts";

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
