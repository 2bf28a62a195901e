import { checkCount, checkProbability } from "../core/checks.ts";
import { studentTQuantile } from "./studentT.ts";

/**
 * Wilson's interval of a proportion, such as an accuracy over test rows: it stays within 0 … 1 and is also valid if all or none are
 * correct (Wilson 1927).
 *
 * @param successes - whole number in 0 … trials
 * @param trials - whole number ≥ 1
 * @param level - coverage, between 0 and 1 (default 0.95)
 * @returns [lower, upper]
 * @throws RangeError when a count or the level is out of range
 * @example
 * ```ts
 * import { proportionInterval } from "softprobe/statistics";
 *
 * console.log(proportionInterval(90, 100).map((bound) => bound.toFixed(3)).join(" ")); // → 0.826 0.945
 * ```
 */
export function proportionInterval(successes: number, trials: number, level = 0.95): readonly [number, number] {
  const caller = "proportionInterval";
  checkCount(trials, caller, "trials");
  checkCount(successes, caller, "successes", 0, trials);
  checkProbability(level, caller, "level");
  // Student t of so many degrees of freedom is the normal distribution, to rounding.
  const z = studentTQuantile((1 + level) / 2, 1e12);
  const share = successes / trials;
  const middle = share + (z * z) / (2 * trials);
  const half = z * Math.sqrt((share * (1 - share)) / trials + (z * z) / (4 * trials * trials));
  const scale = 1 + (z * z) / trials;
  // The bounds are exact at the ends, but for rounding.
  return [successes === 0 ? 0 : (middle - half) / scale, successes === trials ? 1 : (middle + half) / scale];
}
