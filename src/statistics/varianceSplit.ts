import { shapeError, valueError } from "../core/errors.ts";
import { indexGiven, type Labels } from "../core/labels.ts";
import { checkVector } from "./checkVector.ts";

/** Where the variance of per-episode accuracy comes from. */
export interface VarianceSplit {
  /** Estimated mean over tasks: every task counts alike. */
  readonly mean: number;
  /** Variance between tasks (which classes), in squared units of the values; 0 where the estimate is negative. */
  readonly between: number;
  /** Variance within a task (which support and query rows). */
  readonly within: number;
  /** between / (between + within), 0 … 1: the correlation of two draws of one task. 0 where both are 0. */
  readonly share: number;
  /** The estimate of `between` before it was cut off at 0. */
  readonly rawBetween: number;
  readonly tasks: number;
  readonly episodes: number;
}

/**
 * Splits the variance of per-episode accuracies into that between tasks (the choice of classes) and that within a task (the draw of its support and query
 * rows): one-way random effects by analysis of variance, balanced or not (Searle, Casella & McCulloch 1992, §3.6). With n₀ draws a task,
 * within = MS(within) and between = (MS(between) − MS(within))/n₀, both unbiased before the cut-off at 0. O(n).
 *
 * @param values - n finite numbers, one an episode, such as accuracies
 * @param tasks - n labels: which task (the same classes) each episode draws from
 * @returns the mean, both variances and the share of the tasks
 * @throws RangeError when there are fewer than 2 tasks, no task has 2 draws, the lengths differ or a value is not finite
 * @see `episodesNeeded`, which says how many episodes a wanted interval needs
 * @example
 * ```ts
 * import { varianceSplit } from "softprobe/statistics";
 *
 * const { between, within } = varianceSplit([1, 3, 7, 9], ["a", "a", "b", "b"]);
 * console.log(between, within); // → 17 2
 * ```
 */
export function varianceSplit(values: ArrayLike<number>, tasks: Labels): VarianceSplit {
  const n = checkVector(values, "varianceSplit", "values");
  const { classes, rows, starts } = indexGiven(tasks, "varianceSplit", "tasks");
  if (rows.length !== n) throw shapeError("varianceSplit", "tasks", `${rows.length} rows`, `${n}, one for each of values`);
  const k = classes.length;
  if (k < 2) throw valueError("varianceSplit", "tasks", `are all ${String(classes[0])}`, "at least 2 different tasks");
  if (k === n) throw valueError("varianceSplit", "tasks", "have one episode each", "a task with at least 2 draws");
  const means = new Float64Array(k);
  let [grand, unweighted, sizes, withinSquares] = [0, 0, 0, 0];
  for (let t = 0; t < k; t++) {
    const count = starts[t + 1] - starts[t];
    const first = values[rows[starts[t]]];
    let shift = 0;
    for (let r = starts[t]; r < starts[t + 1]; r++) shift += values[rows[r]] - first;
    means[t] = first + shift / count;
    for (let r = starts[t]; r < starts[t + 1]; r++) withinSquares += (values[rows[r]] - means[t]) ** 2;
    grand += (count * means[t]) / n;
    unweighted += means[t] / k;
    sizes += count * count;
  }
  let betweenSquares = 0;
  for (let t = 0; t < k; t++) betweenSquares += (starts[t + 1] - starts[t]) * (means[t] - grand) ** 2;
  const within = withinSquares / (n - k);
  const rawBetween = (betweenSquares / (k - 1) - within) / ((n - sizes / n) / (k - 1));
  const between = Math.max(rawBetween, 0);
  const share = between + within > 0 ? between / (between + within) : 0;
  return { mean: unweighted, between, within, share, rawBetween, tasks: k, episodes: n };
}
