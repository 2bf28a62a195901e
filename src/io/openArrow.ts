import type { DataType, Table, Vector } from "apache-arrow";
import { kindError, shapeError, valueError } from "../core/errors.ts";
import type { Matrix } from "../core/matrix.ts";
import {
  type ArrowKind,
  type ArrowType,
  type ArrowVector,
  arrowFloats,
  arrowKind,
  arrowNumbers,
  arrowValue,
} from "../features/arrowValues.ts";
import { matrixFrom } from "../features/matrixFrom.ts";
import { nestedRows } from "../features/nestedRows.ts";
import { viewsFrom } from "../features/toViews.ts";
import { asOption, someNames } from "./chooseColumns.ts";
import { type ColumnTable, joinColumns } from "./columnTable.ts";
import { decodeCell } from "./featureTable.ts";
import { parseLists, textKind } from "./listText.ts";
import { optionalPeer } from "./optionalPeer.ts";
import { readPandas } from "./readPandas.ts";

const compressionHint = "an uncompressed one: df.to_feather(path, compression='uncompressed')";

/** Names, each of which is one column's. */
export function checkNames(names: readonly string[], caller: string, name: string): void {
  const twice = names.find((each, at) => names.indexOf(each) !== at);
  if (twice !== undefined)
    throw valueError(caller, name, `has two columns "${twice.slice(0, 40)}"`, `a name for each of ${someNames(names)}`);
}

/** Kinds that hold a number or a truth value. */
const numeric: readonly ArrowKind[] = ["float", "integer", "wide integer", "boolean", "decimal"];

function kindOfColumn(vector: Vector): "list" | "code" | "value" {
  const kind = arrowKind(vector.type as ArrowType);
  if (kind === "list") return "list";
  if (kind !== "text") return "value";
  let sample: unknown = null;
  for (let i = 0; i < Math.min(vector.length, 100) && sample === null; i++) sample = vector.get(i);
  const found = typeof sample === "string" ? textKind(sample) : "words";
  return found === "words" ? "value" : found;
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
  const names = table.schema.fields.map((field) => field.name);
  checkNames(names, caller, name);
  if (table.numRows === 0) throw shapeError(caller, name, "0 rows", "at least 1");
  const column = (key: string): Vector => table.getChild(key)!;
  const typeOf = (vector: { type: DataType }) => vector.type as ArrowType;
  /** A column of a value a row: typed floats where nothing is null, else values one by one. */
  const valuesOf = (key: string): ArrayLike<unknown> => {
    const vector = column(key);
    const kind = arrowKind(typeOf(vector));
    if (!numeric.includes(kind) && kind !== "text" && kind !== "null")
      throw valueError(
        caller,
        name,
        `has column "${key.slice(0, 40)}" of type ${String(vector.type)}`,
        `numbers; leave it out by --drop ${asOption(key)}`,
      );
    if (kind === "float" && vector.nullCount === 0 && typeOf(vector).typeId !== -1)
      return arrowNumbers(vector as ArrowVector, undefined, caller, (row) => `${name} row ${row}`);
    return Array.from(vector, (value) => arrowValue(typeOf(vector), value));
  };
  return {
    columns: new Map(names.map((key) => [key, kindOfColumn(column(key))])),
    index: readPandas(table.schema.metadata.get("pandas"), names).index,
    named: true,
    numbers: (chosen) => joinColumns(chosen.map(valuesOf), chosen, caller, name),
    lists(key): Matrix {
      const vector = column(key);
      const place = (row: number): string => `${name}:${key} row ${row}`;
      if (arrowKind(typeOf(vector)) === "text")
        return nestedRows(
          parseLists(Array.from(vector), (row, found, wanted) => valueError(caller, place(row), found, wanted)),
          undefined,
          caller,
          place,
        );
      if ("listSize" in vector.type) return matrixFrom(vector, {}, caller, `${name}:${key}`);
      const rows = Array.from(vector, (row: ArrowVector | null, i) =>
        row === null ? null : arrowFloats(row, undefined, caller, (j) => `${place(i)}, column ${j}`),
      );
      return matrixFrom(rows, {}, caller, `${name}:${key}`);
    },
    labels(key) {
      const vector = column(key);
      const kind = arrowKind(typeOf(vector));
      if (!numeric.includes(kind) && !["text", "bytes", "null"].includes(kind))
        throw valueError(caller, `${name}:${key}`, `is of type ${String(vector.type)}`, "a column of numbers, truth values or text");
      const place = (row: number): string => `${name}:${key} row ${row}`;
      const values = Array.from(vector, (value, row) => decodeCell(arrowValue(typeOf(vector), value), caller, () => place(row)));
      return { values, text: false, place };
    },
    views(key) {
      const rows = Array.from(column(key), (row: ArrowVector | null, i) => {
        if (row === null || arrowKind(row.type) !== "list") return row === null ? null : row.toArray();
        return Array.from({ length: row.length }, (_, view) => {
          const numbers = row.get(view) as ArrowVector | null;
          return numbers === null
            ? null
            : arrowFloats(numbers, undefined, caller, (j) => `${name}:${key} row ${i}, view ${view}, column ${j}`);
        });
      });
      return viewsFrom(rows, {}, caller, `${name}:${key}`);
    },
  };
}
