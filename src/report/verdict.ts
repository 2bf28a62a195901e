import type { Difference } from "../evaluate/results.ts";

/** The level at which a paired difference is marked, the complement of its 95 % interval. */
const LEVEL = 0.05;

/** What a paired difference says at the 5 % level: `better`, `worse`, or `none` where it says neither. */
export function verdict(difference: Difference | null): "better" | "worse" | "none" {
  // JSON turns a p that is not finite into null, and null < 0.05.
  if (!difference || !Number.isFinite(difference.p) || !(difference.p < LEVEL)) return "none";
  return difference.mean < 0 ? "worse" : difference.mean > 0 ? "better" : "none";
}
