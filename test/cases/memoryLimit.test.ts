import { expect, it } from "vitest";
import { evaluate } from "../../src/evaluate/evaluate.ts";
import { l2Normalize } from "../../src/features/l2Normalize.ts";
import { syntheticFeatures } from "../../src/features/syntheticFeatures.ts";
import { createKernels } from "../../src/kernels/createKernels.ts";
import { loadRows } from "../../src/kernels/loadRows.ts";
import { fitSoftmax } from "../../src/probe/fitSoftmax.ts";
import { cheaperForm } from "../../src/probe/prepareSoftmax.ts";
import { refuses } from "../properties/refuses.ts";

// 20,000 rows of any width: their Gram matrix took 3.2 GB and the fit 6.4 GB, and the error asked for "smaller features".

it("20,000 training rows fit: in an episode and in a fit", async () => {
  const { features, labels } = syntheticFeatures({ classes: 2, rowsPerClass: 10_010, dims: 4, informative: 2, seed: 1 });
  const { results } = await evaluate(features, labels, { ways: 2, shots: 10_000, queries: 10, episodes: 1 });
  expect(results[0].accuracy).toBeGreaterThan(0.5);
  expect(fitSoftmax(l2Normalize(features), labels).converged).toBe(true);
});

it("no Gram matrix is made where it would take half of what kernels address, however many classes there are", () => {
  expect(cheaperForm(5000, 20_000, 1000)).toBe("dual");
  expect(cheaperForm(20_000, 40_000, 1000)).toBe("primal");
});

it("features that do not fit are refused by their rows: how many would, and what to do instead", () => {
  const { memory } = createKernels("js");
  const room = 2 ** 32 - memory.mark();
  const rows = (data: Float32Array | Float64Array, count: number) => () => loadRows(memory, { data, rows: count, cols: 2048 });
  refuses(
    rows(new Float32Array(0), 600_000),
    RangeError,
    `kernels: 600000 rows of 2048 numbers take 4.92 GB, expected at most ${Math.floor(room / 8192)} such rows, which the 4.29 GB that kernels address have room for, and openFeatures (--stream) reads the rows of an episode alone`,
  );
  refuses(
    rows(new Float64Array(0), 300_000),
    RangeError,
    `kernels: 300000 rows of 2048 numbers take 4.92 GB, expected at most ${Math.floor(room / 16384)} such rows, which the 4.29 GB that kernels address have room for; a Float32Array takes half as much, and openFeatures (--stream) reads the rows of an episode alone`,
  );
});
