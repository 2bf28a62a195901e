import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { l2Normalize } from "../../src/features/l2Normalize.ts";
import { syntheticFeatures } from "../../src/features/syntheticFeatures.ts";
import { choosePenalty } from "../../src/probe/choosePenalty.ts";
import { leaveOneOut } from "../../src/probe/leaveOneOut.ts";
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
    expect(plain.path.length).toBe(11);
    plain.path.forEach((point, p) => {
      expect((large.path[p].C * 1e6) / point.C).toBeCloseTo(1, 5);
      expect(large.path[p].logLoss).toBeCloseTo(point.logLoss, 6);
    });
    expect(choosePenalty(matrix([[0], [0], [0], [0]]), [0, 0, 1, 1]).path[4].C).toBe(1);
  });

  it("takes a large C where classes lie far apart and the strongest penalty where labels are noise", () => {
    const far = syntheticFeatures({ classes: 3, rowsPerClass: 6, dims: 20, separation: 8, informative: 10, seed: 1 });
    expect(choosePenalty(l2Normalize(far.features), far.labels).C).toBeGreaterThan(100);
    const noise = syntheticFeatures({ classes: 2, rowsPerClass: 20, dims: 5, informative: 0, seed: 5 });
    const labels = Array.from({ length: 40 }, (_, i) => (i * 7) % 2);
    expect(choosePenalty(l2Normalize(noise.features), labels, { rule: "oneStandardError" }).C).toBeLessThan(1);
  });
});
