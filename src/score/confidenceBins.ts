import { log } from "../core/log.ts";
import { binCount, binWidth, confidenceUnit, lossAt } from "../plan/countLayout.ts";

/** Counts an answer given with `confidence`, 0 … 1, into the bins that begin at `start`. */
export function addConfidence(bins: Int32Array, start: number, confidence: number, hit: boolean): void {
  const bin = Math.min(binCount - 1, Math.max(0, Math.ceil(confidence * binCount) - 1));
  const at = start + binWidth * bin;
  bins[at]++;
  if (hit) bins[at + 1]++;
  const rest = bins[at + 3] + Math.round(confidence * confidenceUnit);
  const whole = Math.floor(rest / confidenceUnit);
  bins[at + 2] += whole;
  bins[at + 3] = rest - whole * confidenceUnit;
}

/** The largest loss of one query that counts: that of a probability of 1e-300, nearly. Sums of whole ones stay within 32 bits. */
const mostLoss = 690;

/** Adds −ln p(true class) of one query to the sums of the bins that begin at `start`. */
export function addLoss(bins: Int32Array, start: number, loss: number): void {
  const rest = bins[start + lossAt + 1] + Math.round(Math.min(loss, mostLoss) * confidenceUnit);
  const whole = Math.floor(rest / confidenceUnit);
  bins[start + lossAt] += whole;
  bins[start + lossAt + 1] = rest - whole * confidenceUnit;
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
  for (let i = 0; i < answers.length; i++) {
    addConfidence(bins, 0, probabilities[i * k + answers[i]], answers[i] === truth[i]);
    const own = probabilities[i * k + truth[i]];
    addLoss(bins, 0, own > 0 ? Math.max(0, -log(own)) : mostLoss);
  }
}
