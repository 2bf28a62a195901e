import type { WorkerJob } from "../plan/packJob.ts";
import type { Counts } from "../score/score.ts";

/** What a worker is told: once which jobs there are, then to count episodes from … to − 1 of one of them, in order. */
export type WorkerOrder =
  | { readonly softprobe: "load"; readonly version: string; readonly jobs: readonly WorkerJob[] }
  | { readonly softprobe: "count"; readonly job: number; readonly from: number; readonly to: number };

/** What a worker tells: that it listens, what it counted in how long, or why it failed; without `from`, at loading. */
export type WorkerReport =
  | { readonly softprobe: "ready" }
  | { readonly softprobe: "counted"; readonly from: number; readonly counts: Counts; readonly milliseconds: number }
  | { readonly softprobe: "failed"; readonly from: number | null; readonly error: Error };

/** A line to one worker, of whatever kind. */
export interface WorkerLink {
  send(order: WorkerOrder, transfer: readonly ArrayBuffer[]): void;
  /** Hears its reports, or that it is gone, and why: also when it was gone before. */
  listen(heard: (report: WorkerReport) => void, lost: (why: string) => void): void;
  /** Ends the worker, whatever it is doing. */
  end(): unknown;
}

/** Whether a message is one of ours: a worker may have others to tell. */
export function isReport(message: unknown): message is WorkerReport {
  return typeof (message as WorkerReport | null)?.softprobe === "string";
}
