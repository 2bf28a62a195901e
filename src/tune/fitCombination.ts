import { checkBase } from "../basis/classScatter.ts";
import { fitPartMaps } from "../basis/fitPartMaps.ts";
import { type GroupedRows, partSpace } from "../basis/partSpace.ts";
import { checkOptions, type OptionNames } from "../core/checkOptions.ts";
import { checkCount } from "../core/checks.ts";
import { kindError, shapeError } from "../core/errors.ts";
import type { LabelIndex, Labels } from "../core/labels.ts";
import { checkFinite, type Matrix } from "../core/matrix.ts";
import { takeRows } from "../features/takeRows.ts";
import { type KernelChoice, withKernels } from "../kernels/createKernels.ts";
import type { Kernels } from "../kernels/kernels.ts";
import { type Combination, type CombinationPart, checkPartMask, partNames } from "../pipeline/combination.ts";
import { fitSteps } from "../pipeline/fitSteps.ts";
import { type ClassStatistics, classStatistics } from "../statistics/classStatistics.ts";
import type { EvidenceTask } from "./combinationEvidence.ts";
import { checkParts, partProducts } from "./partProducts.ts";
import { weighParts } from "./weighParts.ts";

export interface CombinationOptions {
  /** Classes of your tasks (default 5). The learning episodes have fewer if folds of base classes are smaller. */
  readonly ways?: number;
  /** Shots of your tasks, one number or several (default 1, 5 and 20). Weights in between are interpolated. */
  readonly shots?: number | readonly number[];
  /** Query rows a class in the learning episodes (default 15); fewer if base classes are small. */
  readonly queries?: number;
  /** Learning episodes in each fold of classes (default 30). */
  readonly episodes?: number;
  /** Whole number (default 0): equal seeds, equal weights. */
  readonly seed?: number;
  /** Maps of your own that join the built-in parts: a mask, a basis, whitening by views. Fit them to rows that are not among these base classes. */
  readonly parts?: readonly CombinationPart[];
  /**
   * Masks that join as well, such as `pair@base/power:0.5`: `simple`, or importances of the source `base` or `prior`. They are estimated from each support with what
   * the base classes teach, in the evidence without the classes held out, and some 10 ms an episode.
   */
  readonly masks?: readonly string[];
  readonly kernels?: KernelChoice;
}

const combinationOptionNames: OptionNames<CombinationOptions> = {
  ways: true,
  shots: true,
  queries: true,
  episodes: true,
  seed: true,
  parts: true,
  masks: true,
  kernels: true,
};

const caller = "fitCombination";

/** What masks learn from base classes, which are named by their positions. */
function statisticsOf(features: Matrix, { rows, starts }: GroupedRows): ClassStatistics {
  const labels = new Int32Array(rows.length);
  for (let c = 0; c + 1 < starts.length; c++) labels.fill(c, starts[c], starts[c + 1]);
  return classStatistics(takeRows(features, rows), labels, { normalize: "l2" });
}

/** Statistics of some of the classes. */
function takeStatistics({ counts, means, variances, cols }: ClassStatistics, classes: readonly number[]): ClassStatistics {
  const rows = (values: Float64Array): Float64Array => {
    const out = new Float64Array(classes.length * cols);
    classes.forEach((c, i) => {
      out.set(values.subarray(c * cols, (c + 1) * cols), i * cols);
    });
    return out;
  };
  const own = Float64Array.from(classes, (c) => counts[c]);
  return { classes: Array.from(classes.keys()), counts: own, means: rows(means), variances: rows(variances), cols };
}

/** Inner products of an episode's rows under masks that its support and the classes kept teach. */
function maskProducts(
  kernels: Kernels,
  features: Matrix,
  { masks, statistics, seed }: { readonly masks: readonly string[]; readonly statistics: ClassStatistics; readonly seed: number },
): NonNullable<EvidenceTask["ofSupport"]> {
  return (kept, { support, labels, rows }) => {
    const base = takeStatistics(statistics, kept);
    const own = takeRows(features, support);
    const parts = masks.map((mask) => ({ name: mask, steps: fitSteps(own, labels, { mask, base, seed }) }));
    return partProducts(kernels, takeRows(features, rows), parts, caller);
  };
}

/**
 * Learns from labelled base classes how to combine several maps of the same rows, for few-shot tasks on other classes. Choosing a single
 * mask discards evidence, and with few base classes the choice is often wrong. A combination weighs all maps instead.
 *
 * - The parts: rows as they are; centred; whitened within classes with ridges of 0.3, 3 and 30 mean variances; the between-class directions of the
 *   whitened space; and the two-covariance (PLDA) density.
 * - Maps and masks of your own join them: whitening by a pool's views (`parts: [{ name: "views", steps: fitSteps(rows, labels, { mask: "views:4>none", pool }) }]`), or
 *   `masks: ["pair@base/power:0.5"]`. Each has its weight in the document. On three pairs of images and text none of them gained more than 0.1 points, so none is a part by default.
 * - The evidence: classes are held out in folds (with fewer than eight: every pair), everything is fitted anew without them, and few-shot episodes on
 *   them give each part's centroid logits. Weights ≥ 0 minimise the log loss of their sum, and are then shrunk halfway to a fixed mixture.
 * - The answer: a times the logits of the exact softmax probe on the maps (each times √weight, side by side), plus b times the log
 * density. The same loss determines a and b, and `fitProbe` with `combination` trains the whole as one linear head.
 *
 * The gate: what base classes of another domain teach is wrong for a task. Held-out base classes show how well the others explain rows of
 * an unseen class. If a support is explained significantly worse (p < 0.01), the probe is trained without a mask.
 *
 * With two or three base classes nothing can be held out, and the combination leaves rows unchanged. It costs O(n · d · min(n, d)) for
 * each fold.
 *
 * @param base - features (n × d, finite) and labels of base classes; a class needs two rows, and shots + 3 rows to take part in learning
 * episodes
 * @param options - ways, shots, queries, episodes, seed, parts, masks
 * @returns a document of statistics and weights that ships with a model; it holds no row of the base classes
 * @throws RangeError when rows and labels differ in number, a value is not finite, there are fewer than two classes or nothing varies within them
 * @see docs/method.md for the formulas; docs/what-to-use.md for the gains on real features
 * @example
 * ```ts
 * import { fitProbe, score, syntheticFeatures, takeRows } from "softprobe";
 * import { fitCombination } from "softprobe/tune";
 *
 * const { features, labels } = syntheticFeatures({ classes: 16, rowsPerClass: 20, dims: 64, seed: 1 });
 * const part = (rows: number[]) => ({ features: takeRows(features, rows), labels: rows.map((i) => labels[i]) });
 * const rows = Array.from(labels.keys());
 * // Twelve base classes; a task on the four others, with three rows of each to learn from.
 * const combination = fitCombination(part(rows.filter((i) => i < 240)), { ways: 4, shots: 3 });
 * const support = part(rows.filter((i) => i >= 240 && i % 20 < 3));
 * const queries = part(rows.filter((i) => i >= 240 && i % 20 >= 3));
 * const accuracy = [{ C: 1 }, { combination }].map((options) =>
 *   score(fitProbe(support.features, support.labels, options), queries.features, queries.labels).toFixed(2),
 * );
 * console.log(accuracy); // → [ '0.54', '0.63' ]
 * ```
 */
export function fitCombination(
  base: { readonly features: Matrix; readonly labels: Labels | LabelIndex },
  options: CombinationOptions = {},
): Combination {
  checkOptions(options, caller, combinationOptionNames);
  if (base === null || typeof base !== "object" || !("features" in base)) throw kindError(caller, "base", base, "{features, labels}");
  const { features } = base;
  checkFinite(features, caller, "base.features");
  const rows = checkBase(features, base.labels, {}, caller);
  const ways = checkCount(options.ways ?? 5, caller, "ways", 2);
  const asked = options.shots ?? [1, 5, 20];
  const shots = [...new Set(typeof asked === "number" ? [asked] : asked)].sort((a, b) => a - b);
  if (shots.length === 0) throw shapeError(caller, "shots", "0 numbers", "at least 1");
  for (const each of shots) checkCount(each, caller, "shots");
  const queries = checkCount(options.queries ?? 15, caller, "queries");
  const episodes = checkCount(options.episodes ?? 30, caller, "episodes");
  const seed = checkCount(options.seed ?? 0, caller, "seed", 0);
  const parts = checkParts(options.parts ?? [], features.cols, caller);
  const masks = options.masks ?? [];
  if (!Array.isArray(masks)) throw kindError(caller, "masks", masks, "an array of spec strings");
  masks.forEach((mask, m) => {
    checkPartMask(mask, caller, `masks[${m}]`);
  });
  return withKernels(options.kernels, (kernels) => {
    const maps = fitPartMaps(kernels, rows, caller);
    const names = partNames({ maps, parts, masks });
    const statistics = masks.length > 0 ? statisticsOf(features, rows) : null;
    const ofSupport = statistics ? { ofSupport: maskProducts(kernels, features, { masks, statistics, seed }) } : {};
    const more = parts.length > 0 ? { more: (list: Int32Array) => partProducts(kernels, takeRows(features, list), parts, caller) } : {};
    const task = { ways, shots, queries, seed, episodes };
    const { weights, domain } = weighParts(partSpace(kernels, features), rows, { ...task, ...more, ...ofSupport }, names.length);
    return {
      kind: "combination",
      cols: features.cols,
      maps,
      parts,
      ...{ masks, statistics, weights, domain },
      chosen: { baseRows: rows.rows.length, baseClasses: rows.classes, ...task },
    };
  });
}
