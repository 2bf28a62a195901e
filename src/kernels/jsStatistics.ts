import type { KernelMemory, StatisticsKernels } from "./kernels.ts";

/** Moments, normalised Gram matrices and pair importance in TypeScript: the twins of kernels.c, to the bit. */
export function createJsStatistics(memory: KernelMemory): StatisticsKernels {
  return {
    addMoments(single, src, stride, rows, scale, count, start, pivot, sum, squares) {
      const { f64, i32 } = memory;
      const x = single ? memory.f32 : f64;
      const base = single ? src >>> 2 : src >>> 3;
      const [m, s, q] = [pivot >>> 3, sum >>> 3, squares >>> 3];
      const rowAt = (i: number): number => (rows ? i32[(rows >>> 2) + i] : i);
      const scaleOf = (row: number): number => (scale ? f64[(scale >>> 3) + row] : 1);
      if (start) {
        const row = rowAt(0);
        const f = scaleOf(row);
        for (let j = 0; j < stride; j++) {
          f64[m + j] = x[base + row * stride + j] * f;
          f64[s + j] = 0;
          f64[q + j] = 0;
        }
      }
      for (let i = start; i < count; i++) {
        const row = rowAt(i);
        const from = base + row * stride;
        const f = scaleOf(row);
        for (let j = 0; j < stride; j++) {
          const v = x[from + j] * f - f64[m + j];
          f64[s + j] += v;
          f64[q + j] += v * v;
        }
      }
    },

    finishMoments(pivot, sum, squares, stride, count, divisor) {
      const { f64 } = memory;
      const [m, s, q] = [pivot >>> 3, sum >>> 3, squares >>> 3];
      const share = 1 / count;
      for (let j = 0; j < stride; j++) {
        const shift = f64[s + j] * share;
        const v = f64[q + j] - f64[s + j] * shift;
        f64[m + j] += shift;
        f64[q + j] = (v < 0 ? 0 : v) / divisor;
      }
    },

    joinMoments(mean, squares, otherMean, otherSquares, stride, n, m, divisor) {
      const { f64 } = memory;
      const [a, q, b, r] = [mean >>> 3, squares >>> 3, otherMean >>> 3, otherSquares >>> 3];
      const [join, share] = [(n * m) / (n + m), m / (n + m)];
      for (let j = 0; j < stride; j++) {
        const gap = f64[b + j] - f64[a + j];
        f64[q + j] = (f64[q + j] + (f64[r + j] + gap * gap * join)) / divisor;
        f64[a + j] += gap * share;
      }
    },

    deviations(variance, cols, stride, share, out, total) {
      const { f64 } = memory;
      const [v, o] = [variance >>> 3, out >>> 3];
      let even = 0;
      let odd = 0;
      for (let j = 0; j < stride; j += 2) {
        even += f64[v + j];
        odd += f64[v + j + 1];
      }
      f64[total >>> 3] = even + odd;
      const lowest = (share * (even + odd)) / cols;
      const floor = lowest > 2 ** -1022 ? lowest : 2 ** -1022;
      for (let j = 0; j < stride; j++) f64[o + j] = Math.sqrt(f64[v + j] > floor ? f64[v + j] : floor);
    },

    correlate(gram, n, inverse, out) {
      const { f64 } = memory;
      const [g, r, o] = [gram >>> 3, inverse >>> 3, out >>> 3];
      for (let i = 0; i < n; i++) {
        const own = f64[g + i * n + i];
        f64[r + i] = own > 0 ? 1 / Math.sqrt(own) : 0;
      }
      for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) f64[o + i * n + j] = f64[g + i * n + j] * (f64[r + i] * f64[r + j]);
    },

    pairs(meanList, deviationList, k, stride, terms, out) {
      const { f64, i32 } = memory;
      const [t, o] = [terms >>> 3, out >>> 3];
      const share = 2 / (k * (k - 1));
      const row = (list: number, c: number): number => i32[(list >>> 2) + c] >>> 3;
      f64.fill(0, o, o + stride);
      for (let a = 0; a < k; a++) {
        const [pa, ra] = [row(meanList, a), row(deviationList, a)];
        for (let b = 0; b < a; b++) {
          const [pb, rb] = [row(meanList, b), row(deviationList, b)];
          let even = 0;
          let odd = 0;
          for (let j = 0; j < stride; j++) {
            const v = Math.abs(f64[pa + j] - f64[pb + j]) / (f64[ra + j] + f64[rb + j]);
            f64[t + j] = v;
            if (j & 1) odd += v * v;
            else even += v * v;
          }
          const length = Math.sqrt(even + odd);
          if (!(length > 0)) continue;
          const factor = share / length;
          for (let j = 0; j < stride; j++) f64[o + j] += f64[t + j] * factor;
        }
      }
    },
  };
}
