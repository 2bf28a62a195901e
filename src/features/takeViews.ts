import { checkCount } from "../core/checks.ts";
import { shapeError } from "../core/errors.ts";
import { checkMatrix } from "../core/matrix.ts";
import { type Views, viewRows } from "../core/views.ts";
import { takeRows } from "./takeRows.ts";

/**
 * The views of some rows, in the order given: what `takeRows` is for the rows themselves. A copy, unless the rows are consecutive: then a view of the same
 * memory.
 *
 * @param augmented - views of n rows, (n · views) × d
 * @param rows - m row numbers, 0 … n − 1; they may repeat
 * @returns views of m rows
 * @throws RangeError naming the first row number that is out of range
 * @example
 * ```ts
 * import { takeViews, toMatrix } from "softprobe";
 *
 * const augmented = { matrix: toMatrix([[1], [2], [3], [4]]), views: 2 };
 * console.log(takeViews(augmented, [1]).matrix.data); // → Float64Array(2) [ 3, 4 ]
 * ```
 */
export function takeViews(augmented: Views, rows: ArrayLike<number>): Views {
  const views = checkCount(augmented.views, "takeViews", "augmented.views");
  const { matrix } = augmented;
  checkMatrix(matrix, "takeViews", "augmented");
  if (matrix.rows % views !== 0) throw shapeError("takeViews", "augmented", `${matrix.rows} rows`, `a multiple of views = ${views}`);
  return { matrix: takeRows(matrix, viewRows(rows, views)), views };
}
