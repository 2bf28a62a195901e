import { describe, valueError } from "../core/errors.ts";

/** The error of a line. */
export type JsonRefuse = (found: string, wanted: string) => RangeError;

/** A line of JSON lines: an object or an array. */
export interface JsonRecord {
  readonly record: object;
  readonly line: number;
  readonly refuse: JsonRefuse;
}

/** The value of a key of its own, so that `__proto__` and `constructor` are keys as any other. */
export const ownValue = (record: object, key: string): unknown =>
  Object.hasOwn(record, key) ? (record as Record<string, unknown>)[key] : undefined;

/** A whole number that JSON.parse may round: of 16 digits or more, no fraction or power after it. */
const longNumber = /(?:^|[\s,:[-])\d{16,}(?![\d.eE])/;
const tokens = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** A document's value, whole numbers beyond 2⁵³ as bigints. */
function parseExactly(text: string): unknown {
  const value: unknown = JSON.parse(text);
  if (!longNumber.test(text)) return value;
  // Such numbers are put in quotes behind more # than any string begins with, and turned into bigints on the way back.
  let most = 0;
  JSON.parse(text, (_, each) => {
    if (typeof each === "string") most = Math.max(most, /^#*/.exec(each)![0].length);
    return each;
  });
  const mark = "#".repeat(most + 1);
  const marked = text.replace(tokens, (token) => {
    const exact = token.startsWith('"') || !/^-?\d{16,400}$/.test(token) || Number.isSafeInteger(Number(token));
    return exact ? token : `"${mark}${token}"`;
  });
  return JSON.parse(marked, (_, each) => (typeof each === "string" && each.startsWith(mark) ? BigInt(each.slice(mark.length)) : each));
}

/** What a document is that was written whole where a line is wanted, and the way to lines; null where it is none of these. */
function wholeDocument(value: unknown): string | null {
  if (Array.isArray(value)) {
    const objects = value.length > 0 && value.every((each) => typeof each === "object" && each !== null && !Array.isArray(each));
    return objects ? `one JSON array of ${value.length} objects: jq -c '.[]' makes lines of it` : null;
  }
  const entries = Object.entries(value as object);
  const inner = entries.find(([, each]) => Array.isArray(each) && wholeDocument(each) !== null);
  if (!inner) return null;
  const holder = `one JSON document whose ${JSON.stringify(inner[0].slice(0, 40))} is an array of objects`;
  return `${holder}${inner[0] === "data" ? ", as an API answers" : ""}: jq -c '.${inner[0].slice(0, 40)}[]' makes lines of it`;
}

const linesWanted = "JSON lines: an object or an array of numbers a line";

/** The value of a line; where the first is none, `whole` tells whether the file is one document. */
function parseLine(content: string, whole: string, refuse: JsonRefuse): object {
  let value: unknown;
  try {
    value = parseExactly(content);
  } catch (error) {
    let document: unknown = null;
    try {
      document = JSON.parse(whole);
    } catch {
      // Neither a line nor a whole document.
    }
    if (typeof document !== "object" || document === null)
      throw refuse(`is no JSON (${(error as Error).message.slice(0, 80)})`, "a JSON document");
    throw refuse(
      "is a part of one JSON document",
      `${linesWanted}; the file is ${wholeDocument(document) ?? "one JSON document over several lines"}`,
    );
  }
  if (typeof value !== "object" || value === null) throw refuse(`is ${describe(value)}`, "an object or an array of numbers");
  return value;
}

/** The records of JSON lines, one after the other; empty lines are passed over. */
export function* parseJsonLines(text: string, caller: string, name: string): Generator<JsonRecord> {
  let line = 0;
  let first = true;
  for (let at = 0; at < text.length; ) {
    const newline = text.indexOf("\n", at);
    const end = newline < 0 ? text.length : newline;
    const content = text.slice(at, end);
    at = end + 1;
    line++;
    if (content.trim() === "") continue;
    const number = line;
    const refuse: JsonRefuse = (found, wanted) => valueError(caller, `${name} line ${number}`, found, wanted);
    const record = parseLine(content, first ? text : "", refuse);
    first = false;
    yield { record, line, refuse };
  }
}

/** Refuses a file whose first line is a whole document of records. */
export function checkLines(record: object, refuse: JsonRefuse): void {
  const document = wholeDocument(record);
  if (document !== null) throw refuse("holds all rows", `${linesWanted}; it is ${document}`);
}
