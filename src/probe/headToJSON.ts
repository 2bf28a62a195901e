import { checkPositive } from "../core/checks.ts";
import { firstNotFinite } from "../core/doubles.ts";
import { kindError, valueError } from "../core/errors.ts";
import type { ClassName } from "../core/labels.ts";
import { encodeDoubles } from "./base64.ts";
import { headFields, stepFields } from "./headFields.ts";
import type { Head, Probe } from "./probe.ts";
import type { Step, StepPart } from "./steps.ts";

/** A head or a probe as a JSON document: see `headToJSON`. */
export interface HeadDocument {
  readonly schema: "softprobe/head@1";
  /** `probe`, or the kind of a head alone. */
  readonly kind: Probe["kind"] | Head["kind"];
  readonly [field: string]: unknown;
}

/** A class name as JSON: a bigint as its digits, an infinite number by its name. */
export function encodeClass(name: ClassName): unknown {
  if (typeof name === "bigint") return { bigint: String(name) };
  return typeof name === "number" && !Number.isFinite(name) ? { number: String(name) } : name;
}

/** A field's value: arrays of numbers as base64, what is not a number as it is. */
function encodeField(value: unknown, path: string): unknown {
  if (typeof value !== "number" && !(value instanceof Float64Array)) return value;
  const values = typeof value === "number" ? [value] : value;
  const wrong = firstNotFinite(values);
  if (wrong >= 0) throw valueError("headToJSON", values === value ? `${path}[${wrong}]` : path, `is ${values[wrong]}`, "finite numbers");
  return values === value ? encodeDoubles(values) : value;
}

/** Steps as JSON. */
export function encodeSteps(steps: readonly Step[], path: string): readonly unknown[] {
  return steps.map((step, s) => {
    const own = `${path}[${s}]`;
    if (step.kind !== "parts") return encodeRecord(step, stepFields, own);
    return { kind: step.kind, parts: step.parts.map((part, p) => encodePart(part, `${own}.parts[${p}]`)) };
  });
}

function encodePart({ name, weight, steps }: StepPart, path: string) {
  return { name, weight: encodeField(weight, `${path}.weight`), steps: encodeSteps(steps, `${path}.steps`) };
}

function encodeRecord(record: { readonly kind: string }, table: Readonly<Record<string, object>>, path: string) {
  const { kind } = record;
  if (!Object.hasOwn(table, kind)) throw kindError("headToJSON", path, record, "a trained head or probe");
  const values = record as unknown as Readonly<Record<string, unknown>>;
  return { kind, ...Object.fromEntries(Object.keys(table[kind]).map((name) => [name, encodeField(values[name], `${path}.${name}`)])) };
}

function encodeHead(head: Head) {
  const fields = encodeRecord(head, headFields, "head");
  return { ...fields, kind: head.kind, classes: head.classes.map(encodeClass) };
}

/**
 * Turns a trained head or probe into a plain JSON document, `softprobe/head@1`, to save and to ship: `JSON.stringify` it, and
 * `headFromJSON` gives it
 * back with every bit of every number.
 *
 * Arrays are strings: base64 of the little-endian doubles, row-major (in Python, `np.frombuffer(base64.b64decode(text), "<f8")`); shapes follow
 * from `classes` and `cols`. This keeps every bit, −0 included, and takes 11 characters a number; decimal digits would take up to 24.
 * Classes beyond
 * 2⁵³ are `{"bigint": "…"}`, infinite ones `{"number": "Infinity"}`; everything else is plain.
 *
 * @param head - a trained head, or a probe with its steps, temperature, rejection and provenance
 * @returns the document
 * @throws RangeError when a number is not finite; TypeError when `head` is neither a head nor a probe
 * @example
 * ```ts
 * import { fitCentroid, headFromJSON, headToJSON, toMatrix } from "softprobe";
 *
 * const document = headToJSON(fitCentroid(toMatrix([[0], [4]]), ["low", "high"]));
 * console.log(JSON.stringify(document)); // → {"schema":"softprobe/head@1","kind":"centroid","classes":["high","low"],"cols":1,"centroids":"AAAAAAAAEEAAAAAAAAAAAA=="}
 * console.log(headFromJSON(document)); // → { kind: 'centroid', classes: [ 'high', 'low' ], cols: 1, centroids: Float64Array(2) [ 4, 0 ] }
 * ```
 */
export function headToJSON(head: Head | Probe): HeadDocument {
  if (head === null || typeof head !== "object") throw kindError("headToJSON", "head", head, "a trained head or probe");
  const schema = "softprobe/head@1";
  if (head.kind !== "probe") return { schema, ...encodeHead(head) };
  const { cols, columns, steps, head: last, temperature, rejection, provenance } = head;
  return {
    schema,
    kind: "probe",
    cols,
    ...(columns ? { columns } : {}),
    steps: encodeSteps(steps, "steps"),
    head: encodeHead(last),
    temperature: checkPositive(temperature, "headToJSON", "temperature"),
    rejection: rejection && { by: rejection.by, threshold: encodeField(rejection.threshold, "rejection.threshold") },
    provenance: provenance && { version: provenance.version, options: provenance.options, digest: provenance.digest },
  };
}
