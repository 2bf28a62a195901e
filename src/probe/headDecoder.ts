import { firstNotFinite } from "../core/doubles.ts";
import { describe, kindError, shapeError, valueError } from "../core/errors.ts";
import { type ClassName, plainLabel } from "../core/labels.ts";
import { decodeDoubles } from "./base64.ts";

/** What errors about documents of heads call the function. */
export const headReader = "headFromJSON";
const caller = headReader;
/** How deep lists and objects of free form may lie in one another; nothing of ours comes near. */
const mostDepth = 16;
/** No array is longer. */
const mostEntries = 2 ** 32 - 1;

type Fields = Readonly<Record<string, unknown>>;
/** Reads the value at a path of a document, or throws an error that names the path. */
export type Decoder<T = unknown> = (value: unknown, path: string) => T;
/** How each field of a record is read. */
export type FieldsOf<T> = { readonly [Name in keyof T]-?: Decoder<T[Name]> };

/** Checks that a value is an object of some kind. */
export function checkObject(value: unknown, path: string, wanted = "an object", reader = caller): object {
  if (value === null || typeof value !== "object" || Array.isArray(value)) throw kindError(reader, path, value, wanted);
  return value;
}

/** Refuses what lies deeper than anything of ours. */
export function checkDepth(depth: number, path: string): void {
  if (depth > mostDepth) throw valueError(caller, path, "is nested too deep", `at most ${mostDepth} levels`);
}

/** A list of `what`, of a length in least…most, each read by `read`. */
export function decodeList<T>(value: unknown, path: string, what: string, least: number, most: number, read: Decoder<T>): T[] {
  if (!Array.isArray(value)) throw kindError(caller, path, value, `an array of ${what}`);
  const { length } = value;
  if (length < least || length > most)
    throw shapeError(caller, path, `${length} ${what}`, least < most ? `${least} to ${most}` : `${least}`);
  return value.map((entry, i) => read(entry, `${path}[${i}]`));
}

/** Refuses a name that stands twice. */
function eachOnce<T>(names: readonly T[], path: string): readonly T[] {
  const seen = new Set<T>();
  for (const name of names)
    if (seen.size === seen.add(name).size) throw valueError(caller, path, `names ${describe(name)} twice`, "each name once");
  return names;
}

/** An object that owns exactly these fields: nothing inherited, nothing more. */
export function decodeFields<T>(value: unknown, path: string, fields: FieldsOf<T>): T {
  const given = checkObject(value, path) as Fields;
  const readers = Object.entries(fields as Readonly<Record<string, Decoder>>);
  const names = readers.map(([name]) => name);
  for (const name of Object.keys(given))
    if (!names.includes(name)) throw valueError(caller, path, `has an unknown field ${describe(name)}`, `${names.join(", ")} and no more`);
  for (const name of names)
    if (!Object.hasOwn(given, name)) throw valueError(caller, path, `has no ${name}`, `${names.join(", ")}: is it truncated?`);
  return Object.fromEntries(readers.map(([name, read]) => [name, read(given[name], `${path}.${name}`)])) as T;
}

/** A reader of such objects. */
export const recordOf =
  <T>(fields: FieldsOf<T>): Decoder<T> =>
  (value, path) =>
    decodeFields(value, path, fields);

/** A record of one of several kinds, by the table of their fields; `more` ones stand before its kind. */
export function decodeRecord<T>(value: unknown, path: string, table: Readonly<Record<string, object>>, more: object = {}): T {
  const kind = (value as { readonly kind?: unknown } | null | undefined)?.kind;
  if (typeof kind !== "string" || !Object.hasOwn(table, kind))
    throw valueError(caller, `${path}.kind`, `is ${describe(kind)}`, `one of ${Object.keys(table).join(", ")}`);
  return decodeFields(value, path, { ...more, kind: decodeText, ...table[kind] } as unknown as FieldsOf<T>);
}

/** What a `typeof` tells, and `right` allows. */
const plain =
  <T>(type: string, kind: string, wanted = kind, right: (value: T) => boolean = () => true): Decoder<T> =>
  (value, path) => {
    if (typeof value !== type) throw kindError(caller, path, value, kind);
    if (!right(value as T)) throw valueError(caller, path, `is ${value}`, wanted);
    return value as T;
  };
const numberOf = (wanted: string, right: (value: number) => boolean) =>
  plain<number>("number", "a number", wanted, (value) => Number.isFinite(value) && right(value));
const wholeFrom = (least: number) =>
  numberOf(`a whole number of at least ${least}`, (value) => value >= least && Number.isSafeInteger(value));

export const decodeText: Decoder<string> = /* @__PURE__ */ plain("string", "a string");
export const decodeBoolean: Decoder<boolean> = /* @__PURE__ */ plain("boolean", "true or false");
export const decodeNumber: Decoder<number> = /* @__PURE__ */ numberOf("a finite number", () => true);
export const decodePositive: Decoder<number> = /* @__PURE__ */ numberOf("a number above 0", (value) => value > 0);
export const decodeNotNegative: Decoder<number> = /* @__PURE__ */ numberOf("a number of at least 0", (value) => value >= 0);
export const decodeCount: Decoder<number> = /* @__PURE__ */ wholeFrom(0);
export const decodeSize: Decoder<number> = /* @__PURE__ */ wholeFrom(1);

/** The same or null. */
export const orNull =
  <T>(read: Decoder<T>): Decoder<T | null> =>
  (value, path) =>
    value === null ? null : read(value, path);

/** Base64 of little-endian doubles, all finite. */
export const decodeFinite: Decoder<Float64Array> = (value, path) => {
  const values = decodeDoubles(decodeText(value, path));
  if (!values) throw valueError(caller, path, `is ${describe(value)}`, "base64 of whole doubles: is it truncated?");
  const wrong = firstNotFinite(values);
  if (wrong >= 0) throw valueError(caller, `${path}[${wrong}]`, `is ${values[wrong]}`, "finite numbers");
  return values;
};

/** A class name as `encodeClass` wrote it. */
export function decodeClass(value: unknown, path: string, reader = caller): ClassName {
  if (typeof value === "string" || Number.isFinite(value)) return value as string | number;
  const wanted = 'a string, a finite number, {"bigint": digits} or {"number": "Infinity"}';
  const [[kind, text] = [], ...more] = Object.entries(checkObject(value, path, wanted, reader));
  if (more.length === 0 && typeof text === "string") {
    if (kind === "number" && /^-?Infinity$/.test(text)) return Number(text);
    const name = kind === "bigint" && /^-?\d{1,1000}$/.test(text) && plainLabel(BigInt(text));
    if (typeof name === "bigint") return name;
  }
  throw valueError(reader, path, "names no class", wanted);
}

/** Names of classes, each once. */
export const decodeClasses: Decoder<readonly ClassName[]> = (value, path) =>
  eachOnce(
    decodeList(value, path, "classes", 2, mostEntries, (name, own) => decodeClass(name, own)),
    path,
  );

/** Names of columns, each once: rows to predict are put into order by them. */
export const decodeColumns = (value: unknown, path: string, cols: number): readonly string[] =>
  eachOnce(decodeList(value, path, "names", cols, cols, decodeText), path);

/** An object of plain JSON, copied, so that nothing of a hostile document is kept. */
export const decodeJSON: Decoder<Fields> = (value, path) => copyJSON(checkObject(value, path), path, 0) as Fields;

function copyJSON(value: unknown, path: string, depth: number): unknown {
  if (value === null || typeof value === "string" || typeof value === "boolean" || Number.isFinite(value)) return value;
  if (typeof value !== "object") throw kindError(caller, path, value, "plain JSON");
  checkDepth(depth + 1, path);
  if (Array.isArray(value)) return value.map((entry, i) => copyJSON(entry, `${path}[${i}]`, depth + 1));
  if (Object.hasOwn(value, "__proto__")) throw valueError(caller, path, 'has a field "__proto__"', "no field of that name");
  return Object.fromEntries(
    Object.entries(value).map(([name, entry]) => [name, copyJSON(entry, `${path}.${name.slice(0, 40)}`, depth + 1)]),
  );
}
