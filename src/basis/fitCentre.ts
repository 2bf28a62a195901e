import { checkOptions, type OptionNames } from "../core/checkOptions.ts";
import { shapeError } from "../core/errors.ts";
import type { Matrix } from "../core/matrix.ts";
import { type Basis, type BasisOptions, checkNormalize, checkRows } from "./basis.ts";
import { basisMean } from "./unitRows.ts";

export type CentreOptions = Pick<BasisOptions, "rows" | "normalize">;

const centreOptionNames: OptionNames<CentreOptions> = { rows: true, normalize: true };

/**
 * The basis that only centres. Rows are l2-normalised, the base rows' mean is subtracted, and they are l2-normalised again: SimpleShot's
 * CL2N
 * (Wang et al. 2019, arXiv 1911.04623). It needs no labels. O(n · d).
 *
 * @param features - n × d base rows, normalised or not
 * @param options - `rows` to use (default all); `normalize`
 * @returns a basis of d dimensions, for {@link project}
 * @throws RangeError when a value is not finite or a row number out of range
 * @example
 * ```ts
 * import { fitCentre, project, toMatrix } from "softprobe";
 *
 * const basis = fitCentre(toMatrix([[3, 0], [0, 2]]));
 * console.log(basis.mean, project(basis, toMatrix([[0, 1]])).rows); // → Float64Array(2) [ 0.5, 0.5 ] 1
 * ```
 */
export function fitCentre(features: Matrix, options: CentreOptions = {}): Basis {
  checkOptions(options, "fitCentre", centreOptionNames);
  const rows = checkRows(features, options.rows, "fitCentre");
  if (rows.length === 0) throw shapeError("fitCentre", "features", "0 rows", "at least 1");
  const { cols } = features;
  const normalize = checkNormalize(options.normalize, "fitCentre");
  const mean = basisMean(features, rows, normalize);
  return {
    kind: "centre",
    normalize,
    ridge: 0,
    cols,
    dimensions: cols,
    mean,
    transform: null,
    lower: null,
    lowRank: null,
    psi: null,
    within: null,
  };
}
