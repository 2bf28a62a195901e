import type { Labels } from "../core/labels.ts";
import type { Matrix } from "../core/matrix.ts";
import { binsOf, countLayout, tableOf } from "../plan/countLayout.ts";
import type { CheckedRun } from "../plan/options.ts";
import { type EvaluateOptions, prepareEvaluation } from "../plan/prepareEvaluation.ts";
import { type EvaluationRunner, evaluationRunner } from "../score/evaluationRunner.ts";
import { combinedScore } from "./combinedScore.ts";

/** The score of an evaluation, `tuned` among its masks or not: where it is, a score of the other masks and one of the combination, put together. */
export function evaluationScore(features: Matrix, labels: Labels, options: EvaluateOptions = {}, known?: CheckedRun): EvaluationRunner {
  if (!options.masks?.some?.((mask) => mask === "tuned")) return evaluationRunner(features, labels, options, undefined, known);
  const prepared = prepareEvaluation(features, labels, options, known);
  const { run, masks, probes, metrics, layout } = prepared;
  const { index, base, baseStatistics, joined, digest } = run;
  const checked = { index, base, baseStatistics, joined, digest };
  const plainAt = masks.flatMap(({ spec }, m) => (spec.kind === "tuned" ? [] : [m]));
  const tunedAt = masks.flatMap(({ spec }, m) => (spec.kind === "tuned" ? [m] : []));
  const plain =
    plainAt.length > 0
      ? evaluationRunner(features, labels, { ...options, masks: plainAt.map((m) => masks[m].name) }, undefined, checked)
      : null;
  const tuned = combinedScore({ run, asked: prepared.asked, metrics, kernels: options.kernels });
  const oneMask = countLayout(probes.length, run.most.ways, metrics);
  const plainCounts = new Int32Array(plain?.width ?? 0);
  const tunedCounts = new Int32Array(oneMask.width);

  /** Copies mask `from` of `counts` to mask `to` of the whole. */
  const place = (counts: Int32Array, own: typeof layout, from: number, correct: Int32Array, to: number): void => {
    for (let p = 0; p < probes.length; p++) {
      const [source, target] = [from * probes.length + p, to * probes.length + p];
      correct[target] = counts[source];
      tableOf(correct, layout, target)?.set(tableOf(counts, own, source)!);
      binsOf(correct, layout, target)?.set(binsOf(counts, own, source)!);
    }
  };
  return {
    ...prepared,
    count(e, correct) {
      const total = tuned.count(e, tunedCounts);
      for (const m of tunedAt) place(tunedCounts, oneMask, 0, correct, m);
      if (plain) {
        plain.count(e, plainCounts);
        plainAt.forEach((m, p) => void place(plainCounts, plain.layout, p, correct, m));
      }
      return total;
    },
    end() {
      plain?.end();
      tuned.end();
    },
  };
}
