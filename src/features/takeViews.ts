import { checkMatrix } from "../core/matrix.ts";
import { checkViewsShape, type Views, viewRows } from "../core/views.ts";
import { takeRows } from "./takeRows.ts";

/**
 * Takes the views of the listed rows, in that order, as `takeRows` takes the rows themselves. The result is a copy, unless the rows are
 * consecutive: then it shares memory. `fitProbe`
 * and `fitSteps` also take `{ ...augmented, rows }`, and then copy nothing.
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
