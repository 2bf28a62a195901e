import { checkCount } from "./checks.ts";
import { kindError, shapeError } from "./errors.ts";
import { checkFinite, type Matrix } from "./matrix.ts";

/** Augmented views of n rows: an (n · views) × d matrix, view v of row i at row i · views + v. */
export interface Views {
  readonly matrix: Matrix;
  readonly views: number;
}

/** The rows of all views of some rows. */
export function viewRows(rows: ArrayLike<number>, views: number): Float64Array {
  const list = new Float64Array(rows.length * views);
  for (let i = 0, at = 0; i < rows.length; i++) for (let v = 0; v < views; v++, at++) list[at] = rows[i] * views + v;
  return list;
}

/** Checks that `value` holds views of d columns, of exactly `rows` rows where that is given. */
export function checkViews(value: Views, caller: string, argument: string, cols: number, rows?: number): Views {
  if (value === null || typeof value !== "object" || !("views" in value && "matrix" in value))
    throw kindError(caller, argument, value, "views {matrix, views}, as toViews makes of nested arrays");
  checkCount(value.views, caller, `${argument}.views`);
  const { matrix, views } = value;
  checkFinite(matrix, caller, argument);
  if (matrix.cols !== cols) throw shapeError(caller, argument, `${matrix.cols} columns`, `${cols}, as features`);
  if (matrix.rows % views !== 0) throw shapeError(caller, argument, `${matrix.rows} rows`, `a multiple of views = ${views}`);
  if (rows !== undefined && matrix.rows !== rows * views) {
    throw shapeError(caller, argument, `views of ${matrix.rows / views} rows`, `${rows}, one set of views a row of features`);
  }
  return value;
}
