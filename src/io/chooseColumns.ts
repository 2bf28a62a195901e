import type { OptionNames } from "../core/checkOptions.ts";
import { shapeError, valueError } from "../core/errors.ts";

/** What a column holds: lists (of numbers, or of views); text that is one where the column is asked for as such (base64, numbers without brackets); or a value a row. */
type ColumnKind = "list" | "code" | "value";

/** The columns of a table by name. */
export type ColumnKinds = ReadonlyMap<string, ColumnKind>;

/** What is known of a table before its values are read. */
export interface TableColumns {
  readonly columns: ColumnKinds;
  /** Columns that are the index of a pandas frame, and no data. */
  readonly index: ReadonlySet<string>;
  /** Whether columns have names of their own, not numbers only. */
  readonly named: boolean;
}

/** Which columns are features. */
export interface ColumnOptions {
  /** The columns that are features, in this order: names, numbers from 0, or ranges of numbers such as `"1:"` and `"2:5"` (default: all but labels and index). */
  readonly columns?: readonly string[];
  /** Columns that are not features, in the same form. */
  readonly drop?: readonly string[];
}

export const columnOptionNames: OptionNames<ColumnOptions> = { columns: true, drop: true };

/** What is asked of a table's features. */
export interface FeatureRequest extends ColumnOptions {
  /** The column that the path names. */
  readonly key?: string;
  /** Where labels are read from: the column of this key, of the same table or of another file; null where there are none; undefined where that is not known. */
  readonly labels?: { readonly key: string | undefined; readonly same: boolean } | null;
  /** Names of the columns wanted, in this order, where the table has names at all: those that a head was trained on. */
  readonly align?: readonly string[];
}

/** Where features are: in one column of lists, or in a column each. */
export type FeatureColumns =
  | { readonly list: string }
  | { readonly list: null; readonly names: readonly string[]; readonly asked: boolean };

/** What arrays and columns of features are called by custom, the likelier first. */
export const usualFeatures = ["features", "embeddings", "embedding", "X", "x"];
export const usualLabels = ["labels", "label", "y"];
export const usualViews = ["views", "augmented"];

/** Whether a name is that of labels by custom, however it is written; `('label', '')` is how pandas keeps it beside names of several levels. */
const isLabel = (name: string): boolean => /^(?:label|\('label'(?:, '')*\))$/i.test(name.trim());

/** Names for an error message, never all of thousands. */
export function someNames(names: Iterable<string>): string {
  const all = [...names];
  const shown = all.slice(0, 20).map((name) => name.slice(0, 40));
  return all.length > 20 ? `${shown.join(", ")}, … (${all.length})` : shown.join(", ") || "none";
}

function checkKey(columns: ColumnKinds, key: string | undefined, caller: string, name: string): void {
  if (key !== undefined && !columns.has(key))
    throw valueError(caller, name, `has no column "${key.slice(0, 40)}"`, `one of ${someNames(columns.keys())}`);
}

/** A name as a shell takes it for an option of the command. */
export function asOption(name: string): string {
  if (/^[\w.-]+$/.test(name)) return name;
  return /["']/.test(name) || (name.includes(",") && !name.startsWith("Unnamed:"))
    ? `'"${name.replaceAll('"', '""').slice(0, 60)}"'`
    : `"${name.slice(0, 60)}"`;
}

/** The positions that names, numbers and ranges stand for; a name comes before the number that it looks like. */
export function columnPositions(asked: readonly string[], names: readonly string[], caller: string, argument: string): readonly number[] {
  return asked.flatMap((item) => {
    const exact = names.indexOf(item);
    const named = exact >= 0 ? exact : names.findIndex((name) => name.trim() === item.trim());
    if (named >= 0) return [named];
    const range = /^(\d*):(\d*)$/.exec(item);
    const [from, to] = range
      ? [Number(range[1] || 0), range[2] === "" ? names.length : Number(range[2])]
      : [Number(item), Number(item) + 1];
    const known = range !== null ? from < to && to <= names.length : /^\d+$/.test(item) && from < names.length;
    if (!known)
      throw valueError(
        caller,
        argument,
        `has no column ${JSON.stringify(item.slice(0, 40))}`,
        `names, or numbers and ranges below ${names.length}, of ${someNames(names)}`,
      );
    return Array.from({ length: to - from }, (_, i) => from + i);
  });
}

/** The name that pandas gives a column of a csv file that has none: mostly an index that was written. */
const unnamed = /^$|^Unnamed: \d+/;
/** Names that are no label's. */
const listNames = ["features", "embeddings", "embedding"];

/** All columns but those of labels, index and lists. */
function plainColumns({ columns, index }: TableColumns, labels: ReadonlySet<string>): string[] {
  return [...columns.keys()].filter((each) => !index.has(each) && !labels.has(each));
}

/**
 * The columns of features. A `key` that names a column of lists is that one; else they are `columns`, if given; else the only column of lists, or the one of a usual name; in a
 * table without lists every column but the index and the labels, which are the column that labels are read from, `key` and `label`.
 *
 * @throws RangeError naming the columns, when there is no such one or it is not clear which it is
 */
export function chooseFeatures(table: TableColumns, request: FeatureRequest, caller: string, name: string): FeatureColumns {
  const { columns, index } = table;
  const { key } = request;
  checkKey(columns, key, caller, name);
  if (key !== undefined && columns.get(key) !== "value") return { list: key };
  const label = request.labels?.same ? chooseLabels(table, request.labels.key, caller, name) : undefined;
  if (key !== undefined && listNames.includes(key) && label !== key)
    throw valueError(caller, `${name}:${key}`, "holds no lists of numbers", "lists such as [0.1, -0.2], as values or as text");
  if (key !== undefined && request.labels !== undefined && label !== key)
    throw valueError(
      caller,
      `${name}:${key.slice(0, 40)}`,
      "holds a value a row and is not the column of labels",
      `a column of lists; to leave it out give --drop ${asOption(key)}, to take it alone --columns ${asOption(key)}`,
    );
  const visible = [...columns.keys()].filter((each) => !index.has(each));
  const dropped = new Set(columnPositions(request.drop ?? [], visible, caller, `${name}, by --drop,`).map((at) => visible[at]));
  const lists = visible.filter(
    (each) =>
      each !== label &&
      !dropped.has(each) &&
      (columns.get(each) === "list" || (columns.get(each) === "code" && usualFeatures.includes(each))),
  );
  const labels = new Set([label, key].filter((each) => each !== undefined));
  if (request.columns !== undefined) {
    const [alone] = request.columns;
    if (request.columns.length === 1 && columns.has(alone) && columns.get(alone) !== "value") return { list: alone };
    const named = request.columns.find((each) => labels.has(each));
    if (named !== undefined)
      throw valueError(
        caller,
        `${name}, by --columns,`,
        `has "${named.slice(0, 40)}" among the features`,
        "columns other than that of the labels",
      );
    // A range is one of the features themselves where they are one column of lists.
    if (lists.length === 0 || request.columns.some((each) => columns.has(each))) {
      const all = request.columns.some((each) => index.has(each)) ? [...columns.keys()] : visible;
      const names = columnPositions(request.columns, all, caller, `${name}, by --columns,`).map((at) => all[at]);
      // A range may reach over the labels; they are meant by their name only.
      const chosen = names.filter((each) => !isLabel(each) || request.columns!.includes(each));
      return { list: null, names: chosen.filter((each) => !labels.has(each) && !dropped.has(each)), asked: true };
    }
  }
  if (lists.length > 0) {
    const list = lists.length === 1 ? lists[0] : usualFeatures.find((each) => lists.includes(each));
    if (list === undefined)
      throw shapeError(caller, name, `${lists.length} columns of lists`, `one of them named: ${name}:key, of ${someNames(lists)}`);
    return { list };
  }
  const names = plainColumns(table, labels).filter((each) => !dropped.has(each) && !isLabel(each));
  const { align } = request;
  if (align && table.named && !align.every((each, at) => each === String(at))) {
    const lacking = align.find((each) => !names.includes(each));
    if (lacking !== undefined && !names.every((each, at) => each === String(at)))
      throw valueError(caller, name, `has no column "${lacking.slice(0, 40)}"`, `those that the head was trained on: ${someNames(align)}`);
    if (lacking === undefined) return { list: null, names: align, asked: true };
  }
  const foreign = request.labels?.same === false ? request.labels.key : undefined;
  if (foreign !== undefined && names.includes(foreign))
    throw valueError(
      caller,
      name,
      `has a column "${foreign.slice(0, 40)}", as the labels are called in their file`,
      `features; leave it out by --drop ${asOption(foreign)}, or name all features, it too, by --columns`,
    );
  const nameless = names.filter((each) => unnamed.test(each));
  if (nameless.length > 0)
    throw valueError(
      caller,
      name,
      `has a column without a name, "${nameless[0].slice(0, 40)}"`,
      `a name for every feature: it looks like an index, which pandas leaves out with to_csv(index=False); leave it out by --drop ${asOption(nameless.join(","))}`,
    );
  return { list: null, names, asked: false };
}

/**
 * The column of labels: `key`, else `label` (however it is written), else the only one that holds a value a row.
 *
 * @throws RangeError naming the columns, when there is no such one or it is not clear which it is
 */
export function chooseLabels({ columns, index }: TableColumns, key: string | undefined, caller: string, name: string): string {
  checkKey(columns, key, caller, name);
  if (key !== undefined) {
    if (columns.get(key) === "list") throw valueError(caller, `${name}:${key}`, "holds lists", "a column with a label a row");
    return key;
  }
  const custom = [...columns.keys()].filter((each) => isLabel(each) && columns.get(each) !== "list");
  if (custom.includes("label")) return "label";
  if (custom.length === 1) return custom[0];
  const values = [...columns.keys()].filter((each) => columns.get(each) !== "list" && !index.has(each));
  if (values.length !== 1)
    throw valueError(caller, name, 'has no column "label"', `one of them named: ${name}:key, of ${someNames(values)}`);
  return values[0];
}

/**
 * The column of augmented views, lists of lists: `key`, else the only one, or one of a usual name.
 *
 * @throws RangeError naming the columns, when there is no such one or it is not clear which it is
 */
export function chooseViews({ columns }: TableColumns, key: string | undefined, caller: string, name: string): string {
  checkKey(columns, key, caller, name);
  const lists = [...columns.keys()].filter((each) => columns.get(each) === "list");
  const list = key ?? (lists.length === 1 ? lists[0] : usualViews.find((each) => lists.includes(each)));
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
 * @throws RangeError naming the arrays, when there is no such one or it is not clear which it is
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
