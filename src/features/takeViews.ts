import { checkMatrix } from "../core/matrix.ts";
import { checkViewsShape, type Views, viewRows } from "../core/views.ts";
import { takeRows } from "./takeRows.ts";

/**
 * The views of some rows, in the order given: what `takeRows` is for the rows themselves. A copy, unless the rows are consecutive: then a view of the same
 * memory. `fitProbe` and `fitSteps` also take `{ ...augmented, rows }`, and then copy nothing.
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
  checkMatrix(augmented.matrix, "takeViews", "augmented");
  const { matrix, views, rows: own } = checkViewsShape(augmented, "takeViews", "augmented", augmented.matrix.cols);
  return { matrix: takeRows(matrix, viewRows(own ? Array.from(rows, (row) => own[row]) : rows, views)), views };
}
