import { exponentOf } from "./doubles.ts";
import type { FloatArray } from "./matrix.ts";

/**
 * Writes to `out` the row of `cols` values at `start` of `data`, divided by its Euclidean norm; a row of zeros stays zeros. Values that would overflow
 * or vanish when squared (beyond 1e±150) are scaled first. The two may be the same array.
 *
 * @returns false, with nothing written, when a value of the row is not finite
 */
export function normalizeRow(out: FloatArray, data: FloatArray, start: number, cols: number): boolean {
  const end = start + cols;
  let plain = 0;
  for (let j = start; j < end; j++) plain += data[j] * data[j];
  let scale = 1;
  // Where no square overflowed or vanished, which is nearly always, nothing is scaled.
  if (!(plain > 1e-270 && plain < 1e290)) {
    let largest = 0;
    for (let j = start; j < end; j++) largest = Math.max(largest, Math.abs(data[j]));
    if (largest - largest !== 0) return false;
    if (largest === 0) {
      out.fill(0, start, end);
      return true;
    }
    // Powers of two scale exactly; only extremes need it, and beyond 2^1023 there is no such double.
    if (largest > 1e150 || largest < 1e-140) scale = 2 ** Math.min(1023, -exponentOf(largest));
    plain = 0;
    for (let j = start; j < end; j++) plain += data[j] * scale * (data[j] * scale);
  }
  const norm = Math.sqrt(plain);
  for (let j = start; j < end; j++) out[j] = (data[j] * scale) / norm;
  return true;
}
