import { checkOptions, type OptionNames } from "../core/checkOptions.ts";
import { checkCount, checkPositive } from "../core/checks.ts";
import { valueError } from "../core/errors.ts";
import { exp } from "../core/exp.ts";
import type { Matrix } from "../core/matrix.ts";
import { randomNormal, randomStream } from "../core/random.ts";
import type { Views } from "../core/views.ts";

export interface SyntheticOptions {
  /** Number of classes, at least 2 (default 20). */
  readonly classes?: number;
  /** Rows of each class (default 40). */
  readonly rowsPerClass?: number;
  /** Dimensions d (default 400). */
  readonly dims?: number;
  /** How many of them tell the classes apart; the others are confounders (default 5 % of `dims`, at least 1). */
  readonly informative?: number;
  /** Standard deviation of the class means, relative to the spread within a class, in an informative dimension (default 1.2). */
  readonly separation?: number;
  /** Augmented views of each row (default 0). */
  readonly views?: number;
  /** Standard deviation of a view about its row, as a share of the spread within a class (default 0.7). */
  readonly viewSpread?: number;
  /** Whole number (default 0): equal seeds, equal bits. */
  readonly seed?: number;
}

const syntheticOptionNames: OptionNames<SyntheticOptions> = {
  classes: true,
  rowsPerClass: true,
  dims: true,
  informative: true,
  separation: true,
  views: true,
  viewSpread: true,
  seed: true,
};

export interface SyntheticFeatures {
  /** (classes · rowsPerClass) × d, Float32, rows grouped by class. */
  readonly features: Matrix;
  /** Class of each row, 0 … classes − 1. */
  readonly labels: Int32Array;
  /** Views of every row, as `evaluate` and `fitProbe` take them; undefined if `views` is 0. */
  readonly augmented: Views | undefined;
  /** classes × d true means. */
  readonly means: Float64Array;
  /** d true standard deviations within every class (the classes share them). */
  readonly spreads: Float64Array;
}

/**
 * Synthetic features that are as redundant as a pretrained model's, after the theory of [LM]. Classes are diagonal Gaussians. In a few
 * informative dimensions the class means are far apart for their spread. All other dimensions are confounders: their spread is larger and
 * their class means lie a quarter of it apart, which many shots can tell from noise and a few cannot. Views
 * scatter about their row along the same spreads, so that importance can be estimated from them, roughly, as from real augmentations.
 *
 * @returns features, labels, views, and the true means and spreads
 * @throws RangeError when a count is not a whole number in range
 * @example
 * ```ts
 * import { syntheticFeatures } from "softprobe";
 *
 * const { features, labels } = syntheticFeatures({ classes: 3, rowsPerClass: 2, dims: 8, seed: 1 });
 * console.log(features.rows, features.cols, labels); // → 6 8 Int32Array(6) [ 0, 0, 1, 1, 2, 2 ]
 * ```
 */
export function syntheticFeatures(options: SyntheticOptions = {}): SyntheticFeatures {
  const caller = "syntheticFeatures";
  checkOptions(options, caller, syntheticOptionNames);
  const classes = checkCount(options.classes ?? 20, caller, "classes", 2);
  const rowsPerClass = checkCount(options.rowsPerClass ?? 40, caller, "rowsPerClass");
  const dims = checkCount(options.dims ?? 400, caller, "dims");
  const informative = checkCount(options.informative ?? Math.max(1, Math.round(dims / 20)), caller, "informative", 0);
  if (informative > dims) throw valueError(caller, "informative", `is ${informative}`, `at most dims = ${dims}`);
  const separation = checkPositive(options.separation ?? 1.2, caller, "separation");
  const views = checkCount(options.views ?? 0, caller, "views", 0);
  const viewSpread = checkPositive(options.viewSpread ?? 0.7, caller, "viewSpread");
  const seed = checkCount(options.seed ?? 0, caller, "seed", 0);

  const truth = randomStream(seed, "synthetic", 0);
  const means = new Float64Array(classes * dims);
  const spreads = new Float64Array(dims);
  const offsets = new Float64Array(dims);
  for (let j = 0; j < dims; j++) {
    // Informative dimensions are spread over the index range, so that nothing depends on their place.
    const useful = Math.floor(((j + 1) * informative) / dims) > Math.floor((j * informative) / dims);
    spreads[j] = (useful ? 0.7 : 1) * exp(0.4 * randomNormal(truth));
    offsets[j] = Math.abs(randomNormal(truth));
    for (let c = 0; c < classes; c++) means[c * dims + j] = offsets[j] + (useful ? separation : 0.25) * spreads[j] * randomNormal(truth);
  }
  const rows = classes * rowsPerClass;
  const features = { data: new Float32Array(rows * dims), rows, cols: dims };
  const matrix = { data: new Float32Array(rows * views * dims), rows: rows * views, cols: dims };
  const labels = new Int32Array(rows);
  for (let i = 0; i < rows; i++) {
    const random = randomStream(seed, "synthetic", 1 + i);
    const c = Math.floor(i / rowsPerClass);
    labels[i] = c;
    for (let j = 0; j < dims; j++) features.data[i * dims + j] = means[c * dims + j] + spreads[j] * randomNormal(random);
    for (let v = 0; v < views; v++) {
      const at = (i * views + v) * dims;
      for (let j = 0; j < dims; j++) matrix.data[at + j] = features.data[i * dims + j] + viewSpread * spreads[j] * randomNormal(random);
    }
  }
  return { features, labels, augmented: views > 0 ? { matrix, views } : undefined, means, spreads };
}
