import { checkOptions } from "../core/checkOptions.ts";
import type { Labels } from "../core/labels.ts";
import { checkDomain, type DomainVerdict, domainOf } from "../estimate/domainOf.ts";
import { wholeRun } from "../plan/job.ts";
import type { Features } from "../plan/options.ts";
import { type EvaluationOptions, evaluateOptionNames, prepareFeatures } from "../plan/prepareEvaluation.ts";
import type { Plan } from "../run/plan.ts";
import { evaluationScore } from "../tune/evaluationScore.ts";
import { evaluationHead } from "./part.ts";
import type { Evaluation } from "./results.ts";
import { summariseEvaluation } from "./summarise.ts";

/** {@link planEvaluation} on behalf of `caller`. */
export function evaluationPlan(caller: string, features: Features, labels: Labels, options: EvaluationOptions): Plan<Evaluation> {
  checkOptions(options, caller, ...evaluateOptionNames);
  const prepared = prepareFeatures(caller, features, labels, options);
  const { run, width } = prepared;
  const asked = checkDomain(options, caller);
  let verdict: DomainVerdict | null | undefined;
  /** Costs time by d², so once, and not before somebody reads it. */
  const domain = (): DomainVerdict | null => {
    if (verdict === undefined) verdict = asked ? domainOf(run) : null;
    return verdict;
  };
  return {
    caller,
    jobs: [
      {
        ...{ kind: "evaluate", run, options: prepared.options, width, place: wholeRun(run) },
        score: () => evaluationScore(prepared),
        head: () => evaluationHead(prepared, domain()),
      },
    ],
    result: ([counts]) => summariseEvaluation(prepared, counts, options.perEpisode ?? false, domain()),
  };
}

/**
 * Prepares an `evaluate` without running it: options are checked and sizes known, and nothing is loaded. `execute` carries it out
 * anywhere, `shardOf` cuts it into parts.
 *
 * @param features - n × d, finite; or a reader of them, such as `openFeatures` gives, for files larger than memory
 * @param labels - n labels
 * @param options - those of `evaluate` except on, onProgress and signal
 * @returns the plan of a result document, `softprobe/eval@1`
 * @throws as `evaluate`
 * @example
 * ```ts
 * import { syntheticFeatures } from "softprobe";
 * import { execute, planEvaluation } from "softprobe/run";
 *
 * const { features, labels } = syntheticFeatures({ seed: 1 });
 * const plan = planEvaluation(features, labels, { episodes: 20 });
 * console.log((await execute(plan)).episodes); // → 20
 * ```
 */
export function planEvaluation(features: Features, labels: Labels, options: EvaluationOptions = {}): Plan<Evaluation> {
  return evaluationPlan("planEvaluation", features, labels, options);
}
