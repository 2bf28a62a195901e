import fc from "fast-check";
import { InferenceSession, Tensor } from "onnxruntime-web";
import { describe, expect, it } from "vitest";
import { fitParts } from "../../src/basis/fitParts.ts";
import { partSpace } from "../../src/basis/partSpace.ts";
import { indexLabels } from "../../src/core/labels.ts";
import type { Matrix } from "../../src/core/matrix.ts";
import { syntheticFeatures } from "../../src/features/syntheticFeatures.ts";
import { takeRows } from "../../src/features/takeRows.ts";
import { writeOnnx } from "../../src/io/writeOnnx.ts";
import { createKernels } from "../../src/kernels/createKernels.ts";
import { weightsAt } from "../../src/pipeline/combination.ts";
import { combinationFromJSON } from "../../src/pipeline/combinationFromJSON.ts";
import { combinationToJSON } from "../../src/pipeline/combinationToJSON.ts";
import { fitProbe } from "../../src/pipeline/fitProbe.ts";
import { fitSteps } from "../../src/pipeline/fitSteps.ts";
import { densityLogits, softmaxLogits } from "../../src/pipeline/partLogits.ts";
import { headFromJSON } from "../../src/probe/headFromJSON.ts";
import { headToJSON } from "../../src/probe/headToJSON.ts";
import { decisionFunction, predictProba } from "../../src/probe/predict.ts";
import { fitCombination } from "../../src/tune/fitCombination.ts";
import { refuses } from "../properties/refuses.ts";

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

/** Twelve base classes, and a task on the four that follow: three rows of each to learn from, the others to answer. */
function problem(dims: number, perClass = 10) {
  const { features, labels } = syntheticFeatures({ classes: 16, rowsPerClass: perClass, dims, seed: 7 });
  const cut = 12 * perClass;
  const base = { features: takeRows(features, range(0, cut)), labels: labels.slice(0, cut) };
  const task = range(12, 16).map((c) => range(c * perClass, (c + 1) * perClass));
  const support = task.flatMap((own) => own.slice(0, 3));
  const query = task.flatMap((own) => own.slice(3));
  return { features, labels, base, cut, support, query };
}

describe.each([
  ["more base rows than dimensions", 24],
  ["fewer", 300],
])("a probe of a combination, %s", (_, dims) => {
  const { features, labels, base, cut, support, query } = problem(dims);
  const combination = fitCombination(base, { ways: 4, shots: 3 });
  const names = support.map((i) => labels[i]);
  const probe = fitProbe(takeRows(features, support), names, { combination });
  const queries = takeRows(features, query);

  it("answers as the kernels do: a · softmax + b · density, by maps and one linear head", () => {
    const kernels = createKernels();
    const index = indexLabels(base.labels);
    const parts = fitParts(partSpace(kernels, features), { rows: index.rows, starts: index.starts }).of(
      Int32Array.from([...support, ...query]),
    );
    const episode = {
      support: Int32Array.from(support, (_, i) => i),
      supportLabels: Int32Array.from(support, (i) => Number(labels[i]) - 12),
      query: Int32Array.from(query, (_, i) => support.length + i),
      ways: 4,
    };
    expect(index.rows.length).toBe(cut);
    const { weights, scales, C } = combination.weights[0];
    const { logits: soft } = softmaxLogits(kernels, parts, weights, episode, C);
    const density = new Float64Array(soft.length);
    densityLogits(parts, episode, density, 0, 1);
    const wanted = soft.map((value, i) => scales[0] * value + scales[1] * density[i]);
    const found = decisionFunction(probe, queries).data;
    for (let i = 0; i < wanted.length; i += 4)
      for (let c = 1; c < 4; c++) expect(found[i + c] - found[i]).toBeCloseTo(wanted[i + c] - wanted[i], 8);
  });

  it("keeps every bit as JSON, the combination and the probe", () => {
    const again = combinationFromJSON(JSON.stringify(combinationToJSON(combination)));
    expect(again).toEqual(combination);
    const read = headFromJSON(JSON.stringify(headToJSON(probe)));
    expect(read).toEqual(probe);
    expect(predictProba(read, queries)).toEqual(predictProba(probe, queries));
  });

  it("runs as one ONNX graph", async () => {
    const session = await InferenceSession.create(writeOnnx(probe, { precision: "float64" }), { executionProviders: ["wasm"] });
    const outputs = await session.run({ features: new Tensor("float64", Float64Array.from(queries.data), [queries.rows, queries.cols]) });
    await session.release();
    const wanted = predictProba(probe, queries).data;
    const found = outputs.probabilities.data as Float64Array;
    expect(found.length).toBe(wanted.length);
    for (let i = 0; i < wanted.length; i++) expect(found[i]).toBeCloseTo(wanted[i], 10);
  });
});

describe("fitCombination", () => {
  const { base } = problem(24);

  it("gives the same for the same seed, whichever kernels compute, and leaves its input alone", () => {
    const before = base.features.data.slice();
    const found = fitCombination(base, { shots: [1, 3], seed: 4 });
    expect(fitCombination(base, { shots: [3, 1], seed: 4, kernels: "js" })).toEqual({ ...found, chosen: found.chosen });
    expect(base.features.data).toEqual(before);
    expect(found.weights.map(({ shots }) => shots)).toEqual([1, 3]);
  });

  it("does not see scale, and weighs parts at least 0 whatever the classes' sizes", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 4, max: 9 }),
        fc.integer({ min: 4, max: 12 }),
        fc.integer({ min: 0, max: 99 }),
        (classes, most, seed) => {
          const { features, labels } = syntheticFeatures({ classes, rowsPerClass: most, dims: 6, seed });
          // Classes of unequal size, the last of one row.
          const kept = range(0, labels.length).filter((i) => i % most < Math.max(1, most - Number(labels[i])));
          const own = { features: takeRows(features, kept), labels: kept.map((i) => labels[i]) };
          const { weights } = fitCombination(own, { ways: 3, shots: 1, episodes: 5 });
          for (const each of weights) {
            expect(each.weights.every((weight) => weight >= 0 && Number.isFinite(weight))).toBe(true);
            expect(each.weights.some((weight) => weight > 0)).toBe(true);
          }
          const scaled: Matrix = { ...own.features, data: own.features.data.map((value) => 8 * value) };
          expect(fitCombination({ ...own, features: scaled }, { ways: 3, shots: 1, episodes: 5 }).weights).toEqual(weights);
        },
      ),
      { numRuns: 15 },
    );
  });

  it("leaves rows as they are where too few base classes can be held out", () => {
    const few = { features: takeRows(base.features, range(0, 30)), labels: base.labels.slice(0, 30) };
    const { weights } = fitCombination(few, { shots: 1 });
    expect(Array.from(weights[0].weights)).toEqual([1, 0, 0, 0, 0, 0]);
    expect(weights[0].scales).toEqual([1, 0]);
  });

  it("interpolates weights between the shots that it knows, by 1/shots, and keeps those of its ends beyond them", () => {
    const combination = fitCombination(base, { shots: [1, 4] });
    const [low, high] = combination.weights;
    expect(weightsAt(combination, 4)).toBe(high);
    expect(weightsAt(combination, 9)).toBe(high);
    const middle = weightsAt(combination, 2);
    low.weights.forEach((value, m) => {
      expect(middle.weights[m]).toBeCloseTo(value + (2 / 3) * (high.weights[m] - value), 12);
    });
  });

  it("takes maps of the user's own as parts: one that is the raw rows changes no answer's kernel", () => {
    const own = fitCombination(base, { shots: 1, parts: [{ name: "again", steps: [{ kind: "l2", weights: null }] }] });
    const plain = fitCombination(base, { shots: 1 });
    expect(own.weights[0].weights.length).toBe(plain.weights[0].weights.length + 1);
    const sum = own.weights[0].weights[0] + own.weights[0].weights[6];
    expect(sum).toBeCloseTo(plain.weights[0].weights[0], 4);
  });

  it("takes masks as parts: one that learns nothing from a support weighs and answers as the same map given as a part", () => {
    const steps = fitSteps(base.features, base.labels, { mask: "simple" });
    const [asMap, asMask] = [{ parts: [{ name: "simple", steps }] }, { masks: ["simple"] }].map((own) =>
      fitCombination(base, { shots: 2, ...own }),
    );
    asMap.weights[0].weights.forEach((weight, m) => void expect(asMask.weights[0].weights[m]).toBeCloseTo(weight, 6));
    asMap.weights[0].scales.forEach((scale, i) => void expect(asMask.weights[0].scales[i]).toBeCloseTo(scale, 6));
    const own = takeRows(base.features, [0, 1, 10, 11, 20, 21]);
    const [first, second] = [asMap, asMask].map(
      (combination) => predictProba(fitProbe(own, [0, 0, 1, 1, 2, 2], { combination }), base.features).data,
    );
    for (let i = 0; i < first.length; i++) expect(second[i]).toBeCloseTo(first[i], 5);
  });

  it("estimates such masks from each support and the base classes' statistics, which the document keeps", () => {
    const combination = fitCombination(base, { shots: 2, masks: ["pair@base/power:0.5", "wiener@prior/power:1"] });
    const kept = combinationFromJSON(JSON.stringify(combinationToJSON(combination)));
    expect(kept).toEqual(combination);
    expect(kept.statistics!.counts).toEqual(new Float64Array(12).fill(10));
    const even = {
      ...kept,
      domain: null,
      weights: [{ ...kept.weights[0], weights: Float64Array.of(0, 0, 0, 0, 0, 0, 1, 0), scales: [1, 0] as const }],
    };
    const own = takeRows(base.features, [0, 1, 10, 11]);
    const probe = fitProbe(own, ["a", "a", "b", "b"], { combination: even, C: 5 });
    const plain = fitProbe(own, ["a", "a", "b", "b"], { mask: "pair@base/power:0.5", base, C: 5 });
    const [found, wanted] = [probe, plain].map((each) => decisionFunction(each, base.features).data);
    for (let i = 0; i < found.length; i++) expect(found[i]).toBeCloseTo(wanted[i], 9);
    expect(Object.keys((probe.provenance!.options as { parts: object }).parts).slice(-2)).toEqual(kept.masks);
  });

  it("refuses what it cannot serve, by name", () => {
    const { features, labels } = base;
    refuses(() => fitCombination({ features, labels: labels.slice(1) }), RangeError, /fitCombination: labels/);
    refuses(() => fitCombination(base, { shots: [] }), RangeError, /fitCombination: shots/);
    refuses(() => fitCombination(base, { ways: 1 }), RangeError, /fitCombination: ways/);
    refuses(
      () => fitCombination(base, { parts: [{ name: "short", steps: [{ kind: "mask", weights: new Float64Array(3) }] }] }),
      RangeError,
      /parts\[0\]\.steps 0 \(mask\)/,
    );
    for (const mask of ["pair@augmented/power:0.5", "pair@support/power:1", "pair@oracle/top:0.1", "tuned", "none", "centre>simple"])
      refuses(() => fitCombination(base, { masks: [mask] }), RangeError, /fitCombination: masks\[0\] is/);
    refuses(() => fitCombination(base, { masks: "simple" as never }), TypeError, /fitCombination: masks/);
    const combination = fitCombination(base, { shots: 1 });
    const support = takeRows(features, [0, 10]);
    refuses(() => fitProbe(support, ["a", "b"], { combination, mask: "none" }), RangeError, /fitProbe: mask is given beside a combination/);
    refuses(() => fitProbe(support, ["a", "b"], { combination, probe: "cosine" }), RangeError, /fitProbe: probe/);
    refuses(
      () => fitProbe({ data: new Float64Array(6), rows: 2, cols: 3 }, ["a", "b"], { combination }),
      RangeError,
      /24, as features|3, as/,
    );
    const document = JSON.parse(JSON.stringify(combinationToJSON(combination)));
    refuses(() => combinationFromJSON({ ...document, schema: "softprobe/head@1" }), RangeError, /combinationFromJSON: document\.schema/);
    refuses(() => combinationFromJSON({ ...document, masks: ["simple"] }), TypeError, /combinationFromJSON: document\.statistics/);
    refuses(() => combinationFromJSON({ ...document, masks: ["tuned"] }), RangeError, /combinationFromJSON: document\.masks\[0\]/);
    refuses(() => combinationFromJSON({ ...document, weights: [] }), RangeError, /combinationFromJSON: document\.weights/);
    refuses(
      () => combinationFromJSON({ ...document, maps: { ...document.maps, mean: "AAAA" } }),
      RangeError,
      /combinationFromJSON: document\.maps\.mean/,
    );
    refuses(() => combinationFromJSON("{"), RangeError, /not JSON/);
  });
});
