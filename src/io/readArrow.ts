import type { DataType, Table, Vector } from "apache-arrow";
import { checkOptions } from "../core/checkOptions.ts";
import { kindError, valueError } from "../core/errors.ts";
import { decodeHalves } from "../features/halfFloats.ts";
import type { ColumnTable } from "./columnTable.ts";
import type { FeatureTable } from "./featureTable.ts";
import { optionalPeer } from "./optionalPeer.ts";
import { type ReadColumnsOptions, readColumnsOptionNames, tableOf } from "./readParquet.ts";

const compressionHint = "an uncompressed one: df.to_feather(path, compression='uncompressed')";

/** Whether a column's values are lists: of any, or of a fixed, length. */
const isList = (type: DataType): boolean => type.children?.length === 1 && /^(Large|FixedSize)?List\b/.test(String(type));

/** The numbers of a vector, halves as 32-bit floats; anything else, as where lists hold no lists, as it is. */
function numbersOf(vector: Vector | null): unknown {
  if (vector !== null && !(typeof vector === "object" && "toArray" in vector)) return vector;
  // What is null has any value in a typed array.
  if (vector === null || vector.nullCount > 0) return vector === null ? null : Array.from(vector);
  const values: unknown = vector.toArray();
  const half = values instanceof Uint16Array && String(vector.type) === "Float16";
  return half ? decodeHalves(values) : values;
}

/** An Arrow IPC file or stream as a {@link ColumnTable}. */
export async function openArrow(bytes: Uint8Array | ArrayBuffer, caller: string, name: string): Promise<ColumnTable> {
  const whole = bytes instanceof ArrayBuffer ? new Uint8Array(bytes) : bytes;
  if (!(whole instanceof Uint8Array)) throw kindError(caller, name, bytes, "a Uint8Array or ArrayBuffer");
  const { tableFromIPC } = await optionalPeer(() => import("apache-arrow"), "apache-arrow", caller, name);
  let table: Table;
  try {
    table = tableFromIPC(whole);
  } catch (error) {
    const { message } = error as Error;
    const wanted = /compress/.test(message) ? compressionHint : "a whole Arrow IPC file (Feather version 2) or stream";
    throw valueError(caller, name, `could not be read as Arrow (${message.slice(0, 120)})`, wanted);
  }
  const column = (key: string): Vector => table.getChild(key)!;
  return {
    rows: table.numRows,
    columns: new Map(table.schema.fields.map((field): [string, "list" | "value"] => [field.name, isList(field.type) ? "list" : "value"])),
    values: async (names) =>
      names.map((key) => {
        const vector = column(key);
        return /^Float/.test(String(vector.type)) ? (numbersOf(vector) as ArrayLike<unknown>) : Array.from(vector);
      }),
    async lists(key) {
      const vector = column(key);
      return "listSize" in vector.type ? vector : Array.from(vector, (row: Vector | null) => numbersOf(row));
    },
    views: async (key) => Array.from(column(key), (row: Vector | null) => (row === null ? null : Array.from(row, numbersOf))),
  };
}

/**
 * Reads features, and labels if asked for, from an Arrow IPC file (Feather version 2) or stream: a column of lists, or a column a feature. Needs the package apache-arrow,
 * which is loaded only then. Fixed-size lists of floats in one batch are not copied.
 *
 * @param bytes - the whole file, its buffers not compressed
 * @param name - what errors call it (default `"bytes"`)
 * @param options - the columns of features and labels
 * @returns n × d: 32-bit floats where the file holds them (or halves), else doubles; labels; names of the columns
 * @throws Error saying what to install; RangeError naming the file and the reason, the columns there, or the row of a value that is no finite number
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
  checkOptions(options, "readArrow", readColumnsOptionNames);
  return tableOf(await openArrow(bytes, "readArrow", name), options, "readArrow", name);
}
