import type { Matrix } from "../core/matrix.ts";
import { takeRows } from "../features/takeRows.ts";
import { takeViews } from "../features/takeViews.ts";
import { rowsPenalty } from "../heldout/episodePenalty.ts";
import { withLoops } from "../kernels/loopsInUse.ts";
import type { CombinationPart } from "../pipeline/combination.ts";
import { combinationSteps } from "../pipeline/combinationSteps.ts";
import { fitSteps } from "../pipeline/fitSteps.ts";
import { countLayout, putPenalty } from "../plan/countLayout.ts";
import type { ProbeName } from "../plan/optionTable.ts";
import type { PreparedEvaluation } from "../plan/prepareEvaluation.ts";
import { fitCentroid, fitCosine } from "../probe/fitCentroid.ts";
import { fitSoftmax } from "../probe/fitSoftmax.ts";
import { decisionFunction } from "../probe/predict.ts";
import { applySteps } from "../probe/steps.ts";
import { customAnswers } from "../score/customAnswers.ts";
import type { Score } from "../score/score.ts";
import { answersOf, countAnswers } from "./answers.ts";
import { fitSupportCombination, poolMask, supportMasks } from "./fitSupportCombination.ts";

/**
 * Counts the `tuned` mask where there are no base classes: `fitSupportCombination` of each episode's support, its views and the pool, and a probe on its maps; a
 * softmax probe has the C of `C: "auto"`.
 */
export function combinedSupportScore({ run, asked, metrics }: PreparedEvaluation): Score {
  const layout = countLayout(asked.length, run.most.ways, metrics, run.C === "auto");
  const { features, augmented, pool, seed, kernels, caller } = run;
  const masks = supportMasks({ augmented, pool });
  /** What the pool teaches serves all episodes. */
  let ofPool: readonly CombinationPart[] | null = null;
  const poolParts = (labels: Int32Array, rows: Matrix): readonly CombinationPart[] => {
    ofPool ??=
      pool && masks.includes(poolMask) ? [{ name: poolMask, steps: fitSteps(rows, labels, { mask: poolMask, pool, kernels }) }] : [];
    return ofPool;
  };

  /** Of the episode: fits that have not converged, and the C of the last. */
  let [unconverged, chosen] = [0, 0];
  const headOf = (name: ProbeName, rows: Matrix, labels: Int32Array, ways: number) => {
    if (name === "centroid") return fitCentroid(rows, labels);
    if (name === "cosine") return fitCosine(rows, labels);
    const groups = Array.from(labels, (_, i) => [i]);
    const weights = new Float64Array(labels.length).fill(1);
    const C = rowsPenalty(rows, { codes: labels, k: ways, weights, groups }, kernels);
    const head = fitSoftmax(rows, labels, { C, kernels });
    if (!head.converged) unconverged++;
    chosen = C;
    return head;
  };

  return {
    width: layout.width,
    count(e, correct) {
      const episode = run.episode(e);
      unconverged = 0;
      const { support, supportLabels: labels, query, classes } = episode;
      const own = takeRows(features, support);
      const combination = fitSupportCombination(own, labels, {
        ...(augmented ? { augmented: takeViews(augmented, support) } : {}),
        ...{ masks: masks.filter((mask) => mask !== poolMask), parts: poolParts(labels, own), seed, kernels },
      });
      const { steps } = combinationSteps(combination, combination.weights[0]);
      const seen = (rows: Matrix): Matrix => withLoops((loops) => applySteps(steps, rows, { loops, caller }));
      const rows = { support: seen(own), labels, queries: seen(takeRows(features, query)) };
      asked.forEach((probe, p) => {
        const found =
          typeof probe === "string"
            ? answersOf(
                decisionFunction(headOf(probe, rows.support, labels, classes.length), rows.queries).data as Float64Array,
                classes.length,
              )
            : customAnswers(caller, probe, e, episode, rows, layout.bins > 0);
        if (layout.chosen) putPenalty(correct, layout.unconverged + 1 + 2 * p, probe === "softmax" ? chosen : 0);
        countAnswers(correct, { layout, probe: p, most: run.most.ways }, episode, found);
      });
      correct[layout.unconverged] = unconverged;
      return query.length;
    },
    end() {
      ofPool = null;
    },
  };
}
