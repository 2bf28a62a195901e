import { evaluationPlan } from "../evaluate/planEvaluation.ts";
import type { Evaluation } from "../evaluate/results.ts";
import type { EvaluateOptions } from "../plan/prepareEvaluation.ts";
import type { Plan } from "../run/plan.ts";
import type { LoadedRun } from "./loadRun.ts";

/** The plan of an evaluation of what a command loaded, by rows where the features are read so. */
export function evaluationOf({ features, labels, streamed }: LoadedRun, options: EvaluateOptions): Plan<Evaluation> {
  if (!streamed) return evaluationPlan("evaluate", features, labels, options);
  return evaluationPlan("evaluate", streamed.features, labels, { ...options, augmented: streamed.augmented });
}
