import { exp } from "../core/exp.ts";
import { largestAt } from "../core/largest.ts";
import type { Matrix } from "../core/matrix.ts";
import type { Work } from "../core/work.ts";
import { decisionFunction } from "../probe/predict.ts";
import { classesOf, type Probe } from "../probe/probe.ts";
import { hitsOfRows, logLossOfRows } from "../statistics/logLossOfRows.ts";

/** Test rows scored at once. */
const chunk = 1024;

/** What a probe says of the test rows. */
export interface Tested {
  readonly hits: Float64Array;
  readonly losses: Float64Array;
  readonly confidences: Float64Array;
  /** Position of the predicted class among the probe's. */
  readonly guesses: Int32Array;
}

/** Scores the test rows, a piece at a time. `codes` are positions among the probe's classes. */
export function* testProbe(probe: Probe, test: Matrix, codes: Int32Array): Work<Tested> {
  const n = test.rows;
  const k = classesOf(probe).length;
  const tested = { hits: new Float64Array(n), losses: new Float64Array(n), confidences: new Float64Array(n), guesses: new Int32Array(n) };
  for (let from = 0; from < n; from += chunk) {
    const to = Math.min(n, from + chunk);
    const piece = { data: test.data.subarray(from * test.cols, to * test.cols), rows: to - from, cols: test.cols };
    const scores = decisionFunction(probe, piece).data as Float64Array;
    const guesses = Int32Array.from({ length: to - from }, (_, i) => largestAt(scores, i * k, k));
    tested.guesses.set(guesses, from);
    tested.hits.set(hitsOfRows(scores, codes.subarray(from, to), k), from);
    tested.losses.set(logLossOfRows(scores, codes.subarray(from, to), k), from);
    tested.confidences.set(
      logLossOfRows(scores, guesses, k).map((loss) => exp(-loss)),
      from,
    );
    yield { done: to, total: n };
  }
  return tested;
}
