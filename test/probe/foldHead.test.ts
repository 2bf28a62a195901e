import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fitDiscriminant } from "../../src/basis/fitDiscriminant.ts";
import { fitViews } from "../../src/basis/fitViews.ts";
import { fitWithin } from "../../src/basis/fitWithin.ts";
import type { Matrix } from "../../src/core/matrix.ts";
import { syntheticFeatures } from "../../src/features/syntheticFeatures.ts";
import { fitProbe, type ProbeOptions } from "../../src/pipeline/fitProbe.ts";
import { classify } from "../../src/probe/classify.ts";
import { fitCosine } from "../../src/probe/fitCentroid.ts";
import { foldHead } from "../../src/probe/foldHead.ts";
import { predict, predictProba } from "../../src/probe/predict.ts";
import type { Head, Probe } from "../../src/probe/probe.ts";

const { features, labels, augmented } = syntheticFeatures({ classes: 4, rowsPerClass: 6, dims: 23, views: 2, seed: 3 });
const base = syntheticFeatures({ classes: 7, rowsPerClass: 8, dims: 23, seed: 4 });
const options: ProbeOptions = { base: { features: base.features, labels: base.labels }, augmented };
const queries: Matrix = {
  data: Float64Array.from(base.features.data, (value, i) => (i < 23 ? 0 : 3 * value)),
  rows: base.features.rows,
  cols: 23,
};
const absolute = (matrix: Matrix): Matrix => ({ ...matrix, data: matrix.data.map(Math.abs) });

/** The largest difference in probability between a probe and its folded self, rows of zeros among the queries. */
function difference(probe: Head | Probe, asked = queries): number {
  const folded = foldHead(probe);
  expect(predict(folded, asked)).toEqual(predict(probe, asked));
  const [a, b] = [predictProba(probe, asked).data, predictProba(folded, asked).data];
  return Array.from(a).reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0);
}
const left = (probe: Head | Probe): string[] =>
  foldHead(probe).steps.map((step) => (step.kind === "l2" && step.weights ? "l2 of weights" : step.kind));

describe("a folded probe answers as the whole one does, to 1e-12, and has as few steps as there can be", () => {
  const cases: [string, ProbeOptions, string[]][] = [
    ["l2 alone", {}, ["l2"]],
    ["nothing at all", { normalize: "none" }, []],
    ["a soft mask", { mask: "pair@augmented/power:0.5" }, ["l2 of weights"]],
    ["a hard mask", { mask: "pair@support/top:0.2" }, ["l2 of weights"]],
    ["a mask without l2", { mask: "wiener@support/power:1", normalize: "none" }, []],
    ["tiny weights", { mask: Array.from({ length: 23 }, (_, j) => 1e-200 * (1 + j)) }, ["l2 of weights"]],
    ["a mask that leaves nothing", { mask: new Array(23).fill(0) }, ["l2 of weights"]],
    ["simple", { mask: "simple" }, ["l2", "simple", "l2"]],
    ["centre", { mask: "centre>none" }, ["l2", "centre", "l2"]],
    ["centre and a mask", { mask: "centre>wiener@posterior/power:1" }, ["l2", "centre", "l2 of weights"]],
    ["a dense basis and a mask", { mask: "discriminant:1>bayes@prior/power:1" }, ["l2", "centre", "transform", "l2 of weights"]],
    ["a triangular basis", { mask: "within:0.2>none" }, ["l2", "centre", "solve", "l2"]],
    [
      "a low-rank basis and a mask",
      { basis: fitViews(augmented!.matrix, augmented!.views, { ridge: 4, images: [0, 1, 2] }), mask: new Array(23).fill(0.5) },
      ["l2", "centre", "lowRank", "l2 of weights"],
    ],
    ["a basis of views and a mask", { mask: "views-support:16>pair@augmented/power:0.5" }, ["l2", "centre", "transform", "l2 of weights"]],
    [
      "a dense basis, without l2 after it",
      { basis: fitDiscriminant(base.features, base.labels, { ridge: 1 }), normalize: "none" },
      ["l2", "centre", "l2"],
    ],
    [
      "a triangular basis, without l2 after it",
      { basis: fitWithin(base.features, base.labels, { ridge: 1, root: "cholesky" } as never), normalize: "none" },
      ["l2", "centre", "l2"],
    ],
    [
      "a low-rank basis and a mask, without l2 after it",
      {
        basis: fitViews(augmented!.matrix, augmented!.views, { ridge: 4, images: [0, 1, 2] }),
        mask: new Array(23).fill(0.5),
        normalize: "none",
      },
      ["l2", "centre", "l2"],
    ],
  ];
  for (const [name, own, steps] of cases) {
    for (const probe of ["softmax", "centroid", "cosine"] as const) {
      it(`${name}, ${probe}`, () => {
        const trained = fitProbe(features, labels, {
          ...options,
          ...own,
          probe,
          ...(name.includes("leaves nothing") ? { probe: "softmax" } : {}),
        });
        expect(difference(trained)).toBeLessThan(1e-12);
        if (probe === "cosine" && own.normalize === "none") return;
        expect(left(trained)).toEqual(steps);
      });
    }
  }

  it("a power stays", () => {
    const trained = fitProbe(absolute(features), labels, { power: 0.5, mask: "pair@support/power:1" });
    expect(difference(trained, absolute(queries))).toBeLessThan(1e-12);
    expect(left(trained)).toEqual(["power", "l2 of weights"]);
  });

  it("PLDA of equal shots", () => {
    const plda = { ...options, mask: "discriminant:2>none", probe: "plda" } as const;
    const trained = fitProbe(features, labels, plda);
    expect(difference(trained)).toBeLessThan(1e-12);
    expect(left(trained)).toEqual(["l2", "centre", "l2"]);
  });

  it("a cosine that rejects by its score", () => {
    const cosine = { ...fitProbe(features, labels, { probe: "cosine" }), rejection: { by: "score", threshold: -0.1 } as const };
    const { rejected } = classify(cosine, queries);
    expect(new Set(rejected).size).toBe(2);
    expect(classify(foldHead(cosine), queries).rejected).toEqual(rejected);
  });

  it("a head alone: a cosine needs l2, and every row answers as before", () => {
    const cosine = fitCosine(features, labels);
    expect(left(cosine)).toEqual(["l2"]);
    expect(difference(cosine)).toBeLessThan(1e-12);
  });

  it("the temperature goes into the coefficients, the rejection stays, and folding again changes nothing", () => {
    const trained: Probe = {
      ...fitProbe(features, labels, { mask: "pair@support/power:1" }),
      temperature: 0.25,
      rejection: { by: "margin", threshold: 0.3 },
    };
    const folded = foldHead(trained);
    expect(difference(trained)).toBeLessThan(1e-12);
    expect([folded.temperature, folded.rejection, folded.provenance]).toEqual([1, trained.rejection, trained.provenance]);
    expect(foldHead(folded)).toEqual(folded);
  });

  it("whatever masks and matrices come one after another", () => {
    const values = (length: number) =>
      fc
        .array(fc.double({ min: 0.25, max: 2, noNaN: true }), { minLength: length, maxLength: length })
        .map((list) => Float64Array.from(list));
    const step = fc.oneof(
      fc.constant({ kind: "l2", weights: null } as const),
      values(3).map((weights) => ({ kind: "mask", weights }) as const),
      values(9).map((matrix) => ({ kind: "transform", dimensions: 3, matrix }) as const),
      values(9).map((all) => ({ kind: "solve", lower: all.map((value, at) => (at % 3 > Math.floor(at / 3) ? 0 : value)) }) as const),
      values(3).map((mean) => ({ kind: "centre", mean }) as const),
      values(7).map((all) => ({ kind: "lowRank", vectors: all.slice(0, 3), gains: all.slice(3, 4), rest: all[4] }) as const),
    );
    const linear = values(8).map(
      (all) => ({ kind: "linear", classes: ["a", "b"], cols: 3, coef: all.slice(0, 6), intercept: all.slice(6) }) as const,
    );
    const rows: Matrix = { data: Float64Array.of(1, 2, 3, 0, 0, 0, -1, 0, 5, 9, -9, 1), rows: 4, cols: 3 };
    fc.assert(
      fc.property(fc.array(step, { maxLength: 6 }), linear, (steps, head) => {
        const probe: Probe = { kind: "probe", cols: 3, steps, head, temperature: 1, rejection: null, provenance: null };
        const [a, b] = [predictProba(probe, rows).data, predictProba(foldHead(probe), rows).data];
        // Chained matrices grow logits, and with them what rounding does to a probability.
        a.forEach((value, i) => {
          expect(Math.abs(value - b[i])).toBeLessThan(1e-9);
        });
      }),
    );
  });
});
