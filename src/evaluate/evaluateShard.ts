import { checkOptions } from "../core/checkOptions.ts";
import type { Labels } from "../core/labels.ts";
import type { Matrix } from "../core/matrix.ts";
import { checkDomain, domainOf } from "../estimate/domainOf.ts";
import { type EvaluateOptions, evaluateOptionNames } from "../plan/prepareEvaluation.ts";
import { countInSlices, startCounting } from "../run/counting.ts";
import { type EvaluationPart, evaluationHead, partOf, type ShardOptions, shardOptionNames, shardRange } from "../run/part.ts";
import { type ProgressOptions, progressOptionNames } from "../run/slices.ts";
import { evaluationScore } from "../tune/evaluationScore.ts";

/**
 * Counts one shard of an evaluation: every shard may run elsewhere, and `mergeShards` makes of all of them what `evaluate` makes in one run, to the bit.
 *
 * @param features - n × d, finite; the same for every shard
 * @param labels - n labels
 * @param options - those of `evaluate`, and shard, 1 … of, and of, the number of shards
 * @returns its counts, `softprobe/part@1`: a plain JSON document
 * @throws as `evaluate`; RangeError for a shard that there is not
 * @example
 * ```ts
 * import { evaluate, evaluateShard, mergeShards, syntheticFeatures } from "softprobe";
 *
 * const { features, labels } = syntheticFeatures({ seed: 1 });
 * const first = await evaluateShard(features, labels, { episodes: 20, shard: 1, of: 2 });
 * const second = await evaluateShard(features, labels, { episodes: 20, shard: 2, of: 2 });
 * const whole = await evaluate(features, labels, { episodes: 20 });
 * console.log(JSON.stringify(mergeShards([second, first])) === JSON.stringify(whole)); // → true
 * ```
 */
export async function evaluateShard(
  features: Matrix,
  labels: Labels,
  options: EvaluateOptions & ShardOptions & ProgressOptions = {},
): Promise<EvaluationPart> {
  checkOptions(options, "evaluateShard", ...evaluateOptionNames, shardOptionNames, progressOptionNames);
  const { shard, of, ...rest } = options;
  const runner = evaluationScore(features, labels, rest);
  const domain = checkDomain(options, "evaluate") ? domainOf(runner.run, options.kernels) : null;
  const place = shardRange({ shard, of }, runner.run.episodes, "evaluateShard");
  const counting = startCounting(place.from, place.to, runner.width);
  try {
    await countInSlices(runner, counting, options);
  } finally {
    runner.end();
  }
  return partOf(evaluationHead(runner, options.perEpisode ?? false, domain), place, counting, () => 0);
}
