import { checkOptions } from "../core/checkOptions.ts";
import type { Matrix } from "../core/matrix.ts";
import { type MatrixInput, matrixFrom, type ToMatrixOptions, toMatrixOptionNames } from "./matrixFrom.ts";

/**
 * Makes a {@link Matrix}, n × d, from features of any kind: arrays of numbers, typed arrays, and the tensors of TensorFlow.js,
 * transformers.js, ONNX Runtime, ndarray, stdlib, ml-matrix and Apache Arrow, recognised by their shape.
 *
 * 32- and 64-bit floats that lie in row-major order are not copied: the matrix shares their memory. Half-precision floats become 32-bit
 * floats, exactly; other numbers become doubles.
 * A tensor in the memory of a GPU, or an async iterable, goes through `collectMatrix`.
 *
 * @param input - n rows of d numbers
 * @param options - `rows` and `cols` of a flat typed array; `dtype`, for half-precision floats given as Uint16Array
 * @returns n × d, n and d at least 1, every value finite
 * @throws TypeError if it is none of these, or holds bigints (convert them to numbers first); RangeError naming a ragged row, a shape
 * that is not n × d,
 * or the row and column of a value that is not finite
 * @example
 * ```ts
 * import { toMatrix } from "softprobe";
 *
 * console.log(toMatrix([[1, 2], [3, 4]])); // → { data: Float64Array(4) [ 1, 2, 3, 4 ], rows: 2, cols: 2 }
 * const embedding = { data: Float32Array.of(5, 6, 7), dims: [1, 3], type: "float32", location: "cpu" };
 * console.log(toMatrix(embedding).cols); // → 3
 * console.log(toMatrix(Float32Array.of(1, 2, 3, 4, 5, 6), { cols: 3 }).rows); // → 2
 * ```
 */
export function toMatrix(input: MatrixInput, options: ToMatrixOptions = {}): Matrix {
  checkOptions(options, "toMatrix", toMatrixOptionNames);
  return matrixFrom(input, options, "toMatrix", "input");
}
