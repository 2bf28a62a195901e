import { checkCount } from "../core/checks.ts";
import type { LabelIndex } from "../core/labels.ts";
import { type Episode, type EpisodeOptions, episodeSampler } from "./sampleEpisode.ts";

/**
 * The stream of episodes `from`, `from + 1`, …: `count` of them, or without end.
 *
 * @param index - from `indexLabels`
 * @param options - those of `sampleEpisode`, with `count` (default endless) and `from` (default 0)
 * @throws RangeError as `sampleEpisode`, at the first step
 * @example
 * ```ts
 * import { episodes, indexLabels } from "softprobe";
 *
 * const index = indexLabels([0, 0, 0, 1, 1, 1]);
 * for (const { episode } of episodes(index, { ways: 2, queries: 1, count: 2 })) console.log(episode);
 * ```
 */
export function* episodes(
  index: LabelIndex,
  options: EpisodeOptions & { readonly count?: number; readonly from?: number } = {},
): Generator<Episode> {
  const from = checkCount(options.from ?? 0, "episodes", "from", 0);
  const end = options.count === undefined ? Number.POSITIVE_INFINITY : from + checkCount(options.count, "episodes", "count", 0);
  const sampler = episodeSampler(index, options);
  for (let e = from; e < end; e++) yield sampler.sample(e);
}
