import { describe, expect, it, vi } from "vitest";
import { doWork } from "../../src/core/work.ts";
import { approximateSolver } from "../../src/heldout/approximateSolver.ts";
import { preparingHeldOut } from "../../src/heldout/prepareHeldOut.ts";
import {
  fitCalibratedProbe,
  fitCalibratedProbeAsync,
  fitProbe,
  fitProbeAsync,
  l2Normalize,
  predict,
  syntheticFeatures,
} from "../../src/index.ts";
import { withKernels } from "../../src/kernels/createKernels.ts";
import { prepareSoftmax } from "../../src/solve/prepareSoftmax.ts";

/** How often work stops, and what it gives. */
function stops<T>(work: Generator<unknown, T, void>): { readonly count: number; readonly value: T } {
  let count = 0;
  for (;;) {
    const { done, value } = work.next();
    if (done) return { count, value };
    count++;
  }
}

const { features: raw, labels } = syntheticFeatures({ classes: 5, rowsPerClass: 60, dims: 40, seed: 1 });
const features = l2Normalize(raw);
const codes = Int32Array.from(labels, Number);

describe("long work stops often enough for a page", () => {
  it("a fit in d dimensions stops at every product with the rows: more often than it takes Newton steps", () => {
    withKernels("auto", (kernels) => {
      const solver = prepareSoftmax(kernels, { features, codes, k: 5, fitIntercept: true, form: "primal" }, "test");
      const { count, value } = stops(solver.solving({ C: 100 }));
      expect(count).toBeGreaterThan(2 * value.nIter);
      expect(solver.solve({ C: 100 })).toEqual(value);
    });
  });

  it("a Gram matrix of many columns is made in blocks, and is the same to rounding", () => {
    const wide = l2Normalize(syntheticFeatures({ classes: 2, rowsPerClass: 300, dims: 2100, seed: 2 }).features);
    const names = Array.from({ length: 600 }, (_, i) => i % 2);
    withKernels("auto", (kernels) => {
      const { count, value } = stops(preparingHeldOut(kernels, wide, names, {}, "test"));
      // 600² · 2100 multiplications, 5e7 at once.
      expect(count).toBe(15);
      const at = (value.gram! >>> 3) + 599 * 600 + 7;
      let product = 0;
      for (let j = 0; j < 2100; j++) product += wide.data[599 * 2100 + j] * wide.data[7 * 2100 + j];
      expect(kernels.memory.f64[at]).toBeCloseTo(product, 12);
    });
  });

  it("approximate leave-one-out stops within each class", () => {
    withKernels("auto", (kernels) => {
      const problem = doWork(preparingHeldOut(kernels, features, labels, {}, "test"));
      const { count } = stops(approximateSolver(kernels, { ...problem, gram: problem.gram! })(10, new Float64Array(300 * 5)));
      // Once for the fit; for each class its factor, seven panels of 48 columns, and its end.
      expect(count).toBe(1 + 5 * (1 + 7 + 1));
    });
  });

  it("async probes are those of one go, digest and all, where there are too many values for a copy to be kept", async () => {
    const many = syntheticFeatures({ classes: 3, rowsPerClass: 100, dims: 1000, seed: 3 });
    const plain = (value: unknown): string =>
      JSON.stringify(value, (_, each) => (ArrayBuffer.isView(each) ? Array.from(each as never) : each));
    expect(plain(await fitProbeAsync(many.features, many.labels, { C: 10 }))).toBe(plain(fitProbe(many.features, many.labels, { C: 10 })));
    const options = { C: 10, temperature: "leaveOneOut" } as const;
    const { probe } = await fitCalibratedProbeAsync(many.features, many.labels, options);
    expect(plain(probe)).toBe(plain(fitCalibratedProbe(many.features, many.labels, options).probe));
    expect(probe.provenance!.digest).toMatch(/^[0-9a-f]{64}$/);
  });

  it("async probes keep the type of the labels", async () => {
    const names = Array.from(codes, (code) => `class ${code}`);
    const [probe, calibrated] = await Promise.all([
      fitProbeAsync(features, names, { C: 1 }),
      fitCalibratedProbeAsync(features, names, { C: 1 }),
    ]);
    const said: readonly (readonly string[])[] = [predict(probe, features), predict(calibrated.probe, features)];
    expect(said[0]).toEqual(said[1]);
  });

  it("progress goes from 0 to its end once, whatever the phases: C, the fit, held-out scores", async () => {
    for (const options of [{ temperature: "leaveOneOut", coverage: 0.9 }, {}] as const) {
      const shares: number[] = [];
      const onProgress = ({ done, total }: { done: number; total: number }) => shares.push(done / total);
      // Every few steps take a slice, however fast the machine is.
      let now = 0;
      const clock = vi.spyOn(performance, "now").mockImplementation(() => {
        now += 5;
        return now;
      });
      try {
        await fitCalibratedProbeAsync(features, labels, { ...options, onProgress });
      } finally {
        clock.mockRestore();
      }
      expect(shares.length).toBeGreaterThan(2);
      expect(shares).toEqual([...shares].sort((a, b) => a - b));
      // Its end may be told twice: by the last step, and by the end itself.
      expect([shares.at(-1), shares.filter((share) => share === 1).length <= 2]).toEqual([1, true]);
      expect(shares[0]).toBeLessThan(0.5);
    }
  });
});
