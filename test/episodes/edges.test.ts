import { describe, expect, it } from "vitest";
import { indexLabels } from "../../src/core/labels.ts";
import { episodeDigest } from "../../src/episodes/episodeDigest.ts";
import { findLeaks } from "../../src/episodes/findLeaks.ts";
import { replayEpisode } from "../../src/episodes/replayEpisode.ts";
import { episodeSampler, sampleEpisode } from "../../src/episodes/sampleEpisode.ts";
import { refuses } from "../properties/refuses.ts";

const wrong = (value: unknown): never => value as never;
const index = indexLabels(Array.from({ length: 80 }, (_, i) => i % 8));

describe("episodes that share a task", () => {
  const options = { ways: 3, shots: 2, queries: 3, seed: 4, drawsPerTask: 4 };
  it("have the classes of the task's first, and rows of their own", () => {
    const sampler = episodeSampler(index, options);
    for (let task = 0; task < 6; task++) {
      const first = sampler.sample(4 * task);
      for (let draw = 1; draw < 4; draw++) {
        const other = sampler.sample(4 * task + draw);
        expect(other.classes).toEqual(first.classes);
        expect(other.support).not.toEqual(first.support);
        // Whoever makes it, in whatever order.
        expect(sampleEpisode(index, options, 4 * task + draw)).toEqual(other);
      }
    }
    const tasks = new Set(Array.from({ length: 12 }, (_, task) => sampler.sample(4 * task).classes.join()));
    expect(tasks.size).toBeGreaterThan(6);
  });

  it("are, where they are a task's first, those that a run of one draw a task has", () => {
    const plain = { ...options, drawsPerTask: 1 };
    for (const e of [0, 4, 8, 400]) expect(sampleEpisode(index, options, e)).toEqual(sampleEpisode(index, plain, e));
    // The draw of rows goes on from its own draw of classes: only the classes are the task's.
    expect(sampleEpisode(index, options, 5).classes).toEqual(sampleEpisode(index, plain, 4).classes);
  });

  it("have the classes that are fixed, whatever the draws", () => {
    for (const e of [0, 1, 5]) expect(sampleEpisode(index, { ...options, classes: [7, 0, 3] }, e).classes).toEqual(Int32Array.of(7, 0, 3));
  });
});

describe("bad inputs", () => {
  it.each([
    [null, "null"],
    [3, "3"],
    [undefined, "undefined"],
  ])("replayEpisode of %j", (value, named) => {
    refuses(
      () => replayEpisode(index, wrong(value), 2),
      TypeError,
      `replayEpisode: episode 2 is ${named}, expected {support: [rows], query: [rows]}`,
    );
    refuses(
      () => replayEpisode(index, { support: wrong(value), query: [1] }, 2),
      TypeError,
      `replayEpisode: episode 2 support is ${named}, expected an array of row numbers`,
    );
    refuses(
      () => replayEpisode(index, { support: [0, 1], query: wrong(value) }),
      TypeError,
      `replayEpisode: episode 0 query is ${named}, expected an array of row numbers`,
    );
  });

  it("names the arguments of a sampler, and no more than 5 classes that are too small", () => {
    refuses(() => episodeSampler(index, { drawsPerTask: 0 }), RangeError, /^episodeSampler: drawsPerTask is 0, expected /);
    refuses(() => sampleEpisode(index, { queries: 1 }, -1), RangeError, /^sampleEpisode: e is -1, expected /);
    const small = (count: number) => indexLabels(Array.from({ length: count }, (_, i) => i));
    const said = (count: number) => {
      try {
        episodeSampler(small(count));
      } catch (error) {
        return (error as Error).message;
      }
      return "";
    };
    expect(said(5)).toContain("too small: 0 has 1, 1 has 1, 2 has 1, 3 has 1, 4 has 1, expected");
    expect(said(6)).toContain("too small: 0 has 1, 1 has 1, 2 has 1, 3 has 1, 4 has 1, …, expected");
  });
});

describe("digests and leaks", () => {
  it("a digest tells the fixed classes, their order and their kind, and the draws a task", () => {
    const shape = { rows: 80, cols: 3 };
    const run = { ways: 2, shots: 1, queries: 1, seed: 0, episodes: 3 };
    const digests = [
      run,
      { ...run, classes: [1, 2] },
      { ...run, classes: [2, 1] },
      { ...run, classes: ["1", "2"] },
      { ...run, drawsPerTask: 3 },
    ].map((options) => episodeDigest(shape, index, options));
    expect(new Set(digests).size).toBe(5);
    expect(episodeDigest(shape, index, { ...run, drawsPerTask: 1 })).toBe(digests[0]);
    // Labels beyond the first must count, too.
    const codes = (labels: number[]) => episodeDigest({ rows: 4, cols: 1 }, indexLabels(labels), run);
    expect(new Set([codes([0, 1, 0, 1]), codes([0, 1, 1, 0]), codes([0, 0, 1, 1])]).size).toBe(3);
  });

  it("finds duplicates among rows that only their last value, or only their sign of zero, tells apart", () => {
    for (const Storage of [Float32Array, Float64Array]) {
      const data = Storage.of(1, 2, 3, 1, 2, 4, 1, 2, 3, 0, 0, 5, -0, 0, 5);
      const leaks = findLeaks({ data, rows: 5, cols: 3 }, { support: [0, 1, 3], query: [2, 4, 1] });
      expect(leaks).toEqual({
        shared: [1],
        duplicates: [
          { query: 2, support: 0 },
          { query: 4, support: 3 },
        ],
      });
    }
  });
});
