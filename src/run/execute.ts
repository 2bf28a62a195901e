import { checkOptions, type OptionNames } from "../core/checkOptions.ts";
import { kindError } from "../core/errors.ts";
import { crewOf, here, type PlaceOptions, placeOptionNames } from "../core/workplace.ts";
import type { Counts } from "../score/score.ts";
import { countByWorkers } from "./countByWorkers.ts";
import type { Journal, OpenJournal } from "./journal.ts";
import type { Plan } from "./plan.ts";
import { checkProgress, type Progress, type ProgressOptions, progressOptionNames } from "./slices.ts";
import { countedFirst, countedSoFar, countHere, startTally } from "./tally.ts";

/** How far a plan has come. */
export interface PlanProgress<Result> extends Progress {
  /** Computes the result over the first episodes, up to the first one not yet counted. null before the first episode, and for plans of several curves. */
  soFar(): Result | null;
}

export interface ExecuteOptions<Result> extends ProgressOptions<PlanProgress<Result>>, PlaceOptions {
  /** Saves counts and resumes from those that it holds: `journalFile(path)` of softprobe/node. */
  readonly journal?: Journal;
}

export const executeOptionNames: OptionNames<ExecuteOptions<unknown>, ProgressOptions> = { ...placeOptionNames, journal: true };

/**
 * Executes a plan: counts its episodes at the chosen place and makes the result from the counts. The result has the same bytes at every
 * place, with any number of workers, after a stop and a resume from a journal, and from merged shards.
 *
 * @param plan - of `planEvaluation`, `planCurve`, `planGrid`, `planTheory` or `planTuning`, or a `shardOf` one
 * @param options - on, journal, onProgress, signal
 * @returns the plan's result
 * @throws RangeError or TypeError naming the episode or class at fault; the signal's reason when aborted; Error naming a worker that was lost
 * @example
 * ```ts
 * import { syntheticFeatures } from "softprobe";
 * import { execute, planEvaluation } from "softprobe/run";
 *
 * const { features, labels } = syntheticFeatures({ seed: 1 });
 * const plan = planEvaluation(features, labels, { episodes: 20, masks: ["none", "pair@oracle/top:0.05"] });
 * const { results } = await execute(plan, { onProgress: ({ done, soFar }) => done < 20 && console.log(soFar()?.episodes) });
 * console.log(results.map(({ mask }) => mask)); // → [ 'none', 'pair@oracle/top:0.05' ]
 * ```
 */
export async function execute<Result>(plan: Plan<Result>, options: ExecuteOptions<Result> = {}): Promise<Result> {
  checkOptions(options, "execute", executeOptionNames, progressOptionNames);
  const { on = here, onProgress, signal, journal } = options;
  if (!Array.isArray(plan?.jobs)) throw kindError("execute", "plan", plan, "a plan, as planEvaluation gives");
  const { caller, jobs } = plan;
  checkProgress({ signal, onProgress } as ProgressOptions, caller);
  // Nothing to count: what there is to say is known already.
  if (jobs.length === 0) return plan.result([]);
  const crew = crewOf(on, caller);
  const tallies = jobs.map(({ place, width, grain }) => startTally(place.from, place.to, width, grain));
  const [first] = tallies;
  const soFar = (): Result | null => {
    if (tallies.length > 1) return null;
    const counts = countedFirst(first);
    return counts.totals.length === 0 ? null : plan.result([counts]);
  };
  const tell = onProgress && ((progress: Progress) => onProgress({ ...progress, soFar }));
  const heads = journal && jobs.map((job) => ({ ...job.head(), ...job.place }));
  const kept: OpenJournal | undefined = journal?.open(heads!.length === 1 ? heads![0] : { jobs: heads }, tallies);
  const onCounted = (job: number, from: number, counts: Counts): void => kept?.append(job, from, counts);
  try {
    if (crew) await countByWorkers(crew, plan, tallies, { onProgress: tell, signal, onCounted });
    else {
      const total = tallies.reduce((sum, { from, to }) => sum + to - from, 0);
      let before = tallies.reduce((sum, tally) => sum + countedSoFar(tally), 0);
      for (const [j, job] of jobs.entries()) {
        const own = countedSoFar(tallies[j]);
        const step = tell && (({ done }: Progress) => tell({ done: before + done - own, total }));
        const score = job.score();
        try {
          await countHere(score, tallies[j], { onProgress: step, signal }, (from, counts) => onCounted(j, from, counts));
        } finally {
          score.end();
        }
        before += tallies[j].to - tallies[j].from - own;
      }
    }
  } finally {
    kept?.close();
  }
  return plan.result(tallies.map(({ counts }) => counts));
}
