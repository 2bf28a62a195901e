import type { Matrix } from "../core/matrix.ts";
import type { Kernels } from "./kernels.ts";
import { loadLinearMap } from "./linearMap.ts";
import { loadRows } from "./loadRows.ts";
import type { RowLoops } from "./rowLoops.ts";

/** Rows multiplied at once. */
const chunk = 512;

/** The loops of a trained head on kernels. */
export function kernelLoops(kernels: Kernels): RowLoops {
  const { memory } = kernels;
  const allocated = (count: number, fill: (address: number) => void): Float64Array => {
    const address = memory.allocate(8 * count);
    fill(address);
    return memory.f64.slice(address >>> 3, (address >>> 3) + count);
  };
  /** Frees what `work` allocated. */
  const released = <T>(work: () => T): T => {
    const mark = memory.mark();
    const result = work();
    memory.release(mark);
    return result;
  };

  return {
    products: (matrix: Matrix, weights, k) =>
      released(() => {
        const w = loadRows(memory, { data: weights, rows: k, cols: matrix.cols });
        const { single, address, stride, rows } = loadRows(memory, matrix);
        return allocated(rows * k, (out) => {
          kernels.products(single, address, stride, 0, rows, w.address, w.stride, k, w.stride, out, k, 0);
        });
      }),

    squares: (matrix: Matrix) =>
      released(() => {
        const { single, address, stride, rows } = loadRows(memory, matrix);
        return allocated(rows, (out) => kernels.squares(single, address, stride, 0, rows, 0, out));
      }),

    multiply: (rows, map) =>
      released(() => {
        const { cols, dimensions } = map;
        const n = rows.length / cols;
        const most = Math.min(chunk, n);
        const out = new Float64Array(n * dimensions);
        const x = memory.allocate(8 * most * cols);
        const multiply = loadLinearMap(map, kernels, most);
        for (let from = 0; from < n; from += most) {
          const count = Math.min(most, n - from);
          memory.f64.set(rows.subarray(from * cols, (from + count) * cols), x >>> 3);
          const at = multiply(x, count) >>> 3;
          out.set(memory.f64.subarray(at, at + count * dimensions), from * dimensions);
        }
        return out;
      }),
  };
}
