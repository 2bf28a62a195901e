import type { Kernels } from "../kernels/kernels.ts";
import { softmaxLogits } from "../pipeline/partLogits.ts";
import type { EvidenceAt } from "./combinationEvidence.ts";
import { logLossWeights, type PartLogits } from "./logLossWeights.ts";

/** Weights of the parts at one number of shots. */
export interface CombinationWeights {
  readonly shots: number;
  readonly ways: number;
  /** One a part, the density last, as the evidence alone would have them. */
  readonly evidence: Float64Array;
  /** Their mean log loss, as weights of centroid logits. */
  readonly logLoss: number;
  /** s: what the fixed mixture is multiplied by. */
  readonly fixedScale: number;
  /** Half-way between the two. */
  readonly weights: Float64Array;
  /** a and b: of the softmax probe's logits, and of the density. */
  readonly scales: readonly [number, number];
  readonly C: number;
  /** Of the whole answer, on the evidence. */
  readonly answerLogLoss: number;
}

/** The logits of every part over all queries of the evidence. */
export function logitsOf({ episodes, ways }: EvidenceAt): PartLogits {
  const parts = episodes[0].parts.grams.length + 1;
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
export function answerScales(
  kernels: Kernels,
  evidence: EvidenceAt,
  weights: Float64Array,
  C: number,
): { readonly scales: readonly [number, number]; readonly logLoss: number } {
  const { episodes, ways } = evidence;
  const rows = episodes.reduce((sum, { labels }) => sum + labels.length, 0);
  const values = new Float64Array(rows * ways * 2);
  const labels = new Int32Array(rows);
  let [at, row] = [0, 0];
  for (const { parts, episode, labels: own, logits } of episodes) {
    const each = parts.grams.length + 1;
    const soft = softmaxLogits(kernels, parts, weights, episode, C);
    for (let i = 0; i < soft.length; i++) {
      values[at++] = soft[i];
      values[at++] = logits[i * each + each - 1];
    }
    labels.set(own, row);
    row += own.length;
  }
  const { weights: scales, logLoss } = logLossWeights({ values, labels, classes: ways, parts: 2 });
  return { scales: [scales[0], scales[1]], logLoss };
}

/** The fixed mixture that is never far off, among parts raw, centred, three whitened, directions: ¼ of ρ = 3, ¼ of ρ = 30, ½ of the directions. */
export const fixedMixture: readonly number[] = [0, 0, 0, 0.25, 0.25, 0.5];

/** Weighs the parts by evidence: METHOD.md, "Combining by evidence". */
export function combinationWeights(kernels: Kernels, evidence: EvidenceAt, C = 1): CombinationWeights {
  const all = logitsOf(evidence);
  const { weights: found, logLoss } = logLossWeights(all);
  const mixed = new Float64Array(all.values.length / all.parts);
  for (let i = 0, at = 0; i < mixed.length; i++, at += all.parts)
    for (let m = 0; m < fixedMixture.length; m++) mixed[i] += fixedMixture[m] * all.values[at + m];
  const fixedScale = logLossWeights({ ...all, values: mixed, parts: 1 }).weights[0];
  const weights = found.map((value, m) => (value + fixedScale * (fixedMixture[m] ?? 0)) / 2);
  const answer = answerScales(kernels, evidence, weights, C);
  return {
    ...{ shots: evidence.shots, ways: evidence.ways, evidence: found, logLoss, fixedScale, weights },
    ...{ scales: answer.scales, C, answerLogLoss: answer.logLoss },
  };
}
