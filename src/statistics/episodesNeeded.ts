import { checkOptions, type OptionNames } from "../core/checkOptions.ts";
import { checkCount, checkPositive, checkProbability } from "../core/checks.ts";
import { kindError, valueError } from "../core/errors.ts";
import { studentTQuantile } from "./studentT.ts";

export interface EpisodesNeeded {
  /** tasks × draws of each. */
  readonly episodes: number;
  readonly tasks: number;
}

export interface EpisodesNeededOptions {
  /** Draws of rows of each task (default 1). */
  readonly drawsPerTask?: number;
  /** Confidence of the interval, in (0, 1) (default 0.95). */
  readonly level?: number;
}

const neededOptionNames: OptionNames<EpisodesNeededOptions> = { drawsPerTask: true, level: true };

/**
 * How many episodes an interval of a wanted half-width needs: the fewest tasks T ≥ 2 with t(T − 1)·√((between + within/draws)/T) ≤
 * halfWidth. One draw for each task, the usual protocol, needs the fewest episodes. More draws pay only if a new task costs more than a
 * new draw.
 *
 * @param halfWidth - of the interval of the mean, greater than 0, in the unit of the values (0.01 is one accuracy point)
 * @param split - variances between and within tasks, from `varianceSplit` (or `{ between: s², within: 0 }` with s² the variance over episodes)
 * @param options - drawsPerTask (default 1); level of the interval (default 0.95)
 * @returns the number of tasks, and of episodes in all
 * @throws RangeError when halfWidth is not positive, a variance is negative or not finite, or more than 10¹² tasks would be needed
 * @example
 * ```ts
 * import { episodesNeeded } from "softprobe/statistics";
 *
 * const split = { between: 0.0064, within: 0.0036 };
 * console.log(episodesNeeded(0.01, split), episodesNeeded(0.01, split, { drawsPerTask: 4 })); // → { episodes: 387, tasks: 387 } { episodes: 1132, tasks: 283 }
 * ```
 */
export function episodesNeeded(
  halfWidth: number,
  split: { readonly between: number; readonly within: number },
  options: EpisodesNeededOptions = {},
): EpisodesNeeded {
  checkOptions(options, "episodesNeeded", neededOptionNames);
  checkPositive(halfWidth, "episodesNeeded", "halfWidth");
  if (split === null || typeof split !== "object") throw kindError("episodesNeeded", "split", split, "{between, within}");
  for (const name of ["between", "within"] as const) {
    if (typeof split[name] !== "number") throw kindError("episodesNeeded", `split.${name}`, split[name], "a number");
    if (!(split[name] >= 0 && split[name] < Number.POSITIVE_INFINITY)) {
      throw valueError("episodesNeeded", `split.${name}`, `is ${split[name]}`, "a finite variance of at least 0");
    }
  }
  const draws = checkCount(options.drawsPerTask ?? 1, "episodesNeeded", "drawsPerTask");
  const p = 0.5 + checkProbability(options.level ?? 0.95, "episodesNeeded", "level") / 2;
  const deviation = Math.sqrt(split.between + split.within / draws);
  const enough = (tasks: number) => studentTQuantile(p, tasks - 1) * deviation <= halfWidth * Math.sqrt(tasks);
  let high = 2;
  while (!enough(high)) {
    high *= 2;
    if (high > 1e12) throw valueError("episodesNeeded", "halfWidth", `is ${halfWidth}`, "a width that 10¹² tasks can reach");
  }
  let low = high === 2 ? 1 : high / 2;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (enough(middle)) high = middle;
    else low = middle;
  }
  return { episodes: high * draws, tasks: high };
}
