import { exponentOf } from "../core/doubles.ts";
import type { Kernels } from "../kernels/kernels.ts";
import type { LoadedRows } from "../kernels/loadRows.ts";
import { shortStride } from "../kernels/primalRecord.ts";

/** The power of two next below 1/value, so that value times it is in 1 … 2. */
export function unitScale(value: number): number {
  return value > 0 && value < Number.POSITIVE_INFINITY ? 2 ** Math.max(-900, Math.min(900, -exponentOf(value))) : 1;
}

/** The largest absolute logit of n rows of k, kp apart. */
export function widestOf(f64: Float64Array, z: number, n: number, k: number, kp: number): number {
  let most = 0;
  for (let i = 0; i < n; i++, z += kp) {
    for (let c = z; c < z + k; c++) {
      const value = f64[c] < 0 ? -f64[c] : f64[c];
      if (value > most) most = value;
    }
  }
  return most;
}

/** The column means of at most some 500 rows, at `to`: about what they are taken matters only for speed. */
export function roughMean(kernels: Kernels, { address, single, stride, rows }: LoadedRows, to: number): number {
  const { f64, f32 } = kernels.memory;
  const source = single ? f32 : f64;
  const start = single ? address >>> 2 : address >>> 3;
  const by = Math.max(1, Math.floor(rows / 509));
  const count = Math.ceil(rows / by);
  f64.fill(0, to >>> 3, (to >>> 3) + stride);
  for (let i = 0; i < rows; i += by)
    for (let j = 0, at = start + i * stride, m = to >>> 3; j < stride; j++, at++, m++) f64[m] += source[at] / count;
  // Singles are taken less a single.
  if (single) for (let m = to >>> 3; m < (to >>> 3) + stride; m++) f64[m] = Math.fround(f64[m]);
  return to;
}

/** Whether rows take at most half a GB as integers of 16 bits. */
export function roomForShorts(rows: number, stride: number): boolean {
  return 2 * rows * shortStride(stride) <= 2 ** 29;
}

/** Powers of two that bring columns, less their mean, to one size, about, and their inverses: of some 100 rows. */
export function columnScales(kernels: Kernels, { address, single, stride, rows }: LoadedRows, mean: number, to: number): void {
  const { f64, f32 } = kernels.memory;
  const source = single ? f32 : f64;
  const start = single ? address >>> 2 : address >>> 3;
  const by = Math.max(1, Math.floor(rows / 101));
  const sizes = new Float64Array(stride);
  for (let i = 0; i < rows; i += by)
    for (let j = 0, at = start + i * stride; j < stride; j++, at++)
      sizes[j] = Math.max(sizes[j], Math.abs(source[at] - (mean && f64[(mean >>> 3) + j])));
  const largest = sizes.reduce((most, size) => Math.max(most, size), 0);
  for (let j = 0; j < stride; j++) {
    const scale = sizes[j] > 1e-9 * largest ? unitScale(sizes[j] / largest) : 1;
    f64[(to >>> 3) + j] = scale;
    f64[(to >>> 3) + stride + j] = 1 / scale;
  }
}

export function normsOf({ squares, memory }: Kernels, { address, single, stride, rows }: LoadedRows): Float64Array {
  const mark = memory.mark();
  const out = memory.allocate(8 * rows);
  squares(single, address, stride, 0, rows, 0, out);
  const norms = memory.f64.slice(out >>> 3, (out >>> 3) + rows).map(Math.sqrt);
  memory.release(mark);
  return norms;
}
