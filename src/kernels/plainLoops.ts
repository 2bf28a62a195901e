import type { FloatArray } from "../core/matrix.ts";
import type { RowLoops } from "./rowLoops.ts";

/** Σ a·b·weight in two lanes, even and odd columns, as in kernels.c. */
function dot(a: FloatArray, i: number, b: FloatArray, j: number, weight: Float64Array): number {
  const lanes = [0, 0];
  for (let p = 0; p < weight.length; p++) lanes[p & 1] += a[i + p] * b[j + p] * weight[p];
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
  score({ data, rows, cols }, weights, k, square) {
    const ones = new Float64Array(cols).fill(1);
    const each = (count: number, value: (at: number) => number) => Float64Array.from({ length: count }, (_, at) => value(at));
    return {
      products: each(rows * k, (at) => dot(data, Math.floor(at / k) * cols, weights, (at % k) * cols, ones)),
      squares: square === undefined ? null : each(rows, (i) => dot(data, i * cols, data, i * cols, square ?? ones)),
    };
  },

  multiply(rows, d, step) {
    const { kind } = step;
    const rank = kind === "split" ? step.vectors.length / d : 0;
    const width = kind === "transform" ? step.dimensions : rank + d;
    const out = new Float64Array((rows.length / d) * width);
    for (let i = 0, at = 0; i < rows.length; i += d, at += width) {
      const row = [rows, i] as const;
      if (kind !== "solve") {
        const [vectors, next, stride] = kind === "transform" ? ([step.matrix, 1, width] as const) : ([step.vectors, d, 1] as const);
        const along = new Float64Array(vectors.length / d).map((_, q) => addBlocks(0, 1, row, [vectors, q * next, stride], d));
        if (kind === "lowRank") for (let q = 0; q < along.length; q++) along[q] *= step.gains[q];
        else out.set(along, at);
        if (kind === "transform") continue;
        const sign = kind === "split" ? -1 : 1;
        for (let j = 0; j < d; j++) {
          const kept = kind === "split" ? rows[i + j] : step.rest * rows[i + j];
          out[at + rank + j] = addBlocks(kept, sign, [along, 0], [vectors, j, d], along.length);
        }
        continue;
      }
      // Substitution in panels of 32 rows.
      for (let r = 0; r < d; r++) {
        const panel = r & ~31;
        let sum = addBlocks(rows[i + r], -1, [step.lower, r * d], [out, at, 1], panel);
        for (let p = panel; p < r; p++) sum += -step.lower[r * d + p] * out[at + p];
        out[at + r] = sum * (1 / step.lower[r * d + r]);
      }
    }
    return out;
  },
};
