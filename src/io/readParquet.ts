import type { FileMetaData, SchemaTree } from "hyparquet";
import { checkOptions, type OptionNames } from "../core/checkOptions.ts";
import { kindError, valueError } from "../core/errors.ts";
import { type ColumnTable, tableFeatures, tableLabels } from "./columnTable.ts";
import type { FeatureTable } from "./featureTable.ts";
import { optionalPeer } from "./optionalPeer.ts";

/** Which columns of a parquet or Arrow file to read. */
export interface ReadColumnsOptions {
  /** The column of lists that holds the features (default: the only one; without any, every column but `label` is a feature of its own). */
  readonly features?: string;
  /** The column of labels; without it there are no labels. */
  readonly label?: string;
}

export const readColumnsOptionNames: OptionNames<ReadColumnsOptions> = { features: true, label: true };

/** Columns as rows: every value of a group, as hyparquet gives it. */
type Rows = readonly (readonly unknown[])[];

const isList = ({ element }: SchemaTree): boolean =>
  element.converted_type === "LIST" || element.logical_type?.type === "LIST" || element.repetition_type === "REPEATED";

/** Whether the numbers of a column fit 32-bit floats as they are. */
function isNarrow(tree: SchemaTree): boolean {
  if (tree.children.length > 0) return tree.children.every(isNarrow);
  return tree.element.type === "FLOAT" || tree.element.logical_type?.type === "FLOAT16";
}

/** The same numbers as 32-bit floats; anything else as it is, for whoever complains about it. */
const narrowed = (row: unknown): unknown =>
  Array.isArray(row) && row.every((value) => typeof value === "number") ? Float32Array.from(row) : row;

/** Compressions beyond Snappy come from a package of their own. */
async function loadCompressors(metadata: FileMetaData, caller: string, name: string) {
  const codecs = new Set(metadata.row_groups.flatMap(({ columns }) => columns.map((column) => column.meta_data?.codec)));
  const others = [...codecs].filter((codec) => codec !== undefined && codec !== "SNAPPY" && codec !== "UNCOMPRESSED");
  if (others.length === 0) return undefined;
  const { compressors } = await optionalPeer(
    () => import("hyparquet-compressors"),
    "hyparquet-compressors",
    caller,
    `${name} (${others.join(", ")})`,
  );
  return compressors;
}

/** Rows that a file of any size may have, and those for each of its bytes: a run of equal labels takes hardly any, rows of features do. */
const fewRows = 2 ** 22;
const rowsPerByte = 64;

/** The number of rows, where footer and row groups agree on it: the peer makes as many as a damaged footer says. */
function countRows(metadata: FileMetaData, size: number, refuse: (found: string, wanted: string) => RangeError): number {
  const rows = Number(metadata.num_rows);
  const inGroups = metadata.row_groups.reduce((sum, group) => sum + (group.num_rows < 0 ? Number.NaN : Number(group.num_rows)), 0);
  if (rows !== inGroups) throw refuse(`has ${metadata.num_rows} rows`, `${inGroups}, as its row groups have`);
  const most = Math.max(fewRows, rowsPerByte * size);
  if (rows > most) throw refuse(`has ${rows} rows in ${size} bytes`, `at most ${most}`);
  return rows;
}

/** The columns by name. The peer takes what a damaged footer says as it is. */
function columnTrees(read: () => SchemaTree, refused: (error: unknown) => RangeError): [string, SchemaTree][] {
  try {
    return read().children.map((tree) => {
      if (typeof tree.element.name !== "string") throw new Error("a column has no name");
      return [tree.element.name, tree];
    });
  } catch (error) {
    throw refused(error);
  }
}

/** A parquet file as a {@link ColumnTable}. */
export async function openParquet(bytes: Uint8Array | ArrayBuffer, caller: string, name: string): Promise<ColumnTable> {
  if (!(bytes instanceof Uint8Array || bytes instanceof ArrayBuffer)) throw kindError(caller, name, bytes, "a Uint8Array or ArrayBuffer");
  // A plain one: the slice of Node's Buffer is no copy, and its buffer the whole file's.
  const whole = bytes instanceof ArrayBuffer ? new Uint8Array(bytes) : new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
  const { parquetMetadataAsync, parquetRead, parquetSchema } = await optionalPeer(() => import("hyparquet"), "hyparquet", caller, name);
  const file = {
    byteLength: whole.length,
    slice: (start: number, end?: number): ArrayBuffer => whole.slice(start, end).buffer as ArrayBuffer,
  };
  const refused = (error: unknown): RangeError =>
    valueError(caller, name, `could not be read as parquet (${(error as Error).message.slice(0, 120)})`, "a whole parquet file");
  const metadata = await parquetMetadataAsync(file).catch((error) => {
    throw refused(error);
  });
  const rowCount = countRows(metadata, whole.length, (found, wanted) => valueError(caller, name, found, wanted));
  const trees = new Map(columnTrees(() => parquetSchema(metadata), refused));
  const compressors = await loadCompressors(metadata, caller, name);
  const read = async (columns: readonly string[]): Promise<Rows> => {
    let rows: Rows = [];
    const onComplete = (all: unknown[][]): void => {
      rows = all;
    };
    try {
      await parquetRead({ file, metadata, compressors, columns: [...columns], rowFormat: "array", onComplete });
    } catch (error) {
      throw refused(error);
    }
    return rows;
  };
  const nested = async (column: string, narrow: (row: unknown) => unknown): Promise<unknown> => {
    const rows = await read([column]);
    return rows.map(([row]) => (isNarrow(trees.get(column)!) ? narrow(row ?? null) : (row ?? null)));
  };
  return {
    rows: rowCount,
    columns: new Map([...trees].map(([column, tree]) => [column, isList(tree) ? "list" : "value"])),
    async values(columns) {
      const rows = await read(columns);
      return columns.map((column, j) => {
        const values = rows.map((row) => row[j]);
        return isNarrow(trees.get(column)!) && values.every((value) => typeof value === "number") ? Float32Array.from(values) : values;
      });
    },
    lists: (column) => nested(column, narrowed),
    views: (column) => nested(column, (row) => (Array.isArray(row) ? row.map(narrowed) : row)),
  };
}

/** Features and labels of an open table, as the readers of single formats give them. */
export async function tableOf(table: ColumnTable, options: ReadColumnsOptions, caller: string, name: string): Promise<FeatureTable> {
  const { features } = options;
  if (features !== undefined && table.columns.get(features) === "value")
    throw valueError(caller, `options.features of ${name}`, `is "${features.slice(0, 40)}", a column of single values`, "one of lists");
  const { matrix, columns } = await tableFeatures(table, options.features ?? options.label, caller, name);
  const labels = options.label === undefined ? null : await tableLabels(table, options.label, caller, name);
  return { matrix, labels: labels as FeatureTable["labels"], columns };
}

/**
 * Reads features, and labels if asked for, from a parquet file: a column of lists, or a column a feature. Needs the package hyparquet (and hyparquet-compressors where
 * the file is compressed by other means than Snappy), which is loaded only then.
 *
 * @param bytes - the whole file
 * @param name - what errors call it (default `"bytes"`)
 * @param options - the columns of features and labels
 * @returns n × d: 32-bit floats where the file holds them, else doubles; labels; names of the columns
 * @throws Error saying what to install; RangeError naming the file and the reason (also more rows than 64 for each of its bytes, beyond 4 million), the columns there, or the row
 *   of a value that is no finite number
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
  checkOptions(options, "readParquet", readColumnsOptionNames);
  return tableOf(await openParquet(bytes, "readParquet", name), options, "readParquet", name);
}
