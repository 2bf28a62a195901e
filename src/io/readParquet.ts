import { checkOptions, type OptionNames } from "../core/checkOptions.ts";
import { valueError } from "../core/errors.ts";
import { type ColumnOptions, columnOptionNames } from "./chooseColumns.ts";
import { type ColumnTable, tableFeatures } from "./columnTable.ts";
import type { FeatureTable } from "./featureTable.ts";
import { decideLabels } from "./labelValues.ts";
import { openParquet } from "./openParquet.ts";

/** Which columns of a parquet or Arrow file to read. */
export interface ReadColumnsOptions extends ColumnOptions {
  /** The column of lists that holds the features (default: the only such column; if there is none, every column except `label` is a feature). */
  readonly features?: string;
  /** The column of labels; without it there are no labels. */
  readonly label?: string;
}

export const readColumnsOptionNames: OptionNames<ReadColumnsOptions, ColumnOptions> = { features: true, label: true };

/** Features and labels of an open table, as the readers of single formats give them. */
export async function tableOf(table: ColumnTable, options: ReadColumnsOptions, caller: string, name: string): Promise<FeatureTable> {
  const { features, label, columns, drop } = options;
  if (features !== undefined && table.columns.get(features) === "value")
    throw valueError(caller, `options.features of ${name}`, `is "${features.slice(0, 40)}", a column of single values`, "one of lists");
  const request = { key: features, labels: label === undefined ? null : { key: label, same: true }, columns, drop };
  const { matrix, columns: names } = await tableFeatures(table, request, caller, name);
  const labels = label === undefined ? null : decideLabels([await table.labels(label)], [], caller).labels;
  return { matrix, labels: labels as FeatureTable["labels"], columns: names };
}

/**
 * Reads features, and labels if asked for, from a parquet file: a column of lists, or a column a feature. It needs the package hyparquet
 * (and hyparquet-compressors for compressions other than Snappy) and loads it when called.
 *
 * @param bytes - the whole file
 * @param name - what errors call it (default `"bytes"`)
 * @param options - the columns of features and labels; the index of a pandas frame is neither
 * @returns n × d: 32-bit floats where the file holds them, else doubles; labels; names of the columns
 * @throws Error saying what to install; RangeError naming the file and the reason (also more rows than 64 for each of its bytes, beyond 4 million), the columns there, or the row
 *   of a value that is not a finite number
 * @see https://parquet.apache.org/docs/file-format/
 * @example
 * ```ts
 * import { parquetWriteBuffer } from "hyparquet-writer";
 * import { readParquet } from "softprobe/io";
 *
 * const bytes = parquetWriteBuffer({
 *   columnData: [
 *     { name: "a", data: Float32Array.of(1, 3), type: "FLOAT" },
 *     { name: "b", data: Float32Array.of(2, 4), type: "FLOAT" },
 *     { name: "fruit", data: ["pear", "fig"], type: "STRING" },
 *   ],
 * });
 * const { matrix, labels } = await readParquet(bytes, "fruit.parquet", { label: "fruit" });
 * console.log(matrix.data, labels); // → Float32Array(4) [ 1, 2, 3, 4 ] [ 'pear', 'fig' ]
 * ```
 */
export async function readParquet(
  bytes: Uint8Array | ArrayBuffer,
  name = "bytes",
  options: ReadColumnsOptions = {},
): Promise<FeatureTable> {
  checkOptions(options, "readParquet", columnOptionNames, readColumnsOptionNames);
  return tableOf(await openParquet(bytes, "readParquet", name), options, "readParquet", name);
}
