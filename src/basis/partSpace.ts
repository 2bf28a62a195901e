import type { Matrix } from "../core/matrix.ts";
import type { Kernels } from "../kernels/kernels.ts";
import { unitRowInto } from "./unitRows.ts";

/** Rows of norm 1, as the parts of a combination take them: each is read when it is needed, and all their inner products are kept where they are few. */
export interface PartSpace {
  readonly kernels: Kernels;
  readonly rows: number;
  readonly cols: number;
  /** Writes the rows listed, one after the other, from an address on, which holds rows × cols doubles. */
  load(list: Int32Array, address: number): void;
  /** Writes the inner products of the rows listed, a × b, from an address on. */
  products(a: Int32Array, b: Int32Array, address: number): void;
}

/** Rows of a {@link PartSpace} grouped by class: those of class c are `rows[starts[c]] … rows[starts[c + 1] − 1]`, and no class is empty. */
export interface GroupedRows {
  readonly rows: Int32Array;
  readonly starts: Int32Array;
}

/** At most this many rows have all their inner products kept: 72 MB. */
const mostKept = 3000;

/** Puts a matrix's rows, finite, at hand; `mostKeptRows` rows or fewer have their inner products computed once. */
export function partSpace(kernels: Kernels, matrix: Matrix, mostKeptRows = mostKept): PartSpace {
  const { data, rows: n, cols } = matrix;
  const { memory } = kernels;
  const load: PartSpace["load"] = (list, address) => {
    const { f64 } = memory;
    for (let i = 0; i < list.length; i++) unitRowInto(f64, (address >>> 3) + i * cols, data, list[i] * cols, cols);
  };
  const multiply = (a: Int32Array, b: Int32Array, address: number): void => {
    const mark = memory.mark();
    const left = memory.allocate(8 * a.length * cols);
    load(a, left);
    const right = a === b ? left : memory.allocate(8 * b.length * cols);
    if (a !== b) load(b, right);
    memory.f64.fill(0, address >>> 3, (address >>> 3) + a.length * b.length);
    kernels.multiply(a.length, b.length, cols, left, cols, 1, right, 1, cols, address, b.length, 1, a === b ? 1 : 0);
    if (a === b) mirror(memory.f64, address >>> 3, a.length);
    memory.release(mark);
  };
  let gram: Float64Array | null = null;
  return {
    ...{ kernels, rows: n, cols, load },
    products(a, b, address) {
      if (n > mostKeptRows) {
        multiply(a, b, address);
        return;
      }
      if (gram === null) {
        const mark = memory.mark();
        const all = memory.allocate(8 * n * n);
        const list = Int32Array.from({ length: n }, (_, i) => i);
        multiply(list, list, all);
        gram = memory.f64.slice(all >>> 3, (all >>> 3) + n * n);
        memory.release(mark);
      }
      const { f64 } = memory;
      for (let i = 0, at = address >>> 3; i < a.length; i++) {
        const from = a[i] * n;
        for (let j = 0; j < b.length; j++, at++) f64[at] = gram[from + b[j]];
      }
    },
  };
}

/** The upper half of an n × n matrix becomes the mirror image of the lower. */
export function mirror(f64: Float64Array, at: number, n: number): void {
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) f64[at + j * n + i] = f64[at + i * n + j];
}
