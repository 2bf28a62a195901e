import { kindError } from "../core/errors.ts";
import { indexLabels } from "../core/labels.ts";
import { encodeDoubles, encodeSingles } from "../probe/base64.ts";
import { encodeClass } from "../probe/headToJSON.ts";
import type { Rejection } from "../probe/probe.ts";
import type { IncrementalSoftmax } from "./incrementalSoftmax.ts";

/** A state as a JSON document: see `stateToJSON`. */
export interface StateDocument {
  readonly schema: "softprobe/state@1";
  readonly cols: number;
  readonly C: number;
  readonly fitIntercept: boolean;
  readonly normalize: "l2" | "none";
  readonly temperature: number;
  readonly rejection: Rejection | null;
  readonly classes: readonly unknown[];
  /** n: each row's class by position in `classes`. */
  readonly codes: readonly number[];
  /** `singles` where every value is one, else `doubles`. */
  readonly storage: "singles" | "doubles";
  /** n × d, base64 of little-endian numbers, row-major. */
  readonly rows: string;
}

/**
 * Turns an incremental probe's state into a plain JSON document, `softprobe/state@1`, so that a page can save its examples. It holds the
 * rows as given (four bytes a value if they are single precision), labels, C, normalisation, temperature and rejection. The fit is not
 * stored: `stateFromJSON` repeats it, with the same result.
 *
 * @param state - from `incrementalSoftmax` or any later change
 * @returns the document, for `JSON.stringify`
 * @throws TypeError when it is not a state
 * @example
 * ```ts
 * import { toMatrix } from "softprobe";
 * import { addExamples, incrementalClassify, incrementalSoftmax, stateFromJSON, stateToJSON } from "softprobe/incremental";
 *
 * const state = addExamples(incrementalSoftmax(2), toMatrix([[0, 1], [1, 0]]), ["cat", "dog"]);
 * const text = JSON.stringify(stateToJSON(state));
 * console.log(incrementalClassify(stateFromJSON(text), toMatrix([[0, 3]])).labels); // → [ 'cat' ]
 * ```
 */
export function stateToJSON(state: IncrementalSoftmax): StateDocument {
  if (state === null || typeof state !== "object" || !Array.isArray(state.rows))
    throw kindError("stateToJSON", "state", state, "a state of incrementalSoftmax");
  const { cols, C, fitIntercept, normalize, temperature, rejection, rows, labels } = state;
  const values = new Float64Array(rows.length * cols);
  rows.forEach((row, i) => {
    values.set(row, i * cols);
  });
  const single = values.every((value) => Math.fround(value) === value);
  const { classes, codes } = labels.length > 0 ? indexLabels(labels) : { classes: [], codes: [] };
  return {
    schema: "softprobe/state@1",
    ...{ cols, C, fitIntercept, normalize, temperature, rejection: rejection && { by: rejection.by, threshold: rejection.threshold } },
    ...{ classes: classes.map(encodeClass), codes: Array.from(codes), storage: single ? "singles" : "doubles" },
    rows: single ? encodeSingles(values) : encodeDoubles(values),
  };
}
