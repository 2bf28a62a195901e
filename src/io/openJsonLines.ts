import { numberedNames } from "../core/columnNames.ts";
import { describe, shapeError, valueError } from "../core/errors.ts";
import type { Matrix } from "../core/matrix.ts";
import type { Views } from "../core/views.ts";
import { nestedRows } from "../features/nestedRows.ts";
import { viewsFrom } from "../features/toViews.ts";
import type { ColumnKinds } from "./chooseColumns.ts";
import { columnNumber, notNumber, type TextTable } from "./columnTable.ts";
import { decodeText, growingNumbers } from "./featureTable.ts";
import { checkLines, type JsonRecord, type JsonRefuse, ownValue, parseJsonLines } from "./jsonRecords.ts";
import type { LabelColumn } from "./labelValues.ts";
import { parseLists, textKind } from "./listText.ts";

/** JSON lines: a table where they are objects, of a column of lists where they are arrays. */
export interface JsonTable extends TextTable {
  /** Whether lines are arrays, not objects. */
  readonly arrays: boolean;
  /** Arrays of numbers, a line each. */
  rows(): Matrix;
  /** Arrays of views, a line each. */
  rowsOfViews(): Views;
}

const kindOf = (value: unknown): "list" | "code" | "value" => {
  if (Array.isArray(value)) return "list";
  const kind = typeof value === "string" ? textKind(value) : "words";
  return kind === "words" ? "value" : kind;
};

/** The first value that is not null under each of the first line's keys. */
function samplesOf(example: object, records: Iterable<JsonRecord>): ReadonlyMap<string, unknown> {
  const samples = new Map<string, unknown>(Object.keys(example).map((key) => [key, null]));
  let seen = 0;
  for (const { record } of records) {
    let open = false;
    for (const [key, sample] of samples) {
      if (sample !== null) continue;
      const value = ownValue(record, key) ?? null;
      samples.set(key, value);
      open ||= value === null;
    }
    if (!open || ++seen === 100) break;
  }
  return samples;
}

/** JSON lines as a table. Lines are parsed anew for each column that is read, and none kept. */
export function openJsonLines(input: string | Uint8Array | ArrayBuffer, caller: string, name: string): JsonTable {
  const text = decodeText(input, caller, name);
  const records = () => parseJsonLines(text, caller, name);
  const first = records().next();
  if (first.done) throw shapeError(caller, name, "0 rows", "at least 1");
  const { record: example, refuse: refuseFirst } = first.value;
  checkLines(example, refuseFirst);
  const arrays = Array.isArray(example);
  const samples = arrays ? new Map<string, unknown>() : samplesOf(example, records());
  const columns: ColumnKinds = new Map([...samples].map(([key, value]) => [key, kindOf(value)]));

  /** Numbers by keys, of what a line holds. */
  const numbersOf = (holderOf: (record: object, refuse: JsonRefuse) => object, keys: (holder: object) => readonly string[]): Matrix => {
    const numbers = growingNumbers();
    let wanted: readonly string[] | undefined;
    let rows = 0;
    for (const { record, refuse } of records()) {
      const holder = holderOf(record, refuse);
      wanted ??= keys(holder);
      const length = Array.isArray(holder) ? holder.length : wanted.length;
      if (length !== wanted.length) throw refuse(`has ${length} features`, `${wanted.length}, as the first line`);
      for (let j = 0; j < wanted.length; j++) {
        const found = Array.isArray(holder) ? holder[j] : ownValue(holder, wanted[j]);
        const value = columnNumber(found);
        if (!Number.isFinite(value)) {
          if (!Array.isArray(holder)) throw refuse(...notNumber(wanted[j], found));
          throw refuse(`column ${JSON.stringify(wanted[j])} is ${describe(found)}`, "a finite number");
        }
        numbers.push(value);
      }
      rows++;
    }
    const cols = wanted!.length;
    if (cols === 0) throw shapeError(caller, name, "0 features", "at least 1");
    return { data: numbers.whole(), rows, cols };
  };
  const indices = (holder: object): readonly string[] => numberedNames((holder as unknown[]).length);
  const cellsOf = (column: string): { readonly values: unknown[]; readonly lines: readonly number[] } => {
    const found = { values: [] as unknown[], lines: [] as number[] };
    for (const { record, line } of records()) {
      found.values.push(ownValue(record, column));
      found.lines.push(line);
    }
    return found;
  };

  return {
    columns,
    index: new Set([...columns.keys()].filter((column) => /^__index_level_\d+__$/.test(column))),
    named: true,
    arrays,
    rows: () =>
      numbersOf((record, refuse) => {
        if (!Array.isArray(record)) throw refuse(`is ${describe(record)}`, "an array of numbers, as the first line");
        return record;
      }, indices),
    rowsOfViews: () =>
      viewsFrom(
        Array.from(records(), ({ record }) => record),
        {},
        caller,
        name,
      ),
    numbers(names, whole): Matrix {
      const holder = (record: object, refuse: JsonRefuse): object => {
        // A column that would be lost.
        const strange = whole ? Object.keys(record).filter((key) => !columns.has(key)) : [];
        if (strange.length > 0 && names.every((key) => Object.hasOwn(record, key)))
          throw refuse(
            `has ${names.length + strange.length} features`,
            `${names.length}, as the first line, which has no ${JSON.stringify(strange[0].slice(0, 40))}`,
          );
        return record;
      };
      return numbersOf(holder, () => names);
    },
    lists(column): Matrix {
      if (typeof samples.get(column) === "string") {
        const { values, lines } = cellsOf(column);
        const place = (row: number): string => `${name} line ${lines[row]} column ${JSON.stringify(column.slice(0, 40))}`;
        return nestedRows(
          parseLists(values, (row, found, wanted) => valueError(caller, place(row), found, wanted)),
          undefined,
          caller,
          place,
        );
      }
      return numbersOf((record, refuse) => {
        const holder = ownValue(record, column);
        if (!Array.isArray(holder)) throw refuse(`has ${describe(holder)} as ${JSON.stringify(column)}`, "an array of numbers");
        return holder;
      }, indices);
    },
    labels(column): LabelColumn {
      const { values, lines } = cellsOf(column);
      const wanted = `a string or a number as ${JSON.stringify(column)}`;
      return {
        values,
        text: false,
        place: (row) => `${name} line ${lines[row]}`,
        missing: (value) => [`has the label ${describe(value)}`, wanted],
      };
    },
    views: (column) => viewsFrom(cellsOf(column).values, {}, caller, name),
  };
}
