import type { Matrix } from "./matrix.ts";

/** The columns of these numbers, in that order, copied: n × columns.length, in the storage of `features`. */
export function takeColumns({ data, rows, cols, columns }: Matrix, chosen: ArrayLike<number>): Matrix {
  const width = chosen.length;
  const out = data instanceof Float32Array ? new Float32Array(rows * width) : new Float64Array(rows * width);
  for (let i = 0; i < rows; i++) for (let j = 0; j < width; j++) out[i * width + j] = data[i * cols + chosen[j]];
  return { data: out, rows, cols: width, ...(columns ? { columns: Array.from(chosen, (column) => columns[column]) } : {}) };
}
