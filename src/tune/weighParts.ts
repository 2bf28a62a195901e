import type { GroupedRows, PartSpace } from "../basis/partSpace.ts";
import type { PartsDomain } from "../basis/partsDomain.ts";
import { type CombinationWeights, withoutEvidence } from "../pipeline/combination.ts";
import { combinationEvidence, type EvidenceTask, evidenceDomain } from "./combinationEvidence.ts";
import { combinationWeights } from "./combinationWeights.ts";

/** The tasks that a combination is to serve, and how much evidence to gather for it. */
export interface CombinationTask {
  readonly ways: number;
  /** Ascending. */
  readonly shots: readonly number[];
  readonly queries: number;
  readonly seed: number;
  /** Episodes in each fold of classes (default 30). */
  readonly episodes?: number;
  /** Inner products of parts of the user's own, m × m each, of the rows listed. */
  readonly more?: (list: Int32Array) => readonly Float64Array[];
  /** Inner products of parts that each support teaches: see {@link EvidenceTask}. */
  readonly ofSupport?: EvidenceTask["ofSupport"];
}

/** With fewer classes no pair can be held out with two left to learn from. */
export const leastClasses = 4;

/**
 * The share of the fixed mixture in the weights: half of them at 12 base classes, more where fewer classes say less, less where many do. It is
 * what a prior worth 12 classes leaves.
 */
const priorClasses = 12;
/** C for the softmax probe on the weighted kernels, whose scale already is what fits the evidence: small values are near a centroid probe.
 * With one shot C is a scale, which a has. */
const penalties: readonly number[] = [1, 0.1, 0.01];

/** Weights by ascending shots, and what tells whether a task is of the base classes' domain (null where evidence is too little to tell). */
export interface WeighedParts {
  readonly weights: readonly CombinationWeights[];
  readonly domain: PartsDomain | null;
}

/** Evidence on base classes and the weights that it gives; with too few classes, weights that leave rows as they are. */
export function weighParts(space: PartSpace, base: GroupedRows, task: CombinationTask, count = 6): WeighedParts {
  const shots = feasibleShots(task.shots, base.starts);
  const { ways, queries, seed, episodes = 30, more, ofSupport } = task;
  const own = { ...(more ? { more } : {}), ...(ofSupport ? { ofSupport } : {}) };
  const evidence =
    base.starts.length - 1 < leastClasses
      ? []
      : combinationEvidence(space, base, { ways, shots, queries, seed, episodes, ...own }).filter((at) => at.episodes.length > 0);
  if (evidence.length === 0) return { weights: [withoutEvidence(task.shots[0], ways, count)], domain: null };
  const share = priorClasses / (priorClasses + base.starts.length - 1);
  const weights = evidence.map((at) => {
    const { weights: own, scales, C, logLoss } = combinationWeights(space.kernels, at, { share, C: at.shots > 1 ? penalties : [1] });
    return { shots: at.shots, ways: at.ways, weights: own, scales, C, logLoss };
  });
  return { weights, domain: evidenceDomain(evidence) };
}

/** Numbers of shots that three classes in four can give with some queries left; where a task has more, the most that they can. */
function feasibleShots(shots: readonly number[], starts: Int32Array): number[] {
  const sizes = Array.from({ length: starts.length - 1 }, (_, c) => starts[c + 1] - starts[c]).sort((a, b) => b - a);
  const most = Math.max(1, sizes[Math.floor((3 * (sizes.length - 1)) / 4)] - 3);
  return [...new Set(shots.map((each) => Math.min(each, most)))];
}
