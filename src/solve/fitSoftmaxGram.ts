import type { Kernels } from "../kernels/kernels.ts";
import { fitMaxIterations, fitTolerance, fitWorkspace, paddedClasses } from "./solveSoftmax.ts";

/** A softmax probe in the span of its n training rows: logits of a row are Σ dual[i][c] · (its inner product with row i) + intercept[c]. */
export interface DualSoftmax {
  /** n × k. */
  readonly dual: Float64Array;
  /** k. */
  readonly intercept: Float64Array;
  readonly converged: boolean;
}

/** The exact softmax probe of n rows known by their inner products alone: trusted values, for inner loops. */
export function fitSoftmaxGram(
  kernels: Kernels,
  gram: Float64Array,
  labels: Int32Array,
  k: number,
  C: number,
  tolerance = fitTolerance,
): DualSoftmax {
  const { memory } = kernels;
  const n = labels.length;
  const kp = paddedClasses(k);
  const mark = memory.mark();
  const [g, w, y] = [memory.allocate(8 * n * n), memory.allocate(8 * n), memory.allocate(4 * n)];
  const space = fitWorkspace(kernels, n, k);
  const { f64, i32 } = memory;
  f64.set(gram, g >>> 3);
  f64.fill(1, w >>> 3, (w >>> 3) + n);
  i32.set(labels, y >>> 2);
  f64.fill(0, space.dual >>> 3, (space.dual >>> 3) + n * kp);
  f64.fill(0, space.intercept >>> 3, (space.intercept >>> 3) + kp);
  kernels.fit(
    ...([n, k, kp, g, y, w, C, 1, 0, tolerance, fitMaxIterations] as const),
    ...([space.dual, space.intercept, space.work, space.info] as const),
  );
  const dual = new Float64Array(n * k);
  for (let i = 0; i < n; i++) for (let c = 0; c < k; c++) dual[i * k + c] = f64[(space.dual >>> 3) + i * kp + c];
  const intercept = f64.slice(space.intercept >>> 3, (space.intercept >>> 3) + k);
  const converged = f64[(space.info >>> 3) + 1] === 1;
  memory.release(mark);
  return { dual, intercept, converged };
}
