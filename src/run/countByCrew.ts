import { version } from "../core/version.ts";
import type { EpisodeRunOptions } from "../plan/options.ts";
import type { WorkerJob } from "../plan/packJob.ts";
import { packJob, placeCopies, placeShared } from "../plan/packJob.ts";
import type { PreparedCurve } from "../plan/prepareCurve.ts";
import type { PreparedEvaluation } from "../plan/prepareEvaluation.ts";
import type { Counts } from "../score/score.ts";
import { type Counting, startCounting } from "./counting.ts";
import { gatherCounts } from "./gatherCounts.ts";
import { checkSignal, type ProgressOptions } from "./slices.ts";
import type { WorkerLink } from "./workerMessages.ts";

/** Workers of one kind, to be had on demand. */
export interface Crew {
  /** The public function at work, for errors. */
  readonly caller: string;
  /** At most so many. */
  readonly workers: number;
  /** Whether threads may share memory. */
  readonly shares: boolean;
  open(): WorkerLink;
}

/** Episodes asked for, as far as can be told before the options are checked. */
function episodesAsked({ replay, episodes = 600 }: EpisodeRunOptions): number {
  const count = Array.isArray(replay) ? replay.length : episodes;
  return Number.isInteger(count) ? Math.max(1, count) : 1;
}

/**
 * Counts the episodes of a run by workers, and ends the workers whatever happens. They start while `prepare` checks everything in this thread;
 * they then trust it. `countingOf` says which episodes: all of them, unless told.
 */
export async function countByCrew<P extends PreparedEvaluation | PreparedCurve>(
  crew: Crew,
  kind: WorkerJob["kind"],
  { onProgress, signal, ...options }: EpisodeRunOptions & ProgressOptions,
  prepare: () => P,
  countingOf: (prepared: P) => Counting = ({ run, width }) => startCounting(0, run.episodes, width),
): Promise<{ readonly prepared: P; readonly counts: Counts }> {
  checkSignal(signal);
  const links: WorkerLink[] = [];
  try {
    const wanted = Math.min(crew.workers, episodesAsked(options));
    while (links.length < wanted) links.push(crew.open());
    const prepared = prepare();
    const counting = countingOf(prepared);
    const { run } = prepared;
    const { index, base, baseStatistics, joined, digest } = run;
    // What isn't data, such as a listener or two, stays here.
    const plain = Object.fromEntries(Object.entries(options).filter(([, value]) => typeof value !== "function"));
    const job = { kind, features: run.features, options: plain, checked: { index, base, baseStatistics, joined, digest } } as WorkerJob;
    const shared = crew.shares ? packJob(job, placeShared()) : null;
    for (const link of links) {
      const transfer: ArrayBuffer[] = [];
      link.send({ softprobe: "load", version, job: shared ?? packJob(job, placeCopies(transfer)) }, transfer);
    }
    await gatherCounts(links, { caller: crew.caller, counting, onProgress, signal });
    return { prepared, counts: counting.counts };
  } finally {
    await Promise.all(links.map((link) => link.end()));
  }
}
