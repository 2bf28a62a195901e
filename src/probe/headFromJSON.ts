import { describe, shapeError, valueError } from "../core/errors.ts";
import { decodeSteps } from "./decodeSteps.ts";
import {
  checkObject,
  type Decoder,
  decodeColumns,
  decodeFields,
  decodeRecord,
  decodeSize,
  decodeText,
  type FieldsOf,
  headReader,
} from "./headDecoder.ts";
import { headFields, probeFields } from "./headFields.ts";
import type { Head, Probe } from "./probe.ts";

const caller = headReader;
const wanted = "a softprobe/head@1 document";
const schema = { schema: decodeText };

function decodeHead(value: unknown, path: string, more?: object): Head {
  const head = decodeRecord<Head>(value, path, headFields, more);
  const k = head.classes.length;
  for (const [name, values] of Object.entries(head)) {
    if (!(values instanceof Float64Array)) continue;
    const each = name === "intercept" ? 1 : head.cols;
    if (values.length !== k * each)
      throw shapeError(caller, `${path}.${name}`, `${values.length} values`, `${k} classes × ${each} = ${k * each}`);
  }
  const wrong = head.kind === "plda" ? head.variances.findIndex((variance) => !(variance > 0)) : -1;
  if (wrong >= 0) throw valueError(caller, `${path}.variances[${wrong}]`, "is 0 or less", "variances above 0");
  return head;
}

function decodeProbe(document: object, path: string): Probe {
  let [cols, width] = [0, 0];
  const probe = decodeFields<Probe>(document, path, {
    ...schema,
    kind: decodeText as Decoder<"probe">,
    cols: (value, own) => (cols = decodeSize(value, own)),
    ...(Object.hasOwn(document, "columns") && { columns: (value: unknown, own: string) => decodeColumns(value, own, cols) }),
    steps: (value, own) => {
      const read = decodeSteps(value, own, cols);
      width = read.width;
      return read.steps;
    },
    head: (value, own) => decodeHead(value, own),
    ...probeFields,
  } as FieldsOf<Probe>);
  if (probe.head.cols !== width) throw shapeError(caller, `${path}.head`, `${probe.head.cols} columns`, `${width}, as its steps leave`);
  return probe;
}

/**
 * Reads what `headToJSON` wrote: every bit of every number comes back. It is strict, and safe with files you do not trust: anything
 * missing, unknown, not finite, of the wrong kind or length, or of another version is refused, and the error names it. It allocates no
 * more memory than the document holds.
 *
 * @param document - the parsed document, or its text
 * @returns a head, or a probe: `predict`, `predictProba`, `classify` and `score` take either
 * @throws RangeError or TypeError naming the field at fault and what was expected
 * @example
 * ```ts
 * import { fitProbe, headFromJSON, headToJSON, predict, toMatrix } from "softprobe";
 *
 * const text = JSON.stringify(headToJSON(fitProbe(toMatrix([[1, 0], [0, 1]]), ["x", "y"])));
 * console.log(predict(headFromJSON(text), toMatrix([[3, 1]]))); // → [ 'x' ]
 * ```
 */
export function headFromJSON(document: unknown): Head | Probe {
  let parsed = document;
  if (typeof document === "string") {
    try {
      parsed = JSON.parse(document);
    } catch (error) {
      throw valueError(caller, "document", `is not JSON (${(error as Error).message.slice(0, 80)})`, wanted);
    }
  }
  const path = "document";
  const given = checkObject(parsed, path, wanted) as Readonly<Record<string, unknown>>;
  if (given.schema !== "softprobe/head@1")
    throw valueError(caller, "document.schema", `is ${describe(given.schema)}`, '"softprobe/head@1", which this version reads');
  const { schema: read, ...head } = (given.kind === "probe" ? decodeProbe(given, path) : decodeHead(given, path, schema)) as Head & {
    schema: string;
  };
  return head;
}
