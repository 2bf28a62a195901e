import { checkOptions } from "../core/checkOptions.ts";
import type { Labels } from "../core/labels.ts";
import type { Matrix } from "../core/matrix.ts";
import { prepareFit } from "../plan/prepareFit.ts";
import type { Step } from "../probe/steps.ts";
import { maskSteps } from "./maskSteps.ts";
import { type ProbeOptions, probeOptionNames } from "./probeOptions.ts";

/** The options of `fitProbe`, except those of its head. */
export type StepsOptions = Omit<ProbeOptions, "probe" | "C" | "trainOn" | "sampleWeight" | "combination">;

/**
 * Fits the steps that `fitProbe` applies to rows before its head: power, l2, basis, mask, l2. `transformRows` applies them to rows. After
 * you train a head on these, `composeProbe` makes a probe of raw features. So you can take a pipeline apart and replace any part of it.
 *
 * @param features - n × d support rows, finite
 * @param labels - n labels of at least two classes
 * @param options - mask, basis, power, normalize, augmented, base, pool, priorDegrees, seed, kernels, as of `fitProbe`
 * @returns the steps, plain records
 * @throws as `fitProbe`
 * @example
 * ```ts
 * import { composeProbe, fitSoftmax, fitSteps, predict, syntheticFeatures, transformRows } from "softprobe";
 *
 * const { features, labels } = syntheticFeatures({ classes: 3, rowsPerClass: 10, dims: 40, seed: 1 });
 * const steps = fitSteps(features, labels, { mask: "wiener@support/power:1" });
 * const probe = composeProbe(steps, fitSoftmax(transformRows(steps, features), labels));
 * console.log(steps.map(({ kind }) => kind), predict(probe, features)[29]); // → [ 'l2', 'mask', 'l2' ] 2
 * ```
 */
export function fitSteps(features: Matrix, labels: Labels, options: StepsOptions = {}): readonly Step[] {
  checkOptions(options, "fitSteps", ...probeOptionNames);
  return maskSteps(prepareFit("fitSteps", features, labels, options), options).steps;
}
