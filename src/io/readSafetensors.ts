import { checkOptions, type OptionNames } from "../core/checkOptions.ts";
import { kindError, valueError } from "../core/errors.ts";
import { decodeBrainFloats, decodeHalves } from "../features/halfFloats.ts";
import { countElements, type NumberData, viewElements } from "./elements.ts";

/** A tensor as a safetensors file holds it. */
export interface SafetensorsTensor {
  /** In row-major order. */
  readonly data: NumberData;
  readonly shape: readonly number[];
  /** The file's dtype, such as `F32` or `BF16`. */
  readonly dtype: string;
}

/** What a safetensors file holds. */
export interface Safetensors {
  /** By name, in the order of their data. */
  readonly tensors: ReadonlyMap<string, SafetensorsTensor>;
  /** The file's `__metadata__`. */
  readonly metadata: ReadonlyMap<string, string>;
}

export interface ReadSafetensorsOptions {
  /** Read these tensors only (default: all). */
  readonly keys?: readonly string[];
}

const readSafetensorsOptionNames: OptionNames<ReadSafetensorsOptions> = { keys: true };

/** The limit of the reference implementation. */
const headerLimit = 100_000_000;

const readers: Readonly<Record<string, { readonly size: number; read(bytes: Uint8Array, start: number, count: number): NumberData }>> = {
  BOOL: { size: 1, read: (bytes, start, count) => viewElements(Uint8Array, 1, bytes, start, count, true) },
  U8: { size: 1, read: (bytes, start, count) => viewElements(Uint8Array, 1, bytes, start, count, true) },
  I8: { size: 1, read: (bytes, start, count) => viewElements(Int8Array, 1, bytes, start, count, true) },
  U16: { size: 2, read: (bytes, start, count) => viewElements(Uint16Array, 2, bytes, start, count, true) },
  I16: { size: 2, read: (bytes, start, count) => viewElements(Int16Array, 2, bytes, start, count, true) },
  F16: { size: 2, read: (bytes, start, count) => decodeHalves(viewElements(Uint16Array, 2, bytes, start, count, true)) },
  BF16: { size: 2, read: (bytes, start, count) => decodeBrainFloats(viewElements(Uint16Array, 2, bytes, start, count, true)) },
  U32: { size: 4, read: (bytes, start, count) => viewElements(Uint32Array, 4, bytes, start, count, true) },
  I32: { size: 4, read: (bytes, start, count) => viewElements(Int32Array, 4, bytes, start, count, true) },
  F32: { size: 4, read: (bytes, start, count) => viewElements(Float32Array, 4, bytes, start, count, true) },
  U64: { size: 8, read: (bytes, start, count) => viewElements(BigUint64Array, 8, bytes, start, count, true) },
  I64: { size: 8, read: (bytes, start, count) => viewElements(BigInt64Array, 8, bytes, start, count, true) },
  F64: { size: 8, read: (bytes, start, count) => viewElements(Float64Array, 8, bytes, start, count, true) },
};

interface Entry {
  readonly key: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

type Refuse = (found: string, wanted: string) => RangeError;

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);
const areWhole = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((each) => Number.isSafeInteger(each) && each >= 0);

function parseHeader(bytes: Uint8Array, refuse: Refuse): { header: Record<string, unknown>; dataStart: number } {
  if (bytes.length < 8) throw refuse(`is truncated: it has ${bytes.length} bytes`, "at least the 8 of a header's length");
  const length = new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true);
  if (length > BigInt(headerLimit)) throw refuse(`has a header of ${length} bytes`, `at most ${headerLimit}`);
  const dataStart = 8 + Number(length);
  if (dataStart > bytes.length) throw refuse(`is truncated: its header ends at byte ${dataStart} of ${bytes.length}`, "a whole header");
  if (bytes[8] !== 0x7b) throw refuse("has a header that does not begin with {", "a JSON object");
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes.subarray(8, dataStart)));
  } catch (error) {
    throw refuse(`has a header that is no JSON (${(error as Error).message.slice(0, 80)})`, "a JSON object");
  }
  // It begins with {, so it is an object.
  return { header: header as Record<string, unknown>, dataStart };
}

function parseMetadata(value: unknown, refuse: Refuse): ReadonlyMap<string, string> {
  if (!isRecord(value)) throw refuse("has __metadata__ that are no object", "an object of strings");
  for (const [key, text] of Object.entries(value)) {
    if (typeof text !== "string") throw refuse(`has __metadata__ "${key.slice(0, 40)}" that is no string`, "an object of strings");
  }
  return new Map(Object.entries(value) as [string, string][]);
}

function parseEntry(key: string, value: unknown, available: number, caller: string, name: string): Entry {
  const argument = `${name}:${key.slice(0, 60)}`;
  const { dtype, shape, data_offsets: offsets } = isRecord(value) ? value : {};
  if (typeof dtype !== "string") throw valueError(caller, argument, "has no dtype", "a string such as F32");
  if (!areWhole(shape)) throw valueError(caller, argument, "has no shape", "an array of whole numbers of at least 0");
  if (!areWhole(offsets) || offsets.length !== 2 || offsets[0] > offsets[1]) {
    throw valueError(caller, argument, "has no data_offsets", "[begin, end], whole numbers in this order");
  }
  const [begin, end] = offsets;
  if (end > available)
    throw valueError(caller, argument, `is truncated: it ends at byte ${end} of ${available} of data`, "data within the file");
  const count = countElements(shape, caller, argument);
  const size = Object.hasOwn(readers, dtype) ? readers[dtype].size : undefined;
  if (size !== undefined && count * size !== end - begin) {
    throw valueError(caller, argument, `has ${end - begin} bytes`, `${count * size}: shape (${shape.join(", ").slice(0, 60)}) of ${dtype}`);
  }
  return { key, dtype, shape, begin, end };
}

/** Header and entries of a file, by the order of their data: every byte belongs to exactly one tensor. */
function parseFile(bytes: Uint8Array | ArrayBuffer, caller: string, name: string, length = bytes?.byteLength) {
  const whole = bytes instanceof ArrayBuffer ? new Uint8Array(bytes) : bytes;
  if (!(whole instanceof Uint8Array)) throw kindError(caller, name, bytes, "a Uint8Array or ArrayBuffer");
  const refuse: Refuse = (found, wanted) => valueError(caller, name, found, wanted);
  const { header, dataStart } = parseHeader(whole, refuse);
  const available = length - dataStart;
  let metadata: ReadonlyMap<string, string> = new Map();
  const entries: Entry[] = [];
  for (const [key, value] of Object.entries(header)) {
    if (key === "__metadata__") metadata = parseMetadata(value, refuse);
    else entries.push(parseEntry(key, value, available, caller, name));
  }
  entries.sort((a, b) => a.begin - b.begin || a.end - b.end);
  let at = 0;
  for (const { key, begin, end } of entries) {
    if (begin !== at) throw refuse(`has "${key.slice(0, 40)}" at byte ${begin} of the data`, `${at}: tensors side by side, without gaps`);
    at = end;
  }
  if (at !== available) throw refuse(`has ${available} bytes of data`, `${at}, as its tensors have`);
  return { whole, dataStart, metadata, entries };
}

/** Where a tensor lies in a file, and how to decode a stretch of it. */
export interface StoredRows {
  readonly shape: readonly number[];
  /** The first byte of its data. */
  readonly dataStart: number;
  /** Bytes an element. */
  readonly size: number;
  decode(bytes: Uint8Array, count: number): NumberData;
}

/** Where the tensors of a safetensors file lie, from its beginning (header and all) and its length. */
export function placeSafetensors(head: Uint8Array, length: number, caller: string, name: string): ReadonlyMap<string, () => StoredRows> {
  const { dataStart, entries } = parseFile(head, caller, name, length);
  return new Map(
    entries.map(({ key, dtype, shape, begin }) => [
      key,
      () => {
        const { size, read } = readerOf(dtype, caller, `${name}:${key}`);
        return { shape, dataStart: dataStart + begin, size, decode: (bytes, count) => read(bytes, 0, count) };
      },
    ]),
  );
}

function readerOf(dtype: string, caller: string, argument: string) {
  if (Object.hasOwn(readers, dtype)) return readers[dtype];
  throw valueError(caller, argument, `has dtype "${dtype.slice(0, 24)}"`, `one of ${Object.keys(readers).join(", ")}`);
}

/** The names of a safetensors file's tensors, in the order of their data. */
export function listSafetensors(bytes: Uint8Array | ArrayBuffer, caller: string, name: string): string[] {
  return parseFile(bytes, caller, name).entries.map(({ key }) => key);
}

/**
 * Reads a safetensors file: numbers as the typed array of their dtype, F16 and BF16 exactly as 32-bit floats, I64 and U64 as bigints, BOOL as 0 and 1 in a Uint8Array.
 * If the data are aligned, the result is a view of `bytes`, without a copy.
 *
 * @param bytes - the whole file
 * @param name - what errors call it (default `"bytes"`); a tensor in it is called `name:key`
 * @param options - which tensors to read
 * @returns tensors and metadata
 * @throws RangeError naming the file and the reason when it is truncated or malformed: every byte must belong to exactly one tensor
 * @see https://github.com/huggingface/safetensors#format
 * @example
 * ```ts
 * import { readSafetensors, writeSafetensors } from "softprobe/io";
 *
 * const bytes = writeSafetensors({ features: { data: Float32Array.of(1, 2), shape: [1, 2] } });
 * console.log(readSafetensors(bytes).tensors.get("features")?.data); // → Float32Array(2) [ 1, 2 ]
 * ```
 */
export function readSafetensors(bytes: Uint8Array | ArrayBuffer, name = "bytes", options: ReadSafetensorsOptions = {}): Safetensors {
  const caller = "readSafetensors";
  checkOptions(options, caller, readSafetensorsOptionNames);
  const { whole, dataStart, metadata, entries } = parseFile(bytes, caller, name);
  const refuse: Refuse = (found, wanted) => valueError(caller, name, found, wanted);
  for (const key of options.keys ?? []) {
    const found = entries.some((entry) => entry.key === key);
    if (!found)
      throw refuse(
        `has no tensor "${key}"`,
        `one of ${
          entries
            .map((entry) => entry.key)
            .slice(0, 20)
            .join(", ") || "none"
        }`,
      );
  }
  const wanted = entries.filter(({ key }) => options.keys?.includes(key) ?? true);
  const tensors = wanted.map(({ key, dtype, shape, begin }): [string, SafetensorsTensor] => {
    const reader = readerOf(dtype, caller, `${name}:${key}`);
    return [key, { data: reader.read(whole, dataStart + begin, countElements(shape, caller, name)), shape, dtype }];
  });
  return { tensors: new Map(tensors), metadata };
}
