import { shapeError, valueError } from "../core/errors.ts";
import type { FloatArray } from "../core/matrix.ts";
import { type ArrowType, type ArrowVector, arrowFloats, arrowKind } from "./arrowValues.ts";
import type { HalfFormat } from "./dtypes.ts";
import { asFloatArray, type TensorValues, toFloats } from "./tensorValues.ts";

/** A column of fixed-size lists, as Apache Arrow's `Vector` holds it. */
export interface FixedSizeLists {
  readonly type: { readonly listSize: number };
  readonly length: number;
  readonly nullCount: number;
  readonly data: readonly unknown[];
  get?(index: number): unknown;
}

interface Chunk {
  readonly length: number;
  readonly children: readonly { readonly values: unknown; readonly nullCount: number; readonly type?: ArrowType }[];
}

/** Whether `input` is a column of fixed-size lists. */
export function isFixedSizeLists(input: unknown): input is FixedSizeLists {
  if (input === null || typeof input !== "object") return false;
  const column = input as Partial<FixedSizeLists>;
  // Data last: some tensors throw when asked for data that are on a GPU.
  return typeof column.type?.listSize === "number" && typeof column.length === "number" && Array.isArray(column.data);
}

/** Whether what is stored are the values: not so of 64-bit integers, booleans (a bit each), decimals, dictionaries (indices) and anything that holds no numbers. */
function storesValues(type: ArrowType | undefined): boolean {
  if (type?.typeId === undefined) return true;
  return type.typeId !== -1 && ["float", "integer"].includes(arrowKind(type));
}

/** Row after row, value by value. */
function readRows(column: FixedSizeLists, half: HalfFormat | undefined, caller: string, argument: string): TensorValues {
  const cols = column.type.listSize;
  const rows = Array.from({ length: column.length }, (_, i) =>
    arrowFloats(column.get!(i) as ArrowVector, half, caller, (j) => `${argument} row ${i}, column ${j}`),
  );
  const Floats = rows.every((row) => row instanceof Float32Array) ? Float32Array : Float64Array;
  const data = new Floats(column.length * cols);
  rows.forEach((row, i) => {
    data.set(row, i * cols);
  });
  return { data, shape: [column.length, cols] };
}

/**
 * The numbers of a column of fixed-size lists: without copying where it is one chunk of 32- or 64-bit floats.
 *
 * @throws RangeError when a list or a number is null, or where the lists hold no numbers
 */
export function arrowRows(column: FixedSizeLists, half: HalfFormat | undefined, caller: string, argument: string): TensorValues {
  const cols = column.type.listSize;
  if (column.nullCount > 0) throw valueError(caller, argument, `has ${column.nullCount} null rows`, "a list a row");
  const chunks = column.data as readonly Chunk[];
  for (const { children } of chunks)
    if (children[0].nullCount > 0) throw valueError(caller, argument, `has ${children[0].nullCount} null values`, "numbers");
  if (chunks.some(({ children }) => !storesValues(children[0].type))) return readRows(column, half, caller, argument);
  const parts = chunks.map(({ length, children }) => {
    const child = children[0];
    // Arrow keeps halves (precision 0) in a Uint16Array.
    const format = half ?? (child.type?.precision === 0 ? "float16" : undefined);
    const values = asFloatArray(toFloats(child.values, format, caller, argument));
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
