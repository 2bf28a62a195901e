import type { OptionNames } from "./checkOptions.ts";
import { kindError } from "./errors.ts";

/** How far a piece of work has come: `done` of `total`, which need not be whole numbers. `total` may grow if it is not known in advance. */
export interface WorkProgress {
  readonly done: number;
  readonly total: number;
}

/** Where a piece of work stops. */
export interface WorkStep extends WorkProgress {
  /** What the work waits for, where it is done elsewhere: it goes on after that. */
  readonly until?: Promise<void>;
}

/** Work that can be done at once or in slices: a generator that stops after every step. Nobody but who runs it decides when it goes on. */
export type Work<T> = Generator<WorkStep, T, void>;

/** Work as a part of longer work: what it takes from `from` to `to` of `total`. */
export function* partOf<T>(work: Work<T>, from: number, to: number, total = 1): Work<T> {
  try {
    let step = work.next();
    for (; !step.done; step = work.next()) yield { ...step.value, done: from + ((to - from) * step.value.done) / step.value.total, total };
    return step.value;
  } finally {
    work.return(undefined as never);
  }
}

/** Options that the async form of a long function takes in addition. */
export interface SliceOptions {
  /** Called between slices with how far the work has come, and once more at the end. `total` may grow if it is not known in advance. */
  readonly onProgress?: (progress: WorkProgress) => void;
  /** Stops the work: the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

export const sliceOptionNames: OptionNames<SliceOptions> = { onProgress: true, signal: true };

/** Milliseconds of work between two breaths of the event loop. */
const sliceMilliseconds = 25;

/** Waits, or until the signal says that nobody does any more. */
function untilOrAborted(until: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (!signal) return until;
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason);
    signal.addEventListener("abort", stop);
    until.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}

/** Does all the work at once. */
export function doWork<T>(work: Generator<unknown, T, void>): T {
  for (;;) {
    const { value, done } = work.next();
    if (done) return value;
  }
}

/** Does the work in slices of some 25 ms (one step at least), between which the event loop runs: a page stays alive, a signal is heard. */
export async function doWorkInSlices<T>(work: Work<T>, caller: string, { onProgress, signal }: SliceOptions): Promise<T> {
  try {
    if (signal !== undefined && typeof signal?.throwIfAborted !== "function") throw kindError(caller, "signal", signal, "an AbortSignal");
    if (onProgress !== undefined && typeof onProgress !== "function") throw kindError(caller, "onProgress", onProgress, "a function");
    signal?.throwIfAborted();
    let started = performance.now();
    let last: WorkProgress | null = null;
    for (;;) {
      const { value, done } = work.next();
      if (done) {
        if (last) onProgress?.({ done: last.total, total: last.total });
        return value;
      }
      const { until, ...progress } = value;
      const due = performance.now() - started >= sliceMilliseconds;
      if (!due && !until) continue;
      if (due) {
        onProgress?.(progress);
        last = progress;
      }
      await (until ? untilOrAborted(until, signal) : new Promise((resolve) => setTimeout(resolve)));
      signal?.throwIfAborted();
      if (due) started = performance.now();
    }
  } finally {
    // Where the work ended early, what it holds (kernels, say) is given back.
    work.return(undefined as never);
  }
}
