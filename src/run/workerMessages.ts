import type { HeldOutOrder, HeldOutReport } from "../heldout/heldOutCrew.ts";
import type { WorkerJob } from "../plan/packJob.ts";
import type { Counts } from "../score/score.ts";

/** What a worker is told: once which jobs there are, then to count episodes from … to − 1 of one of them, in order; or to solve held-out fits. */
export type WorkerOrder =
  | { readonly softprobe: "load"; readonly version: string; readonly jobs: readonly WorkerJob[] }
  | { readonly softprobe: "count"; readonly job: number; readonly from: number; readonly to: number }
  | HeldOutOrder;

/** What a worker tells: that it listens, what it counted in how long, or why it failed; without `from`, at loading. */
export type CountReport =
  | { readonly softprobe: "ready" }
  | { readonly softprobe: "counted"; readonly from: number; readonly counts: Counts; readonly milliseconds: number }
  | { readonly softprobe: "failed"; readonly from: number | null; readonly error: Error };

export type WorkerReport = CountReport | HeldOutReport;
