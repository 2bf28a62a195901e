import { checkProbability } from "../core/checks.ts";
import { shapeError, valueError } from "../core/errors.ts";
import { studentTQuantile } from "./studentT.ts";

/** A mean with its confidence interval. */
export interface MeanInterval {
  readonly mean: number;
  /** [lower, upper]. For a single value, whose spread is unknown, it is −∞ … ∞. */
  readonly ci: readonly [number, number];
  /** Standard deviation (divisor n − 1) over √n; ∞ for a single value. */
  readonly standardError: number;
  readonly count: number;
}

/**
 * Mean and Student t interval of independent values, such as the accuracies of episodes.
 *
 * @param values - n ≥ 1 finite numbers
 * @param level - confidence in (0, 1), 0.95 by default
 * @throws RangeError when there are no values, or one is not finite (its position is named)
 * @example
 * ```ts
 * import { meanInterval } from "softprobe/statistics";
 *
 * const { mean, ci } = meanInterval([1, 2, 3]);
 * console.log(mean, ci[0].toFixed(4), ci[1].toFixed(4)); // → 2 -0.4841 4.4841
 * ```
 */
export function meanInterval(values: ArrayLike<number>, level = 0.95): MeanInterval {
  checkProbability(level, "meanInterval", "level");
  const n = values.length;
  if (n === 0) throw shapeError("meanInterval", "values", "0 entries", "at least 1");
  let mean = 0;
  let equal = true;
  for (let i = 0; i < n; i++) {
    if (!Number.isFinite(values[i])) throw valueError("meanInterval", `values[${i}]`, `is ${values[i]}`, "finite numbers");
    mean += values[i];
    equal &&= values[i] === values[0];
  }
  // Rounding must not give equal values, such as ten times 0.1, a spread.
  mean = equal ? values[0] : mean / n;
  let squares = 0;
  for (let i = 0; i < n; i++) squares += (values[i] - mean) ** 2;
  // One value says nothing of its own error: its interval is all numbers, which JSON writes as null and reports as n/a.
  const standardError = n > 1 ? Math.sqrt(squares / (n - 1) / n) : Number.POSITIVE_INFINITY;
  const half = n === 1 ? standardError : standardError > 0 ? studentTQuantile((1 + level) / 2, n - 1) * standardError : 0;
  return { mean, ci: [mean - half, mean + half], standardError, count: n };
}
