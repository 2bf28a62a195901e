import { describe, expect, it } from "vitest";
import type { Kernels } from "../../src/kernels/kernels.ts";
import { fitSoftmaxGram } from "../../src/solve/fitSoftmaxGram.ts";
import { farthest } from "../properties/close.ts";
import { heldOutGolden, usedKernels } from "../properties/gramProblem.ts";

describe("the fit of rows known by their inner products", () => {
  // Once and twice: of few rows all arrays lie within whole lines of memory.
  it.each([1, 2])("is the optimum: dual coefficients C · (y − p), and logits by them; rows %d times", (times) => {
    const rows = Array.from({ length: times }, () => heldOutGolden.rows).flat();
    const codes = Int32Array.from(Array.from({ length: times }, () => heldOutGolden.codes).flat());
    const n = rows.length;
    const gram = Float64Array.from(rows.flatMap((a) => rows.map((b) => a.reduce((sum, value, j) => sum + value * b[j], 0))));
    for (const kernels of [usedKernels("js"), usedKernels("wasm")]) {
      const before = kernels.memory.mark();
      for (const C of [20, 0.5]) {
        const { dual, intercept, converged } = fitSoftmaxGram(kernels, gram, codes, 3, C);
        expect(converged).toBe(true);
        expect([dual.length, intercept.length]).toEqual([3 * n, 3]);
        rows.forEach((_, i) => {
          const logits = Array.from(intercept, (own, c) => rows.reduce((sum, _row, j) => sum + gram[i * n + j] * dual[j * 3 + c], own));
          const powers = logits.map(Math.exp);
          const total = powers.reduce((sum, value) => sum + value, 0);
          powers.forEach((power, c) => {
            expect(Math.abs(dual[i * 3 + c] - C * (Number(codes[i] === c) - power / total))).toBeLessThan(1e-8 * C);
          });
        });
      }
      expect(kernels.memory.mark()).toBe(before);
      // Coarse: sooner, and less exact.
      const [coarse, exact] = [1e-1, undefined].map((tolerance) => fitSoftmaxGram(kernels, gram, codes, 3, 20, tolerance));
      expect(farthest(coarse.dual, exact.dual)).toBeGreaterThan(1e-9);
    }
  });
  it("says what the kernel says: where that gave up, it has not converged", () => {
    const kernels = usedKernels();
    const hopeless: Kernels = {
      ...kernels,
      fit: (...given) => {
        kernels.fit(...given);
        kernels.memory.f64[(given[14] >>> 3) + 1] = 0;
      },
    };
    const gram = Float64Array.of(1, 0.3, 0.2, 0.3, 1, 0.5, 0.2, 0.5, 1);
    expect([kernels, hopeless].map((own) => fitSoftmaxGram(own, gram, Int32Array.of(0, 1, 0), 2, 10).converged)).toEqual([true, false]);
  });
});
