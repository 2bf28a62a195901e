import { checkOptions } from "../core/checkOptions.ts";
import { log2 } from "../core/log.ts";
import { power } from "../core/power.ts";
import type { ClassStatistics } from "../statistics/classStatistics.ts";
import { checkTheory, type TheoryOptions, theoryOptionNames } from "./checkTheory.ts";
import { pairAccuracies } from "./pairAccuracies.ts";
import type { TheoryPoint } from "./theoreticalRedundancyCurve.ts";

export interface BestFraction extends TheoryPoint {
  /** Expected two-way accuracy with all dimensions, for comparison. */
  readonly accuracyOfAll: number;
}

/** Up to so many dimensions every number of them is looked at: the curve may have peaks that a grid steps over. */
const everyCount = 64;

/**
 * Finds the share of dimensions that is best by the theory: the maximum of the theoretical redundancy curve. Up to 64 dimensions it tries
 * every count; beyond that, a geometric grid of counts and then finer grids around the best. The curve may have several peaks: the answer
 * is the best count that was tried, and never worse than all dimensions. Among equals, the fewest dimensions.
 *
 * @param statistics - k ≥ 2 classes: means and variances, k × d
 * @param options - as for `theoreticalRedundancyCurve`
 * @returns the best point, and the accuracy of all dimensions
 * @throws RangeError when shapes do not fit, fewer than 2 classes are given, or shots are not positive
 * @example
 * ```ts
 * import { bestFraction } from "softprobe/theory";
 *
 * const statistics = { classes: ["a", "b"], counts: Float64Array.of(9, 9), cols: 2, means: Float64Array.of(0, 0, 2, 0), variances: Float64Array.of(1, 9, 1, 9) };
 * console.log(bestFraction(statistics, { shots: 1 }).fraction); // → 0.5
 * ```
 */
export function bestFraction(statistics: ClassStatistics, options: TheoryOptions): BestFraction {
  checkOptions(options, "bestFraction", theoryOptionNames);
  const cols = checkTheory(statistics, options, "bestFraction");
  const known = new Map<number, number>();
  const look = (counts: readonly number[]) => {
    const fresh = [...new Set(counts)].filter((count) => !known.has(count));
    pairAccuracies(statistics, fresh, options).forEach((accuracy, i) => {
      known.set(fresh[i], accuracy);
    });
  };
  const steps = Math.max(1, Math.ceil(4 * log2(cols)));
  look(
    cols <= everyCount
      ? Array.from({ length: cols }, (_, i) => i + 1)
      : Array.from({ length: steps + 1 }, (_, i) => Math.round(power(cols, i / steps))),
  );
  for (;;) {
    const counts = [...known.keys()].sort((a, b) => a - b);
    const best = counts.reduce((a, b) => (known.get(b)! > known.get(a)! ? b : a));
    const at = counts.indexOf(best);
    const low = counts[Math.max(0, at - 1)];
    const high = counts[Math.min(counts.length - 1, at + 1)];
    if (best - low <= 1 && high - best <= 1) {
      return { fraction: best / cols, dimensions: best, accuracy: known.get(best)!, accuracyOfAll: known.get(cols)! };
    }
    look(Array.from({ length: 7 }, (_, i) => Math.round(low + ((high - low) * (i + 1)) / 8)));
  }
}
