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

/** Mean gain of a candidate over the first on the sets chosen. */
export function gainOf(evidence: TuneEvidence, candidate: number, sets: readonly number[]): CandidateGain {
  const [own, none] = [evidence.accuracy[candidate], evidence.accuracy[0]];
  const n = sets.length;
  let mean = 0;
  for (const s of sets) mean += (own[s] - none[s]) / n;
  let squares = 0;
  for (const s of sets) squares += (own[s] - none[s] - mean) ** 2;
  const standardError = n > 1 ? Math.sqrt(squares / (n - 1) / n) : Number.POSITIVE_INFINITY;
  const p = n < 2 || mean <= 0 ? 1 : standardError === 0 ? 0 : 1 - studentTCdf(mean / standardError, n - 1);
  return { mean, standardError, p };
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
