import { expect, it } from "vitest";
import { evaluate } from "../../src/evaluate/evaluate.ts";
import { redundancyCurve } from "../../src/evaluate/redundancyCurve.ts";
import { l2Normalize } from "../../src/features/l2Normalize.ts";
import { syntheticFeatures } from "../../src/features/syntheticFeatures.ts";
import { choosePenalty } from "../../src/heldout/choosePenalty.ts";
import { leaveOneOut } from "../../src/heldout/leaveOneOut.ts";
import { createKernels } from "../../src/kernels/createKernels.ts";
import { loadRows } from "../../src/kernels/loadRows.ts";
import { fitSoftmax } from "../../src/probe/fitSoftmax.ts";
import { cheaperForm, prepareSoftmax } from "../../src/solve/prepareSoftmax.ts";
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

it("choosing C by held-out rows says how many rows have room before it makes a Gram matrix, and what takes more", () => {
  const features = { data: new Float32Array(20_000 * 16), rows: 20_000, cols: 16 };
  const labels = Array.from({ length: 20_000 }, (_, i) => i % 4);
  for (const run of [() => leaveOneOut(features, labels), () => choosePenalty(features, labels, { method: "approximate" })])
    expect(run).toThrow(
      /^\w+: features has 20000 rows of 16 numbers, which take 16\.0\d GB here, expected at most 103\d\d rows, for kernels address 4\.29 GB/,
    );
  expect(() => leaveOneOut(features, labels)).toThrow(/or method "folds" of choosePenalty, which takes any number$/);
});

it("an evaluation that would choose C for too many training rows is refused as it is planned", async () => {
  const { features, labels } = syntheticFeatures({ classes: 2, rowsPerClass: 10_010, dims: 4, informative: 2, seed: 1 });
  const options = { ways: 2, shots: 10_000, queries: 10, episodes: 1, C: "auto" } as const;
  const wanted =
    'C is "auto" in episodes of 20000 training rows, expected a number, or at most 10362 training rows: choosing takes their Gram matrix';
  await expect(evaluate(features, labels, options)).rejects.toThrow(`evaluate: ${wanted}`);
  await expect(redundancyCurve(features, labels, options)).rejects.toThrow(`redundancyCurve: ${wanted}`);
});

it("a fit whose rows have room, but not with their classes' logits, says how many would", () => {
  const features = { data: new Float32Array(0), rows: 2_000_000, cols: 4 };
  expect(() =>
    prepareSoftmax(createKernels("js"), { features, codes: new Int32Array(0), k: 100, fitIntercept: true }, "fitSoftmax"),
  ).toThrow(
    /^fitSoftmax: features has 2000000 rows of 4 numbers, which take 8\.\d\d GB here, expected at most 10\d\d\d\d\d rows, for kernels address 4\.29 GB$/,
  );
});
