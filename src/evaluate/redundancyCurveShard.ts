import { checkOptions } from "../core/checkOptions.ts";
import type { Labels } from "../core/labels.ts";
import type { Matrix } from "../core/matrix.ts";
import { type CurveOptions, curveOptionNames } from "../plan/prepareCurve.ts";
import { countInSlices, startCounting } from "../run/counting.ts";
import { type CurvePart, curveHead, partOf, type ShardOptions, shardOptionNames, shardRange } from "../run/part.ts";
import { type ProgressOptions, progressOptionNames } from "../run/slices.ts";
import { curveRunner } from "../score/curveRunner.ts";
import { waysIn } from "./redundancyCurve.ts";

/**
 * Counts one shard of a redundancy curve; see `evaluateShard`.
 *
 * @param features - n × d, finite; the same for every shard
 * @param labels - n labels
 * @param options - those of `redundancyCurve`, and shard, 1 … of, and of, the number of shards
 * @returns its counts, `softprobe/part@1`: a plain JSON document
 * @throws as `redundancyCurve`; RangeError for a shard that there is not
 * @example
 * ```ts
 * import { mergeShards, redundancyCurveShard, syntheticFeatures } from "softprobe";
 *
 * const { features, labels } = syntheticFeatures({ seed: 1 });
 * const parts = await Promise.all([1, 2].map((shard) => redundancyCurveShard(features, labels, { episodes: 20, shard, of: 2 })));
 * console.log(mergeShards(parts).episodes); // → 20
 * ```
 */
export async function redundancyCurveShard(
  features: Matrix,
  labels: Labels,
  options: CurveOptions & ShardOptions & ProgressOptions = {},
): Promise<CurvePart> {
  checkOptions(options, "redundancyCurveShard", ...curveOptionNames, shardOptionNames, progressOptionNames);
  const { shard, of, ...rest } = options;
  const runner = curveRunner(features, labels, rest);
  const place = shardRange({ shard, of }, runner.run.episodes, "redundancyCurveShard");
  const counting = startCounting(place.from, place.to, runner.width);
  try {
    await countInSlices(runner, counting, options);
  } finally {
    runner.end();
  }
  return partOf(curveHead(runner), place, counting, waysIn(runner));
}
