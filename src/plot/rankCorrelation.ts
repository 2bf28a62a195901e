import { argsortDescending } from "../core/argsort.ts";

/** Ranks from 1, the largest value first; equal values share the mean of theirs. */
function ranks(values: Float64Array): Float64Array {
  const order = argsortDescending(values);
  const out = new Float64Array(values.length);
  for (let start = 0; start < order.length; ) {
    let end = start + 1;
    while (end < order.length && values[order[end]] === values[order[start]]) end++;
    for (let i = start; i < end; i++) out[order[i]] = (start + 1 + end) / 2;
    start = end;
  }
  return out;
}

/** Spearman's rank correlation of two lists of one length, −1 … 1; NaN where one of them is constant. */
export function rankCorrelation(a: Float64Array, b: Float64Array): number {
  const [left, right] = [ranks(a), ranks(b)];
  const mean = (a.length + 1) / 2;
  let [both, own, other] = [0, 0, 0];
  for (let i = 0; i < left.length; i++) {
    both += (left[i] - mean) * (right[i] - mean);
    own += (left[i] - mean) ** 2;
    other += (right[i] - mean) ** 2;
  }
  return both / Math.sqrt(own * other);
}
