import { createJsProduct } from "./jsMultiply.ts";
import type { CholeskyKernel, KernelMemory } from "./kernels.ts";

const panel = 32;

/** The factorisation in TypeScript: the twin of `cholesky` in linear.c, to the bit. Apart from the rest, so that what needs none of it does without. */
export function createJsCholesky(memory: KernelMemory): CholeskyKernel {
  const product = createJsProduct(memory);

  return (n, address, stride, info) => {
    const { f64 } = memory;
    const a = address >>> 3;
    f64[info >>> 3] = 0;
    for (let j0 = 0; j0 < n; j0 += panel) {
      const j1 = Math.min(j0 + panel, n);
      const top = a + j0 * stride;
      if (j0) product([n - j0, j1 - j0, j0], [top, stride, 1], [top, 1, stride], [top + j0, stride], -1, true);
      for (let i = j0; i < n; i++) {
        const row = a + i * stride;
        for (let j = j0; j < j1 && j <= i; j++) {
          const other = a + j * stride;
          let v = f64[row + j];
          for (let p = j0; p < j; p++) v -= f64[row + p] * f64[other + p];
          if (j < i) f64[row + j] = v / f64[other + j];
          else if (v > 0) f64[row + j] = Math.sqrt(v);
          else {
            f64[info >>> 3] = i + 1;
            return;
          }
        }
      }
    }
  };
}
