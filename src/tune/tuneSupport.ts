import { checkOptions, type OptionNames } from "../core/checkOptions.ts";
import { checkChoice, checkPositive } from "../core/checks.ts";
import { kindError, shapeError } from "../core/errors.ts";
import { indexGiven, type Labels } from "../core/labels.ts";
import { checkFinite, type Matrix } from "../core/matrix.ts";
import { type OptionsOf, readOptions } from "../core/option.ts";
import { checkViews } from "../core/views.ts";
import { episodeOptions } from "../episodes/episodeOptions.ts";
import type { EpisodeRunOptions } from "../plan/options.ts";
import { trainingOptions, tuneOptions } from "../plan/optionTable.ts";
import { countRange } from "../score/countRange.ts";
import type { Counts } from "../score/score.ts";
import { checkCandidates } from "./checkCandidates.ts";
import { cannotTell, checkSupportCandidate, supportCandidates } from "./supportCandidates.ts";
import { heldOutOf, type SupportData, type SupportTask, supportScore, supportSize } from "./supportEvidence.ts";
import { type SupportTuneResult, supportResult } from "./supportResult.ts";
import type { TuneCandidate } from "./tuneEvidence.ts";

export interface TuneSupportOptions
  extends Pick<EpisodeRunOptions, "augmented" | "pool" | "normalize" | "seed" | "kernels">,
    OptionsOf<typeof tuneOptions> {
  /**
   * Masks, the rows that the probe trains on, and C (default: all single masks that a support allows). No mask is always among them,
   * first. `tuned` is `fitSupportCombination`, refitted without each row; it is by far the slowest.
   */
  readonly candidates?: readonly TuneCandidate[];
}

const tuneSupportOptionNames: OptionNames<TuneSupportOptions, OptionsOf<typeof tuneOptions>> = {
  augmented: true,
  pool: true,
  candidates: true,
  normalize: true,
  seed: true,
  kernels: true,
};

/** The values of C asked for, ascending. */
function pathOf(given: TuneSupportOptions["C"], caller: string): readonly number[] | null {
  if (given === undefined) return null;
  if (typeof given === "number") return [checkPositive(given, caller, "C")];
  if (given === null || typeof given !== "object") throw kindError(caller, "C", given, "a number or an array of numbers");
  if (given.length === 0) throw shapeError(caller, "C", "0 values", "at least 1");
  return Array.from(given, (value, i) => checkPositive(value, caller, `C[${i}]`)).sort((a, b) => a - b);
}

/**
 * Chooses a mask, the training rows and C from a support alone, without base classes. It uses leave-one-out over the support's rows, and
 * estimates mask and basis anew without the held-out row and its views. It needs at least two rows a class (three for masks of the source
 * `support`).
 *
 * Each candidate is judged at the C with the least held-out log loss. The unmasked probe at C = 1 is chosen unless another is better:
 * first the unmasked probe at another C, then a candidate that is better than the unmasked probe at its own C. Better means two things: a
 * lower log loss, by a paired one-sided t test over rows at `level` divided by the number of candidates, and at least as many correct
 * rows. Log loss decides because accuracy over so few rows moves in steps of 1/n. Accuracy has a veto because log loss also falls if a
 * probe merely becomes more confident. Of several better candidates, the one with the largest lower bound is chosen.
 *
 * Held-out rows of one support share most of their training rows, so this test is rougher than that of `tuneMask`, and it only says what
 * helps on this support. If you have labelled base classes, use `tuneMask`. With one row a class nothing can be held out, and the result
 * says so.
 *
 * @param features - n × d support rows
 * @param labels - n labels of at least two classes
 * @param options - augmented, pool, candidates, C, level, normalize, seed, kernels
 * @returns the choice with its evidence, `softprobe/tune@1`
 * @throws RangeError when rows and labels differ in number, a value is not finite, or a candidate needs data that were not given, base
 * classes or an oracle
 * @example
 * ```ts
 * import { syntheticFeatures } from "softprobe";
 * import { tuneSupport } from "softprobe/tune";
 *
 * const { features, labels } = syntheticFeatures({ classes: 4, rowsPerClass: 6, dims: 64, seed: 1 });
 * const { choice, evidence } = tuneSupport(features, labels, { candidates: [{ mask: "wiener@support/power:1", trainOn: "support" }] });
 * console.log(choice.mask, evidence.map(({ accuracy }) => accuracy.toFixed(2)).join(" ")); // → wiener@support/power:1 0.63 0.63 0.79
 * ```
 */
export function tuneSupport(features: Matrix, labels: Labels, options: TuneSupportOptions = {}): SupportTuneResult {
  const { tasks, result } = prepareSupport("tuneSupport", features, labels, options);
  const counts = tasks.map((task) => {
    const score = supportScore(task);
    try {
      return countRange(score, 0, supportSize(task).units);
    } finally {
      score.end();
    }
  });
  return result(counts);
}

/** A choice made ready: the candidates to be counted, no mask at C = 1 first, and what comes of their counts. */
export interface PreparedSupport {
  readonly data: SupportData;
  readonly tasks: readonly SupportTask[];
  result(counts: readonly Counts[]): SupportTuneResult;
}

/** Checks everything once. */
export function prepareSupport(caller: string, features: Matrix, labels: Labels, options: TuneSupportOptions): PreparedSupport {
  checkOptions(options, caller, tuneSupportOptionNames, tuneOptions);
  checkFinite(features, caller, "features");
  const index = indexGiven(labels, caller);
  const n = features.rows;
  if (index.codes.length !== n) throw shapeError(caller, "labels", `${index.codes.length} rows`, `${n}, one a row of features`);
  if (index.classes.length < 2) throw shapeError(caller, "labels", `one class, ${String(index.classes[0])}`, "at least 2");
  const data: SupportData = {
    ...{ features, index },
    augmented: options.augmented ? checkViews(options.augmented, caller, "augmented", features.cols, n) : null,
    pool: options.pool ? checkViews(options.pool, caller, "pool", features.cols) : null,
    ...readOptions({ normalize: trainingOptions.normalize, seed: episodeOptions.seed }, options, caller),
    kernels: options.kernels,
  };
  const { level } = readOptions({ level: tuneOptions.level }, options, caller);
  const path = pathOf(options.C, caller);
  const sizes = index.classes.map((_, c) => index.starts[c + 1] - index.starts[c]);
  const least = Math.min(...sizes);
  const has = { augmented: data.augmented !== null, pool: data.pool !== null, least };
  if (options.candidates) checkCandidates(options.candidates, caller);
  const none: TuneCandidate = { mask: "none", trainOn: "support" };
  const asked = [
    none,
    ...(options.candidates ?? supportCandidates(has)).filter(
      ({ mask, trainOn, C }) => mask !== "none" || trainOn !== "support" || C !== undefined,
    ),
  ];
  const judged: TuneCandidate[] = [];
  const unknown: (TuneCandidate & { readonly why: string })[] = [];
  for (const candidate of asked) {
    if (candidate.C !== undefined) checkPositive(candidate.C, caller, "candidate C");
    checkChoice(candidate.trainOn, caller, "candidate trainOn", ["support", "augmented"]);
    const why = cannotTell(checkSupportCandidate(candidate, caller, has), least);
    if (why === null) judged.push(candidate);
    else unknown.push({ ...candidate, why });
  }
  const config = {
    rows: n,
    classes: index.classes.length,
    leastRows: least,
    ...{ views: data.augmented?.views ?? 0, normalize: data.normalize },
    level,
    ...(path ? { C: path } : {}),
  };
  if (least < 2) {
    const lone = index.classes[sizes.indexOf(least)];
    const reason = `class ${String(lone)} has one row, and without it nothing is known of the class: choose on base classes (tuneMask), or give each class one more row`;
    const choice = { ...none, C: 1 };
    const nothing = { schema: "softprobe/tune@1", config, choice, reason, expectedGain: null, evidence: [], unknown } as const;
    return { data, tasks: [], result: () => nothing };
  }
  const tasks = [{ data, candidate: { ...none, C: 1 }, path: null }, ...judged.map((candidate) => ({ data, candidate, path }))];
  return {
    data,
    tasks,
    result(counts) {
      const [[plain], ...measured] = tasks.map((task, t) => heldOutOf(task, counts[t]));
      return supportResult({ index, judged, unknown, config, level }, plain, measured);
    },
  };
}
