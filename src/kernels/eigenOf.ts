import { createJsEigen } from "./jsEigen.ts";
import type { EigenKernel, Kernels } from "./kernels.ts";

/** The eigendecomposition that goes with these kernels. */
export function eigenOf({ eigen, memory }: Kernels): EigenKernel {
  return eigen ?? createJsEigen(memory);
}
