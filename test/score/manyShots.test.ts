import { describe, expect, it } from "vitest";
import { argsortDescending } from "../../src/core/argsort.ts";
import { indexLabels } from "../../src/core/labels.ts";
import type { Matrix } from "../../src/core/matrix.ts";
import { episodeSampler } from "../../src/episodes/sampleEpisode.ts";
import { l2Normalize } from "../../src/features/l2Normalize.ts";
import { syntheticFeatures } from "../../src/features/syntheticFeatures.ts";
import { takeRows } from "../../src/features/takeRows.ts";
import { pairImportance } from "../../src/importance/pairImportance.ts";
import { applyMask } from "../../src/mask/applyMask.ts";
import { prepareCurve } from "../../src/plan/prepareCurve.ts";
import { prepareEvaluation } from "../../src/plan/prepareEvaluation.ts";
import { fitCentroid, fitCosine } from "../../src/probe/fitCentroid.ts";
import { fitSoftmax } from "../../src/probe/fitSoftmax.ts";
import { predict } from "../../src/probe/predict.ts";
import type { Head } from "../../src/probe/probe.ts";
import { curveScore } from "../../src/score/curveScore.ts";
import { maskScore } from "../../src/score/maskScore.ts";
import { cheaperForm } from "../../src/solve/prepareSoftmax.ts";
import { classStatistics } from "../../src/statistics/classStatistics.ts";

const { features, labels } = syntheticFeatures({ dims: 24, classes: 5, rowsPerClass: 80, seed: 4 });
const options = { ways: 4, shots: 60, queries: 15, seed: 3, episodes: 3 };
const index = indexLabels(labels);
const { sample } = episodeSampler(index, { ways: 4, shots: 60, queries: 15, seed: 3 });

/** How many of an episode's queries a head trained on its support gets right, rows masked and at norm 1. */
function rightBy(
  train: (rows: Matrix, labels: Int32Array) => Head,
  e: number,
  weights: (classes: Int32Array) => Float64Array | null,
): number {
  const episode = sample(e);
  const mask = weights(episode.classes);
  const ready = (rows: Int32Array): Matrix => {
    const unit = l2Normalize(takeRows(features, rows));
    return mask ? l2Normalize(applyMask(unit, mask)) : unit;
  };
  const head = train(ready(episode.support), episode.supportLabels);
  return predict(head, ready(episode.query)).filter((label, i) => label === episode.queryLabels[i]).length;
}

const statistics = classStatistics(l2Normalize(features), index);
function importanceOf(classes: Int32Array): Float64Array {
  const { cols } = features;
  const take = (values: Float64Array): Float64Array =>
    Float64Array.from({ length: classes.length * cols }, (_, i) => values[classes[Math.floor(i / cols)] * cols + (i % cols)]);
  return pairImportance({
    ...{ counts: new Float64Array(classes.length).fill(80), means: take(statistics.means), variances: take(statistics.variances), cols },
  });
}
function topOf(classes: Int32Array, count: number): Float64Array {
  const kept = argsortDescending(importanceOf(classes)).slice(0, count);
  return Float64Array.from({ length: features.cols }, (_, j) => Number(kept.includes(j)));
}

describe("episodes of many shots", () => {
  it("are fitted in d dimensions", () => {
    expect(cheaperForm(240, 24, 4)).toBe("primal");
  });

  for (const kernels of ["wasm", "js"] as const)
    it(`count as the same steps by hand do, under every kind of mask and probe: ${kernels}`, () => {
      const masks = ["none", "pair@oracle/power:1", "pair@oracle/top:0.5"];
      const score = maskScore(
        prepareEvaluation("test", features, labels, { ...options, masks, probes: ["softmax", "centroid", "cosine"], kernels }),
      );
      const correct = new Int32Array(score.width);
      for (let e = 0; e < options.episodes; e++) {
        score.count(e, correct);
        const expected = [() => null, importanceOf, (classes: Int32Array) => topOf(classes, 12)].flatMap((weights) =>
          [fitSoftmax, fitCentroid, fitCosine].map((train) => rightBy(train, e, weights)),
        );
        // The last number says that every fit has converged.
        expect(Array.from(correct)).toEqual([...expected, 0]);
      }
      score.end();
    });

  it("have redundancy curves that are those of the same steps by hand", () => {
    const plan = prepareCurve("test", features, labels, { ...options, importance: "pair@oracle", fractions: [0.1, 0.3, 0.6, 1] });
    const score = curveScore(plan);
    const correct = new Int32Array(score.width);
    for (let e = 0; e < options.episodes; e++) {
      score.count(e, correct);
      const expected = plan.stops.map((stop) => rightBy(fitSoftmax, e, (classes) => topOf(classes, stop)));
      expect(Array.from(correct)).toEqual([...expected, 0]);
    }
    score.end();
  });
});
