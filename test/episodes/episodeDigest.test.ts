import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, it } from "vitest";
import { indexLabels } from "../../src/core/labels.ts";
import { episodeDigest } from "../../src/episodes/episodeDigest.ts";
import { episodeSettings } from "../properties/episodeSettings.ts";

const index = indexLabels(["a", "b", "a", "b"]);
const shape = { rows: 4, cols: 2 };
const run = { ways: 2, shots: 1, queries: 1, seed: 3, episodes: 10 };
const digest = episodeDigest(shape, index, run);

it("the digest is SHA-256 of shape, classes, codes (little-endian) and options, as Node's own crypto computes it", () => {
  const hash = createHash("sha256");
  hash.update('["softprobe/episodes@1",4,2,[["string","a"],["string","b"]]]');
  hash.update(Uint8Array.of(0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0));
  hash.update("[2,1,1,3,null,10]");
  expect(digest).toBe(hash.digest("hex"));
});

it("equal runs have one digest, and options left out are their defaults", () => {
  fc.assert(
    fc.property(episodeSettings(), fc.nat(), ({ labels, options }, count) => {
      const make = () => episodeDigest({ rows: labels.length, cols: 3 }, indexLabels(labels), { ...options, episodes: count });
      expect(make()).toBe(make());
      expect(make()).toMatch(/^[0-9a-f]{64}$/);
    }),
    { numRuns: 30 },
  );
  const defaults = { ways: 5, shots: 1, queries: 15, seed: 0, episodes: 10 };
  expect(episodeDigest(shape, index, { episodes: 10 })).toBe(episodeDigest(shape, index, defaults));
});

it("whatever decides the episodes changes the digest: shape, one label, a label's type, and each option", () => {
  const others = [
    episodeDigest({ rows: 5, cols: 2 }, index, run),
    episodeDigest({ rows: 4, cols: 3 }, index, run),
    episodeDigest(shape, indexLabels(["a", "b", "b", "b"]), run),
    episodeDigest(shape, indexLabels(["a", "c", "a", "c"]), run),
    episodeDigest(shape, indexLabels([1, 2, 1, 2]), run),
    episodeDigest(shape, indexLabels(["1", "2", "1", "2"]), run),
    episodeDigest(shape, index, { ...run, ways: 3 }),
    episodeDigest(shape, index, { ...run, shots: 2 }),
    episodeDigest(shape, index, { ...run, shots: [1, 1] }),
    episodeDigest(shape, index, { ...run, queries: 2 }),
    episodeDigest(shape, index, { ...run, queries: "all" }),
    episodeDigest(shape, index, { ...run, seed: 4 }),
    episodeDigest(shape, index, { ...run, episodes: 11 }),
    episodeDigest(shape, index, { ...run, classes: ["a", "b"] }),
    episodeDigest(shape, index, { ...run, classes: ["b", "a"] }),
  ];
  expect(new Set([digest, ...others]).size).toBe(16);
});

it("replayed rows are hashed row by row, whatever kind of list holds them", () => {
  const rows = [
    { support: [0, 1], query: [2, 3] },
    { support: [2, 3], query: [0, 1] },
  ];
  const replayed = episodeDigest(shape, index, rows);
  expect(
    episodeDigest(
      shape,
      index,
      rows.map(({ support, query }) => ({ support: Int32Array.from(support), query: Uint8Array.from(query) })),
    ),
  ).toBe(replayed);
  const others = [
    episodeDigest(shape, index, rows.slice(0, 1)),
    episodeDigest(shape, index, [...rows].reverse()),
    episodeDigest(shape, index, [{ support: [0, 1, 2], query: [3] }, rows[1]]),
    episodeDigest(shape, index, []),
  ];
  expect(new Set([replayed, digest, ...others]).size).toBe(6);
});
