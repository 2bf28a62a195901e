import { shapeError } from "../core/errors.ts";
import { withKernels } from "../kernels/createKernels.ts";
import { paddedCols } from "../kernels/kernels.ts";
import type { SoftmaxHead } from "../probe/fitSoftmax.ts";
import type { IncrementalSoftmax } from "./incrementalSoftmax.ts";
import { loadExamples } from "./refitDual.ts";

/**
 * Computes the head of an incremental probe, for rows as the head sees them (with `normalize: "l2"`, of norm 1; `incrementalProbe` takes
 * raw ones): coef and intercept as `fitSoftmax` fits them to the same rows. It costs O(n · k · d); call it once after many changes, not
 * after each.
 *
 * @param state - from `addExamples` or `removeExamples`, of two classes or more
 * @returns a head like any other: predict with it, save it, ship it
 * @throws RangeError when there are fewer than two classes
 * @example
 * ```ts
 * import { predict, toMatrix } from "softprobe";
 * import { addExamples, incrementalHead, incrementalSoftmax } from "softprobe/incremental";
 *
 * const state = addExamples(incrementalSoftmax(1), toMatrix([[0], [4]]), ["low", "high"]);
 * console.log(predict(incrementalHead(state), toMatrix([[1], [3]]))); // → [ 'low', 'high' ]
 * ```
 */
export function incrementalHead(state: IncrementalSoftmax): SoftmaxHead {
  const { cols, C, kernels: choice, rows, labels, fit } = state;
  if (fit === null) throw shapeError("incrementalHead", "state", `${new Set(labels).size} classes`, "at least 2");
  if (fit.refined) return fit.refined;
  const { classes, dual, intercept, nIter, converged, gradientNorm, objective } = fit;
  const [n, k] = [rows.length, classes.length];
  const coef = new Float64Array(k * cols);
  withKernels(choice, (kernels) => {
    const { memory } = kernels;
    const stride = paddedCols(cols);
    const z = loadExamples(kernels, rows, state, stride);
    const [b, out] = [memory.allocate(8 * k * n), memory.allocate(8 * k * stride)];
    const { f64 } = memory;
    for (let i = 0; i < n; i++) for (let c = 0; c < k; c++) f64[(b >>> 3) + c * n + i] = dual[i * k + c];
    // Coefficients sum to 0 over classes: the last class' are minus the others'.
    kernels.combine(b, n, k - 1, n, z, stride, 0, out);
    for (let c = 0; c < k - 1; c++) coef.set(f64.subarray((out >>> 3) + c * stride, (out >>> 3) + c * stride + cols), c * cols);
  });
  for (let c = 0; c < k - 1; c++) for (let j = 0; j < cols; j++) coef[(k - 1) * cols + j] -= coef[c * cols + j];
  return { kind: "softmax", classes, cols, coef, intercept, C, nIter, converged, gradientNorm, objective };
}
