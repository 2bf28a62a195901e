import { checkOptions, type OptionNames } from "../core/checkOptions.ts";
import { kindError, shapeError, valueError } from "../core/errors.ts";
import type { ClassStatistics } from "../statistics/classStatistics.ts";
import { checkTheory, type TheoryOptions, theoryOptionNames } from "./checkTheory.ts";
import { pairAccuracies } from "./pairAccuracies.ts";

/** What the theory expects if the `dimensions` most important dimensions are kept. */
export interface TheoryPoint {
  /** Share of dimensions kept, 0 … 1. */
  readonly fraction: number;
  readonly dimensions: number;
  /** Expected two-way accuracy, mean over class pairs, a fraction of 1. */
  readonly accuracy: number;
}

export interface TheoreticalCurveOptions extends TheoryOptions {
  /** Shares of dimensions to keep, each in (0, 1] (default 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1). */
  readonly fractions?: ArrayLike<number>;
}

const theoreticalCurveOptionNames: OptionNames<TheoreticalCurveOptions, TheoryOptions> = { fractions: true };

/**
 * The redundancy curve that class statistics alone predict [LM]: for each share of kept dimensions, the expected accuracy of a *two-way* K-shot
 * nearest centroid, mean over the class pairs, for independent normal dimensions (`centroidError`). It needs no episodes and no features. A pair
 * costs O(d) for each fraction's kept dimensions; with many classes, name some `pairs`.
 *
 * @param statistics - k ≥ 2 classes: means and variances, k × d
 * @param options - shots K; fractions; importance (d, larger = kept first; default each pair's own `pair` importance, [CI]); weights; pairs; debias
 * @returns one point a fraction, in the order asked
 * @throws RangeError when a fraction is outside (0, 1], shapes do not fit, or fewer than 2 classes are given
 * @example
 * ```ts
 * import { theoreticalRedundancyCurve } from "softprobe/theory";
 *
 * const statistics = { classes: ["a", "b"], counts: Float64Array.of(9, 9), cols: 2, means: Float64Array.of(0, 0, 2, 0), variances: Float64Array.of(1, 9, 1, 9) };
 * const curve = theoreticalRedundancyCurve(statistics, { shots: 1, fractions: [0.5, 1] });
 * console.log(curve.map((point) => point.accuracy.toFixed(4))); // → [ '0.7468', '0.5914' ]
 * ```
 */
export function theoreticalRedundancyCurve(statistics: ClassStatistics, options: TheoreticalCurveOptions): readonly TheoryPoint[] {
  const caller = "theoreticalRedundancyCurve";
  checkOptions(options, caller, theoryOptionNames, theoreticalCurveOptionNames);
  const cols = checkTheory(statistics, options, caller);
  const fractions = options.fractions ?? [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1];
  if (typeof fractions !== "object") throw kindError(caller, "fractions", fractions, "an array of numbers");
  if (fractions.length === 0) throw shapeError(caller, "fractions", "0 entries", "at least 1");
  const shares = Array.from(fractions);
  shares.forEach((fraction, i) => {
    if (!(fraction > 0 && fraction <= 1)) throw valueError(caller, `fractions[${i}]`, `is ${fraction}`, "a share in (0, 1]");
  });
  const counts = shares.map((fraction) => Math.min(cols, Math.max(1, Math.round(fraction * cols))));
  const accuracies = pairAccuracies(statistics, counts, options);
  return shares.map((fraction, i) => ({ fraction, dimensions: counts[i], accuracy: accuracies[i] }));
}
