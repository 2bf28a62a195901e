import { checkOptions, type OptionNames } from "../core/checkOptions.ts";
import { checkChoice, checkCount } from "../core/checks.ts";
import { shapeError, valueError } from "../core/errors.ts";
import { checkMatrix, type Matrix } from "../core/matrix.ts";
import { power } from "../core/power.ts";
import { choleskyOf } from "../kernels/choleskyOf.ts";
import { withKernels } from "../kernels/createKernels.ts";
import type { Kernels } from "../kernels/kernels.ts";
import { type Basis, type BasisNormalize, type BasisOptions, checkFiniteRows, checkNormalize, checkRidge, selectRows } from "./basis.ts";
import { eigenSymmetric } from "./eigenSymmetric.ts";
import { basisMean } from "./unitRows.ts";
import { viewContrastsInto } from "./viewContrasts.ts";

export interface ViewsOptions extends Omit<BasisOptions, "rows"> {
  /** ρ > 0: ρ times the mean eigenvalue of S_w is added to its diagonal. */
  readonly ridge: number;
  /**
   * Which root of the whitening: `"symmetric"`, the one closest to the identity, which keeps each dimension's meaning, so that a mask may
   * follow; or `"cholesky"`, which gives every probe the same inner products at a fraction of the cost (default `"symmetric"`).
   */
  readonly root?: "symmetric" | "cholesky";
  /** Numbers of the images (groups of views) to fit to (default all). */
  readonly images?: ArrayLike<number>;
}

const viewsOptionNames: OptionNames<ViewsOptions> = { ridge: true, root: true, images: true, normalize: true, kernels: true };

interface Pool {
  readonly views: Matrix;
  readonly perRow: number;
  readonly images: Int32Array;
  readonly normalize: BasisNormalize;
  readonly ridge: number;
  readonly root: "symmetric" | "cholesky";
}

const caller = "fitViews";

/** Calls `use` with blocks of contrasts in kernel memory, whole images and a multiple of 256 rows where possible. */
function forContrasts(
  pool: Pool,
  mean: Float64Array,
  kernels: Kernels,
  most: number,
  use: (at: number, first: number, count: number) => void,
): number {
  const { views, perRow, images, normalize } = pool;
  const { memory } = kernels;
  const d = views.cols;
  const each = perRow - 1;
  const step = Math.max(1, Math.floor(most / each));
  const at = memory.allocate(8 * Math.min(step, images.length) * each * d);
  const scratch = new Float64Array(perRow * d);
  for (let start = 0; start < images.length; start += step) {
    const count = Math.min(step, images.length - start);
    const { f64 } = memory;
    for (let i = 0; i < count; i++)
      viewContrastsInto(f64, (at >>> 3) + i * each * d, views, perRow, images[start + i], mean, normalize, scratch);
    use(at, start * each, count * each);
  }
  return at;
}

function total(f64: Float64Array, at: number, n: number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += f64[(at >>> 3) + i * n + i];
  return sum;
}

function checkScatter(trace: number): void {
  if (!(trace > 1e-28)) throw valueError(caller, "views", "are all alike", "views that differ from their image's mean");
}

/** At most half as many contrasts as dimensions: their n × n Gram matrix has every eigenvalue there is. */
function fitLowRank(pool: Pool, mean: Float64Array, kernels: Kernels): Pick<Basis, "lowRank"> {
  const { memory } = kernels;
  const d = pool.views.cols;
  const n = pool.images.length * (pool.perRow - 1);
  const matrix = memory.allocate(8 * n * n);
  memory.f64.fill(0, matrix >>> 3, (matrix >>> 3) + n * n);
  const contrasts = forContrasts(pool, mean, kernels, n, (at) => kernels.multiply(n, n, d, at, d, 1, at, 1, d, matrix, n, 1 / n, 1));
  const trace = total(memory.f64, matrix, n);
  checkScatter(trace);
  const added = (pool.ridge * trace) / d;
  const { values, order } = eigenSymmetric(kernels, n, matrix, caller);
  // What lies 1e-14 below the ridge changes nothing in double precision.
  let rank = n;
  while (rank > 1 && !(values[order[rank - 1]] > 1e-14 * added)) rank--;
  const coefficients = memory.allocate(8 * rank * n);
  const vectors = memory.allocate(8 * rank * d);
  const { f64 } = memory;
  const gains = new Float64Array(rank);
  const rest = 1 / Math.sqrt(added);
  for (let i = 0; i < rank; i++) {
    const value = values[order[i]];
    // (λ + c)^-½ − c^-½ without the difference of nearly equal numbers.
    const root = Math.sqrt(value + added);
    gains[i] = -value / (root * Math.sqrt(added) * (root + Math.sqrt(added)));
    const scale = 1 / Math.sqrt(n * value);
    for (let j = 0; j < n; j++) f64[(coefficients >>> 3) + i * n + j] = f64[(matrix >>> 3) + order[i] * n + j] * scale;
  }
  f64.fill(0, vectors >>> 3, (vectors >>> 3) + rank * d);
  kernels.multiply(rank, d, n, coefficients, n, 1, contrasts, d, 1, vectors, d, 1, 0);
  return { lowRank: { vectors: f64.slice(vectors >>> 3, (vectors >>> 3) + rank * d), gains, rest } };
}

function fitFull(pool: Pool, mean: Float64Array, kernels: Kernels): Pick<Basis, "transform" | "lower"> {
  const { memory } = kernels;
  const d = pool.views.cols;
  const n = pool.images.length * (pool.perRow - 1);
  const matrix = memory.allocate(8 * d * d);
  memory.f64.fill(0, matrix >>> 3, (matrix >>> 3) + d * d);
  forContrasts(pool, mean, kernels, 1024, (at, _, count) => kernels.multiply(d, d, count, at, 1, d, at, d, 1, matrix, d, 1 / n, 1));
  const trace = total(memory.f64, matrix, d);
  checkScatter(trace);
  const added = (pool.ridge * trace) / d;
  if (pool.root === "cholesky") {
    const info = memory.allocate(8);
    const { f64 } = memory;
    for (let j = 0; j < d; j++) f64[(matrix >>> 3) + j * d + j] += added;
    choleskyOf(kernels)(d, matrix, d, info);
    if (f64[info >>> 3] !== 0) throw valueError(caller, "ridge", `is ${pool.ridge}`, "a larger one: the views' covariance is singular");
    return { transform: null, lower: f64.slice(matrix >>> 3, (matrix >>> 3) + d * d) };
  }
  const { values } = eigenSymmetric(kernels, d, matrix, caller);
  const out = memory.allocate(8 * d * d);
  const { f64 } = memory;
  for (let i = 0; i < d; i++) {
    const scale = power(Math.max(values[i], 0) + added, -0.25);
    for (let j = (matrix >>> 3) + i * d; j < (matrix >>> 3) + (i + 1) * d; j++) f64[j] *= scale;
  }
  f64.fill(0, out >>> 3, (out >>> 3) + d * d);
  kernels.multiply(d, d, d, matrix, 1, d, matrix, d, 1, out, d, 1, 1);
  const transform = f64.slice(out >>> 3, (out >>> 3) + d * d);
  for (let i = 0; i < d; i++) for (let j = 0; j < i; j++) transform[j * d + i] = transform[i * d + j];
  return { transform, lower: null };
}

/**
 * Whitening by augmented views, which needs no labels: S_w is the covariance of the views about their own image (pooled, divisor
 * images × (views − 1)), and rows are multiplied by (S_w + ρλ̄I)^−½, a whitening that keeps all d dimensions. The centre is the mean of the
 * views. In a mask's name, `views:ρ` is fitted to a pool of other images and `views-support:ρ` to the support's own views.
 *
 * The views give n = images × (views − 1) contrasts. If n is at most d/2, the fit works on their Gram matrix, which costs O(n² · d). The
 * basis then has low rank, whatever `root` is, and projecting a row costs O(d · n). Otherwise O(n · d²), plus an eigendecomposition for
 * the symmetric root.
 *
 * @param views - (images · viewsPerRow) × d, view v of image i at row i · viewsPerRow + v
 * @param viewsPerRow - at least 2
 * @param options - `ridge` ρ; `root`; `images` to use (default all)
 * @returns a basis of d dimensions without ψ
 * @throws RangeError when rows are not a multiple of viewsPerRow, a value is not finite, or views do not differ
 * @example
 * ```ts
 * import { fitViews, syntheticFeatures } from "softprobe";
 *
 * const { augmented } = syntheticFeatures({ classes: 2, rowsPerClass: 3, dims: 64, views: 4, seed: 1 });
 * const basis = fitViews(augmented!.matrix, augmented!.views, { ridge: 1 });
 * console.log(basis.dimensions, basis.lowRank?.gains.length); // → 64 18
 * ```
 */
export function fitViews(views: Matrix, viewsPerRow: number, options: ViewsOptions): Basis {
  checkOptions(options, "fitViews", viewsOptionNames);
  const { rows: n, cols } = checkMatrix(views, caller, "views");
  checkCount(viewsPerRow, caller, "viewsPerRow", 2);
  if (n === 0 || n % viewsPerRow !== 0) throw shapeError(caller, "views", `${n} rows`, `a multiple of viewsPerRow = ${viewsPerRow}`);
  const ridge = checkRidge(options.ridge, caller);
  if (ridge === 0) throw valueError(caller, "ridge", "is 0", "a finite number greater than 0");
  const root = checkChoice(options.root ?? "symmetric", caller, "root", ["symmetric", "cholesky"]);
  const normalize = checkNormalize(options.normalize, caller);
  const images = selectRows(options.images, n / viewsPerRow, caller, "images");
  checkFiniteRows(views, images, caller, "views", viewsPerRow);
  const rows = new Int32Array(images.length * viewsPerRow);
  for (let i = 0, at = 0; i < images.length; i++) for (let v = 0; v < viewsPerRow; v++, at++) rows[at] = images[i] * viewsPerRow + v;
  const mean = basisMean(views, rows, normalize);
  const pool = { views, perRow: viewsPerRow, images, normalize, ridge, root };
  const lowRank = 2 * images.length * (viewsPerRow - 1) <= cols;
  const parts = withKernels(options.kernels, (kernels) => (lowRank ? fitLowRank : fitFull)(pool, mean, kernels));
  const empty = { transform: null, lower: null, lowRank: null };
  return { kind: "views", normalize, ridge, cols, dimensions: cols, mean, ...empty, ...parts, psi: null, within: null };
}
