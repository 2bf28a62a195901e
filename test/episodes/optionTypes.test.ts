import { expect, it } from "vitest";
import {
  type CurveOptions,
  type EpisodeOptions,
  type EvaluateOptions,
  type EvaluationOptions,
  episodeSampler,
  episodes,
  sampleEpisode,
} from "../../src/index.ts";

const labels = ["a", "a", "b", "b"];
const small = { ways: 2, queries: 1 };

// What compiles is half of the test: the compiler refuses an expected error that does not come.
it("refuses options of a run by the compiler, as the call itself does", () => {
  const evaluation: EvaluationOptions = { ...small, episodes: 5 };
  // @ts-expect-error: `episodes` belongs to a run
  expect(() => sampleEpisode(labels, evaluation, 0)).toThrow("sampleEpisode: options.episodes is not an option");
  // @ts-expect-error: the same
  expect(() => episodeSampler(labels, evaluation)).toThrow("episodeSampler: options.episodes is not an option");
  const stream: Parameters<typeof episodes>[1] = { ...small, count: 2 };
  // @ts-expect-error: `count` belongs to a stream
  expect(() => sampleEpisode(labels, stream, 0)).toThrow("sampleEpisode: options.count is not an option");
  // @ts-expect-error: no options of an evaluation, of a curve, or of either kind are an episode's
  const others: readonly EpisodeOptions[] = [{} as EvaluationOptions];
  // @ts-expect-error: the same
  const more: readonly EpisodeOptions[] = [{} as EvaluateOptions];
  // @ts-expect-error: the same
  const curves: readonly EpisodeOptions[] = [{} as CurveOptions];
  expect([...others, ...more, ...curves]).toHaveLength(3);
});

it("takes options of an episode, and evaluations take them too", () => {
  const options: EpisodeOptions = { ...small, shots: 1, seed: 3 };
  const evaluation: EvaluationOptions = { ...options, episodes: 5 };
  expect(sampleEpisode(labels, options, 0)).toEqual(episodeSampler(labels, options).sample(0));
  expect([...episodes(labels, { ...options, count: 2 })]).toHaveLength(2);
  expect(evaluation.ways).toBe(2);
});
