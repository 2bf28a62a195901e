import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { checkNames, type OptionNames } from "../core/checkOptions.ts";
import { type LabelIndex, type Labels, labelIndexOf } from "../core/labels.ts";
import { readOptions } from "../core/option.ts";
import { episodeOptions } from "./episodeOptions.ts";
import type { EpisodeRows } from "./replayEpisode.ts";
import type { SamplingOptions } from "./sampleEpisode.ts";

/** The options that determine the episodes of a run. */
export interface DigestOptions extends SamplingOptions {
  /** How many episodes. */
  readonly episodes: number;
}

const digestOptionNames: OptionNames<DigestOptions, SamplingOptions> = { episodes: true };

/**
 * A hash (SHA-256, hexadecimal) of everything that determines the episodes of a run: the features' shape, every label, and the options
 * (or the replayed rows) with the number of episodes. Two runs with the same digest used the same episodes.
 *
 * @param shape - rows n and cols d of the features
 * @param labels - n labels, or what `indexLabels` made of them
 * @param source - episode options with `episodes`, the number of them; or the list of rows that was replayed
 * @returns 64 hexadecimal digits
 * @example
 * ```ts
 * import { episodeDigest, indexLabels } from "softprobe";
 *
 * const index = indexLabels([0, 1, 0, 1]);
 * const a = episodeDigest({ rows: 4, cols: 2 }, index, { ways: 2, seed: 1, episodes: 10 });
 * console.log(a === episodeDigest({ rows: 4, cols: 2 }, index, { ways: 2, seed: 2, episodes: 10 })); // → false
 * ```
 */
export function episodeDigest(
  shape: { readonly rows: number; readonly cols: number },
  labels: Labels | LabelIndex,
  source: DigestOptions | readonly EpisodeRows[],
): string {
  if (!("length" in source)) checkNames(source, "episodeDigest", "source", [episodeOptions, digestOptionNames]);
  const hash = sha256.create();
  const index = labelIndexOf(labels, "episodeDigest");
  const names = index.classes.map((name) => [typeof name, String(name)]);
  hash.update(utf8ToBytes(JSON.stringify(["softprobe/episodes@1", shape.rows, shape.cols, names])));
  // The codes as little-endian bytes, whatever the platform's order.
  const bytes = new Uint8Array(4 * index.codes.length);
  const view = new DataView(bytes.buffer);
  index.codes.forEach((code, i) => {
    view.setInt32(4 * i, code, true);
  });
  hash.update(bytes);
  if ("length" in source) {
    for (const { support, query } of source) hash.update(utf8ToBytes(JSON.stringify([Array.from(support), Array.from(query)])));
  } else {
    const { ways, shots, queries, seed, classes, drawsPerTask } = readOptions(episodeOptions, source, "episodeDigest");
    const chosen = classes?.map((name) => [typeof name, String(name)]) ?? null;
    const draws = drawsPerTask > 1 ? [drawsPerTask] : [];
    hash.update(utf8ToBytes(JSON.stringify([ways, shots, queries, seed, chosen, source.episodes, ...draws])));
  }
  return bytesToHex(hash.digest());
}
