import type { Labels } from "../core/labels.ts";
import type { Matrix } from "../core/matrix.ts";
import { basisCache } from "../estimate/basisStage.ts";
import { shotsOf } from "../estimate/shotsOf.ts";
import type { EpisodeRun } from "../plan/options.ts";
import type { EvaluateOptions } from "../plan/prepareEvaluation.ts";
import { type EvaluationRunner, evaluationRunner } from "../score/evaluationRunner.ts";
import { chooseCandidate } from "./chooseCandidate.ts";
import { defaultCandidates, type TuneCandidate, type TuneEvidence, tuneEvidence } from "./tuneEvidence.ts";
import { planBase, planShared } from "./tunePlan.ts";

/** One-sided level at which a candidate must beat no mask. */
export const tuneLevel = 0.05;

/** Counts the tuned mask, episode by episode: chosen for each from evidence that has none of its classes. */
export interface TunedMask {
  count(e: number, correct: Int32Array): number;
  end(): void;
}

/**
 * Prepares the `tuned` mask of an evaluation, nested: the choice for an episode rests on base episodes that share no class with it, drawn
 * once for all; with too few classes outside the episodes, on the base set's own classes. What the chosen mask learns from base classes it
 * then learns from the base set and the classes outside the episode.
 */
export function tunedMask(features: Matrix, labels: Labels, options: EvaluateOptions, run: EpisodeRun): TunedMask {
  const first = run.episode(0);
  const queries = Math.max(1, Math.round(first.query.length / first.classes.length));
  const task = { ways: run.most.ways, shots: Math.max(1, Math.round(shotsOf(first))), queries: Math.min(queries, 15), seed: run.seed };
  const shared = planShared(run.index, task);
  const own = shared === null && run.base ? planBase(run.base.index, task) : null;
  let evidence: TuneEvidence | null = null;
  if (shared) {
    const candidates = defaultCandidates({ augmented: run.augmented !== null, pool: run.pool !== null });
    evidence = tuneEvidence(features, labels, run.index, options, { ...shared, candidates, shots: task.shots });
  } else if (own && run.base) {
    const candidates = defaultCandidates({ augmented: false, pool: run.pool !== null });
    const { C, normalize, kernels, seed, pool } = options;
    const { features: baseFeatures, index } = run.base;
    evidence = tuneEvidence(
      baseFeatures,
      index.codes,
      { ...index, classes: Array.from(index.classes.keys()) },
      { C, normalize, kernels, seed, pool },
      { ...own, candidates, shots: task.shots },
    );
  }
  const nested = shared !== null;
  const chosen = new Map<string, number>();
  const runners = new Map<number, EvaluationRunner>();
  const cache = basisCache();
  const choiceFor = (classes: Int32Array): number => {
    if (!evidence) return 0;
    const key = nested ? [...classes].sort((a, b) => a - b).join() : "";
    let choice = chosen.get(key);
    if (choice === undefined) {
      const left = new Set(nested ? classes : []);
      const sets = evidence.sets.flatMap((set, s) => (set.some((c) => left.has(c)) ? [] : [s]));
      choice = chooseCandidate(evidence, sets, tuneLevel);
      chosen.set(key, choice);
    }
    return choice;
  };
  return {
    count(e, correct) {
      const choice = choiceFor(run.episode(e).classes);
      let runner = runners.get(choice);
      if (!runner) {
        const { mask, trainOn, C = options.C }: TuneCandidate = evidence?.candidates[choice] ?? { mask: "none", trainOn: "support" };
        runner = evaluationRunner(features, labels, { ...options, masks: [mask], trainOn, C, baseClasses: "all" }, cache);
        runners.set(choice, runner);
      }
      return runner.count(e, correct);
    },
    end() {
      for (const runner of runners.values()) runner.end();
    },
  };
}
