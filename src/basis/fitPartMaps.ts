import { valueError } from "../core/errors.ts";
import type { Kernels } from "../kernels/kernels.ts";
import { type BaseRows, classScatter } from "./classScatter.ts";
import { eigenSymmetric } from "./eigenSymmetric.ts";
import { type PartRidges, partRidges } from "./fitParts.ts";
import { orient } from "./orient.ts";

/** The maps of a combination as matrices: everything that {@link fitParts} knows, for rows to come. Plain numbers and typed arrays. */
export interface PartMaps {
  readonly cols: number;
  readonly ridges: PartRidges;
  /** d: of the base rows, each of norm 1. */
  readonly mean: Float64Array;
  /** r × d, orthonormal: the eigenvectors of W of variance above 0, largest first. */
  readonly vectors: Float64Array;
  /** r: their variances. */
  readonly values: Float64Array;
  /** λ̄: the mean over all d eigenvalues of W. */
  readonly meanVariance: number;
  /** d × q: after whitening with ridge `ridges.directions` and norm 1, the coordinates along the between-class directions. */
  readonly directions: Float64Array;
  /** d × p: from centred rows to the two-covariance model's coordinates, in which variance within classes is 1. */
  readonly density: Float64Array;
  /** p: variance between classes in these coordinates, freed of noise. */
  readonly psi: Float64Array;
}

/** W of the residuals as eigenvectors, r × d, and variances: d × d, or n × n where there are fewer rows. */
function withinSpectrum(
  kernels: Kernels,
  residuals: number,
  [n, d]: readonly [number, number],
  freedom: number,
  caller: string,
): { readonly vectors: Float64Array; readonly values: Float64Array } {
  const { memory } = kernels;
  const mark = memory.mark();
  const gram = n < d;
  const side = gram ? n : d;
  const matrix = memory.allocate(8 * side * side);
  memory.f64.fill(0, matrix >>> 3, (matrix >>> 3) + side * side);
  if (gram) kernels.multiply(n, n, d, residuals, d, 1, residuals, 1, d, matrix, n, 1 / freedom, 1);
  else kernels.multiply(d, d, n, residuals, 1, d, residuals, d, 1, matrix, d, 1 / freedom, 1);
  const { values, order } = eigenSymmetric(kernels, side, matrix, caller);
  // Below this share of the largest, a variance is rounding, and a ridge drowns it.
  let r = 0;
  while (r < Math.min(side, freedom) && values[order[r]] > 1e-12 * values[order[0]]) r++;
  const kept = Float64Array.from({ length: r }, (_, i) => values[order[i]]);
  const out = memory.allocate(8 * r * d);
  const rows = memory.allocate(8 * r * side);
  const { f64 } = memory;
  for (let i = 0; i < r; i++)
    f64.copyWithin((rows >>> 3) + i * side, (matrix >>> 3) + order[i] * side, (matrix >>> 3) + (order[i] + 1) * side);
  if (gram) {
    f64.fill(0, out >>> 3, (out >>> 3) + r * d);
    kernels.multiply(r, d, n, rows, n, 1, residuals, d, 1, out, d, 1, 0);
    for (let i = 0; i < r; i++) {
      let squares = 0;
      for (let j = (out >>> 3) + i * d; j < (out >>> 3) + (i + 1) * d; j++) squares += f64[j] * f64[j];
      const factor = 1 / Math.sqrt(squares);
      for (let j = (out >>> 3) + i * d; j < (out >>> 3) + (i + 1) * d; j++) f64[j] *= factor;
    }
  } else f64.copyWithin(out >>> 3, rows >>> 3, (rows >>> 3) + r * d);
  const vectors = f64.slice(out >>> 3, (out >>> 3) + r * d);
  memory.release(mark);
  return { vectors, values: kept };
}

/** Rows of values (count × d), each times (W + added · I)^−½. */
function whitenRows(
  kernels: Kernels,
  rows: Float64Array,
  { vectors, values }: { readonly vectors: Float64Array; readonly values: Float64Array },
  added: number,
  d: number,
): Float64Array {
  const { memory } = kernels;
  const count = rows.length / d;
  const r = values.length;
  const rest = 1 / Math.sqrt(added);
  const mark = memory.mark();
  const [x, v, inner] = [memory.allocate(8 * rows.length), memory.allocate(8 * r * d), memory.allocate(8 * count * r)];
  const { f64 } = memory;
  f64.set(rows, x >>> 3);
  f64.set(vectors, v >>> 3);
  f64.fill(0, inner >>> 3, (inner >>> 3) + count * r);
  kernels.multiply(count, r, d, x, d, 1, v, 1, d, inner, r, 1, 0);
  for (let i = 0, at = inner >>> 3; i < count; i++) for (let q = 0; q < r; q++, at++) f64[at] *= 1 / Math.sqrt(values[q] + added) - rest;
  for (let j = x >>> 3; j < (x >>> 3) + rows.length; j++) f64[j] *= rest;
  kernels.multiply(count, d, r, inner, r, 1, v, d, 1, x, d, 1, 0);
  const out = f64.slice(x >>> 3, (x >>> 3) + rows.length);
  memory.release(mark);
  return out;
}

/** Right singular vectors (q × d) and squared singular values of k centred, whitened class means. */
function betweenDirections(
  kernels: Kernels,
  means: Float64Array,
  k: number,
  d: number,
  caller: string,
): { readonly directions: Float64Array; readonly squares: Float64Array } {
  const { memory } = kernels;
  const mark = memory.mark();
  const [m, gram] = [memory.allocate(8 * k * d), memory.allocate(8 * k * k)];
  memory.f64.set(means, m >>> 3);
  memory.f64.fill(0, gram >>> 3, (gram >>> 3) + k * k);
  kernels.multiply(k, k, d, m, d, 1, m, 1, d, gram, k, 1, 1);
  const { values, order } = eigenSymmetric(kernels, k, gram, caller);
  let q = 0;
  while (q < Math.min(k - 1, d) && values[order[q]] > 1e-12 * values[order[0]]) q++;
  const out = memory.allocate(8 * q * d);
  const weights = memory.allocate(8 * q * k);
  const { f64 } = memory;
  for (let i = 0; i < q; i++)
    for (let c = 0; c < k; c++) f64[(weights >>> 3) + i * k + c] = f64[(gram >>> 3) + order[i] * k + c] / Math.sqrt(values[order[i]]);
  f64.fill(0, out >>> 3, (out >>> 3) + q * d);
  kernels.multiply(q, d, k, weights, k, 1, m, d, 1, out, d, 1, 0);
  const directions = f64.slice(out >>> 3, (out >>> 3) + q * d);
  memory.release(mark);
  return { directions, squares: Float64Array.from({ length: q }, (_, i) => values[order[i]]) };
}

/** A q × d matrix as d × q, each column with its largest element positive. */
function turned(rows: Float64Array, q: number, d: number): Float64Array {
  const out = new Float64Array(d * q);
  for (let i = 0; i < q; i++) for (let j = 0; j < d; j++) out[j * q + i] = rows[i * d + j];
  orient(out, d, q);
  return out;
}

/** The matrices of a combination's maps, fitted to base rows: one eigendecomposition of W serves every ridge. */
export function fitPartMaps(kernels: Kernels, base: BaseRows, caller: string, ridges: PartRidges = partRidges): PartMaps {
  const { memory } = kernels;
  const mark = memory.mark();
  const { cols: d } = base.features;
  const k = base.classes;
  const { mean, residuals, between, meanVariance, freedom, noise } = classScatter(base, kernels, caller);
  const spectrum = withinSpectrum(kernels, residuals, [base.rows.length, d], freedom, caller);
  if (spectrum.values.length === 0) throw valueError(caller, "features", "have no variance within any class", "rows that differ");
  memory.release(mark);
  const white = whitenRows(kernels, between, spectrum, ridges.directions * meanVariance, d);
  const { directions, squares } = betweenDirections(kernels, white, k, d, caller);
  const added = ridges.density * meanVariance;
  const second = betweenDirections(kernels, whitenRows(kernels, between, spectrum, added, d), k, d, caller);
  const density = whitenRows(kernels, second.directions, spectrum, added, d);
  return {
    ...{ cols: d, ridges, mean, vectors: spectrum.vectors, values: spectrum.values, meanVariance },
    directions: turned(directions, squares.length, d),
    density: turned(density, second.squares.length, d),
    psi: second.squares.map((square) => Math.max(square / (k - 1) - noise, 0)),
  };
}
