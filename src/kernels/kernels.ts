import type { PrimalExports } from "./primalRecord.ts";

/**
 * One block of memory with a bump allocator: what kernels compute on. Addresses are in bytes; views change when the memory grows, so read
 * them afresh after `allocate`.
 */
export interface KernelMemory {
  readonly f64: Float64Array;
  readonly f32: Float32Array;
  readonly i32: Int32Array;
  readonly i16: Int16Array;
  /** Reserves `bytes` (64-byte aligned, zeroed on first use only) and returns their address. */
  allocate(bytes: number): number;
  /** The current top: give it to `release` to free everything allocated since. */
  mark(): number;
  release(mark: number): void;
}

/** Dense linear algebra over one {@link KernelMemory}: byte addresses, strides in doubles, all double; linear.c documents each. */
export interface LinearKernels {
  /** C (m × n) += factor · A (m × k) · B (k × n), any strides; with `lower` 1, only the elements on and below C's diagonal. */
  multiply(
    m: number,
    n: number,
    k: number,
    a: number,
    aRow: number,
    aCol: number,
    b: number,
    bRow: number,
    bCol: number,
    c: number,
    cRow: number,
    factor: number,
    lower: number,
  ): void;
  /** X (n × m) becomes L⁻¹·X, or L⁻ᵀ·X with `transposed` 1. */
  solveLower(n: number, l: number, stride: number, m: number, x: number, xStride: number, transposed: number): void;
}

/** The lower half of A becomes L with L·Lᵀ = A; info[0] is 0, or 1 + the first row whose pivot is not positive. */
export type CholeskyKernel = (n: number, a: number, stride: number, info: number) => void;

/** Symmetric A (n × n, lower half read) becomes its eigenvectors, as rows; values in the same order, not sorted. work: {@link eigenWork} doubles. */
export type EigenKernel = (n: number, a: number, values: number, work: number, info: number) => void;

/** Doubles of scratch that {@link EigenKernel} needs. */
export function eigenWork(n: number): number {
  return n * n + 240 * n + 8400;
}

/** Moments of rows and what importance makes of them: rows of `stride` doubles, padded with zeros; kernels.c documents each. */
export interface StatisticsKernels {
  /** Adds rows, each times its scale, to sums about a pivot; with `start` 1 the first row becomes the pivot. `rows` and `scale` may be 0. */
  addMoments(
    single: number,
    src: number,
    stride: number,
    rows: number,
    scale: number,
    count: number,
    start: number,
    pivot: number,
    sum: number,
    squares: number,
  ): void;
  /** The pivot becomes the mean, the squares the sum of squared deviations over `divisor`. */
  finishMoments(pivot: number, sum: number, squares: number, stride: number, count: number, divisor: number): void;
  /** Mean and sum of squared deviations of n rows become those of these and m others, the sum over `divisor`. */
  joinMoments(
    mean: number,
    squares: number,
    otherMean: number,
    otherSquares: number,
    stride: number,
    n: number,
    m: number,
    divisor: number,
  ): void;
  /** out = √max(variance, share of their mean); `total` gets their sum. */
  deviations(variance: number, cols: number, stride: number, share: number, out: number, total: number): void;
  /** inverse[i] = 1/√gram[i][i] (0 for 0), out = the Gram matrix of the rows at norm 1; it may be `gram` itself. */
  correlate(gram: number, n: number, inverse: number, out: number): void;
  /**
   * out = the mean over all pairs of k rows of |a − b| / (sa + sb), each l2-normalised; `means` and `deviations`, which are positive, list the addresses of
   * rows; `terms` is scratch of 2 rows.
   */
  pairs(means: number, deviations: number, k: number, stride: number, terms: number, out: number): void;
}

/**
 * A first look in single precision, a filter: decide again, by the other kernels, whatever lies nearer to a change than its error; then the outcome never
 * depends on it. Singles throughout.
 */
export interface RoughKernels {
  /** out[i] = the `cols` columns of src[rows[i]] that `keep` lists; up to `outStride`, zeros. */
  pick(src: number, stride: number, rows: number, count: number, cols: number, keep: number, out: number, outStride: number): void;
  /** Doubles to singles; `count` is a multiple of 4. */
  narrow(doubles: number, count: number, out: number): void;
  /**
   * out[i][c] (+)≈ src[rows[i]] · w[c], all rows of `stride` columns, off by at most `roughError(stride)` · |src| · |w| + `roughFloor`, also where w was
   * rounded from double, with norms within `roughRange`.
   */
  rough(
    src: number,
    stride: number,
    rows: number,
    count: number,
    w: number,
    cols: number,
    out: number,
    outStride: number,
    add: number,
  ): void;
  /**
   * out[i] = the way of the largest scores[way][i] · factor[i] + offset[way], −1 unless it is more than apart + hidden · factor[i] above the second largest:
   * `stride` queries, a multiple of 4.
   */
  look(scores: number, k: number, stride: number, factor: number, offset: number, apart: number, hidden: number, out: number): void;
  /** Four parts of a first look at a softmax fit of many rows: look.c documents them. */
  lookNorms(x: number, stride: number, count: number, from: number, to: number, squares: number, factor: number): void;
  lookLogits(
    x: number,
    stride: number,
    count: number,
    cols: number,
    w: number,
    k: number,
    kp: number,
    factor: number,
    exact: number,
    z: number,
    work: number,
  ): void;
  lookResiduals(
    n: number,
    k: number,
    kp: number,
    z: number,
    b: number,
    y: number,
    weight: number,
    factor: number,
    r: number,
    sums: number,
    info: number,
    pairs: number,
  ): void;
  lookSums(x: number, stride: number, n: number, cols: number, r: number, k: number, kp: number, out: number, work: number): void;
}

/**
 * The hot loops over one {@link KernelMemory}. Pointer arguments are byte addresses (0 for none), strides and lengths count elements, rows of
 * features are padded with zeros to a multiple of 4 columns. `single` is 1 for Float32 rows, 0 for Float64 rows. The two implementations
 * give the same bits; kernels.c documents each loop.
 */
export interface Kernels extends LinearKernels {
  readonly kind: "wasm" | "js";
  readonly memory: KernelMemory;
  /** null where TypeScript computes: `choleskyOf`, `eigenOf`, `statisticsOf` and `primalOf` then bring their own. */
  readonly cholesky: CholeskyKernel | null;
  readonly eigen: EigenKernel | null;
  readonly statistics: StatisticsKernels | null;
  readonly primal: PrimalExports | null;
  /** out[i] = src[rows[i]] · mask as doubles; with `keep`, only the `cols` columns it lists. */
  gather(
    single: number,
    src: number,
    stride: number,
    rows: number,
    count: number,
    cols: number,
    mask: number,
    keep: number,
    out: number,
    outStride: number,
  ): void;
  /**
   * Rows of doubles, in place: divided by their norm (with `first`), times `mask` (0: none), divided by their norm, to the bits of `normalizeRow`. info[0] is 1; 0
   * where a row is not ordinary: its squares add up to 0, too little or too much; the rows are then half done. null where `normalizeRow` is as good.
   */
  readonly rescale: ((z: number, stride: number, count: number, mask: number, first: number, info: number) => void) | null;
  /** out[i] = Σ_j src[rows[i]][j]² · weight[j]. */
  squares(single: number, src: number, stride: number, rows: number, count: number, weight: number, out: number): void;
  /** out[i][c] (+)= src[rows[i]] · w[c]. */
  products(
    single: number,
    src: number,
    stride: number,
    rows: number,
    count: number,
    w: number,
    wStride: number,
    cols: number,
    length: number,
    out: number,
    outStride: number,
    add: number,
  ): void;
  /** The first look at what only has to be decided; null where it would gain nothing. */
  readonly rough: RoughKernels | null;
  /** out (+)= Z Zᵀ, n × n. */
  gram(z: number, stride: number, n: number, length: number, out: number, add: number): void;
  /** out[c] = (Σ_j b[c][j] · z[j]) · mask. */
  combine(b: number, bStride: number, cols: number, n: number, z: number, stride: number, mask: number, out: number): void;
  /** The softmax probe in the span of its rows: see `solveSoftmax`. */
  fit(
    n: number,
    k: number,
    kp: number,
    gram: number,
    y: number,
    weight: number,
    c: number,
    intercept: number,
    warm: number,
    tolerance: number,
    maxIter: number,
    a: number,
    b: number,
    work: number,
    info: number,
  ): void;
}

/**
 * The share of |src| · |w| by which `rough` may be off after so many additions to what was there, with 5 % to spare for the rounding of the comparison
 * itself.
 */
export function roughError(length: number, additions = 0): number {
  return 1.05 * (length / 4 + 3 + additions) * 2 ** -24;
}

/**
 * What underflow may hide of one of `rough`'s products, beside that share: up to 2¹⁷ columns, where |src| is at most {@link roughRange}.
 */
export const roughFloor = 2 ** -100;
/** Norms of rows, and their reciprocals, that `rough` may be given: products of two such rows can't overflow. */
export const roughRange = 2 ** 30;

/** Columns padded to a multiple of 4, the stride of a row in kernel memory. */
export function paddedCols(cols: number): number {
  return (cols + 3) & ~3;
}
