import type { Job } from "../plan/job.ts";
import type { Counts, Score } from "../score/score.ts";

/** A job, and how this thread makes the score that counts its episodes. */
export interface PlannedJob extends Job {
  /** Makes the score. This loads the data, so that a plan that is not executed holds no copy. */
  score(): Score;
  /** Identifies the job in parts and journals: plain JSON. */
  head(): object;
}

/**
 * A run that has been checked and sized, but not started: which jobs to count, and how the counts become a result. Nothing is loaded yet.
 * `planEvaluation`, `planCurve`, `planGrid`, `planTheory` and
 * `planTuning` make one. `execute` runs it anywhere, with the same bytes as result.
 */
export interface Plan<Result> {
  /** The function that the user called: errors name it. */
  readonly caller: string;
  /** The jobs to count, one after another. */
  readonly jobs: readonly PlannedJob[];
  /** The result: Makes the result from the jobs' counts, in order. If there is only one job, the counts of its first episodes are enough. */
  result(counts: readonly Counts[]): Result;
}
