import { checkOptions, type OptionNames } from "../core/checkOptions.ts";
import { shapeError, valueError } from "../core/errors.ts";
import { type ClassName, type ClassOf, indexGiven, type LabelIndex, type Labels } from "../core/labels.ts";
import { checkFinite, type Matrix } from "../core/matrix.ts";
import { checkWeights } from "../solve/checkWeights.ts";

/** A nearest-centroid probe: the class whose mean is nearest, by Euclidean distance. */
export interface CentroidHead<Label extends ClassName = ClassName> {
  readonly kind: "centroid";
  readonly classes: readonly Label[];
  readonly cols: number;
  /** k × d class means. */
  readonly centroids: Float64Array;
}

/** A cosine probe: the class whose mean points most nearly in the same direction. */
export interface CosineHead<Label extends ClassName = ClassName> {
  readonly kind: "cosine";
  readonly classes: readonly Label[];
  readonly cols: number;
  /** k × d class means of norm 1. */
  readonly directions: Float64Array;
}

export interface CentroidOptions {
  /** n weights ≥ 0; each class needs one above 0 (default 1 each). */
  readonly sampleWeight?: ArrayLike<number>;
}

const centroidOptionNames: OptionNames<CentroidOptions> = { sampleWeight: true };

function classMeans<Given extends Labels>(
  features: Matrix,
  labels: Given,
  { sampleWeight }: CentroidOptions,
  caller: string,
): { index: LabelIndex<ClassOf<Given>>; means: Float64Array } {
  const { data, rows: n, cols } = checkFinite(features, caller, "features");
  if (n === 0) throw shapeError(caller, "features", "0 rows", "at least 2");
  const index = indexGiven(labels, caller);
  const k = index.classes.length;
  if (index.codes.length !== n) throw shapeError(caller, "labels", `${index.codes.length} rows`, `${n}, one a row of features`);
  if (k < 2) throw shapeError(caller, "labels", `one class, ${String(index.classes[0])}`, "at least 2");
  const weights = checkWeights(sampleWeight, n, caller);
  const means = new Float64Array(k * cols);
  const totals = new Float64Array(k);
  for (let i = 0, at = 0; i < n; i++) {
    const weight = weights[i];
    const to = index.codes[i] * cols;
    for (let j = 0; j < cols; j++, at++) means[to + j] += weight * data[at];
    totals[index.codes[i]] += weight;
  }
  for (let c = 0; c < k; c++) {
    if (totals[c] === 0)
      throw valueError(caller, "sampleWeight", `is 0 in every row of class ${String(index.classes[c])}`, "a weight above 0");
    for (let j = c * cols; j < (c + 1) * cols; j++) means[j] /= totals[c];
  }
  return { index, means };
}

/**
 * Fits the nearest-centroid probe: one mean a class (the head of ProtoNet and SimpleShot).
 *
 * @param features - n × d, finite
 * @param labels - n labels of at least two classes
 * @param options - sampleWeight
 * @returns k × d centroids; its probabilities are the softmax of −½ · squared distance
 * @throws RangeError when rows and labels differ in number, there is one class only, a weight is out of range, or a value is not finite
 * @example
 * ```ts
 * import { fitCentroid, predict, toMatrix } from "softprobe";
 *
 * const head = fitCentroid(toMatrix([[0, 0], [2, 0], [4, 4]]), ["a", "a", "b"]);
 * console.log(head.centroids, predict(head, toMatrix([[3, 3]]))); // → Float64Array(4) [ 1, 0, 4, 4 ] [ 'b' ]
 * ```
 */
export function fitCentroid<Given extends Labels>(
  features: Matrix,
  labels: Given,
  options: CentroidOptions = {},
): CentroidHead<ClassOf<Given>> {
  checkOptions(options, "fitCentroid", centroidOptionNames);
  const { index, means } = classMeans(features, labels, options, "fitCentroid");
  return { kind: "centroid", classes: index.classes, cols: features.cols, centroids: means };
}

/**
 * Fits the cosine probe: the direction of each class's mean. Its probabilities are the softmax of the cosines.
 *
 * @param features - n × d, finite
 * @param labels - n labels of at least two classes
 * @param options - sampleWeight
 * @returns k × d unit directions
 * @throws RangeError as `fitCentroid`, and when a class's mean is zero: it has no direction
 * @example
 * ```ts
 * import { fitCosine, predict, toMatrix } from "softprobe";
 *
 * const head = fitCosine(toMatrix([[2, 0], [0, 5]]), ["x", "y"]);
 * console.log(predict(head, toMatrix([[9, 8]]))); // → [ 'x' ]
 * ```
 */
export function fitCosine<Given extends Labels>(
  features: Matrix,
  labels: Given,
  options: CentroidOptions = {},
): CosineHead<ClassOf<Given>> {
  checkOptions(options, "fitCosine", centroidOptionNames);
  const { index, means: directions } = classMeans(features, labels, options, "fitCosine");
  const { cols } = features;
  for (let c = 0; c < index.classes.length; c++) {
    const row = directions.subarray(c * cols, (c + 1) * cols);
    let squares = 0;
    for (const value of row) squares += value * value;
    if (squares === 0) throw valueError("fitCosine", `class ${String(index.classes[c])}`, "has a mean of zero", "a direction");
    const norm = Math.sqrt(squares);
    for (let j = 0; j < cols; j++) row[j] /= norm;
  }
  return { kind: "cosine", classes: index.classes, cols, directions };
}
