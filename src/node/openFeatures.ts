import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { checkOptions, type OptionNames } from "../core/checkOptions.ts";
import { checkCount } from "../core/checks.ts";
import { shapeError, valueError } from "../core/errors.ts";
import type { FloatArray, Matrix } from "../core/matrix.ts";
import type { RowReader } from "../core/rowReader.ts";
import { asFloatArray } from "../features/tensorValues.ts";
import { featureNumbers } from "../io/arrayFeatures.ts";
import { chooseArray } from "../io/chooseColumns.ts";
import { placeNpy, placeRaw } from "../io/readNpy.ts";
import { placeSafetensors, type StoredRows } from "../io/readSafetensors.ts";
import { splitPath } from "./splitPath.ts";

export interface OpenFeaturesOptions {
  /** How many bytes of recently read rows stay in memory (default 64 MB). */
  readonly cacheBytes?: number;
  /** A file of numbers without a header: their dtype as numpy spells it, such as `"<f4"`; how many a row; and where they begin (default 0). */
  readonly raw?: { readonly dtype: string; readonly cols: number; readonly offset?: number };
}

const openFeaturesOptionNames: OptionNames<OpenFeaturesOptions> = { cacheBytes: true, raw: true };

/** An open file of features. */
export interface OpenFeatures extends RowReader {
  /** Lengths of the file's axes: n × d, or n × views × d, whose rows are then the views. */
  readonly shape: readonly number[];
  close(): void;
}

/** The most that a header of safetensors may have, and more than one of npy may. */
const headerLimit = 100_000_008;

/** Bytes of an open file; fewer only where it ends. */
function readAt(file: number, position: number, length: number, name: string): Uint8Array {
  const bytes = new Uint8Array(length);
  let at = 0;
  try {
    while (at < length) {
      const got = readSync(file, bytes, at, length - at, position + at);
      if (got === 0) break;
      at += got;
    }
  } catch (error) {
    throw new Error(`openFeatures: ${name} could not be read (${(error as NodeJS.ErrnoException).code}), expected a readable file`);
  }
  return at === length ? bytes : bytes.subarray(0, at);
}

/** Finds the rows in a file by its header, or by what the caller says of one without. */
function place(file: number, length: number, path: string, raw: OpenFeaturesOptions["raw"]): readonly [StoredRows, string] {
  const caller = "openFeatures";
  const { file: name, extension, key } = splitPath(path);
  if (raw) {
    const offset = checkCount(raw.offset ?? 0, caller, "raw.offset", 0);
    const cols = checkCount(raw.cols, caller, "raw.cols");
    const { size } = placeRaw(raw.dtype, [], 0, caller, "raw.dtype");
    const rows = (length - offset) / (cols * size);
    if (!Number.isInteger(rows)) throw valueError(caller, path, `has ${length - offset} bytes of data`, `whole rows of ${cols} × ${size}`);
    return [placeRaw(raw.dtype, [rows, cols], offset, caller, path), path];
  }
  if (extension === "safetensors") {
    const start = readAt(file, 0, 8, name);
    const header = start.length < 8 ? 0 : Number(new DataView(start.buffer).getBigUint64(0, true));
    const tensors = placeSafetensors(readAt(file, 0, Math.min(headerLimit, length, 8 + header), name), length, caller, name);
    const chosen = chooseArray([...tensors.keys()], key, ["features", "embeddings", "X", "x", "views", "augmented"], caller, name);
    return [tensors.get(chosen)!(), `${name}:${chosen}`];
  }
  if (extension !== "npy")
    throw valueError(
      caller,
      path,
      "can't be read row by row",
      "npy, safetensors, or the option raw; others are read whole, by readFeatures",
    );
  if (key !== undefined) throw valueError(caller, name, `has no key "${key.slice(0, 40)}"`, "no key after the name: npy holds one array");
  return [placeNpy(readAt(file, 0, Math.min(length, 2 ** 16 + 12), name), length, caller, name), name];
}

/**
 * Opens a file of features of any size, to read rows by their numbers: npy (row-major), safetensors, or numbers without a header. Only
 * the rows in the cache are in memory. Values are checked when they are used: `evaluate` and `streamClassStatistics` name the row and
 * column of one that is not finite.
 *
 * @param path - the file; for safetensors with the key after a colon, as for `readFeatures`
 * @param options - cacheBytes; raw, for a file without a header
 * @returns n rows of d numbers, in the storage that `readFeatures` gives them; of n × views × d, n · views rows
 * @throws Error, RangeError or TypeError naming file and key, when it cannot be read, has another format, or is too short for its header
 * @example
 * ```ts
 * import { writeNpy } from "softprobe/io";
 * import { openFeatures, writeWhole } from "softprobe/node";
 *
 * await writeWhole("/tmp/softprobe-rows.npy", writeNpy({ data: Float32Array.of(1, 2, 3, 4, 5, 6), shape: [3, 2] }));
 * const reader = openFeatures("/tmp/softprobe-rows.npy");
 * console.log(reader.rows, reader.read([2, 0]).data); // → 3 Float32Array(4) [ 5, 6, 1, 2 ]
 * reader.close();
 * ```
 */
export function openFeatures(path: string, options: OpenFeaturesOptions = {}): OpenFeatures {
  const caller = "openFeatures";
  checkOptions(options, caller, openFeaturesOptionNames);
  const cacheBytes = checkCount(options.cacheBytes ?? 64 * 2 ** 20, caller, "cacheBytes", 0);
  const { file: name } = splitPath(path);
  let file: number;
  try {
    file = openSync(options.raw ? path : name, "r");
  } catch (error) {
    throw new Error(`${caller}: ${name} could not be read (${(error as NodeJS.ErrnoException).code}), expected a readable file`);
  }
  let stored: StoredRows;
  let shown: string;
  try {
    [stored, shown] = place(file, fstatSync(file).size, path, options.raw);
    const { shape } = stored;
    if (shape.length !== 2 && shape.length !== 3) throw shapeError(caller, shown, `shape (${shape.join(", ")})`, "n × d, or n × views × d");
    if (shape.includes(0)) throw shapeError(caller, shown, `shape (${shape.join(", ")})`, "at least 1 row and 1 column");
  } catch (error) {
    closeSync(file);
    throw error;
  }
  const { shape, dataStart, size, decode } = stored;
  const cols = shape[shape.length - 1];
  const rows = shape.slice(0, -1).reduce((product, axis) => product * axis, 1);
  const rowBytes = cols * size;
  const known = new Map<number, FloatArray>();
  let open = true;

  /** Rows from … to − 1, decoded. */
  const fetch = (from: number, to: number): FloatArray => {
    const bytes = readAt(file, dataStart + from * rowBytes, (to - from) * rowBytes, shown);
    if (bytes.length < (to - from) * rowBytes)
      throw valueError(caller, shown, `has become shorter: row ${from + Math.floor(bytes.length / rowBytes)} is gone`, `its ${rows} rows`);
    const count = (to - from) * cols;
    const { data } = featureNumbers({ data: decode(bytes, count), shape: [to - from, cols] }, caller, shown);
    return asFloatArray(data as ArrayLike<number>);
  };
  const isWide = fetch(0, 1) instanceof Float64Array;
  const mostKept = Math.floor(cacheBytes / (cols * (isWide ? 8 : 4)));
  const keep = (row: number, values: FloatArray): void => {
    known.set(row, values);
    for (const oldest of known.keys()) {
      if (known.size <= mostKept) break;
      known.delete(oldest);
    }
  };

  return {
    shape,
    rows,
    cols,
    read(list): Matrix {
      if (!open) throw new Error(`${caller}: ${shown} is closed, expected to be read before close()`);
      const data = isWide ? new Float64Array(list.length * cols) : new Float32Array(list.length * cols);
      for (let i = 0; i < list.length; ) {
        const row = list[i];
        if (!(Number.isInteger(row) && row >= 0 && row < rows))
          throw valueError(caller, `${shown} rows[${i}]`, `is ${row}`, `a row in 0…${rows - 1}`);
        const cached = known.get(row);
        if (cached) {
          // Asked for last: goes to the end of those to be dropped.
          known.delete(row);
          known.set(row, cached);
          data.set(cached, i * cols);
          i++;
          continue;
        }
        let end = i + 1;
        while (end < list.length && list[end] === list[end - 1] + 1 && list[end] < rows && !known.has(list[end])) end++;
        const values = fetch(row, row + end - i);
        data.set(values, i * cols);
        // A long stretch is a pass over the file: it would only push out what is asked for again and again.
        if (end - i <= 16) for (let r = 0; r < end - i; r++) keep(row + r, values.slice(r * cols, (r + 1) * cols));
        i = end;
      }
      return { data, rows: list.length, cols };
    },
    close() {
      if (!open) return;
      open = false;
      known.clear();
      closeSync(file);
    },
  };
}
