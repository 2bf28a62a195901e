import { checkOptions, type OptionNames } from "../core/checkOptions.ts";
import { kindError, shapeError, valueError } from "../core/errors.ts";
import { type ClassName, type ClassOf, indexGiven, type Labels } from "../core/labels.ts";
import { checkFinite, type Matrix } from "../core/matrix.ts";

/** The posterior predictive of each class in a discriminant basis: independent Gaussians. */
export interface PldaHead<Label extends ClassName = ClassName> {
  readonly kind: "plda";
  readonly classes: readonly Label[];
  readonly cols: number;
  /** k × r posterior class means. */
  readonly means: Float64Array;
  /** k × r predictive variances, 1 + ψ/(Kψ + 1). */
  readonly variances: Float64Array;
}

export interface PldaOptions {
  /** r variances between class means, ≥ 0, where the variance within classes is 1: `psi` of `fitDiscriminant`. */
  readonly psi: ArrayLike<number>;
}

const pldaOptionNames: OptionNames<PldaOptions> = { psi: true };

/**
 * Fits the PLDA probe (two-covariance model, Ioffe 2006): in a discriminant basis a class mean is N(0, ψ) and its rows N(mean, 1), each
 * dimension on its own. Given K rows with mean x̄, the class mean is distributed as N(ψ/(ψ + 1/K) · x̄, ψ/(Kψ + 1)), and a new row has
 * the same mean and a variance larger by 1. K is each class's own number of rows.
 *
 * Pass rows as `project` returns them, not l2-normalised, because the model's variances are in those units. With equal shots the labels
 * do not depend on the common scale of support and queries. Normalising both gains a little if lengths differ between images (Grocery, 1
 * shot: +0.2 points), but the probabilities then mean nothing.
 *
 * @param features - n × r projected rows, finite
 * @param labels - n labels of at least two classes
 * @param options - ψ
 * @returns means and variances; scores by {@link pldaScores}
 * @throws RangeError when rows and labels differ in number, there is one class only, ψ does not have r values ≥ 0, or a value is not finite
 * @example
 * ```ts
 * import { fitPlda, toMatrix } from "softprobe";
 *
 * const head = fitPlda(toMatrix([[1], [3], [-2]]), ["a", "a", "b"], { psi: [1] });
 * console.log(head.variances, head.means[1]); // → Float64Array(2) [ 1.3333333333333333, 1.5 ] -1
 * ```
 */
export function fitPlda<Given extends Labels>(features: Matrix, labels: Given, options: PldaOptions): PldaHead<ClassOf<Given>> {
  checkOptions(options, "fitPlda", pldaOptionNames);
  const { data, rows: n, cols } = checkFinite(features, "fitPlda", "features");
  const { psi } = options;
  if (psi === null || typeof psi !== "object" || typeof psi.length !== "number")
    throw kindError("fitPlda", "psi", psi, "an array of numbers: a basis that has psi");
  if (psi.length !== cols) throw shapeError("fitPlda", "psi", `${psi.length} values`, `${cols}, one a column of features`);
  for (let j = 0; j < cols; j++) {
    if (!(psi[j] >= 0) || psi[j] === Number.POSITIVE_INFINITY)
      throw valueError("fitPlda", `psi[${j}]`, `is ${psi[j]}`, "a finite number of at least 0");
  }
  const { classes, codes, starts } = indexGiven(labels, "fitPlda");
  const k = classes.length;
  if (codes.length !== n) throw shapeError("fitPlda", "labels", `${codes.length} rows`, `${n}, one a row of features`);
  if (k < 2) throw shapeError("fitPlda", "labels", `one class, ${String(classes[0])}`, "at least 2");
  const means = new Float64Array(k * cols);
  const variances = new Float64Array(k * cols);
  for (let i = 0, at = 0; i < n; i++) {
    const to = codes[i] * cols;
    for (let j = 0; j < cols; j++, at++) means[to + j] += data[at];
  }
  for (let c = 0; c < k; c++) {
    const shots = starts[c + 1] - starts[c];
    for (let j = 0; j < cols; j++) {
      // ψ / (K ψ + 1), also where K ψ is beyond doubles.
      const share = psi[j] > 1 ? 1 / (shots + 1 / psi[j]) : psi[j] / (shots * psi[j] + 1);
      means[c * cols + j] *= share;
      variances[c * cols + j] = 1 + share;
    }
  }
  return { kind: "plda", classes, cols, means, variances };
}
