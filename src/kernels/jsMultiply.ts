import type { KernelMemory } from "./kernels.ts";

const depth = 256;
const breadth = 256;

/** C += factor · A·B on indices into f64: sizes m, n, k; each matrix by its place, row stride and column stride. */
export type Product = (
  sizes: readonly [number, number, number],
  a: readonly [number, number, number],
  b: readonly [number, number, number],
  c: readonly [number, number],
  factor: number,
  lower: boolean,
) => void;

/** Products in blocks of 256 terms, as in linear.c, to the bit. */
export function createJsProduct(memory: KernelMemory): Product {
  const packedA = new Float64Array(4 * depth);
  const packedB = new Float64Array(depth * breadth);
  return (
    [m, n, k]: readonly [number, number, number],
    [a, aRow, aCol]: readonly [number, number, number],
    [b, bRow, bCol]: readonly [number, number, number],
    [c, cRow]: readonly [number, number],
    factor: number,
    lower: boolean,
  ) => {
    const { f64 } = memory;
    for (let p0 = 0; p0 < k; p0 += depth) {
      const kc = Math.min(k - p0, depth);
      for (let j0 = 0; j0 < n; j0 += breadth) {
        const nc = Math.min(n - j0, breadth);
        for (let j = 0; j < nc; j += 4) {
          const width = Math.min(nc - j, 4);
          let from = b + p0 * bRow + (j0 + j) * bCol;
          let to = j * depth;
          for (let p = 0; p < kc; p++, from += bRow, to += 4)
            for (let q = 0; q < 4; q++) packedB[to + q] = q < width ? f64[from + q * bCol] : 0;
        }
        for (let i = lower ? j0 & ~3 : 0; i < m; i += 4) {
          const height = Math.min(m - i, 4);
          let from = a + i * aRow + p0 * aCol;
          let to = 0;
          for (let p = 0; p < kc; p++, from += aCol, to += 4)
            for (let q = 0; q < 4; q++) packedA[to + q] = q < height ? f64[from + q * aRow] : 0;
          const end = lower ? Math.min(nc, i + 4 - j0) : nc;
          for (let j = 0; j < end; j += 4) {
            for (let r = 0; r < height; r += 2) {
              let [s00, s01, s02, s03, s10, s11, s12, s13] = [0, 0, 0, 0, 0, 0, 0, 0];
              for (let p = 0, x = r, y = j * depth; p < kc; p++, x += 4, y += 4) {
                const u = packedA[x];
                const v = packedA[x + 1];
                const y0 = packedB[y];
                const y1 = packedB[y + 1];
                const y2 = packedB[y + 2];
                const y3 = packedB[y + 3];
                s00 += u * y0;
                s01 += u * y1;
                s02 += u * y2;
                s03 += u * y3;
                s10 += v * y0;
                s11 += v * y1;
                s12 += v * y2;
                s13 += v * y3;
              }
              const row = i + r;
              const col = j0 + j;
              const most = Math.min(n - col, 4);
              for (let h = 0; h < 2 && r + h < height; h++) {
                const out = c + (row + h) * cRow + col;
                const count = lower ? Math.min(most, row + h - col + 1) : most;
                if (count > 0) f64[out] += factor * (h ? s10 : s00);
                if (count > 1) f64[out + 1] += factor * (h ? s11 : s01);
                if (count > 2) f64[out + 2] += factor * (h ? s12 : s02);
                if (count > 3) f64[out + 3] += factor * (h ? s13 : s03);
              }
            }
          }
        }
      }
    }
  };
}
