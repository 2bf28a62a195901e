import { describe, kindError, valueError } from "../core/errors.ts";
import type { ClassName, Labels } from "../core/labels.ts";

/** The labels of one file as they stand there, before anything is decided about them. */
export interface LabelColumn {
  /** n cells of text; or n values of a typed column, null where there is none. */
  readonly values: ArrayLike<unknown>;
  /** Whether they are cells of a text, which says of no cell whether it is a number. */
  readonly text: boolean;
  /** What errors call row i. */
  readonly place: (row: number) => string;
  /** What errors say of a row without a label; default of what stands there. */
  readonly missing?: (value: unknown) => readonly [found: string, wanted: string];
}

/** Labels ready for use, and which rows they are of. */
export interface DecidedLabels {
  readonly labels: Labels;
  /** The rows that have a label, ascending; null where all have. */
  readonly rows: Int32Array | null;
  /** Rows, those without a label too. */
  readonly count: number;
}

/** What pandas takes for a missing value in a table of text, and the marks that stand for one in older data sets. */
const missingWords = new Set("|#n/a|#n/a n/a|#na|-1.#ind|-1.#qnan|-nan|1.#ind|1.#qnan|<na>|n/a|na|nan|null|none|?|-|--|.".split("|"));
/** How to leave rows without a label out: by the command, and by the library. */
const leaveOut = "a label; --ignore-label nan leaves out rows without one";

const isMissingWord = (text: string): boolean => missingWords.has(text.trim().toLowerCase());
const isMissing = (value: unknown): boolean => value === null || value === undefined || value === "" || Number.isNaN(value);

/** Digits of a whole number that are still a number; more are a hash or a name. */
const mostDigits = 40;

/**
 * The number that a text stands for, exactly: `1`, `1.0`, `1.0e+00`, `+1`; a bigint beyond 2⁵³, where a double holds some whole numbers only and two that differ must not
 * become one class; null where it is none, or has leading zeros, as a code has.
 */
export function labelNumber(text: string): number | bigint | null {
  const plain = text.trim();
  const infinite = /^([+-]?)inf(?:inity)?$/i.exec(plain);
  if (infinite) return infinite[1] === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  const parts = /^([+-]?)(\d*)(?:\.(\d*))?(?:e([+-]?\d{1,4}))?$/i.exec(plain);
  if (!parts || (!parts[2] && !parts[3]) || /^0\d/.test(parts[2])) return null;
  const value = Number(plain);
  if (Math.abs(value) < 2 ** 53) return value + 0;
  const [, sign, whole, fraction = "", power = "0"] = parts;
  let digits = `${whole}${fraction}`.replace(/^0+/, "");
  let exponent = Number(power) - fraction.length;
  const zeros = Math.min(Math.max(0, -exponent), /0*$/.exec(digits)![0].length);
  digits = digits.slice(0, digits.length - zeros);
  exponent += zeros;
  if (exponent >= 0 && digits.length + exponent <= mostDigits) return BigInt(`${sign}${digits}${"0".repeat(exponent)}`);
  return parts[3] === undefined && parts[4] === undefined ? null : value;
}

const booleanWord = (text: string): number | null => (/^\s*true\s*$/i.test(text) ? 1 : /^\s*false\s*$/i.test(text) ? 0 : null);

/** Whether two numbers are one, a bigint or not. */
const sameNumber = (a: number | bigint, b: number | bigint): boolean => !(a < b || a > b);

/** Whether a float is a whole number of a size at which such are rounded: identifiers that differed may have become one class, before the file was written. */
const isRounded = (value: number, most = Number.MAX_SAFE_INTEGER): boolean => Math.abs(value) > most && Number.isInteger(value);
const exactly = "whole numbers as integers or as text: floats of that size are rounded, and classes that differed are one";

/** A label as a message shows it. */
const shown = (label: unknown): string => (typeof label === "bigint" ? String(label) : describe(label));

/** A test of values that stand for "no label": numbers compare as numbers; nan, NA, null and an empty cell are one. */
function ignores(words: readonly string[]): (value: unknown, text: boolean) => boolean {
  const numbers = words.map(labelNumber).filter((value) => value !== null);
  const missing = words.some(isMissingWord);
  return (value, text) => {
    if (isMissing(value)) return missing;
    if (typeof value === "boolean")
      return words.some((word) => booleanWord(word) === Number(value)) || numbers.some((each) => sameNumber(each, Number(value)));
    if (typeof value === "number" || typeof value === "bigint") return numbers.some((each) => sameNumber(each, value));
    if (typeof value !== "string") return false;
    if (words.includes(value)) return true;
    if (text && missing && isMissingWord(value)) return true;
    const number = labelNumber(value);
    return number !== null && numbers.some((each) => sameNumber(each, number));
  };
}

/** Whether all cells of text are numbers, or booleans. Words alone may hold a class called nan, or inf; among numbers neither is a name. */
function areNumbers(columns: readonly LabelColumn[], skips: (value: unknown, text: boolean) => boolean): boolean {
  let known = false;
  for (const { values } of columns) {
    for (let i = 0; i < values.length; i++) {
      const cell = values[i] as string;
      if (skips(cell, true) || isMissingWord(cell)) continue;
      const number = labelNumber(cell) ?? booleanWord(cell);
      if (number === null) return false;
      known ||= number !== Number.POSITIVE_INFINITY && number !== Number.NEGATIVE_INFINITY;
    }
  }
  return known;
}

/**
 * Labels of one or several files as one list: whether text stands for numbers is decided over all of them, so that a class is one whichever file names it.
 *
 * @param columns - the labels of each file
 * @param ignored - what stands for "no label"
 * @param words - take texts as words, though all may be numbers
 * @returns labels of the rows that have one
 * @throws RangeError or TypeError naming a row without a label, or of another kind than the others
 */
export function decideLabels(columns: readonly LabelColumn[], ignored: readonly string[], caller: string, words = false): DecidedLabels {
  const skips = ignores(ignored);
  const [only] = columns;
  if (columns.length === 1 && ignored.length === 0 && ArrayBuffer.isView(only.values)) {
    if (only.values instanceof Float32Array || only.values instanceof Float64Array) {
      const floats = only.values as Float64Array;
      const most = only.values instanceof Float32Array ? 2 ** 24 : Number.MAX_SAFE_INTEGER;
      const wrong = floats.findIndex((value) => Number.isNaN(value) || isRounded(value, most));
      if (wrong >= 0) throw valueError(caller, only.place(wrong), `is ${floats[wrong]}`, Number.isNaN(floats[wrong]) ? leaveOut : exactly);
    }
    return { labels: only.values as unknown as Labels, rows: null, count: only.values.length };
  }
  const texts = columns.filter(({ text }) => text);
  const typedWords = columns.some(({ values, text }) => !text && Array.prototype.some.call(values, (value) => typeof value === "string"));
  const asNumbers = texts.length > 0 && !typedWords && !words && areNumbers(texts, skips);
  const labels: ClassName[] = [];
  const rows: number[] = [];
  let first: string | null = null;
  let kind: "string" | "number" | null = null;
  let at = 0;
  for (const { values, text, place, missing } of columns) {
    for (let i = 0; i < values.length; i++, at++) {
      const value = values[i];
      if (skips(value, text)) continue;
      if (isMissing(value)) {
        const [found, wanted] = missing?.(value) ?? [`is ${describe(value)}`, "a number, string or bigint"];
        throw valueError(caller, place(i), found, `${wanted}; --ignore-label nan leaves out rows without a label`);
      }
      let label = value;
      if (typeof value === "boolean") label = Number(value);
      else if (text && asNumbers) {
        label = labelNumber(value as string) ?? booleanWord(value as string);
        if (label === null) throw valueError(caller, place(i), `has the label ${describe(value)} among numbers`, leaveOut);
      }
      if (typeof label !== "number" && typeof label !== "string" && typeof label !== "bigint")
        throw kindError(caller, place(i), value, "a number, string or bigint");
      if (!text && typeof label === "number" && isRounded(label)) throw valueError(caller, place(i), `is ${label}`, exactly);
      const found = typeof label === "string" ? "string" : "number";
      if (kind === null) [kind, first] = [found, `${place(i)} (${shown(value)})`];
      if (kind !== found) throw valueError(caller, place(i), `has the label ${shown(value)}`, `a ${kind}, as ${first}: labels of one kind`);
      labels.push(label);
      rows.push(at);
    }
  }
  if (labels.length === 0)
    throw valueError(caller, only.place(0), "and all other rows have no label", "at least one that --ignore-label leaves");
  return { labels, rows: rows.length === at ? null : Int32Array.from(rows), count: at };
}
