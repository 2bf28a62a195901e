import { checkOptions } from "../core/checkOptions.ts";
import type { ClassOf, Labels } from "../core/labels.ts";
import type { Matrix } from "../core/matrix.ts";
import type { Probe } from "../probe/probe.ts";
import { type ProbeOptions, prepareProbe, probeOptionNames } from "./prepareProbe.ts";

export type { ProbeOptions } from "./prepareProbe.ts";

/**
 * Trains a whole probe of raw features: normalisation, basis, mask and head, as one episode of `evaluate` would on this support. What it
 * returns is all that an answer needs: `predict`, `predictProba`, `classify` and `score` take it, `headToJSON` keeps it, `foldHead` and
 * `writeOnnx` ship it.
 *
 * The steps are: the power, if any; l2; the basis (centre, l2, its matrix); the mask; l2. With `normalize: "none"` neither l2 is done, but a
 * basis' own.
 *
 * @param features - n × d support rows, finite
 * @param labels - n labels of at least two classes
 * @param options - mask, basis, probe, C, power, normalize, sampleWeight; augmented, base and pool as for `evaluate`, but base classes must be given: there are none outside
 * @returns steps and head, temperature 1, no rejection; provenance says of what and how it was made
 * @throws RangeError or TypeError naming the argument, row or class at fault, and when the mask asks for data that are not there or for an oracle
 * @see METHOD.md, "Masks" and "Probes"
 * @example
 * ```ts
 * import { fitProbe, predict, syntheticFeatures, takeRows } from "softprobe";
 *
 * const { features, labels } = syntheticFeatures({ classes: 3, rowsPerClass: 10, dims: 40, seed: 1 });
 * const probe = fitProbe(features, labels, { mask: "wiener@support/power:1" });
 * console.log(probe.steps.map(({ kind }) => kind)); // → [ 'l2', 'mask', 'l2' ]
 * console.log(predict(probe, takeRows(features, [0, 29]))); // → [ 0, 2 ]
 * ```
 */
export function fitProbe<Given extends Labels>(features: Matrix, labels: Given, options: ProbeOptions = {}): Probe<ClassOf<Given>> {
  checkOptions(options, "fitProbe", ...probeOptionNames);
  const { rows, labels: names, weights, C, train, complete } = prepareProbe("fitProbe", features, labels, options);
  return complete(train(rows, names, weights, C), C) as Probe<ClassOf<Given>>;
}
