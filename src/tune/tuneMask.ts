import { checkOptions, type OptionNames } from "../core/checkOptions.ts";
import { checkCount } from "../core/checks.ts";
import { valueError } from "../core/errors.ts";
import { indexGiven, type Labels } from "../core/labels.ts";
import { checkFinite, type Matrix } from "../core/matrix.ts";
import { type OptionsOf, readOptions } from "../core/option.ts";
import { episodeOptions } from "../episodes/episodeOptions.ts";
import { basisCache } from "../estimate/basisStage.ts";
import type { EpisodeRunOptions } from "../plan/options.ts";
import { tuneOptions } from "../plan/optionTable.ts";
import { countRange } from "../score/countRange.ts";
import type { Counts, Score } from "../score/score.ts";
import { checkCandidates } from "./checkCandidates.ts";
import { chooseCandidate, gainOf, leastSets } from "./chooseCandidate.ts";
import { evaluationScore } from "./evaluationScore.ts";
import { defaultCandidates, evidenceOf, type TuneCandidate, type TuneEvidence, type TuneRun, tuneRuns } from "./tuneEvidence.ts";
import { planBase } from "./tunePlan.ts";

export interface TuneOptions
  extends Pick<EpisodeRunOptions, "seed" | "augmented" | "pool" | "C" | "normalize" | "kernels">,
    Pick<OptionsOf<typeof tuneOptions>, "level"> {
  /** Classes of the task (default 5); fewer are used where there are few base classes. */
  readonly ways?: number;
  /** Shots of the task (default 1). */
  readonly shots?: number;
  /** Query rows a class (default 15); fewer where base classes are small. */
  readonly queries?: number;
  /**
   * Masks with their basis, and the rows that the probe trains on (default: all that the data allow). No mask is always among them, first.
   */
  readonly candidates?: readonly TuneCandidate[];
}

const tuneOptionNames: OptionNames<TuneOptions> = {
  ways: true,
  shots: true,
  queries: true,
  seed: true,
  augmented: true,
  pool: true,
  candidates: true,
  level: true,
  C: true,
  normalize: true,
  kernels: true,
};

/** What one candidate achieved on the base classes. */
export interface TuneRow {
  readonly mask: string;
  readonly trainOn: "support" | "augmented";
  /** The softmax probe's C, where the candidate has one of its own. */
  readonly C?: number;
  readonly accuracy: number;
  /** Over no mask, paired over sets of base classes: mean, standard error, one-sided p. */
  readonly gain: { readonly mean: number; readonly standardError: number; readonly p: number };
}

/** What `tuneMask` chose by. Fields of the command, such as its files, may stand beside these. */
export interface TuneConfig {
  /** Of the episodes on base classes: fewer than asked for where there are few classes. */
  readonly ways?: number;
  readonly shots?: number;
  /** Of the episodes: fewer than asked for where a class has few rows. */
  readonly queries?: number;
  readonly seed?: number;
  /** Sets of base classes, over which gains are paired. */
  readonly sets?: number;
  readonly episodes?: number;
  /** The largest p at which a candidate wins. */
  readonly level?: number;
  /** Number of base classes given. */
  readonly baseClasses?: number;
  readonly [other: string]: unknown;
}

/** The result of `tuneMask`: a plain JSON document. */
export interface TuneResult {
  readonly schema: "softprobe/tune@1";
  readonly config: TuneConfig;
  readonly choice: TuneCandidate;
  /** Why, in a sentence. */
  readonly reason: string;
  /**
   * The gain to expect from this way of choosing. It is measured on sets that took no part in the choice: half of the sets choose and the
   * other half measures, and then the reverse.
   */
  readonly expectedGain: { readonly mean: number; readonly standardError: number };
  /** Fits that have not converged; left out where all have. */
  readonly unconverged?: number;
  readonly evidence: readonly TuneRow[];
}

const percent = (value: number): string => (100 * value).toFixed(1);

/**
 * Chooses a mask (with its basis and training rows) for tasks of given ways and shots by paired few-shot episodes on base classes: labelled
 * classes that are not the task's. The unmasked probe is always a candidate, and it wins unless another candidate is significantly
 * better. Every comparison is over sets of classes, not over episodes, because a new task brings new classes.
 *
 * @param features - n × d rows of base classes
 * @param labels - n labels, at least four classes
 * @param options - the task's ways, shots and queries; views; candidates; level; seed
 * @returns the choice with its evidence, `softprobe/tune@1`
 * @throws RangeError with fewer than four base classes of enough rows, and as `evaluate`
 * @example
 * ```ts
 * import { syntheticFeatures } from "softprobe";
 * import { tuneMask } from "softprobe/tune";
 *
 * const { features, labels } = syntheticFeatures({ classes: 12, rowsPerClass: 20, dims: 64, seed: 1 });
 * const candidates = [{ mask: "wiener@prior/power:1", trainOn: "support" }, { mask: "random/top:0.1", trainOn: "support" }] as const;
 * console.log(tuneMask(features, labels, { candidates }).choice.mask); // → wiener@prior/power:1
 * ```
 */
export function tuneMask(features: Matrix, labels: Labels, options: TuneOptions = {}): TuneResult {
  const { runs, score, result } = prepareTuning("tuneMask", features, labels, options);
  const counts = runs.map((run) => {
    const own = score(run);
    try {
      return countRange(own, 0, run.prepared.run.episodes);
    } finally {
      own.end();
    }
  });
  return result(counts);
}

/** A choice made ready: the runs to be counted, how this thread counts one, and what comes of their counts. */
export interface PreparedTuning {
  readonly runs: readonly TuneRun[];
  /** Scores of one choice share the bases that they fit. */
  score(run: TuneRun): Score;
  result(counts: readonly Counts[]): TuneResult;
}

/** Checks everything once. */
export function prepareTuning(caller: string, features: Matrix, labels: Labels, options: TuneOptions): PreparedTuning {
  checkOptions(options, caller, tuneOptionNames);
  checkFinite(features, caller, "features");
  const index = indexGiven(labels, caller);
  const asked = readOptions(episodeOptions, options, caller);
  const task = {
    ...{ ways: asked.ways, seed: asked.seed },
    shots: checkCount(asked.shots as number, caller, "shots"),
    queries: checkCount(asked.queries as number, caller, "queries"),
  };
  const { level } = readOptions({ level: tuneOptions.level }, options, caller);
  const plan = planBase(index, task);
  if (!plan)
    throw valueError(caller, "labels", `has ${index.classes.length} classes`, `at least 4 of shots + 5 = ${task.shots + 5} rows or more`);
  const none: TuneCandidate = { mask: "none", trainOn: "support" };
  if (options.candidates) checkCandidates(options.candidates, caller);
  const offered = options.candidates ?? defaultCandidates({ augmented: options.augmented !== undefined, pool: options.pool !== undefined });
  const candidates = [none, ...offered.filter(({ mask, trainOn, C }) => mask !== "none" || trainOn !== "support" || C !== undefined)];
  const { augmented, pool, C, normalize, kernels, seed } = options;
  const episodes = { ...plan, candidates, shots: task.shots };
  const runs = tuneRuns(caller, features, index, { augmented, pool, C, normalize, kernels, seed }, episodes);
  const cache = basisCache();
  const config = { ...task, level, baseClasses: index.classes.length };
  return {
    runs,
    score: ({ prepared }) => evaluationScore(prepared, cache),
    result: (counts) => choiceOf(evidenceOf(episodes, runs, counts), config),
  };
}

/** Chooses, and tells why and what it is worth. */
function choiceOf(
  evidence: TuneEvidence,
  { level, baseClasses, ...task }: { readonly level: number; readonly baseClasses: number; readonly shots: number; readonly seed: number },
): TuneResult {
  const { candidates, unconverged } = evidence;
  const sets = evidence.sets.map((_, s) => s);
  const chosen = chooseCandidate(evidence, sets, level);
  const halves = [sets.filter((s) => s % 2 === 0), sets.filter((s) => s % 2 === 1)];
  const crossed = halves.map((half, h) => gainOf(evidence, chooseCandidate(evidence, half, level), halves[1 - h]));
  const gain = gainOf(evidence, chosen, sets);
  const reason =
    chosen > 0
      ? `${candidates[chosen].mask} gained ${percent(gain.mean)} ± ${percent(gain.standardError)} points over no mask on ${sets.length} sets of base classes`
      : sets.length < leastSets
        ? `${sets.length} sets of base classes are too few to prove a gain`
        : "no candidate beat the unmasked probe significantly";
  return {
    schema: "softprobe/tune@1",
    config: {
      ...task,
      ways: evidence.ways,
      queries: evidence.queries,
      sets: sets.length,
      episodes: evidence.episodes,
      level,
      baseClasses,
    },
    ...(unconverged > 0 ? { unconverged } : {}),
    choice: candidates[chosen],
    reason,
    expectedGain: {
      mean: (crossed[0].mean + crossed[1].mean) / 2,
      standardError: Math.sqrt(crossed[0].standardError ** 2 + crossed[1].standardError ** 2) / 2,
    },
    evidence: candidates.map(({ mask, trainOn, C: own }, c) => ({
      ...{ mask, trainOn, ...(own === undefined ? {} : { C: own }) },
      accuracy: evidence.accuracy[c].reduce((sum, value) => sum + value, 0) / sets.length,
      gain: gainOf(evidence, c, sets),
    })),
  };
}
