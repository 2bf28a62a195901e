import { type BasisCache, basisCache } from "../estimate/basisStage.ts";
import { binsOf, countLayout, tableOf } from "../plan/countLayout.ts";
import type { EpisodeRun } from "../plan/options.ts";
import type { PreparedEvaluation } from "../plan/prepareEvaluation.ts";
import { maskScore } from "../score/maskScore.ts";
import type { Score } from "../score/score.ts";
import { combinedScore } from "./combinedScore.ts";
import { combinedSupportScore } from "./combinedSupportScore.ts";
import { leastClasses } from "./weighParts.ts";

/** Classes that `tuned` may learn from, beside the episode's own. */
function baseClassesOf({ base, joined, baseClasses, index, most }: EpisodeRun): number {
  if (baseClasses === "none") return 0;
  if (base && !joined) return base.index.classes.length;
  return (joined ?? { index }).index.classes.length - most.ways;
}

/** The score of an evaluation, `tuned` among its masks or not: where it is, a score of the other masks and one of the combination, put together. */
export function evaluationScore(prepared: PreparedEvaluation, cache: BasisCache = basisCache()): Score {
  const { run, masks, probes, metrics, layout } = prepared;
  const plainAt = masks.flatMap(({ spec }, m) => (spec.kind === "tuned" ? [] : [m]));
  const tunedAt = masks.flatMap(({ spec }, m) => (spec.kind === "tuned" ? [m] : []));
  if (tunedAt.length === 0) return maskScore(prepared, cache);
  const plainLayout = countLayout(plainAt.length * probes.length, run.most.ways, metrics, layout.chosen);
  const plain =
    plainAt.length > 0
      ? maskScore({ ...prepared, masks: plainAt.map((m) => masks[m]), layout: plainLayout, width: plainLayout.width }, cache)
      : null;
  const tuned = baseClassesOf(run) < leastClasses ? combinedSupportScore(prepared) : combinedScore(prepared);
  const oneMask = countLayout(probes.length, run.most.ways, metrics, layout.chosen);
  const plainCounts = new Int32Array(plain?.width ?? 0);
  const tunedCounts = new Int32Array(tuned.width);

  /** Copies mask `from` of `counts` to mask `to` of the whole. */
  const place = (counts: Int32Array, own: typeof layout, from: number, correct: Int32Array, to: number): void => {
    for (let p = 0; p < probes.length; p++) {
      const [source, target] = [from * probes.length + p, to * probes.length + p];
      correct[target] = counts[source];
      tableOf(correct, layout, target)?.set(tableOf(counts, own, source)!);
      binsOf(correct, layout, target)?.set(binsOf(counts, own, source)!);
      if (!layout.chosen) continue;
      const [from2, to2] = [own.unconverged + 1 + 2 * source, layout.unconverged + 1 + 2 * target];
      for (let half = 0; half < 2; half++) correct[to2 + half] = counts[from2 + half];
    }
  };
  return {
    width: layout.width,
    count(e, correct) {
      const total = tuned.count(e, tunedCounts);
      correct[layout.unconverged] = tunedCounts[oneMask.unconverged];
      for (const m of tunedAt) place(tunedCounts, oneMask, 0, correct, m);
      if (plain) {
        plain.count(e, plainCounts);
        correct[layout.unconverged] += plainCounts[plainLayout.unconverged];
        plainAt.forEach((m, p) => void place(plainCounts, plainLayout, p, correct, m));
      }
      return total;
    },
    end() {
      plain?.end();
      tuned.end();
    },
  };
}
