import type { FloatArray } from "../core/matrix.ts";
import type { RowLoops } from "./rowLoops.ts";

/** Σ a·b in two lanes, even and odd columns, as in kernels.c. */
function dot(a: FloatArray, i: number, b: FloatArray, j: number, length: number): number {
  let [even, odd, p] = [0, 0, 0];
  for (; p + 1 < length; p += 2) {
    even += a[i + p] * b[j + p];
    odd += a[i + p + 1] * b[j + p + 1];
  }
  if (p < length) even += a[i + p] * b[j + p];
  return even + odd;
}

/** Σ a²·weight, in the same lanes. */
function weighted(a: FloatArray, i: number, weight: Float64Array): number {
  const lanes = [0, 0];
  for (let p = 0; p < weight.length; p++) lanes[p & 1] += a[i + p] * a[i + p] * weight[p];
  return lanes[0] + lanes[1];
}

/** Σ a·b, each `step`-th of b, in blocks of 256 terms from `sum` on, as in linear.c; factor is 1 or −1. */
function addBlocks(
  sum: number,
  factor: number,
  [a, i]: readonly [Float64Array, number],
  [b, j, step]: readonly [Float64Array, number, number],
  length: number,
): number {
  let total = sum;
  for (let p = 0; p < length; ) {
    let block = 0;
    for (const end = Math.min(length, p + 256); p < end; p++) block += a[i + p] * b[j + p * step];
    total += factor * block;
  }
  return total;
}

/** The loops by ordinary arrays: small, for pages that only ask a kept head. `kernelLoops` gives the same bits, four times as fast on many rows. */
export const plainLoops: RowLoops = {
  score({ data, rows, cols }, weights, k, square = null) {
    const each = (count: number, value: (at: number) => number) => Float64Array.from({ length: count }, (_, at) => value(at));
    return {
      products: each(rows * k, (at) => dot(data, Math.floor(at / k) * cols, weights, (at % k) * cols, cols)),
      squares: each(rows, (i) => (square ? weighted(data, i * cols, square) : dot(data, i * cols, data, i * cols, cols))),
    };
  },

  multiply(rows, { cols: d, dimensions: r, transform, lower, lowRank }) {
    const n = rows.length / d;
    const out = new Float64Array(n * r);
    if (!transform) out.set(rows);
    for (let i = 0; i < n; i++) {
      const at = i * r;
      if (transform) for (let c = 0; c < r; c++) out[at + c] = addBlocks(0, 1, [rows, i * d], [transform, c, r], d);
      // Substitution in panels of 32 rows.
      else if (lower)
        for (let row = 0; row < d; row++) {
          const panel = row & ~31;
          let sum = addBlocks(out[at + row], -1, [lower, row * d], [out, at, 1], panel);
          for (let p = panel; p < row; p++) sum += -lower[row * d + p] * out[at + p];
          out[at + row] = sum * (1 / lower[row * d + row]);
        }
      else if (lowRank) {
        const { vectors, gains, rest } = lowRank;
        const inner = gains.map((gain, q) => gain * addBlocks(0, 1, [rows, at], [vectors, q * d, 1], d));
        for (let j = 0; j < d; j++) out[at + j] = addBlocks(rest * rows[at + j], 1, [inner, 0], [vectors, j, d], gains.length);
      }
    }
    return out;
  },

  split(rows, vectors, d) {
    const rank = vectors.length / d;
    const width = rank + d;
    const n = rows.length / d;
    const out = new Float64Array(n * width);
    for (let i = 0; i < n; i++) {
      const at = i * width;
      for (let q = 0; q < rank; q++) out[at + q] = addBlocks(0, 1, [rows, i * d], [vectors, q * d, 1], d);
      for (let j = 0; j < d; j++) out[at + rank + j] = addBlocks(rows[i * d + j], -1, [out, at], [vectors, j, d], rank);
    }
    return out;
  },
};
