import { valueError } from "../core/errors.ts";
import { largestAt } from "../core/largest.ts";
import type { Asked, StageAt } from "../estimate/stage.ts";
import { takeRows } from "../features/takeRows.ts";
import type { EpisodeRun } from "../plan/options.ts";
import { fitPlda } from "../probe/fitPlda.ts";
import { pldaScores } from "../probe/pldaScores.ts";
import { softmaxRows } from "../probe/predict.ts";
import { addConfidences } from "./confidenceBins.ts";

/**
 * Correct predictions of PLDA on one episode, on projected rows as they are; their confusion matrix to `table`, most ways × most ways, and how sure
 * they are to `bins`.
 */
export function countPlda(
  { stage, episode, psi }: StageAt<Asked>,
  run: EpisodeRun,
  table: Int32Array | null = null,
  bins: Int32Array | null = null,
): number {
  if (run.trainOn === "augmented")
    throw valueError(run.caller, "probe plda", "is asked to train on views", 'trainOn: "support": views are not independent rows');
  const head = fitPlda(takeRows(stage.data.features, episode.support), episode.supportLabels, { psi: psi! });
  const scores = pldaScores(head, takeRows(stage.data.features, episode.query));
  const k = episode.classes.length;
  let right = 0;
  table?.fill(0);
  const answers = new Int32Array(episode.query.length);
  for (let i = 0; i < episode.query.length; i++) {
    const best = largestAt(scores, i * k, k);
    answers[i] = best;
    if (best === episode.queryLabels[i]) right++;
    if (table) table[episode.queryLabels[i] * run.most.ways + best]++;
  }
  if (bins) {
    const { data } = softmaxRows({ data: scores, rows: answers.length, cols: k }, 1);
    addConfidences(bins, data, k, answers, episode.queryLabels);
  }
  return right;
}
