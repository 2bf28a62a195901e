import { describe, shapeError, valueError } from "../core/errors.ts";
import { type MeanInterval, meanInterval } from "./meanInterval.ts";
import { studentTwoSided } from "./studentT.ts";

/** A mean paired difference with its interval and two-sided p. */
export interface PairedDifference extends MeanInterval {
  /** Mean over standard error; 0 when both are 0, ±Infinity when every difference is the same and not 0. */
  readonly t: number;
  /** Two-sided, Student t with n − 1 degrees of freedom; NaN for a single pair, which proves nothing. */
  readonly p: number;
}

/**
 * Paired difference, values − baseline, over the same episodes: mean, Student t interval and paired t test.
 *
 * @param values - n numbers
 * @param baseline - n numbers, of the same episodes in the same order
 * @param level - confidence in (0, 1), 0.95 by default
 * @throws RangeError when the lengths differ, there are no values, or one is not finite
 * @example
 * ```ts
 * import { pairedDifference } from "softprobe/statistics";
 *
 * const { mean, p } = pairedDifference([0.9, 0.8, 0.85], [0.8, 0.75, 0.7]);
 * console.log(mean.toFixed(3), p.toFixed(4)); // → 0.100 0.0742
 * ```
 */
export function pairedDifference(values: ArrayLike<number>, baseline: ArrayLike<number>, level = 0.95): PairedDifference {
  if (values.length !== baseline.length)
    throw shapeError("pairedDifference", "baseline", `${baseline.length} entries`, `${values.length}, as values`);
  for (const [name, list] of [
    ["values", values],
    ["baseline", baseline],
  ] as const) {
    for (let i = 0; i < list.length; i++) {
      if (!Number.isFinite(list[i])) throw valueError("pairedDifference", `${name}[${i}]`, `is ${describe(list[i])}`, "finite numbers");
    }
  }
  const differences = Float64Array.from({ length: values.length }, (_, i) => values[i] - baseline[i]);
  const interval = meanInterval(differences, level);
  const { mean, standardError, count } = interval;
  const t = mean === 0 ? 0 : mean / standardError;
  return { ...interval, t, p: count < 2 ? Number.NaN : mean === 0 ? 1 : studentTwoSided(t, count - 1) };
}
