import { checkOptions } from "../core/checkOptions.ts";
import type { ClassOf, Labels } from "../core/labels.ts";
import type { Matrix } from "../core/matrix.ts";
import { doWork, partOf, type Work } from "../core/work.ts";
import { doHeldOutWork, type HeldOutCrew, type PlacedOptions, placedOptionNames } from "../heldout/heldOutCrew.ts";
import type { Probe } from "../probe/probe.ts";
import { choosePipelinePenalty } from "./choosePipelinePenalty.ts";
import { prepareProbe } from "./prepareProbe.ts";
import { type ProbeOptions, probeOptionNames } from "./probeOptions.ts";

export type { ProbeOptions } from "./probeOptions.ts";

/**
 * Trains a whole probe on raw features: normalisation, basis, mask and head, exactly as an episode of `evaluate` does with this support.
 * The result is all you need to predict: `predict`, `predictProba`, `classify` and `score` take it, `headToJSON` saves it, and
 * `writeOnnx` exports it.
 *
 * The steps are: the power, if any; l2; the basis (centre, l2, its matrix); the mask; l2. With `normalize: "none"` both l2 are skipped,
 * except those inside a basis.
 *
 * Unless you give C, held-out rows of the support choose it (`choosePenalty`), because at C = 1 probabilities stay near uniform. If a
 * class has only one row, nothing can be held out, and C is 100 divided by the rows' mean squared distance from their mean.
 *
 * @param features - n × d support rows, finite
 * @param labels - n labels of at least two classes
 * @param options - mask, basis, probe, C, power, normalize, sampleWeight; augmented, base and pool as for `evaluate`, except that base
 * classes must be given, since all rows are the task's
 * @returns steps and head, with temperature 1 and no rejection; `provenance` records what it was trained on and how
 * @throws RangeError or TypeError naming the argument, row or class at fault, also when the mask needs data that were not given, or an
 * oracle
 * @see `parseMask`, which lists the names of masks; docs/method.md for their formulas
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
  return doWork(fitting("fitProbe", features, labels, options, null)) as Probe<ClassOf<Given>>;
}

/**
 * {@link fitProbe} in slices of some 25 ms, for pages and servers. A slice is one step at least, such as a fit,
 * which on some hundred rows can take longer. With `on`, workers do the held-out fits that choose C.
 *
 * @param features - as for `fitProbe`
 * @param labels - as for `fitProbe`
 * @param options - those of `fitProbe`; on (used if C is chosen), onProgress and signal
 * @returns what `fitProbe` returns, to the bit
 * @throws as `fitProbe`; the signal's reason when aborted; Error naming a worker that was lost
 * @example
 * ```ts
 * import { fitProbeAsync, predict, toMatrix } from "softprobe";
 *
 * const probe = await fitProbeAsync(toMatrix([[1, 0], [0, 1]]), ["x", "y"], { onProgress: ({ done, total }) => console.error(done / total) });
 * console.log(predict(probe, toMatrix([[3, 1]]))); // → [ 'x' ]
 * ```
 */
export async function fitProbeAsync<Given extends Labels>(
  features: Matrix,
  labels: Given,
  options: ProbeOptions & PlacedOptions = {},
): Promise<Probe<ClassOf<Given>>> {
  const caller = "fitProbeAsync";
  checkOptions(options, caller, ...probeOptionNames, placedOptionNames);
  return doHeldOutWork(caller, options, (own, crew) => fitting(caller, features, labels, own, { crew }) as Work<Probe<ClassOf<Given>>>);
}

function* fitting(
  caller: string,
  features: Matrix,
  labels: Labels,
  options: ProbeOptions,
  sliced: { readonly crew: HeldOutCrew | null } | null,
): Work<Probe> {
  const prepared = prepareProbe(caller, features, labels, options);
  const { C } = yield* partOf(choosePipelinePenalty(caller, prepared, null, sliced?.crew ?? null), 0, 0.9);
  return prepared.complete(yield* partOf(prepared.training(C, sliced !== null), 0.9, 1), C);
}
