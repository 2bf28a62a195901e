import { checkOptions, type OptionNames } from "../core/checkOptions.ts";
import { checkCount } from "../core/checks.ts";
import type { LabelIndex, Labels } from "../core/labels.ts";
import { episodeOptions } from "./episodeOptions.ts";
import { type Episode, type SamplingOptions, samplerOf } from "./sampleEpisode.ts";

export interface EpisodesOptions extends SamplingOptions {
  /** How many episodes (default: infinitely many). */
  readonly count?: number;
  /** The number of the first (default 0). */
  readonly from?: number;
}

const episodesOptionNames: OptionNames<EpisodesOptions, SamplingOptions> = { count: true, from: true };

/**
 * The stream of episodes `from`, `from + 1`, …: `count` of them, or infinitely many.
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
export function* episodes(labels: Labels | LabelIndex, options: EpisodesOptions = {}): Generator<Episode> {
  checkOptions(options, "episodes", episodeOptions, episodesOptionNames);
  const from = checkCount(options.from ?? 0, "episodes", "from", 0);
  const end = options.count === undefined ? Number.POSITIVE_INFINITY : from + checkCount(options.count, "episodes", "count", 0);
  const sampler = samplerOf(labels, options, "episodes");
  for (let e = from; e < end; e++) yield sampler.sample(e);
}
