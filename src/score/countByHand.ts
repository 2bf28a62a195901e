import type { Matrix } from "../core/matrix.ts";
import { viewRows } from "../core/views.ts";
import type { Asked, StageAt } from "../estimate/stage.ts";
import { imagesOf } from "../estimate/stagedEpisode.ts";
import { concatRows } from "../features/concatRows.ts";
import { takeRows } from "../features/takeRows.ts";
import { rowsPenalty } from "../heldout/episodePenalty.ts";
import { withLoops } from "../kernels/loopsInUse.ts";
import type { EpisodeRun, KernelProbe } from "../plan/options.ts";
import { composeProbe } from "../probe/composeProbe.ts";
import { fitCentroid, fitCosine } from "../probe/fitCentroid.ts";
import { fitSoftmax } from "../probe/fitSoftmax.ts";
import { predict, predictProba } from "../probe/predict.ts";
import { applySteps, type Step } from "../probe/steps.ts";
import { weighClasses } from "../solve/classWeight.ts";
import { addConfidences } from "./confidenceBins.ts";

const l2: Step = { kind: "l2", weights: null };

/** What becomes of a space's rows before a head sees them, as `fitProbe` does it. */
function stepsOf({ stage }: StageAt<Asked>, values: Float64Array | null, normalize: "l2" | "none"): readonly Step[] {
  const first = stage.data.statistics === "l2" ? [l2] : [];
  const mask: Step[] = values ? [{ kind: "mask", weights: values }] : [];
  return normalize === "l2" && (values || first.length === 0) ? [...first, ...mask, l2] : [...first, ...mask];
}

/**
 * Decides an episode by the functions that a user composes by hand (`fitSoftmax`, `predict` …), a probe at a time: what the engine leaves open, because its fit has not
 * converged or two classes are as good as equal. So neither differs from the same episode by hand.
 *
 * @param tables - a confusion matrix, most ways × most ways, and bins of confidence, where they are counted
 * @returns correct predictions, and whether the fit has converged
 */
export function countByHand(
  probe: KernelProbe,
  place: StageAt<Asked>,
  values: Float64Array | null,
  run: EpisodeRun,
  tables: { readonly table: Int32Array | null; readonly bins: Int32Array | null },
): { readonly correct: number; readonly converged: boolean } {
  const { episode, stage } = place;
  const { features, augmented } = stage.data;
  const { caller, kernels, C } = run;
  const steps = stepsOf(place, values, run.normalize);
  const views = run.trainOn === "augmented" && augmented ? augmented.views : 0;
  const own = episode.support.length;
  const plain = ({ data, rows, cols }: Matrix): Matrix => ({ data, rows, cols });
  const support = plain(takeRows(features, episode.support));
  const train = views ? concatRows([support, plain(takeRows(augmented!.matrix, viewRows(imagesOf(episode), views)))]) : support;
  const labels = Int32Array.from({ length: train.rows }, (_, i) => episode.supportLabels[i < own ? i : Math.floor((i - own) / views)]);
  const classWeights = probe === "softmax" ? run.classWeights : null;
  const weighted = views > 0 || classWeights !== null;
  const sampleWeight = weighted ? Float64Array.from(labels, (_, i) => (i < own ? 1 : 1 / views)) : undefined;
  if (sampleWeight) weighClasses(classWeights, { codes: labels, k: episode.classes.length, position: episode.classes }, sampleWeight);
  const rows = withLoops((loops) => applySteps(steps, train, { loops, caller }));
  const chosen = (): number => {
    const groups = Array.from({ length: own }, (_, i) => [i, ...Array.from({ length: views }, (_each, v) => own + i * views + v)]);
    const weights = sampleWeight ?? new Float64Array(labels.length).fill(1);
    return rowsPenalty(rows, { codes: labels, k: episode.classes.length, weights, groups }, kernels);
  };
  const head =
    probe === "softmax"
      ? fitSoftmax(rows, labels, { C: C === "auto" ? chosen() : C, sampleWeight, kernels })
      : (probe === "centroid" ? fitCentroid : fitCosine)(rows, labels, { sampleWeight });
  const whole = composeProbe(steps, head);
  const queries = plain(takeRows(features, episode.query));
  const answers = Int32Array.from(predict(whole, queries) as number[]);
  const { table, bins } = tables;
  table?.fill(0);
  let correct = 0;
  for (let i = 0; i < answers.length; i++) {
    const truth = episode.queryLabels[i];
    if (answers[i] === truth) correct++;
    if (table) table[truth * run.most.ways + answers[i]]++;
  }
  if (bins) addConfidences(bins, predictProba(whole, queries).data, head.classes.length, answers, episode.queryLabels);
  return { correct, converged: head.kind !== "softmax" || head.converged };
}
