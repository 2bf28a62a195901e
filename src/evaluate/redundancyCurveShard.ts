import type { Labels } from "../core/labels.ts";
import type { Matrix } from "../core/matrix.ts";
import { countInSlices, startCounting } from "./counting.ts";
import { curveRunner } from "./curveRunner.ts";
import { type CurvePart, curveHead, partOf, type ShardOptions, shardRange } from "./part.ts";
import type { CurveOptions } from "./prepareCurve.ts";
import { waysIn } from "./redundancyCurve.ts";
import type { ProgressOptions } from "./slices.ts";

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
