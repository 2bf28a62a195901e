import { checkOptions, type OptionNames } from "../core/checkOptions.ts";
import { shapeError, valueError } from "../core/errors.ts";
import type { LabelIndex, Labels } from "../core/labels.ts";
import { log } from "../core/log.ts";
import type { Matrix } from "../core/matrix.ts";
import { choleskyOf } from "../kernels/choleskyOf.ts";
import { type KernelChoice, withKernels } from "../kernels/createKernels.ts";
import type { Kernels } from "../kernels/kernels.ts";
import { checkRidge } from "./basis.ts";
import { type BaseRows, checkBase } from "./classScatter.ts";
import { unitRowInto } from "./unitRows.ts";

/** How well base classes explain further classes of their domain: see {@link fitDomain}. A plain record of numbers and typed arrays. */
export interface Domain {
  readonly cols: number;
  readonly ridge: number;
  readonly classes: number;
  /** d × d, L lower triangular: the unexplained energy of a unit row x is ‖L⁻¹x‖². */
  readonly lower: Float64Array;
  /** Mean over base classes, each left out in turn, of its rows' mean log unexplained energy. */
  readonly logMean: number;
  /** Variance between base classes of that mean (divisor classes − 1). */
  readonly betweenVariance: number;
  /** Variance within a class of a row's log unexplained energy, averaged over classes. */
  readonly withinVariance: number;
  /** The mean over classes of 1 / rows. */
  readonly noise: number;
}

export interface DomainOptions {
  /** ρ > 0: ρ times the mean eigenvalue of XᵀX is added to its diagonal (default 1). */
  readonly ridge?: number;
  /** Row numbers to fit to (default all). */
  readonly rows?: ArrayLike<number>;
  readonly kernels?: KernelChoice;
}

const domainOptionNames: OptionNames<DomainOptions> = { ridge: true, rows: true, kernels: true };

const caller = "fitDomain";

/** Mean and variance over a class' rows (those that have a direction) of log v, v their energy that the other classes leave unexplained. */
function leftOut(
  kernels: Kernels,
  solved: number,
  d: number,
  stride: number,
  count: number,
): { mean: number; variance: number; rows: number } {
  const { memory } = kernels;
  const mark = memory.mark();
  const hat = memory.allocate(8 * count * count);
  const inverse = memory.allocate(8 * count * count);
  const info = memory.allocate(8);
  const { f64 } = memory;
  const [h, g] = [hat >>> 3, inverse >>> 3];
  f64.fill(0, h, h + count * count);
  f64.fill(0, g, g + count * count);
  // H = X_c·(XᵀX + νI)⁻¹·X_cᵀ, and v = ν·([(I − H)⁻¹]ᵢᵢ − 1): no refit without the class is needed.
  kernels.multiply(count, count, d, solved, 1, stride, solved, stride, 1, hat, count, -1, 1);
  for (let i = 0; i < count; i++) {
    f64[h + i * count + i] += 1;
    f64[g + i * count + i] = 1;
  }
  choleskyOf(kernels)(count, hat, count, info);
  if (f64[info >>> 3] !== 0) throw valueError(caller, "ridge", "is too small for these features", "a larger one");
  kernels.solveLower(count, hat, count, count, inverse, count, 0);
  const logs: number[] = [];
  for (let i = 0; i < count; i++) {
    let diagonal = 0;
    for (let j = 0; j < count; j++) diagonal += f64[g + j * count + i] ** 2;
    if (diagonal > 1) logs.push(log(diagonal - 1));
  }
  memory.release(mark);
  let mean = 0;
  for (const value of logs) mean += value / logs.length;
  let variance = 0;
  for (const value of logs) variance += (value - mean) ** 2 / Math.max(logs.length - 1, 1);
  return { mean, variance, rows: logs.length };
}

function solve(kernels: Kernels, { features, rows, starts, classes }: BaseRows, ridge: number): Domain {
  const { memory } = kernels;
  const { data, cols: d } = features;
  const n = rows.length;
  const x = memory.allocate(8 * n * d);
  const lower = memory.allocate(8 * d * d);
  const turned = memory.allocate(8 * n * d);
  const info = memory.allocate(8);
  const { f64 } = memory;
  const [from, matrix, to] = [x >>> 3, lower >>> 3, turned >>> 3];
  for (let i = 0; i < n; i++) unitRowInto(f64, from + i * d, data, rows[i] * d, d);
  f64.fill(0, matrix, matrix + d * d);
  kernels.multiply(d, d, n, x, 1, d, x, d, 1, lower, d, 1, 1);
  let trace = 0;
  for (let j = 0; j < d; j++) trace += f64[matrix + j * d + j];
  if (!(trace > 0)) throw valueError(caller, "features", "are all zeros", "rows that have a direction");
  const added = (ridge * trace) / d;
  // L·Lᵀ = XᵀX/ν + I
  for (let i = 0; i < d; i++) {
    for (let j = 0; j <= i; j++) f64[matrix + i * d + j] /= added;
    f64[matrix + i * d + i] += 1;
  }
  choleskyOf(kernels)(d, lower, d, info);
  for (let i = 0; i < n; i++) for (let j = 0; j < d; j++) f64[to + j * n + i] = f64[from + i * d + j] / Math.sqrt(added);
  kernels.solveLower(d, lower, d, n, turned, n, 0);

  const logs: number[] = [];
  let [withinVariance, spread, noise] = [0, 0, 0];
  for (let c = 0; c < classes; c++) {
    const { mean, variance, rows: count } = leftOut(kernels, turned + 8 * starts[c], d, n, starts[c + 1] - starts[c]);
    if (count === 0) continue;
    logs.push(mean + log(added));
    if (count > 1) {
      withinVariance += variance;
      spread++;
    }
    noise += 1 / count;
  }
  if (logs.length < 3) throw shapeError(caller, "labels", `${logs.length} classes with rows that are not zeros`, "at least 3");
  let logMean = 0;
  for (const value of logs) logMean += value / logs.length;
  let betweenVariance = 0;
  for (const value of logs) betweenVariance += (value - logMean) ** 2 / (logs.length - 1);
  return {
    ...{ cols: d, ridge, classes: logs.length, lower: memory.f64.slice(matrix, matrix + d * d), logMean, betweenVariance },
    ...{ withinVariance: spread > 0 ? withinVariance / spread : 0, noise: noise / logs.length },
  };
}

/**
 * Learns how well base classes explain rows of a class that is not among them. {@link domainCheck} then tests whether a task's classes
 * are explained as well. The unexplained energy of an l2-normalised row x is v = ν · x(XᵀX + νI)⁻¹xᵀ in 0 … 1, X the base rows and
 * ν = ρ · mean eigenvalue: its Mahalanobis length with a ridge, near 1 for what lies outside the span of the base. Each base class is left out
 * in turn (exactly, from one factorisation), which gives the mean of log v for a new class of the same domain and its spread. O(n · d²).
 *
 * @param features - n × d base rows, normalised or not
 * @param labels - n labels, at least three classes
 * @param options - `ridge`; `rows` to use
 * @throws RangeError when rows and labels differ in number, there are fewer than three classes or a value is not finite
 * @example
 * ```ts
 * import { fitDomain, syntheticFeatures } from "softprobe";
 *
 * const { features, labels } = syntheticFeatures({ classes: 6, rowsPerClass: 10, dims: 32, seed: 1 });
 * const domain = fitDomain(features, labels);
 * console.log(domain.classes, domain.cols); // → 6 32
 * ```
 */
export function fitDomain(features: Matrix, labels: Labels | LabelIndex, options: DomainOptions = {}): Domain {
  checkOptions(options, "fitDomain", domainOptionNames);
  const base = checkBase(features, labels, { rows: options.rows }, caller);
  const ridge = checkRidge(options.ridge ?? 1, caller);
  if (ridge === 0) throw valueError(caller, "ridge", "is 0", "a finite number greater than 0");
  if (base.classes < 3) throw shapeError(caller, "labels", `${base.classes} classes in the rows chosen`, "at least 3");
  return withKernels(options.kernels, (kernels) => solve(kernels, base, ridge));
}
