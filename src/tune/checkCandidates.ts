import { checkNames, type OptionNames } from "../core/checkOptions.ts";
import { checkChoice } from "../core/checks.ts";
import type { TuneCandidate } from "./tuneEvidence.ts";

const candidateNames: OptionNames<TuneCandidate> = { mask: true, trainOn: true, C: true };

/** Refuses a field that a candidate does not have, by its nearest name, and a `trainOn` that is none. */
export function checkCandidates(candidates: readonly TuneCandidate[], caller: string): void {
  candidates.forEach((candidate, c) => {
    checkNames(candidate, caller, `candidates[${c}]`, [candidateNames]);
    checkChoice(candidate.trainOn, caller, `candidates[${c}].trainOn`, ["support", "augmented"]);
  });
}
