import { exp } from "../core/exp.ts";
import { largestAt } from "../core/largest.ts";
import type { Matrix } from "../core/matrix.ts";
import type { Rejection } from "./probe.ts";

/** What `rejectionScore` says of finite scores of at least two classes. */
export function rejectionOf({ data, rows: n, cols: k }: Matrix, by: Rejection["by"], temperature: number): Float64Array {
  const out = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const at = i * k;
    const best = largestAt(data, at, k);
    const first = data[at + best];
    // The largest has exponential 1: only the others are summed, so that 1 − p keeps its digits where p is nearly 1.
    let others = 0;
    let second = Number.NEGATIVE_INFINITY;
    for (let c = 0; c < k; c++) {
      if (c === best) continue;
      second = Math.max(second, data[at + c]);
      others += exp((data[at + c] - first) / temperature);
    }
    const runnerUp = exp((second - first) / temperature);
    out[i] = by === "score" ? 0 - first : (by === "margin" ? others + runnerUp : others) / (1 + others);
  }
  return out;
}
