import { kindError, shapeError } from "../core/errors.ts";
import type { Matrix } from "../core/matrix.ts";
import { encodeHalves } from "../features/halfFloats.ts";
import { bytesOf, checkShape, type NumberData } from "./elements.ts";

/** An array for `writeNpy`, such as one from `readNpy`. */
export interface NpyInput {
  /** In row-major order. */
  readonly data: NumberData | readonly string[];
  readonly shape: readonly number[];
  /** `"|b1"` writes a Uint8Array of 0 and 1 as booleans, `"<f2"` a Float32Array as halves, rounded to the nearest; anything else goes by the kind of `data`. */
  readonly dtype?: string;
}

const kinds: readonly [new (length: number) => NumberData, string][] = [
  [Float32Array, "<f4"],
  [Float64Array, "<f8"],
  [Int8Array, "|i1"],
  [Int16Array, "<i2"],
  [Int32Array, "<i4"],
  [BigInt64Array, "<i8"],
  [Uint8Array, "|u1"],
  [Uint16Array, "<u2"],
  [Uint32Array, "<u4"],
  [BigUint64Array, "<u8"],
];

/** Strings as numpy's U dtype: as many code points each as the longest has, 4 bytes each, the rest zeros. */
function encodeStrings(strings: readonly string[]): { dtype: string; bytes: Uint8Array } {
  const points = strings.map((text, i) => {
    if (typeof text !== "string") throw kindError("writeNpy", `data value ${i}`, text, "a string");
    return Array.from(text, (character) => character.codePointAt(0)!);
  });
  const width = points.reduce((longest, { length }) => Math.max(longest, length), 1);
  const view = new DataView(new ArrayBuffer(strings.length * width * 4));
  points.forEach((codes, i) => {
    codes.forEach((code, j) => {
      view.setUint32((i * width + j) * 4, code, true);
    });
  });
  return { dtype: `<U${width}`, bytes: new Uint8Array(view.buffer) };
}

function encodeNumbers(data: NumberData, dtype: string | undefined): { dtype: string; bytes: Uint8Array } {
  const kind = kinds.find(([View]) => data instanceof View);
  if (kind === undefined) throw kindError("writeNpy", "data", data, "a typed array of numbers or bigints, or an array of strings");
  if (dtype === "|b1" && data instanceof Uint8Array && data.every((flag) => flag <= 1)) return { dtype, bytes: data };
  if (dtype === "<f2" && data instanceof Float32Array) return { dtype, bytes: bytesOf(encodeHalves(data)) };
  return { dtype: kind[1], bytes: bytesOf(data) };
}

/**
 * Writes an array as an npy file that numpy.load reads: version 1.0, little-endian, C order, the dtype that fits `data`.
 *
 * @param array - data in row-major order, and their shape; or a Matrix
 * @returns the file's bytes
 * @throws RangeError when data and shape do not fit; TypeError when data are neither a typed array nor strings
 * @see https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 * @example
 * ```ts
 * import { writeNpy } from "softprobe/io";
 *
 * console.log(writeNpy({ data: Float64Array.of(1, 2), shape: [2] }).length); // → 144
 * ```
 */
export function writeNpy(array: NpyInput | Matrix): Uint8Array {
  const { data, shape, dtype: wanted }: NpyInput = "shape" in array ? array : { data: array.data, shape: [array.rows, array.cols] };
  const count = checkShape(shape, "writeNpy", "shape");
  if (data.length !== count) throw shapeError("writeNpy", "data", `${data.length} values`, `${shape.join(" × ") || "1"} = ${count}`);
  const { dtype, bytes } = ArrayBuffer.isView(data) ? encodeNumbers(data as NumberData, wanted) : encodeStrings(data as readonly string[]);
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
  const header = `{'descr': '${dtype}', 'fortran_order': False, 'shape': ${tuple}, }`;
  // Data begin at a multiple of 64 bytes, and the header ends in a new line.
  const start = Math.ceil((10 + header.length + 1) / 64) * 64;
  const out = new Uint8Array(start + bytes.length);
  out.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, (start - 10) & 255, (start - 10) >> 8]);
  const text = `${header.padEnd(start - 11)}\n`;
  for (let i = 0; i < text.length; i++) out[10 + i] = text.charCodeAt(i);
  out.set(bytes, start);
  return out;
}
