import { shapeError } from "../core/errors.ts";
import { indexGiven, type Labels } from "../core/labels.ts";
import { checkFinite, type Matrix } from "../core/matrix.ts";
import { checkState, type IncrementalSoftmax } from "./incrementalSoftmax.ts";
import { refitDual } from "./refitDual.ts";

/**
 * Adds one or more labelled examples and refits. The result is that of `fitSoftmax` on all the rows. It costs O(n · d) for each row
 * added, and a few Newton steps of O(n² · k) from the last solution.
 *
 * @param state - from `incrementalSoftmax` or an earlier change; it stays as it is
 * @param features - m × d rows to add, finite
 * @param labels - m labels, of known classes or new ones
 * @returns the next state: the rows come last, in their order
 * @throws RangeError when rows and labels differ in number, d is not the state's, a value is not finite, or a row's norm is beyond 1e150
 * @example
 * ```ts
 * import { toMatrix } from "softprobe";
 * import { addExamples, incrementalSoftmax } from "softprobe/incremental";
 *
 * const first = addExamples(incrementalSoftmax(1), toMatrix([[0]]), ["low"]);
 * const second = addExamples(first, toMatrix([[4]]), ["high"]);
 * console.log(first.fit, second.fit?.classes, second.fit?.converged); // → null [ 'high', 'low' ] true
 * ```
 */
export function addExamples(state: IncrementalSoftmax, features: Matrix, labels: Labels): IncrementalSoftmax {
  const caller = "addExamples";
  checkState(state, caller);
  const { data, rows: m, cols } = checkFinite(features, caller, "features");
  if (cols !== state.cols) throw shapeError(caller, "features", `${cols} columns`, `${state.cols}, as the state`);
  if (m === 0) throw shapeError(caller, "features", "0 rows", "at least 1");
  const { classes, codes } = indexGiven(labels, caller);
  if (codes.length !== m) throw shapeError(caller, "labels", `${codes.length} rows`, `${m}, one a row of features`);
  const added = Array.from({ length: m }, (_, i) => new Float64Array(data.subarray(i * cols, (i + 1) * cols)));
  const n = state.rows.length;
  const k = state.fit?.classes.length ?? 0;
  const gram = new Float64Array((n + m) ** 2);
  for (let i = 0; i < n; i++) gram.set(state.gram.subarray(i * n, (i + 1) * n), i * (n + m));
  // New rows start at 0: the columns of the dual coefficients, which sum to 0, still do.
  const dual = new Float64Array((n + m) * k);
  if (state.fit) dual.set(state.fit.dual);
  const next = { rows: [...state.rows, ...added], labels: [...state.labels, ...Array.from(codes, (code) => classes[code])], gram, dual };
  return refitDual(caller, state, next, m);
}
