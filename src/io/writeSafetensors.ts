import { checkOptions, type OptionNames } from "../core/checkOptions.ts";
import { kindError, shapeError, valueError } from "../core/errors.ts";
import { encodeBrainFloats, encodeHalves } from "../features/halfFloats.ts";
import { bytesOf, checkShape, type NumberData } from "./elements.ts";

/** A tensor for `writeSafetensors`, such as one from `readSafetensors`. */
export interface SafetensorsInput {
  /** In row-major order. */
  readonly data: NumberData;
  readonly shape: readonly number[];
  /** `"F16"` or `"BF16"` of a Float32Array (rounded to the nearest), `"BOOL"` of a Uint8Array of 0 and 1; anything else goes by the kind of `data`. */
  readonly dtype?: string;
}

export interface WriteSafetensorsOptions {
  /** The file's `__metadata__`. */
  readonly metadata?: Readonly<Record<string, string>> | Iterable<readonly [string, string]>;
}

const writeSafetensorsOptionNames: OptionNames<WriteSafetensorsOptions> = { metadata: true };

const kinds: readonly [new (length: number) => NumberData, string][] = [
  [Float32Array, "F32"],
  [Float64Array, "F64"],
  [Int8Array, "I8"],
  [Int16Array, "I16"],
  [Int32Array, "I32"],
  [BigInt64Array, "I64"],
  [Uint8Array, "U8"],
  [Uint16Array, "U16"],
  [Uint32Array, "U32"],
  [BigUint64Array, "U64"],
];

interface Encoded {
  readonly key: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
  /** Bytes an element. */
  readonly size: number;
}

function encode(key: string, { data, shape, dtype: wanted }: SafetensorsInput): Encoded {
  const argument = `tensor "${key.slice(0, 40)}"`;
  const kind = kinds.find(([View]) => data instanceof View);
  if (kind === undefined) throw kindError("writeSafetensors", argument, data, "a typed array of numbers or bigints as data");
  const count = checkShape(shape, "writeSafetensors", `${argument} shape`);
  if (count !== data.length)
    throw shapeError("writeSafetensors", argument, `${data.length} values`, `${shape.join(" × ") || "1"} = ${count}`);
  if (data instanceof Float32Array && (wanted === "F16" || wanted === "BF16")) {
    const bits = wanted === "F16" ? encodeHalves(data) : encodeBrainFloats(data);
    return { key, dtype: wanted, shape, bytes: bytesOf(bits), size: 2 };
  }
  const flags = wanted === "BOOL" && data instanceof Uint8Array && data.every((flag) => flag <= 1);
  return { key, dtype: flags ? "BOOL" : kind[1], shape, bytes: bytesOf(data), size: data.BYTES_PER_ELEMENT };
}

const pairsOf = <T>(given: Readonly<Record<string, T>> | Iterable<readonly [string, T]>): Iterable<readonly [string, T]> =>
  Symbol.iterator in given ? (given as Iterable<readonly [string, T]>) : Object.entries(given);

/**
 * Writes tensors as a safetensors file: wide elements come first and data start at a multiple of 8 bytes, so that every tensor is aligned.
 *
 * @param tensors - key and tensor, as a record or as pairs
 * @param options - metadata: strings by key
 * @returns the file's bytes
 * @throws RangeError when a key comes twice or is `__metadata__`, or data and shape do not fit; TypeError for other kinds of data
 * @see https://github.com/huggingface/safetensors#format
 * @example
 * ```ts
 * import { readSafetensors, writeSafetensors } from "softprobe/io";
 *
 * const features = { data: Float32Array.of(1, 0.5), shape: [1, 2], dtype: "F16" };
 * const bytes = writeSafetensors({ features }, { metadata: { model: "mobilenet-v2" } });
 * const { tensors, metadata } = readSafetensors(bytes);
 * console.log(tensors.get("features")?.dtype, metadata.get("model")); // → F16 mobilenet-v2
 * ```
 */
export function writeSafetensors(
  tensors: Readonly<Record<string, SafetensorsInput>> | Iterable<readonly [string, SafetensorsInput]>,
  options: WriteSafetensorsOptions = {},
): Uint8Array {
  checkOptions(options, "writeSafetensors", writeSafetensorsOptionNames);
  const encoded: Encoded[] = [];
  const keys = new Set<string>(["__metadata__"]);
  for (const [key, tensor] of pairsOf(tensors)) {
    if (keys.has(key))
      throw valueError(
        "writeSafetensors",
        `key "${key.slice(0, 40)}"`,
        key === "__metadata__" ? "is taken" : "comes twice",
        "every key once",
      );
    keys.add(key);
    encoded.push(encode(key, tensor));
  }
  encoded.sort((a, b) => b.size - a.size);
  // Entries in a map, as a record would make a prototype of the key __proto__.
  const header: string[] = [];
  const metadata = [...pairsOf(options.metadata ?? {})];
  for (const [key, text] of metadata) {
    if (typeof text !== "string") throw kindError("writeSafetensors", `metadata "${key}"`, text, "a string");
  }
  if (metadata.length > 0)
    header.push(`"__metadata__":{${metadata.map(([key, text]) => `${JSON.stringify(key)}:${JSON.stringify(text)}`).join(",")}}`);
  let at = 0;
  for (const { key, dtype, shape, bytes } of encoded) {
    header.push(`${JSON.stringify(key)}:${JSON.stringify({ dtype, shape, data_offsets: [at, at + bytes.length] })}`);
    at += bytes.length;
  }
  const text = new TextEncoder().encode(`{${header.join(",")}}`);
  const start = Math.ceil((8 + text.length) / 8) * 8;
  const out = new Uint8Array(start + at).fill(0x20, 8, start);
  new DataView(out.buffer).setBigUint64(0, BigInt(start - 8), true);
  out.set(text, 8);
  let to = start;
  for (const { bytes } of encoded) {
    out.set(bytes, to);
    to += bytes.length;
  }
  return out;
}
