import { checkOptions } from "../core/checkOptions.ts";
import { columnOptionNames } from "./chooseColumns.ts";
import type { FeatureTable } from "./featureTable.ts";
import { openArrow } from "./openArrow.ts";
import { type ReadColumnsOptions, readColumnsOptionNames, tableOf } from "./readParquet.ts";

/**
 * Reads features, and labels if asked for, from an Arrow IPC file (Feather version 2) or stream: a column of lists, or a column a
 * feature. It needs the package apache-arrow and loads it when called. Fixed-size lists of floats in one batch are not copied.
 *
 * @param bytes - the whole file, its buffers not compressed
 * @param name - what errors call it (default `"bytes"`)
 * @param options - the columns of features and labels; the index of a pandas frame is neither
 * @returns n × d: 32-bit floats where the file holds them (or halves), else doubles; labels; names of the columns
 * @throws Error saying what to install; RangeError naming the file and the reason, the columns there, or the row of a value that is not a finite number
 * @see https://arrow.apache.org/docs/format/Columnar.html#serialization-and-interprocess-communication-ipc
 * @example
 * ```ts
 * import { tableFromArrays, tableToIPC } from "apache-arrow";
 * import { readArrow } from "softprobe/io";
 *
 * const bytes = tableToIPC(tableFromArrays({ a: Float32Array.of(1, 3), b: Float32Array.of(2, 4), fruit: ["pear", "fig"] }), "file");
 * const { matrix, labels } = await readArrow(bytes, "fruit.arrow", { label: "fruit" });
 * console.log(matrix.data, labels); // → Float32Array(4) [ 1, 2, 3, 4 ] [ 'pear', 'fig' ]
 * ```
 */
export async function readArrow(bytes: Uint8Array | ArrayBuffer, name = "bytes", options: ReadColumnsOptions = {}): Promise<FeatureTable> {
  checkOptions(options, "readArrow", columnOptionNames, readColumnsOptionNames);
  return tableOf(await openArrow(bytes, "readArrow", name), options, "readArrow", name);
}
