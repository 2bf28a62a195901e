import type { Counts } from "../score/score.ts";
import type { Tally } from "./tally.ts";

/** Keeps what is counted, so that a run that ended anyhow goes on where it was: `journalFile` of softprobe/node makes one. */
export interface Journal {
  /** Begins, or goes on: the tallies, one a job, get what is known of the run that `head` tells from every other. */
  open(head: object, tallies: readonly Tally[]): OpenJournal;
}

export interface OpenJournal {
  /** Adds a stretch of a job's episodes. */
  append(job: number, from: number, counts: Counts): void;
  close(): void;
}
