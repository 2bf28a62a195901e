import { checkOptions } from "../core/checkOptions.ts";
import type { Labels } from "../core/labels.ts";
import type { Matrix } from "../core/matrix.ts";
import { type ExecuteOptions, execute, executeOptionNames } from "../run/execute.ts";
import { progressOptionNames } from "../run/slices.ts";
import { type CompareTheoryOptions, compareTheoryOptionNames, type TheoryComparison, theoryPlan } from "./planTheory.ts";

/**
 * Compares the theory of redundancy with measurement: the redundancy curve that class statistics predict for a two-way nearest centroid
 * (`theoreticalRedundancyCurve`) beside the curve measured over two-way episodes. It also gives the best share of dimensions and the
 * number of useful dimensions by that theory.
 *
 * Both sides see the same rows: scaled to norm 1 once (unless `normalize: "none"`), kept dimensions are ordered by oracle `pair`
 * importance and not scaled again, because the theory has no scaling after the mask. The gap between the two curves shows how far real
 * features are from independent normal dimensions.
 *
 * @param features - n × d, finite
 * @param labels - n labels
 * @param options - shots (1, 5, 20), fractions, queries, episodes, seed, classes, normalize, kernels, pairs; on, onProgress and signal
 * @returns the result document, `softprobe/theory@1`
 * @throws RangeError or TypeError naming the argument, row or class at fault; the signal's reason when aborted
 * @see docs/science.md, section 2, for real features
 * @example
 * ```ts
 * import { syntheticFeatures } from "softprobe";
 * import { compareTheory } from "softprobe/theory";
 *
 * const { features, labels } = syntheticFeatures({ seed: 1 });
 * const { shots } = await compareTheory(features, labels, { shots: [1], fractions: [0.05, 1], episodes: 100 });
 * console.log(shots[0].best.fraction < 0.2, shots[0].points[0].theory > shots[0].points[1].theory); // → true true
 * ```
 */
export async function compareTheory(
  features: Matrix,
  labels: Labels,
  options: CompareTheoryOptions & ExecuteOptions<TheoryComparison> = {},
): Promise<TheoryComparison> {
  checkOptions(options, "compareTheory", ...compareTheoryOptionNames, executeOptionNames, progressOptionNames);
  const { on, onProgress, signal, journal, ...rest } = options;
  return execute(theoryPlan("compareTheory", features, labels, rest), { on, onProgress, signal, journal });
}
