import { describe, shapeError, valueError } from "../core/errors.ts";
import { decodeSteps } from "./decodeSteps.ts";
import { checkObject, decodeField, decodeFields, decodeRecord, headReader, listOf, objectOf, ownField, textOf } from "./headDecoder.ts";
import { headFields, provenanceFields, rejectionFields } from "./headFields.ts";
import type { Head, Probe, Provenance, Rejection } from "./probe.ts";

const caller = headReader;

function decodeHead(value: unknown, path: string, extra: readonly string[] = []): Head {
  const head = decodeRecord(value, headFields, path, extra) as unknown as Head;
  const k = head.classes.length;
  for (const [name, values] of Object.entries(head)) {
    if (!(values instanceof Float64Array)) continue;
    const wanted = name === "intercept" ? k : k * head.cols;
    if (values.length !== wanted)
      throw shapeError(
        caller,
        `${path}.${name}`,
        `${values.length} values`,
        wanted === k ? `${k}, one a class` : `${k} × ${head.cols} = ${wanted}`,
      );
  }
  const wrong = head.kind === "plda" ? head.variances.findIndex((variance) => !(variance > 0)) : -1;
  if (head.kind === "plda" && wrong >= 0)
    throw valueError(caller, `${path}.variances[${wrong}]`, `is ${head.variances[wrong]}`, "variances above 0");
  return head;
}

/** Names of columns, each once: rows to predict are put into order by them. */
function decodeColumns(value: unknown, cols: number): readonly string[] {
  const names = listOf(value, "columns", "names", `${cols}, one a column`, cols, cols).map((name, j) => textOf(name, `columns[${j}]`));
  if (new Set(names).size < cols) throw valueError(caller, "columns", "name one column twice", "every name once");
  return names;
}

function decodeProbe(document: unknown): Probe {
  const named = Object.hasOwn(document as object, "columns") ? ["columns"] : [];
  const fields = ["schema", "kind", "cols", ...named, "steps", "head", "temperature", "rejection", "provenance"];
  const given = objectOf(document, "document", fields);
  const cols = decodeField(given.cols, "size", "cols") as number;
  const columns = named.length > 0 ? decodeColumns(given.columns, cols) : undefined;
  const { steps, width } = decodeSteps(given.steps, "steps", cols);
  const head = decodeHead(given.head, "head");
  if (head.cols !== width) throw shapeError(caller, "head", `${head.cols} columns`, `${width}, as its steps leave`);
  return {
    kind: "probe",
    cols,
    ...(columns ? { columns } : {}),
    steps,
    head,
    temperature: decodeField(given.temperature, "positive", "temperature") as number,
    rejection: given.rejection === null ? null : (decodeFields(given.rejection, rejectionFields, "rejection") as unknown as Rejection),
    provenance:
      given.provenance === null ? null : (decodeFields(given.provenance, provenanceFields, "provenance") as unknown as Provenance),
  };
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
      throw valueError(caller, "document", `is not JSON (${(error as Error).message.slice(0, 80)})`, "a whole softprobe/head@1 document");
    }
  }
  checkObject(parsed, "document", "a softprobe/head@1 document");
  const schema = ownField(parsed, "schema");
  if (schema !== "softprobe/head@1") {
    const newer = typeof schema === "string" && /^softprobe\/head@\d{1,9}$/.test(schema);
    throw valueError(
      caller,
      "document.schema",
      `is ${describe(schema)}`,
      `"softprobe/head@1"${newer ? ": a newer softprobe reads it" : ""}`,
    );
  }
  return ownField(parsed, "kind") === "probe" ? decodeProbe(parsed) : decodeHead(parsed, "document", ["schema"]);
}
