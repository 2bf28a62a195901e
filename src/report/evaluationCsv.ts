import type { Evaluation } from "../evaluate/results.ts";
import { checkEvaluation } from "./checkResults.ts";
import { toCsv } from "./csv.ts";

/**
 * Writes an evaluation as CSV (RFC 4180, lines ended by \n): one line for each mask and probe, with fractions of 1 in full precision and
 * empty fields for missing values.
 * If the evaluation kept counts per episode, `toNdjson` writes these too.
 *
 * @param evaluation - the result of `evaluate`, or its JSON read back
 * @returns a header `mask,probe,episodes,accuracy,ci95_low,ci95_high,difference,difference_low,difference_high,p` and one line a result
 * @throws TypeError when `evaluation` is not a result of `evaluate`; RangeError when its schema is unknown or it has no results
 * @example
 * ```ts
 * import { type Evaluation } from "softprobe";
 * import { evaluationCsv } from "softprobe/report";
 *
 * const evaluation: Evaluation = {
 *   schema: "softprobe/eval@1", config: {}, digest: "…", episodes: 600, excludedClasses: [],
 *   results: [{ mask: "none", probe: "softmax", accuracy: 0.806, ci95: [0.798, 0.814], difference: null }],
 * };
 * console.log(evaluationCsv(evaluation).split("\n")[1]); // → none,softmax,600,0.806,0.798,0.814,,,,
 * ```
 */
export function evaluationCsv(evaluation: Evaluation): string {
  const { results, episodes } = checkEvaluation(evaluation, "evaluationCsv");
  return toCsv(
    ["mask", "probe", "episodes", "accuracy", "ci95_low", "ci95_high", "difference", "difference_low", "difference_high", "p"],
    results.map(({ mask, probe, accuracy, ci95, difference }) => [
      mask,
      probe,
      episodes,
      accuracy,
      ...ci95,
      ...(difference ? [difference.mean, ...difference.ci95, difference.p] : [null, null, null, null]),
    ]),
  );
}
