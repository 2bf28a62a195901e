import { shapeError, valueError } from "../core/errors.ts";
import type { Labels } from "../core/labels.ts";
import type { Matrix } from "../core/matrix.ts";
import type { Views } from "../core/views.ts";
import { viewsFrom } from "../features/toViews.ts";
import { type ColumnKinds, chooseFeatures, chooseLabels, chooseViews } from "./chooseColumns.ts";
import { decodeText } from "./featureTable.ts";
import { jsonLabels, ownValue, parseJsonLines } from "./jsonRecords.ts";
import { readJsonLines } from "./readJsonLines.ts";

/** The keys of the first line, or null where it is an array. */
function firstColumns(text: string, caller: string, name: string): ColumnKinds | null {
  const first = parseJsonLines(text, caller, name).next();
  if (first.done) throw shapeError(caller, name, "0 rows", "at least 1");
  const { record } = first.value;
  if (Array.isArray(record)) return null;
  return new Map(Object.entries(record).map(([key, value]) => [key, Array.isArray(value) ? "list" : "value"]));
}

function checkNoKey(key: string | undefined, caller: string, name: string): void {
  if (key !== undefined)
    throw valueError(caller, name, `has no key "${key.slice(0, 40)}"`, "no key after the name: its lines are arrays, not objects");
}

/** The features of a file of JSON lines: lines that are arrays, or an array under `key`, or a key a feature. */
export function jsonMatrix(bytes: Uint8Array, key: string | undefined, caller: string, name: string): Matrix {
  const text = decodeText(bytes, caller, name);
  const columns = firstColumns(text, caller, name);
  if (columns === null) {
    checkNoKey(key, caller, name);
    return readJsonLines(text, name).matrix;
  }
  const chosen = chooseFeatures(columns, key, caller, name);
  return readJsonLines(text, name, chosen.list === null ? { label: chosen.label } : { features: chosen.list }).matrix;
}

/** The labels of a file of JSON lines, under `key`, else `label`, else the only key that holds no array. Other keys may hold anything. */
export function jsonLinesLabels(bytes: Uint8Array, key: string | undefined, caller: string, name: string): Labels {
  const text = decodeText(bytes, caller, name);
  const columns = firstColumns(text, caller, name);
  if (columns === null) throw valueError(caller, name, "has lines that are arrays", "objects with a label each");
  const column = chooseLabels(columns, key, caller, name);
  const labels = jsonLabels();
  for (const { record, refuse } of parseJsonLines(text, caller, name)) labels.add(record, column, refuse);
  return labels.whole();
}

/** The augmented views of a file of JSON lines: lines that are arrays of views, or such an array under `key`. */
export function jsonViews(bytes: Uint8Array, key: string | undefined, caller: string, name: string): Views {
  const text = decodeText(bytes, caller, name);
  const columns = firstColumns(text, caller, name);
  if (columns === null) checkNoKey(key, caller, name);
  const column = columns === null ? null : chooseViews(columns, key, caller, name);
  const rows = Array.from(parseJsonLines(text, caller, name), ({ record }) => (column === null ? record : ownValue(record, column)));
  return viewsFrom(rows, {}, caller, name);
}
