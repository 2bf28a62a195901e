import { expect, it, vi } from "vitest";
import type { createKernels } from "../../src/kernels/createKernels.ts";

// As after features of 2 GB: where an address no longer fits a signed 32-bit integer. Pages that nobody touches cost nothing.
vi.mock("../../src/kernels/wasmKernels.ts", async (importOriginal) => {
  const { createWasmKernels } = await importOriginal<typeof import("../../src/kernels/wasmKernels.ts")>();
  return {
    createWasmKernels: (): ReturnType<typeof createKernels> | null => {
      const kernels = createWasmKernels();
      kernels?.memory.allocate(2 ** 31 + 2 ** 20);
      return kernels;
    },
  };
});

const { evaluate, fitSoftmax, indexLabels, predictProba, redundancyCurve, syntheticFeatures } = await import("../../src/index.ts");
const { pairImportance } = await import("../../src/importance.ts");
const { classStatistics } = await import("../../src/statistics.ts");
const { features, labels, augmented } = syntheticFeatures({ classes: 8, rowsPerClass: 12, dims: 30, views: 2, seed: 4 });
const run = { ways: 4, shots: 2, queries: 6, episodes: 6, seed: 2, augmented: augmented ?? undefined } as const;

it("gives the same bits beyond 2 GB of kernel memory", async () => {
  const masks = ["none", "pair@augmented/power:1", "pair@oracle/top:0.3", "wiener@posterior/power:1", "discriminant:1>bayes@prior/power:1"];
  const evaluated = (kernels: "wasm" | "js") =>
    evaluate(features, labels, {
      ...run,
      masks,
      probes: ["softmax", "centroid", "cosine"],
      trainOn: "augmented",
      perEpisode: true,
      kernels,
    });
  expect((await evaluated("wasm")).results).toEqual((await evaluated("js")).results);
  const curve = (kernels: "wasm" | "js") =>
    redundancyCurve(features, labels, { ...run, importance: "pair@oracle", fractions: [0.1, 0.4, 1], kernels });
  expect((await curve("wasm")).points).toEqual((await curve("js")).points);
  const head = (kernels: "wasm" | "js") => predictProba(fitSoftmax(features, labels, { kernels }), features);
  expect(head("wasm")).toEqual(head("js"));
  const statistics = classStatistics(features, indexLabels(labels));
  expect(pairImportance(statistics).every((value) => value >= 0 && value < 1)).toBe(true);
  expect(Math.max(...statistics.means)).toBeLessThan(100);
});
