import type { FileMetaData, SchemaElement, SchemaTree } from "hyparquet";
import { kindError, shapeError, valueError } from "../core/errors.ts";
import type { Matrix } from "../core/matrix.ts";
import { decimalValue } from "../features/arrowValues.ts";
import { matrixFrom } from "../features/matrixFrom.ts";
import { nestedRows } from "../features/nestedRows.ts";
import { viewsFrom } from "../features/toViews.ts";
import { asOption } from "./chooseColumns.ts";
import { type ColumnTable, columnNumber, joinColumns } from "./columnTable.ts";
import { decodeCell } from "./featureTable.ts";
import { parseLists, textKind } from "./listText.ts";
import { checkNames } from "./openArrow.ts";
import { optionalPeer } from "./optionalPeer.ts";
import { readPandas } from "./readPandas.ts";

/** Columns as rows: every value of a group, as hyparquet gives it. */
type Rows = readonly (readonly unknown[])[];

/** What the values of a column, or of its lists, are. */
interface Leaf {
  readonly kind: "number" | "boolean" | "decimal" | "text" | "other";
  /** Digits after a decimal's point. */
  readonly scale: number;
  /** Whether numbers fit 32-bit floats as they are. */
  readonly narrow: boolean;
  /** What errors call the type. */
  readonly type: string;
}

const isList = ({ element }: SchemaTree): boolean =>
  element.converted_type === "LIST" || element.logical_type?.type === "LIST" || element.repetition_type === "REPEATED";

/** Annotations of columns whose integers or bytes are no numbers or words. */
const others = /^(?:DATE|TIME|TIMESTAMP|INTERVAL|UUID|BSON|GEOMETRY|GEOGRAPHY|VARIANT|MAP)/;

function leafOf(tree: SchemaTree): Leaf {
  if (tree.children.length === 1 && tree.element.converted_type !== "MAP" && tree.element.logical_type?.type !== "MAP")
    return leafOf(tree.children[0]);
  const { type = "group", converted_type: converted, logical_type: logical, scale = 0 } = tree.element;
  const annotation = logical?.type ?? converted ?? "";
  const named = { scale, narrow: false, type: annotation || type };
  if (tree.children.length > 0 || others.test(annotation) || type === "INT96") return { ...named, kind: "other" };
  if (annotation === "DECIMAL") return { ...named, kind: "decimal", scale: logical?.type === "DECIMAL" ? logical.scale : scale };
  if (type === "BOOLEAN") return { ...named, kind: "boolean" };
  if (type === "BYTE_ARRAY") return { ...named, kind: "text" };
  if (type === "FIXED_LEN_BYTE_ARRAY" && annotation !== "FLOAT16") return { ...named, kind: "other" };
  return { ...named, kind: "number", narrow: type === "FLOAT" || annotation === "FLOAT16" };
}

/** A whole number from its bytes, highest first, in two's complement. */
function signedBytes(bytes: Uint8Array): bigint {
  let value = 0n;
  for (const byte of bytes) value = (value << 8n) | BigInt(byte);
  return BigInt.asIntN(8 * bytes.length, value);
}

/** One value as the schema means it: decimals as numbers, or as bigints beyond 2⁵³. */
function leafValue(value: unknown, { kind, scale }: Leaf): unknown {
  if (value === null || value === undefined) return null;
  if (kind !== "decimal") return value;
  return decimalValue(value instanceof Uint8Array ? signedBytes(value) : BigInt(value as number | bigint), scale);
}

/** Compressions beyond Snappy come from a package of their own. */
async function loadCompressors(metadata: FileMetaData, caller: string, name: string) {
  const codecs = new Set(metadata.row_groups.flatMap(({ columns }) => columns.map((column) => column.meta_data?.codec)));
  const unknown = [...codecs].filter((codec) => codec !== undefined && codec !== "SNAPPY" && codec !== "UNCOMPRESSED");
  if (unknown.length === 0) return undefined;
  const { compressors } = await optionalPeer(
    () => import("hyparquet-compressors"),
    "hyparquet-compressors",
    caller,
    `${name} (${unknown.join(", ")})`,
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

/** Decimals come as they are stored: the peer would make doubles of them, in which digits beyond 2⁵³ are lost. */
function keepDecimals(schema: SchemaElement[]): void {
  for (const element of schema) {
    if (element.converted_type !== "DECIMAL" && element.logical_type?.type !== "DECIMAL") continue;
    element.converted_type = undefined;
    element.logical_type = undefined;
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
  const metadata = await parquetMetadataAsync(file, { geoparquet: false }).catch((error) => {
    throw refused(error);
  });
  const rowCount = countRows(metadata, whole.length, (found, wanted) => valueError(caller, name, found, wanted));
  const named = columnTrees(() => parquetSchema(metadata), refused);
  const names = named.map(([column]) => column);
  checkNames(names, caller, name);
  if (rowCount === 0) throw shapeError(caller, name, "0 rows", "at least 1");
  const lists = new Set(named.filter(([, tree]) => isList(tree)).map(([column]) => column));
  const leaves = new Map(named.map(([column, tree]) => [column, leafOf(tree)]));
  keepDecimals(metadata.schema);
  const compressors = await loadCompressors(metadata, caller, name);
  const read = async (columns: readonly string[], rowEnd?: number): Promise<Rows> => {
    let rows: Rows = [];
    const onComplete = (all: unknown[][]): void => {
      rows = all;
    };
    // Text comes as its bytes: the peer would make one character of all that are no UTF-8.
    const parsers = { stringFromBytes: (each: Uint8Array | undefined) => each };
    const options = { utf8: false, geoparquet: false, parsers, rowFormat: "array" as const, rowEnd, onComplete };
    try {
      await parquetRead({ file, metadata, compressors, columns: [...columns], ...options });
      return rows.map((row) => row.map((value, j) => (lists.has(columns[j]) ? value : leafValue(value, leaves.get(columns[j])!))));
    } catch (error) {
      throw refused(error);
    }
  };
  /** The rows of a column of lists: `depth` 1 of numbers, 2 of views of numbers. */
  const nested = async (column: string, depth: number): Promise<unknown[]> => {
    const leaf = leaves.get(column)!;
    if (!["number", "boolean", "decimal"].includes(leaf.kind))
      throw valueError(caller, `${name}:${column}`, `holds lists of ${leaf.type}`, "lists of numbers or truth values");
    const place = (row: number, at: string): string => `${name}:${column} row ${row}${at}`;
    const numbersOf = (list: unknown, row: number, at: string): unknown => {
      if (!Array.isArray(list)) return list ?? null;
      const numbers = leaf.narrow ? new Float32Array(list.length) : new Float64Array(list.length);
      for (let j = 0; j < list.length; j++) {
        const value = leafValue(list[j], leaf);
        if (value === null || Array.isArray(value)) throw kindError(caller, place(row, `${at}, column ${j}`), value, "a number");
        numbers[j] = columnNumber(value);
        if (typeof value !== "number" && Number.isNaN(numbers[j]))
          throw valueError(caller, place(row, `${at}, column ${j}`), `is ${String(value)}`, "a number that a double holds");
      }
      return numbers;
    };
    const rows = await read([column]);
    return rows.map(([list], row) => {
      if (depth === 1 || !Array.isArray(list)) return numbersOf(list, row, "");
      return list.map((view, v) => numbersOf(view, row, `, view ${v}`));
    });
  };
  /** A column of text. */
  const cellsOf = async (column: string): Promise<unknown[]> => {
    const rows = await read([column]);
    return rows.map(([cell], row) => decodeCell(cell, caller, () => `${name}:${column} row ${row}`));
  };
  const texts = names.filter((column) => !lists.has(column) && leaves.get(column)!.kind === "text");
  const samples = texts.length > 0 ? await read(texts, Math.min(rowCount, 100)) : [];
  const kindOf = (column: string): "list" | "code" | "value" => {
    if (lists.has(column)) return "list";
    const at = texts.indexOf(column);
    const sample = at < 0 ? null : samples.find((row) => row[at] !== null)?.[at];
    const kind = sample instanceof Uint8Array ? textKind(new TextDecoder().decode(sample)) : "words";
    return kind === "words" ? "value" : kind;
  };
  const pandas = readPandas(metadata.key_value_metadata?.find(({ key }) => key === "pandas")?.value, names);
  return {
    columns: new Map(names.map((column) => [column, kindOf(column)])),
    index: pandas.index,
    named: true,
    async numbers(columns) {
      for (const column of columns) {
        const { kind, type } = leaves.get(column)!;
        const duration = pandas.durations.has(column);
        if (kind === "other" || duration)
          throw valueError(
            caller,
            name,
            `has column "${column.slice(0, 40)}" of type ${duration ? "timedelta" : type}`,
            `numbers; leave it out by --drop ${asOption(column)}`,
          );
      }
      const rows = await read(columns);
      const values = columns.map((column, j) => {
        const found = rows.map((row, i) => decodeCell(row[j], caller, () => `${name}:${column} row ${i}`));
        return leaves.get(column)!.narrow && found.every((value) => typeof value === "number") ? Float32Array.from(found) : found;
      });
      return joinColumns(values, columns, caller, name);
    },
    async lists(column): Promise<Matrix> {
      if (lists.has(column)) return matrixFrom(await nested(column, 1), {}, caller, `${name}:${column}`);
      const place = (row: number): string => `${name}:${column} row ${row}`;
      return nestedRows(
        parseLists(await cellsOf(column), (row, found, wanted) => valueError(caller, place(row), found, wanted)),
        undefined,
        caller,
        place,
      );
    },
    async labels(column) {
      const { kind, type } = leaves.get(column)!;
      if (kind === "other")
        throw valueError(caller, `${name}:${column}`, `is of type ${type}`, "a column of numbers, truth values or text");
      return { values: await cellsOf(column), text: false, place: (row) => `${name}:${column} row ${row}` };
    },
    views: async (column) => viewsFrom(await nested(column, 2), {}, caller, `${name}:${column}`),
  };
}
