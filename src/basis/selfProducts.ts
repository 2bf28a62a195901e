import type { Kernels } from "../kernels/kernels.ts";
import { mirror } from "./partSpace.ts";

/** Inner products of m rows of r numbers. */
export function selfProducts(kernels: Kernels, values: Float64Array, m: number, r: number): Float64Array {
  const { memory } = kernels;
  const mark = memory.mark();
  const [from, to] = [memory.allocate(8 * m * r), memory.allocate(8 * m * m)];
  memory.f64.set(values, from >>> 3);
  memory.f64.fill(0, to >>> 3, (to >>> 3) + m * m);
  kernels.multiply(m, m, r, from, r, 1, from, 1, r, to, m, 1, 1);
  mirror(memory.f64, to >>> 3, m);
  const out = memory.f64.slice(to >>> 3, (to >>> 3) + m * m);
  memory.release(mark);
  return out;
}
