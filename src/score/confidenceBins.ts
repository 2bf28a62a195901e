/** As many bins as `expectedCalibrationError` has by default. */
const binCount = 15;
/** Numbers a bin: answers, right ones, and the sum of their confidence in whole ones and in units of 2⁻²⁰. */
const each = 4;
const unit = 2 ** 20;

/** Numbers that all bins of one mask × probe take in one episode. Whole numbers, so that episodes add up to the same in any order. */
export const confidenceWidth = each * binCount;

/** Counts an answer given with `confidence`, 0 … 1, into the bins that begin at `start`. */
export function addConfidence(bins: Int32Array, start: number, confidence: number, hit: boolean): void {
  const bin = Math.min(binCount - 1, Math.max(0, Math.ceil(confidence * binCount) - 1));
  const at = start + each * bin;
  bins[at]++;
  if (hit) bins[at + 1]++;
  const rest = bins[at + 3] + Math.round(confidence * unit);
  const whole = Math.floor(rest / unit);
  bins[at + 2] += whole;
  bins[at + 3] = rest - whole * unit;
}

/** Counts q answers, whose probabilities stand in q rows of k, as those of the class answered. */
export function addConfidences(
  bins: Int32Array,
  probabilities: ArrayLike<number>,
  k: number,
  answers: ArrayLike<number>,
  truth: ArrayLike<number>,
): void {
  bins.fill(0);
  for (let i = 0; i < answers.length; i++) addConfidence(bins, 0, probabilities[i * k + answers[i]], answers[i] === truth[i]);
}

/** Σ |right answers − sum of confidence| over bins, per answer. */
function errorOf(sums: Float64Array): number {
  let [gaps, total] = [0, 0];
  for (let at = 0; at < sums.length; at += each) {
    gaps += Math.abs(sums[at + 1] - sums[at + 2] - sums[at + 3] / unit);
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
  const tasks = Array.from({ length: Math.ceil(episodes.length / drawsPerTask) }, () => new Float64Array(confidenceWidth));
  const whole = new Float64Array(confidenceWidth);
  episodes.forEach((bins, e) => {
    const task = tasks[Math.floor(e / drawsPerTask)];
    for (let p = 0; p < confidenceWidth; p++) {
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
