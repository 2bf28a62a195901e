import { studentTCdf, studentTQuantile } from "../statistics/studentT.ts";
import type { TuneEvidence } from "./tuneEvidence.ts";

/** How one candidate did against the first, over sets of base classes. */
export interface CandidateGain {
  /** Mean difference in accuracy, a fraction of 1. */
  readonly mean: number;
  readonly standardError: number;
  /** One-sided p of a gain, Student t over sets. */
  readonly p: number;
}

/** Mean of a − b at the places listed, its standard error (one place tells none: infinite) and one-sided p. */
export function gainOver(a: Float64Array, b: Float64Array, places: readonly number[]): CandidateGain {
  const n = places.length;
  let mean = 0;
  for (const i of places) mean += (a[i] - b[i]) / n;
  let squares = 0;
  for (const i of places) squares += (a[i] - b[i] - mean) ** 2;
  const standardError = n > 1 ? Math.sqrt(squares / (n - 1) / n) : Number.POSITIVE_INFINITY;
  const p = n < 2 || mean <= 0 ? 1 : standardError === 0 ? 0 : 1 - studentTCdf(mean / standardError, n - 1);
  return { mean, standardError, p };
}

/** Mean gain of a candidate over the first on the sets chosen. */
export function gainOf({ accuracy }: TuneEvidence, candidate: number, sets: readonly number[]): CandidateGain {
  return gainOver(accuracy[candidate], accuracy[0], sets);
}

/** Fewer sets than this prove nothing. */
export const leastSets = 4;

/**
 * The candidate of the largest mean gain among those whose gain is significant (one-sided, at `level`); else the first, which is the unmasked probe.
 * No mask is what must be beaten beyond doubt; between candidates that beat it the best guess is the larger mean, whose interval may well be the
 * wider. Ties go to the earlier, simpler one.
 */
export function chooseCandidate(evidence: TuneEvidence, sets: readonly number[], level: number): number {
  if (sets.length < leastSets) return 0;
  const quantile = studentTQuantile(1 - level, sets.length - 1);
  let best = 0;
  let most = 0;
  for (let c = 1; c < evidence.candidates.length; c++) {
    const { mean, standardError } = gainOf(evidence, c, sets);
    if (mean > most && mean > quantile * standardError) {
      best = c;
      most = mean;
    }
  }
  return best;
}
