import { exp } from "../core/exp.ts";
import { log } from "../core/log.ts";
/** Log loss of each row's logits, −ln softmax(logits)[code]. */
export function logLossOfRows(logits: Float64Array, codes: ArrayLike<number>, k: number, slope = 1): Float64Array {
  return Float64Array.from({ length: codes.length }, (_, i) => {
    const at = i * k;
    let most = Number.NEGATIVE_INFINITY;
    for (let c = 0; c < k; c++) most = Math.max(most, slope * logits[at + c]);
    let sum = 0;
    for (let c = 0; c < k; c++) sum += exp(slope * logits[at + c] - most);
    return log(sum) + most - slope * logits[at + codes[i]];
  });
}

/** Whether the largest of each row's logits, the first of equals, is its class: 1 or 0. */
export function hitsOfRows(logits: Float64Array, codes: ArrayLike<number>, k: number): Float64Array {
  return Float64Array.from({ length: codes.length }, (_, i) => Number(largestAt(logits, i * k, k) === codes[i]));
}

/** Place of the largest of k values from `at` on, the first of equals. */
export function largestAt(values: ArrayLike<number>, at: number, k: number): number {
  let best = 0;
  for (let c = 1; c < k; c++) if (values[at + c] > values[at + best]) best = c;
  return best;
}

/** Mean of values by weights. */
export function weightedMean(values: Float64Array, weights: Float64Array): number {
  let [sum, total] = [0, 0];
  for (let i = 0; i < values.length; i++) {
    sum += weights[i] * values[i];
    total += weights[i];
  }
  return sum / total;
}
