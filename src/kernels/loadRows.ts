import { valueError } from "../core/errors.ts";
import { gatherRows } from "../core/gatherRows.ts";
import type { Matrix } from "../core/matrix.ts";
import { gigabytes, mostBytes } from "./bumpMemory.ts";
import { type KernelMemory, paddedCols } from "./kernels.ts";

/** Rows in kernel memory: their address, whether they are Float32, and the stride in elements. */
export interface LoadedRows {
  readonly address: number;
  readonly single: number;
  readonly stride: number;
  readonly rows: number;
  readonly cols: number;
}

/** Copies rows from … to − 1 of a matrix into kernel memory, padded with zeros, in their own storage. */
export function loadRows(memory: KernelMemory, matrix: Matrix, from = 0, to = matrix.rows): LoadedRows {
  const { cols } = matrix;
  const loaded = roomFor(memory, matrix, to - from);
  const { address, stride } = loaded;
  const single = matrix.data instanceof Float32Array;
  const target = single ? memory.f32 : memory.f64;
  const base = address / (single ? 4 : 8);
  if (stride === cols) target.set(matrix.data.subarray(from * cols, to * cols), base);
  else {
    for (let i = from; i < to; i++) {
      const at = base + (i - from) * stride;
      target.set(matrix.data.subarray(i * cols, (i + 1) * cols), at);
      target.fill(0, at + cols, at + stride);
    }
  }
  return loaded;
}

/** The same of the rows that are listed, in that order. */
export function loadListed(memory: KernelMemory, matrix: Matrix, list: ArrayLike<number>): LoadedRows {
  const { data, cols } = matrix;
  const loaded = roomFor(memory, matrix, list.length);
  const { address, stride } = loaded;
  const single = data instanceof Float32Array;
  const target = single ? memory.f32 : memory.f64;
  const base = address / (single ? 4 : 8);
  if (stride === cols) gatherRows(matrix, list, target, base);
  else {
    for (let i = 0; i < list.length; i++) {
      const at = base + i * stride;
      target.set(data.subarray(list[i] * cols, (list[i] + 1) * cols), at);
      target.fill(0, at + cols, at + stride);
    }
  }
  return loaded;
}

/** Reserves memory for `count` rows such as those of the matrix. */
function roomFor(memory: KernelMemory, { data, cols }: Matrix, count: number): LoadedRows {
  const stride = paddedCols(cols);
  const single = data instanceof Float32Array;
  const size = single ? 4 : 8;
  const bytes = count * stride * size;
  const room = mostBytes - memory.mark();
  if (bytes > room) {
    const most = Math.floor(room / (stride * size));
    const remedy = single ? "" : "; a Float32Array takes half as much";
    throw valueError(
      "kernels",
      `${count} rows of ${cols} numbers`,
      `take ${gigabytes(bytes)}`,
      `at most ${most} such rows, which the ${gigabytes(mostBytes)} that kernels address have room for${remedy}, and openFeatures (--stream) reads the rows of an episode alone`,
    );
  }
  return { address: memory.allocate(bytes), single: Number(single), stride, rows: count, cols };
}
