import { checkCount } from "./checks.ts";
import { kindError, shapeError, valueError } from "./errors.ts";
import { gatherRows } from "./gatherRows.ts";
import { checkFinite, checkMatrix, type Matrix } from "./matrix.ts";

/** Augmented views of n rows: an (n · views) × d matrix, view v of row i at row i · views + v. */
export interface Views {
  readonly matrix: Matrix;
  readonly views: number;
  /**
   * Numbers of the rows whose views these are, 0 … n − 1, in this order (default: all). `{ ...augmented, rows: support }` stands for
   * `takeViews(augmented, support)` without its copy: a mask's statistics read such views in place.
   */
  readonly rows?: ArrayLike<number>;
}

/** Copies the views of `views.rows`, where it is given: what holds views of all rows of its matrix. */
export function wholeViews(given: Views): Views {
  const { matrix, views, rows } = given;
  if (!rows) return given;
  const list = viewRows(rows, views);
  const size = list.length * matrix.cols;
  const data = matrix.data instanceof Float32Array ? new Float32Array(size) : new Float64Array(size);
  gatherRows(matrix, list, data);
  return { matrix: { data, rows: list.length, cols: matrix.cols }, views };
}

/** The rows of all views of some rows. */
export function viewRows(rows: ArrayLike<number>, views: number): Float64Array {
  const list = new Float64Array(rows.length * views);
  for (let i = 0, at = 0; i < rows.length; i++) for (let v = 0; v < views; v++, at++) list[at] = rows[i] * views + v;
  return list;
}

/** Checks that `value` holds views of d columns, of exactly `rows` rows where that is given; copies those of `value.rows`. */
export function checkViews(value: Views, caller: string, argument: string, cols: number, rows?: number): Views {
  const whole = wholeViews(checkViewsShape(value, caller, argument, cols, rows));
  checkFinite(whole.matrix, caller, argument);
  return whole;
}

/** {@link checkViews} without a look at the values, and without a copy. */
export function checkViewsShape(value: Views, caller: string, argument: string, cols: number, rows?: number): Views {
  if (value === null || typeof value !== "object" || !("views" in value && "matrix" in value))
    throw kindError(caller, argument, value, "views {matrix, views}, as toViews makes of nested arrays");
  checkCount(value.views, caller, `${argument}.views`);
  const { matrix, views, rows: own } = value;
  checkMatrix(matrix, caller, argument);
  if (matrix.cols !== cols) throw shapeError(caller, argument, `${matrix.cols} columns`, `${cols}, as features`);
  if (matrix.rows % views !== 0) throw shapeError(caller, argument, `${matrix.rows} rows`, `a multiple of views = ${views}`);
  const all = matrix.rows / views;
  if (own !== undefined) {
    if (own === null || typeof own !== "object" || typeof own.length !== "number")
      throw kindError(caller, `${argument}.rows`, own, "an array of row numbers");
    for (let i = 0; i < own.length; i++)
      if (!Number.isInteger(own[i]) || own[i] < 0 || own[i] >= all)
        throw valueError(caller, `${argument}.rows[${i}]`, `is ${own[i]}`, `a row in 0…${all - 1}`);
  }
  const count = own?.length ?? all;
  if (rows !== undefined && count !== rows)
    throw shapeError(caller, argument, `views of ${count} rows`, `${rows}, one set of views a row of features`);
  return value;
}
