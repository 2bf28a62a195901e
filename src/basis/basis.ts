import type { OptionNames } from "../core/checkOptions.ts";
import { checkChoice, checkCount } from "../core/checks.ts";
import { kindError, shapeError, valueError } from "../core/errors.ts";
import { checkMatrix, type Matrix } from "../core/matrix.ts";
import type { KernelChoice } from "../kernels/createKernels.ts";

/** A symmetric d × d matrix of low rank about a multiple of the identity: x ↦ rest · x + Σ gains[i] · (x·vᵢ) vᵢ, O(d · rank) a row. */
export interface LowRank {
  /** rank × d, orthonormal rows. */
  readonly vectors: Float64Array;
  /** rank. */
  readonly gains: Float64Array;
  readonly rest: number;
}

/**
 * A change of coordinates that comes before the mask, fitted to base classes or to augmented views: rows are l2-normalised, centred,
 * l2-normalised again and multiplied by a d × r matrix, which is held in one of four ways: `transform`, `lower`, `lowRank`, or, where all
 * three are null, as the identity. A plain record of numbers and typed arrays.
 */
export interface Basis {
  /** Which function fitted it; `"custom"`: one of your own. */
  readonly kind: "centre" | "within" | "discriminant" | "views" | "custom";
  /** Whether rows are divided by their norm before they are centred. */
  readonly normalize: BasisNormalize;
  /** ρ: the share of the mean eigenvalue λ̄ that was added to every within-class variance; 0 for `centre`. */
  readonly ridge: number;
  /** d. */
  readonly cols: number;
  /** r: columns after projection. */
  readonly dimensions: number;
  /** d: subtracted between the two l2 normalisations. */
  readonly mean: Float64Array;
  /** d × r, row-major: rows are multiplied by it from the right. */
  readonly transform: Float64Array | null;
  /** d × d, L lower triangular: rows are multiplied by L⁻ᵀ (by substitution: L is never inverted). */
  readonly lower: Float64Array | null;
  readonly lowRank: LowRank | null;
  /**
   * r: variance between class means that noise does not explain, max(between − 1/n, 0), in units in which the variance within classes
   * (ridge included) is 1. Null for a basis fitted without classes.
   */
  readonly psi: Float64Array | null;
  /**
   * r: variance within classes after projection, without the ridge, λ/(λ + ρλ̄) in `within`; with the ridge it is 1 throughout. Null if it
   * is not known for each dimension.
   */
  readonly within: Float64Array | null;
}

/** Whether rows are divided by their Euclidean norm before the basis centres them: `"l2"` (yes) or `"none"`. */
export type BasisNormalize = "l2" | "none";

/** Options that every fit of a basis takes. */
export interface BasisOptions {
  /** `"l2"` (default): rows are l2-normalised first (harmless where they are already); `"none"`: taken as given. Projections then do the same. */
  readonly normalize?: BasisNormalize;
  /** Row numbers to fit to (default: all), so that an evaluation leaves classes out without copying. */
  readonly rows?: ArrayLike<number>;
  /** Which kernels run; both give the same bits. */
  readonly kernels?: KernelChoice;
}

export const basisOptionNames: OptionNames<BasisOptions> = { normalize: true, rows: true, kernels: true };

/** Checks that ρ is a finite number of at least 0. */
export function checkRidge(ridge: number, caller: string): number {
  if (typeof ridge !== "number") throw kindError(caller, "ridge", ridge, "a number");
  if (!(ridge >= 0) || ridge === Number.POSITIVE_INFINITY)
    throw valueError(caller, "ridge", `is ${ridge}`, "a finite number of at least 0");
  return ridge;
}

/** The row numbers asked for, checked; all n by default. */
export function selectRows(rows: ArrayLike<number> | undefined, n: number, caller: string, argument = "rows"): Int32Array {
  if (rows === undefined) return Int32Array.from({ length: n }, (_, i) => i);
  if (rows === null || typeof rows !== "object" || typeof rows.length !== "number")
    throw kindError(caller, argument, rows, "an array of row numbers");
  if (rows.length === 0) throw shapeError(caller, argument, "0 row numbers", "at least 1");
  for (let i = 0; i < rows.length; i++) checkCount(rows[i], caller, `${argument}[${i}]`, 0, n - 1);
  return Int32Array.from(rows);
}

/** Checks the choice of normalisation, `"l2"` by default. */
export function checkNormalize(normalize: BasisNormalize | undefined, caller: string): BasisNormalize {
  return checkChoice(normalize ?? "l2", caller, "normalize", ["l2", "none"]);
}

/** Checks that every value of the rows listed is finite: rows that are not used cost nothing. Row i stands for `each` rows of the matrix. */
export function checkFiniteRows(matrix: Matrix, rows: Int32Array, caller: string, argument: string, each = 1): void {
  const { data, cols } = matrix;
  const width = each * cols;
  for (let i = 0; i < rows.length; i++) {
    const end = (rows[i] + 1) * width;
    for (let p = rows[i] * width; p < end; p++) {
      // x − x is 0 for finite numbers and NaN for the rest.
      if (data[p] - data[p] !== 0)
        throw valueError(caller, argument, `row ${Math.floor(p / cols)}, column ${p % cols} is ${data[p]}`, "finite numbers");
    }
  }
}

/** Checks a matrix and the row numbers asked for, and that those rows are finite. */
export function checkRows(matrix: Matrix, rows: ArrayLike<number> | undefined, caller: string): Int32Array {
  const selected = selectRows(rows, checkMatrix(matrix, caller, "features").rows, caller);
  checkFiniteRows(matrix, selected, caller, "features");
  return selected;
}
