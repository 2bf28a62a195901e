import fc from "fast-check";
import { expect, it } from "vitest";
import { indexLabels } from "../../src/core/labels.ts";
import { episodeDigest } from "../../src/episodes/episodeDigest.ts";
import { sampleEpisode } from "../../src/episodes/sampleEpisode.ts";

const index = indexLabels(Array.from({ length: 120 }, (_, i) => i % 12));

it("lets the episodes of a task share its classes and draw rows of their own, a pure function of (seed, e)", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 0, max: 200 }), fc.nat(1000), (drawsPerTask, e, seed) => {
      const options = { ways: 4, shots: 2, queries: 3, seed, drawsPerTask };
      const [first, own] = [sampleEpisode(index, options, e - (e % drawsPerTask)), sampleEpisode(index, options, e)];
      expect(own.classes).toEqual(first.classes);
      expect(sampleEpisode(index, options, e)).toEqual(own);
      if (e % drawsPerTask > 0) expect(own.support.join() + own.query.join()).not.toBe(first.support.join() + first.query.join());
      // The first of a task is the episode that the seed gives without tasks.
      expect(first).toEqual(sampleEpisode(index, { ...options, drawsPerTask: 1 }, first.episode));
      for (const row of own.query) expect(own.support).not.toContain(row);
    }),
  );
});

it("draws the tasks' classes independently, and says by digest how many draws a task has", () => {
  const chosen = new Set(Array.from({ length: 50 }, (_, t) => sampleEpisode(index, { queries: 3, drawsPerTask: 4 }, 4 * t).classes.join()));
  expect(chosen.size).toBeGreaterThan(45);
  const digest = (drawsPerTask?: number) => episodeDigest({ rows: 120, cols: 3 }, index, { episodes: 10, drawsPerTask });
  expect(digest(1)).toBe(digest());
  expect(digest(2)).not.toBe(digest());
  expect(() => sampleEpisode(index, { queries: 3, drawsPerTask: 0 }, 0)).toThrow(/sampleEpisode: drawsPerTask is 0/);
});
