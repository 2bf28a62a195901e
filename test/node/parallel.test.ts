import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { indexLabels } from "../../src/core/labels.ts";
import { sampleEpisode } from "../../src/episodes/sampleEpisode.ts";
import { evaluate } from "../../src/evaluate/evaluate.ts";
import { redundancyCurve } from "../../src/evaluate/redundancyCurve.ts";
import { syntheticFeatures } from "../../src/features/syntheticFeatures.ts";
import { choosePenalty, choosePenaltyAsync } from "../../src/heldout/choosePenalty.ts";
import { threads } from "../../src/node/threads.ts";
import type { CustomProbe } from "../../src/plan/given.ts";
import type { EvaluateOptions } from "../../src/plan/prepareEvaluation.ts";
import { refuses } from "../properties/refuses.ts";
import { workerFiles } from "./workerFile.ts";

const files = workerFiles();
let workerFile: URL;
beforeAll(async () => {
  workerFile = await files.bundle("src/node/worker.ts");
});

const { features, labels, augmented } = syntheticFeatures({ classes: 9, rowsPerClass: 12, dims: 30, views: 3, seed: 4 });
const other = syntheticFeatures({ classes: 5, rowsPerClass: 8, dims: 30, views: 2, seed: 5 });
const data = {
  augmented: augmented!,
  base: { features: other.features, labels: Array.from(other.labels, (label) => `other ${label}`) },
  pool: other.augmented!,
};
const small = { ways: 3, shots: 2, queries: 4, seed: 9, episodes: 23 };
const text = (value: unknown): string => JSON.stringify(value);

async function bothWays(options: EvaluateOptions, workers: number, given = labels as Parameters<typeof evaluate>[1]) {
  const [one, many] = await Promise.all([
    evaluate(features, given, options),
    evaluate(features, given, { ...options, on: threads(workers, { workerFile }) }),
  ]);
  expect(text(many)).toBe(text(one));
  return many;
}

/** The error with which a promise rejects. */
const failure = async (promise: Promise<unknown>): Promise<Error> =>
  promise.then(
    () => {
      throw new Error("nothing failed");
    },
    (error) => error,
  );

describe("evaluate on threads", () => {
  it.each([1, 2, 3, 7])("gives the bytes of evaluate with %i workers", async (workers) => {
    const masks = ["none", "pair@oracle/top:0.1", "pair@support/power:1", "variance@oracle/power:0.5", "random/top:0.5", "simple"];
    await bothWays({ ...small, masks, probes: ["softmax", "centroid", "cosine"], perEpisode: true }, workers);
  });

  it("starts no more workers than there are episodes", async () => {
    const result = await bothWays({ ...small, episodes: 2 }, 5);
    expect(result.episodes).toBe(2);
  });

  it("gives the same bytes for every source of statistics and every basis, with views, base set and pool", async () => {
    const masks = [
      "none",
      "pair@augmented/power:0.5",
      "wiener@base/power:1",
      "wiener@augmented+base/power:1",
      "wiener@prior/power:1",
      "wiener@posterior/power:1",
      "pair@augmented/magnitude",
      "centre>none",
      "within:0.2>wiener@prior/power:1",
      "discriminant:1>bayes@prior/power:1",
      "views:1>none",
      "views-support:16>none",
    ];
    await bothWays({ ...small, ...data, masks, trainOn: "augmented", perEpisode: true }, 2);
    await bothWays({ ...small, ...data, masks: masks.slice(2), baseClasses: "all", perEpisode: true }, 3);
  });

  it("gives the same bytes with bases fitted to the classes outside each episode", async () => {
    const { augmented } = data;
    await bothWays({ ...small, augmented, masks: ["none", "within:0.5>none", "views:1>none", "discriminant:1>none"] }, 2);
  });

  it("gives the same bytes for a tuned mask, which learns from labels and base set anew", async () => {
    await bothWays({ ...small, episodes: 4, base: data.base, masks: ["none", "tuned"] }, 2);
  });

  it("gives the same bytes with metrics and several draws a task", async () => {
    await bothWays({ ...small, shots: [1, 2, 3], metrics: ["balancedAccuracy", "macroF1"], perEpisode: true }, 2);
    await bothWays({ ...small, episodes: 24, drawsPerTask: 3 }, 2);
  });

  it("replays given episodes, of unequal sizes too", async () => {
    const index = indexLabels(labels);
    const replay = Array.from({ length: 11 }, (_, e) => sampleEpisode(index, { ways: 2 + (e % 3), shots: 1 + (e % 2), queries: 3 }, e));
    const result = await bothWays({ replay, masks: ["none", "pair@oracle/top:0.1"], perEpisode: true }, 3);
    expect(result.episodes).toBe(11);
  });

  it("takes labels of any kind, and classes by name", async () => {
    const names = Array.from(labels, (label) => `class ${label}`);
    await bothWays({ ...small, classes: ["class 7", "class 1", "class 3"] }, 2, names);
    await bothWays({ ...small, classes: [7, 1, 3] }, 2, BigInt64Array.from(labels, BigInt));
  });

  it("keeps Float64 storage, and takes features that are shared memory or a part of an array already", async () => {
    const whole = new Float64Array(new SharedArrayBuffer(8 * (features.data.length + 5)));
    whole.set(features.data, 5);
    const shared = { ...features, data: whole.subarray(5) };
    const one = await evaluate(shared, labels, { ...small, masks: ["none", "simple"] });
    const many = await evaluate(shared, labels, { ...small, masks: ["none", "simple"], on: threads(2, { workerFile }) });
    expect(text(many)).toBe(text(one));
  });

  it("gives the same bytes whatever the episodes, the number of workers and the kernels", async () => {
    const options = fc.record({
      ways: fc.integer({ min: 2, max: 5 }),
      shots: fc.integer({ min: 1, max: 4 }),
      episodes: fc.integer({ min: 1, max: 40 }),
      seed: fc.nat(),
      kernels: fc.constantFrom("wasm", "js"),
    });
    await fc.assert(
      fc.asyncProperty(options, fc.integer({ min: 1, max: 4 }), async (given, workers) => {
        await bothWays({ queries: 3, ...given, masks: ["none", "pair@oracle/top:0.2"], perEpisode: true }, workers);
      }),
      { numRuns: 6 },
    );
  });

  it("tells how far it is, up to all episodes, each time farther", async () => {
    const seen: number[] = [];
    const onProgress = ({ done, total }: { done: number; total: number }) => {
      expect(total).toBe(23);
      seen.push(done);
    };
    await evaluate(features, labels, { ...small, on: threads(2, { workerFile }), onProgress });
    expect(seen.at(-1)).toBe(23);
    expect(seen.filter((done, i) => i > 0 && done <= seen[i - 1])).toEqual([]);
  });

  it("leaves inputs alone", async () => {
    const before = [features.data.slice(), labels.slice(), data.augmented.matrix.data.slice()];
    await evaluate(features, labels, { ...small, ...data, masks: ["wiener@posterior/power:1"], on: threads(2, { workerFile }) });
    expect([features.data, labels, data.augmented.matrix.data]).toEqual(before);
  });
});

describe("redundancyCurve on threads", () => {
  it.each([1, 2, 7])("gives the bytes of redundancyCurve with %i workers", async (workers) => {
    const options = { ...small, importance: "wiener@augmented+base", fractions: [0.1, 0.5], ...data };
    const one = await redundancyCurve(features, labels, options);
    const many = await redundancyCurve(features, labels, { ...options, on: threads(workers, { workerFile }) });
    expect(text(many)).toBe(text(one));
  });

  it("fails as redundancyCurve does", async () => {
    const wrong = { ...small, fractions: [0.5, 0.1] };
    const [one, many] = await Promise.all([
      failure(redundancyCurve(features, labels, wrong)),
      failure(redundancyCurve(features, labels, { ...wrong, on: threads(2, { workerFile }) })),
    ]);
    expect(many).toBeInstanceOf(RangeError);
    expect(many.message).toBe(one.message);
  });
});

describe("a choice of C on threads", () => {
  it("is that of one thread, and ends with its signal", async () => {
    const { features, labels } = syntheticFeatures({ classes: 4, rowsPerClass: 155, dims: 330, seed: 3 });
    const names = Int32Array.from(labels);
    expect(await choosePenaltyAsync(features, names, { on: threads(2, { workerFile }) })).toEqual(choosePenalty(features, names));
    const stop = new AbortController();
    const onProgress = (): void => stop.abort(new Error("enough"));
    const stopped = choosePenaltyAsync(features, names, { on: threads(2, { workerFile }), signal: stop.signal, onProgress });
    expect((await failure(stopped)).message).toBe("enough");
  });
});

describe("a run in workers that can't succeed", () => {
  it("fails before it counts with the error of one thread", async () => {
    const wrong: [EvaluateOptions, unknown][] = [
      [{ ...small, masks: ["pair@augmented/power:1"] }, RangeError],
      [{ ...small, ways: 20 }, RangeError],
      [{ ...small, masks: "none" as unknown as string[] }, TypeError],
      [{ ...small, episodes: 0.5 }, RangeError],
      [{ ...small, replay: 3 as unknown as [] }, TypeError],
    ];
    for (const [options, kind] of wrong) {
      const one = await failure(evaluate(features, labels, options));
      const many = await failure(evaluate(features, labels, { ...options, on: threads(2, { workerFile }) }));
      expect(many).toBeInstanceOf(kind);
      expect(many.message).toBe(one.message);
    }
  });

  it("fails in a worker with the message and class of one thread, that of the first episode to fail", async () => {
    const rows = indexLabels(labels);
    // Episodes of one shot have no variance to estimate from the support: they fail while they are counted.
    const replay = Array.from({ length: 30 }, (_, e) =>
      sampleEpisode(rows, { ways: 3, shots: e === 12 || e === 25 ? 1 : 2, queries: 3 }, e),
    );
    const options = { replay, masks: ["none", "pair@support/power:1"] };
    const one = await failure(evaluate(features, labels, options));
    for (const workers of [1, 2, 4]) {
      const many = await failure(evaluate(features, labels, { ...options, on: threads(workers, { workerFile }) }));
      expect(many.constructor).toBe(one.constructor);
      expect(many.message).toBe(one.message);
    }
  });

  it("refuses probes of one's own that have no module, and says why", async () => {
    const mine: CustomProbe = { name: "mine", fit: () => null, predict: () => [] };
    const error = await failure(evaluate(features, labels, { ...small, probes: [mine], on: threads(2, { workerFile }) }));
    expect(error).toBeInstanceOf(TypeError);
    expect(error.message).toBe(
      'evaluate: probe "mine" is a function, expected its module\'s URL beside it (module), for workers to import it from, or to be counted here',
    );
  });

  it("names a wrong number of workers", async () => {
    refuses(() => threads(0), RangeError, "threads: workers is 0, expected a whole number of at least 1");
    for (const [workerFile, shown] of [
      [7, "7"],
      ["", '""'],
      [new URL("https://example.com/worker.js"), ""],
    ] as const)
      refuses(
        () => threads(2, { workerFile: workerFile as string }),
        TypeError,
        new RegExp(`^threads: workerFile is ${shown}.*, expected a path or a URL of a file$`),
      );
    refuses(() => threads("2" as unknown as number), TypeError, 'threads: workers is "2", expected a number');
    const error = await failure(evaluate(features, labels, { ...small, on: 2 as never }));
    expect(error.message).toBe("evaluate: on is 2, expected here, threads(…) or webWorkers({ createWorker })");
  });

  it("rejects with the signal's reason, before and while it counts", async () => {
    const reason = new Error("enough");
    expect(await failure(evaluate(features, labels, { ...small, on: threads(2, { workerFile }), signal: AbortSignal.abort(reason) }))).toBe(
      reason,
    );
    const controller = new AbortController();
    let after = 0;
    const onProgress = () => {
      if (controller.signal.aborted) after++;
      controller.abort(reason);
    };
    const long = { ...small, episodes: 1_000_000, on: threads(2, { workerFile }), signal: controller.signal, onProgress };
    expect(await failure(evaluate(features, labels, long))).toBe(reason);
    expect(after).toBe(0);
    const odd = { ...small, on: threads(2, { workerFile }), signal: "stop" as unknown as AbortSignal };
    expect((await failure(evaluate(features, labels, odd))).message).toBe('evaluate: signal is "stop", expected an AbortSignal');
  });

  it("rejects with whatever onProgress throws", async () => {
    const reason = new Error("no more");
    const onProgress = () => {
      throw reason;
    };
    expect(await failure(evaluate(features, labels, { ...small, on: threads(2, { workerFile }), onProgress }))).toBe(reason);
  });

  it("names a worker that ends in the middle, what it died of and the episodes that it owed", async () => {
    const dying = await files.bundle(`
      import { parentPort } from "node:worker_threads";
      import { serveWorker } from "./src/run/serveWorker.ts";
      serveWorker({
        postMessage: (message) => parentPort.postMessage(message),
        addEventListener: (type, listener) => parentPort.on(type, (data) => {
          if (data.softprobe === "count" && data.from >= 9) process.exit(3);
          listener({ data });
        }),
      });
    `);
    const error = await failure(evaluate(features, labels, { ...small, on: threads(2, { workerFile: dying }) }));
    expect(error.message).toMatch(
      /^evaluate: worker [01] of 2 was lost \(it ended with exit code 3\), expected it to count episodes \d+…\d+$/,
    );
  });

  it("names a worker that throws outside, runs out of memory, or has no file", async () => {
    const throwing = files.write(
      'import { parentPort } from "node:worker_threads"; parentPort.on("message", () => { throw new Error("oops"); });',
    );
    const lost = async (workerFile: URL) =>
      (await failure(evaluate(features, labels, { ...small, on: threads(2, { workerFile }) }))).message;
    expect(await lost(throwing)).toMatch(/worker [01] of 2 was lost \(oops\), expected it to count episodes [0-3]…[0-3]$/);
    // What Node reports of a thread whose heap is full, without filling this machine's.
    const full = files.write(
      'import { parentPort, Worker } from "node:worker_threads"; const limit = { resourceLimits: { maxOldGenerationSizeMb: 4 } };' +
        'parentPort.on("message", () => new Worker("const a = []; for (;;) a.push(new Array(1e4).fill(0.5))", { eval: true, ...limit }));',
    );
    expect(await lost(full)).toMatch(/was lost \(Worker terminated due to reaching memory limit: JS heap out of memory\)/);
    expect(await lost(new URL("./nothing.mjs", import.meta.url))).toMatch(/was lost \(Cannot find module .*nothing\.mjs/);
  });

  it("refuses a worker of another version, whose results might differ", async () => {
    const old = await files.bundle(`
      import { parentPort } from "node:worker_threads";
      import { serveWorker } from "./src/run/serveWorker.ts";
      serveWorker({
        postMessage: (message) => parentPort.postMessage(message),
        addEventListener: (type, listener) => parentPort.on(type, (data) => listener({ data: { ...data, version: "0.0.0" } })),
      });
    `);
    const error = await failure(evaluate(features, labels, { ...small, on: threads(2, { workerFile: old }) }));
    expect(error.message).toMatch(/^serveWorker: version is \d+\.\d+\.\d+, expected 0\.0\.0, that of the thread which sends the work$/);
  });
});
