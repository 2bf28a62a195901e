import { checkOptions, type OptionNames } from "../core/checkOptions.ts";
import { shapeError } from "../core/errors.ts";
import { checkMatrix, type Matrix } from "../core/matrix.ts";
import { withKernels } from "../kernels/createKernels.ts";
import { loadLinearMap } from "../kernels/linearMap.ts";
import { type Basis, type BasisOptions, checkRows } from "./basis.ts";
import { centredRowInto } from "./unitRows.ts";

export type ProjectOptions = Pick<BasisOptions, "rows" | "kernels">;

const projectOptionNames: OptionNames<ProjectOptions> = { rows: true, kernels: true };

/** Rows multiplied at once: enough to fill the kernels' blocks, few enough to keep memory small. */
const chunk = 512;

/**
 * Rows in the coordinates of a basis: l2-normalised, centred, l2-normalised again, then multiplied by its matrix; not normalised afterwards
 * (the mask, and the l2 that follows it, come next). A row of zeros has no direction and gives zeros. O(n · d · r), O(n · d · rank) for a
 * low-rank basis.
 *
 * @param basis - from `fitCentre`, `fitWithin`, `fitDiscriminant` or `fitViews`
 * @param features - n × d, normalised or not
 * @param options - `rows`: row numbers to project, in that order (default all); `kernels`
 * @returns rows × r, Float64
 * @throws RangeError when features and basis differ in dimensions, a value is not finite or a row number out of range
 * @example
 * ```ts
 * import { fitCentre, project, toMatrix } from "softprobe";
 *
 * const basis = fitCentre(toMatrix([[1, 0], [-1, 0]]));
 * console.log(project(basis, toMatrix([[3, 4]])).data); // → Float64Array(2) [ 0.6, 0.8 ]
 * ```
 */
export function project(basis: Basis, features: Matrix, options: ProjectOptions = {}): Matrix {
  checkOptions(options, "project", projectOptionNames);
  const { data, rows: n, cols } = checkMatrix(features, "project", "features");
  if (cols !== basis.cols) throw shapeError("project", "features", `${cols} columns`, `${basis.cols}, as the basis`);
  const rows = n === 0 ? new Int32Array(0) : checkRows(features, options.rows, "project");
  const out = new Float64Array(rows.length * basis.dimensions);
  withKernels(options.kernels, (kernels) => {
    const { memory } = kernels;
    const x = memory.allocate(8 * Math.min(chunk, rows.length) * cols);
    const multiply = loadLinearMap(basis, kernels, chunk);
    const { f64 } = memory;
    for (let start = 0; start < rows.length; start += chunk) {
      const count = Math.min(chunk, rows.length - start);
      for (let i = 0; i < count; i++) centredRowInto(f64, (x >>> 3) + i * cols, data, rows[start + i] * cols, basis.mean, basis.normalize);
      const from = multiply(x, count) >>> 3;
      out.set(f64.subarray(from, from + count * basis.dimensions), start * basis.dimensions);
    }
  });
  return { data: out, rows: rows.length, cols: basis.dimensions };
}
