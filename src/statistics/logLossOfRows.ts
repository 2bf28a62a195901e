import { exp } from "../core/exp.ts";
import { largestAt } from "../core/largest.ts";
import { log1p } from "../core/log.ts";
import type { FloatArray } from "../core/matrix.ts";

/** Log loss of each row's logits times `slope` > 0, −ln softmax[code]: never by way of a probability, which may be 0 to a double. */
export function logLossOfRows(logits: FloatArray, codes: ArrayLike<number>, k: number, slope = 1): Float64Array {
  return Float64Array.from({ length: codes.length }, (_, i) => {
    const at = i * k;
    const first = largestAt(logits, at, k);
    const most = logits[at + first];
    // The largest has exponential 1: only the others are summed, so that the loss keeps its digits where p is nearly 1.
    let others = 0;
    for (let c = 0; c < k; c++) if (c !== first) others += exp(slope * (logits[at + c] - most));
    return log1p(others) + slope * (most - logits[at + codes[i]]);
  });
}

/** Whether the largest of each row's logits, the first of equals, is its class: 1 or 0. */
export function hitsOfRows(logits: FloatArray, codes: ArrayLike<number>, k: number): Float64Array {
  return Float64Array.from({ length: codes.length }, (_, i) => Number(largestAt(logits, i * k, k) === codes[i]));
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
