import { kindError, valueError } from "../core/errors.ts";
import { columnMajorStrides, copyStridedInto } from "../features/copyStrided.ts";
import { decodeHalves } from "../features/halfFloats.ts";
import { countElements, type NumberData, viewElements } from "./elements.ts";
import { parseNpyHeader } from "./npyHeader.ts";
import type { StoredRows } from "./readSafetensors.ts";

/** An array as an npy file holds it. */
export interface NpyArray {
  /** In row-major (C) order, whatever the file's order. */
  readonly data: NumberData | string[];
  /** Lengths of the axes; `[]` for a single value. */
  readonly shape: readonly number[];
  /** The file's dtype, such as `<f4`, `|b1` or `<U5`. */
  readonly dtype: string;
  /** Whether the file held it in column-major order. */
  readonly fortranOrder: boolean;
}

const views = {
  f4: Float32Array,
  f8: Float64Array,
  i1: Int8Array,
  i2: Int16Array,
  i4: Int32Array,
  i8: BigInt64Array,
  u1: Uint8Array,
  u2: Uint16Array,
  u4: Uint32Array,
  u8: BigUint64Array,
} as const;

const advice: Record<string, string> = {
  O: "numbers or strings; Python objects cannot be read safely: save array.astype(float) or array.astype(str)",
  c: "real numbers; save array.real, or both parts as columns",
  M: "numbers; save array.astype('int64')",
  m: "numbers; save array.astype('int64')",
  V: "a plain dtype",
};

interface Element {
  readonly kind: string;
  /** Bytes an element. */
  readonly size: number;
  readonly littleEndian: boolean;
}

function parseDtype(dtype: string, caller: string, name: string): Element {
  const order = "<>|=".includes(dtype[0]) ? dtype[0] : "";
  const [kind, digits] = [dtype.charAt(order.length), dtype.slice(order.length + 1)];
  const length = /^[0-9]{1,9}$/.test(digits) ? Number(digits) : 0;
  const element = { kind: kind === "a" ? "S" : kind, size: kind === "U" ? 4 * length : length, littleEndian: order !== ">" };
  const known =
    kind === "U" || element.kind === "S"
      ? length > 0
      : dtype.slice(order.length) === "b1" || kind + length === "f2" || kind + length in views;
  if (!known || (order === "|" && length > 1 && element.kind !== "S")) {
    const found = `has dtype "${dtype.slice(0, 24)}"`;
    // numpy knows no name for the floats of ml_dtypes, and writes their width alone.
    const foreign = /^[<|=]?(?:V[124]|f1)$/.test(dtype);
    if (foreign) {
      const what = dtype.endsWith("V2") ? "bfloat16 (of ml_dtypes, JAX or PyTorch)" : "a float of 8 bits or fewer (of ml_dtypes)";
      throw valueError(caller, name, `${found}, as ${what} is written`, "a dtype of numpy's own: np.save(file, array.astype(np.float32))");
    }
    throw valueError(
      caller,
      name,
      found,
      (!known && advice[kind]) || "f2, f4, f8, i1 to i8, u1 to u8, b1, U or S; save array.astype(np.float64)",
    );
  }
  return element;
}

/** Strings of `size` bytes each: code points of 4 bytes (U), or UTF-8 (S); numpy pads with zeros at the end. */
function readStrings(
  bytes: Uint8Array,
  start: number,
  count: number,
  element: Element,
  refuse: (found: string, wanted: string) => RangeError,
): string[] {
  const { kind, size, littleEndian } = element;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  const strings: string[] = [];
  for (let i = 0; i < count; i++) {
    const from = start + i * size;
    let end = from + size;
    if (kind === "S") {
      while (end > from && bytes[end - 1] === 0) end--;
      try {
        strings.push(decoder.decode(bytes.subarray(from, end)));
      } catch {
        throw refuse(`element ${i} is not UTF-8`, "ASCII or UTF-8; save np.char.decode(array, 'latin-1'), or in whatever encoding it is");
      }
      continue;
    }
    while (end > from && view.getUint32(end - 4) === 0) end -= 4;
    let text = "";
    for (let at = from; at < end; at += 4) {
      const code = view.getUint32(at, littleEndian);
      if (code > 0x10ffff) throw refuse(`element ${i} holds the code point ${code}`, "Unicode, at most 1114111");
      text += String.fromCodePoint(code);
    }
    strings.push(text);
  }
  return strings;
}

/**
 * Reads an npy file (numpy's format, versions 1.0 to 3.0): numbers as the typed array of their dtype, 8-byte integers as bigints, booleans as 0 and 1
 * in a Uint8Array, halves exactly as 32-bit floats, strings as strings. C and Fortran order, both byte orders.
 *
 * If the data are aligned, in C order and little-endian, the result is a view of `bytes`, without a copy. Nothing is allocated before the
 * file is known to be as long as its header says.
 *
 * @param bytes - the whole file
 * @param name - what errors call it (default `"bytes"`)
 * @returns data in row-major order, and their shape
 * @throws RangeError naming the file and the reason when it is truncated, malformed, or of a dtype that holds neither numbers nor strings
 * @see https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 * @example
 * ```ts
 * import { readNpy, writeNpy } from "softprobe/io";
 *
 * const bytes = writeNpy({ data: Float32Array.of(1, 2, 3, 4), shape: [2, 2] });
 * const { data, shape } = readNpy(bytes, "pairs.npy");
 * console.log(data, shape); // → Float32Array(4) [ 1, 2, 3, 4 ] [ 2, 2 ]
 * ```
 */
export function readNpy(bytes: Uint8Array | ArrayBuffer, name = "bytes"): NpyArray {
  return parseNpy(bytes, "readNpy", name);
}

/** {@link readNpy} for a `caller` whose name the errors bear. */
export function parseNpy(input: Uint8Array | ArrayBuffer, caller: string, name: string): NpyArray {
  const bytes = input instanceof ArrayBuffer ? new Uint8Array(input) : input;
  if (!(bytes instanceof Uint8Array)) throw kindError(caller, name, input, "a Uint8Array or ArrayBuffer");
  const refuse = (found: string, wanted: string): RangeError => valueError(caller, name, found, wanted);
  const { dtype, fortranOrder, shape, dataStart } = parseNpyHeader(bytes, caller, name);
  const element = parseDtype(dtype, caller, name);
  const count = countElements(shape, caller, name);
  const has = bytes.length - dataStart;
  if (count * element.size !== has) {
    const wanted = `${count * element.size}: shape (${shape.join(", ")}) of ${dtype}`;
    throw refuse(count * element.size > has ? `is truncated: it has ${has} bytes of data` : `has ${has} bytes of data`, wanted);
  }
  const stored = readStored(bytes, dataStart, count, element, refuse);
  if (!fortranOrder || shape.filter((length) => length > 1).length < 2) return { data: stored, shape, dtype, fortranOrder };
  const data = Array.isArray(stored) ? new Array<string>(count) : stored.slice();
  copyStridedInto<unknown>(data, stored, shape, columnMajorStrides(shape));
  return { data, shape, dtype, fortranOrder };
}

/** Where the array of an npy file lies, from its beginning (header and all) and its length. */
export function placeNpy(head: Uint8Array, length: number, caller: string, name: string): StoredRows {
  const { dtype, fortranOrder, shape, dataStart } = parseNpyHeader(head, caller, name);
  const refuse = (found: string, wanted: string): RangeError => valueError(caller, name, found, wanted);
  if (fortranOrder && shape.filter((axis) => axis > 1).length > 1)
    throw refuse("is in column-major order", "rows one after the other: np.save(file, np.ascontiguousarray(array))");
  const rows = placeRaw(dtype, shape, dataStart, caller, name);
  const [has, wants] = [length - dataStart, countElements(shape, caller, name) * rows.size];
  if (has !== wants)
    throw refuse(
      wants > has ? `is truncated: it has ${has} bytes of data` : `has ${has} bytes of data`,
      `${wants}: shape (${shape.join(", ")}) of ${dtype}`,
    );
  return rows;
}

/** Where numbers without a header lie; `dtype` as numpy spells it. */
export function placeRaw(dtype: string, shape: readonly number[], dataStart: number, caller: string, name: string): StoredRows {
  const element = parseDtype(dtype, caller, name);
  if (element.kind === "U" || element.kind === "S") throw valueError(caller, name, `has dtype "${dtype.slice(0, 24)}"`, "numbers");
  const refuse = (found: string, wanted: string): RangeError => valueError(caller, name, found, wanted);
  const decode = (bytes: Uint8Array, count: number) => readStored(bytes, 0, count, element, refuse) as NumberData;
  return { shape, dataStart, size: element.size, decode };
}

function readStored(
  bytes: Uint8Array,
  start: number,
  count: number,
  element: Element,
  refuse: (found: string, wanted: string) => RangeError,
) {
  const { kind, size, littleEndian } = element;
  if (kind === "U" || kind === "S") return readStrings(bytes, start, count, element, refuse);
  if (kind === "f" && size === 2) return decodeHalves(viewElements(Uint16Array, 2, bytes, start, count, littleEndian));
  if (kind === "b") {
    const flags = viewElements(Uint8Array, 1, bytes, start, count, true);
    const wrong = flags.findIndex((flag) => flag > 1);
    if (wrong >= 0) throw refuse(`element ${wrong} is the byte ${flags[wrong]}`, "0 or 1, as it is of booleans");
    return flags;
  }
  return viewElements<NumberData>(views[`${kind}${size}` as keyof typeof views], size, bytes, start, count, littleEndian);
}
