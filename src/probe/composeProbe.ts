import { shapeError } from "../core/errors.ts";
import { checkHead, type Head, type Probe } from "./probe.ts";
import { checkSteps, columnsBefore, type Step, stepColumns } from "./steps.ts";

/**
 * Makes a probe of raw features from steps and a head that was trained on rows after these steps. `fitProbe` does the same in one call.
 *
 * @param steps - of `fitSteps`, or one's own
 * @param head - trained on the rows that `transformRows` gives of these steps
 * @returns a probe with temperature 1 and no rejection, without provenance
 * @throws RangeError when the head expects another number of columns than the steps produce
 * @example
 * ```ts
 * import { composeProbe, fitCentroid, predict, toMatrix, transformRows } from "softprobe";
 *
 * const steps = [{ kind: "l2", weights: null }] as const;
 * const support = toMatrix([[9, 1], [1, 2]]);
 * const probe = composeProbe(steps, fitCentroid(transformRows(steps, support), ["wide", "tall"]));
 * console.log(predict(probe, toMatrix([[1, 0.1]]))); // → [ 'wide' ]
 * ```
 */
export function composeProbe(steps: readonly Step[], head: Head): Probe {
  const caller = "composeProbe";
  checkSteps(steps, caller);
  checkHead(head, caller);
  const cols = columnsBefore(steps) ?? head.cols;
  const left = steps.reduce((width, step, s) => stepColumns(step, width, caller, `step ${s} (${step.kind})`), cols);
  if (left !== head.cols) throw shapeError(caller, "head", `${head.cols} columns`, `${left}, as the steps leave`);
  return { kind: "probe", cols, steps, head, temperature: 1, rejection: null, provenance: null };
}
