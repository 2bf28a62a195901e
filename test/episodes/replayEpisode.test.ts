import fc from "fast-check";
import { expect, it } from "vitest";
import { indexLabels } from "../../src/core/labels.ts";
import { type EpisodeRows, replayEpisode } from "../../src/episodes/replayEpisode.ts";
import { sampleEpisode } from "../../src/episodes/sampleEpisode.ts";
import { episodeSettings } from "../properties/episodeSettings.ts";
import { refuses } from "../properties/refuses.ts";
import { leavesAlone } from "../properties/unchanged.ts";

const index = indexLabels(["a", "b", "a", "b", "c"]);

it("classes come from the labels, in the order in which the support has them first", () => {
  expect(replayEpisode(index, { support: [3, 0], query: [2, 1] }, 9)).toEqual({
    episode: 9,
    classes: Int32Array.of(1, 0),
    support: Int32Array.of(3, 0),
    supportLabels: Int32Array.of(0, 1),
    query: Int32Array.of(2, 1),
    queryLabels: Int32Array.of(1, 0),
  });
});

it("an episode replayed by its rows is the episode", () => {
  fc.assert(
    fc.property(episodeSettings(), fc.nat(), ({ labels, options }, e) => {
      const own = indexLabels(labels);
      const episode = sampleEpisode(own, options, e);
      const rows = { support: Array.from(episode.support), query: episode.query };
      expect(leavesAlone([own, rows], () => replayEpisode(own, rows, e))).toEqual(episode);
    }),
  );
});

it("rows that do not exist, empty lists, leaks, one class and classes without support are refused by episode and row", () => {
  const refused: [EpisodeRows, string][] = [
    [{ support: [0, 5], query: [1] }, "episode 4 support[1] is 5, expected a row in 0…4"],
    [{ support: [0, 1], query: [-1] }, "episode 4 query[0] is -1, expected a row in 0…4"],
    [{ support: [0, 1.5], query: [1] }, "episode 4 support[1] is 1.5, expected a row in 0…4"],
    [{ support: [0, "1" as unknown as number], query: [1] }, 'episode 4 support[1] is "1", expected a row in 0…4'],
    [{ support: [], query: [1] }, "episode 4 support has 0 rows, expected at least 1"],
    [{ support: [0, 1], query: [] }, "episode 4 query has 0 rows, expected at least 1"],
    [{ support: [0, 1], query: [2, 1] }, "episode 4 has row 1 in both support and query, expected disjoint rows"],
    [{ support: [0, 2], query: [1] }, 'episode 4 support has one class, "a", expected at least 2'],
    [{ support: [0, 1], query: [2, 4] }, 'episode 4 query row 4 is of class "c", expected a class that the support has'],
  ];
  for (const [rows, message] of refused) refuses(() => replayEpisode(index, rows, 4), RangeError, `replayEpisode: ${message}`);
});

it("what is no pair of row lists is refused as such", () => {
  const wrong = (rows: unknown, message: string) =>
    refuses(() => replayEpisode(index, rows as EpisodeRows, 4), TypeError, `replayEpisode: ${message}`);
  wrong(null, "episode 4 is null, expected {support: [rows], query: [rows]}");
  wrong({ query: [1] }, "episode 4 support is undefined, expected an array of row numbers");
  wrong({ support: [0, 1], query: "23" }, 'episode 4 query is "23", expected an array of row numbers');
});
