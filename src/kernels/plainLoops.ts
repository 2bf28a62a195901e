import type { FloatArray } from "../core/matrix.ts";
import type { RowLoops } from "./rowLoops.ts";

/** Σ a·b in two lanes, even and odd columns, as in kernels.c. */
function dot(a: FloatArray, i: number, b: FloatArray, j: number, length: number): number {
  const pairs = length & ~1;
  let even = 0;
  let odd = 0;
  for (let p = 0; p < pairs; p += 2) {
    even += a[i + p] * b[j + p];
    odd += a[i + p + 1] * b[j + p + 1];
  }
  if (pairs < length) even += a[i + pairs] * b[j + pairs];
  return even + odd;
}

/** sum + factor · Σ a·b, each `step`-th of b, in blocks of 256 terms, as in linear.c. */
function addBlocks(
  sum: number,
  factor: number,
  [a, i]: readonly [Float64Array, number],
  [b, j, step]: readonly [Float64Array, number, number],
  length: number,
): number {
  let total = sum;
  for (let from = 0; from < length; from += 256) {
    let block = 0;
    for (let p = from; p < length && p < from + 256; p++) block += a[i + p] * b[j + p * step];
    total += factor * block;
  }
  return total;
}

/** Substitution in panels of 32 rows, as in linear.c: x becomes L⁻¹x. */
function solve(lower: Float64Array, d: number, x: Float64Array, at: number): void {
  for (let i = 0; i < d; i++) {
    const panel = i & ~31;
    let sum = addBlocks(x[at + i], -1, [lower, i * d], [x, at, 1], panel);
    for (let p = panel; p < i; p++) sum += -lower[i * d + p] * x[at + p];
    x[at + i] = sum * (1 / lower[i * d + i]);
  }
}

/** The loops by ordinary arrays: small, for pages that only ask a kept head. `kernelLoops` gives the same bits, four times as fast on many rows. */
export const plainLoops: RowLoops = {
  products({ data, rows, cols }, weights, k) {
    return Float64Array.from({ length: rows * k }, (_, at) => dot(data, Math.floor(at / k) * cols, weights, (at % k) * cols, cols));
  },

  squares({ data, rows, cols }) {
    return Float64Array.from({ length: rows }, (_, i) => dot(data, i * cols, data, i * cols, cols));
  },

  multiply(rows, { cols: d, dimensions: r, transform, lower, lowRank }) {
    const n = rows.length / d;
    const out = new Float64Array(n * r);
    if (!transform) out.set(rows);
    for (let i = 0; i < n; i++) {
      const at = i * r;
      if (transform) for (let c = 0; c < r; c++) out[at + c] = addBlocks(0, 1, [rows, i * d], [transform, c, r], d);
      else if (lower) solve(lower, d, out, at);
      else if (lowRank) {
        const { vectors, gains, rest } = lowRank;
        const inner = gains.map((gain, q) => gain * addBlocks(0, 1, [rows, at], [vectors, q * d, 1], d));
        for (let j = 0; j < d; j++) out[at + j] = addBlocks(rest * rows[at + j], 1, [inner, 0], [vectors, j, d], gains.length);
      }
    }
    return out;
  },
};
