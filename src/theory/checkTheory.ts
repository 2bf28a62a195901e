import type { OptionNames } from "../core/checkOptions.ts";
import { checkPositive } from "../core/checks.ts";
import { kindError, shapeError, valueError } from "../core/errors.ts";
import type { ClassStatistics } from "../statistics/classStatistics.ts";

/** Options that every function of the theory takes. */
export interface TheoryOptions {
  /** K > 0: support rows of each class. */
  readonly shots: number;
  /** d values, larger = kept first, the same order for every pair (default: each pair's own |μ_a − μ_b| / (σ_a + σ_b), its oracle). */
  readonly importance?: ArrayLike<number>;
  /** d factors, such as a soft mask's (default: 1). */
  readonly weights?: ArrayLike<number>;
  /** Positions of the classes to pair (default: all pairs). */
  readonly pairs?: readonly (readonly [number, number])[];
  /**
   * Remove the bias σ²/n of squared distances between means of n rows (default false). Without it the theory describes the given rows, as
   * episodes drawn from them see it; with it, the population that they came from.
   */
  readonly debias?: boolean;
}

export const theoryOptionNames: OptionNames<TheoryOptions> = { shots: true, importance: true, weights: true, pairs: true, debias: true };

/** Checks that `values` holds `length` finite numbers of at least `least`. */
export function checkDimensionValues(
  values: ArrayLike<number>,
  length: number,
  caller: string,
  argument: string,
  least = Number.NEGATIVE_INFINITY,
): void {
  if (values === null || typeof values !== "object" || typeof values.length !== "number") {
    throw kindError(caller, argument, values, "an array or typed array of numbers");
  }
  if (values.length !== length) throw shapeError(caller, argument, `${values.length} values`, `${length}, one a dimension`);
  for (let i = 0; i < length; i++) {
    if (!Number.isFinite(values[i]) || values[i] < least) {
      throw valueError(caller, `${argument}[${i}]`, `is ${values[i]}`, `a finite number${least === 0 ? " of at least 0" : ""}`);
    }
  }
}

/** Checks statistics of at least 2 classes; returns d. */
export function checkStatistics(statistics: ClassStatistics, caller: string): number {
  if (statistics === null || typeof statistics !== "object" || !statistics.means || !statistics.variances || !statistics.counts) {
    throw kindError(caller, "statistics", statistics, "class statistics {classes, counts, means, variances, cols}");
  }
  const { counts, means, variances, cols } = statistics;
  if (counts.length < 2) throw shapeError(caller, "statistics", `${counts.length} class${counts.length === 1 ? "" : "es"}`, "at least 2");
  const k = counts.length;
  for (const [name, values] of [["means", means] as const, ["variances", variances] as const]) {
    if (values.length !== k * cols)
      throw shapeError(caller, `statistics.${name}`, `${values.length} values`, `${k} × ${cols} = ${k * cols}`);
    for (let i = 0; i < values.length; i++) {
      const wrong = !Number.isFinite(values[i]) || (values[i] < 0 && name === "variances");
      if (!wrong) continue;
      const where = `statistics.${name} class ${String(statistics.classes[Math.floor(i / cols)])}, column ${i % cols}`;
      throw valueError(caller, where, `is ${values[i]}`, `a finite number${name === "variances" ? " of at least 0" : ""}`);
    }
  }
  return cols;
}

/** Checks everything that {@link pairAccuracies} trusts; returns d. */
export function checkTheory(statistics: ClassStatistics, options: TheoryOptions, caller: string): number {
  const cols = checkStatistics(statistics, caller);
  checkPositive(options.shots, caller, "shots");
  if (options.importance) checkDimensionValues(options.importance, cols, caller, "importance");
  if (options.weights) checkDimensionValues(options.weights, cols, caller, "weights");
  const k = statistics.counts.length;
  if (options.pairs?.length === 0) throw shapeError(caller, "pairs", "0 entries", "at least 1");
  options.pairs?.forEach(([a, b], i) => {
    const exist = Number.isInteger(a) && Number.isInteger(b) && a >= 0 && b >= 0 && a < k && b < k;
    if (!exist || a === b) throw valueError(caller, `pairs[${i}]`, `is [${a}, ${b}]`, `two different whole numbers in 0…${k - 1}`);
  });
  return cols;
}
