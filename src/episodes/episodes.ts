import { checkCount } from "../core/checks.ts";
import type { LabelIndex, Labels } from "../core/labels.ts";
import { type Episode, type EpisodeOptions, episodeSampler } from "./sampleEpisode.ts";

/**
 * The stream of episodes `from`, `from + 1`, …: `count` of them, or without end.
 *
 * @param labels - n labels, or what `indexLabels` made of them
 * @param options - those of `sampleEpisode`, with `count` (default endless) and `from` (default 0)
 * @throws RangeError as `sampleEpisode`, at the first step
 * @example
 * ```ts
 * import { episodes } from "softprobe";
 *
 * for (const { episode } of episodes([0, 0, 0, 1, 1, 1], { ways: 2, queries: 1, count: 2 })) console.log(episode);
 * ```
 */
export function* episodes(
  labels: Labels | LabelIndex,
  options: EpisodeOptions & { readonly count?: number; readonly from?: number } = {},
): Generator<Episode> {
  const from = checkCount(options.from ?? 0, "episodes", "from", 0);
  const end = options.count === undefined ? Number.POSITIVE_INFINITY : from + checkCount(options.count, "episodes", "count", 0);
  const sampler = episodeSampler(labels, options);
  for (let e = from; e < end; e++) yield sampler.sample(e);
}
