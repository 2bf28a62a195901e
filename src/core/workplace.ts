import type { OptionNames } from "./checkOptions.ts";
import { kindError } from "./errors.ts";

/** What goes to a worker and comes back: `softprobe` says which of the library's messages it is. */
export interface WorkerMessage {
  readonly softprobe: string;
}

/** A line to one worker, of whatever kind. */
export interface WorkerLink {
  send(order: WorkerMessage, transfer: readonly ArrayBuffer[]): void;
  /** Hears its reports, or that it is gone, and why: also when it was gone before. */
  listen(heard: (report: WorkerMessage) => void, lost: (why: string) => void): void;
  /** Ends the worker, whatever it is doing. */
  end(): unknown;
}

/** Whether a message is one of ours: a worker may have others to tell. */
export function isWorkerMessage(message: unknown): message is WorkerMessage {
  return typeof (message as WorkerMessage | null)?.softprobe === "string";
}

/** A worker that is silent for so long from the start has a file that does not call `serveWorker`, and is lost, for this reason. */
export const [patienceMilliseconds, neverAnswered] = [60_000, "it never answered: does its file call serveWorker?"] as const;

/** Workers of one kind, started on demand: the result of `threads` and `webWorkers`. */
export interface Crew {
  /** Largest number of workers. */
  readonly workers: number;
  /** Whether they may share memory with this thread. */
  readonly shares: boolean;
  /** Starts one. */
  open(): WorkerLink;
}

/** Where work is done: in this thread (`here`), on worker threads (`threads` of softprobe/node) or on Web Workers (`webWorkers`). */
export type Workplace = typeof here | Crew;

/**
 * Work in this thread (the default), with a pause every 25 ms so that a page or a server stays responsive.
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

/** The option of all that workers can do. */
export interface PlaceOptions {
  /** Where: `here` (default), `threads(8)` of softprobe/node, `webWorkers({ createWorker })`. The result is the same to the byte. */
  readonly on?: Workplace;
}

export const placeOptionNames: OptionNames<PlaceOptions> = { on: true };

/** Checks the option `on`: the crew, or null for this thread. */
export function crewOf(on: Workplace, caller: string): Crew | null {
  if (on === here) return null;
  if (typeof on !== "object" || on === null || typeof on.open !== "function")
    throw kindError(caller, "on", on, "here, threads(…) or webWorkers({ createWorker })");
  return on;
}
