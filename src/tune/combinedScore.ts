import { fitPartMaps } from "../basis/fitPartMaps.ts";
import { type FittedParts, fitParts, type PartKernels } from "../basis/fitParts.ts";
import { type GroupedRows, partSpace } from "../basis/partSpace.ts";
import { type PartsDomain, partsDomainP } from "../basis/partsDomain.ts";
import type { Matrix } from "../core/matrix.ts";
import type { Episode } from "../episodes/sampleEpisode.ts";
import { shotsOf } from "../estimate/shotsOf.ts";
import { l2Normalize } from "../features/l2Normalize.ts";
import { takeRows } from "../features/takeRows.ts";
import { createKernels } from "../kernels/createKernels.ts";
import { kernelLoops } from "../kernels/kernelLoops.ts";
import { type CombinationWeights, domainLevel, withoutEvidence } from "../pipeline/combination.ts";
import { combinationSteps } from "../pipeline/combinationSteps.ts";
import { centroidOfParts, densityLogits, type PartEpisode, softmaxLogits } from "../pipeline/partLogits.ts";
import { countLayout, putPenalty } from "../plan/countLayout.ts";
import type { CustomProbe } from "../plan/given.ts";
import type { ProbeName } from "../plan/optionTable.ts";
import type { PreparedEvaluation } from "../plan/prepareEvaluation.ts";
import { joinBase } from "../plan/prepareRun.ts";
import { rowsPenalty } from "../probe/episodePenalty.ts";
import { applySteps } from "../probe/steps.ts";
import { customAnswers } from "../score/customAnswers.ts";
import type { Score } from "../score/score.ts";
import { type Answers, answersOf, countAnswers } from "./answers.ts";
import { takeClasses } from "./combinationEvidence.ts";
import { type CombinationTask, weighParts } from "./weighParts.ts";

/** What base classes have taught for one set of classes left out. */
interface Learned {
  readonly key: string;
  readonly base: GroupedRows;
  readonly fitted: FittedParts;
  readonly weights: CombinationWeights;
  readonly domain: PartsDomain | null;
}

/** Parts of the rows that a task's draws use. */
interface TaskParts {
  readonly learned: Learned;
  readonly first: number;
  readonly parts: PartKernels;
  readonly place: ReadonlyMap<number, number>;
}

/**
 * Counts the `tuned` mask of an evaluation: the combination of `fitCombination`, nested, so that whatever an episode's answer rests on, but its support, has
 * none of its classes. Base classes are those of the base set, of all classes outside the episode, or both, as `baseClasses` says. Episodes that leave
 * out the same classes share what is learned. A support of another domain than the base classes is answered by no mask. A softmax probe is a · softmax + b · density; centroid and cosine probes work in the weighted sum of kernels.
 */
export function combinedScore({ run, asked, metrics }: PreparedEvaluation): Score {
  const layout = countLayout(asked.length, run.most.ways, metrics, run.C === "auto");
  const kernels = createKernels(run.kernels);
  const { memory } = kernels;
  const all = run.joined ?? (run.base ? joinBase(run.features, run.index, run.base) : run);
  const space = partSpace(kernels, all.features);
  const fixed = run.base !== null && run.joined === null;
  const { classes, rows, starts } = all.index;
  const ownClasses = run.index.classes.length;
  const start = memory.mark();
  const first = run.episode(0);
  const task: CombinationTask = {
    ways: run.most.ways,
    shots: [Math.max(1, Math.round(shotsOf(first)))],
    queries: 15,
    seed: run.seed,
  };

  let learned: Learned | null = null;
  const learn = ({ classes: own }: Episode): Learned => {
    const key = fixed ? "" : [...own].sort((a, b) => a - b).join();
    if (learned?.key === key) return learned;
    memory.release(start);
    const left = new Set(own);
    const kept = Array.from(classes.keys()).filter((c) => (fixed ? c >= ownClasses : !left.has(c)));
    const base = takeClasses({ rows, starts }, kept);
    const {
      weights: [weights],
      domain,
    } = weighParts(space, base, task);
    learned = { key, base, fitted: fitParts(space, base, undefined, run.caller), weights, domain };
    return learned;
  };

  let current: TaskParts | null = null;
  /** Episodes of one task share rows, and what the parts say of them. */
  const partsOf = (e: number, episode: Episode): TaskParts => {
    const begin = e - (e % run.drawsPerTask);
    const known = learn(episode);
    if (current?.first === begin && current.learned === known) return current;
    const list = new Set<number>();
    for (let i = begin; i < Math.min(begin + run.drawsPerTask, run.episodes); i++) {
      const { support, query } = run.episode(i);
      for (const row of support) list.add(row);
      for (const row of query) list.add(row);
    }
    const ordered = Int32Array.from(list);
    const place = new Map(Array.from(ordered, (row, i) => [row, i]));
    current = { learned: known, first: begin, parts: known.fitted.of(ordered), place };
    return current;
  };

  /** No mask where the support is of another domain than the base classes. */
  const weightsFor = (
    { parts, learned: { weights, domain } }: TaskParts,
    { support, supportLabels, ways }: PartEpisode,
  ): CombinationWeights => {
    if (!domain) return weights;
    const shares = Array.from({ length: ways }, (): number[] => []);
    for (let i = 0; i < support.length; i++) shares[supportLabels[i]].push(parts.unexplained[support[i]]);
    return partsDomainP(domain, shares) < domainLevel ? withoutEvidence(weights.shots, weights.ways, weights.weights.length) : weights;
  };

  /** Of the episode: fits that have not converged, and the C of the last. */
  let [unconverged, chosen] = [0, 0];
  const logitsOf = (
    name: ProbeName,
    { parts }: TaskParts,
    weights: CombinationWeights,
    episode: PartEpisode,
    C: () => number,
  ): Float64Array => {
    if (name !== "softmax") return centroidOfParts(parts, weights.weights, episode, name === "cosine");
    const [a, b] = weights.scales;
    chosen = weights.logLoss === null ? C() : weights.C;
    const { logits: out, converged } = softmaxLogits(kernels, parts, weights.weights, episode, chosen);
    if (!converged) unconverged++;
    const density = new Float64Array(out.length);
    densityLogits(parts, episode, density, 0, 1);
    return out.map((value, i) => a * value + b * density[i]);
  };

  /** Without evidence it is the unmasked probe, at the C of that. */
  const plainPenalty = ({ support, supportLabels, classes: own }: Episode): number => {
    if (run.C !== "auto") return run.C;
    const groups = Array.from(support, (_, i) => [i]);
    const weights = new Float64Array(support.length).fill(1);
    return rowsPenalty(l2Normalize(takeRows(run.features, support)), { codes: supportLabels, k: own.length, weights, groups }, run.kernels);
  };

  /** A probe of the user's own sees the maps side by side. */
  const customLogits = (e: number, probe: CustomProbe, { base }: Learned, weights: CombinationWeights, episode: Episode): Answers => {
    const grouped = { features: all.features, ...base, classes: base.starts.length - 1, normalize: "l2" } as const;
    const maps = fitPartMaps(kernels, grouped, run.caller);
    const { steps } = combinationSteps({ maps, parts: [] }, { weights: weights.weights, scales: [1, 0] });
    const seen = (list: Int32Array): Matrix =>
      applySteps(steps, takeRows(run.features, list), { loops: kernelLoops(kernels), caller: run.caller });
    const rows = { support: seen(episode.support), labels: episode.supportLabels, queries: seen(episode.query) };
    return customAnswers(run.caller, probe, e, episode, rows, layout.bins > 0);
  };

  return {
    width: layout.width,
    count(e, correct) {
      const episode = run.episode(e);
      const at = partsOf(e, episode);
      const local: PartEpisode = {
        support: episode.support.map((row) => at.place.get(row)!),
        supportLabels: episode.supportLabels,
        query: episode.query.map((row) => at.place.get(row)!),
        ways: episode.classes.length,
      };
      const weights = weightsFor(at, local);
      unconverged = 0;
      asked.forEach((probe, p) => {
        const found =
          typeof probe === "string"
            ? answersOf(
                logitsOf(probe, at, weights, local, () => plainPenalty(episode)),
                local.ways,
              )
            : customLogits(e, probe, at.learned, weights, episode);
        if (layout.chosen) putPenalty(correct, layout.unconverged + 1 + 2 * p, probe === "softmax" ? chosen : 0);
        countAnswers(correct, { layout, probe: p, most: run.most.ways }, episode, found);
      });
      correct[layout.unconverged] = unconverged;
      return episode.query.length;
    },
    end() {
      current = null;
      learned = null;
    },
  };
}
