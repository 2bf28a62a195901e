import type { OptionNames } from "../core/checkOptions.ts";
import { kindError } from "../core/errors.ts";

/** How far a run has come, in episodes. */
export interface Progress {
  readonly done: number;
  readonly total: number;
}

export interface ProgressOptions<P extends Progress = Progress> {
  /** Called from time to time with how far the run has come, and once at the end. If it returns a promise, counting in this thread waits for it. */
  readonly onProgress?: (progress: P) => unknown;
  /** Stops the run: the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

export const progressOptionNames: OptionNames<ProgressOptions> = { onProgress: true, signal: true };

/** Milliseconds of work between two breaths of the event loop. */
const sliceMilliseconds = 25;

/** Checks the options of progress, and whether the signal has fired. */
export function checkProgress({ signal, onProgress }: ProgressOptions, caller: string): void {
  if (onProgress !== undefined && typeof onProgress !== "function") throw kindError(caller, "onProgress", onProgress, "a function");
  if (signal !== undefined && typeof signal?.throwIfAborted !== "function") throw kindError(caller, "signal", signal, "an AbortSignal");
  signal?.throwIfAborted();
}

/** Calls `step(0) … step(total − 1)`, yielding how far it is whenever it has let the event loop breathe. */
export async function* inSlices(total: number, step: (i: number) => void, signal?: AbortSignal): AsyncGenerator<Progress, void> {
  let started = performance.now();
  for (let i = 0; i < total; i++) {
    step(i);
    if (performance.now() - started < sliceMilliseconds) continue;
    yield { done: i + 1, total };
    await new Promise((resolve) => setTimeout(resolve));
    signal?.throwIfAborted();
    started = performance.now();
  }
  yield { done: total, total };
}
