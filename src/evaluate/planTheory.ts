import { checkOptions, type OptionNames } from "../core/checkOptions.ts";
import { shapeError } from "../core/errors.ts";
import { type ClassName, indexGiven, type Labels } from "../core/labels.ts";
import { checkFinite, type Matrix } from "../core/matrix.ts";
import { type OptionsOf, readOptions } from "../core/option.ts";
import { randomBelow, randomStream } from "../core/random.ts";
import { episodeSampler } from "../episodes/sampleEpisode.ts";
import { l2Normalize } from "../features/l2Normalize.ts";
import { theoryOptions, trainingOptions } from "../plan/optionTable.ts";
import { type CurveOptions, prepareCurve } from "../plan/prepareCurve.ts";
import type { Plan } from "../run/plan.ts";
import { classStatistics } from "../statistics/classStatistics.ts";
import { type BestFraction, bestFraction } from "../theory/bestFraction.ts";
import { theoreticalRedundancyCurve } from "../theory/theoreticalRedundancyCurve.ts";
import { usefulShots } from "../theory/usefulShots.ts";
import { curveJob, curveOf } from "./planCurve.ts";
import type { Interval, TheoryConfig } from "./results.ts";

export interface CompareTheoryOptions
  extends Pick<CurveOptions, "queries" | "episodes" | "seed" | "classes" | "fractions" | "normalize" | "kernels">,
    OptionsOf<typeof theoryOptions> {}

const sharedNames: OptionNames<CompareTheoryOptions, OptionsOf<typeof theoryOptions>> = {
  queries: true,
  episodes: true,
  seed: true,
  classes: true,
  fractions: true,
  normalize: true,
  kernels: true,
};
export const compareTheoryOptionNames = [theoryOptions, sharedNames] as const;

/** One share of kept dimensions, with the accuracy that the theory expects and the one measured. */
export interface TheoryComparisonPoint {
  readonly fraction: number;
  readonly dimensions: number;
  /** Expected two-way accuracy of the nearest centroid, a fraction of 1. */
  readonly theory: number;
  /** Mean accuracy over episodes, and its 95 % interval. */
  readonly measured: number;
  readonly ci95: Interval;
}

/** Theory and measurement at one number of shots. */
export interface TheoryAtShots {
  readonly shots: number;
  readonly points: readonly TheoryComparisonPoint[];
  /** The share of dimensions that is best by the theory. */
  readonly best: BestFraction;
  /** Dimensions that, by the theory, help rather than confound when added to all the others at this many shots. */
  readonly usefulDimensions: number;
}

/** The result of `compareTheory`: a plain JSON document. */
export interface TheoryComparison {
  readonly schema: "softprobe/theory@1";
  readonly config: TheoryConfig;
  readonly episodes: number;
  /** Dimensions d. */
  readonly dimensions: number;
  /** Classes with too few rows at the largest number of shots, left out everywhere. */
  readonly excludedClasses: readonly ClassName[];
  readonly shots: readonly TheoryAtShots[];
}

/** All pairs of k classes, or `most` of them drawn without replacement. */
function choosePairs(k: number, most: number, seed: number): readonly (readonly [number, number])[] {
  const pairs = Array.from({ length: k }, (_, b) => Array.from({ length: b }, (_, a) => [a, b] as const)).flat();
  if (pairs.length <= most) return pairs;
  const random = randomStream(seed, "bootstrap");
  for (let i = 0; i < most; i++) {
    const other = i + randomBelow(random, pairs.length - i);
    [pairs[i], pairs[other]] = [pairs[other], pairs[i]];
  }
  return pairs.slice(0, most);
}

/** {@link planTheory} on behalf of `caller`. */
export function theoryPlan(caller: string, features: Matrix, labels: Labels, options: CompareTheoryOptions): Plan<TheoryComparison> {
  checkOptions(options, caller, ...compareTheoryOptionNames);
  checkFinite(features, caller, "features");
  const index = indexGiven(labels, caller);
  if (index.codes.length !== features.rows)
    throw shapeError(caller, "labels", `${index.codes.length} rows`, `${features.rows}, one a row of features`);
  const { shots: _shots, pairs: _pairs, normalize: _normalize, classes: only, ...rest } = options;
  const { shots, pairs } = readOptions(theoryOptions, options, caller);
  const { normalize } = readOptions({ normalize: trainingOptions.normalize }, options, caller);
  const list = typeof shots === "number" ? [shots] : shots;

  // One set of classes at every number of shots, so that curves differ by shots alone.
  const { queries, seed = 0 } = rest;
  const { excludedClasses } = episodeSampler(index, { ways: 2, shots: Math.max(...list), queries, classes: only });
  const classes = (only ?? index.classes).filter((name) => !excludedClasses.includes(name));
  const rows = normalize === "l2" ? l2Normalize(features) : features;
  const whole = classStatistics(rows, index);
  const { cols } = whole;
  const position = classes.map((name) => whole.classes.indexOf(name));
  const pick = (values: Float64Array): Float64Array => {
    const picked = new Float64Array(classes.length * cols);
    position.forEach((c, i) => {
      picked.set(values.subarray(c * cols, (c + 1) * cols), i * cols);
    });
    return picked;
  };
  const statistics = {
    ...{ classes, cols, counts: Float64Array.from(position, (c) => whole.counts[c]) },
    ...{ means: pick(whole.means), variances: pick(whole.variances) },
  };
  const chosen = choosePairs(classes.length, pairs, seed);
  const useful = usefulShots(statistics);

  const curves = list.map((own) => {
    const settings = { ...rest, classes, ways: 2, shots: own, probe: "centroid", importance: "pair@oracle", normalize: "none" } as const;
    const prepared = prepareCurve(caller, rows, labels, settings);
    return { shots: own, prepared, job: curveJob(prepared, settings) };
  });
  return {
    caller,
    jobs: curves.map(({ job }) => job),
    result(counts) {
      const measured = curves.map(({ prepared }, i) => curveOf(prepared, counts[i]));
      const results = curves.map(({ shots: own }, i): TheoryAtShots => {
        const { points } = measured[i];
        const fractions = points.map(({ fraction }) => fraction);
        const theory = theoreticalRedundancyCurve(statistics, { shots: own, fractions, pairs: chosen });
        return {
          shots: own,
          points: points.map(({ fraction, dimensions, accuracy, ci95 }, p) => ({
            ...{ fraction, dimensions, theory: theory[p].accuracy, measured: accuracy, ci95 },
          })),
          best: bestFraction(statistics, { shots: own, pairs: chosen }),
          usefulDimensions: useful.reduce((count, needed) => count + Number(needed <= own), 0),
        };
      });
      const { config, episodes } = measured[measured.length - 1];
      const { shots: _, epsilon: __, classes: ___, ...shared } = config;
      return {
        schema: "softprobe/theory@1",
        config: { ...shared, normalize, shots: list, pairs: chosen.length },
        episodes,
        dimensions: cols,
        excludedClasses,
        shots: results,
      };
    },
  };
}

/**
 * Prepares a `compareTheory` without running it. `execute` carries it out anywhere.
 *
 * @param features - n × d, finite
 * @param labels - n labels
 * @param options - those of `compareTheory` except on, onProgress and signal
 * @returns the plan of a result document, `softprobe/theory@1`
 * @throws as `compareTheory`
 * @example
 * ```ts
 * import { syntheticFeatures } from "softprobe";
 * import { execute, planTheory } from "softprobe/run";
 *
 * const { features, labels } = syntheticFeatures({ seed: 1 });
 * const { shots } = await execute(planTheory(features, labels, { shots: [1, 5], fractions: [0.05, 1], episodes: 20 }));
 * console.log(shots.map(({ points }) => points.length)); // → [ 2, 2 ]
 * ```
 */
export function planTheory(features: Matrix, labels: Labels, options: CompareTheoryOptions = {}): Plan<TheoryComparison> {
  return theoryPlan("planTheory", features, labels, options);
}
