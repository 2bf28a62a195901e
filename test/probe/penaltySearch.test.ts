import { describe, expect, it } from "vitest";
import type { Matrix } from "../../src/core/matrix.ts";
import { doWork } from "../../src/core/work.ts";
import { withKernels } from "../../src/kernels/createKernels.ts";
import { choosePenalty, choosePenaltyAsync, choosing, type PenaltyChoice, type PenaltyOptions } from "../../src/probe/choosePenalty.ts";
import { leaveOneOut } from "../../src/probe/leaveOneOut.ts";
import { penaltySearch } from "../../src/probe/penaltySearch.ts";
import { prepareHeldOut, rowScale } from "../../src/probe/prepareHeldOut.ts";
import { matrix } from "../properties/arbitraries.ts";
import { heldOutGolden, stepsOf } from "../properties/gramProblem.ts";
import { refuses } from "../properties/refuses.ts";

const line = (values: readonly number[]): Matrix => matrix(values.map((value) => [value]));
const sides = (values: readonly number[]): number[] => values.map((value) => Number(value > 0));
const golden = { features: matrix(heldOutGolden.rows), labels: heldOutGolden.codes };

/** Values of C as half decades above 1 over the rows' scale. */
const halves = (features: Matrix, values: readonly number[]): number[] =>
  values.map((C) => {
    const step = 2 * Math.log10(C * rowScale(features));
    expect(Math.abs(step - Math.round(step))).toBeLessThan(1e-9);
    return Math.round(step) + 0;
  });

function search(
  features: Matrix,
  labels: readonly number[],
  options: PenaltyOptions = {},
): PenaltyChoice & { looked: number[]; best: number; least: number } {
  const choice = choosePenalty(features, labels, { method: "leaveOneOut", ...options });
  for (const { C, logLoss } of choice.path) expect(leaveOneOut(features, labels, { C }).logLoss).toBeCloseTo(logLoss, 7);
  const values = choice.path.map(({ C }) => C);
  expect(values).toEqual([...values].sort((a, b) => a - b));
  expect(choice.least).toBe(choice.path.reduce((least, point) => (point.logLoss < least.logLoss ? point : least)).C);
  const [best, least] = halves(features, [choice.C, choice.least]);
  return { ...choice, looked: halves(features, values), best, least };
}

describe("the search for C goes by decades from 1 over the rows' scale while the log loss falls, then to the half decades beside the best", () => {
  it("where the start is best, it looks a decade up and down", () => {
    expect(search(golden.features, golden.labels)).toMatchObject({ looked: [-2, -1, 0, 1, 2], best: 0, least: 0, atEnd: false });
  });

  it("up to the end of its range, a million over the scale, where classes are apart by little and every decade gains", () => {
    const near = [-1, -0.9, -0.01, -0.01, -0.01, 0.01, 0.01, 0.01, 0.9, 1];
    for (const values of [near, [-1, -1, -0.5, 0.5, 1, 1]])
      expect(search(line(values), sides(values))).toMatchObject({ looked: [0, 2, 4, 6, 8, 10, 11, 12], best: 12, least: 12, atEnd: true });
  });

  it("ends sooner where a decade lowers the log loss by less than 1e-4", () => {
    const far = [-1, -1, -1, -1, 1, 1, 1, 1];
    const { looked, path, atEnd } = search(line(far), sides(far));
    expect(looked).toEqual([0, 2, 4, 6, 8, 9, 10, 11]);
    const [before, decade, last] = [6, 8, 10].map((step) => path[looked.indexOf(step)].logLoss);
    expect(before - decade).toBeGreaterThan(1e-4);
    expect(decade - last).toBeLessThan(1e-4);
    expect(atEnd).toBe(true);
  });

  it("down to the end of its range, 1e-4 over the scale, where labels have nothing to do with rows, and looks at no value beyond", () => {
    const noise = [1, -1, 1, -1, 1, -1, 1, -1];
    const labels = [0, 1, 1, 0, 0, 1, 1, 0];
    expect(search(line(noise), labels)).toMatchObject({ looked: [-8, -7, -6, -4, -2, 0, 2], best: -8, least: -8, atEnd: true });
    expect(search(line(noise), labels, { rule: "oneStandardError" })).toMatchObject({ looked: [-8, -7, -6, -4, -2, 0, 2], best: -8 });
  });

  it("by the rule of one standard error goes on below the best, by half decades, until one is worse than that", () => {
    const values = [-3, -2.5, -2, -1.8, -1, -0.9, -0.4, 0.3, 0.5, 0.8, 1.2, 2, 2.2, 2.6, 3, -0.1, 0.2, 1.5];
    const labels = sides(values).map((side, i) => (i % 7 === 3 ? 1 - side : side));
    const least = search(line(values), labels);
    const strong = search(line(values), labels, { rule: "oneStandardError" });
    expect(strong.least).toBe(least.least);
    expect(strong.best).toBeLessThan(least.best);
    const first = strong.path.findIndex(({ excess, standardError }) => excess <= standardError);
    expect(strong.C).toBe(strong.path[first].C);
    // One value below the chosen one was looked at, a half decade lower, and it is worse by more than a standard error.
    expect(first).toBe(1);
    expect(strong.looked[1] - strong.looked[0]).toBe(1);
    for (let p = 1; strong.looked[p] < strong.least; p++) expect(strong.looked[p + 1] - strong.looked[p]).toBe(1);
  });

  it("has no scale where rows are all alike, and begins at 1", () => {
    const { path } = choosePenalty(matrix([[0], [0], [0], [0]]), [0, 0, 1, 1]);
    expect(path.map(({ C }) => C)).toContain(1);
    expect(path.every(({ C }) => C >= 1e-4 && C <= 1e6)).toBe(true);
  });

  it("values are decades, and √10 times them, to the last digit", () => {
    const unit = line([-1, -1, 1, 1, -1, 1]);
    const { path } = choosePenalty(unit, [0, 0, 1, 1, 0, 1], { method: "leaveOneOut" });
    for (const { C } of path) {
      const decade = 10 ** Math.floor(Math.log10(C) + 1e-9);
      expect([1, Math.sqrt(10)]).toContain(C / decade);
    }
  });
});

describe("a search over log losses that are known", () => {
  /** Half decades looked at, in order and as returned, where the rows' losses at a step are these. */
  function searched(lossesAt: (step: number) => readonly number[], { scale = 1, weights = [1, 1], oneStandardError = false } = {}) {
    const asked: number[] = [];
    const look = function* (C: number): Generator<boolean, { losses: Float64Array; logLoss: number; step: number }, void> {
      const step = Math.round(2 * Math.log10(C * (scale || 1))) + 0;
      asked.push(step);
      yield true;
      const losses = Float64Array.from(lossesAt(step));
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      return { losses, logLoss: losses.reduce((sum, loss, i) => sum + weights[i] * loss, 0) / total, step };
    };
    const { steps, value } = stepsOf(penaltySearch(scale, Float64Array.from(weights), oneStandardError, look));
    expect(steps).toHaveLength(asked.length);
    return { asked, found: value.map(({ step }) => step) };
  }
  const valley = (bottom: number) => (step: number) => [(step - bottom) ** 2, (step - bottom) ** 2];

  it("asks upwards, downwards, then beside the best, once each, and returns them ascending", () => {
    expect(searched(valley(0))).toEqual({ asked: [0, 2, -2, -1, 1], found: [-2, -1, 0, 1, 2] });
    expect(searched(valley(3))).toEqual({ asked: [0, 2, 4, 1, 3], found: [0, 1, 2, 3, 4] });
    expect(searched(valley(-4)).asked).toEqual([0, 2, -2, -4, -6, -5, -3]);
  });

  it("stays where a next decade is as good, and ends upwards where it gains less than 1e-4, going on from there", () => {
    expect(searched(() => [1, 1]).asked).toEqual([0, 2, -2, -1, 1]);
    const slow = (gain: number) => (step: number) => [1 - (gain * step) / 2, 1 - (gain * step) / 2];
    expect(searched(slow(0.9e-4)).asked).toEqual([0, 2, 1, 3]);
    expect(searched(slow(1.1e-4)).asked).toEqual([0, 2, 4, 6, 8, 10, 12, 11]);
    expect(searched(slow(-1.1e-4)).asked).toEqual([0, 2, -2, -4, -6, -8, -7]);
  });

  it("takes steps over the scale, and over 1 where there is none", () => {
    for (const scale of [0, 1e-3, 40]) expect(searched(valley(3), { scale }).asked).toEqual([0, 2, 4, 1, 3]);
  });

  it("by the rule of one standard error asks below the best while the excess is within it, by the weights", () => {
    // Below 0 the one row loses twice what the other gains: an excess of half a step, a standard error of 1.5 steps. Beyond −2 both lose.
    const torn = (step: number): readonly number[] => (step >= 0 ? valley(0)(step) : step >= -2 ? [-2 * step, step] : [9, 9]);
    expect(searched(torn, { oneStandardError: true })).toEqual({ asked: [0, 2, -2, -1, 1, -3], found: [-3, -2, -1, 0, 1, 2] });
    // All weight on one row leaves no error, so every excess is too large.
    expect(searched(torn, { oneStandardError: true, weights: [1, 0] })).toEqual({ asked: [0, 2, -2, -1, 1], found: [-2, -1, 0, 1, 2] });
    const flat = (step: number): readonly number[] => (step >= 0 ? valley(0)(step) : [-1e-9, 2e-9]);
    expect(searched(flat, { oneStandardError: true }).found).toEqual([-8, -7, -6, -5, -4, -3, -2, -1, 0, 1, 2]);
  });
});

describe("excess and its standard error", () => {
  it("are by weight, with Kish's effective number of rows: (Σ w)² / Σ w²", () => {
    const { features, labels } = golden;
    const sampleWeight = [1, 2, 0.5, 1, 3, 1, 1, 0.25, 1, 1, 2, 1, 1];
    const { path } = choosePenalty(features, labels, { method: "leaveOneOut", path: [0.3, 3], sampleWeight });
    const losses = [0.3, 3].map((C) => {
      const { logits, codes } = leaveOneOut(features, labels, { C, sampleWeight });
      return Array.from(codes, (code, i) => {
        const row = Array.from(logits.data.subarray(3 * i, 3 * i + 3));
        return Math.log(row.reduce((sum, value) => sum + Math.exp(value), 0)) - row[code];
      });
    });
    const total = sampleWeight.reduce((sum, w) => sum + w, 0);
    const mean = (values: readonly number[]): number => values.reduce((sum, value, i) => sum + sampleWeight[i] * value, 0) / total;
    const effective = total ** 2 / sampleWeight.reduce((sum, w) => sum + w * w, 0);
    const best = mean(losses[0]) < mean(losses[1]) ? 0 : 1;
    const gaps = losses[1 - best].map((loss, i) => loss - losses[best][i]);
    const spread = mean(gaps.map((gap) => (gap - mean(gaps)) ** 2));
    expect(path[1 - best].excess).toBeCloseTo(mean(gaps), 6);
    expect(path[1 - best].standardError).toBeCloseTo(Math.sqrt(spread / (effective - 1)), 6);
    expect([path[best].excess, path[best].standardError]).toEqual([0, 0]);
  });

  it("where one row has all the weight there is no error to tell: 0", () => {
    const { path } = choosePenalty(line([-1, -0.5, 0.5, 1]), [0, 0, 1, 1], {
      ...{ method: "leaveOneOut", path: [0.1, 1, 10], sampleWeight: [1, 1e-30, 1e-30, 1e-30] },
    });
    expect(path.map(({ standardError }) => standardError)).toEqual([0, 0, 0]);
  });

  it("of equal losses the first C is the least; accuracy is by weight", () => {
    const choice = choosePenalty(golden.features, golden.labels, { method: "leaveOneOut", path: [2, 2, 2] });
    expect([choice.path.length, choice.C, choice.atEnd]).toEqual([1, 2, true]);
    const { accuracy } = leaveOneOut(golden.features, golden.labels, { C: 2, sampleWeight: heldOutGolden.weights });
    const weighed = choosePenalty(golden.features, golden.labels, {
      method: "leaveOneOut",
      path: [2],
      sampleWeight: heldOutGolden.weights,
    });
    expect(weighed.path[0].accuracy).toBeCloseTo(accuracy, 14);
  });

  it("the end of a path is either end, and no other place", () => {
    const at = (path: number[]): boolean => choosePenalty(golden.features, golden.labels, { method: "leaveOneOut", path }).atEnd;
    // The best of all is about 1 over the scale.
    const best = 1 / rowScale(golden.features);
    expect([at([best / 9, best, best * 9]), at([best, best * 9]), at([best / 9, best])]).toEqual([false, true, true]);
  });
});

describe("work for a choice", () => {
  const stepsFor = (options: Parameters<typeof choosing>[2]): [number, number][] =>
    withKernels("auto", (kernels) => {
      const problem = prepareHeldOut(kernels, golden.features, golden.labels, {}, "test");
      return stepsOf(choosing(kernels, problem, options)).steps.map(({ done, total }) => [done, total]);
    });
  const upTo = (total: number): [number, number][] => Array.from({ length: total }, (_, i) => [i + 1, total]);

  it("counts the steps of its method at each value of the path", () => {
    expect(stepsFor({ path: [1, 10], method: "leaveOneOut" })).toEqual(upTo(2 * 14));
    expect(stepsFor({ path: [1, 2, 3], method: "folds", folds: 2 })).toEqual(upTo(6));
    const approximate = stepsFor({ path: [1, 2], method: "approximate" });
    expect(new Set(approximate.map(([done]) => done))).toEqual(new Set([1, 2, 3, 4, 5, 6, 7, 8]));
    expect(approximate.every(([, total]) => total === 8)).toBe(true);
  });

  it("without a path counts on six values, and on more where it looks at more", () => {
    // The search looks at five.
    const steps = stepsFor({ method: "leaveOneOut" });
    expect(steps).toEqual(upTo(6 * 14).slice(0, 5 * 14));
    withKernels("auto", (kernels) => {
      const values = [-1, -1, -0.5, 0.5, 1, 1];
      const problem = prepareHeldOut(kernels, line(values), sides(values), {}, "test");
      const all = stepsOf(choosing(kernels, problem, { method: "leaveOneOut" })).steps;
      expect(all).toHaveLength(8 * 7);
      all.forEach((step, i) => {
        expect(step).toEqual({ done: i + 1, total: Math.max(6 * 7, i + 1) });
      });
    });
  });

  it("looks at no value twice, by the rule of one standard error neither", () => {
    const noise = line([1, -1, 1, -1, 1, -1, 1, -1]);
    const labels = [0, 1, 1, 0, 0, 1, 1, 0];
    for (const rule of ["least", "oneStandardError"] as const)
      for (const { features, labels: own } of [golden, { features: noise, labels }])
        withKernels("auto", (kernels) => {
          const problem = prepareHeldOut(kernels, features, own, {}, "test");
          const { steps, value } = stepsOf(choosing(kernels, problem, { method: "leaveOneOut", rule }));
          expect(steps).toHaveLength(value.path.length * (own.length + 1));
        });
  });

  it("refuses in its own name, in slices too", async () => {
    const { features, labels } = golden;
    const wrong = { method: "approximate", balanced: true } as const;
    const message = 'balanced is true with method "approximate", expected leaveOneOut or folds: one step can\'t move weights between rows';
    refuses(() => choosePenalty(features, labels, wrong), RangeError, `choosePenalty: ${message}`);
    await expect(choosePenaltyAsync(features, labels, wrong)).rejects.toThrow(`choosePenaltyAsync: ${message}`);
    await expect(choosePenaltyAsync(features, labels, { paht: [1] } as never)).rejects.toThrow(
      "choosePenaltyAsync: options.paht is not an option, expected options.path",
    );
    await expect(choosePenaltyAsync(features, [1], {})).rejects.toThrow("choosePenaltyAsync: labels has 1 rows");
    await expect(choosePenaltyAsync(features, labels, { signal: 1 as never })).rejects.toThrow("choosePenaltyAsync: signal is 1");
  });

  it("says of each value whether its fits converged", () => {
    withKernels("auto", (kernels) => {
      const problem = prepareHeldOut(kernels, golden.features, golden.labels, {}, "test");
      const { path } = doWork(choosing(kernels, problem, { method: "folds", path: [1, 5] }));
      expect(path.map(({ converged }) => converged)).toEqual([true, true]);
    });
  });
});
