import { checkOptions } from "../core/checkOptions.ts";
import { kindError } from "../core/errors.ts";
import type { Plan } from "../run/plan.ts";
import { type ShardOptions, shardOptionNames, shardRange } from "../run/shardRange.ts";
import { type CurvePart, type EvaluationPart, type PartHead, partOf } from "./part.ts";
import type { Evaluation, MeasuredCurve } from "./results.ts";

/**
 * Makes one shard of a plan. It is a plan itself, which counts its share of the episodes and gives a part, a plain JSON document.
 * `mergeShards` merges all parts into the result of the whole plan, the same to the byte. A run can so be spread over processes and
 * machines that share nothing but the data.
 *
 * @param plan - of `planEvaluation` or `planCurve`
 * @param options - `shard`, the number of this shard (1 … `of`), and `of`, the number of shards
 * @returns the plan of a part, `softprobe/part@3`
 * @throws RangeError when the shard is outside 1 … of; TypeError for a plan of several curves
 * @example
 * ```ts
 * import { syntheticFeatures } from "softprobe";
 * import { execute, mergeShards, planEvaluation, shardOf } from "softprobe/run";
 *
 * const { features, labels } = syntheticFeatures({ seed: 1 });
 * const plan = planEvaluation(features, labels, { episodes: 20 });
 * const parts = [await execute(shardOf(plan, { shard: 1, of: 2 })), await execute(shardOf(plan, { shard: 2, of: 2 }))];
 * console.log(JSON.stringify(mergeShards(parts)) === JSON.stringify(await execute(plan))); // → true
 * ```
 */
export function shardOf<Result extends Evaluation | MeasuredCurve>(
  plan: Plan<Result>,
  options: ShardOptions,
): Plan<Result extends Evaluation ? EvaluationPart : CurvePart> {
  checkOptions(options, "shardOf", shardOptionNames);
  const [job, ...others] = plan?.jobs ?? [];
  if (!job || others.length > 0) throw kindError("shardOf", "plan", plan, "a plan of planEvaluation or planCurve");
  const { run } = job;
  const place = shardRange(options, run.episodes, "shardOf");
  return {
    caller: plan.caller,
    jobs: [{ ...job, place }],
    result: ([counts]) =>
      partOf(job.head() as PartHead, place, counts, (e) => run.episode(e).classes.length) as Result extends Evaluation
        ? EvaluationPart
        : CurvePart,
  };
}
