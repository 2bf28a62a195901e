import { firstNotFinite } from "../core/doubles.ts";
import { describe, kindError, shapeError, valueError } from "../core/errors.ts";
import { type ClassName, plainLabel } from "../core/labels.ts";
import { decodeDoubles } from "./base64.ts";
import type { Field } from "./headFields.ts";
import { checkRule } from "./probe.ts";

/** What errors about documents of heads call the function. */
export const headReader = "headFromJSON";
const caller = headReader;
/** How deep a provenance's options may go. */
const mostDepth = 16;

export type Fields = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is object => value !== null && typeof value === "object" && !Array.isArray(value);

/** Checks that a value is an object of some kind. */
export function checkObject(value: unknown, path: string, wanted = "an object", reader = caller): object {
  if (!isObject(value)) throw kindError(reader, path, value, wanted);
  return value;
}

/** A field of what need not be an object; undefined where it is not its own. */
export const ownField = (value: unknown, name: string): unknown =>
  isObject(value) && Object.hasOwn(value, name) ? (value as Fields)[name] : undefined;

/** A list of `what`, of a length in least…most. */
export function listOf(
  value: unknown,
  path: string,
  what: string,
  wanted: string,
  least: number,
  most = Number.POSITIVE_INFINITY,
): unknown[] {
  if (!Array.isArray(value)) throw kindError(caller, path, value, `an array of ${what}`);
  if (value.length < least || value.length > most) throw shapeError(caller, path, `${value.length} ${what}`, wanted);
  return value;
}

/** Refuses what lies deeper than anything of ours. */
export function checkDepth(depth: number, most: number, path: string): void {
  if (depth > most) throw valueError(caller, path, "is nested too deep", `at most ${most} levels`);
}

/** An object that owns exactly the names given: nothing inherited, nothing more. */
export function objectOf(value: unknown, path: string, names: readonly string[]): Fields {
  const given = checkObject(value, path);
  for (const name of Object.keys(given))
    if (!names.includes(name)) throw valueError(caller, path, `has an unknown field ${describe(name)}`, `${names.join(", ")} and no more`);
  for (const name of names)
    if (!Object.hasOwn(given, name)) throw valueError(caller, path, `has no ${name}`, `${names.join(", ")}: is it truncated?`);
  return given as Fields;
}

/** A string. */
export function textOf(value: unknown, path: string): string {
  if (typeof value !== "string") throw kindError(caller, path, value, "a string");
  return value;
}

/** A class name as `encodeClass` wrote it. */
export function decodeClass(value: unknown, path: string, reader = caller): ClassName {
  if (typeof value === "string" || (typeof value === "number" && Number.isFinite(value))) return value;
  const wanted = 'a string, a finite number, {"bigint": digits} or {"number": "Infinity"}';
  const entries = Object.entries(checkObject(value, path, wanted, reader));
  const [kind, text] = entries.length === 1 ? entries[0] : [];
  if (kind === "bigint" && typeof text === "string" && /^-?\d{1,1000}$/.test(text)) {
    const name = plainLabel(BigInt(text));
    if (typeof name === "bigint") return name;
  }
  if (kind === "number" && (text === "Infinity" || text === "-Infinity")) return Number(text);
  throw valueError(reader, path, "names no class", wanted);
}

function decodeClasses(value: unknown, path: string): readonly ClassName[] {
  const classes = listOf(value, path, "classes", "at least 2", 2).map((name, c) => decodeClass(name, `${path}[${c}]`));
  const seen = new Set<ClassName>();
  for (const name of classes) {
    if (seen.has(name)) throw valueError(caller, path, `names ${describe(name)} twice`, "every class once");
    seen.add(name);
  }
  return classes;
}

const isCount = (value: number) => value >= 0 && Number.isSafeInteger(value);
const numberRules: Readonly<Record<string, readonly [wanted: string, right: (value: number) => boolean]>> = {
  number: ["a finite number", () => true],
  positive: ["a number above 0", (value) => value > 0],
  "not negative": ["a number of at least 0", (value) => value >= 0],
  count: ["a whole number of at least 0", isCount],
  size: ["a whole number of at least 1", (value) => value > 0 && isCount(value)],
};

/** A field's value, checked. */
export function decodeField(value: unknown, field: Field, path: string): unknown {
  if (field === "classes") return decodeClasses(value, path);
  if (field === "boolean") {
    if (typeof value !== "boolean") throw kindError(caller, path, value, "true or false");
    return value;
  }
  if (field.endsWith("or null") && value === null) return null;
  if (field.startsWith("text")) return textOf(value, path);
  if (field === "rule") return checkRule(value, caller, path);
  if (field === "object") return copyJSON(checkObject(value, path), path);
  if (field.startsWith("doubles")) {
    const values = decodeDoubles(textOf(value, path));
    if (!values) throw valueError(caller, path, `is ${describe(value)}`, "base64 of whole doubles: is it truncated?");
    const wrong = firstNotFinite(values);
    if (wrong >= 0) throw valueError(caller, `${path}[${wrong}]`, `is ${values[wrong]}`, "finite numbers");
    return values;
  }
  if (typeof value !== "number") throw kindError(caller, path, value, "a number");
  const [wanted, right] = numberRules[field];
  if (!Number.isFinite(value) || !right(value)) throw valueError(caller, path, `is ${value}`, wanted);
  return value;
}

/** A record of one of several kinds, by the table of their fields. */
export function decodeRecord(
  value: unknown,
  table: Readonly<Record<string, Readonly<Record<string, Field>>>>,
  path: string,
  extra: readonly string[],
): Fields {
  const kind = ownField(value, "kind");
  if (typeof kind !== "string" || !Object.hasOwn(table, kind))
    throw valueError(caller, `${path}.kind`, `is ${describe(kind)}`, `one of ${Object.keys(table).join(", ")}`);
  return { kind, ...decodeFields(value, table[kind], path, [...extra, "kind"]) };
}

/** An object of these fields, and of `extra` ones that are read elsewhere. */
export function decodeFields(value: unknown, fields: Readonly<Record<string, Field>>, path: string, extra: readonly string[] = []): Fields {
  const given = objectOf(value, path, [...extra, ...Object.keys(fields)]);
  return Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, decodeField(given[name], field, `${path}.${name}`)]));
}

/** Plain JSON, copied, so that nothing of a hostile document is kept. */
export function copyJSON(value: unknown, path: string, depth = 0): unknown {
  if (value === null || typeof value === "string" || typeof value === "boolean" || (typeof value === "number" && Number.isFinite(value)))
    return value;
  if (typeof value !== "object") throw kindError(caller, path, value, "plain JSON");
  checkDepth(depth + 1, mostDepth, path);
  if (Array.isArray(value)) return value.map((entry, i) => copyJSON(entry, `${path}[${i}]`, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, entry]) => {
      if (name === "__proto__") throw valueError(caller, path, 'has a field "__proto__"', "names that are safe in any program");
      return [name, copyJSON(entry, `${path}.${name.slice(0, 40)}`, depth + 1)];
    }),
  );
}
