import { kindError, valueError } from "../core/errors.ts";

/** The typed arrays that hold the numbers of a file. */
export type NumberData =
  | Float32Array
  | Float64Array
  | Int8Array
  | Int16Array
  | Int32Array
  | BigInt64Array
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | BigUint64Array;

interface ViewConstructor<T> {
  new (buffer: ArrayBuffer, byteOffset: number, length: number): T;
}

/** The number of elements of a shape, refused where it is beyond 2⁵³. Allocates nothing. */
export function countElements(shape: readonly number[], caller: string, argument: string): number {
  let count = 1;
  // An axis of 0 makes the product 0 however long the others are.
  if (shape.includes(0)) return 0;
  for (const length of shape) {
    count *= length;
    if (!Number.isSafeInteger(count)) throw valueError(caller, argument, `has shape ${shape.join(" × ")}`, "fewer than 2^53 values");
  }
  return count;
}

/** Whether this machine stores the low byte first. */
function isLittleEndianHost(): boolean {
  return new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;
}

/**
 * `count` elements of `size` bytes, from `start` on: a view of the same memory where it is aligned and in this machine's byte order, else a copy.
 */
export function viewElements<T>(
  View: ViewConstructor<T>,
  size: number,
  bytes: Uint8Array,
  start: number,
  count: number,
  littleEndian: boolean,
): T {
  const swap = size > 1 && littleEndian !== isLittleEndianHost();
  const at = bytes.byteOffset + start;
  if (!swap && at % size === 0 && bytes.buffer instanceof ArrayBuffer) return new View(bytes.buffer, at, count);
  const copy = new Uint8Array(count * size);
  copy.set(bytes.subarray(start, start + count * size));
  if (swap) {
    for (let i = 0; i < copy.length; i += size) copy.subarray(i, i + size).reverse();
  }
  return new View(copy.buffer, 0, count);
}

/** The bytes of a typed array, low byte first: a view on a machine that stores them so, else a copy. */
export function bytesOf(data: NumberData): Uint8Array {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const size = data.BYTES_PER_ELEMENT;
  if (size === 1 || isLittleEndianHost()) return bytes;
  const swapped = bytes.slice();
  for (let i = 0; i < swapped.length; i += size) swapped.subarray(i, i + size).reverse();
  return swapped;
}

/** {@link countElements} of a shape that a user gives. */
export function checkShape(shape: readonly number[], caller: string, argument: string): number {
  if (!Array.isArray(shape)) throw kindError(caller, argument, shape, "an array of whole numbers, such as [rows, columns]");
  for (const length of shape) {
    if (!Number.isSafeInteger(length) || length < 0)
      throw valueError(caller, argument, `has an axis of ${length}`, "whole numbers of at least 0");
  }
  return countElements(shape, caller, argument);
}
