import { checkFinite, type Matrix } from "../core/matrix.ts";
import { withLoops } from "../kernels/loopsInUse.ts";
import { applySteps, checkSteps, type Step } from "./steps.ts";

/**
 * Applies the steps of a probe to rows, in order. The result is what its head sees. O(n · d) a step, O(n · d · r) where it multiplies by
 * a matrix.
 *
 * @param steps - of a probe, or of `fitSteps`
 * @param features - n × d, finite
 * @returns n × r Float64, finite
 * @throws RangeError when a step expects another number of columns, a power is undefined, or a value overflows
 * @example
 * ```ts
 * import { toMatrix, transformRows } from "softprobe";
 *
 * console.log(transformRows([{ kind: "l2", weights: null }], toMatrix([[3, 4]])).data); // → Float64Array(2) [ 0.6, 0.8 ]
 * ```
 */
export function transformRows(steps: readonly Step[], features: Matrix): Matrix {
  const caller = "transformRows";
  checkSteps(steps, caller);
  checkFinite(features, caller, "features");
  return withLoops((loops) => applySteps(steps, features, { loops, caller }));
}
