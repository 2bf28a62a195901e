import fc from "fast-check";
import { expect, it } from "vitest";
import { indexLabels } from "../../src/core/labels.ts";
import { episodes } from "../../src/episodes/episodes.ts";
import { sampleEpisode } from "../../src/episodes/sampleEpisode.ts";
import { episodeSettings } from "../properties/episodeSettings.ts";
import { refuses } from "../properties/refuses.ts";

const index = indexLabels([0, 1, 2, 0, 1, 2, 0, 1, 2]);
const options = { ways: 2, shots: 1, queries: 2, seed: 4 };

it("the stream is sampleEpisode of from, from + 1, …", () => {
  fc.assert(
    fc.property(episodeSettings(), fc.nat(1e6), fc.nat(6), (settings, from, count) => {
      const own = indexLabels(settings.labels);
      const list = [...episodes(own, { ...settings.options, from, count })];
      expect(list).toEqual(Array.from({ length: count }, (_, i) => sampleEpisode(own, settings.options, from + i)));
    }),
    { numRuns: 50 },
  );
});

it("two halves of a stream are the whole", () => {
  const whole = [...episodes(index, { ...options, count: 10 })];
  const halves = [...episodes(index, { ...options, count: 4 }), ...episodes(index, { ...options, from: 4, count: 6 })];
  expect(halves).toEqual(whole);
  expect(whole.map(({ episode }) => episode)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
});

it("without a count the stream has no end, and with a count of 0 no beginning", () => {
  let seen = 0;
  for (const { episode } of episodes(index, { ...options, from: 7 })) {
    expect(episode).toBe(7 + seen);
    if (++seen === 1000) break;
  }
  expect(seen).toBe(1000);
  expect([...episodes(index, { ...options, count: 0 })]).toEqual([]);
});

it("bad options are refused at the first step", () => {
  const first = (wrong: Parameters<typeof episodes>[1]) => episodes(index, { ...options, ...wrong }).next();
  refuses(() => first({ from: -1 }), RangeError, "episodes: from is -1, expected a whole number of at least 0");
  refuses(() => first({ count: 1.5 }), RangeError, "episodes: count is 1.5, expected a whole number of at least 0");
  refuses(() => first({ count: "3" as unknown as number }), TypeError, 'episodes: count is "3", expected a number');
  refuses(
    () => first({ ways: 4 }),
    RangeError,
    "episodes: ways is 4, but 3 classes have shots + queries = 3 rows, expected at most that many ways, or fewer shots or queries",
  );
});
