import { checkCount } from "../core/checks.ts";
import { kindError, valueError } from "../core/errors.ts";
import { checkState, type IncrementalSoftmax } from "./incrementalSoftmax.ts";
import { refitDual } from "./refitDual.ts";

/**
 * Removes one or more labelled examples and refits. The result is that of `fitSoftmax` on the remaining rows. It costs a few Newton steps
 * of O(n² · k) from the last solution, whatever d is.
 *
 * @param state - from `addExamples` or an earlier change; it stays as it is
 * @param positions - places of the rows to take away, in 0 … n − 1, each once
 * @returns the next state: the remaining rows, in their order
 * @throws RangeError when a place is out of range or comes twice
 * @example
 * ```ts
 * import { toMatrix } from "softprobe";
 * import { addExamples, incrementalSoftmax, removeExamples } from "softprobe/incremental";
 *
 * const state = addExamples(incrementalSoftmax(1), toMatrix([[0], [4], [9]]), ["low", "high", "mistake"]);
 * console.log(removeExamples(state, [2]).fit?.classes); // → [ 'high', 'low' ]
 * ```
 */
export function removeExamples(state: IncrementalSoftmax, positions: ArrayLike<number>): IncrementalSoftmax {
  const caller = "removeExamples";
  checkState(state, caller);
  const n = state.rows.length;
  if (positions === null || typeof positions !== "object") throw kindError(caller, "positions", positions, "an array of whole numbers");
  if (n === 0 && positions.length > 0) throw valueError(caller, "positions[0]", `is ${positions[0]}`, "none: there are no rows");
  const gone = new Set(Array.from(positions, (at, p) => checkCount(at, caller, `positions[${p}]`, 0, n - 1)));
  if (gone.size !== positions.length) throw valueError(caller, "positions", "names a row twice", "every row once");
  const kept = state.rows.map((_, i) => i).filter((i) => !gone.has(i));
  const m = kept.length;
  const k = state.fit?.classes.length ?? 0;
  const gram = new Float64Array(m * m);
  for (let p = 0, at = 0; p < m; p++) {
    const from = kept[p] * n;
    for (let q = 0; q < m; q++, at++) gram[at] = state.gram[from + kept[q]];
  }
  const dual = new Float64Array(m * k);
  kept.forEach((i, p) => {
    if (state.fit) dual.set(state.fit.dual.subarray(i * k, (i + 1) * k), p * k);
  });
  return refitDual(caller, state, { rows: kept.map((i) => state.rows[i]), labels: kept.map((i) => state.labels[i]), gram, dual }, 0);
}
