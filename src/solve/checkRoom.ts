import { valueError } from "../core/errors.ts";
import { gigabytes, mostBytes } from "../kernels/bumpMemory.ts";
import type { Kernels } from "../kernels/kernels.ts";

/** Rows to be worked on in kernel memory. */
interface Rows {
  readonly rows: number;
  readonly cols: number;
}

/** Bytes of rows as they are loaded and as doubles, and of their Gram matrix with the four that exact and approximate leave-one-out and a fit by it take at most. */
export function gramBytes(n: number, { cols }: Rows, k: number): number {
  return 8 * (5 * n * n + 2 * n * cols + 20 * n * (k + 1));
}

/** Bytes of rows as they are loaded, `size` bytes a value, and of what a fit in d dimensions takes beside them. */
export function primalBytes(n: number, { cols }: Rows, k: number, size: number): number {
  return size * n * cols + 40 * n * (k + 1) + 80 * k * cols;
}

/**
 * Refuses, before anything is done, more rows than the kernels' memory has room for, and says how many it has.
 *
 * @param bytes - what so many rows take
 * @param instead - what else would do, if anything
 */
export function checkRoom(
  { memory }: Kernels,
  { rows, cols }: Rows,
  bytes: (n: number) => number,
  caller: string,
  instead: string | null,
): void {
  const room = mostBytes - memory.mark();
  if (bytes(rows) <= room) return;
  let [fits, tooMany] = [0, rows];
  while (tooMany - fits > 1) {
    const middle = Math.floor((fits + tooMany) / 2);
    if (bytes(middle) <= room) fits = middle;
    else tooMany = middle;
  }
  throw valueError(
    caller,
    "features",
    `has ${rows} rows of ${cols} numbers, which take ${gigabytes(bytes(rows))} here`,
    `at most ${fits} rows, for kernels address ${gigabytes(mostBytes)}${instead === null ? "" : `, or ${instead}`}`,
  );
}
