import { kindError } from "../core/errors.ts";
import type { OptionsOf } from "../core/option.ts";
import type { Progress } from "../plan/given.ts";
import type { progressOptions } from "../plan/optionTable.ts";

export interface ProgressOptions extends OptionsOf<typeof progressOptions> {}

/** Milliseconds of work between two breaths of the event loop. */
const sliceMilliseconds = 25;

/** Checks the option `signal` and whether it has fired. */
export function checkSignal(signal: AbortSignal | undefined): void {
  if (signal !== undefined && typeof signal?.throwIfAborted !== "function") throw kindError("evaluate", "signal", signal, "an AbortSignal");
  signal?.throwIfAborted();
}

/** Calls `step(0) … step(total − 1)`, yielding how far it is whenever it has let the event loop breathe. */
export async function* inSlices(total: number, step: (i: number) => void, signal?: AbortSignal): AsyncGenerator<Progress, void> {
  checkSignal(signal);
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
