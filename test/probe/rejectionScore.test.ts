import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Matrix } from "../../src/core/matrix.ts";
import { l2Normalize } from "../../src/features/l2Normalize.ts";
import { syntheticFeatures } from "../../src/features/syntheticFeatures.ts";
import { takeRows } from "../../src/features/takeRows.ts";
import { leaveOneOut } from "../../src/heldout/leaveOneOut.ts";
import { fitCentroid, fitCosine } from "../../src/probe/fitCentroid.ts";
import { fitSoftmax } from "../../src/probe/fitSoftmax.ts";
import { decisionFunction, predict, predictProba } from "../../src/probe/predict.ts";
import { rejectionScore } from "../../src/probe/rejectionScore.ts";
import { auroc } from "../../src/statistics/auroc.ts";
import { coverageAccuracy } from "../../src/statistics/coverageAccuracy.ts";
import { rejectionThreshold } from "../../src/statistics/rejectionThreshold.ts";
import { labelledMatrices, matrices, matrix, rowsOf } from "../properties/arbitraries.ts";
import { leavesAlone } from "../properties/unchanged.ts";

const wide = matrices({ maxCols: 6 }).filter(({ cols }) => cols >= 2);

describe("rejectionScore", () => {
  it("is 1 − the largest probability, 1 minus its lead over the second, or minus the largest score", () => {
    fc.assert(
      fc.property(wide, fc.constantFrom(0.2, 1, 5), (scores, temperature) => {
        const probability = leavesAlone(scores, () => rejectionScore(scores, { temperature }));
        const margin = rejectionScore(scores, { by: "margin", temperature });
        const score = rejectionScore(scores, { by: "score", temperature });
        rowsOf(scores).forEach((row, i) => {
          const shares = row.map((value) => Math.exp(value / temperature)).sort((a, b) => b - a);
          const total = shares.reduce((sum, value) => sum + value, 0);
          expect(probability[i]).toBeCloseTo(1 - shares[0] / total, 12);
          expect(margin[i]).toBeCloseTo(1 - (shares[0] - shares[1]) / total, 12);
          expect(score[i]).toBe(0 - Math.max(...row));
        });
      }),
    );
  });

  it("agrees with predictProba, and keeps order and digits where the probability is 1 to rounding", () => {
    fc.assert(
      fc.property(labelledMatrices({ maxRows: 8 }), ({ features, labels }) => {
        const head = fitSoftmax(features, labels);
        const most = rowsOf(predictProba(head, features)).map((row) => Math.max(...row));
        rejectionScore(decisionFunction(head, features)).forEach((value, i) => {
          expect(value).toBeCloseTo(1 - most[i], 12);
        });
      }),
      { numRuns: 20 },
    );
    const [sure, surer] = rejectionScore(
      matrix([
        [50, 0],
        [80, 0],
      ]),
    );
    expect(sure).toBeCloseTo(Math.exp(-50), 30);
    expect(surer).toBeGreaterThan(0);
    expect(surer).toBeLessThan(sure);
  });

  it("by score is half the squared distance to the nearest centroid, and minus the nearest's cosine", () => {
    const features = matrix([
      [0, 0],
      [4, 0],
      [0, 3],
    ]);
    const far = matrix([
      [4, 3],
      [1, 1],
    ]);
    expect(Array.from(rejectionScore(decisionFunction(fitCentroid(features, ["a", "b", "c"]), far), { by: "score" }))).toEqual([4.5, 1]);
    const cosines = rejectionScore(decisionFunction(fitCosine(takeRows(features, [1, 2]), ["b", "c"]), far), { by: "score" });
    expect(cosines[0]).toBeCloseTo(-0.8, 12);
    expect(cosines[1]).toBeCloseTo(-Math.SQRT1_2, 12);
  });
});

describe("unknown classes, in features that have some", () => {
  /** 5 known classes with `shots` rows each to train on and the rest to ask about, and 15 classes that the probe has not seen. */
  function openTask(seed: number, shots: number) {
    const { features, labels } = syntheticFeatures({ classes: 20, rowsPerClass: 20, dims: 60, informative: 12, separation: 2.5, seed });
    const unit = l2Normalize(features);
    const all = Array.from(labels, (label, i) => ({ label, i }));
    const pick = (keep: (row: { label: number; i: number }) => boolean) => {
      const rows = all.filter(keep);
      return {
        features: takeRows(
          unit,
          Int32Array.from(rows, ({ i }) => i),
        ),
        labels: rows.map(({ label }) => label),
      };
    };
    return {
      train: pick(({ label, i }) => label < 5 && i % 20 < shots),
      known: pick(({ label, i }) => label < 5 && i % 20 >= shots),
      base: pick(({ label }) => label >= 5 && label < 12),
      unknown: pick(({ label }) => label >= 12),
    };
  }
  const methods = ["probability", "margin", "score"] as const;
  const heads = {
    softmax: (features: Matrix, labels: readonly number[]) => fitSoftmax(features, labels, { C: 10 }),
    centroid: fitCentroid,
    cosine: fitCosine,
  };

  for (const [name, fitHead] of Object.entries(heads)) {
    it(`are told from known ones by every score of a ${name} head, far better than chance`, () => {
      for (const seed of [1, 2, 3]) {
        const { train, known, unknown } = openTask(seed, 5);
        const head = fitHead(train.features, train.labels);
        for (const by of methods) {
          const of = (features: Matrix) => rejectionScore(decisionFunction(head, features), { by });
          expect(auroc(of(known.features), of(unknown.features))).toBeGreaterThan(0.75);
        }
      }
    });
  }

  it("a threshold from leave-one-out keeps its coverage of known rows, one from base classes its rejection of unknown ones, on average", () => {
    const [seeds, C] = [20, 10];
    let [covered, rejected] = [0, 0];
    for (let seed = 0; seed < seeds; seed++) {
      const { train, known, base, unknown } = openTask(seed, 8);
      const head = fitSoftmax(train.features, train.labels, { C });
      const of = (features: Matrix) => rejectionScore(decisionFunction(head, features));
      const { logits } = leaveOneOut(train.features, train.labels, { C, balanced: true });
      const keep = rejectionThreshold(rejectionScore(logits), { targetCoverage: 0.8 });
      covered += of(known.features).filter((score) => score <= keep).length / known.labels.length / seeds;
      const refuse = rejectionThreshold(of(base.features), { targetRejection: 0.7 });
      rejected += of(unknown.features).filter((score) => score > refuse).length / unknown.labels.length / seeds;
    }
    expect(Math.abs(covered - 0.8)).toBeLessThan(0.06);
    // Seven base classes stand for eight others: exchangeable as classes, hardly as rows.
    expect(Math.abs(rejected - 0.7)).toBeLessThan(0.1);
  });

  it("rejecting buys accuracy: the curve falls from its strict end to the accuracy without rejection", () => {
    const { train, known, unknown } = openTask(4, 5);
    const head = fitSoftmax(train.features, train.labels, { C: 10 });
    const data = new Float64Array(known.features.data.length + unknown.features.data.length);
    data.set(known.features.data);
    data.set(unknown.features.data, known.features.data.length);
    const both = { data, rows: known.features.rows + unknown.features.rows, cols: known.features.cols };
    const truth = [...known.labels, ...unknown.labels];
    const correct = predict(head, both).map((answer, i) => answer === truth[i]);
    const { coverage, accuracy, area } = coverageAccuracy(rejectionScore(decisionFunction(head, both)), correct);
    const plain = correct.filter(Boolean).length / correct.length;
    expect(accuracy[accuracy.length - 1]).toBeCloseTo(plain, 12);
    expect(accuracy[coverage.findIndex((share) => share >= 0.2)]).toBeGreaterThan(plain + 0.3);
    expect(area).toBeGreaterThan(plain + 0.15);
  });
});
