import { type Place, placeCopies, placeShared } from "../core/place.ts";
import { version } from "../core/version.ts";
import type { Crew, WorkerLink } from "../core/workplace.ts";
import { packJob, type WorkerJob } from "../plan/packJob.ts";
import type { Counts } from "../score/score.ts";
import { gatherCounts } from "./gatherCounts.ts";
import type { Plan } from "./plan.ts";
import type { ProgressOptions } from "./slices.ts";
import type { Tally } from "./tally.ts";
import type { WorkerOrder } from "./workerMessages.ts";

/** Counts by workers what is still to be counted, and ends them whatever happens. They trust what this thread has checked. */
export async function countByWorkers(
  crew: Crew,
  { caller, jobs }: Plan<unknown>,
  tallies: readonly Tally[],
  options: ProgressOptions & { readonly onCounted: (job: number, from: number, counts: Counts) => void },
): Promise<void> {
  const pack = (place: Place): readonly WorkerJob[] => jobs.map((job) => packJob(job, caller, place));
  const episodes = tallies.reduce((sum, { from, to }) => sum + to - from, 0);
  // Made before there are workers, so that what can't be sent is refused before any is started.
  const shared = crew.shares ? pack(placeShared()) : null;
  const links: WorkerLink[] = [];
  try {
    while (links.length < Math.min(crew.workers, Math.max(1, episodes))) links.push(crew.open());
    for (const link of links) {
      const transfer: ArrayBuffer[] = [];
      const order: WorkerOrder = { softprobe: "load", version, jobs: shared ?? pack(placeCopies(transfer)) };
      link.send(order, transfer);
    }
    await gatherCounts(links, tallies, { caller, ...options });
  } finally {
    await Promise.all(links.map((link) => link.end()));
  }
}
