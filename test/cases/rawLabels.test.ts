import { expect, it } from "vitest";
import { indexLabels } from "../../src/core/labels.ts";
import { episodeDigest } from "../../src/episodes/episodeDigest.ts";
import { episodes } from "../../src/episodes/episodes.ts";
import { replayEpisode } from "../../src/episodes/replayEpisode.ts";
import { episodeSampler, sampleEpisode } from "../../src/episodes/sampleEpisode.ts";

// Labels as they are, where `indexLabels` of them used to be needed: "starts is undefined" was the answer.
it.each([
  ["strings", ["b", "a", "b", "a", "c", "c", "b", "a", "c"]],
  ["numbers", [2, 1, 2, 1, 3, 3, 2, 1, 3]],
  ["a typed array", Int32Array.of(2, 1, 2, 1, 3, 3, 2, 1, 3)],
  ["bigints", BigInt64Array.of(2n, 1n, 2n, 1n, 3n, 3n, 2n, 1n, 3n)],
])("episodes are drawn, replayed and hashed of raw labels as of indexed ones: %s", (_, labels) => {
  const index = indexLabels(labels);
  const options = { ways: 3, shots: 1, queries: 2, seed: 4 };
  for (let e = 0; e < 20; e++) {
    const episode = sampleEpisode(labels, options, e);
    expect(episode).toEqual(sampleEpisode(index, options, e));
    expect(episodeSampler(labels, options).sample(e)).toEqual(episode);
    expect(replayEpisode(labels, episode, e)).toEqual(replayEpisode(index, episode, e));
  }
  expect([...episodes(labels, { ...options, count: 3 })]).toEqual([...episodes(index, { ...options, count: 3 })]);
  const run = { ...options, episodes: 3 };
  expect(episodeDigest({ rows: 9, cols: 2 }, labels, run)).toBe(episodeDigest({ rows: 9, cols: 2 }, index, run));
});
