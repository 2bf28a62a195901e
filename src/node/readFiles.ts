import { valueError } from "../core/errors.ts";
import type { Labels } from "../core/labels.ts";
import type { Matrix } from "../core/matrix.ts";
import type { Views } from "../core/views.ts";
import { expandGlob } from "./expandGlob.ts";
import { type FileBytes, type Format, formats } from "./formats.ts";
import { joinLabels, joinMatrices, joinViews, type Part } from "./joinParts.ts";
import { readBytes } from "./readBytes.ts";
import { extensions, splitPath } from "./splitPath.ts";

/** The format by a name's extension; standard input, and what bears no known extension (a pipe), is npy if it begins as npy does. */
function formatOf(extension: string | undefined, bytes: Uint8Array, caller: string, name: string): Format {
  if (extension !== undefined) return formats[extension as (typeof extensions)[number]];
  const isNpy = bytes[0] === 0x93 && bytes[1] === 0x4e && bytes[2] === 0x55;
  if (name !== "-" && !isNpy) throw valueError(caller, name, "is of no known format", `one of .${extensions.join(", .")}`);
  return formats.npy;
}

/** Every file that a path stands for, read in its format. */
async function readParts<T>(path: string, caller: string, read: (format: Format, file: FileBytes) => T | Promise<T>): Promise<Part<T>[]> {
  const { file, extension, key } = splitPath(path);
  const parts: Part<T>[] = [];
  // One after the other, so that no more than one file's bytes are in memory besides what came of them.
  for (const name of await expandGlob(file)) {
    const bytes = await readBytes(name);
    parts.push({ name, value: await read(formatOf(extension, bytes, caller, name), { bytes, key, caller, name }) });
  }
  return parts;
}

/**
 * Reads features from a file by its extension: npy, npz, safetensors, csv, tsv, jsonl (ndjson), parquet, arrow (feather).
 *
 * `file.npz:key` names the array of an npz or safetensors file; without a key the only one is taken, or `features`, `embeddings`, `X`. Of a table, `file.parquet:key` names the
 * column of lists that holds the features, or, where each has a column of its own, that of the labels, to be left out (default `label`). `-` is standard input, npy.
 * `shard-*.npy` are files below one another. parquet needs the package hyparquet, arrow apache-arrow.
 *
 * @param path - the file, and the key in it
 * @returns n × d, every value finite
 * @throws Error, RangeError or TypeError naming file and key; an unknown key names those there, a value that is not finite its row and column
 * @example
 * ```ts
 * import { writeNpz } from "softprobe/io";
 * import { readFeatures, writeWhole } from "softprobe/node";
 *
 * const arrays = { train: { data: Float32Array.of(1, 2, 3, 4), shape: [2, 2] }, test: { data: Float32Array.of(5, 6), shape: [1, 2] } };
 * await writeWhole("/tmp/softprobe-features.npz", writeNpz(arrays));
 * console.log(await readFeatures("/tmp/softprobe-features.npz:test")); // → { data: Float32Array(2) [ 5, 6 ], rows: 1, cols: 2 }
 * ```
 */
export async function readFeatures(path: string): Promise<Matrix> {
  return joinMatrices(await readParts(path, "readFeatures", (format, file) => format.features(file)), "readFeatures");
}

/**
 * Reads n labels from a file by its extension, as `readFeatures`: an array of one axis (in npz and safetensors the one named, else the only one, `labels` or `y`), or the
 * column of a table (the one named, else `label`, else the only one that holds a value a row). Other columns may hold anything.
 *
 * @param path - the file, and the key in it
 * @returns n labels, as `indexLabels` and `evaluate` take them
 * @throws Error, RangeError or TypeError naming file and key; an unknown key names those there
 * @example
 * ```ts
 * import { readFeatures, readLabels, writeWhole } from "softprobe/node";
 *
 * await writeWhole("/tmp/softprobe-fruit.csv", "a,b,fruit\n1,2,pear\n3,4,fig\n");
 * console.log(await readLabels("/tmp/softprobe-fruit.csv:fruit")); // → [ 'pear', 'fig' ]
 * console.log((await readFeatures("/tmp/softprobe-fruit.csv:fruit")).cols); // → 2
 * ```
 */
export async function readLabels(path: string): Promise<Labels> {
  return joinLabels(await readParts(path, "readLabels", (format, file) => format.labels(file)));
}

/**
 * Reads augmented views from a file by its extension, as `readFeatures`: an array of three axes, n × views × d (in npz and safetensors the one named, else the only one,
 * `views` or `augmented`), or a column of lists of lists.
 *
 * @param path - the file, and the key in it
 * @returns the views as one (n · views) × d matrix
 * @throws Error, RangeError or TypeError naming file and key; an unknown key names those there
 * @example
 * ```ts
 * import { readViews, writeWhole } from "softprobe/node";
 *
 * await writeWhole("/tmp/softprobe-views.jsonl", '{"views":[[1,2],[1,3]]}\n{"views":[[5,6],[5,7]]}\n');
 * const { matrix, views } = await readViews("/tmp/softprobe-views.jsonl");
 * console.log(matrix.rows, matrix.cols, views); // → 4 2 2
 * ```
 */
export async function readViews(path: string): Promise<Views> {
  return joinViews(await readParts(path, "readViews", (format, file) => format.views(file)), "readViews");
}

/**
 * Reads a JSON file, such as the episodes or results that the command wrote.
 *
 * @param path - the file
 * @returns the document
 * @throws Error or RangeError naming the file, where it cannot be read or is no JSON
 * @example
 * ```ts
 * import { readJson, writeWhole } from "softprobe/node";
 *
 * await writeWhole("/tmp/softprobe-episodes.json", '[{"support":[0,1],"query":[2,3]}]');
 * console.log(await readJson("/tmp/softprobe-episodes.json")); // → [ { support: [ 0, 1 ], query: [ 2, 3 ] } ]
 * ```
 */
export async function readJson(path: string): Promise<unknown> {
  const text = new TextDecoder().decode(await readBytes(path));
  try {
    return JSON.parse(text);
  } catch (error) {
    throw valueError("readJson", path, `is not JSON (${(error as Error).message.slice(0, 80)})`, "a JSON document");
  }
}
