import type { Kernels } from "../kernels/kernels.ts";
import type { CombinationWeights } from "../pipeline/combination.ts";
import { softmaxLogits } from "../pipeline/partLogits.ts";
import type { EvidenceAt } from "./combinationEvidence.ts";
import { type LogLossWeights, logLossWeights, type PartLogits } from "./logLossWeights.ts";

/** What evidence says of the parts at one number of shots, and how it comes to it. */
export interface WeighedEvidence extends CombinationWeights {
  readonly logLoss: number;
  /** One a part, the density last, as the evidence alone would have them for centroid logits, and their log loss. */
  readonly evidence: LogLossWeights;
  /** s: what the fixed mixture is multiplied by. */
  readonly fixedScale: number;
}

/** Kernels, those of an episode's own, and the density. */
function partsOf({ parts, own }: Pick<EvidenceAt["episodes"][number], "parts" | "own">): number {
  return parts.grams.length + (own?.grams.length ?? 0) + 1;
}

/** The logits of every part over all queries of the evidence. */
function logitsOf({ episodes, ways }: EvidenceAt): PartLogits {
  const parts = partsOf(episodes[0]);
  const rows = episodes.reduce((sum, { labels }) => sum + labels.length, 0);
  const values = new Float64Array(rows * ways * parts);
  const labels = new Int32Array(rows);
  let at = 0;
  for (const each of episodes) {
    values.set(each.logits, at * ways * parts);
    labels.set(each.labels, at);
    at += each.labels.length;
  }
  return { values, labels, classes: ways, parts };
}

/** a · softmax + b · density: the least log loss, and what gives it. */
function answerScales(
  kernels: Kernels,
  evidence: EvidenceAt,
  weights: Float64Array,
  C: number,
  start?: readonly [number, number],
): { readonly scales: readonly [number, number]; readonly logLoss: number } {
  const { episodes, ways } = evidence;
  const rows = episodes.reduce((sum, { labels }) => sum + labels.length, 0);
  const values = new Float64Array(rows * ways * 2);
  const labels = new Int32Array(rows);
  let [at, row] = [0, 0];
  for (const { parts, episode, labels: own, logits, own: kernelsOwn } of episodes) {
    const each = partsOf({ parts, own: kernelsOwn });
    const { logits: soft } = softmaxLogits(kernels, parts, weights, episode, C, kernelsOwn);
    for (let i = 0; i < soft.length; i++) {
      values[at++] = soft[i];
      values[at++] = logits[i * each + each - 1];
    }
    labels.set(own, row);
    row += own.length;
  }
  const { weights: scales, logLoss } = logLossWeights({ values, labels, classes: ways, parts: 2 }, start && Float64Array.from(start));
  return { scales: [scales[0], scales[1]], logLoss };
}

/** The fixed mixture that is never far off, among parts raw, centred, three whitened, directions: ¼ of ρ = 3, ¼ of ρ = 30, ½ of the directions. */
const fixedMixture: readonly number[] = [0, 0, 0, 0.25, 0.25, 0.5];

export interface WeighingOptions {
  /** Share of the fixed mixture in the weights, 0 … 1. */
  readonly share: number;
  /** Values of C to choose from by log loss, where the first that is not beaten by more than rounding wins. */
  readonly C: readonly number[];
}

/** Weighs the parts by evidence: see `fitCombination`. */
export function combinationWeights(kernels: Kernels, at: EvidenceAt, { share, C: path }: WeighingOptions): WeighedEvidence {
  const all = logitsOf(at);
  const evidence = logLossWeights(all);
  const mixed = new Float64Array(all.values.length / all.parts);
  for (let i = 0, row = 0; i < mixed.length; i++, row += all.parts)
    for (let m = 0; m < fixedMixture.length; m++) mixed[i] += fixedMixture[m] * all.values[row + m];
  const fixedScale = logLossWeights({ ...all, values: mixed, parts: 1 }).weights[0];
  const weights = evidence.weights.slice(0, -1).map((value, m) => (1 - share) * value + share * fixedScale * (fixedMixture[m] ?? 0));
  // Evidence that knows nothing at all leaves the rows as they are.
  if (!weights.some((weight) => weight > 0)) weights[0] = 1;
  let best = { C: path[0], ...answerScales(kernels, at, weights, path[0]) };
  let { scales } = best;
  for (const C of path.slice(1)) {
    const next = answerScales(kernels, at, weights, C, scales);
    scales = next.scales;
    if (next.logLoss < best.logLoss - 1e-9) best = { C, ...next };
  }
  return { shots: at.shots, ways: at.ways, weights, scales: best.scales, C: best.C, logLoss: best.logLoss, evidence, fixedScale };
}
