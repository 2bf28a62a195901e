import type { FloatArray, Matrix } from "./matrix.ts";

/** Copies listed rows below one another, runs of consecutive ones at once; in the storage of the matrix. The rows are trusted to be there. */
export function gatherRows({ data, cols }: Matrix, rows: ArrayLike<number>, out: FloatArray, first = 0): void {
  const count = rows.length;
  for (let i = 0; i < count; ) {
    const start = rows[i];
    let end = i + 1;
    while (end < count && rows[end] === start + end - i) end++;
    out.set(data.subarray(start * cols, (start + end - i) * cols), first + i * cols);
    i = end;
  }
}
