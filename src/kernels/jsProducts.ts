import type { KernelMemory, Kernels, LinearKernels } from "./kernels.ts";

/**
 * The loops over dimensions, in TypeScript: the twins of kernels.c, to the bit. Sums over dimensions run in two lanes, even and odd columns,
 * added at the end; blocks of 2 × 2 outputs share their loads (blocking changes speed, never a sum).
 */
export function createJsProducts(
  memory: KernelMemory,
): Omit<Kernels, "kind" | "memory" | "fit" | "cholesky" | "eigen" | "statistics" | "primal" | keyof LinearKernels> {
  return {
    gather(single, src, stride, rows, count, cols, mask, keep, out, outStride) {
      const { f64, i32 } = memory;
      const x = single ? memory.f32 : f64;
      const base = single ? src >>> 2 : src >>> 3;
      for (let i = 0; i < count; i++) {
        const from = base + (rows ? i32[(rows >>> 2) + i] : i) * stride;
        const to = (out >>> 3) + i * outStride;
        const m = mask >>> 3;
        if (keep) {
          const at = keep >>> 2;
          for (let j = 0; j < cols; j++) f64[to + j] = x[from + i32[at + j]];
          if (mask) for (let j = 0; j < cols; j++) f64[to + j] *= f64[m + j];
          for (let j = cols; j < outStride; j++) f64[to + j] = 0;
        } else if (mask) {
          for (let j = 0; j < outStride; j++) f64[to + j] = x[from + j] * f64[m + j];
        } else {
          for (let j = 0; j < outStride; j++) f64[to + j] = x[from + j];
        }
      }
    },

    rescale: null,

    squares(single, src, stride, rows, count, weight, out) {
      const { f64, i32 } = memory;
      const x = single ? memory.f32 : f64;
      const base = single ? src >>> 2 : src >>> 3;
      for (let i = 0; i < count; i++) {
        const from = base + (rows ? i32[(rows >>> 2) + i] : i) * stride;
        const w = weight >>> 3;
        let even = 0;
        let odd = 0;
        if (weight) {
          for (let j = 0; j < stride; j += 2) {
            const a = x[from + j];
            const b = x[from + j + 1];
            even += a * a * f64[w + j];
            odd += b * b * f64[w + j + 1];
          }
        } else {
          for (let j = 0; j < stride; j += 2) {
            const a = x[from + j];
            const b = x[from + j + 1];
            even += a * a;
            odd += b * b;
          }
        }
        f64[(out >>> 3) + i] = even + odd;
      }
    },

    products(single, src, stride, rows, count, w, wStride, cols, length, out, outStride, add) {
      const { f64, i32 } = memory;
      const x = single ? memory.f32 : f64;
      const base = single ? src >>> 2 : src >>> 3;
      for (let c = 0; c < cols; c += 2) {
        const lastCol = Math.min(c + 1, cols - 1);
        const w0 = (w >>> 3) + c * wStride;
        const w1 = (w >>> 3) + lastCol * wStride;
        for (let i = 0; i < count; i += 2) {
          const last = Math.min(i + 1, count - 1);
          const x0 = base + (rows ? i32[(rows >>> 2) + i] : i) * stride;
          const x1 = base + (rows ? i32[(rows >>> 2) + last] : last) * stride;
          let s00 = 0;
          let t00 = 0;
          let s01 = 0;
          let t01 = 0;
          let s10 = 0;
          let t10 = 0;
          let s11 = 0;
          let t11 = 0;
          for (let j = 0; j < length; j += 2) {
            const a0 = x[x0 + j];
            const a1 = x[x0 + j + 1];
            const b0 = x[x1 + j];
            const b1 = x[x1 + j + 1];
            const u0 = f64[w0 + j];
            const u1 = f64[w0 + j + 1];
            const v0 = f64[w1 + j];
            const v1 = f64[w1 + j + 1];
            s00 += a0 * u0;
            t00 += a1 * u1;
            s01 += a0 * v0;
            t01 += a1 * v1;
            s10 += b0 * u0;
            t10 += b1 * u1;
            s11 += b0 * v0;
            t11 += b1 * v1;
          }
          const o0 = (out >>> 3) + i * outStride + c;
          const o1 = (out >>> 3) + last * outStride + c;
          if (last > i) {
            f64[o1] = add ? f64[o1] + (s10 + t10) : s10 + t10;
            if (lastCol > c) f64[o1 + 1] = add ? f64[o1 + 1] + (s11 + t11) : s11 + t11;
          }
          f64[o0] = add ? f64[o0] + (s00 + t00) : s00 + t00;
          if (lastCol > c) f64[o0 + 1] = add ? f64[o0 + 1] + (s01 + t01) : s01 + t01;
        }
      }
    },

    rough: null,

    gram(z, stride, n, length, out, add) {
      const { f64 } = memory;
      const base = z >>> 3;
      const o = out >>> 3;
      for (let i = 0; i < n; i += 2) {
        const last = Math.min(i + 1, n - 1);
        const x0 = base + i * stride;
        const x1 = base + last * stride;
        for (let c = 0; c <= last; c += 2) {
          const lastCol = Math.min(c + 1, last);
          const w0 = base + c * stride;
          const w1 = base + lastCol * stride;
          let s00 = 0;
          let t00 = 0;
          let s01 = 0;
          let t01 = 0;
          let s10 = 0;
          let t10 = 0;
          let s11 = 0;
          let t11 = 0;
          for (let j = 0; j < length; j += 2) {
            const a0 = f64[x0 + j];
            const a1 = f64[x0 + j + 1];
            const b0 = f64[x1 + j];
            const b1 = f64[x1 + j + 1];
            const u0 = f64[w0 + j];
            const u1 = f64[w0 + j + 1];
            const v0 = f64[w1 + j];
            const v1 = f64[w1 + j + 1];
            s00 += a0 * u0;
            t00 += a1 * u1;
            s01 += a0 * v0;
            t01 += a1 * v1;
            s10 += b0 * u0;
            t10 += b1 * u1;
            s11 += b0 * v0;
            t11 += b1 * v1;
          }
          const put = (row: number, col: number, value: number): void => {
            if (col > row) return;
            const sum = (add ? f64[o + row * n + col] : 0) + value;
            f64[o + row * n + col] = sum;
            f64[o + col * n + row] = sum;
          };
          put(i, c, s00 + t00);
          if (lastCol > c) put(i, lastCol, s01 + t01);
          if (last > i) {
            put(last, c, s10 + t10);
            if (lastCol > c) put(last, lastCol, s11 + t11);
          }
        }
      }
    },

    combine(b, bStride, cols, n, z, stride, mask, out) {
      const { f64 } = memory;
      for (let c = 0; c < cols; c++) {
        const row = (b >>> 3) + c * bStride;
        const to = (out >>> 3) + c * stride;
        for (let i = 0; i < stride; i++) f64[to + i] = 0;
        for (let j = 0; j < n; j++) {
          const f = f64[row + j];
          const from = (z >>> 3) + j * stride;
          for (let i = 0; i < stride; i++) f64[to + i] += f * f64[from + i];
        }
        if (mask) for (let i = 0; i < stride; i++) f64[to + i] *= f64[(mask >>> 3) + i];
      }
    },
  };
}
