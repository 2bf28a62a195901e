import { kindError, valueError } from "../core/errors.ts";
import type { Evaluation, RedundancyCurve } from "../evaluate/results.ts";
import { checkCurves, checkEvaluation } from "./checkResults.ts";

/**
 * Writes a result as newline-delimited JSON, one line for each mask and probe of an evaluation, or each point of a curve. Every line also
 * carries the schema, digest, number of episodes and configuration, so that lines of many runs can share a file. Integers beyond 2⁵³
 * become strings.
 *
 * @param document - the result of `evaluate` or of `redundancyCurve`
 * @returns one JSON object a line, each line ended by \n
 * @throws TypeError when `document` is not a result; RangeError when its schema is unknown or it has no results or points
 * @example
 * ```ts
 * import { type Evaluation } from "softprobe";
 * import { toNdjson } from "softprobe/report";
 *
 * const evaluation: Evaluation = {
 *   schema: "softprobe/eval@1", config: { shots: 1 }, digest: "f00d", episodes: 600, excludedClasses: [],
 *   results: [{ mask: "none", probe: "softmax", accuracy: 0.8, ci95: [0.79, 0.81], difference: null }],
 * };
 * const line = JSON.parse(toNdjson(evaluation));
 * console.log(line.mask, line.accuracy, line.config); // → none 0.8 { shots: 1 }
 * ```
 */
export function toNdjson(document: Evaluation | RedundancyCurve): string {
  if (document === null || typeof document !== "object")
    throw kindError("toNdjson", "document", document, "a result of evaluate or redundancyCurve");
  const { schema, digest, episodes, config } = document;
  if (schema !== "softprobe/eval@1" && schema !== "softprobe/curve@1") {
    throw valueError("toNdjson", "document.schema", `is ${JSON.stringify(schema)}`, '"softprobe/eval@1" or "softprobe/curve@1"');
  }
  const rows =
    schema === "softprobe/eval@1" ? checkEvaluation(document, "toNdjson").results : checkCurves(document, "toNdjson")[0].curve.points;
  const line = (row: (typeof rows)[number]) =>
    JSON.stringify({ schema, digest, episodes, ...row, config }, (_, value: unknown) =>
      typeof value === "bigint" ? String(value) : value,
    );
  return rows.map((row) => `${line(row)}\n`).join("");
}
