import { firstNotFinite } from "../core/doubles.ts";
import { describe, kindError, shapeError, valueError } from "../core/errors.ts";
import { log } from "../core/log.ts";
import type { Matrix } from "../core/matrix.ts";
import { normalizeRow } from "../core/normalizeRow.ts";
import { power } from "../core/power.ts";
import type { MatrixStep, RowLoops } from "../kernels/rowLoops.ts";

/**
 * One step that a trained probe applies to rows before its head. It is a plain record, so that a probe can be saved, shipped and folded:
 * - `l2`: each row divided by its Euclidean norm, or by that of the row times `weights` where there are any; a row of norm 0 stays as it is.
 * - `power`: x^exponent elementwise, log x for 0 (Tukey's ladder); values must be ≥ 0, for exponents ≤ 0 above 0.
 * - `simple`: sign(x) / ln(1/(|x| + 1e-5) + 1)^1.3 elementwise [CI].
 * - `centre`: the mean subtracted; a row of zeros has no direction and stays zeros.
 * - `mask`: each column times its weight.
 * - `transform`: times a d × r matrix from the right. - `solve`: times L⁻ᵀ of a lower triangular d × d matrix.
 * - `lowRank`: x ↦ rest · x + Σ gains[i] · (x·vᵢ) vᵢ, with the vᵢ as rows of `vectors`.
 * - `split`: x ↦ r coordinates x·vᵢ along orthonormal `vectors`, then the d values of what they leave, x − Σ (x·vᵢ) vᵢ: a rotation that a mask may follow.
 * - `parts`: each part's steps are done to the row as it is here, and the outcomes, times the part's weight, stand side by side.
 */
export type Step =
  | { readonly kind: "l2"; readonly weights: Float64Array | null }
  | { readonly kind: "power"; readonly exponent: number }
  | { readonly kind: "simple" }
  | { readonly kind: "centre"; readonly mean: Float64Array }
  | { readonly kind: "mask"; readonly weights: Float64Array }
  | MatrixStep
  | { readonly kind: "parts"; readonly parts: readonly StepPart[] };

/** One of several maps of the same rows. */
export interface StepPart {
  readonly name: string;
  /** Finite; the outcome of the steps is multiplied by it. */
  readonly weight: number;
  readonly steps: readonly Step[];
}

/** Columns after several steps. */
export function columnsAfter(steps: readonly Step[], cols: number, caller: string, argument: string): number {
  return steps.reduce((width, step, s) => stepColumns(step, width, caller, `${argument} ${s} (${step.kind})`), cols);
}

/** Columns after a step on rows of `cols` columns; throws where the step is not made for so many. */
export function stepColumns(step: Step, cols: number, caller: string, argument: string): number {
  const { kind } = step;
  if (kind === "parts")
    return step.parts.reduce((width, part) => width + columnsAfter(part.steps, cols, caller, `${argument} ${part.name}`), 0);
  const check = (values: Float64Array | null, wanted = cols, what = "values"): void => {
    if (values && values.length !== wanted)
      throw shapeError(caller, argument, `${values.length} ${what}`, `${wanted}: ${cols} columns come to it`);
  };
  if (kind === "l2" || kind === "mask") check(step.weights, cols, "weights");
  else if (kind === "centre") check(step.mean, cols, "means");
  else if (kind === "solve") check(step.lower, cols * cols);
  else if (kind === "lowRank") check(step.vectors, step.gains.length * cols);
  else if (kind === "transform") {
    check(step.matrix, cols * step.dimensions);
    return step.dimensions;
  } else if (kind === "split") {
    const rank = Math.max(1, Math.round(step.vectors.length / cols));
    check(step.vectors, rank * cols);
    return rank + cols;
  }
  return cols;
}

const stepKinds: Readonly<Record<Step["kind"], true>> = {
  ...{ l2: true, power: true, simple: true, centre: true, mask: true },
  ...{ transform: true, solve: true, lowRank: true, split: true, parts: true },
};

/** Refuses what is no list of steps. */
export function checkSteps(steps: readonly Step[], caller: string): void {
  if (!Array.isArray(steps)) throw kindError(caller, "steps", steps, "an array of steps, as fitSteps gives");
  steps.forEach((step: Step, s) => {
    if (!Object.hasOwn(stepKinds, String(step?.kind)))
      throw valueError(caller, `steps[${s}].kind`, `is ${describe(step?.kind)}`, `one of ${Object.keys(stepKinds).join(", ")}`);
  });
}

/** Columns that the first step whose size tells was made for; null where none tells. */
export function columnsBefore(steps: readonly Step[]): number | null {
  for (const step of steps) {
    if (step.kind === "mask" || (step.kind === "l2" && step.weights)) return step.weights!.length;
    if (step.kind === "centre") return step.mean.length;
    if (step.kind === "transform") return step.matrix.length / step.dimensions;
    if (step.kind === "solve") return Math.sqrt(step.lower.length);
    if (step.kind === "lowRank" && step.gains.length > 0) return step.vectors.length / step.gains.length;
    if (step.kind === "parts") for (const part of step.parts) return columnsBefore(part.steps);
  }
  return null;
}

/** x^exponent, or the value's place in an error. */
function raise(data: Float64Array, exponent: number, firstRow: number, cols: number, caller: string): void {
  for (let i = 0; i < data.length; i++) {
    const value = data[i];
    if (!(value >= 0) || (exponent <= 0 && value === 0)) {
      const place = `row ${firstRow + Math.floor(i / cols)}, column ${i % cols} is ${value}`;
      throw valueError(caller, "features", place, `values ${exponent <= 0 ? "above" : "of at least"} 0, for the probe's power ${exponent}`);
    }
    data[i] = exponent === 0 ? log(value) : power(value, exponent);
  }
}

function divideByNorms(data: Float64Array, weights: Float64Array | null, cols: number): void {
  const weighted = new Float64Array(cols);
  for (let start = 0; start < data.length; start += cols) {
    if (!weights) {
      normalizeRow(data, data, start, cols);
      continue;
    }
    let largest = 0;
    for (let j = 0; j < cols; j++) {
      weighted[j] = data[start + j] * weights[j];
      largest = Math.max(largest, Math.abs(weighted[j]));
    }
    if (largest === 0) continue;
    let squares = 0;
    for (let j = 0; j < cols; j++) squares += (weighted[j] / largest) ** 2;
    const norm = Math.sqrt(squares);
    for (let j = start; j < start + cols; j++) data[j] = data[j] / largest / norm;
  }
}

function subtractMean(data: Float64Array, mean: Float64Array): void {
  const cols = mean.length;
  for (let start = 0; start < data.length; start += cols) {
    const row = data.subarray(start, start + cols);
    if (row.some(Boolean)) for (let j = 0; j < cols; j++) row[j] -= mean[j];
  }
}

function simplify(data: Float64Array): void {
  for (let i = 0; i < data.length; i++) data[i] = Math.sign(data[i]) / power(log(1 / (Math.abs(data[i]) + 1e-5) + 1), 1.3);
}

function multiplyColumns(data: Float64Array, weights: Float64Array): void {
  const cols = weights.length;
  for (let start = 0; start < data.length; start += cols) for (let j = 0; j < cols; j++) data[start + j] *= weights[j];
}

/** Where steps are done: what loops over rows, the function that errors name, and which row comes first. */
interface StepPlace {
  readonly loops: RowLoops;
  readonly caller: string;
  readonly firstRow?: number;
}

/**
 * Does the steps to finite rows, in order. O(rows · d) a step, O(rows · d · r) where it multiplies by a matrix; parts cost what theirs do.
 *
 * @param place - what loops over rows, whose name stands in errors and which row comes first
 * @returns a new Float64 matrix, finite
 * @throws RangeError naming row and column when a power is not defined, or the row whose values outgrow a double
 */
export function applySteps(steps: readonly Step[], features: Matrix, place: StepPlace): Matrix {
  const { loops, caller, firstRow = 0 } = place;
  const { rows } = features;
  let { cols } = features;
  let data: Float64Array = new Float64Array(features.data);
  for (let s = 0; s < steps.length; s++) {
    const atOnce = loops.rescale?.(steps, s, data, cols);
    if (atOnce) {
      s += atOnce - 1;
      continue;
    }
    const step = steps[s];
    const next = stepColumns(step, cols, caller, `step ${s} (${step.kind})`);
    if (step.kind === "l2") divideByNorms(data, step.weights, cols);
    else if (step.kind === "power") raise(data, step.exponent, firstRow, cols, caller);
    else if (step.kind === "centre") subtractMean(data, step.mean);
    else if (step.kind === "simple") simplify(data);
    else if (step.kind === "mask") multiplyColumns(data, step.weights);
    else if (step.kind === "parts") data = sideBySide(step.parts, { data, rows, cols }, next, place);
    else if (rows > 0) data = loops.multiply(data, cols, step);
    // Before l2, which would not notice. A row of norm 1 has no value that is not finite.
    const wrong = step.kind !== "l2" || step.weights ? firstNotFinite(data) : -1;
    if (wrong >= 0)
      throw valueError(
        caller,
        "features",
        `row ${firstRow + Math.floor(wrong / next)} becomes ${data[wrong]} in the probe's step ${s} (${step.kind})`,
        "smaller values",
      );
    cols = next;
  }
  return { data, rows, cols };
}

/** The outcomes of all parts, times their weights. */
function sideBySide(parts: readonly StepPart[], features: Matrix, width: number, place: StepPlace): Float64Array {
  const { rows } = features;
  const out = new Float64Array(rows * width);
  let first = 0;
  for (const { weight, steps } of parts) {
    const { data, cols } = applySteps(steps, features, place);
    for (let i = 0; i < rows; i++)
      for (let j = 0, from = i * cols, to = i * width + first; j < cols; j++) out[to + j] = weight * data[from + j];
    first += cols;
  }
  return out;
}
