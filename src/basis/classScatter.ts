import { shapeError, valueError } from "../core/errors.ts";
import { type LabelIndex, type Labels, labelIndexOf } from "../core/labels.ts";
import { checkMatrix, type Matrix } from "../core/matrix.ts";
import type { Kernels } from "../kernels/kernels.ts";
import { type BasisNormalize, type BasisOptions, checkNormalize, checkRows } from "./basis.ts";
import { basisMean, centredRowInto } from "./unitRows.ts";

/** Labelled base rows, checked: rows grouped by class. */
export interface BaseRows {
  readonly features: Matrix;
  /** Row numbers, grouped by class. */
  readonly rows: Int32Array;
  /** classes + 1: the rows of class c are `rows[starts[c]] … rows[starts[c + 1] − 1]`. */
  readonly starts: Int32Array;
  readonly classes: number;
  readonly normalize: BasisNormalize;
}

/** Checks base rows and labels; classes with none of the rows asked for do not count. */
export function checkBase(features: Matrix, labels: Labels | LabelIndex, options: BasisOptions, caller: string): BaseRows {
  const { rows: n } = checkMatrix(features, caller, "features");
  const { classes, codes } = labelIndexOf(labels, caller);
  if (codes.length !== n) throw shapeError(caller, "labels", `${codes.length} rows`, `${n}, one a row of features`);
  const selected = checkRows(features, options.rows, caller);
  const counts = new Int32Array(classes.length);
  for (let i = 0; i < selected.length; i++) counts[codes[selected[i]]]++;
  const position = new Int32Array(classes.length);
  const starts = [0];
  for (let c = 0; c < classes.length; c++) {
    position[c] = starts[starts.length - 1];
    if (counts[c] > 0) starts.push(position[c] + counts[c]);
  }
  const k = starts.length - 1;
  if (k < 2) throw shapeError(caller, "labels", `${k} class in the rows chosen`, "at least 2");
  if (selected.length === k) throw shapeError(caller, "labels", "one row a class", "at least one class with 2 rows");
  const grouped = new Int32Array(selected.length);
  for (let i = 0; i < selected.length; i++) grouped[position[codes[selected[i]]]++] = selected[i];
  return { features, rows: grouped, starts: Int32Array.from(starts), classes: k, normalize: checkNormalize(options.normalize, caller) };
}

/** Base rows in kernel memory, taken apart into class means and what is left. */
export interface ClassScatter {
  /** d: the mean of the l2-normalised rows. */
  readonly mean: Float64Array;
  /** Address of n × d residuals: centred, l2-normalised rows minus their class mean. */
  readonly residuals: number;
  /** k × d class means of centred, l2-normalised rows, minus the unweighted mean of them all. */
  readonly between: Float64Array;
  /** d: that unweighted mean. */
  readonly grandMean: Float64Array;
  /** λ̄: the mean eigenvalue of S_w. */
  readonly meanVariance: number;
  /** n − k: the divisor of S_w. */
  readonly freedom: number;
  /** The mean over classes of 1 / rows: with the harmonic mean of unequal class sizes, the share of noise in a class mean. */
  readonly noise: number;
}

/** Loads base rows into kernel memory (the caller frees it) and takes them apart. */
export function classScatter({ features, rows, starts, classes: k, normalize }: BaseRows, kernels: Kernels, caller: string): ClassScatter {
  const { data, cols } = features;
  const mean = basisMean(features, rows, normalize);
  const residuals = kernels.memory.allocate(8 * rows.length * cols);
  const { f64 } = kernels.memory;
  const base = residuals >>> 3;
  const between = new Float64Array(k * cols);
  const grandMean = new Float64Array(cols);
  let noise = 0;
  let squares = 0;
  for (let c = 0; c < k; c++) {
    const count = starts[c + 1] - starts[c];
    const own = c * cols;
    for (let r = starts[c]; r < starts[c + 1]; r++) {
      const at = base + r * cols;
      centredRowInto(f64, at, data, rows[r] * cols, mean, normalize);
      for (let j = 0; j < cols; j++) between[own + j] += f64[at + j];
    }
    for (let j = 0; j < cols; j++) between[own + j] /= count;
    for (let r = starts[c]; r < starts[c + 1]; r++) {
      const at = base + r * cols;
      for (let j = 0; j < cols; j++) {
        const value = f64[at + j] - between[own + j];
        f64[at + j] = value;
        squares += value * value;
      }
    }
    for (let j = 0; j < cols; j++) grandMean[j] += between[own + j] / k;
    noise += 1 / count / k;
  }
  for (let c = 0; c < k; c++) for (let j = 0; j < cols; j++) between[c * cols + j] -= grandMean[j];
  const freedom = rows.length - k;
  const meanVariance = squares / freedom / cols;
  // Rounding leaves about 1e-32 where all rows of every class are alike.
  if (!(meanVariance * cols > 1e-28)) throw valueError(caller, "features", "have no variance within any class", "rows that differ");
  return { mean, residuals, between, grandMean, meanVariance, freedom, noise };
}
