import { plainLoops } from "./plainLoops.ts";
import type { RowLoops } from "./rowLoops.ts";

/** Lends the loops of kernels, once some have been made. Before that, nothing here knows of kernels: a page that only asks a kept head does not carry them. */
let lend: (<T>(work: (loops: RowLoops) => T) => T) | null = null;

/** Called where kernels are made: heads are asked on them from then on. */
export function lendLoops(lender: typeof lend): void {
  lend = lender;
}

/** Runs `work` on the fastest loops that this program has loaded. `work` must not wait for anything. */
export function withLoops<T>(work: (loops: RowLoops) => T): T {
  return lend ? lend(work) : work(plainLoops);
}
