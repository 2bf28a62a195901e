import { valueError } from "../core/errors.ts";
import { choleskyOf } from "../kernels/choleskyOf.ts";
import { eigenSymmetric } from "./eigenSymmetric.ts";
import { mirror, type PartSpace } from "./partSpace.ts";

/** Rows of a {@link PartSpace} grouped by class: those of class c are `rows[starts[c]] … rows[starts[c + 1] − 1]`, and no class is empty. */
export interface GroupedRows {
  readonly rows: Int32Array;
  readonly starts: Int32Array;
}

/** Which ridges the whitened parts have: ρ times the mean eigenvalue of W is added to it. */
export interface PartRidges {
  /** One whitened part each. */
  readonly whitened: readonly number[];
  /** That of the between-class directions, one of `whitened`. */
  readonly directions: number;
  /** That of the two-covariance density. */
  readonly density: number;
}

export const partRidges: PartRidges = { whitened: [0.3, 3, 30], directions: 3, density: 1 };

/** What the parts say of m rows. */
export interface PartKernels {
  readonly count: number;
  /** Inner products of the maps, m × m each: raw, centred, one a ridge, directions. */
  readonly grams: readonly Float64Array[];
  /** m × r: coordinates in the two-covariance model, in which variance within classes is 1. */
  readonly coordinates: Float64Array;
  /** r: variance between classes in these coordinates, freed of noise. */
  readonly psi: Float64Array;
  /** m: the share of each row that the base classes' variance leaves unexplained, λ̄ · z(W + λ̄I)⁻¹zᵀ in 0 … 1; 0 for a row without direction. */
  readonly unexplained: Float64Array;
}

/** The parts fitted to base rows; what it computes with lies in kernel memory until the caller releases it. */
export interface FittedParts {
  /** The parts' inner products of the rows listed: O(m · n²) or O(m · d²), and O(m²) of whichever is smaller. */
  of(list: Int32Array): PartKernels;
}

/** A ridge's share of the work: its Cholesky factor, and what turns products with class means into between-class coordinates. */
interface Whitening {
  readonly lower: number;
  readonly ridge: number;
}

/**
 * Fits the parts of a combination to base rows: inner products only, by Cholesky factors of W + ρλ̄I, or, where there are fewer
 * base rows than dimensions, of the n × n matrix that Woodbury's identity puts in its place. Nothing here is as long as a map.
 *
 * @param space - rows of norm 1, base rows and others
 * @param base - at least two classes, and more rows than classes
 */
export function fitParts(space: PartSpace, base: GroupedRows, ridges: PartRidges = partRidges, caller = "fitParts"): FittedParts {
  const { kernels, cols: d } = space;
  const { memory } = kernels;
  const { rows, starts } = base;
  const n = rows.length;
  const k = starts.length - 1;
  const freedom = n - k;
  const classOf = new Int32Array(n);
  for (let c = 0; c < k; c++) classOf.fill(c, starts[c], starts[c + 1]);
  let noise = 0;
  for (let c = 0; c < k; c++) noise += 1 / (starts[c + 1] - starts[c]) / k;
  const gram = n < d;
  const side = gram ? n : d;

  /** Means over classes of the n columns from … + stride · i; `out` gets k values. */
  const meansOf = (values: Float64Array, from: number, stride: number, out: Float64Array): void => {
    for (let c = 0; c < k; c++) {
      let sum = 0;
      for (let i = starts[c]; i < starts[c + 1]; i++) sum += values[from + i * stride];
      out[c] = sum / (starts[c + 1] - starts[c]);
    }
  };
  const average = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;

  // The matrix to factorise: R·Rᵀ (n × n), or W (d × d).
  const matrix = memory.allocate(8 * side * side);
  const scale = new Float64Array(n);
  const towardsMean = new Float64Array(n);
  /** k × n: z of every base row with every class' mean; k × k: class means with each other. Gram side only. */
  const withMeans = new Float64Array(gram ? k * n : 0);
  const meanProducts = new Float64Array(k * k);
  let meanSquare = 0;
  const mean = new Float64Array(gram ? 0 : d);
  /** k × d class means of z less their own mean. Direct side only. */
  const centredMeans = new Float64Array(gram ? 0 : k * d);
  let trace = 0;
  if (gram) {
    space.products(rows, rows, matrix);
    const { f64 } = memory;
    const z = matrix >>> 3;
    for (let i = 0; i < n; i++) {
      let sum = 0;
      for (let j = 0; j < n; j++) sum += f64[z + i * n + j];
      towardsMean[i] = sum / n;
      meanSquare += sum / n / n;
    }
    for (let i = 0; i < n; i++) scale[i] = inverseNorm(f64[z + i * n + i], towardsMean[i], meanSquare);
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) {
        const at = z + i * n + j;
        f64[at] = scale[i] * scale[j] * (f64[at] - towardsMean[i] - towardsMean[j] + meanSquare);
      }
    const own = new Float64Array(k);
    for (let i = 0; i < n; i++) {
      meansOf(f64, z + i * n, 1, own);
      for (let c = 0; c < k; c++) withMeans[c * n + i] = own[c];
    }
    for (let c = 0; c < k; c++) {
      meansOf(withMeans, c * n, 1, own);
      meanProducts.set(own, c * k);
    }
    for (let i = 0; i < n; i++) {
      const a = classOf[i];
      for (let j = 0; j < n; j++) {
        const b = classOf[j];
        f64[z + i * n + j] += meanProducts[a * k + b] - withMeans[a * n + j] - withMeans[b * n + i];
      }
      trace += f64[z + i * n + i];
    }
  } else {
    const residuals = memory.allocate(8 * n * d);
    space.load(rows, residuals);
    const { f64 } = memory;
    const z = residuals >>> 3;
    for (let i = 0; i < n; i++) for (let j = 0; j < d; j++) mean[j] += f64[z + i * d + j] / n;
    centreRows(f64, z, n, mean);
    for (let c = 0; c < k; c++) {
      const count = starts[c + 1] - starts[c];
      for (let i = starts[c]; i < starts[c + 1]; i++) for (let j = 0; j < d; j++) centredMeans[c * d + j] += f64[z + i * d + j] / count;
      for (let i = starts[c]; i < starts[c + 1]; i++)
        for (let j = 0; j < d; j++) {
          const value = f64[z + i * d + j] - centredMeans[c * d + j];
          f64[z + i * d + j] = value;
          trace += value * value;
        }
    }
    f64.fill(0, matrix >>> 3, (matrix >>> 3) + d * d);
    kernels.multiply(d, d, n, residuals, 1, d, residuals, d, 1, matrix, d, 1 / freedom, 1);
    memory.release(residuals);
    const grand = new Float64Array(d);
    for (let c = 0; c < k; c++) for (let j = 0; j < d; j++) grand[j] += centredMeans[c * d + j] / k;
    for (let c = 0; c < k; c++) for (let j = 0; j < d; j++) centredMeans[c * d + j] -= grand[j];
  }
  // Rounding leaves about 1e-32 where all rows of every class are alike.
  if (!(trace > 1e-28 * freedom)) throw valueError(caller, "features", "have no variance within any class", "rows that differ");
  const meanVariance = trace / freedom / d;

  const info = memory.allocate(8);
  const whiten = (ridge: number): Whitening => {
    const added = gram ? ridge * meanVariance * freedom : ridge * meanVariance;
    const lower = memory.allocate(8 * side * side);
    const { f64 } = memory;
    f64.copyWithin(lower >>> 3, matrix >>> 3, (matrix >>> 3) + side * side);
    for (let i = 0; i < side; i++) f64[(lower >>> 3) + i * side + i] += added;
    choleskyOf(kernels)(side, lower, side, info);
    if (memory.f64[info >>> 3] !== 0) throw valueError(caller, "ridge", `is ${ridge}`, "a larger one: the covariance is singular");
    return { lower, ridge };
  };
  const known = new Map<number, Whitening>();
  for (const ridge of [...ridges.whitened, ridges.directions, ridges.density]) if (!known.has(ridge)) known.set(ridge, whiten(ridge));
  const order = [...known.values()];

  /**
   * Right-hand sides (side × p) of p rows at `right`, and their own inner products (p × p) at `plain`: m rows of the space, then, if asked for, the k
   * centred class means. `raw` gets the m × m inner products of the rows as they are.
   */
  const prepare = (list: Int32Array, raw: Float64Array | null, right: number, plain: number): void => {
    const m = list.length;
    const p = m + k;
    if (!gram) {
      const z = memory.allocate(8 * p * d);
      space.load(list, z);
      if (raw) {
        memory.f64.fill(0, plain >>> 3, (plain >>> 3) + p * p);
        kernels.multiply(m, m, d, z, d, 1, z, 1, d, plain, p, 1, 1);
        const { f64 } = memory;
        for (let i = 0; i < m; i++) for (let j = 0; j <= i; j++) raw[i * m + j] = raw[j * m + i] = f64[(plain >>> 3) + i * p + j];
      }
      const { f64 } = memory;
      centreRows(f64, z >>> 3, m, mean);
      f64.set(centredMeans, (z >>> 3) + m * d);
      f64.fill(0, plain >>> 3, (plain >>> 3) + p * p);
      kernels.multiply(p, p, d, z, d, 1, z, 1, d, plain, p, 1, 1);
      for (let i = 0; i < p; i++) for (let j = 0; j < d; j++) f64[(right >>> 3) + j * p + i] = f64[(z >>> 3) + i * d + j];
      memory.release(z);
      return;
    }
    const mark = memory.mark();
    const own = memory.allocate(8 * m * m);
    const cross = memory.allocate(8 * n * m);
    space.products(list, list, own);
    space.products(rows, list, cross);
    const { f64 } = memory;
    const [o, x, r, q] = [own >>> 3, cross >>> 3, right >>> 3, plain >>> 3];
    if (raw) raw.set(f64.subarray(o, o + m * m));
    const toMean = new Float64Array(m);
    for (let i = 0; i < n; i++) for (let e = 0; e < m; e++) toMean[e] += f64[x + i * m + e];
    for (let e = 0; e < m; e++) toMean[e] /= n;
    const factor = Float64Array.from(toMean, (value, e) => inverseNorm(f64[o + e * m + e], value, meanSquare));
    for (let e = 0; e < m; e++)
      for (let f = 0; f <= e; f++) f64[q + e * p + f] = factor[e] * factor[f] * (f64[o + e * m + f] - toMean[e] - toMean[f] + meanSquare);
    for (let i = 0; i < n; i++)
      for (let e = 0; e < m; e++) {
        const at = x + i * m + e;
        f64[at] = scale[i] * factor[e] * (f64[at] - towardsMean[i] - toMean[e] + meanSquare);
      }
    // Products with class means: of the rows, then of the centred means themselves.
    const sums = new Float64Array(k * m);
    for (let i = 0; i < n; i++) for (let e = 0, to = classOf[i] * m; e < m; e++, to++) sums[to] += f64[x + i * m + e];
    for (let c = 0; c < k; c++) for (let e = c * m; e < (c + 1) * m; e++) sums[e] /= starts[c + 1] - starts[c];
    for (let i = 0; i < n; i++) {
      const a = classOf[i];
      for (let e = 0; e < m; e++) f64[r + i * p + e] = f64[x + i * m + e] - sums[a * m + e];
      let all = 0;
      for (let c = 0; c < k; c++) {
        const value = withMeans[c * n + i] - meanProducts[c * k + a];
        f64[r + i * p + m + c] = value;
        all += value / k;
      }
      for (let c = 0; c < k; c++) f64[r + i * p + m + c] -= all;
    }
    for (let e = 0; e < m; e++) {
      let all = 0;
      for (let c = 0; c < k; c++) all += sums[c * m + e] / k;
      for (let c = 0; c < k; c++) f64[q + (m + c) * p + e] = sums[c * m + e] - all;
    }
    const rowMeans = Float64Array.from({ length: k }, (_, c) => average(meanProducts.subarray(c * k, (c + 1) * k)));
    const grand = average(rowMeans);
    for (let a = 0; a < k; a++)
      for (let b = 0; b <= a; b++) f64[q + (m + a) * p + m + b] = meanProducts[a * k + b] - rowMeans[a] - rowMeans[b] + grand;
    memory.release(mark);
  };

  /** x·(W + ρλ̄I)⁻¹·yᵀ of p rows: the lower half at the address returned. */
  const inverseProducts = ({ lower, ridge }: Whitening, p: number, right: number, plain: number, work: number, out: number): void => {
    const { f64 } = memory;
    f64.copyWithin(work >>> 3, right >>> 3, (right >>> 3) + side * p);
    kernels.solveLower(side, lower, side, p, work, p, 0);
    if (gram) f64.copyWithin(out >>> 3, plain >>> 3, (plain >>> 3) + p * p);
    else f64.fill(0, out >>> 3, (out >>> 3) + p * p);
    kernels.multiply(p, p, side, work, 1, p, work, p, 1, out, p, gram ? -1 : 1, 1);
    if (!gram) return;
    const added = ridge * meanVariance;
    for (let i = 0; i < p; i++) for (let j = 0; j <= i; j++) f64[(out >>> 3) + i * p + j] /= added;
  };

  /** Coordinates (m × r) along the between-class directions of a whitened space, and the squares of their singular values. */
  const betweenCoordinates = (m: number, products: number): { coordinates: Float64Array; squares: Float64Array } => {
    const p = m + k;
    const mark = memory.mark();
    const means = memory.allocate(8 * k * k);
    {
      const { f64 } = memory;
      for (let a = 0; a < k; a++)
        for (let b = 0; b < k; b++) f64[(means >>> 3) + a * k + b] = f64[(products >>> 3) + (m + Math.max(a, b)) * p + m + Math.min(a, b)];
    }
    const { values, order: largest } = eigenSymmetric(kernels, k, means, caller);
    // Class means may lie in fewer dimensions than k − 1.
    let r = 0;
    while (r < Math.min(k - 1, d) && values[largest[r]] > 1e-12 * values[largest[0]]) r++;
    const coordinates = new Float64Array(m * r);
    const squares = new Float64Array(r);
    const { f64 } = memory;
    for (let q = 0; q < r; q++) {
      squares[q] = values[largest[q]];
      const root = 1 / Math.sqrt(squares[q]);
      const vector = (means >>> 3) + largest[q] * k;
      for (let c = 0; c < k; c++) {
        const weight = f64[vector + c] * root;
        const from = (products >>> 3) + (m + c) * p;
        for (let e = 0; e < m; e++) coordinates[e * r + q] += weight * f64[from + e];
      }
    }
    memory.release(mark);
    return { coordinates, squares };
  };

  return {
    of(list) {
      const m = list.length;
      const p = m + k;
      const mark = memory.mark();
      const [right, work] = [memory.allocate(8 * side * p), memory.allocate(8 * side * p)];
      const [plain, products] = [memory.allocate(8 * p * p), memory.allocate(8 * p * p)];
      const raw = new Float64Array(m * m);
      prepare(list, raw, right, plain);
      const grams: Float64Array[] = [raw, lowerHalf(memory.f64, plain >>> 3, p, m)];
      let directions: Float64Array = new Float64Array(0);
      let coordinates: Float64Array = directions;
      let psi: Float64Array = directions;
      let unexplained: Float64Array = directions;
      const whitened = new Map<number, Float64Array>();
      for (const each of order) {
        inverseProducts(each, p, right, plain, work, products);
        const { f64 } = memory;
        const norms = Float64Array.from({ length: m }, (_, e) => {
          const square = f64[(products >>> 3) + e * p + e];
          return square > 0 ? 1 / Math.sqrt(square) : 0;
        });
        if (ridges.whitened.includes(each.ridge)) {
          const own = lowerHalf(f64, products >>> 3, p, m);
          for (let e = 0; e < m; e++) for (let f = 0; f < m; f++) own[e * m + f] *= norms[e] * norms[f];
          whitened.set(each.ridge, own);
        }
        if (each.ridge === ridges.directions) {
          const between = betweenCoordinates(m, products).coordinates;
          const r = m > 0 ? between.length / m : 0;
          for (let e = 0; e < m; e++) for (let q = 0; q < r; q++) between[e * r + q] *= norms[e];
          directions = selfProducts(kernels, between, m, r);
        }
        if (each.ridge === ridges.density) {
          const found = betweenCoordinates(m, products);
          coordinates = found.coordinates;
          unexplained = norms.map((norm) => (norm > 0 ? (each.ridge * meanVariance) / (norm * norm) : 0));
          psi = found.squares.map((square) => Math.max(square / (k - 1) - noise, 0));
        }
      }
      grams.push(...ridges.whitened.map((ridge) => whitened.get(ridge)!), directions);
      memory.release(mark);
      return { count: m, grams, coordinates, psi, unexplained };
    },
  };
}

/** 1/|x − mean| from inner products; 0 for a row of zeros, which has no direction, and for the mean itself. */
function inverseNorm(square: number, towardsMean: number, meanSquare: number): number {
  const left = square - 2 * towardsMean + meanSquare;
  return square > 0 && left > 1e-28 ? 1 / Math.sqrt(left) : 0;
}

/** Rows of norm 1 become rows less the mean, of norm 1; rows of zeros stay zeros. */
function centreRows(f64: Float64Array, at: number, count: number, mean: Float64Array): void {
  const d = mean.length;
  for (let i = 0; i < count; i++) {
    const start = at + i * d;
    let zero = true;
    for (let j = 0; j < d && zero; j++) zero = f64[start + j] === 0;
    if (zero) continue;
    let squares = 0;
    for (let j = 0; j < d; j++) {
      const value = f64[start + j] - mean[j];
      f64[start + j] = value;
      squares += value * value;
    }
    const factor = squares > 1e-28 ? 1 / Math.sqrt(squares) : 0;
    for (let j = start; j < start + d; j++) f64[j] *= factor;
  }
}

/** The first m × m of a p × p matrix of which the lower half is known, whole. */
function lowerHalf(f64: Float64Array, at: number, p: number, m: number): Float64Array {
  const out = new Float64Array(m * m);
  for (let i = 0; i < m; i++) for (let j = 0; j <= i; j++) out[i * m + j] = out[j * m + i] = f64[at + i * p + j];
  return out;
}

/** Inner products of m rows of r numbers. */
export function selfProducts(kernels: PartSpace["kernels"], values: Float64Array, m: number, r: number): Float64Array {
  const { memory } = kernels;
  const mark = memory.mark();
  const [from, to] = [memory.allocate(8 * m * r), memory.allocate(8 * m * m)];
  memory.f64.set(values, from >>> 3);
  memory.f64.fill(0, to >>> 3, (to >>> 3) + m * m);
  kernels.multiply(m, m, r, from, r, 1, from, 1, r, to, m, 1, 1);
  mirror(memory.f64, to >>> 3, m);
  const out = memory.f64.slice(to >>> 3, (to >>> 3) + m * m);
  memory.release(mark);
  return out;
}
