import { checkOptions, type OptionNames } from "../core/checkOptions.ts";
import { checkCount } from "../core/checks.ts";
import { kindError, shapeError, valueError } from "../core/errors.ts";
import { indexGiven, type LabelIndex, type Labels } from "../core/labels.ts";
import { checkFinite, type Matrix } from "../core/matrix.ts";
import { checkViews, type Views } from "../core/views.ts";
import { takeRows } from "../features/takeRows.ts";
import { takeViews } from "../features/takeViews.ts";
import { type KernelChoice, withKernels } from "../kernels/createKernels.ts";
import type { Kernels } from "../kernels/kernels.ts";
import type { Combination, CombinationPart } from "../pipeline/combination.ts";
import { fitSteps } from "../pipeline/fitSteps.ts";
import { logitsOfParts, type PartEpisode } from "../pipeline/partLogits.ts";
import type { EpisodeRunOptions } from "../plan/options.ts";
import type { Step } from "../probe/steps.ts";
import { type LogLossWeights, logLossWeights } from "./logLossWeights.ts";
import { checkParts, partProducts } from "./partProducts.ts";
import { cannotTell, checkSupportCandidate } from "./supportCandidates.ts";

/** `augmented`: views of every row of the support, n × views rows; `pool`: views of unlabelled rows of the domain; `seed` (default 0): of masks that draw at random. */
export interface SupportCombinationOptions extends Pick<EpisodeRunOptions, "augmented" | "pool" | "seed" | "kernels"> {
  /**
   * Masks, each with its basis or none before it, whose maps join the rows as they are (default: `views-support:16>none` and `pair@augmented/power:0.5` where there
   * are views, `views:4>none` where there is a pool). They may learn from the support, its views and the pool, and are refitted whenever
   * rows are held out.
   */
  readonly masks?: readonly string[];
  /** Maps of your own that join as well. Fit them to rows that are not in this support. */
  readonly parts?: readonly CombinationPart[];
}

const supportOptionNames: OptionNames<SupportCombinationOptions> = {
  augmented: true,
  pool: true,
  masks: true,
  parts: true,
  seed: true,
  kernels: true,
};

const caller = "fitSupportCombination";
const l2: Step = { kind: "l2", weights: null };
/** Rows are held out in so many parts at most. */
const mostFolds = 5;
/** With more views than this in a support, folds cost more than they tell: two serve. */
const manyViews = 1000;
/** What evidence of so few rows is worth: the other half of the weights are equal ones. */
const evidenceShare = 0.5;

/** The basis that whitens by views of a pool, which is the same whatever the support is. */
export const poolMask = "views:4>none";

/** Masks of the parts, by what there is to learn them from. */
export function supportMasks({ augmented, pool }: { readonly augmented: Views | null; readonly pool: Views | null }): readonly string[] {
  const many = (views: Views | null): boolean => views !== null && views.views > 1;
  return [
    ...(many(augmented) ? ["views-support:16>none"] : []),
    ...(augmented ? ["pair@augmented/power:0.5"] : []),
    ...(many(pool) ? [poolMask] : []),
  ];
}

/** A support, checked, and what its parts may learn from. */
interface Support {
  readonly features: Matrix;
  readonly index: LabelIndex;
  readonly augmented: Views | null;
  readonly pool: Views | null;
  readonly seed: number;
  readonly kernels: KernelChoice | undefined;
}

/** The parts as some of the support's rows and their views have them. */
function fitMasks(
  { features, index, augmented, pool, seed, kernels }: Support,
  masks: readonly string[],
  rows: Int32Array,
): CombinationPart[] {
  const [own, labels] = [takeRows(features, rows), rows.map((row) => index.codes[row])];
  const views = augmented ? { augmented: takeViews(augmented, rows) } : {};
  return masks.map((mask) => ({ name: mask, steps: fitSteps(own, labels, { mask, ...views, ...(pool ? { pool } : {}), seed, kernels }) }));
}

/** Weights of least log loss for centroid logits of held-out rows: each fold has some rows of every class, and every mask is fitted without them. */
function heldOutWeights(
  kernels: Kernels,
  support: Support,
  masks: readonly string[],
  own: readonly CombinationPart[],
  folds: number,
): LogLossWeights {
  const { features, index } = support;
  const { codes, classes, starts, rows } = index;
  const place = new Int32Array(codes.length);
  classes.forEach((_, c) => {
    for (let at = starts[c]; at < starts[c + 1]; at++) place[rows[at]] = (at - starts[c]) % folds;
  });
  const everyone = Int32Array.from(codes.keys());
  const parts = 1 + masks.length + own.length;
  const logits: number[] = [];
  const labels: number[] = [];
  for (let fold = 0; fold < folds; fold++) {
    const train = everyone.filter((row) => place[row] !== fold);
    const query = everyone.filter((row) => place[row] === fold);
    const fitted = [{ name: "raw", steps: [l2] }, ...own, ...fitMasks(support, masks, train)];
    const grams = partProducts(kernels, features, fitted, caller);
    const none = new Float64Array(0);
    const episode: PartEpisode = { support: train, supportLabels: train.map((row) => codes[row]), query, ways: classes.length };
    const found = logitsOfParts({ count: codes.length, grams, coordinates: none, psi: none, unexplained: none }, episode);
    // The last is a density, which a support alone does not have.
    found.forEach((value, i) => {
      if (i % (parts + 1) < parts) logits.push(value);
    });
    labels.push(...query.map((row) => codes[row]));
  }
  return logLossWeights({ values: Float64Array.from(logits), labels: Int32Array.from(labels), classes: classes.length, parts });
}

/**
 * Combines several maps of the same rows without base classes. It learns from the support itself and, if you have them, from its views
 * and an unlabelled pool; `fitCombination` learns from base classes.
 *
 * - The parts: rows as they are; whitened by the support's own views (ridge 16); under the paper's soft mask (`pair@augmented/power:0.5`); whitened by the pool's
 *   views (ridge 4). Or masks and maps of your own.
 * - If a class has one row, nothing can be held out, and all parts have the same weight. With two rows or more, rows of each class are
 * held out in at most five folds, and every part is refitted without them. The weights are the mean of equal weights and of those with
 * the least log loss for the held-out rows' centroid logits.
 * - The answer is the softmax probe on the maps times √weight, side by side, with the C of `C: "auto"`: `fitProbe` with `combination` trains it.
 *
 * Without views or a pool there is nothing to combine: the combination is the unmasked probe at its own C, and `weights` says so.
 *
 * @param features - n × d support rows, finite
 * @param labels - n labels of at least two classes
 * @param options - augmented, pool; masks, parts; seed
 * @returns a combination for this support alone: `fitProbe` with the same rows takes it
 * @throws RangeError when rows, labels and views differ in number, a value is not finite, or a mask needs base classes, an oracle or data
 * that were not given
 * @see `fitCombination`, which learns from base classes
 * @example
 * ```ts
 * import { fitProbe, score, syntheticFeatures, takeRows, takeViews } from "softprobe";
 * import { fitSupportCombination } from "softprobe/tune";
 *
 * const { features, labels, augmented } = syntheticFeatures({ classes: 5, rowsPerClass: 20, dims: 64, views: 8, seed: 1 });
 * const rows = Array.from(labels.keys());
 * const [support, queries] = [rows.filter((i) => i % 20 < 3), rows.filter((i) => i % 20 >= 3)];
 * const [own, names] = [takeRows(features, support), support.map((i) => labels[i])];
 * const combination = fitSupportCombination(own, names, { augmented: takeViews(augmented!, support) });
 * const accuracy = [{}, { combination }].map((options) =>
 *   score(fitProbe(own, names, options), takeRows(features, queries), queries.map((i) => labels[i])).toFixed(2),
 * );
 * console.log(accuracy); // → [ '0.48', '0.51' ]
 * ```
 */
export function fitSupportCombination(features: Matrix, labels: Labels, options: SupportCombinationOptions = {}): Combination {
  checkOptions(options, caller, supportOptionNames);
  checkFinite(features, caller, "features");
  const index = indexGiven(labels, caller);
  const { classes, starts, codes } = index;
  if (codes.length !== features.rows) throw shapeError(caller, "labels", `${codes.length} rows`, `${features.rows}, one a row of features`);
  if (classes.length < 2) throw shapeError(caller, "labels", `one class, ${String(classes[0])}`, "at least 2");
  const seed = checkCount(options.seed ?? 0, caller, "seed", 0);
  const augmented = options.augmented ? checkViews(options.augmented, caller, "augmented", features.cols, features.rows) : null;
  const pool = options.pool ? checkViews(options.pool, caller, "pool", features.cols) : null;
  const own = checkParts(options.parts ?? [], features.cols, caller);
  const masks = options.masks ?? supportMasks({ augmented, pool });
  if (!Array.isArray(masks)) throw kindError(caller, "masks", masks, "an array of spec strings");
  const has = { augmented: augmented !== null, pool: pool !== null };
  const specs = masks.map((mask) => checkSupportCandidate({ mask, trainOn: "support" }, caller, has));
  if (specs.some(({ kind }) => kind === "tuned")) throw valueError(caller, "masks", 'has "tuned"', "single masks: it is what they make");
  const support: Support = { features, index, augmented, pool, seed, kernels: options.kernels };
  const counts = classes.map((_, c) => starts[c + 1] - starts[c]);
  const least = Math.min(...counts);
  // What a pool alone teaches is the same in every fold.
  const fixedAt = specs.map(({ kind, basis }) => kind === "none" && basis?.name === "views");
  const everyone = Int32Array.from(codes.keys());
  const fitted = fitMasks(support, masks, everyone);
  const fixed = [...own, ...fitted.filter((_, m) => fixedAt[m])];
  const moving = masks.filter((_, m) => !fixedAt[m]);
  const parts = [...fixed, ...fitted.filter((_, m) => !fixedAt[m])];
  const tellable = least >= 2 && parts.length > 0 && specs.every((spec) => cannotTell(spec, least) === null);
  const folds = !tellable ? 0 : codes.length * (augmented?.views ?? 1) > manyViews ? 2 : Math.min(mostFolds, least);
  const found = folds > 0 ? withKernels(options.kernels, (kernels) => heldOutWeights(kernels, support, moving, fixed, folds)) : null;
  const sum = found ? found.weights.reduce((all, weight) => all + weight, 0) : 0;
  const equal = 1 / (1 + parts.length);
  const weights = Float64Array.from({ length: 1 + parts.length }, (_, m) =>
    found && sum > 0 ? (evidenceShare * found.weights[m]) / sum + (1 - evidenceShare) * equal : equal,
  );
  const shots = classes.length / counts.reduce((all, count) => all + 1 / count, 0);
  return {
    ...{ kind: "combination", cols: features.cols, maps: null, parts, masks: [], statistics: null },
    weights: [{ shots, ways: classes.length, weights, scales: [1, 0], C: 1, logLoss: null }],
    domain: null,
    chosen: {
      ...{ by: "support", rows: codes.length, ways: classes.length, leastRows: least, folds, seed },
      ...{ views: augmented?.views ?? 0, poolRows: pool ? pool.matrix.rows / pool.views : 0 },
      ...(found ? { logLoss: found.logLoss } : {}),
    },
  };
}
