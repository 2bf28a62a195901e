import { describe, valueError } from "../core/errors.ts";

/** What the header of an npy file says. */
export interface NpyHeader {
  /** As written, such as `<f4`. */
  readonly dtype: string;
  readonly fortranOrder: boolean;
  readonly shape: readonly number[];
  /** Where the data begin. */
  readonly dataStart: number;
}

type Value = string | boolean | number[];

const headerLimit = 65536;
const axesLimit = 64;

/** A one-pass reader of the Python literals that numpy writes: each character is looked at once, and nothing else is understood. */
function literalReader(text: string, refuse: (found: string, wanted: string) => RangeError) {
  let at = 0;
  const spaces = (): void => {
    while (text[at] === " " || text[at] === "\t" || text[at] === "\n" || text[at] === "\r") at++;
  };
  const here = (): string => (at < text.length ? `${describe(text[at])} at character ${at}` : `nothing at character ${at}`);
  const take = (wanted: string): void => {
    spaces();
    if (text[at] !== wanted) throw refuse(`has ${here()} of the header`, `"${wanted}"`);
    at++;
  };
  const takeIf = (wanted: string): boolean => {
    spaces();
    if (text[at] !== wanted) return false;
    at++;
    return true;
  };
  const string = (): string => {
    spaces();
    const quote = text[at];
    if (quote !== "'" && quote !== '"') throw refuse(`has ${here()} of the header`, "a string in quotes");
    const end = text.indexOf(quote, at + 1);
    const content = end < 0 ? "\\" : text.slice(at + 1, end);
    if (content.includes("\\") || content.includes("\n"))
      throw refuse("has a header whose string does not end or has escapes", "a plain string");
    at = end + 1;
    return content;
  };
  const integer = (): number => {
    spaces();
    const start = at;
    while (at < text.length && text[at] >= "0" && text[at] <= "9") at++;
    const digits = text.slice(start, at);
    // Python 2 wrote long integers as 3L.
    if (text[at] === "L") at++;
    const value = Number(digits);
    if (digits === "" || digits.length > 16 || !Number.isSafeInteger(value)) {
      throw refuse(
        digits === "" ? `has ${here()} of the shape` : `has an axis of ${digits.slice(0, 24)}`,
        "whole numbers of at least 0 and below 2^53",
      );
    }
    return value;
  };
  const tuple = (): number[] => {
    take("(");
    const values: number[] = [];
    let comma = true;
    while (!takeIf(")")) {
      if (!comma) throw refuse(`has ${here()} of the shape`, '"," or ")"');
      values.push(integer());
      if (values.length > axesLimit) throw refuse(`has more than ${axesLimit} axes`, `at most ${axesLimit}`);
      comma = takeIf(",");
    }
    if (values.length === 1 && !comma) throw refuse("has a shape that is no tuple", 'a "," after its only axis');
    return values;
  };
  const value = (key: string): Value => {
    spaces();
    if (text[at] === "(") return tuple();
    for (const [word, meaning] of [["True", true] as const, ["False", false] as const]) {
      if (text.startsWith(word, at)) {
        at += word.length;
        return meaning;
      }
    }
    if (text[at] === "[")
      throw refuse("has a structured dtype (named fields)", "a plain one; save one field: np.save(file, array['field'])");
    if (text[at] === "'" || text[at] === '"') return string();
    throw refuse(`has ${here()} of the header, as ${describe(key)}`, "a string, True, False or a tuple");
  };
  const end = (): void => {
    spaces();
    if (at < text.length) throw refuse(`has ${here()} of the header`, "nothing after the dictionary");
  };
  return { take, takeIf, string, value, end };
}

/**
 * Reads the header of an npy file (versions 1.0, 2.0 and 3.0): strictly, in time linear in its length.
 *
 * @throws RangeError naming `argument` when it is not such a header
 */
export function parseNpyHeader(bytes: Uint8Array, caller: string, argument: string): NpyHeader {
  const refuse = (found: string, wanted: string): RangeError => valueError(caller, argument, found, wanted);
  const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
  if (bytes.length < 10) throw refuse(`is truncated: it has ${bytes.length} bytes`, "at least the 10 of an npy header");
  if (magic.some((byte, i) => bytes[i] !== byte)) throw refuse("is not an npy file", 'one that begins with "\\x93NUMPY"');
  const [major, minor] = [bytes[6], bytes[7]];
  if (major < 1 || major > 3 || minor !== 0) throw refuse(`has version ${major}.${minor}`, "1.0, 2.0 or 3.0");
  const wide = major > 1;
  if (wide && bytes.length < 12) throw refuse(`is truncated: it has ${bytes.length} bytes`, "at least the 12 of an npy header");
  const length = wide ? (bytes[8] | (bytes[9] << 8) | (bytes[10] << 16) | (bytes[11] << 24)) >>> 0 : bytes[8] | (bytes[9] << 8);
  const start = wide ? 12 : 10;
  if (length > headerLimit) throw refuse(`has a header of ${length} bytes`, `at most ${headerLimit}`);
  if (start + length > bytes.length)
    throw refuse(`is truncated: its header ends at byte ${start + length} of ${bytes.length}`, "a whole header");
  // Versions 1 and 2 are Latin-1, 3 is UTF-8; they differ in names of fields only, which are refused.
  let text = "";
  for (let i = start; i < start + length; i++) text += String.fromCharCode(bytes[i]);

  const reader = literalReader(text, refuse);
  const found = new Map<string, Value>();
  reader.take("{");
  let comma = true;
  while (!reader.takeIf("}")) {
    if (!comma) throw refuse("has no comma between two entries of the header", '","');
    const key = reader.string();
    if (!["descr", "fortran_order", "shape"].includes(key) || found.has(key)) {
      throw refuse(`has ${describe(key)} in the header`, "descr, fortran_order and shape, once each");
    }
    reader.take(":");
    found.set(key, reader.value(key));
    comma = reader.takeIf(",");
  }
  reader.end();
  const [dtype, fortranOrder, shape] = [found.get("descr"), found.get("fortran_order"), found.get("shape")];
  if (typeof dtype !== "string") throw refuse("has no dtype in the header", "descr, a string such as '<f4'");
  if (typeof fortranOrder !== "boolean") throw refuse("has no fortran_order in the header", "True or False");
  if (!Array.isArray(shape)) throw refuse("has no shape in the header", "a tuple of whole numbers");
  return { dtype, fortranOrder, shape, dataStart: start + length };
}
