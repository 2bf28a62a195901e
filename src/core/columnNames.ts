import { valueError } from "./errors.ts";

/** Names that say no more than the places: 0, 1, 2, … */
const isNumbered = (names: readonly string[]): boolean => names.every((name, at) => name === String(at));

/** Names of d columns that have none. */
export const numberedNames = (cols: number): string[] => Array.from({ length: cols }, (_, at) => String(at));

/** The names, or their beginning where they are many or long. */
const list = (names: readonly string[]): string => {
  const text = names.join(", ");
  return text.length > 300 ? `${text.slice(0, 300)}… (${names.length})` : text;
};

/**
 * Where each wanted column stands among those given, by name, others aside; null where they stand so already, or where one side has no names but the numbers of its places.
 *
 * @throws RangeError naming the columns that are lacking
 */
export function placesOf(
  wanted: readonly string[],
  given: readonly string[],
  caller: string,
  argument: string,
  other: string,
): Int32Array<ArrayBuffer> | null {
  if (wanted.length === given.length && wanted.every((name, at) => name === given[at])) return null;
  const places = new Map(given.map((name, at) => [name, at]));
  const lacking = wanted.filter((name) => !places.has(name));
  const plain = isNumbered(wanted) || isNumbered(given);
  if (plain && (lacking.length > 0 || wanted.length !== given.length)) return null;
  if (lacking.length > 0) throw valueError(caller, argument, `has no column ${list(lacking)}`, `the columns of ${other}: ${list(wanted)}`);
  return Int32Array.from(wanted, (name) => places.get(name)!);
}

/** As {@link placesOf}, where nothing but the wanted columns may be given. */
export function alignNames(
  wanted: readonly string[],
  given: readonly string[],
  caller: string,
  argument: string,
  other: string,
): Int32Array<ArrayBuffer> | null {
  const places = placesOf(wanted, given, caller, argument, other);
  const known = new Set(wanted);
  const extra = places ? given.filter((name) => !known.has(name)) : [];
  if (extra.length > 0)
    throw valueError(caller, argument, `has a column ${list(extra)}`, `the columns of ${other}: ${list(wanted)}; leave it out by --drop`);
  return places;
}

/** The names as a matrix keeps them: none where they say no more than the places. */
export function keptNames(names: readonly string[]): { readonly columns?: readonly string[] } {
  return isNumbered(names) ? {} : { columns: names };
}
