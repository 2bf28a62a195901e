import { describe, expect, it } from "vitest";
import {
  composeProbe,
  decisionFunction,
  fitCentroid,
  fitCosine,
  fitProbe,
  fitSoftmax,
  fitSteps,
  fitWithin,
  headToJSON,
  type Matrix,
  predict,
  syntheticFeatures,
  takeRows,
  transformRows,
} from "../../src/index.ts";
import { refuses } from "../properties/refuses.ts";

const { features, labels, augmented } = syntheticFeatures({ classes: 5, rowsPerClass: 8, dims: 21, views: 2, seed: 8 });
const other = syntheticFeatures({ classes: 6, rowsPerClass: 9, dims: 21, seed: 9 });
const wide: Matrix = { ...features, data: Float64Array.from(features.data) };

describe("a probe put together from steps and a head", () => {
  it.each([
    ["none", {}],
    ["no normalisation", { normalize: "none" }],
    ["a mask", { mask: "pair@augmented/power:0.5", augmented }],
    ["a mask without normalisation", { mask: "pair@support/power:1", normalize: "none" }],
    ["simple", { mask: "simple" }],
    ["a basis and a mask", { mask: "within:0.3>wiener@prior/power:1", base: other }],
    ["a basis of one's own", { basis: fitWithin(other.features, other.labels, { ridge: 1 }) }],
  ] as const)("is that of fitProbe: %s", (_, options) => {
    for (const matrix of [features, wide]) {
      const steps = fitSteps(matrix, labels, options);
      const rows = transformRows(steps, matrix);
      for (const [name, train] of Object.entries({ softmax: fitSoftmax, centroid: fitCentroid, cosine: fitCosine })) {
        const probe = composeProbe(steps, train(rows, labels));
        const whole = fitProbe(matrix, labels, { ...options, C: 1, probe: name as "softmax" });
        expect(headToJSON({ ...probe, provenance: null })).toEqual(headToJSON({ ...whole, provenance: null }));
        // The scores of raw rows are those of the rows that the head would see.
        const [raw, seen] = [decisionFunction(probe, matrix), decisionFunction(probe.head, rows)];
        seen.data.forEach((value, i) => void expect(raw.data[i]).toBeCloseTo(value, 11));
        expect(predict(probe, matrix)).toEqual(predict(probe.head, rows));
      }
    }
  });

  it("takes rows of any size, and of zeros, as its steps one by one do", () => {
    const weights = Float64Array.from({ length: 21 }, (_, j) => (j % 5) / 3);
    for (const normalize of ["l2", "none"] as const) {
      for (const head of [fitSoftmax, fitCentroid, fitCosine] as const) {
        const steps = fitSteps(wide, labels, { mask: weights, normalize });
        const probe = composeProbe(steps, head(transformRows(steps, wide), labels));
        for (const size of normalize === "l2" ? [0, 1e-300, 1e-160, 1, 1e160, 1e300] : [0, 1]) {
          const rows = { ...wide, data: wide.data.map((value) => value * size) };
          const [raw, seen] = [decisionFunction(probe, rows), decisionFunction(probe.head, transformRows(steps, rows))];
          seen.data.forEach((value, i) => void expect(raw.data[i]).toBeCloseTo(value, 10));
        }
      }
    }
  });

  it("names the row and column of a value that is not finite", () => {
    const probe = fitProbe(features, labels, { mask: "pair@support/power:1" });
    const data = features.data.slice();
    data[3 * 21 + 4] = Number.NaN;
    refuses(() => predict(probe, { ...features, data }), RangeError, "predict: features row 3, column 4 is NaN, expected finite numbers");
    refuses(() => transformRows(probe.steps, { ...features, data }), RangeError, /^transformRows: features row 3, column 4 is NaN/);
  });

  it("refuses a head that was trained on other rows", () => {
    const steps = fitSteps(features, labels, { mask: "pair@support/power:1" });
    const head = fitCentroid(takeRows({ data: new Float64Array(8), rows: 4, cols: 2 }, [0, 1]), ["a", "b"]);
    refuses(() => composeProbe(steps, head), RangeError, "composeProbe: head has 2 columns, expected 21, as the steps leave");
  });

  it("has the digest of the rows as they were, whatever becomes of them", () => {
    const copy = { ...features, data: features.data.slice() };
    const [probe, again] = [fitProbe(copy, labels), fitProbe(features, labels)];
    copy.data.fill(0);
    expect(probe.provenance!.digest).toBe(again.provenance!.digest);
    expect(fitProbe({ ...features, data: features.data.map((value) => value + 1) }, labels).provenance!.digest).not.toBe(
      again.provenance!.digest,
    );
  });
});
