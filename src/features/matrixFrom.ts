import type { OptionNames } from "../core/checkOptions.ts";
import { checkChoice, checkCount } from "../core/checks.ts";
import { kindError, shapeError } from "../core/errors.ts";
import { checkFinite, checkMatrix, type Matrix } from "../core/matrix.ts";
import { arrowRows, type FixedSizeLists, isFixedSizeLists } from "./arrowRows.ts";
import { type HalfFormat, halfFormat } from "./dtypes.ts";
import { isVector, nestedRows } from "./nestedRows.ts";
import { asFloatArray, isTensor, type TensorValues, tensorValues, toFloats } from "./tensorValues.ts";

/** A typed array of numbers. */
export type NumericArray =
  | Float32Array
  | Float64Array
  | Int8Array
  | Int16Array
  | Int32Array
  | Uint8Array
  | Uint8ClampedArray
  | Uint16Array
  | Uint32Array;

/** A tensor of any library, recognised by its shape. */
export type TensorLike =
  /** ndarray (`stride`), stdlib (`strides`), or a record of your own; row-major where no strides are given. */
  | { readonly data: unknown; readonly shape: ArrayLike<number>; readonly offset?: number }
  /** transformers.js, ONNX Runtime. */
  | { readonly data: unknown; readonly dims: ArrayLike<number> }
  /** TensorFlow.js. */
  | { readonly shape: ArrayLike<number>; dataSync(): unknown }
  /** ml-matrix. */
  | { readonly rows: number; readonly columns: number; to1DArray(): number[] };

/** What `toMatrix` takes. */
export type MatrixInput =
  | Matrix
  | readonly ArrayLike<number>[]
  | NumericArray
  | TensorLike
  | FixedSizeLists
  | { readonly values: readonly ArrayLike<number>[] };

export interface ToMatrixOptions {
  /** n, for a flat typed array. If `rows` or `cols` is missing, it follows from the other and the length. */
  readonly rows?: number;
  /** d, of a flat typed array. */
  readonly cols?: number;
  /** How to read a Uint16Array that does not hold whole numbers: as half-precision floats or as bfloat16. */
  readonly dtype?: HalfFormat;
}

export const toMatrixOptionNames: OptionNames<ToMatrixOptions> = { rows: true, cols: true, dtype: true };

/** Whether `input` is a {@link Matrix} of ours. */
export function isMatrix(input: unknown): input is Matrix {
  if (input === null || typeof input !== "object") return false;
  const matrix = input as Partial<Matrix>;
  // Data last: some tensors throw when asked for data that are on a GPU.
  if (typeof matrix.rows !== "number" || typeof matrix.cols !== "number") return false;
  return matrix.data instanceof Float32Array || matrix.data instanceof Float64Array;
}

/** {@link TensorValues} of whatever has a shape of its own, or null. */
export function shapedValues(input: unknown, half: HalfFormat | undefined, caller: string, argument: string): TensorValues | null {
  if (isFixedSizeLists(input)) return arrowRows(input, half, caller, argument);
  return isTensor(input) ? tensorValues(input, half, caller, argument) : null;
}

function flat(input: ArrayLike<unknown>, options: ToMatrixOptions, caller: string, argument: string): Matrix {
  const { length } = input;
  if (options.rows === undefined && options.cols === undefined) {
    throw shapeError(caller, argument, `one axis of ${length} values`, "two, n × d: give {rows, cols}, or [row] for one example");
  }
  const data = asFloatArray(toFloats(input, holdsHalves(options.dtype, caller), caller, argument));
  const side = options.cols === undefined ? "rows" : "cols";
  if (options.rows === undefined || options.cols === undefined) {
    const given = checkCount(options[side]!, caller, `options.${side}`);
    if (length % given !== 0) throw shapeError(caller, "data", `${length} values`, `a multiple of ${side} = ${given}`);
  }
  const cols = checkCount(options.cols ?? length / options.rows!, caller, "options.cols");
  const rows = checkCount(options.rows ?? length / cols, caller, "options.rows");
  if (length !== rows * cols) throw shapeError(caller, argument, `${length} values`, `${rows} × ${cols} = ${rows * cols}`);
  return { data, rows, cols };
}

/** What to do about an array of other than two axes. */
function axesHint(shape: readonly number[]): string {
  if (shape.length < 2) return "; for one example give shape 1 × d";
  if (shape.length > 2 && shape.slice(2).every((length) => length === 1)) return "; of pooled maps give array.reshape(len(array), -1)";
  if (shape.length > 3) return "; pool the maps first, such as array.mean((2, 3))";
  if (shape[0] === 1)
    return "; for augmented views use toViews; drop an axis too many by array[0]; of tokens take one a row, such as array.mean(1)";
  return "; for augmented views use toViews; of tokens take one a row, such as array[:, 0] or array.mean(1)";
}

function unchecked(input: unknown, options: ToMatrixOptions, caller: string, argument: string): Matrix {
  const half = holdsHalves(options.dtype, caller);
  if (isMatrix(input)) return checkMatrix(input, caller, argument);
  if (Array.isArray(input) && input.length > 0 && typeof input[0] === "object")
    return nestedRows(input, half, caller, (i) => `${argument} row ${i}`);
  if (isVector(input)) return flat(input, options, caller, argument);
  const values = shapedValues(input, half, caller, argument);
  if (values !== null) {
    const { data, shape } = values;
    if (shape.length !== 2) throw shapeError(caller, argument, `shape (${shape.join(", ")})`, `two axes, n × d${axesHint(shape)}`);
    if (shape[1] === 0) throw shapeError(caller, argument, `shape (${shape.join(", ")})`, "at least 1 column");
    return { data, rows: shape[0], cols: shape[1] };
  }
  const table = (input as { values?: unknown } | null | undefined)?.values;
  if (Array.isArray(table)) return unchecked(table, options, caller, argument);
  throw kindError(caller, argument, input, "rows of numbers, a typed array with {rows, cols}, or a tensor with data and shape (or dims)");
}

/** What the bits in Uint16Array data are, by a `dtype` option. */
export function holdsHalves(dtype: string | undefined, caller: string): HalfFormat | undefined {
  return dtype === undefined
    ? undefined
    : checkChoice<HalfFormat>(halfFormat(dtype) ?? dtype, caller, "options.dtype", ["float16", "bfloat16"]);
}

/** `toMatrix` for a `caller` whose name the errors bear. */
export function matrixFrom(input: unknown, options: ToMatrixOptions, caller: string, argument: string): Matrix {
  const matrix = unchecked(input, options, caller, argument);
  if (matrix.rows === 0) throw shapeError(caller, argument, "0 rows", "at least 1");
  return checkFinite(matrix, caller, argument);
}
