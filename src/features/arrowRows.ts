import { shapeError, valueError } from "../core/errors.ts";
import type { FloatArray } from "../core/matrix.ts";
import { asFloatArray, type TensorValues, toFloats } from "./tensorValues.ts";

/** A column of fixed-size lists, as Apache Arrow's `Vector` holds it. */
export interface FixedSizeLists {
  readonly type: { readonly listSize: number };
  readonly length: number;
  readonly nullCount: number;
  readonly data: readonly unknown[];
}

interface Chunk {
  readonly length: number;
  readonly children: readonly { readonly values: unknown; readonly nullCount: number; readonly type?: { readonly precision?: unknown } }[];
}

/** Whether `input` is a column of fixed-size lists. */
export function isFixedSizeLists(input: unknown): input is FixedSizeLists {
  if (input === null || typeof input !== "object") return false;
  const column = input as Partial<FixedSizeLists>;
  // Data last: some tensors throw when asked for data that are on a GPU.
  return typeof column.type?.listSize === "number" && typeof column.length === "number" && Array.isArray(column.data);
}

/**
 * The numbers of a column of fixed-size lists: without copying where it is one chunk of 32- or 64-bit floats.
 *
 * @throws RangeError where a list or a number is null
 */
export function arrowRows(column: FixedSizeLists, half: boolean, caller: string, argument: string): TensorValues {
  const cols = column.type.listSize;
  if (column.nullCount > 0) throw valueError(caller, argument, `has ${column.nullCount} null rows`, "a list a row");
  const parts = column.data.map((each) => {
    const { length, children } = each as Chunk;
    const child = children[0];
    if (child.nullCount > 0) throw valueError(caller, argument, `has ${child.nullCount} null values`, "numbers");
    // Arrow keeps halves (precision 0) in a Uint16Array.
    const values = asFloatArray(toFloats(child.values, half || child.type?.precision === 0, caller, argument));
    if (values.length < length * cols) throw shapeError(caller, argument, `${values.length} values in a chunk`, `${length} × ${cols}`);
    return values.subarray(0, length * cols);
  });
  const shape = [column.length, cols];
  if (parts.length === 1) return { data: parts[0], shape };
  const count = column.length * cols;
  const data: FloatArray = parts.every((part) => part instanceof Float32Array) ? new Float32Array(count) : new Float64Array(count);
  let at = 0;
  for (const part of parts) {
    data.set(part, at);
    at += part.length;
  }
  return { data, shape };
}
