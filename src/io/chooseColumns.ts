import { shapeError, valueError } from "../core/errors.ts";

/** The columns of a table by name: whether each holds lists (of numbers, or of views), or a value a row. */
export type ColumnKinds = ReadonlyMap<string, "list" | "value">;

/** Where features are: in one column of lists, or a column each, all but that of the labels. */
export type FeatureColumns = { readonly list: string } | { readonly list: null; readonly label: string | undefined };

/** Names for an error message, never all of thousands. */
function someNames(names: Iterable<string>): string {
  const all = [...names];
  const shown = all.slice(0, 20).map((name) => name.slice(0, 40));
  return all.length > 20 ? `${shown.join(", ")}, … (${all.length})` : shown.join(", ") || "none";
}

function checkKey(columns: ColumnKinds, key: string | undefined, caller: string, name: string): void {
  if (key !== undefined && !columns.has(key))
    throw valueError(caller, name, `has no column "${key.slice(0, 40)}"`, `one of ${someNames(columns.keys())}`);
}

const named = (columns: ColumnKinds, kind: "list" | "value"): string[] => [...columns.keys()].filter((each) => columns.get(each) === kind);

/**
 * The columns of features: `key` where it names a column of lists, else the only one, or `features`, or `embedding`; in a table without lists every column but that of the
 * labels, which is `key` or `label`.
 *
 * @throws RangeError naming the columns, where there is no such one or it is not clear which it is
 */
export function chooseFeatures(columns: ColumnKinds, key: string | undefined, caller: string, name: string): FeatureColumns {
  checkKey(columns, key, caller, name);
  if (key !== undefined && columns.get(key) === "list") return { list: key };
  const lists = named(columns, "list");
  if (lists.length === 0) return { list: null, label: key ?? (columns.has("label") ? "label" : undefined) };
  const list = lists.length === 1 ? lists[0] : ["features", "embedding"].find((each) => lists.includes(each));
  if (list === undefined)
    throw shapeError(caller, name, `${lists.length} columns of lists`, `one of them named: ${name}:key, of ${someNames(lists)}`);
  return { list };
}

/**
 * The column of labels: `key`, else `label`, else the only one that holds a value a row.
 *
 * @throws RangeError naming the columns, where there is no such one or it is not clear which it is
 */
export function chooseLabels(columns: ColumnKinds, key: string | undefined, caller: string, name: string): string {
  checkKey(columns, key, caller, name);
  if (key !== undefined) {
    if (columns.get(key) === "list") throw valueError(caller, `${name}:${key}`, "holds lists", "a column with a label a row");
    return key;
  }
  const values = named(columns, "value");
  if (values.includes("label")) return "label";
  if (values.length !== 1)
    throw valueError(caller, name, 'has no column "label"', `one of them named: ${name}:key, of ${someNames(values)}`);
  return values[0];
}

/**
 * The column of augmented views, lists of lists: `key`, else the only one, or `views`.
 *
 * @throws RangeError naming the columns, where there is no such one or it is not clear which it is
 */
export function chooseViews(columns: ColumnKinds, key: string | undefined, caller: string, name: string): string {
  checkKey(columns, key, caller, name);
  const lists = named(columns, "list");
  const list = key ?? (lists.length === 1 ? lists[0] : lists.find((each) => each === "views"));
  if (list !== undefined && columns.get(list) === "list") return list;
  throw valueError(
    caller,
    name,
    "has no column of views",
    `lists of views of d numbers, n × views × d; it has ${someNames(columns.keys())}`,
  );
}

/**
 * The array of a file of arrays (npz, safetensors): `key`, else the only one, else the one of these names.
 *
 * @throws RangeError naming the arrays, where there is no such one or it is not clear which it is
 */
export function chooseArray(
  keys: readonly string[],
  key: string | undefined,
  usual: readonly string[],
  caller: string,
  name: string,
): string {
  if (key !== undefined) {
    if (!keys.includes(key)) throw valueError(caller, name, `has no array "${key.slice(0, 40)}"`, `one of ${someNames(keys)}`);
    return key;
  }
  const found = keys.length === 1 ? keys[0] : usual.find((each) => keys.includes(each));
  if (found === undefined) throw shapeError(caller, name, `${keys.length} arrays`, `one of them named: ${name}:key, of ${someNames(keys)}`);
  return found;
}
