import type { Kernels } from "./kernels.ts";
import { type LinearMap, loadLinearMap } from "./linearMap.ts";
import { loadRows } from "./loadRows.ts";
import type { MatrixStep, RowLoops } from "./rowLoops.ts";

/** Rows multiplied at once. */
const chunk = 512;

/** The loops of a trained head on kernels. */
export function kernelLoops(kernels: Kernels): RowLoops {
  const { memory } = kernels;
  function multiplyBy(rows: Float64Array, map: LinearMap): Float64Array {
    const { cols, dimensions } = map;
    const n = rows.length / cols;
    const most = Math.min(chunk, n);
    const out = new Float64Array(n * dimensions);
    const mark = memory.mark();
    const x = memory.allocate(8 * most * cols);
    const multiply = loadLinearMap(map, kernels, most);
    for (let from = 0; from < n; from += most) {
      const count = Math.min(most, n - from);
      memory.f64.set(rows.subarray(from * cols, (from + count) * cols), x >>> 3);
      const at = multiply(x, count) >>> 3;
      out.set(memory.f64.subarray(at, at + count * dimensions), from * dimensions);
    }
    memory.release(mark);
    return out;
  }

  function split(rows: Float64Array, d: number, vectors: Float64Array): Float64Array {
    const rank = vectors.length / d;
    const width = rank + d;
    const n = rows.length / d;
    const most = Math.min(chunk, n);
    const out = new Float64Array(n * width);
    const mark = memory.mark();
    const v = memory.allocate(8 * vectors.length);
    const [x, along] = [memory.allocate(8 * most * d), memory.allocate(8 * most * rank)];
    memory.f64.set(vectors, v >>> 3);
    for (let from = 0; from < n; from += most) {
      const count = Math.min(most, n - from);
      const { f64 } = memory;
      f64.set(rows.subarray(from * d, (from + count) * d), x >>> 3);
      f64.fill(0, along >>> 3, (along >>> 3) + count * rank);
      kernels.multiply(count, rank, d, x, d, 1, v, 1, d, along, rank, 1, 0);
      kernels.multiply(count, d, rank, along, rank, 1, v, d, 1, x, d, -1, 0);
      for (let i = 0; i < count; i++) {
        out.set(f64.subarray((along >>> 3) + i * rank, (along >>> 3) + (i + 1) * rank), (from + i) * width);
        out.set(f64.subarray((x >>> 3) + i * d, (x >>> 3) + (i + 1) * d), (from + i) * width + rank);
      }
    }
    memory.release(mark);
    return out;
  }

  return {
    score(matrix, weights, k, square) {
      const mark = memory.mark();
      const { single, address, stride, rows, cols } = loadRows(memory, matrix);
      const w = loadRows(memory, { data: weights, rows: k, cols });
      const weight = square ? loadRows(memory, { data: square, rows: 1, cols }).address : 0;
      const out = memory.allocate(8 * rows * (k + 1));
      const end = out + 8 * rows * k;
      kernels.products(single, address, stride, 0, rows, w.address, stride, k, stride, out, k, 0);
      if (square !== undefined) kernels.squares(single, address, stride, 0, rows, weight, end);
      memory.release(mark);
      const products = memory.f64.slice(out >>> 3, end >>> 3);
      return { products, squares: square === undefined ? null : memory.f64.slice(end >>> 3, (end >>> 3) + rows) };
    },

    rescale(steps, s, rows, d) {
      const unit = (at: number): boolean => steps[at]?.kind === "l2" && !steps[at].weights;
      const first = unit(s);
      const next = first ? s + 1 : s;
      const mask = steps[next]?.kind === "mask" && unit(next + 1) ? steps[next].weights! : null;
      if (!kernels.rescale || !(first || mask) || (mask && mask.length !== d)) return 0;
      const mark = memory.mark();
      const n = rows.length / d;
      const { address, stride } = loadRows(memory, { data: rows, rows: n, cols: d });
      const weights = mask ? loadRows(memory, { data: mask, rows: 1, cols: d }).address : 0;
      const info = memory.allocate(8);
      kernels.rescale(address, stride, n, weights, Number(first && mask !== null), info);
      memory.release(mark);
      const { f64 } = memory;
      if (f64[info >>> 3] !== 1) return 0;
      const from = address >>> 3;
      if (stride === d) rows.set(f64.subarray(from, from + rows.length));
      else for (let i = 0; i < n; i++) rows.set(f64.subarray(from + i * stride, from + i * stride + d), i * d);
      return Number(first) + (mask ? 2 : 0);
    },

    multiply: (rows, d, step) => (step.kind === "split" ? split(rows, d, step.vectors) : multiplyBy(rows, mapOf(step, d))),
  };
}

function mapOf(step: Exclude<MatrixStep, { kind: "split" }>, cols: number): LinearMap {
  const none = { cols, dimensions: cols, transform: null, lower: null, lowRank: null };
  if (step.kind === "transform") return { ...none, dimensions: step.dimensions, transform: step.matrix };
  return step.kind === "solve" ? { ...none, lower: step.lower } : { ...none, lowRank: step };
}
