import { kindError, shapeError, valueError } from "../core/errors.ts";
import { checkVector } from "./checkVector.ts";

/** Coverage and accuracy at every threshold that changes them, from the strictest on. */
export interface CoverageAccuracy {
  /** Distinct scores, ascending: rows of score ≤ threshold are answered, the others rejected. */
  readonly threshold: Float64Array;
  /** Share of rows answered, 0 … 1; the last is 1. */
  readonly coverage: Float64Array;
  /** Share of the answered rows that is right, 0 … 1. */
  readonly accuracy: Float64Array;
  /** Mean accuracy over all coverages 1/n, 2/n … 1 (1 − AURC), tied rows in random order: 0 … 1. */
  readonly area: number;
}

/**
 * Computes how accurate the answers are if only the most certain share of rows is answered (El-Yaniv & Wiener 2010; Geifman & El-Yaniv
 * 2017). O(n log n).
 *
 * @param scores - n rejection scores, finite: rows with the highest are rejected first
 * @param correct - n of true/false or 1/0: whether the answer would be right; never for a row of an unknown class
 * @returns the curve and the area under it
 * @throws RangeError when the lengths differ, there are no rows, a score is not finite or `correct` holds anything else
 * @example
 * ```ts
 * import { coverageAccuracy } from "softprobe/statistics";
 *
 * const { coverage, accuracy } = coverageAccuracy([0.1, 0.2, 0.4, 0.9], [true, true, false, false]);
 * console.log(coverage[1], accuracy[1], accuracy[3]); // → 0.5 1 0.5
 * ```
 */
export function coverageAccuracy(scores: ArrayLike<number>, correct: ArrayLike<number | boolean>): CoverageAccuracy {
  return coverageCurve(scores, correct, "coverageAccuracy");
}

/** {@link coverageAccuracy}, whose errors name `caller`. */
export function coverageCurve(scores: ArrayLike<number>, correct: ArrayLike<number | boolean>, caller: string): CoverageAccuracy {
  const n = checkVector(scores, caller, "scores");
  const hits = checkHits(correct, n, caller);
  const order = Array.from({ length: n }, (_, i) => i).sort((a, b) => scores[a] - scores[b]);
  const [threshold, coverage, accuracy]: number[][] = [[], [], []];
  let [right, area] = [0, 0];
  for (let from = 0; from < n; ) {
    let [to, own] = [from, 0];
    for (; to < n && scores[order[to]] === scores[order[from]]; to++) own += hits[order[to]];
    for (let j = 1; j <= to - from; j++) area += (right + (own * j) / (to - from)) / (from + j);
    right += own;
    threshold.push(scores[order[from]]);
    coverage.push(to / n);
    accuracy.push(right / to);
    from = to;
  }
  const list = (values: number[]) => Float64Array.from(values);
  return { threshold: list(threshold), coverage: list(coverage), accuracy: list(accuracy), area: area / n };
}

/** Checks that `correct` has n of true/false or 1/0. */
function checkHits(correct: ArrayLike<number | boolean>, n: number, caller: string): Float64Array {
  if (correct === null || typeof correct !== "object") throw kindError(caller, "correct", correct, "an array of true/false or 1/0");
  if (correct.length !== n) throw shapeError(caller, "correct", `${correct.length} entries`, `${n}, one for each of scores`);
  return Float64Array.from({ length: n }, (_, i) => {
    const hit = Number(correct[i]);
    if (hit !== 0 && hit !== 1) throw valueError(caller, `correct[${i}]`, `is ${String(correct[i])}`, "true, false, 1 or 0");
    return hit;
  });
}
