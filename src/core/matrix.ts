import { firstNotFinite } from "./doubles.ts";
import { kindError, shapeError, valueError } from "./errors.ts";

/** The two ways to store features. Sums are computed in double precision either way. */
export type FloatArray = Float32Array | Float64Array;

/**
 * A dense row-major matrix: row i, column j is `data[i * cols + j]`. One row is one example, one column one feature dimension.
 */
export interface Matrix {
  readonly data: FloatArray;
  readonly rows: number;
  readonly cols: number;
  /** d names of the columns, where they have names: `readFeatures` gives those of a table, `fitProbe` keeps them, and `predict` finds its columns by them. */
  readonly columns?: readonly string[];
}

/** Checks that `value` is a {@link Matrix} whose data fits its shape; `caller` and `argument` name it in the error. */
export function checkMatrix(value: Matrix, caller: string, argument: string): Matrix {
  const given = value?.data;
  if (!(given instanceof Float32Array || given instanceof Float64Array)) {
    throw kindError(caller, argument, value, "a Matrix {data: Float32Array | Float64Array, rows, cols}: make one with toMatrix");
  }
  const { data, rows, cols, columns } = value;
  if (!Number.isInteger(rows) || !Number.isInteger(cols) || rows < 0 || cols < 1) {
    throw valueError(caller, argument, `has shape ${rows} × ${cols}`, "whole numbers, cols at least 1");
  }
  if (data.length !== rows * cols) throw shapeError(caller, argument, `${data.length} values`, `${rows} × ${cols} = ${rows * cols}`);
  if (columns !== undefined && (!Array.isArray(columns) || columns.length !== cols))
    throw shapeError(caller, `${argument}.columns`, `${columns?.length} names`, `${cols}, one a column`);
  return value;
}

/** Like {@link checkMatrix}, and every value is finite: the first NaN or Infinity is named by row and column. */
export function checkFinite(value: Matrix, caller: string, argument: string): Matrix {
  checkMatrix(value, caller, argument);
  const { data, cols } = value;
  const at = firstNotFinite(data);
  if (at >= 0) throw valueError(caller, argument, `row ${Math.floor(at / cols)}, column ${at % cols} is ${data[at]}`, "finite numbers");
  return value;
}
