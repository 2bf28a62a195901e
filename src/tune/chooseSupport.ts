import { studentTQuantile } from "../statistics/studentT.ts";
import { gainOver } from "./chooseCandidate.ts";
import type { HeldOutRows } from "./supportEvidence.ts";

const sum = (values: Float64Array, rows: readonly number[]): number => rows.reduce((total, i) => total + values[i], 0);

/** What was chosen, and each candidate at its own C with what it is held against. */
export interface SupportChoice {
  readonly candidate: number;
  readonly rows: HeldOutRows;
  readonly at: readonly { readonly candidate: number; readonly rows: HeldOutRows; readonly over: HeldOutRows }[];
}

/**
 * Chooses by the rows listed: candidate 0 is the unmasked probe at its own C, `plain` the unmasked probe at C = 1. See `tuneSupport` for the rule.
 *
 * @param measured - candidates × values of C
 */
export function chooseSupport(
  plain: HeldOutRows,
  measured: readonly (readonly HeldOutRows[])[],
  rows: readonly number[],
  level: number,
): SupportChoice {
  const best = measured.map((path) => path.reduce((least, next) => (sum(next.losses, rows) < sum(least.losses, rows) ? next : least)));
  const at = best.map((own, candidate) => ({ candidate, rows: own, over: candidate === 0 ? plain : best[0] }));
  const quantile = rows.length > 1 ? studentTQuantile(1 - level / measured.length, rows.length - 1) : 0;
  /** The lower bound of what a candidate gains in log loss, if it is worth having. */
  const bound = ({ rows: own, over }: (typeof at)[number]): number => {
    if (rows.length < 2 || sum(own.hits, rows) < sum(over.hits, rows)) return Number.NEGATIVE_INFINITY;
    const { mean, standardError } = gainOver(over.losses, own.losses, rows);
    return mean - quantile * standardError;
  };
  let candidate = 0;
  let most = 0;
  for (let c = 1; c < at.length; c++) {
    const gain = bound(at[c]);
    if (gain > most) [candidate, most] = [c, gain];
  }
  const start = bound(at[0]) > 0 ? best[0] : plain;
  return { candidate, rows: candidate > 0 ? best[candidate] : start, at };
}
