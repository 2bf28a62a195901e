import { type LabelIndex, labelsOf } from "../core/labels.ts";
import type { Matrix } from "../core/matrix.ts";
import { randomBelow, randomStream } from "../core/random.ts";
import { type Episode, episodeSampler } from "../episodes/sampleEpisode.ts";
import { type EvaluateOptions, type PreparedEvaluation, prepareEvaluation } from "../plan/prepareEvaluation.ts";
import type { Counts } from "../score/score.ts";

/** A pipeline that tuning may choose: a mask with its basis (which includes the ridge), the rows that the probe trains on, and the softmax probe's C. */
export interface TuneCandidate {
  readonly mask: string;
  readonly trainOn: "support" | "augmented";
  /** Default: the C of the options. */
  readonly C?: number;
}

/** Mean accuracy of every candidate on every set of base classes: sets are the units that a new task is another of. */
export interface TuneEvidence {
  readonly candidates: readonly TuneCandidate[];
  /** Class codes of each set. */
  readonly sets: readonly Int32Array[];
  /** candidates × sets. */
  readonly accuracy: readonly Float64Array[];
  readonly ways: number;
  readonly shots: number;
  readonly queries: number;
  readonly episodes: number;
  /** Fits that have not converged. */
  readonly unconverged: number;
}

/**
 * The candidates that the data at hand allow, the simplest first: no mask, SimpleShot's centring, the paper's soft mask, the shots-aware
 * masks of each source, and the bases; each trained on the support and, where there are views, on the support and its views. Last the combination of them all, `tuned`.
 */
export function defaultCandidates(has: { readonly augmented: boolean; readonly pool: boolean }): readonly TuneCandidate[] {
  const views = has.augmented
    ? ["pair@augmented/power:0.5", "wiener@augmented+base/power:1", "wiener@posterior/power:1", "centre>wiener@posterior/power:1"]
    : [];
  const pool = has.augmented || has.pool ? ["views:1>none"] : [];
  const masks = [
    "none",
    "centre>none",
    "wiener@prior/power:1",
    "centre>wiener@prior/power:1",
    ...views,
    ...pool,
    "within:1>none",
    "discriminant:1>none",
    "discriminant:1>bayes@prior/power:1",
  ];
  const trainings = has.augmented ? (["support", "augmented"] as const) : (["support"] as const);
  return [...trainings.flatMap((trainOn) => masks.map((mask) => ({ mask, trainOn }))), { mask: "tuned", trainOn: "support" }];
}

/** Distinct sets of `ways` of the classes given, as many as asked or as there are; sorted codes, in a seeded order. */
export function drawSets(classes: readonly number[], ways: number, count: number, seed: number): readonly Int32Array[] {
  const random = randomStream(seed, "tune");
  const known = new Map<string, Int32Array>();
  for (let tries = 0; known.size < count && tries < 20 * count; tries++) {
    const pool = [...classes];
    for (let i = 0; i < ways; i++) {
      const other = i + randomBelow(random, pool.length - i);
      [pool[i], pool[other]] = [pool[other], pool[i]];
    }
    const set = Int32Array.from(pool.slice(0, ways)).sort();
    known.set(set.join(), set);
  }
  return [...known.values()];
}

/** Candidates that one evaluation counts: those of one training set and C. */
export interface TuneRun {
  readonly prepared: PreparedEvaluation;
  /** As given to the evaluation. */
  readonly options: EvaluateOptions;
  /** Positions of its masks among the candidates. */
  readonly own: readonly number[];
}

/** What is to be counted for a choice. */
export interface TuneEpisodes {
  readonly candidates: readonly TuneCandidate[];
  readonly sets: readonly Int32Array[];
  readonly draws: number;
  readonly shots: number;
  readonly queries: number;
}

/**
 * Prepares every candidate on the same episodes of each set of classes. Whatever a candidate learns from base classes it learns from classes
 * outside the set.
 */
export function tuneRuns(
  caller: string,
  features: Matrix,
  index: LabelIndex,
  options: EvaluateOptions,
  { candidates, sets, draws, shots, queries }: TuneEpisodes,
): readonly TuneRun[] {
  const ways = sets[0].length;
  const seed = options.seed ?? 0;
  const replay = sets.flatMap((set, s): Episode[] => {
    const classes = Array.from(set, (c) => index.classes[c]);
    const sampler = episodeSampler(index, { ways, shots, queries, seed, classes });
    return Array.from({ length: draws }, (_, i) => sampler.sample(s * draws + i));
  });
  // One run a training set and C.
  const kinds = new Map<string, number[]>();
  candidates.forEach(({ trainOn, C }, c) => {
    const kind = `${trainOn} ${C}`;
    kinds.set(kind, [...(kinds.get(kind) ?? []), c]);
  });
  const labels = labelsOf(index);
  return Array.from(kinds.values(), (own): TuneRun => {
    const { trainOn, C = options.C } = candidates[own[0]];
    const masks = own.map((c) => candidates[c].mask);
    const settings = { ...options, replay, masks, trainOn, C, baseClasses: "all" } as const;
    return { prepared: prepareEvaluation(caller, features, labels, settings), options: settings, own };
  });
}

/** The evidence of the counts of all runs, in their order. */
export function evidenceOf(episodes: TuneEpisodes, runs: readonly TuneRun[], counts: readonly Counts[]): TuneEvidence {
  const { candidates, sets, draws, shots, queries } = episodes;
  const accuracy = candidates.map(() => new Float64Array(sets.length));
  let unconverged = 0;
  runs.forEach(({ own, prepared: { width, layout } }, r) => {
    const { correct, totals } = counts[r];
    totals.forEach((total, e) => {
      own.forEach((c, m) => {
        accuracy[c][Math.floor(e / draws)] += correct[e * width + m] / total / draws;
      });
      unconverged += correct[e * width + layout.unconverged];
    });
  });
  return { candidates, sets, accuracy, ways: sets[0].length, shots, queries, episodes: sets.length * draws, unconverged };
}
