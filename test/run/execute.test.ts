import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as softprobe from "../../src/index.ts";
import { journalFile } from "../../src/node/journalFile.ts";
import { threads } from "../../src/node/threads.ts";
import * as runEntry from "../../src/run.ts";
import * as theoryEntry from "../../src/theory.ts";
import { workerFiles } from "../node/workerFile.ts";

const files = workerFiles();
let workerFile: URL;
beforeAll(async () => {
  workerFile = await files.bundle("src/node/worker.ts");
});
const folder = mkdtempSync(join(tmpdir(), "softprobe-execute-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const { features, labels, augmented } = softprobe.syntheticFeatures({ classes: 7, rowsPerClass: 14, dims: 24, views: 2, seed: 3 });
const small = { queries: 4, episodes: 9, seed: 2 };
const tried = (["support", "augmented"] as const).map((trainOn) => ({ mask: "centre>none", trainOn }));
const few = softprobe.syntheticFeatures({ classes: 4, rowsPerClass: 10, dims: 16, views: 2, seed: 4 });
const text = (value: unknown): string => JSON.stringify(value);
const plans: Readonly<Record<string, () => runEntry.Plan<unknown>>> = {
  evaluation: () => runEntry.planEvaluation(features, labels, { ...small, masks: ["none", "pair@oracle/top:0.2"], perEpisode: true }),
  curve: () => runEntry.planCurve(features, labels, { ...small, fractions: [0.1, 1] }),
  grid: () => runEntry.planGrid(features, labels, { ...small, shots: [1, 3], ways: [2, 4], fractions: [0.2, 1] }),
  theory: () => runEntry.planTheory(features, labels, { ...small, shots: [1, 2, 5], fractions: [0.2, 1] }),
  tuning: () => runEntry.planTuning(features, labels, { candidates: tried, queries: 3, augmented }),
  "support tuning": () => runEntry.planSupportTuning(few.features, few.labels, { augmented: few.augmented }),
};

describe.each(Object.entries(plans))("a plan of a %s", (_, plan) => {
  it("gives the same bytes here, on threads, from a journal that ends anywhere, and every time", async () => {
    const own = plan();
    const whole = text(await runEntry.execute(own));
    expect(text(await runEntry.execute(own, { on: runEntry.here }))).toBe(whole);
    for (const workers of [1, 3]) expect(text(await runEntry.execute(own, { on: threads(workers, { workerFile }) }))).toBe(whole);
    const path = join(folder, `${_}.journal`);
    const reason = new Error("enough");
    for (const stop of [1, 4, 7]) {
      const controller = new AbortController();
      let seen = 0;
      const onProgress = () => {
        if (++seen >= stop) controller.abort(reason);
      };
      const on = threads(2, { workerFile });
      await runEntry.execute(own, { on, journal: journalFile(path), signal: controller.signal, onProgress }).catch((error) => {
        expect(error).toBe(reason);
      });
    }
    const written = readFileSync(path, "utf8").split("\n").length;
    expect(written).toBeGreaterThan(3);
    expect(text(await runEntry.execute(own, { journal: journalFile(path) }))).toBe(whole);
    const kept = readFileSync(path, "utf8");
    expect(text(await runEntry.execute(plan(), { journal: journalFile(path), on: threads(2, { workerFile }) }))).toBe(whole);
    // All was known: nothing was counted again.
    expect(readFileSync(path, "utf8")).toBe(kept);
  });

  it("tells how far it is, over all that it counts, each time farther", async () => {
    for (const on of [runEntry.here, threads(2, { workerFile })]) {
      const own = plan();
      const total = own.jobs.reduce((sum, { place }) => sum + place.to - place.from, 0);
      const seen: number[] = [];
      await runEntry.execute(own, {
        on,
        onProgress(progress) {
          expect(progress.total).toBe(total);
          seen.push(progress.done);
        },
      });
      expect(seen.at(-1)).toBe(total);
      expect(seen.every((done, i) => i === 0 || done >= seen[i - 1])).toBe(true);
    }
  });
});

describe("execute", () => {
  it("names the function that was called in errors, before and while it counts", async () => {
    const calls: readonly (readonly [string, (options: object) => unknown])[] = [
      ["planEvaluation", (options) => runEntry.planEvaluation(features, labels, options)],
      ["evaluate", (options) => softprobe.evaluate(features, labels, options)],
      ["planCurve", (options) => runEntry.planCurve(features, labels, options)],
      ["redundancyCurve", (options) => softprobe.redundancyCurve(features, labels, options)],
      ["planGrid", (options) => runEntry.planGrid(features, labels, options)],
      ["redundancyGrid", (options) => softprobe.redundancyGrid(features, labels, options)],
      ["planTheory", (options) => runEntry.planTheory(features, labels, options)],
      ["compareTheory", (options) => theoryEntry.compareTheory(features, labels, options)],
    ];
    for (const [name, call] of calls) {
      const own = { queries: 4, shots: name.includes("Grid") ? [1] : 1 };
      await expect((async () => call({ ...own, kernels: "fast" }))()).rejects.toThrow(/kernels/);
      await expect((async () => call({ ...own, normalize: "l3" }))()).rejects.toThrow(new RegExp(`^${name}: normalize is "l3"`));
      await expect((async () => call({ ...own, epsiodes: 3 }))()).rejects.toThrow(new RegExp(`^${name}: options\\.epsiodes`));
    }
    const failing = softprobe.evaluate(features, labels, { ...small, masks: ["pair@support/power:1"] });
    await expect(failing).rejects.toThrow(/^evaluate: source support has a class of 1 shot/);
  });

  it("goes on with the next curve while the last one's episodes are still being counted, and gives no result so far of several", async () => {
    const plan = runEntry.planGrid(features, labels, { ...small, shots: [1, 2], ways: [2, 3] });
    const seen: unknown[] = [];
    await runEntry.execute(plan, { onProgress: ({ soFar }) => seen.push(soFar()) });
    expect(new Set(seen)).toEqual(new Set([null]));
  });

  it("refuses a journal of another plan", async () => {
    const path = join(folder, "other.journal");
    await runEntry.execute(plans.grid(), { journal: journalFile(path) });
    const other = runEntry.planGrid(features, labels, { ...small, shots: [1, 4], ways: [2, 4], fractions: [0.2, 1] });
    await expect(runEntry.execute(other, { journal: journalFile(path) })).rejects.toThrow(/is the journal of another run \(jobs\.1\./);
  });
});
