import { kindError } from "../core/errors.ts";
import type { WorkerLink } from "./workerMessages.ts";

/** Workers of one kind, started on demand: the result of `threads` and `webWorkers`. */
export interface Crew {
  /** Largest number of workers. */
  readonly workers: number;
  /** Whether they may share memory with this thread. */
  readonly shares: boolean;
  /** Starts one. */
  open(): WorkerLink;
}

/** Where episodes are counted: in this thread (`here`), on worker threads (`threads` of softprobe/node) or on Web Workers (`webWorkers`). */
export type Workplace = typeof here | Crew;

/**
 * Count in this thread (the default), with a pause every 25 ms so that a page or a server stays responsive.
 *
 * @example
 * ```ts
 * import { evaluate, syntheticFeatures } from "softprobe";
 * import { here } from "softprobe/run";
 *
 * const { features, labels } = syntheticFeatures({ seed: 1 });
 * console.log((await evaluate(features, labels, { episodes: 20, on: here })).episodes); // → 20
 * ```
 */
export const here = "here" as const;

/** Checks the option `on`: the crew, or null for this thread. */
export function crewOf(on: Workplace, caller: string): Crew | null {
  if (on === here) return null;
  if (typeof on !== "object" || on === null || typeof on.open !== "function")
    throw kindError(caller, "on", on, "here, threads(…) or webWorkers({ createWorker })");
  return on;
}
