import { largestAt } from "../core/largest.ts";
import type { Episode } from "../episodes/sampleEpisode.ts";
import { binsOf, type CountLayout, tableOf } from "../plan/countLayout.ts";
import { softmaxRows } from "../probe/predict.ts";
import { addConfidences } from "../score/confidenceBins.ts";

/** What a probe answers to an episode's queries: a way each, and, where they are asked for, queries × ways probabilities. */
export interface Answers {
  readonly answers: ArrayLike<number>;
  readonly probabilities: ArrayLike<number> | null;
}

/** The likeliest way of each query, the first of equals, and all probabilities. */
export function answersOf(logits: Float64Array, ways: number): Answers {
  const rows = logits.length / ways;
  const answers = Int32Array.from({ length: rows }, (_, i) => largestAt(logits, i * ways, ways));
  return { answers, probabilities: softmaxRows({ data: logits, rows, cols: ways }, 1).data };
}

/** Writes right answers, the confusion matrix and bins of confidence of one probe into an episode's counts. */
export function countAnswers(
  correct: Int32Array,
  { layout, probe, most }: { readonly layout: CountLayout; readonly probe: number; readonly most: number },
  { classes, queryLabels }: Episode,
  { answers, probabilities }: Answers,
): void {
  const table = tableOf(correct, layout, probe)?.fill(0);
  let right = 0;
  for (let i = 0; i < queryLabels.length; i++) {
    if (answers[i] === queryLabels[i]) right++;
    if (table) table[queryLabels[i] * most + answers[i]]++;
  }
  correct[probe] = right;
  const bins = binsOf(correct, layout, probe);
  if (bins) addConfidences(bins, probabilities!, classes.length, answers, queryLabels);
}
