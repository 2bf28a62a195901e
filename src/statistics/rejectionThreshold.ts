import { checkNames } from "../core/checkOptions.ts";
import { checkProbability } from "../core/checks.ts";
import { kindError } from "../core/errors.ts";
import { checkVector } from "./checkVector.ts";
import { coverageCurve } from "./coverageAccuracy.ts";

const targetNames = { targetCoverage: true, targetRejection: true, targetAccuracy: true } as const;

/** The target of a threshold: one of three. */
export type RejectionTarget =
  /** Answer at least this share, 0 … 1, of rows such as these: `scores` are of known rows that the probe has not seen. */
  | { readonly targetCoverage: number }
  /** Reject at least this share, 0 … 1, of rows such as these: `scores` are of rows of unknown classes, such as base classes. */
  | { readonly targetRejection: number }
  /** Be right on at least this share, 0 … 1, of the rows answered; `correct` tells which answers are right, and is false for unknown rows. */
  | { readonly targetAccuracy: number; readonly correct: ArrayLike<number | boolean> };

/**
 * Chooses a threshold on a rejection score: rows with a score ≤ threshold are answered, the others get "none of these".
 *
 * `targetCoverage` and `targetRejection` take the order statistic of rank ⌈target · (n + 1)⌉ from their side. By exchangeability, a new
 * row then meets the target as well (conformal prediction, Vovk et al. 2005; leave-one-out scores are only nearly exchangeable). Where n
 * is below target/(1 − target) no such rank exists: all given rows are then answered (or rejected), and a new row is with probability
 * n/(n + 1). `targetAccuracy` takes the largest threshold that meets the target on the given rows, or −Infinity, which answers nothing,
 * if there is none.
 *
 * @param scores - n rejection scores, finite
 * @param target - the target, and the data that it needs
 * @returns the threshold
 * @throws RangeError when there are no scores, one is not finite, or the target is not between 0 and 1; TypeError when there isn't exactly one target
 * @example
 * ```ts
 * import { rejectionThreshold } from "softprobe/statistics";
 *
 * const scores = [0.1, 0.5, 0.2, 0.4, 0.3];
 * console.log(rejectionThreshold(scores, { targetCoverage: 0.6 })); // → 0.4
 * console.log(rejectionThreshold(scores, { targetAccuracy: 0.9, correct: [1, 0, 1, 0, 1] })); // → 0.3
 * ```
 */
export function rejectionThreshold(scores: ArrayLike<number>, target: RejectionTarget): number {
  const caller = "rejectionThreshold";
  if (target === null || typeof target !== "object")
    throw kindError(caller, "target", target, "{targetCoverage}, {targetRejection} or {targetAccuracy, correct}");
  checkNames(target, caller, "target", [targetNames, { correct: true }]);
  const n = checkVector(scores, caller, "scores");
  const names = Object.keys(targetNames).filter((name) => name in target);
  if (names.length !== 1)
    throw new TypeError(
      `${caller}: target has ${names.join(" and ") || "none"} of targetCoverage, targetRejection, targetAccuracy, expected one`,
    );
  if ("targetAccuracy" in target) {
    const least = checkProbability(target.targetAccuracy, caller, "targetAccuracy");
    const { threshold, accuracy } = coverageCurve(scores, target.correct, caller);
    let at = threshold.length - 1;
    while (at >= 0 && accuracy[at] < least) at--;
    return at < 0 ? Number.NEGATIVE_INFINITY : threshold[at];
  }
  const sorted = Float64Array.from(scores).sort();
  // 1e-9: 0.9 · 10 is a 9, whatever its last bit says.
  const rank = (share: number) => Math.min(n, Math.ceil(share * (n + 1) - 1e-9));
  if ("targetCoverage" in target) return sorted[rank(checkProbability(target.targetCoverage, caller, "targetCoverage")) - 1];
  // The largest number below the score that must be rejected.
  return below(sorted[n - rank(checkProbability(target.targetRejection, caller, "targetRejection"))]);
}

/** The next double below a finite value. */
function below(value: number): number {
  if (value === 0) return -Number.MIN_VALUE;
  const bits = new BigInt64Array(new Float64Array([value]).buffer);
  bits[0] += value > 0 ? -1n : 1n;
  return new Float64Array(bits.buffer)[0];
}
