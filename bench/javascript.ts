import LogisticRegression from "ml-logistic-regression";
import { Matrix as MlMatrix } from "ml-matrix";
import ndarray from "ndarray";
import type { Matrix } from "../src/core/matrix.ts";
import { l2Normalize } from "../src/features/l2Normalize.ts";
import { takeRows } from "../src/features/takeRows.ts";
import { createKernels } from "../src/kernels/createKernels.ts";
import { loadRows } from "../src/kernels/loadRows.ts";
import { applyMask } from "../src/mask/applyMask.ts";
import { fitSoftmax } from "../src/probe/fitSoftmax.ts";
import { predict } from "../src/probe/predict.ts";
import { benchFeatures, sampleEpisodes } from "./data.ts";
import { fitPlain, predictPlain } from "./lbfgs.ts";
import { interleave, pair, type Result, repeated, type Side } from "./measure.ts";
import { ops } from "./ndarrayOps.ts";
import type { Bench, Room } from "./room.ts";

const queries = 15;

const rowsOf = ({ data, rows, cols }: Matrix) =>
  Array.from({ length: rows }, (_, i) => Array.from(data.subarray(i * cols, (i + 1) * cols)));

async function duel(bench: Bench, row: Parameters<typeof pair>[0], peer: string, ours: Side, theirs: Side): Promise<Result> {
  const [a, b] = await interleave([ours, theirs], { seconds: bench.quick ? 0.3 : 2 });
  return pair(row, a, peer, b);
}

/** ml-logistic-regression takes a fixed number of gradient steps, 50,000 unless told: we time a few and multiply. */
async function logistic(bench: Bench): Promise<readonly Result[]> {
  const results: Result[] = [];
  const [steps, all] = [40, 50_000];
  for (const [shots, dims] of [
    [1, 640],
    [5, 1280],
  ]) {
    const { features, index } = benchFeatures({ dims });
    const [{ support, supportLabels }] = sampleEpisodes(index, { ways: 5, shots, queries, seed: 7 }, 1);
    const train = takeRows(features, support);
    const [x, y] = [new MlMatrix(rowsOf(train)), MlMatrix.columnVector(Array.from(supportLabels))];
    const few = repeated("theirs", 1, () => {
      new LogisticRegression({ numSteps: steps }).train(x, y);
    });
    const theirs = { ...few, run: async () => ((await few.run()) * all) / steps };
    const row = {
      name: "js-logistic",
      case: `fit, 5-way ${shots}-shot, d = ${dims}`,
      unit: "seconds",
      note: `${steps} of its ${all} default steps timed`,
    };
    const ours = repeated("ours", 1, () => {
      fitSoftmax(train, supportLabels);
    });
    results.push(await duel(bench, row, "ml-logistic-regression, extrapolated", ours, theirs));
  }
  return results;
}

/** The same objective by L-BFGS on W itself, in plain JavaScript. */
async function plain(bench: Bench): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (const [ways, shots, dims, count] of [
    [5, 1, 640, 4],
    [5, 5, 1280, 4],
    [20, 5, 1280, 1],
  ]) {
    const { features, index } = benchFeatures({ dims });
    const tasks = sampleEpisodes(index, { ways, shots, queries, seed: 7 }, count).map(({ support, supportLabels, query }) => ({
      train: takeRows(features, support),
      labels: supportLabels,
      ask: takeRows(features, query),
    }));
    const fitOurs = ({ train, labels, ask }: (typeof tasks)[number]) => Array.from(predict(fitSoftmax(train, labels), ask), Number);
    const fitTheirs = ({ train, labels, ask }: (typeof tasks)[number]) => predictPlain(fitPlain(train, labels, ways), ways, ask);
    let equal = 0;
    for (const task of tasks) {
      const theirs = fitTheirs(task);
      equal += fitOurs(task).filter((label, i) => label === theirs[i]).length;
    }
    const note = `fitSoftmax + predict; labels equal: ${equal} of ${count * ways * queries}`;
    const ours = repeated("ours", count, () => tasks.forEach(fitOurs));
    const theirs = repeated("theirs", count, () => tasks.forEach(fitTheirs));
    results.push(
      await duel(
        bench,
        { name: "js-lbfgs", case: `${ways}-way ${shots}-shot, d = ${dims}`, note },
        "plain-JS L-BFGS in d dimensions",
        ours,
        theirs,
      ),
    );
  }
  return results;
}

/** Masking and normalising against the same by ndarray-ops. */
async function elementwise(bench: Bench): Promise<readonly Result[]> {
  const { features } = benchFeatures({ dims: 1280 });
  const { rows, cols } = features;
  const single = features.data as Float32Array;
  const mask = Float64Array.from({ length: cols }, (_, j) => 0.5 + (j % 7));
  const scaled = (out: ndarray.NdArray<Float64Array> | ndarray.NdArray<Float32Array>) => {
    for (let i = 0; i < rows; i++) {
      const row = out.pick(i, null) as ndarray.NdArray<Float64Array>;
      ops.divseq(row, ops.norm2(row));
    }
  };
  const masked = repeated("theirs", 1, () => {
    const out = ndarray(new Float64Array(rows * cols), [rows, cols]);
    ops.mul(out, ndarray(single, [rows, cols]), ndarray(mask, [rows, cols], [0, 1]));
    scaled(out);
  });
  const normalised = repeated("theirs", 1, () => {
    const out = ndarray(new Float32Array(rows * cols), [rows, cols]);
    ops.assign(out, ndarray(single, [rows, cols]));
    scaled(out);
  });
  const size = `${rows} × ${cols}`;
  const ours = (work: () => void) => repeated("ours", 1, work);
  return [
    await duel(
      bench,
      { name: "js-elementwise", case: `applyMask, ${size}`, unit: "seconds" },
      "ndarray-ops",
      ours(() => applyMask(features, mask)),
      masked,
    ),
    await duel(
      bench,
      { name: "js-elementwise", case: `l2Normalize, ${size}`, unit: "seconds" },
      "ndarray-ops",
      ours(() => l2Normalize(features)),
      normalised,
    ),
  ];
}

/** The kernels' products against ml-matrix. */
async function products(bench: Bench): Promise<readonly Result[]> {
  const { features } = benchFeatures({ dims: 1280 });
  const kernels = createKernels();
  const { memory } = kernels;
  const list = (from: number, count: number) =>
    takeRows(
      features,
      Int32Array.from({ length: count }, (_, i) => from + i),
    );
  const [x, w] = [list(0, 300), list(300, 100)];
  const doubles = ({ data, rows, cols }: Matrix) => ({ data: Float64Array.from(data), rows, cols });
  const [q, z] = [loadRows(memory, x), loadRows(memory, doubles(w))];
  const [gram, scores] = [memory.allocate(8 * 100 * 100), memory.allocate(8 * 300 * 100)];
  const [mx, mw, mt] = [new MlMatrix(rowsOf(x)), new MlMatrix(rowsOf(w)), new MlMatrix(rowsOf(w)).transpose()];
  const ours = (work: () => void) => repeated("ours", 1, work);
  const theirs = (work: () => void) => repeated("theirs", 1, work);
  return [
    await duel(
      bench,
      { name: "js-products", case: "Gram matrix of 100 × 1280", unit: "seconds" },
      "ml-matrix mmul",
      ours(() => kernels.gram(z.address, z.stride, 100, z.stride, gram, 0)),
      theirs(() => mw.mmul(mt)),
    ),
    await duel(
      bench,
      { name: "js-products", case: "300 × 1280 by 1280 × 100", unit: "seconds" },
      "ml-matrix mmul",
      ours(() => kernels.products(q.single, q.address, q.stride, 0, 300, z.address, z.stride, 100, z.stride, scores, 100, 0)),
      theirs(() => mx.mmul(mt)),
    ),
  ];
}

/** Peers in JavaScript. */
export const javascriptRoom: Room = {
  names: ["js-logistic", "js-lbfgs", "js-elementwise", "js-products"],
  async run(bench) {
    const results: Result[] = [];
    if (bench.wants("js-logistic")) results.push(...(await logistic(bench)));
    if (bench.wants("js-lbfgs")) results.push(...(await plain(bench)));
    if (bench.wants("js-elementwise")) results.push(...(await elementwise(bench)));
    if (bench.wants("js-products")) results.push(...(await products(bench)));
    return results;
  },
};
