import type { NdArray } from "ndarray";
import type { Matrix } from "../core/matrix.ts";
import { matrixFrom } from "./matrixFrom.ts";

/** The arrays in which an ndarray may store its numbers. */
export type NdNumbers =
  | number[]
  | Float32Array
  | Float64Array
  | Int8Array
  | Int16Array
  | Int32Array
  | Uint8Array
  | Uint8ClampedArray
  | Uint16Array
  | Uint32Array;

/**
 * Makes a {@link Matrix} from an ndarray of shape n × d with any strides and offset: transposes, slices, steps and reversals included.
 * 32- and 64-bit floats in row-major order are not copied; the two then share memory.
 *
 * @param array - n × d numbers
 * @returns n × d, every value finite
 * @throws RangeError when it has another number of axes, or naming the row and column of a value that is not finite; TypeError when it holds no numbers
 * @see https://github.com/scijs/ndarray
 * @example
 * ```ts
 * import ndarray from "ndarray";
 * import { fromNdarray } from "softprobe/ndarray";
 *
 * const columns = ndarray(Float32Array.of(1, 2, 3, 4, 5, 6), [3, 2]);
 * console.log(fromNdarray(columns.transpose(1, 0)).data); // → Float32Array(6) [ 1, 3, 5, 2, 4, 6 ]
 * ```
 */
export function fromNdarray(array: NdArray<NdNumbers>): Matrix {
  return matrixFrom(array, {}, "fromNdarray", "array");
}
