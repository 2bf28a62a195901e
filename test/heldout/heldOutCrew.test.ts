import { describe, expect, it, vi } from "vitest";
import type { Matrix } from "../../src/core/matrix.ts";
import type { Crew, WorkerMessage } from "../../src/core/workplace.ts";
import { linearProbe } from "../../src/evaluate/linearProbe.ts";
import { syntheticFeatures } from "../../src/features/syntheticFeatures.ts";
import { choosePenalty, choosePenaltyAsync, type PenaltyOptions } from "../../src/heldout/choosePenalty.ts";
import { fitCalibratedProbe, fitCalibratedProbeAsync } from "../../src/pipeline/fitCalibratedProbe.ts";
import { fitProbe, fitProbeAsync } from "../../src/pipeline/fitProbe.ts";
import { serveWorker } from "../../src/run/serveWorker.ts";

/** Workers in this thread, which take and give copies in turns of the event loop; what goes on is told. */
function crewHere(
  workers: number,
  { shares = true, change = (order: WorkerMessage): WorkerMessage | null => order, lose = (_w: number): string | null => null } = {},
) {
  const told = { orders: [] as WorkerMessage[][], reports: [] as string[], transferred: 0, ended: 0 };
  const crew: Crew = {
    // A page that is not isolated has no shared memory.
    ...{ workers, shares: shares && typeof SharedArrayBuffer === "function" },
    open() {
      const w = told.orders.length;
      const orders: WorkerMessage[] = [];
      told.orders.push(orders);
      let over = false;
      let toWorker = (_: { readonly data: unknown }): void => {};
      let toHere = (_: WorkerMessage): void => {};
      const reports: WorkerMessage[] = [];
      const scope = {
        postMessage(message: unknown) {
          const copy = structuredClone(message) as WorkerMessage;
          setTimeout(() => {
            if (over) return;
            told.reports.push(copy.softprobe);
            toHere(copy);
          });
        },
        addEventListener(_: "message", listener: typeof toWorker) {
          toWorker = listener;
        },
      };
      serveWorker(scope);
      return {
        send(order, transfer) {
          told.transferred += transfer.length;
          const changed = change(order);
          const copy = structuredClone(changed, { transfer: [...transfer] });
          orders.push(copy as WorkerMessage);
          if (copy) setTimeout(() => !over && toWorker({ data: copy }));
        },
        listen(heard, lost) {
          toHere = heard;
          for (const report of reports) heard(report);
          const why = lose(w);
          if (why !== null) setTimeout(() => lost(why));
        },
        end() {
          over = true;
          told.ended++;
        },
      };
    },
  };
  return { crew, told };
}

const made = (rowsPerClass: number, classes: number, dims: number): { readonly features: Matrix; readonly labels: Int32Array } => {
  const { features, labels } = syntheticFeatures({ classes, rowsPerClass, dims, seed: 3 });
  return { features, labels: Int32Array.from(labels) };
};
const few = made(28, 4, 20);
const some = made(46, 8, 20);
const many = made(155, 4, 330);
const weights = Float64Array.from({ length: 368 }, (_, i) => [1, 0.5, 2][i % 3]);
const groups = Array.from({ length: 368 }, (_, i) => Math.floor(i / 2));
const path = [1, 10];

const ways: readonly [string, typeof few, PenaltyOptions][] = [
  ["leave-one-out", few, { method: "leaveOneOut", path: [3, 1] }],
  [
    "leave-one-out, balanced, with weights",
    few,
    { method: "leaveOneOut", balanced: true, sampleWeight: weights.subarray(0, 112), path: [3] },
  ],
  ["its approximation", some, { method: "approximate", groups, sampleWeight: weights, path }],
  ["folds in the span of the rows", made(107, 4, 20), { method: "folds", fitIntercept: false, path }],
  ["seven folds, balanced", made(95, 4, 20), { method: "folds", folds: 7, balanced: true, seed: 2, path }],
  ["folds in d dimensions", many, {}],
  ["folds in d dimensions, balanced, on a path", many, { method: "folds", folds: 3, balanced: true, path }],
];

describe("a choice of C by workers", () => {
  it.each(ways)("is to the bit what this thread chooses, whatever their number: %s", async (_, { features, labels }, options) => {
    const alone = choosePenalty(features, labels, options);
    for (const [workers, kernels, shares] of [
      [1, "auto", true],
      [2, "auto", false],
      [9, "wasm", true],
    ] as const) {
      const { crew, told } = crewHere(workers, { shares });
      const asked: string[] = [];
      const onProgress = ({ done, total, ...rest }: { done: number; total: number }): void => {
        asked.push(`${done}/${total}`);
        expect(rest).toEqual({});
        expect(done).toBeLessThanOrEqual(total);
      };
      expect(await choosePenaltyAsync(features, labels, { ...options, kernels, on: crew, onProgress })).toEqual(alone);
      const parts = alone.method === "approximate" ? 8 : alone.parts;
      const used = Math.min(workers, parts);
      expect(told.orders).toHaveLength(used);
      told.orders.forEach((orders, share) => {
        expect(orders[0]).toMatchObject({ softprobe: "hold", caller: "choosePenaltyAsync", share: { share, of: used } });
        expect(orders.slice(1).map(({ softprobe }) => softprobe)).toEqual(alone.path.map(() => "solve"));
      });
      expect(told.ended).toBe(used);
      expect(told.transferred > 0).toBe(!crew.shares);
      // A step at least for each part of each value of C, and the work's end.
      expect(told.reports.filter((each) => each === "stepped").length).toBeGreaterThanOrEqual(parts * alone.path.length);
      expect(asked.length).toBeGreaterThan(0);
      const [done, total] = asked[asked.length - 1].split("/");
      expect(done).toBe(total);
    }
  });

  it("has the kernels that are asked for", async () => {
    const { features, labels } = many;
    const { crew, told } = crewHere(3);
    const kernels = "js";
    expect(await choosePenaltyAsync(features, labels, { kernels, path, on: crew })).toEqual(choosePenalty(features, labels, { path }));
    expect(told.orders[2][0]).toMatchObject({ task: { kernels } });
  });

  it("is made here where it takes less than messages do", async () => {
    const { features, labels } = made(8, 3, 10);
    const { crew, told } = crewHere(2);
    expect(await choosePenaltyAsync(features, labels, { on: crew })).toEqual(choosePenalty(features, labels));
    expect(told.orders).toEqual([]);
  });

  it("does not change its arguments, which may be those of several calls at once", async () => {
    const { features, labels } = many;
    const kept = features.data.slice();
    const both = await Promise.all(
      [2, 3].map((workers) => choosePenaltyAsync(features, labels, { path, on: crewHere(workers, { shares: false }).crew })),
    );
    expect(both[0]).toEqual(both[1]);
    expect(features.data).toEqual(kept);
  });

  it("refuses a place that is none", async () => {
    const on = "there" as unknown as Crew;
    await expect(choosePenaltyAsync(few.features, few.labels, { on })).rejects.toThrow(
      'choosePenaltyAsync: on is "there", expected here, threads(…) or webWorkers({ createWorker })',
    );
  });
});

describe("probes whose rows are held out by workers", () => {
  const { features, labels } = made(35, 12, 40);
  const options = { mask: "wiener@support/power:1" as const };

  it("are to the bit those of this thread, temperature and threshold too, by the same workers", async () => {
    const { crew, told } = crewHere(2);
    expect(await fitProbeAsync(features, labels, { ...options, on: crew })).toEqual(fitProbe(features, labels, options));
    expect([told.orders.length, told.ended]).toEqual([2, 2]);
    const calibration = { ...options, temperature: "leaveOneOut", coverage: 0.9 } as const;
    const again = crewHere(2);
    const probe = await fitCalibratedProbeAsync(features, labels, { ...calibration, on: again.crew });
    expect(probe).toEqual(fitCalibratedProbe(features, labels, calibration));
    expect([again.told.orders.length, again.told.ended]).toEqual([2, 2]);
    // The choice of C, then all rows at the C that was chosen.
    const holds = again.told.orders[0].flatMap((order, at) => (order.softprobe === "hold" ? [at] : []));
    expect(holds).toEqual([0, again.told.orders[0].length - 2]);
  });

  it("have the same learning curve, by the same workers", async () => {
    const asked = { ...options, split: 0.2, shots: [2, 20], draws: 2, seed: 4 } as const;
    const { crew, told } = crewHere(3);
    const totals = new Set<number>();
    const done: number[] = [];
    const onProgress = (progress: { done: number; total: number }): void => {
      totals.add(progress.total);
      done.push(progress.done);
    };
    expect(await linearProbe(features, labels, { ...asked, on: crew, onProgress })).toEqual(await linearProbe(features, labels, asked));
    expect([told.orders.length, told.ended]).toEqual([3, 3]);
    // Rows to train on: all of one probe's, and those of the draws.
    expect([...totals]).toEqual([336 + 2 * (24 + 240)]);
    expect(done).toEqual([...done].sort((a, b) => a - b));
  });
});

describe("a choice of C by workers that can't be made", () => {
  const { features, labels } = many;
  const on = (how: Parameters<typeof crewHere>[1]) => {
    const { crew, told } = crewHere(2, how);
    return { told, chosen: choosePenaltyAsync(features, labels, { path, on: crew }) };
  };

  it("ends at once where the signal says so, also while it waits, with its workers", async () => {
    const { crew, told } = crewHere(2, { change: (order) => (order.softprobe === "solve" ? null : order) });
    const stop = new AbortController();
    const reason = new Error("enough");
    setTimeout(() => stop.abort(reason), 50);
    await expect(choosePenaltyAsync(features, labels, { path, on: crew, signal: stop.signal })).rejects.toBe(reason);
    expect(told.ended).toBe(2);
  });

  it("goes on to its end where nobody stops it, and hears its signal no more", async () => {
    const { signal } = new AbortController();
    const [add, remove] = [vi.spyOn(signal, "addEventListener"), vi.spyOn(signal, "removeEventListener")];
    expect(await choosePenaltyAsync(features, labels, { path, on: crewHere(2).crew, signal })).toEqual(
      choosePenalty(features, labels, { path }),
    );
    expect(add.mock.calls.length).toBeGreaterThan(0);
    expect(remove.mock.calls.length).toBe(add.mock.calls.length);
  });

  it("names the worker that was lost, and why", async () => {
    const { told, chosen } = on({ lose: (w) => (w === 1 ? "it ended with exit code 3" : null) });
    await expect(chosen).rejects.toThrow("choosePenaltyAsync: worker 1 was lost (it ended with exit code 3), expected it to stay");
    expect(told.ended).toBe(2);
  });

  it("tells what failed in a worker, and a worker of another version", async () => {
    const old = on({ change: (order) => ({ ...order, version: "0.0.0" }) });
    await expect(old.chosen).rejects.toThrow(
      /^serveWorker: version is \d+\.\d+\.\d+, expected 0\.0\.0, that of the thread which sends the work$/,
    );
    const odd = on({ change: (order) => ({ ...order, task: { ...(order as { task?: object }).task, kernels: "gpu" } }) as WorkerMessage });
    await expect(odd.chosen).rejects.toThrow(/kernels is "gpu"/);
  });

  it("names a worker that never answers", async () => {
    vi.useFakeTimers();
    try {
      const silent: Crew = { workers: 1, shares: false, open: () => ({ send() {}, listen() {}, end() {} }) };
      const chosen = choosePenaltyAsync(features, labels, { path, on: silent });
      const why = expect(chosen).rejects.toThrow(
        "choosePenaltyAsync: worker 0 was lost (it never answered: does its file call serveWorker?), expected it to stay",
      );
      await vi.advanceTimersByTimeAsync(60_001);
      await why;
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });
});
