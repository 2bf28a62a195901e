import { describe, kindError, shapeError, valueError } from "../core/errors.ts";
import type { ClassName } from "../core/labels.ts";

/**
 * How much each class's rows count in a softmax probe's loss: `"balanced"`, as scikit-learn's, n / (k · rows of the class), so that every class counts alike; or weights ≥ 0 by
 * class name (1 for a class without one), or one a class in ascending order.
 */
export type ClassWeight = "balanced" | Readonly<Record<string, number>> | ArrayLike<number>;

/** Class weights made ready: one a class by position; null for 1 each. */
export type ClassWeights = "balanced" | Float64Array | null;

function checkWeight(value: number, caller: string, argument: string): number {
  if (typeof value !== "number") throw kindError(caller, argument, value, "a number");
  if (!(value >= 0 && value < Number.POSITIVE_INFINITY)) throw valueError(caller, argument, `is ${value}`, "a finite weight of at least 0");
  return value;
}

/** Checks the option `classWeight` against the classes there are. */
export function checkClassWeight(given: ClassWeight | undefined, classes: readonly ClassName[], caller: string): ClassWeights {
  if (given === undefined || given === "balanced") return given ?? null;
  if (given === null || typeof given !== "object")
    throw kindError(caller, "classWeight", given, '"balanced", weights by class name, or one weight a class');
  if (Array.isArray(given) || ArrayBuffer.isView(given)) {
    const list = given as ArrayLike<number>;
    if (list.length !== classes.length)
      throw shapeError(caller, "classWeight", `${list.length} weights`, `${classes.length}, one a class in ascending order`);
    return Float64Array.from(list, (value, c) => checkWeight(value, caller, `classWeight[${c}]`));
  }
  const names = classes.map(String);
  const weights = new Float64Array(classes.length).fill(1);
  for (const [name, value] of Object.entries(given as Readonly<Record<string, number>>)) {
    const c = names.indexOf(name);
    if (c < 0) throw valueError(caller, "classWeight", `has ${JSON.stringify(name)}, which no row is labelled`, "names of classes");
    if (names.lastIndexOf(name) > c)
      throw valueError(
        caller,
        "classWeight",
        `has ${JSON.stringify(name)}, which is both a number and a string among the labels`,
        "one weight a class, in order",
      );
    weights[c] = checkWeight(value, caller, `classWeight of ${describe(classes[c])}`);
  }
  return weights;
}

/**
 * Multiplies the weights of n rows by those of their classes, in their place. Balanced ones go by the rows' own weights: a row of weight 2 is as two rows, and one of
 * weight 0 is none.
 *
 * @param codes - n: each row's class, 0 … k − 1
 * @param position - the class of each code among those that weights were checked against (default: the code itself)
 */
export function weighClasses(
  classWeights: ClassWeights,
  { codes, k, position }: { readonly codes: ArrayLike<number>; readonly k: number; readonly position?: ArrayLike<number> },
  weights: Float64Array,
): void {
  if (classWeights === null) return;
  const factors = new Float64Array(k);
  if (classWeights === "balanced") {
    let [total, seen] = [0, 0];
    for (let i = 0; i < weights.length; i++) factors[codes[i]] += weights[i];
    for (let c = 0; c < k; c++) {
      total += factors[c];
      if (factors[c] > 0) seen++;
    }
    for (let c = 0; c < k; c++) if (factors[c] > 0) factors[c] = total / (seen * factors[c]);
  } else for (let c = 0; c < k; c++) factors[c] = classWeights[position ? position[c] : c];
  for (let i = 0; i < weights.length; i++) weights[i] *= factors[codes[i]];
}

/** The weights of an episode's n support rows; undefined for 1 each. `classes` are the positions of its classes among all. */
export function supportWeights(
  classWeights: ClassWeights,
  { supportLabels, classes }: { readonly supportLabels: ArrayLike<number>; readonly classes: ArrayLike<number> },
): Float64Array | undefined {
  if (classWeights === null) return undefined;
  const weights = new Float64Array(supportLabels.length).fill(1);
  weighClasses(classWeights, { codes: supportLabels, k: classes.length, position: classes }, weights);
  return weights;
}

/** Class weights as a result tells them: plain JSON. */
export function namedWeights(
  classWeights: "balanced" | Float64Array,
  classes: readonly ClassName[],
): "balanced" | Readonly<Record<string, number>> {
  return classWeights === "balanced" ? classWeights : Object.fromEntries(classes.map((name, c) => [String(name), classWeights[c]]));
}
