import type { HeldOutStep } from "./heldOutSolver.ts";
import { pairedExcess } from "./pairedExcess.ts";

/** What held-out rows say of one C: the loss of each, and their mean by weight. */
export interface HeldOutLosses {
  readonly losses: Float64Array;
  readonly logLoss: number;
}

/** Steps of a half decade from C · scale = 1: where the search begins, and how far it goes at most. */
const [firstStep, leastStep, mostStep] = [0, -8, 12];

/** A decade of C that lowers the log loss by less ends the search: where classes are apart it would fall for ever. */
const leastGain = 1e-4;

/** C of a step: at C · scale = 0.01 the probe is nearly a nearest centroid, at 1000 it nearly separates what can be separated. */
function penaltyAt(step: number, scale: number): number {
  return (Number(`1e${Math.floor(step / 2)}`) * (step & 1 ? Math.sqrt(10) : 1)) / (scale > 0 ? scale : 1);
}

/**
 * Searches the C of least held-out log loss by half decades, and below it, where `oneStandardError`, until a C is worse by more than one standard error.
 *
 * @param scale - the rows' mean squared distance from their mean; 0: as 1
 * @param weights - of the held-out rows
 * @param look - solves at one C; each is asked for once
 * @returns what was looked at, ascending in C
 */
export function* penaltySearch<Solved extends HeldOutLosses>(
  scale: number,
  weights: Float64Array,
  oneStandardError: boolean,
  look: (C: number) => Generator<HeldOutStep, Solved, void>,
): Generator<HeldOutStep, Solved[], void> {
  const found = new Map<number, Solved>();
  const at = function* (step: number): Generator<HeldOutStep, Solved, void> {
    const known = found.get(step);
    if (known) return known;
    const solved = yield* look(penaltyAt(step, scale));
    found.set(step, solved);
    return solved;
  };
  const within = (low: Solved, best: Solved): boolean => {
    const [excess, error] = pairedExcess(low.losses, best.losses, weights);
    return excess <= error;
  };
  // By decades while the log loss falls, upwards first: each fit starts from the last one's answer. Whoever went up finds the value below known, and worse. Then the half decades beside the best.
  let best = firstStep;
  let least = yield* at(best);
  for (const by of [2, -2]) {
    while (best + by >= leastStep && best + by <= mostStep) {
      const next = yield* at(best + by);
      const gain = least.logLoss - next.logLoss;
      if (gain <= 0) break;
      [best, least] = [best + by, next];
      if (gain < leastGain) break;
    }
  }
  for (const step of [best - 1, best + 1]) {
    if (step < leastStep || step > mostStep) continue;
    const next = yield* at(step);
    if (next.logLoss < least.logLoss) [best, least] = [step, next];
  }
  if (oneStandardError) for (let step = best - 1; step >= leastStep && within(yield* at(step), least); step--);
  return [...found].sort(([a], [b]) => a - b).map(([, solved]) => solved);
}
