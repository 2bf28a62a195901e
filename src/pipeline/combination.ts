import type { PartMaps } from "../basis/fitPartMaps.ts";
import type { PartsDomain } from "../basis/partsDomain.ts";
import { kindError, shapeError, valueError } from "../core/errors.ts";
import { parseMask } from "../mask/maskSpec.ts";
import type { Step } from "../probe/steps.ts";
import type { ClassStatistics } from "../statistics/classStatistics.ts";

/** A part that you supply: its steps are applied to raw rows, and the outcome joins the other maps. */
export interface CombinationPart {
  readonly name: string;
  readonly steps: readonly Step[];
}

/** The weights learned for one number of shots. */
export interface CombinationWeights {
  readonly shots: number;
  /** Ways of the episodes that they were learned from. */
  readonly ways: number;
  /** For each part that has a kernel, ≥ 0: the factor of its inner products. */
  readonly weights: Float64Array;
  /** Factors of the softmax probe's logits and of the two-covariance density, both ≥ 0. */
  readonly scales: readonly [softmax: number, density: number];
  /** Of the softmax probe. */
  readonly C: number;
  /** Mean log loss of the combination on those episodes; null if there were none. */
  readonly logLoss: number | null;
}

/**
 * Several maps of the same rows, weighed by evidence: `fitCombination` learns it from base classes, `fitSupportCombination` from a support
 * alone, and `fitProbe` trains a probe on it. A plain record of numbers and typed arrays that ships with a model. Of base classes it holds
 * only statistics, no rows.
 */
export interface Combination {
  readonly kind: "combination";
  /** d: the number of columns of its rows. */
  readonly cols: number;
  /** Maps learned from base classes; null without base classes. */
  readonly maps: PartMaps | null;
  /** Further parts: your own, or those fitted to a support. */
  readonly parts: readonly CombinationPart[];
  /** Masks that join as well, estimated anew from each support and `statistics`. */
  readonly masks: readonly string[];
  /** Of the base classes' rows, each of norm 1: what the masks learn from; null without any. */
  readonly statistics: ClassStatistics | null;
  /** In ascending order of shots; weights in between are interpolated. */
  readonly weights: readonly CombinationWeights[];
  /** Decides whether a task is of the base classes' domain; null if there are too few base classes to decide. */
  readonly domain: PartsDomain | null;
  /** How the weights were chosen: plain JSON. */
  readonly chosen: Readonly<Record<string, unknown>>;
}

/** The parts that have a kernel, in the order of their weights. */
export function partNames({ maps, parts, masks }: Pick<Combination, "maps" | "parts" | "masks">): readonly string[] {
  const own = [...parts.map(({ name }) => name), ...masks];
  if (!maps) return ["raw", ...own];
  const whitened = maps.ridges.whitened.map((ridge) => `whitened:${ridge}`);
  return ["raw", "centred", ...whitened, "directions", ...own];
}

/** The weights for a number of shots: those of the evidence, interpolated by 1/shots, constant beyond its ends. */
export function weightsAt({ weights }: Pick<Combination, "weights">, shots: number): CombinationWeights {
  const above = weights.findIndex((each) => each.shots >= shots);
  if (above < 0) return weights[weights.length - 1];
  if (above === 0 || weights[above].shots === shots) return weights[above];
  const [low, high] = [weights[above - 1], weights[above]];
  const share = interpolation(low.shots, shots, high.shots);
  const between = (a: number, b: number): number => a + share * (b - a);
  return {
    shots,
    ways: high.ways,
    weights: low.weights.map((value, m) => between(value, high.weights[m])),
    scales: [between(low.scales[0], high.scales[0]), between(low.scales[1], high.scales[1])],
    C: between(low.C, high.C),
    logLoss: low.logLoss === null || high.logLoss === null ? null : between(low.logLoss, high.logLoss),
  };
}

/** Where 1/shots stands between its values at the ends: the noise of a mean of so many rows goes with it. */
function interpolation(low: number, shots: number, high: number): number {
  return (1 / low - 1 / shots) / (1 / low - 1 / high);
}

/** Below this p, a support is of another domain than the base classes, and its rows are left as they are. */
export const domainLevel = 0.01;

/** Weights that leave rows as they are: no mask, at C = 1. */
export function withoutEvidence(shots: number, ways: number, parts: number): CombinationWeights {
  const weights = new Float64Array(parts);
  weights[0] = 1;
  return { shots, ways, weights, scales: [1, 0], C: 1, logLoss: null };
}

/** Checks what is given as a combination. */
export function checkCombination(combination: Combination, cols: number, name: string): Combination {
  if (combination === null || typeof combination !== "object" || combination.kind !== "combination")
    throw kindError(name, "combination", combination, "a combination, as fitCombination or fitSupportCombination makes it");
  if (combination.cols !== cols) throw shapeError(name, "combination", `${combination.cols} columns`, `${cols}, as features`);
  if (combination.weights.length === 0) throw valueError(name, "combination", "has no weights", "those of at least one number of shots");
  return combination;
}

/** A mask that may be a part beside base classes: one of raw rows that learns from a support's means and the base classes' statistics, and from nothing else. */
export function checkPartMask(text: string, caller: string, argument: string): void {
  const { kind, basis, ...rest } = parseMask(text);
  const source = "source" in rest ? rest.source : null;
  const raw = basis === null || basis.name === "raw";
  if ((kind === "importance" || kind === "simple") && raw && (source === null || source === "base" || source === "prior")) return;
  throw valueError(
    caller,
    argument,
    `is "${text}"`,
    "simple, or an importance of the source base or prior, without a basis; what other rows teach joins by parts",
  );
}
