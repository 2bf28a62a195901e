import { createJsCholesky } from "./jsCholesky.ts";
import type { CholeskyKernel, Kernels } from "./kernels.ts";

/** The factorisation that goes with these kernels. */
export function choleskyOf({ cholesky, memory }: Kernels): CholeskyKernel {
  return cholesky ?? createJsCholesky(memory);
}
