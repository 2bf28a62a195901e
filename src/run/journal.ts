import type { Counts } from "../score/score.ts";
import type { Tally } from "./tally.ts";

/** Saves counts, so that an interrupted run can be resumed: `journalFile` of softprobe/node makes one. */
export interface Journal {
  /** Opens the journal of the run that `head` identifies, and fills the tallies (one for each job) with the counts that it already holds. */
  open(head: object, tallies: readonly Tally[]): OpenJournal;
}

export interface OpenJournal {
  /** Adds the counts of a stretch of a job's episodes. */
  append(job: number, from: number, counts: Counts): void;
  close(): void;
}
