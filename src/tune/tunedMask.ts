import { labelsOf } from "../core/labels.ts";
import { basisCache } from "../estimate/basisStage.ts";
import { shotsOf } from "../estimate/shotsOf.ts";
import { countLayout } from "../plan/countLayout.ts";
import { tuneOptions } from "../plan/optionTable.ts";
import { type PreparedEvaluation, prepareEvaluation } from "../plan/prepareEvaluation.ts";
import { maskScore } from "../score/maskScore.ts";
import type { Score } from "../score/score.ts";
import { chooseCandidate } from "./chooseCandidate.ts";
import { defaultCandidates, type TuneCandidate, type TuneEvidence, tuneEvidence } from "./tuneEvidence.ts";
import { planBase, planShared } from "./tunePlan.ts";

/**
 * Counts the `tuned` mask of an evaluation, episode by episode, nested: the choice for an episode rests on base episodes that share no class with it, drawn
 * once for all; with too few classes outside the episodes, on the base set's own classes. What the chosen mask learns from base classes it
 * then learns from the base set and the classes outside the episode.
 */
export function tunedMask({ run, options, probes, metrics }: PreparedEvaluation): Score {
  const { caller, features } = run;
  const labels = labelsOf(run.index);
  const first = run.episode(0);
  const queries = Math.max(1, Math.round(first.query.length / first.classes.length));
  const task = { ways: run.most.ways, shots: Math.max(1, Math.round(shotsOf(first))), queries: Math.min(queries, 15), seed: run.seed };
  const shared = planShared(run.index, task);
  const own = shared === null && run.base ? planBase(run.base.index, task) : null;
  let evidence: TuneEvidence | null = null;
  if (shared) {
    const candidates = defaultCandidates({ augmented: run.augmented !== null, pool: run.pool !== null });
    evidence = tuneEvidence(caller, features, labels, run.index, options, { ...shared, candidates, shots: task.shots });
  } else if (own && run.base) {
    const candidates = defaultCandidates({ augmented: false, pool: run.pool !== null });
    const { C, normalize, kernels, seed, pool } = options;
    const { features: baseFeatures, index } = run.base;
    evidence = tuneEvidence(
      caller,
      baseFeatures,
      index.codes,
      { ...index, classes: Array.from(index.classes.keys()) },
      { C, normalize, kernels, seed, pool },
      { ...own, candidates, shots: task.shots },
    );
  }
  const nested = shared !== null;
  const chosen = new Map<string, number>();
  const scores = new Map<number, Score>();
  const cache = basisCache();
  const choiceFor = (classes: Int32Array): number => {
    if (!evidence) return 0;
    const key = nested ? [...classes].sort((a, b) => a - b).join() : "";
    let choice = chosen.get(key);
    if (choice === undefined) {
      const left = new Set(nested ? classes : []);
      const sets = evidence.sets.flatMap((set, s) => (set.some((c) => left.has(c)) ? [] : [s]));
      choice = chooseCandidate(evidence, sets, tuneOptions.level.default);
      chosen.set(key, choice);
    }
    return choice;
  };
  return {
    width: countLayout(probes.length, run.most.ways, metrics).width,
    count(e, correct) {
      const choice = choiceFor(run.episode(e).classes);
      let score = scores.get(choice);
      if (!score) {
        const candidate: TuneCandidate = evidence?.candidates[choice] ?? { mask: "none", trainOn: "support" };
        const { mask, trainOn } = candidate;
        const C = candidate.C ?? options.C;
        const own = { ...options, masks: [mask], trainOn, C, baseClasses: "all" } as const;
        score = maskScore(prepareEvaluation(caller, features, labels, own), cache);
        scores.set(choice, score);
      }
      return score.count(e, correct);
    },
    end() {
      for (const score of scores.values()) score.end();
    },
  };
}
