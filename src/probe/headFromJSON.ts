import { describe, kindError, shapeError, valueError } from "../core/errors.ts";
import { decodeSteps } from "./decodeSteps.ts";
import { copyJSON, decodeField, decodeRecord, type Fields, headReader, objectOf, textOf } from "./headDecoder.ts";
import { headFields } from "./headFields.ts";
import type { Head, Probe, Provenance, Rejection } from "./probe.ts";

const caller = headReader;

function decodeHead(value: unknown, path: string, extra: readonly string[] = []): Head {
  const head = decodeRecord(value, headFields, path, extra) as unknown as Head;
  const k = head.classes.length;
  const each = k * head.cols;
  const check = (name: string, values: Float64Array, wanted: number): void => {
    if (values.length !== wanted)
      throw shapeError(
        caller,
        `${path}.${name}`,
        `${values.length} values`,
        wanted === k ? `${k}, one a class` : `${k} × ${head.cols} = ${wanted}`,
      );
  };
  if (head.kind === "centroid") check("centroids", head.centroids, each);
  else if (head.kind === "cosine") check("directions", head.directions, each);
  else if (head.kind === "plda") {
    check("means", head.means, each);
    check("variances", head.variances, each);
    const wrong = head.variances.findIndex((variance) => !(variance > 0));
    if (wrong >= 0) throw valueError(caller, `${path}.variances[${wrong}]`, `is ${head.variances[wrong]}`, "variances above 0");
  } else {
    check("coef", head.coef, each);
    check("intercept", head.intercept, k);
  }
  return head;
}

function decodeRejection(value: unknown): Rejection | null {
  if (value === null) return null;
  const { by, threshold } = objectOf(value, "rejection", ["by", "threshold"]);
  if (by !== "probability" && by !== "margin" && by !== "score")
    throw valueError(caller, "rejection.by", `is ${describe(by)}`, "probability, margin or score");
  return { by, threshold: decodeField(threshold, "number", "rejection.threshold") as number };
}

function decodeProvenance(value: unknown): Provenance | null {
  if (value === null) return null;
  const { version, options, digest } = objectOf(value, "provenance", ["version", "options", "digest"]);
  if (options === null || typeof options !== "object" || Array.isArray(options))
    throw kindError(caller, "provenance.options", options, "an object");
  return {
    version: textOf(version, "provenance.version"),
    options: copyJSON(options, "provenance.options") as Fields,
    digest: digest === null ? null : textOf(digest, "provenance.digest"),
  };
}

/** Names of columns, each once: rows to predict are put into order by them. */
function decodeColumns(value: unknown, cols: number): readonly string[] {
  if (!Array.isArray(value)) throw kindError(caller, "columns", value, "an array of names");
  if (value.length !== cols) throw shapeError(caller, "columns", `${value.length} names`, `${cols}, one a column`);
  const names = value.map((name, j) => textOf(name, `columns[${j}]`));
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
    rejection: decodeRejection(given.rejection),
    provenance: decodeProvenance(given.provenance),
  };
}

/**
 * Reads what `headToJSON` wrote: every bit of every number comes back. Strict, and safe with files of others: whatever is missing, unknown, not
 * finite, of a wrong kind or length, or of another version is refused with a reason, and nothing is allocated that the document does not hold.
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
  if (parsed === null || typeof parsed !== "object" || Array.isArray(parsed))
    throw kindError(caller, "document", parsed, "a softprobe/head@1 document");
  const schema = Object.hasOwn(parsed, "schema") ? (parsed as { schema: unknown }).schema : undefined;
  if (schema !== "softprobe/head@1") {
    const newer = typeof schema === "string" && /^softprobe\/head@\d{1,9}$/.test(schema);
    throw valueError(
      caller,
      "document.schema",
      `is ${describe(schema)}`,
      `"softprobe/head@1"${newer ? ": a newer softprobe reads it" : ""}`,
    );
  }
  if (Object.hasOwn(parsed, "kind") && (parsed as { kind: unknown }).kind === "probe") return decodeProbe(parsed);
  return decodeHead(parsed, "document", ["schema"]);
}
