import { binWidth, confidenceUnit, lossAt } from "../plan/countLayout.ts";

/** Σ |right answers − sum of confidence| over bins, per answer. */
function errorOf(sums: Float64Array): number {
  let [gaps, total] = [0, 0];
  for (let at = 0; at < sums.length; at += binWidth) {
    gaps += Math.abs(sums[at + 1] - sums[at + 2] - sums[at + 3] / confidenceUnit);
    total += sums[at];
  }
  return gaps / total;
}

/**
 * The expected calibration error over the answers of all episodes together, as one value a task: their mean is the error, and their spread is that of
 * the jackknife (Tukey's pseudo-values, each task left out in turn), moved to where the error is. Bins pooled over one episode or task would hold a
 * handful of answers each and their error mostly noise, so there is no error of a task alone to take the mean of.
 *
 * @param episodes - the bins of each episode
 */
export function calibrationValues(episodes: readonly Int32Array[], drawsPerTask: number): Float64Array {
  const tasks = Array.from({ length: Math.ceil(episodes.length / drawsPerTask) }, () => new Float64Array(lossAt));
  const whole = new Float64Array(lossAt);
  episodes.forEach((bins, e) => {
    const task = tasks[Math.floor(e / drawsPerTask)];
    for (let p = 0; p < lossAt; p++) {
      task[p] += bins[p];
      whole[p] += bins[p];
    }
  });
  const error = errorOf(whole);
  const n = tasks.length;
  if (n === 1) return Float64Array.of(error);
  const left = Float64Array.from(tasks, (task) => errorOf(whole.map((value, p) => value - task[p])));
  const mean = left.reduce((sum, value) => sum + value, 0) / n;
  return left.map((value) => error + (n - 1) * (mean - value));
}

/** Mean −ln p(true class) over the queries of an episode. */
export function meanLoss(bins: Int32Array): number {
  let queries = 0;
  for (let at = 0; at < lossAt; at += binWidth) queries += bins[at];
  return (bins[lossAt] + bins[lossAt + 1] / confidenceUnit) / queries;
}
