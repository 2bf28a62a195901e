import { valueError } from "../core/errors.ts";
import { choleskyOf } from "../kernels/choleskyOf.ts";
import { betweenCoordinates } from "./betweenCoordinates.ts";
import { covarianceSide } from "./covarianceSide.ts";
import { gramSide } from "./gramSide.ts";
import type { GroupedRows, PartSpace } from "./partSpace.ts";
import { selfProducts } from "./selfProducts.ts";

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

/** A ridge, and the Cholesky factor of the side's matrix with that ridge added. */
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
  const { starts } = base;
  const n = base.rows.length;
  const k = starts.length - 1;
  const freedom = n - k;
  let noise = 0;
  for (let c = 0; c < k; c++) noise += 1 / (starts[c + 1] - starts[c]) / k;
  const gram = n < d;
  const { size: side, matrix, trace, prepare } = gram ? gramSide(space, base) : covarianceSide(space, base);
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
          const between = betweenCoordinates(kernels, { address: products, m, k, cols: d }, caller).coordinates;
          const r = m > 0 ? between.length / m : 0;
          for (let e = 0; e < m; e++) for (let q = 0; q < r; q++) between[e * r + q] *= norms[e];
          directions = selfProducts(kernels, between, m, r);
        }
        if (each.ridge === ridges.density) {
          const found = betweenCoordinates(kernels, { address: products, m, k, cols: d }, caller);
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

/** The first m × m of a p × p matrix of which the lower half is known, whole. */
function lowerHalf(f64: Float64Array, at: number, p: number, m: number): Float64Array {
  const out = new Float64Array(m * m);
  for (let i = 0; i < m; i++) for (let j = 0; j <= i; j++) out[i * m + j] = out[j * m + i] = f64[at + i * p + j];
  return out;
}
