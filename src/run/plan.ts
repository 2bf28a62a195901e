import type { Job } from "../plan/job.ts";
import type { Counts, Score } from "../score/score.ts";

/** A job, and how this thread makes the score that counts it. */
export interface PlannedJob extends Job {
  /** Loads the data: at its first use, so that a plan alone holds no copy. */
  score(): Score;
  /** What tells the job from every other, for parts and journals: plain JSON. */
  head(): object;
}

/**
 * What is to be counted, checked and sized, and how the counts become a result; nothing is loaded or counted yet. `planEvaluation`, `planCurve`, `planGrid`, `planTheory` and
 * `planTuning` make one; `execute` carries it out, anywhere, to the same bytes.
 */
export interface Plan<Result> {
  /** The function that the user called: errors name it. */
  readonly caller: string;
  /** What is counted, one after another. */
  readonly jobs: readonly PlannedJob[];
  /** The result: `counts` are those of the jobs, in order; where there is one job alone, those of its first episodes will do. */
  result(counts: readonly Counts[]): Result;
}
