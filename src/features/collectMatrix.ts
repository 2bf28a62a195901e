import { checkOptions, type OptionNames } from "../core/checkOptions.ts";
import { kindError, shapeError } from "../core/errors.ts";
import { checkFinite, type FloatArray, type Matrix } from "../core/matrix.ts";
import { isFixedSizeLists } from "./arrowRows.ts";
import {
  holdsHalves,
  isMatrix,
  type MatrixInput,
  matrixFrom,
  type NumericArray,
  shapedValues,
  type ToMatrixOptions,
} from "./matrixFrom.ts";
import { isVector } from "./nestedRows.ts";
import { isTensor } from "./tensorValues.ts";

/**
 * A tensor that gives its data by a promise: TensorFlow.js (`data()`), ONNX Runtime (`getData()`), transformers.js (around one of ONNX
 * Runtime).
 */
export type DeferredTensor =
  | { readonly shape: ArrayLike<number>; data(): PromiseLike<unknown> }
  | { readonly dims: ArrayLike<number>; getData(releaseData?: boolean): PromiseLike<unknown> };

/** One row of d numbers, or a batch of them. */
export type RowOrBatch = MatrixInput | DeferredTensor | NumericArray | readonly number[];

type CollectSource =
  | AsyncIterable<RowOrBatch | PromiseLike<RowOrBatch>>
  | Iterable<RowOrBatch | PromiseLike<RowOrBatch>>
  | DeferredTensor
  | MatrixInput;

/** What `collectMatrix` takes. */
export type CollectInput = CollectSource | PromiseLike<CollectSource>;

interface Deferred {
  readonly data?: unknown;
  readonly dims?: unknown;
  readonly shape?: unknown;
  readonly type?: unknown;
  readonly dtype?: unknown;
  readonly ort_tensor?: unknown;
  getData?(): unknown;
}

/** A tensor with its data at hand: what only a promise gives is waited for. */
async function bringDown(item: unknown): Promise<unknown> {
  if (!isTensor(item)) return item;
  const tensor = item as Deferred;
  const { dims, shape, type, dtype } = tensor;
  // transformers.js keeps ONNX Runtime's tensor inside its own.
  const inner = (typeof tensor.getData === "function" ? tensor : tensor.ort_tensor) as Deferred | undefined;
  if (typeof inner?.getData === "function") return { data: await inner.getData(), dims, type };
  if (typeof tensor.data === "function") return { data: await (tensor.data as () => unknown)(), shape, dtype };
  return item;
}

/** Rows side by side in an array that doubles when it is full, so that n rows cost O(n). */
function growingRows() {
  let data: FloatArray = new Float32Array(0);
  let rows = 0;
  let cols = 0;
  const add = (batch: Matrix, name: string): void => {
    if (rows === 0) cols = batch.cols;
    if (batch.cols !== cols) throw shapeError("collectMatrix", name, `${batch.cols} columns`, `${cols}, as the first row`);
    const used = rows * cols;
    const needed = used + batch.rows * cols;
    const wide = data instanceof Float64Array || batch.data instanceof Float64Array;
    if (needed > data.length || wide !== data instanceof Float64Array) {
      const length = needed > data.length ? Math.max(needed, 2 * data.length) : data.length;
      const larger = wide ? new Float64Array(length) : new Float32Array(length);
      larger.set(data.subarray(0, used));
      data = larger;
    }
    data.set(batch.data, used);
    rows += batch.rows;
  };
  const whole = (): Matrix => {
    if (rows === 0) throw shapeError("collectMatrix", "source", "0 rows", "at least 1");
    return { data: data.length === rows * cols ? data : data.slice(0, rows * cols), rows, cols };
  };
  return { add, whole };
}

/** A row (one axis) or a batch (two) as a matrix. */
function asBatch(item: unknown, options: ToMatrixOptions, name: string): Matrix {
  const half = holdsHalves(options.dtype, "collectMatrix");
  if (isVector(item) && (item.length === 0 || typeof item[0] !== "object")) {
    if (item.length === 0) throw shapeError("collectMatrix", name, "0 values", "at least 1");
    return matrixFrom([item], options, "collectMatrix", name);
  }
  const values = isMatrix(item) ? null : shapedValues(item, half, "collectMatrix", name);
  if (values?.shape.length === 1 && values.data.length > 0) {
    return checkFinite({ data: values.data, rows: 1, cols: values.data.length }, "collectMatrix", name);
  }
  return matrixFrom(values ?? item, options, "collectMatrix", name);
}

const hasIterator = (value: object, symbol: symbol): boolean => typeof (value as Record<symbol, unknown>)[symbol] === "function";

export type CollectOptions = Pick<ToMatrixOptions, "dtype">;

const collectOptionNames: OptionNames<CollectOptions> = { dtype: true };

/**
 * Collects features that arrive over time into one {@link Matrix}. It takes an iterable or async iterable of rows or batches (an
 * embedding model's outputs, one by one), or a tensor that gives its data by a promise (TensorFlow.js `data()`; a tensor on a GPU of ONNX
 * Runtime or transformers.js).
 *
 * Rows are copied into an array that doubles in size when it is full. It holds 32-bit floats if every batch does, else doubles.
 *
 * @param source - rows of d numbers and batches of n × d, mixed as they come, or promises of them
 * @param options - `dtype`, for half-precision floats given as Uint16Array
 * @returns n × d, rows in order of arrival
 * @throws TypeError and RangeError as `toMatrix`, naming the batch by its number, from 0
 * @example
 * ```ts
 * import { collectMatrix } from "softprobe";
 *
 * async function* embeddings() {
 *   for (const text of ["pear", "fig"]) yield Float32Array.of(text.length, 1);
 * }
 * console.log(await collectMatrix(embeddings())); // → { data: Float32Array(4) [ 4, 1, 3, 1 ], rows: 2, cols: 2 }
 * ```
 */
export async function collectMatrix(source: CollectInput, options: CollectOptions = {}): Promise<Matrix> {
  checkOptions(options, "collectMatrix", collectOptionNames);
  const input: unknown = await source;
  if (input === null || typeof input !== "object")
    throw kindError("collectMatrix", "source", input, "an async iterable of rows or batches, or a tensor");
  // Some tensors, columns of Arrow and all typed arrays can be iterated, but they are one thing.
  const one = isMatrix(input) || isTensor(input) || isFixedSizeLists(input) || ArrayBuffer.isView(input);
  if (one || !(hasIterator(input, Symbol.asyncIterator) || hasIterator(input, Symbol.iterator))) {
    return matrixFrom(await bringDown(input), options, "collectMatrix", "source");
  }
  const collected = growingRows();
  let number = 0;
  for await (const item of input as AsyncIterable<unknown>) {
    const name = `batch ${number++}`;
    collected.add(asBatch(await bringDown(await item), options, name), name);
  }
  return collected.whole();
}
