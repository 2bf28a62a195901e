import { binCount, binWidth, confidenceUnit } from "../plan/countLayout.ts";

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
