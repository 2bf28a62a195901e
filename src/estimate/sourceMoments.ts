import { checkOptions, type OptionNames } from "../core/checkOptions.ts";
import { checkChoice } from "../core/checks.ts";
import { valueError } from "../core/errors.ts";
import type { Labels } from "../core/labels.ts";
import type { Matrix } from "../core/matrix.ts";
import type { Views } from "../core/views.ts";
import { type KernelChoice, withKernels } from "../kernels/createKernels.ts";
import { readsBase, readsViews, type SourceName } from "../mask/maskSpec.ts";
import type { BaseGiven } from "../plan/given.ts";
import type { EpisodeRunOptions } from "../plan/options.ts";
import { type FitRun, prepareFit } from "../plan/prepareFit.ts";
import type { ClassStatistics } from "../statistics/classStatistics.ts";
import { type EpisodeImportance, episodeImportance } from "./episodeImportance.ts";
import { loadSpace } from "./featureSpace.ts";

const classSources = ["support", "augmented", "base", "augmented+base"] as const;
const wienerSources = [...classSources, "prior", "posterior"] as const;

/** What the moments of a source are estimated from, beside the support. */
export interface SourceMomentsOptions {
  /** `"support"` needs two rows a class; `"augmented"` the views; `"base"` base classes; `"augmented+base"` both. */
  readonly source: (typeof classSources)[number];
  /** Views of the support's rows. */
  readonly augmented?: Views | undefined;
  /** Labelled rows of other classes, or their statistics (those of l2-normalised rows, unless `normalize` is `"none"`). */
  readonly base?: BaseGiven | undefined;
  /** `"l2"` (default): rows are scaled to norm 1 first; `"none"`: taken as they are. */
  readonly normalize?: "l2" | "none" | undefined;
  /** Which kernels compute (default `"auto"`): the result is the same to the bit. */
  readonly kernels?: KernelChoice | undefined;
}

const momentNames: OptionNames<SourceMomentsOptions> = { source: true, augmented: true, base: true, normalize: true, kernels: true };

/** The same for the two numbers a dimension that `wienerWeights` takes. */
export interface WienerMomentsOptions extends Omit<SourceMomentsOptions, "source">, Pick<EpisodeRunOptions, "priorDegrees"> {
  /** Any source of `sourceMoments`; `"prior"`, which needs base classes; or `"posterior"`, which needs them and views. */
  readonly source: (typeof wienerSources)[number];
}

const wienerNames: OptionNames<WienerMomentsOptions> = { ...momentNames, priorDegrees: true };

/** What `wienerWeights` takes. */
export interface WienerMoments {
  /** d: δ², the mean over pairs of classes of their squared mean difference, freed of its bias. */
  readonly distances: Float64Array;
  /** d: σ² within classes, pooled and floored. */
  readonly variances: Float64Array;
  /** K: the harmonic mean of the support rows a class. */
  readonly shots: number;
}

/** Loads the support as an episode of `evaluate` does, and asks it. */
function ask<T>(
  caller: string,
  features: Matrix,
  labels: Labels,
  options: WienerMomentsOptions,
  read: (importance: EpisodeImportance, run: FitRun) => T,
): T {
  const { source, ...given } = options;
  if (readsViews(source) && !given.augmented)
    throw valueError(caller, "source", `is "${source}"`, "augmented views beside it: the option augmented");
  if (readsBase(source) && !given.base) throw valueError(caller, "source", `is "${source}"`, "base classes beside it: the option base");
  const run = prepareFit(caller, features, labels, given);
  const { seed, priorDegrees, most, normalize, index, base, baseStatistics } = run;
  return withKernels(options.kernels, (kernels) => {
    const augmented = readsViews(source) ? run.augmented : null;
    const space = loadSpace(kernels, { features: run.features, index, augmented, base, baseStatistics, statistics: normalize });
    const importance = episodeImportance(kernels, space, { caller, seed, priorDegrees, most });
    importance.start(run.episode(0));
    return read(importance, run);
  });
}

/**
 * The class statistics that a mask of one source learns its importance from, to the bit as `evaluate` and `fitProbe` have them: `fisher@base/power:1` is
 * `powerMask(fisherImportance(sourceMoments(features, labels, { source: "base", base })), 1)`.
 *
 * Means are those of the support (`support`, `base`), or of the support and its views (`augmented`, `augmented+base`). Variances are those of the same rows (divisor count − 1);
 * of the base classes, pooled, the same for every class (`base`); or the mean of the two (`augmented+base`). [LM] takes `augmented`. The sources `prior` and
 * `posterior` have no class means: see {@link wienerMoments}. For the oracle, take `classStatistics` of all rows.
 *
 * @param features - n × d support rows, finite
 * @param labels - n labels of at least two classes
 * @param options - source; augmented and base, as the source needs them; normalize, kernels
 * @returns counts (rows and views), means and variances (k × d) of the classes in ascending order
 * @throws RangeError or TypeError naming the argument at fault, also if the source needs data that were not given
 * @example
 * ```ts
 * import { syntheticFeatures, takeRows, takeViews } from "softprobe";
 * import { fisherImportance, sourceMoments } from "softprobe/importance";
 *
 * const { features, augmented } = syntheticFeatures({ classes: 3, rowsPerClass: 10, dims: 40, views: 4, seed: 1 });
 * const support = [0, 10];
 * const own = { source: "augmented", augmented: takeViews(augmented!, support) } as const;
 * const moments = sourceMoments(takeRows(features, support), ["a", "b"], own);
 * console.log(moments.counts, fisherImportance(moments).length); // → Float64Array(2) [ 5, 5 ] 40
 * ```
 */
export function sourceMoments(features: Matrix, labels: Labels, options: SourceMomentsOptions): ClassStatistics {
  const caller = "sourceMoments";
  checkOptions(options, caller, momentNames);
  checkChoice(options.source, caller, "source", classSources);
  return ask(caller, features, labels, options, (importance, { index }) => {
    const { counts, means, variances, cols } = importance.moments(options.source);
    return { classes: index.classes, counts: Float64Array.from(counts), means, variances, cols };
  });
}

/**
 * Squared distances and variances from which a `wiener` mask of any source takes its weights, to the bit: `wiener@posterior/power:1` is
 * `wienerWeights(distances, variances, shots)` of them. `prior` takes both from the base classes alone; `posterior` moderates the distances of the support and its
 * views by those of the base classes (empirical Bayes, after Smyth 2004). The other sources take those of {@link sourceMoments}.
 *
 * @param features - n × d support rows, finite
 * @param labels - n labels of at least two classes
 * @param options - source; augmented and base, as the source needs them; priorDegrees, normalize, kernels
 * @returns δ² and σ² (d values each), and K
 * @throws RangeError or TypeError naming the argument at fault, also if the source needs data that were not given
 * @example
 * ```ts
 * import { syntheticFeatures, takeRows } from "softprobe";
 * import { wienerMoments, wienerWeights } from "softprobe/importance";
 *
 * const { features, labels } = syntheticFeatures({ classes: 6, rowsPerClass: 10, dims: 40, seed: 1 });
 * const rows = Array.from({ length: 40 }, (_, i) => 20 + i);
 * const base = { features: takeRows(features, rows), labels: rows.map((row) => labels[row]) };
 * const { distances, variances, shots } = wienerMoments(takeRows(features, [0, 10]), ["a", "b"], { source: "prior", base });
 * console.log(shots, wienerWeights(distances, variances, shots).length); // → 1 40
 * ```
 */
export function wienerMoments(features: Matrix, labels: Labels, options: WienerMomentsOptions): WienerMoments {
  const caller = "wienerMoments";
  checkOptions(options, caller, wienerNames);
  checkChoice(options.source, caller, "source", wienerSources);
  return ask(caller, features, labels, options, (importance) => importance.wiener(options.source as SourceName));
}
