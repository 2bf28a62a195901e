import type { Matrix } from "../core/matrix.ts";
import type { EvaluationCounts } from "../evaluate/summarise.ts";
import type { CheckedRun } from "../plan/options.ts";
import type { CurveOptions } from "../plan/prepareCurve.ts";
import type { EvaluateOptions } from "../plan/prepareEvaluation.ts";

/** A run as it is sent: plain data, checked by who sends it. Labels and base set are in `checked`. */
export type WorkerJob = { readonly features: Matrix; readonly checked: CheckedRun } & (
  | { readonly kind: "evaluate"; readonly options: EvaluateOptions }
  | { readonly kind: "curve"; readonly options: CurveOptions }
);

/** What a worker is told: once to load a run, then to count episodes from … to − 1 of it, in order. */
export type WorkerOrder =
  | { readonly softprobe: "load"; readonly version: string; readonly job: WorkerJob }
  | { readonly softprobe: "count"; readonly from: number; readonly to: number };

/** What a worker tells: that it listens, what it counted in how long, or why it failed; without `from`, at loading. */
export type WorkerReport =
  | { readonly softprobe: "ready" }
  | { readonly softprobe: "counted"; readonly from: number; readonly counts: EvaluationCounts; readonly milliseconds: number }
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
