import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { indexLabels } from "../../src/core/labels.ts";
import { l2Normalize } from "../../src/features/l2Normalize.ts";
import { syntheticFeatures } from "../../src/features/syntheticFeatures.ts";
import { takeRows } from "../../src/features/takeRows.ts";
import { choosePenalty, choosePenaltyAsync } from "../../src/heldout/choosePenalty.ts";
import { foldsOf } from "../../src/heldout/foldsOf.ts";
import { leaveOneOut } from "../../src/heldout/leaveOneOut.ts";
import { borrowKernels } from "../../src/kernels/createKernels.ts";
import { fitSoftmax } from "../../src/probe/fitSoftmax.ts";
import { predictProba } from "../../src/probe/predict.ts";
import { labelledMatrices, matrix } from "../properties/arbitraries.ts";
import { leavesAlone } from "../properties/unchanged.ts";

const tasks = labelledMatrices({ minEach: 2, maxRows: 10 }).map(({ features, labels }) => ({ features: l2Normalize(features), labels }));
const path = [0.1, 1, 10];

/** Held-out log losses row by row, from plain leave-one-out. */
function lossesAt(features: Parameters<typeof leaveOneOut>[0], labels: readonly number[], options: { C: number; balanced?: boolean }) {
  const { logits, codes } = leaveOneOut(features, labels, options);
  const k = logits.cols;
  return Array.from(codes, (code, i) => {
    const row = Array.from(logits.data.subarray(i * k, (i + 1) * k));
    return Math.log(row.reduce((sum, value) => sum + Math.exp(value), 0)) - row[code];
  });
}

describe("choosePenalty", () => {
  it("holds at every C what leave-one-out says there, in whatever order the path is given", () => {
    fc.assert(
      fc.property(tasks, fc.boolean(), ({ features, labels }, balanced) => {
        const choice = leavesAlone([features, labels], () => choosePenalty(features, labels, { path: [10, 0.1, 1], balanced }));
        expect(choice.path.map(({ C }) => C)).toEqual(path);
        for (const point of choice.path) {
          const plain = leaveOneOut(features, labels, { C: point.C, balanced });
          expect(Math.abs(point.logLoss - plain.logLoss)).toBeLessThan(1e-6 * (1 + plain.logLoss));
        }
      }),
      { numRuns: 30 },
    );
  });

  it("takes the least log loss, or the smallest C within a standard error of the paired difference to it", () => {
    fc.assert(
      fc.property(tasks, ({ features, labels }) => {
        const least = choosePenalty(features, labels, { path });
        const strong = choosePenalty(features, labels, { path, rule: "oneStandardError" });
        const losses = path.map((C) => lossesAt(features, labels, { C }));
        const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
        const best = losses.reduce((a, b) => (mean(b) < mean(a) - 1e-9 ? b : a));
        expect(mean(losses[path.indexOf(least.C)])).toBeLessThan(mean(best) + 1e-6);
        expect(least.least).toBe(least.C);
        expect(strong.least).toBe(least.C);
        strong.path.forEach(({ excess, standardError }, p) => {
          const gaps = losses[p].map((loss, i) => loss - losses[path.indexOf(strong.least)][i]);
          expect(excess).toBeCloseTo(mean(gaps), 5);
          const n = gaps.length;
          expect(standardError).toBeCloseTo(Math.sqrt(gaps.reduce((sum, gap) => sum + (gap - mean(gaps)) ** 2, 0) / (n - 1) / n), 5);
        });
        expect(strong.C).toBe(strong.path.find(({ excess, standardError }) => excess <= standardError)?.C);
        expect(strong.C).toBeLessThanOrEqual(least.C);
      }),
      { numRuns: 40 },
    );
  });

  it("spans by default what matters at any scale: features s times as large choose C / s²", () => {
    const { features, labels } = syntheticFeatures({ classes: 3, rowsPerClass: 4, dims: 30, seed: 4 });
    const unit = l2Normalize(features);
    const plain = choosePenalty(unit, labels, { fitIntercept: false });
    const large = choosePenalty({ ...unit, data: Float64Array.from(unit.data, (value) => value * 1000) }, labels, { fitIntercept: false });
    expect(large.path.length).toBe(plain.path.length);
    plain.path.forEach((point, p) => {
      expect((large.path[p].C * 1e6) / point.C).toBeCloseTo(1, 5);
      expect(large.path[p].logLoss).toBeCloseTo(point.logLoss, 6);
    });
    expect(choosePenalty(matrix([[0], [0], [0], [0]]), [0, 0, 1, 1]).path.map(({ C }) => C)).toContain(1);
  });

  it("takes a large C where classes lie far apart and the strongest penalty where labels are noise", () => {
    const far = syntheticFeatures({ classes: 3, rowsPerClass: 6, dims: 20, separation: 8, informative: 10, seed: 1 });
    expect(choosePenalty(l2Normalize(far.features), far.labels).C).toBeGreaterThan(100);
    const noise = syntheticFeatures({ classes: 2, rowsPerClass: 20, dims: 5, informative: 0, seed: 5 });
    const labels = Array.from({ length: 40 }, (_, i) => (i * 7) % 2);
    expect(choosePenalty(l2Normalize(noise.features), labels, { rule: "oneStandardError" }).C).toBeLessThan(1);
  });

  it("without a path, finds what a path over all half decades finds where the log loss has one valley, and goes on until it has passed it", () => {
    for (const [separation, seed] of [
      [1, 2],
      [3, 3],
      [6, 4],
    ]) {
      const { features, labels } = syntheticFeatures({ classes: 4, rowsPerClass: 5, dims: 20, separation, seed });
      const rows = l2Normalize(features);
      const searched = choosePenalty(rows, labels);
      expect(searched.atEnd).toBe(false);
      const around = searched.path.findIndex(({ C }) => C === searched.C);
      const [low, high] = [searched.path[around - 1].C, searched.path[around + 1].C];
      expect(high / searched.C).toBeCloseTo(Math.sqrt(10), 10);
      expect(searched.C / low).toBeCloseTo(Math.sqrt(10), 10);
      const all = Array.from({ length: 17 }, (_, i) => searched.C * 10 ** ((i - 8) / 2));
      expect(choosePenalty(rows, labels, { path: all, method: searched.method }).least / searched.least).toBeCloseTo(1, 10);
    }
  });

  it("takes the smallest of equal ones, and looks for a stronger penalty only where the rule asks for it", () => {
    // Without intercepts, nothing tells rows of zeros apart at any C.
    const nothing = choosePenalty(matrix([[0], [0], [0], [0]]), [0, 0, 1, 1], { path: [3, 0.5, 70], fitIntercept: false });
    expect(nothing.path.map(({ logLoss }) => logLoss - Math.LN2)).toEqual([0, 0, 0]);
    expect([nothing.C, nothing.least, nothing.atEnd]).toEqual([0.5, 0.5, true]);
    const { features, labels } = syntheticFeatures({ classes: 3, rowsPerClass: 4, dims: 20, separation: 4, seed: 2 });
    const [least, strong] = (["least", "oneStandardError"] as const).map((rule) => choosePenalty(l2Normalize(features), labels, { rule }));
    expect(least.path.length).toBeLessThan(strong.path.length);
    expect(least.path[0].C).toBeGreaterThan(strong.path[0].C);
    expect(strong.least).toBe(least.C);
  });

  it("needs no n × n memory for folds, which auto takes where rows are many; the other methods say what does", () => {
    const { features, labels } = syntheticFeatures({ classes: 2, rowsPerClass: 15_000, dims: 2, seed: 1 });
    const choose = (method?: "folds" | "leaveOneOut" | "approximate") => choosePenalty(features, labels, { path: [1], method, folds: 2 });
    for (const { method, parts } of [choose(), choose("folds")]) expect([method, parts]).toEqual(["folds", 2]);
    for (const method of ["leaveOneOut", "approximate"] as const)
      expect(() => choose(method)).toThrow('method "folds" of choosePenalty, which takes any number');
  });

  it("says so where the best C is at the path's end", () => {
    const { features, labels } = syntheticFeatures({ classes: 3, rowsPerClass: 6, dims: 20, separation: 8, informative: 10, seed: 1 });
    const rows = l2Normalize(features);
    expect(choosePenalty(rows, labels, { path: [0.1, 1, 10] })).toMatchObject({ C: 10, atEnd: true });
    expect(choosePenalty(rows, labels, { path: [0.1, 1e9] }).atEnd).toBe(true);
    expect(choosePenalty(rows, labels).path.length).toBeGreaterThan(3);
  });

  it("approximates leave-one-out by one Newton step with a Hessian by classes: values of numpy and scikit-learn", () => {
    const features = matrix([
      ...[
        [1, 0.2],
        [0.9, -0.1],
        [0.7, 0.5],
        [0.1, 1],
        [-0.2, 0.8],
      ],
      ...[
        [0.4, 0.9],
        [-0.9, 0.1],
        [-0.6, -0.5],
        [-0.8, -0.2],
        [0.2, 0.1],
      ],
    ]);
    const labels = [0, 0, 0, 1, 1, 1, 2, 2, 2, 2];
    const sampleWeight = [1, 1, 1, 1, 1, 2, 1, 1, 0.5, 1];
    const groups = [0, 0, 1, 2, 3, 4, 5, 5, 6, 7];
    const options = { method: "approximate", path: [0.5, 20], sampleWeight } as const;
    for (const kernels of ["js", "wasm"] as const) {
      const rows = choosePenalty(features, labels, { ...options, kernels });
      const grouped = choosePenalty(features, labels, { ...options, groups, kernels });
      expect([rows.method, rows.parts, grouped.parts]).toEqual(["approximate", 10, 8]);
      const near = (value: number, wanted: number): void => expect(Math.abs(value - wanted)).toBeLessThan(5e-4 * wanted);
      near(rows.path[0].logLoss, 1.0532371715403734);
      near(rows.path[1].logLoss, 0.49342963177113797);
      near(grouped.path[0].logLoss, 1.297947134437214);
      near(grouped.path[1].logLoss, 0.5219461526521586);
      expect(rows.path.map(({ accuracy }) => Number(accuracy.toFixed(6)))).toEqual([0.52381, 0.809524]);
    }
  });

  it("by folds, holds what refits by fitSoftmax without each fold say", () => {
    const { features, labels } = syntheticFeatures({ classes: 3, rowsPerClass: 8, dims: 12, seed: 6 });
    const rows = l2Normalize(features);
    const index = indexLabels(labels);
    const groups = labels.map((_, i) => Math.floor(i / 2));
    for (const balanced of [false, true]) {
      const { path, method, parts } = choosePenalty(rows, labels, { method: "folds", folds: 3, path: [1, 30], balanced, groups, seed: 5 });
      const lists = Array.from({ length: 12 }, (_, g) => [2 * g, 2 * g + 1]);
      const dealt = foldsOf({ codes: index.codes, k: 3, weights: new Float64Array(24).fill(1), groups: lists }, 3, 5)!;
      expect([method, parts]).toEqual(["folds", 3]);
      for (const { C, logLoss, converged } of path) {
        let sum = 0;
        for (const out of dealt) {
          const kept = Array.from(index.codes.keys()).filter((i) => !out.includes(i));
          const left = [0, 1, 2].map((c) => kept.filter((i) => index.codes[i] === c).length);
          const sampleWeight = kept.map((i) => (balanced ? 8 / left[index.codes[i]] : 1));
          const head = fitSoftmax(
            takeRows(rows, kept),
            kept.map((i) => labels[i]),
            { C, sampleWeight },
          );
          const { data } = predictProba(head, takeRows(rows, out));
          out.forEach((i, at) => {
            sum -= Math.log(data[3 * at + index.codes[i]]) / 24;
          });
        }
        expect(converged).toBe(true);
        expect(Math.abs(logLoss - sum)).toBeLessThan(1e-4);
      }
    }
  });

  it("takes the exact form where it is cheap, its approximation beyond, and folds where that is dear or the classes are to stay in balance", () => {
    const of = (classes: number, rowsPerClass: number, balanced = false) => {
      const { features, labels } = syntheticFeatures({ classes, rowsPerClass, dims: 8, seed: 1 });
      return choosePenalty(l2Normalize(features), labels, { path: [1], balanced }).method;
    };
    expect([of(3, 3), of(5, 10), of(5, 10, true), of(2, 200)]).toEqual(["leaveOneOut", "approximate", "folds", "approximate"]);
  });

  it("in slices gives the same to the bit, tells how far it is, and stops by a signal", async () => {
    const { features, labels } = syntheticFeatures({ classes: 5, rowsPerClass: 24, dims: 64, seed: 1 });
    const rows = l2Normalize(features);
    const seen: number[] = [];
    const choice = await choosePenaltyAsync(rows, labels, {
      method: "folds",
      onProgress: ({ done, total }) => {
        expect(done).toBeLessThanOrEqual(total);
        seen.push(done);
      },
    });
    expect(choice).toEqual(choosePenalty(rows, labels, { method: "folds" }));
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    const stop = new AbortController();
    const stopped = choosePenaltyAsync(rows, labels, {
      method: "leaveOneOut",
      onProgress: () => stop.abort(new Error("enough")),
      signal: stop.signal,
    });
    await expect(stopped).rejects.toThrow("enough");
    await expect(choosePenaltyAsync(rows, labels, { signal: AbortSignal.abort(new Error("before")) })).rejects.toThrow("before");
    await expect(choosePenaltyAsync(rows, labels, { signal: 1 as never })).rejects.toThrow(TypeError);
    await expect(choosePenaltyAsync(rows, labels, { onProgress: 1 as never })).rejects.toThrow(TypeError);
  });

  it("in slices gives its kernels back, whether it ends or is stopped", async () => {
    const { features, labels } = syntheticFeatures({ classes: 2, rowsPerClass: 3, dims: 4, seed: 1 });
    const first = borrowKernels("js");
    first.end();
    for (const stop of [undefined, AbortSignal.abort(new Error("enough"))]) {
      const choosing = choosePenaltyAsync(features, labels, { path, kernels: "js", signal: stop });
      await (stop ? expect(choosing).rejects.toThrow("enough") : choosing);
      const next = borrowKernels("js");
      expect(next.kernels).toBe(first.kernels);
      next.end();
    }
  });

  it.each([
    [{ method: "loo" }, 'method is "loo", expected one of auto, leaveOneOut, approximate, folds'],
    [{ folds: 1 }, "folds is 1, expected a whole number of at least 2"],
    [{ seed: -1 }, "seed is -1, expected a whole number of at least 0"],
    [{ method: "approximate", balanced: true }, 'balanced is true with method "approximate"'],
  ])("refuses %j", (options, message) => {
    const { features, labels } = syntheticFeatures({ classes: 2, rowsPerClass: 3, dims: 4, seed: 1 });
    expect(() => choosePenalty(features, labels, options as never)).toThrow(`choosePenalty: ${message}`);
  });
});
