import { checkOptions, type OptionNames } from "../core/checkOptions.ts";
import { valueError } from "../core/errors.ts";
import type { Labels } from "../core/labels.ts";
import type { Matrix } from "../core/matrix.ts";
import type { Views } from "../core/views.ts";
import { type ColumnOptions, columnOptionNames, type FeatureRequest } from "../io/chooseColumns.ts";
import { type DecidedLabels, decideLabels } from "../io/labelValues.ts";
import { checkDelimiter } from "../io/readCsv.ts";
import { expandGlob } from "./expandGlob.ts";
import { type FileBytes, type Format, formats } from "./formats.ts";
import { joinFeatures, joinViews, type Part } from "./joinParts.ts";
import { readBytes } from "./readBytes.ts";
import { extensions, splitPath } from "./splitPath.ts";

/** The format by a name's extension; standard input, and what bears no known extension (a pipe), is npy if it begins as npy does. */
function formatOf(extension: string | undefined, bytes: Uint8Array, caller: string, name: string): Format {
  if (extension !== undefined) return formats[extension as (typeof extensions)[number]];
  const isNpy = bytes[0] === 0x93 && bytes[1] === 0x4e && bytes[2] === 0x55;
  if (name !== "-" && !isNpy) {
    const others = `one of .${extensions.join(", .")}`;
    if (!/\.json$/i.test(name)) throw valueError(caller, name, "is of no known format", others);
    throw valueError(
      caller,
      name,
      "is one JSON document",
      `${others}: write a row a line and call it .jsonl, as [0.1, 0.2] or {"label": "a", "embedding": [0.1, 0.2]}`,
    );
  }
  return formats.npy;
}

/** What a user says of the files that a path stands for. */
interface Asked {
  readonly request?: FeatureRequest;
  readonly delimiter?: string;
  readonly tell?: (text: string) => void;
}

/** Every file that a path stands for, read in its format. */
async function readParts<T>(
  path: string,
  caller: string,
  asked: Asked,
  read: (format: Format, file: FileBytes) => T | Promise<T>,
): Promise<Part<T>[]> {
  const { file, extension, key } = splitPath(path);
  const parts: Part<T>[] = [];
  // One after the other, so that no more than one file's bytes are in memory besides what came of them.
  for (const name of await expandGlob(file)) {
    const bytes = await readBytes(name);
    parts.push({ name, value: await read(formatOf(extension, bytes, caller, name), { bytes, key, caller, name, ...asked }) });
  }
  return parts;
}

/** How tables of text are read. */
export interface ReadTextOptions {
  /** Between two cells of a csv or tsv file (default: found from its first lines). */
  readonly delimiter?: string;
  /** Called with a sentence about anything that the file's name does not say, such as another delimiter. */
  readonly onNotice?: (text: string) => void;
}

export const readTextOptionNames: OptionNames<ReadTextOptions> = { delimiter: true, onNotice: true };

/** Options of {@link readFeatures}. */
export interface ReadFeaturesOptions extends ColumnOptions, ReadTextOptions {
  /** Names of columns in the order wanted, those that a probe was trained on (`probe.columns`): from a table with names, exactly these columns are read. */
  readonly align?: readonly string[];
}

export const readFeaturesOptionNames: OptionNames<ReadFeaturesOptions, ColumnOptions & ReadTextOptions> = { align: true };

/** {@link readFeatures} where it is known which path the labels come from: a column that they name is no feature. */
export async function featuresOf(
  path: string,
  { columns, drop, align, delimiter, onNotice }: ReadFeaturesOptions,
  labels: FeatureRequest["labels"],
  caller: string,
): Promise<Matrix> {
  if (delimiter !== undefined) checkDelimiter(delimiter, caller, "options.delimiter");
  const asked = { request: { columns, drop, align, labels }, delimiter, tell: onNotice };
  return joinFeatures(await readParts(path, caller, asked, (format, file) => format.features(file)), caller);
}

/** The labels of all files that a path stands for, decided together; `words` where texts are to be taken as such. */
export async function labelsOf(
  path: string,
  { delimiter, onNotice }: ReadTextOptions,
  ignored: readonly string[],
  caller: string,
  words = false,
): Promise<DecidedLabels> {
  if (delimiter !== undefined) checkDelimiter(delimiter, caller, "options.delimiter");
  const parts = await readParts(path, caller, { delimiter, tell: onNotice }, (format, file) => format.labels(file));
  return decideLabels(
    parts.map(({ value }) => value),
    ignored,
    caller,
    words,
  );
}

/**
 * Reads features from a file by its extension: npy, npz, safetensors, csv, tsv, jsonl (ndjson), parquet, arrow (feather).
 *
 * `file.npz:key` names the array of an npz or safetensors file; without a key the only one is taken, or `features`, `embeddings`,
 * `embedding`, `X`. For a table, `file.parquet:key` names the column of lists that holds the features. If each feature has its own
 * column, it names the column of labels, which is left out (as `label` always is). The
 * index of a pandas frame is no feature. `-` is standard input, npy. `shard-*.npy` joins files one below the other, and columns of tables
 * by name. parquet needs the package
 * hyparquet, arrow apache-arrow. Read labels of the same table by {@link readLabelled}, which leaves their column out.
 *
 * @param path - the file, and the key in it
 * @param options - which columns are features, the delimiter of text, and `onNotice`
 * @returns n × d, every value finite, with column names, if the table has names other than 0, 1, 2, …
 * @throws Error, RangeError or TypeError naming file and key; for an unknown key it lists the keys in the file, for a value that is not
 * finite its row and column
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
export async function readFeatures(path: string, options: ReadFeaturesOptions = {}): Promise<Matrix> {
  checkOptions(options, "readFeatures", columnOptionNames, readTextOptionNames, readFeaturesOptionNames);
  return featuresOf(path, options, undefined, "readFeatures");
}

/**
 * Reads n labels from a file by its extension, as `readFeatures`: an array of one axis (in npz and safetensors the one named, else the only one, `labels` or `y`), the
 * column of a table (the one named, else `label`, else the only one that holds a value a row), or the lines of a `.txt` file. Other columns may hold anything. Whether text stands
 * for numbers (`1`, `1.0`, `1.0e+00` are one class; `True` and `False` are 1 and 0) is decided over all files of a pattern together.
 *
 * @param path - the file, and the key in it
 * @param options - the delimiter of text, and `onNotice`
 * @returns n labels, as `indexLabels` and `evaluate` take them; whole numbers beyond 2⁵³ are bigints
 * @throws Error, RangeError or TypeError naming file and key; an unknown key names those there; a row without a label; labels of two kinds
 * @example
 * ```ts
 * import { readFeatures, readLabels, writeWhole } from "softprobe/node";
 *
 * await writeWhole("/tmp/softprobe-fruit.csv", "a,b,fruit\n1,2,pear\n3,4,fig\n");
 * console.log(await readLabels("/tmp/softprobe-fruit.csv:fruit")); // → [ 'pear', 'fig' ]
 * console.log((await readFeatures("/tmp/softprobe-fruit.csv:fruit")).cols); // → 2
 * ```
 */
export async function readLabels(path: string, options: ReadTextOptions = {}): Promise<Labels> {
  checkOptions(options, "readLabels", readTextOptionNames);
  return (await labelsOf(path, options, [], "readLabels")).labels;
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
  return joinViews(await readParts(path, "readViews", {}, (format, file) => format.views(file)), "readViews");
}

/**
 * Reads a JSON file, such as the episodes or results that the command wrote.
 *
 * @param path - the file
 * @returns the document
 * @throws Error or RangeError naming the file, when it cannot be read or is not JSON
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
