import { kindError, shapeError, valueError } from "../core/errors.ts";
import type { FloatArray } from "../core/matrix.ts";
import { copyStridedInto, isRowMajor, rowMajorStrides } from "./copyStrided.ts";
import { checkDtype, type HalfFormat, halfFormat } from "./dtypes.ts";
import { decodeBrainFloats, decodeHalves } from "./halfFloats.ts";

/** Numbers and the lengths of their axes, row-major. */
export interface TensorValues {
  readonly data: FloatArray;
  readonly shape: readonly number[];
}

/** Everything that any of the known tensors may have; nothing is certain before it is asked. */
interface AnyTensor {
  readonly data?: unknown;
  readonly _buffer?: unknown;
  readonly shape?: unknown;
  readonly dims?: unknown;
  readonly stride?: unknown;
  readonly strides?: unknown;
  readonly offset?: unknown;
  readonly location?: unknown;
  readonly type?: unknown;
  readonly dtype?: unknown;
  readonly isDisposed?: unknown;
  readonly rows?: unknown;
  readonly columns?: unknown;
  dataSync?(): unknown;
  to1DArray?(): unknown;
}

const bigintHint = "numbers; turn 64-bit integers into doubles first: Float64Array.from(data, Number)";

/**
 * Whether `data` holds numbers that can be read by index; otherwise the reason is thrown.
 *
 * @param half - what the bits in a Uint16Array are, where they are no whole numbers
 */
export function toFloats(data: unknown, half: HalfFormat | undefined, caller: string, argument: string): ArrayLike<number> {
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) throw kindError(caller, argument, data, bigintHint);
  if (data instanceof Uint16Array && half) return half === "bfloat16" ? decodeBrainFloats(data) : decodeHalves(data);
  // Float16Array is not in every engine, so it goes by name; 32 bits hold each half exactly.
  if (Object.prototype.toString.call(data) === "[object Float16Array]") return Float32Array.from(data as ArrayLike<number>);
  if (ArrayBuffer.isView(data) && !(data instanceof DataView)) return data as unknown as ArrayLike<number>;
  if (Array.isArray(data)) {
    const wrong = data.findIndex((value) => typeof value !== "number");
    if (wrong >= 0)
      throw kindError(caller, `${argument} value ${wrong}`, data[wrong], typeof data[wrong] === "bigint" ? bigintHint : "a number");
    return data;
  }
  throw kindError(caller, argument, data, "numbers: a typed array or an array");
}

/** The same numbers where they already are 32- or 64-bit floats, else doubles. */
export function asFloatArray(data: ArrayLike<number>): FloatArray {
  return data instanceof Float32Array || data instanceof Float64Array ? data : Float64Array.from(data);
}

function wholeNumbers(value: unknown, caller: string, argument: string, least: number): number[] {
  const list = Array.from(value as ArrayLike<unknown>);
  for (const each of list) {
    if (typeof each !== "number" || !Number.isSafeInteger(each) || each < least) {
      throw valueError(
        caller,
        argument,
        `is (${list.map(String).join(", ").slice(0, 60)})`,
        least === 0 ? "whole numbers of at least 0" : "whole numbers",
      );
    }
  }
  return list as number[];
}

const isList = (value: unknown): boolean => Array.isArray(value) || (ArrayBuffer.isView(value) && "length" in value);

/** Whether `input` has a shape of its own: an ndarray, a tensor, an ml-matrix. */
export function isTensor(input: unknown): boolean {
  if (input === null || (typeof input !== "object" && typeof input !== "function")) return false;
  const tensor = input as AnyTensor;
  return isList(tensor.dims) || isList(tensor.shape) || (typeof tensor.columns === "number" && typeof tensor.to1DArray === "function");
}

/**
 * The numbers of anything that {@link isTensor} knows, in row-major order: without copying where they are 32- or 64-bit floats that already lie so.
 *
 * @param half - what the bits in Uint16Array data are, even where the tensor does not say so
 * @throws TypeError when the data are elsewhere (on a GPU, disposed of) or no numbers; RangeError when they do not fit the shape
 */
export function tensorValues(input: unknown, half: HalfFormat | undefined, caller: string, argument: string): TensorValues {
  const tensor = input as AnyTensor;
  if (typeof tensor.columns === "number" && typeof tensor.to1DArray === "function") {
    const shape = wholeNumbers([tensor.rows, tensor.columns], caller, `${argument}.rows, columns`, 0);
    return strided(toFloats(tensor.to1DArray(), undefined, caller, argument), shape, rowMajorStrides(shape), 0, caller, argument);
  }
  const { location } = tensor;
  if (tensor.isDisposed === true || location === "none") {
    throw new TypeError(`${caller}: ${argument} has been disposed of, expected a tensor that still has its data`);
  }
  if (typeof location === "string" && location !== "cpu" && location !== "cpu-pinned") {
    const wanted = "a tensor on the CPU: bring it down with await tensor.getData() or await collectMatrix(tensor)";
    throw new TypeError(`${caller}: ${argument} is in the memory of a GPU (location "${location}"), expected ${wanted}`);
  }
  const dtype = tensor.dtype ?? tensor.type;
  const floats = (data: unknown, name: string): ArrayLike<number> => {
    if (half === undefined) checkDtype(data, dtype, caller, name);
    return toFloats(data, half ?? halfFormat(dtype), caller, name);
  };
  const byDims = isList(tensor.dims);
  const shape = wholeNumbers(byDims ? tensor.dims : tensor.shape, caller, `${argument}.${byDims ? "dims" : "shape"}`, 0);
  if (typeof tensor.dataSync === "function") {
    return strided(floats(tensor.dataSync(), argument), shape, rowMajorStrides(shape), 0, caller, argument);
  }
  if (typeof tensor.data === "function") {
    throw new TypeError(`${caller}: ${argument} hands over its data by a promise only, expected data: use await collectMatrix(tensor)`);
  }
  const data = floats(tensor.data ?? tensor._buffer, `${argument}.data`);
  const given = tensor.strides ?? tensor.stride;
  // A stride of ONNX Runtime or of tfjs would be a row-major one; only lists that fit the shape count as strides.
  const strides = isList(given) ? wholeNumbers(given, caller, `${argument}.strides`, Number.MIN_SAFE_INTEGER) : null;
  const offset = typeof tensor.offset === "number" ? tensor.offset : 0;
  if (strides === null) {
    const count = shape.reduce((product, length) => product * length, 1);
    // Bytes in place of numbers are more than the shape has: the first of them would be taken for the numbers.
    if (data.length > count && tensor.offset === undefined)
      throw shapeError(caller, `${argument}.data`, `${data.length} values`, `${count}, as shape ${shape.join(" × ")} says`);
    return strided(data, shape, rowMajorStrides(shape), offset, caller, argument);
  }
  if (strides.length !== shape.length)
    throw shapeError(caller, `${argument}.strides`, `${strides.length} values`, `${shape.length}, one an axis`);
  return strided(data, shape, strides, offset, caller, argument);
}

function strided(
  data: ArrayLike<number>,
  shape: readonly number[],
  strides: readonly number[],
  offset: number,
  caller: string,
  argument: string,
): TensorValues {
  const count = shape.reduce((product, length) => product * length, 1);
  if (count === 0) return { data: new Float64Array(0), shape };
  let [first, last] = [offset, offset];
  shape.forEach((length, axis) => {
    if (strides[axis] < 0) first += (length - 1) * strides[axis];
    else last += (length - 1) * strides[axis];
  });
  if (!Number.isInteger(offset) || first < 0 || last >= data.length) {
    throw shapeError(caller, argument, `${data.length} values`, `those that shape ${shape.join(" × ")} reaches: ${first} to ${last}`);
  }
  if (isRowMajor(shape, strides)) {
    const exact = asFloatArray(data);
    return { data: exact.length === count ? exact : exact.subarray(offset, offset + count), shape };
  }
  // Strides of 0 may repeat a few numbers over any shape; a copy is refused before it is made too large.
  if (count > 2 ** 32) throw shapeError(caller, argument, `shape ${shape.join(" × ")}`, "at most 2^32 values where they must be copied");
  const out = data instanceof Float32Array ? new Float32Array(count) : new Float64Array(count);
  copyStridedInto<number>(out, data as { [index: number]: number }, shape, strides, offset);
  return { data: out, shape };
}
