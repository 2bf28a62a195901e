import { createJsProduct } from "./jsMultiply.ts";
import { addScaled, scaleVector } from "./jsVectors.ts";
import type { KernelMemory, LinearKernels } from "./kernels.ts";

const panel = 32;

/**
 * Dense linear algebra in TypeScript: the twins of linear.c, to the bit. Products run in blocks of 256 terms, factorisations in panels, as there.
 */
export function createJsLinear(memory: KernelMemory): LinearKernels {
  const product = createJsProduct(memory);

  return {
    multiply(m, n, k, a, aRow, aCol, b, bRow, bCol, c, cRow, factor, lower) {
      product([m, n, k], [a >>> 3, aRow, aCol], [b >>> 3, bRow, bCol], [c >>> 3, cRow], factor, lower !== 0);
    },

    solveLower(n, lower, stride, m, right, xStride, transposed) {
      const { f64 } = memory;
      const l = lower >>> 3;
      const x = right >>> 3;
      const blocks = Math.ceil(n / panel);
      for (let block = 0; block < blocks; block++) {
        const i0 = (transposed ? blocks - 1 - block : block) * panel;
        const i1 = Math.min(i0 + panel, n);
        const out = [x + i0 * xStride, xStride] as const;
        if (!transposed) {
          if (i0) product([i1 - i0, m, i0], [l + i0 * stride, stride, 1], [x, xStride, 1], out, -1, false);
          for (let i = i0; i < i1; i++) {
            for (let p = i0; p < i; p++) addScaled(f64, x + i * xStride, -f64[l + i * stride + p], x + p * xStride, m);
            scaleVector(f64, x + i * xStride, 1 / f64[l + i * stride + i], m);
          }
        } else {
          if (i1 < n) product([i1 - i0, m, n - i1], [l + i1 * stride + i0, 1, stride], [x + i1 * xStride, xStride, 1], out, -1, false);
          for (let i = i1 - 1; i >= i0; i--) {
            for (let p = i + 1; p < i1; p++) addScaled(f64, x + i * xStride, -f64[l + p * stride + i], x + p * xStride, m);
            scaleVector(f64, x + i * xStride, 1 / f64[l + i * stride + i], m);
          }
        }
      }
    },
  };
}
