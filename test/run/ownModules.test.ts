import { beforeAll, describe, expect, it, vi } from "vitest";
import { placeShared } from "../../src/core/place.ts";
import { version } from "../../src/core/version.ts";
import type { CustomBasis, CustomMask, CustomProbe, MaskInBasis } from "../../src/index.ts";
import * as softprobe from "../../src/index.ts";
import { threads } from "../../src/node/threads.ts";
import { packJob } from "../../src/plan/packJob.ts";
import { execute, type Plan, planCurve, planEvaluation, planGrid, serveWorker } from "../../src/run.ts";
import { countRange } from "../../src/score/countRange.ts";
import type { Counts } from "../../src/score/score.ts";
import { workerFiles } from "../node/workerFile.ts";

const files = workerFiles();
let workerFile: URL;
let mask: CustomMask;
let rotated: CustomMask;
let basis: CustomBasis;
let probe: CustomProbe;
let inBasis: MaskInBasis;

/** Writes a module and imports what it exports by default, as a user's program does. */
async function own<T>(code: string): Promise<T> {
  return (await import(files.write(code).href)).default;
}

const spreads = `({ support, augmented }) => {
  const { matrix, views } = augmented;
  return Float64Array.from({ length: support.cols }, (_, j) => {
    let sum = 1e-3;
    for (let i = 0; i < matrix.rows; i++) sum += Math.abs(matrix.data[i * support.cols + j] - support.data[Math.floor(i / views) * support.cols + j]);
    return 1 / sum;
  });
}`;
const module = "module: import.meta.url";
const fitBasis = `({ cols, base }) => {
  const mean = new Float64Array(cols);
  for (let i = 0; i < base.features.rows; i++) for (let j = 0; j < cols; j++) mean[j] += base.features.data[i * cols + j] / base.features.rows;
  return { kind: "custom", normalize: "l2", ridge: 0, cols, dimensions: cols, mean, transform: null, lower: null, lowRank: null, psi: null, within: null };
}`;
const nearest = `
  fit(features, labels, ways) {
    const { data, cols, rows } = features;
    const means = new Float64Array(ways * cols);
    const counts = new Float64Array(ways);
    for (let i = 0; i < rows; i++) counts[labels[i]]++;
    for (let i = 0; i < rows; i++) for (let j = 0; j < cols; j++) means[labels[i] * cols + j] += data[i * cols + j] / counts[labels[i]];
    return { means, ways, cols };
  },
  predict(model, features) {
    const p = this.predictProba(model, features);
    return Array.from({ length: p.rows }, (_, i) => {
      const row = Array.from(p.data.subarray(i * p.cols, (i + 1) * p.cols));
      return row.indexOf(Math.max(...row));
    });
  },
  predictProba({ means, ways, cols }, { data, rows }) {
    const out = new Float64Array(rows * ways);
    for (let i = 0; i < rows; i++) {
      let sum = 0;
      for (let w = 0; w < ways; w++) {
        let d = 0;
        for (let j = 0; j < cols; j++) d += (data[i * cols + j] - means[w * cols + j]) ** 2;
        sum += out[i * ways + w] = Math.exp(-d);
      }
      for (let w = 0; w < ways; w++) out[i * ways + w] /= sum;
    }
    return { data: out, rows, cols: ways };
  },`;

beforeAll(async () => {
  workerFile = await files.bundle("src/node/worker.ts");
  mask = await own(`export default { name: "steady", ${module}, weights: ${spreads} };`);
  rotated = await own(`export default { name: "steady after within", basis: "within:0.2", ${module}, weights: ${spreads} };`);
  basis = await own(`export default { name: "mean", from: "base", ${module}, fit: ${fitBasis} };`);
  inBasis = await own(
    `export default { basis: { name: "other mean", from: "base", fit: ${fitBasis} }, mask: "pair@support/power:1", ${module} };`,
  );
  probe = await own(`export default { name: "nearest", ${module}, ${nearest} };`);
});

const { features, labels, augmented } = softprobe.syntheticFeatures({ classes: 7, rowsPerClass: 14, dims: 24, views: 2, seed: 3 });
const small = { queries: 4, shots: 2, episodes: 9, seed: 2, augmented };
const on = (workers: number) => threads(workers, { workerFile });

describe("a function of one's own with its module's address", () => {
  it.each<[string, () => Plan<unknown>]>([
    [
      "an evaluation",
      () =>
        planEvaluation(features, labels, {
          ...{ ...small, perEpisode: true, metrics: ["logLoss"], probes: ["softmax", probe] },
          masks: ["none", mask, rotated, inBasis, { basis }, { basis, mask: "random/top:0.5" }],
        }),
    ],
    ["a curve", () => planCurve(features, labels, { ...small, importance: mask, fractions: [0.1, 0.5, 1] })],
    ["a grid", () => planGrid(features, labels, { ...small, importance: mask, shots: [1, 3], ways: [2, 4], fractions: [0.2, 1] })],
  ])("counts in %s on workers what it counts here, to the byte", async (_, plan) => {
    const whole = JSON.stringify(await execute(plan()));
    for (const workers of [1, 3]) expect(JSON.stringify(await execute(plan(), { on: on(workers) }))).toBe(whole);
  });

  it("takes a URL as well as its text", async () => {
    const masks = ["none", { ...mask, module: new URL(String(mask.module)) }];
    const run = (more: object) => softprobe.evaluate(features, labels, { ...small, masks, ...more });
    expect(await run({ on: on(2) })).toEqual(await run({}));
  });

  it("is what the module exports, not what is given beside its address", async () => {
    const other: CustomMask = { ...mask, weights: ({ support }) => new Float64Array(support.cols).fill(1) };
    const run = (asked: CustomMask, more: object) => softprobe.evaluate(features, labels, { ...small, masks: ["none", asked], ...more });
    expect(await run(other, { on: on(1) })).toEqual(await run(mask, {}));
    expect(await run(other, {})).not.toEqual(await run(mask, {}));
  });

  it.each<[string, () => unknown, RegExp]>([
    [
      "of another name",
      () => ({ ...mask, name: "stable" }),
      /^evaluate: the default export of file:.* is "steady", expected mask "stable", as in the thread that sends it$/,
    ],
    [
      "without a default export",
      () => ({ ...mask, module: files.write("export const mask = 1;") }),
      /^evaluate: the default export of file:.* is undefined, expected mask "steady"$/,
    ],
    [
      "that is absent",
      () => ({ ...mask, module: new URL("absent.mjs", String(mask.module)) }),
      /^evaluate: mask "steady" could not be imported by a worker \(.*\), expected its module at file:.*absent\.mjs$/,
    ],
    [
      "that throws",
      () => ({ ...mask, module: files.write("throw new Error('not today');") }),
      /^evaluate: mask "steady" could not be imported by a worker \(not today\)/,
    ],
    [
      "with a relative address",
      () => ({ ...mask, module: "./my-mask.mjs" }),
      /^evaluate: mask "steady"'s module is "\.\/my-mask\.mjs", expected an absolute URL, such as import\.meta\.url/,
    ],
    ["with no address at all", () => ({ ...mask, module: 3 }), /^evaluate: mask "steady"'s module is "3", expected an absolute URL/],
  ])("is refused from a module %s", async (_, asked, message) => {
    const masks = ["none", asked() as CustomMask];
    await expect(softprobe.evaluate(features, labels, { ...small, masks, on: on(2) })).rejects.toThrow(message);
  });

  it("tells of its own failure as here, with the episode", async () => {
    const broken = await own<CustomMask>(
      `export default { name: "broken", ${module}, weights: (task) => { if (task.episode === 4) throw new Error("no idea"); return new Float64Array(task.support.cols).fill(1); } };`,
    );
    const run = (more: object) => softprobe.evaluate(features, labels, { ...small, masks: [broken], ...more });
    const message = "evaluate: mask broken failed in episode 4: no idea";
    await expect(run({})).rejects.toThrow(message);
    await expect(run({ on: on(2) })).rejects.toThrow(message);
  });
});

it("of two plans sent one after the other a worker counts the second, though the first one's modules arrive later", async () => {
  const late = await own<CustomMask>(
    `await new Promise((done) => setTimeout(done, 50)); export default { name: "late", ${module}, weights: ({ support }) => new Float64Array(support.cols).fill(1) };`,
  );
  // A query makes it another module, which is not loaded yet.
  const again = { ...late, module: `${late.module}?again` };
  const sent = (masks: readonly (string | CustomMask)[]) =>
    planEvaluation(features, labels, { ...small, masks }).jobs.map((job) => packJob(job, "evaluate", placeShared()));
  const { port1, port2 } = new MessageChannel();
  const reports: (Pick<Counts, "correct"> | string)[] = [];
  port2.onmessage = ({ data }) => reports.push(data.counts ?? data.softprobe);
  serveWorker(port1);
  port2.postMessage({ softprobe: "load", version, jobs: sent(["none", again]) });
  port2.postMessage({ softprobe: "count", job: 0, from: 0, to: 2 });
  port2.postMessage({ softprobe: "load", version, jobs: sent(["none"]) });
  // Time for the first one's modules, and for what must not come of them.
  await new Promise((done) => setTimeout(done, 200));
  port2.postMessage({ softprobe: "count", job: 0, from: 0, to: 3 });
  await vi.waitFor(() => expect(reports.length).toBeGreaterThan(1));
  port1.close();
  const score = planEvaluation(features, labels, { ...small, masks: ["none"] }).jobs[0].score();
  expect(reports).toEqual(["ready", countRange(score, 0, 3)]);
  score.end();
});

describe("a function of one's own without its module's address", () => {
  it.each<[string, () => object, RegExp]>([
    [
      "mask",
      () => ({ masks: [{ ...mask, module: undefined }] }),
      /^evaluate: mask "steady" is a function, expected its module's URL beside it/,
    ],
    ["basis", () => ({ masks: [{ basis: { ...basis, module: undefined } }] }), /^evaluate: basis "mean" is a function/],
    [
      "probe, of a class or not",
      () => ({
        probes: [
          new (class {
            name = "of a class";
            fit() {}
            predict() {
              return [];
            }
          })(),
        ],
      }),
      /^evaluate: probe "of a class" is a function, expected its module's URL beside it \(module\), for workers to import it from, or to be counted here$/,
    ],
  ])("is refused on workers: a %s", async (_, more, message) => {
    await expect(softprobe.evaluate(features, labels, { ...small, ...more(), on: on(2) })).rejects.toThrow(message);
  });

  it("is refused as the ranking of a curve, too", async () => {
    const importance = { ...mask, module: undefined };
    await expect(softprobe.redundancyCurve(features, labels, { ...small, importance, on: on(2) })).rejects.toThrow(
      /^redundancyCurve: importance "steady" is a function/,
    );
  });
});
