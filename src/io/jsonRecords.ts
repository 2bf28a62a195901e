import { describe, valueError } from "../core/errors.ts";

/** The error of a line. */
export type JsonRefuse = (found: string, wanted: string) => RangeError;

/** A line of JSON lines: an object or an array. */
export interface JsonRecord {
  readonly record: object;
  readonly refuse: JsonRefuse;
}

/** The value of a key of its own, so that `__proto__` and `constructor` are keys as any other. */
export const ownValue = (record: object, key: string): unknown =>
  Object.hasOwn(record, key) ? (record as Record<string, unknown>)[key] : undefined;

function parseLine(text: string, refuse: JsonRefuse): object {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw refuse(`is no JSON (${(error as Error).message.slice(0, 80)})`, "a JSON document");
  }
  if (typeof value !== "object" || value === null) throw refuse(`is ${describe(value)}`, "an object or an array of numbers");
  return value;
}

/** The records of JSON lines, one after the other; empty lines are passed over. */
export function* parseJsonLines(text: string, caller: string, name: string): Generator<JsonRecord> {
  let line = 0;
  for (let at = 0; at < text.length; ) {
    const newline = text.indexOf("\n", at);
    const end = newline < 0 ? text.length : newline;
    const content = text.slice(at, end);
    at = end + 1;
    line++;
    if (content.trim() === "") continue;
    const number = line;
    const refuse: JsonRefuse = (found, wanted) => valueError(caller, `${name} line ${number}`, found, wanted);
    yield { record: parseLine(content, refuse), refuse };
  }
}

/** Collects labels that are all numbers or all strings; booleans as 0 and 1. */
export function jsonLabels() {
  const labels: (number | string)[] = [];
  return {
    add(record: object, key: string, refuse: JsonRefuse): void {
      const found = ownValue(record, key);
      const label = typeof found === "boolean" ? Number(found) : found;
      if (typeof label !== "string" && typeof label !== "number")
        throw refuse(`has the label ${describe(label)}`, `a string or a number as ${JSON.stringify(key)}`);
      if (labels.length > 0 && typeof label !== typeof labels[0])
        throw refuse(`has the label ${describe(label)}`, `a ${typeof labels[0]}, as the first line`);
      labels.push(label);
    },
    whole: () => labels as number[] | string[],
  };
}
