import type { EpisodeRun } from "./options.ts";

/** Which shard of a run's episodes, and which episodes they are: from … to − 1. All of them are shard 1 of 1. */
export interface JobPlace {
  readonly shard: number;
  readonly of: number;
  readonly from: number;
  readonly to: number;
}

/** Episodes to be counted by one score, everything checked and nothing loaded. */
export interface Job {
  /** Which score, for workers: they make it anew from the options. */
  readonly kind: "evaluate" | "curve" | "support";
  readonly run: EpisodeRun;
  /** As given, without what belongs to one place of work. */
  readonly options: object;
  /** Episodes that share what is dear to make, such as fitted bases: so many consecutive ones are handed to one worker together (default 1). */
  readonly grain?: number;
  /** Numbers an episode counts. */
  readonly width: number;
  readonly place: JobPlace;
}

/** All episodes of a run. */
export function wholeRun({ episodes }: EpisodeRun): JobPlace {
  return { shard: 1, of: 1, from: 0, to: episodes };
}
