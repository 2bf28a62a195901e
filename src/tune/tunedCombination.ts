import { valueError } from "../core/errors.ts";
import { indexLabels, type Labels } from "../core/labels.ts";
import type { Matrix } from "../core/matrix.ts";
import type { Views } from "../core/views.ts";
import { harmonicMean } from "../estimate/shotsOf.ts";
import type { KernelChoice } from "../kernels/createKernels.ts";
import type { Combination } from "../pipeline/combination.ts";
import type { BaseGiven } from "../plan/given.ts";
import { fitCombination } from "./fitCombination.ts";
import { fitSupportCombination } from "./fitSupportCombination.ts";

export interface TunedData {
  readonly base?: BaseGiven;
  readonly augmented?: Views;
  readonly pool?: Views;
  readonly seed?: number;
  readonly kernels?: KernelChoice;
}

/** Rows a class of a support, as whole shots. */
function shotsOfLabels(labels: Labels): { readonly ways: number; readonly shots: number } {
  const { classes, starts } = indexLabels(labels);
  return { ways: classes.length, shots: Math.max(1, Math.round(harmonicMean(classes.map((_, c) => starts[c + 1] - starts[c])))) };
}

/**
 * What the mask `tuned` is in fits: for each support the combination learned from base rows, once for supports of as many ways and shots, or, without any, from the
 * support, its views and the pool.
 */
export function tunedCombination(caller: string, data: TunedData): (features: Matrix, labels: Labels) => Combination {
  const { base, augmented, pool, seed, kernels } = data;
  if (base && !("features" in base))
    throw valueError(caller, 'mask "tuned"', "needs base rows, but base is statistics", "the rows themselves as base {features, labels}");
  const known = new Map<string, Combination>();
  return (features, labels) => {
    if (!base) return fitSupportCombination(features, labels, { augmented, pool, seed, kernels });
    const task = shotsOfLabels(labels);
    const key = `${task.ways} ${task.shots}`;
    const combination = known.get(key) ?? fitCombination(base, { ...task, seed, kernels });
    known.set(key, combination);
    return combination;
  };
}
