import type { OptionNames } from "../core/checkOptions.ts";
import { kindError, shapeError, valueError } from "../core/errors.ts";
import type { LabelIndex } from "../core/labels.ts";
import { type ClassWeight, checkClassWeight, weighClasses } from "./classWeight.ts";

/** n sample weights, 1 each where none are given: finite and at least 0. */
export function checkWeights(given: ArrayLike<number> | undefined, n: number, caller: string): Float64Array {
  const weights = new Float64Array(n).fill(1);
  if (given === undefined) return weights;
  if (given === null || typeof given !== "object") throw kindError(caller, "sampleWeight", given, "an array of numbers");
  if (given.length !== n) throw shapeError(caller, "sampleWeight", `${given.length} values`, `${n}, one a row`);
  for (let i = 0; i < n; i++) {
    if (!(given[i] >= 0) || given[i] === Number.POSITIVE_INFINITY)
      throw valueError(caller, `sampleWeight row ${i}`, `is ${given[i]}`, "finite weights of at least 0");
    weights[i] = given[i];
  }
  return weights;
}

/** What weighs rows in a softmax probe's loss. */
export interface WeightOptions {
  /** n weights ≥ 0, not all 0 (default 1 each). */
  readonly sampleWeight?: ArrayLike<number>;
  /** Weights of classes, which multiply those of their rows (default 1 each): see {@link ClassWeight}. */
  readonly classWeight?: ClassWeight;
}

export const weightOptionNames: OptionNames<WeightOptions> = { sampleWeight: true, classWeight: true };

/** n weights of rows: their own times their class's. */
export function checkRowWeights(
  { sampleWeight, classWeight }: WeightOptions,
  { classes, codes }: Pick<LabelIndex, "classes" | "codes">,
  caller: string,
): Float64Array {
  const weights = checkWeights(sampleWeight, codes.length, caller);
  weighClasses(checkClassWeight(classWeight, classes, caller), { codes, k: classes.length }, weights);
  return weights;
}
