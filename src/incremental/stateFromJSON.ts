import { describe, kindError, shapeError, valueError } from "../core/errors.ts";
import { decodeDoubles, decodeSingles } from "../probe/base64.ts";
import { decodeClass } from "../probe/headDecoder.ts";
import { checkRejection } from "../probe/probe.ts";
import { addExamples } from "./addExamples.ts";
import { type IncrementalSoftmax, incrementalSoftmax } from "./incrementalSoftmax.ts";

const caller = "stateFromJSON";
const names = ["schema", "cols", "C", "fitIntercept", "normalize", "temperature", "rejection", "classes", "codes", "storage", "rows"];

/**
 * Reads what `stateToJSON` wrote and refits it, so that a page can go on adding and removing examples. It is strict, and safe with files
 * you do not trust: anything missing, unknown, not finite or of the wrong length is refused, and the error names it.
 *
 * @param document - the parsed document, or its text
 * @returns the state
 * @throws RangeError or TypeError naming the field at fault and what was expected
 * @example
 * ```ts
 * import { toMatrix } from "softprobe";
 * import { addExamples, incrementalSoftmax, stateFromJSON, stateToJSON } from "softprobe/incremental";
 *
 * const state = addExamples(incrementalSoftmax(1, { C: 10 }), toMatrix([[0], [4]]), ["low", "high"]);
 * const back = stateFromJSON(JSON.stringify(stateToJSON(state)));
 * console.log(back.labels, back.C, back.fit!.dual.every((value, at) => value === state.fit!.dual[at])); // → [ 'low', 'high' ] 10 true
 * ```
 */
export function stateFromJSON(document: unknown): IncrementalSoftmax {
  let parsed = document;
  if (typeof document === "string") {
    try {
      parsed = JSON.parse(document);
    } catch {
      throw valueError(caller, "document", "is not JSON", "a whole softprobe/state@1 document");
    }
  }
  if (parsed === null || typeof parsed !== "object" || Array.isArray(parsed))
    throw kindError(caller, "document", parsed, "a softprobe/state@1 document");
  const given = parsed as Readonly<Record<string, unknown>>;
  const schema = Object.hasOwn(given, "schema") ? given.schema : undefined;
  if (schema !== "softprobe/state@1") throw valueError(caller, "document.schema", `is ${describe(schema)}`, '"softprobe/state@1"');
  for (const name of Object.keys(given))
    if (!names.includes(name))
      throw valueError(caller, "document", `has an unknown field ${describe(name)}`, `${names.join(", ")} and no more`);
  for (const name of names)
    if (!Object.hasOwn(given, name)) throw valueError(caller, "document", `has no ${name}`, `${names.join(", ")}: is it truncated?`);

  const { cols, C, fitIntercept, normalize, temperature, rejection, classes, codes, storage, rows } = given;
  const inner = (error: unknown): never => {
    // What the state's own check says, in this function's name.
    if (error instanceof Error)
      error.message = error.message.replace(/^(?:incrementalSoftmax|addExamples|checkRejection): /, `${caller}: `);
    throw error;
  };
  let empty: IncrementalSoftmax;
  try {
    empty = incrementalSoftmax(cols as number, { C, fitIntercept, normalize } as never);
  } catch (error) {
    return inner(error);
  }
  if (typeof temperature !== "number" || !(temperature > 0 && temperature < Number.POSITIVE_INFINITY))
    throw valueError(caller, "temperature", `is ${describe(temperature)}`, "a finite number greater than 0");
  const state = { ...empty, temperature, rejection: checkRejection(rejection, caller) };
  if (!Array.isArray(classes)) throw kindError(caller, "classes", classes, "an array of classes");
  if (!Array.isArray(codes)) throw kindError(caller, "codes", codes, "an array of whole numbers");
  if (storage !== "singles" && storage !== "doubles") throw valueError(caller, "storage", `is ${describe(storage)}`, "singles or doubles");
  if (typeof rows !== "string") throw kindError(caller, "rows", rows, "base64");
  const data = storage === "singles" ? decodeSingles(rows) : decodeDoubles(rows);
  if (data === null) throw valueError(caller, "rows", `is ${describe(rows)}`, `base64 of whole ${storage}: is it truncated?`);
  const n = codes.length;
  if (data.length !== n * state.cols) throw shapeError(caller, "rows", `${data.length} values`, `${n} × ${state.cols}: is it truncated?`);
  const decoded = classes.map((name, c) => decodeClass(name, `classes[${c}]`, caller));
  const labels = codes.map((code, i) => {
    if (!Number.isInteger(code) || code < 0 || code >= decoded.length)
      throw valueError(caller, `codes[${i}]`, `is ${describe(code)}`, `a whole number in 0…${decoded.length - 1}`);
    return decoded[code];
  });
  if (n === 0) return state;
  try {
    return addExamples(state, { data, rows: n, cols: state.cols }, labels);
  } catch (error) {
    return inner(error);
  }
}
