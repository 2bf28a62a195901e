import { beforeEach, describe, expect, it } from "vitest";
import { addExamples } from "../../src/incremental/addExamples.ts";
import { type IncrementalSoftmax, incrementalSoftmax } from "../../src/incremental/incrementalSoftmax.ts";
import { removeExamples } from "../../src/incremental/removeExamples.ts";
import { withKernels } from "../../src/kernels/createKernels.ts";
import { matrix } from "../properties/arbitraries.ts";
import { farthest } from "../properties/close.ts";
import { heldOutGolden } from "../properties/gramProblem.ts";
import { refuses } from "../properties/refuses.ts";
import { parameters, softmaxAt, solveReference } from "../properties/softmaxReference.ts";

const { rows, codes } = heldOutGolden;
const settings = [3, 30].flatMap((C) => [true, false].map((fitIntercept) => ({ C, fitIntercept })));
const stateOf = (options: { C: number; fitIntercept: boolean }): IncrementalSoftmax =>
  addExamples(incrementalSoftmax(4, options), matrix(rows), codes);

/** Holds a state's fit to Newton's method in d dimensions, and its dual coefficients to C · (y − p) there. */
function expectOptimum({ fit, labels, rows: own, C, fitIntercept, gram }: IncrementalSoftmax): void {
  const n = own.length;
  const k = fit!.classes.length;
  const features = matrix(own.map((row) => Array.from(row)));
  const at = labels.map((label) => fit!.classes.indexOf(label));
  const problem = { features, labels: at, k, C, fitIntercept };
  const theta = solveReference(problem);
  const { objective } = softmaxAt(problem, theta);
  expect(Math.abs(fit!.objective / objective - 1)).toBeLessThan(1e-12);
  const mean = fit!.intercept.reduce((sum, value) => sum + value / k, 0);
  const wanted = theta.filter((_, p) => p % 5 === 4);
  const wantedMean = wanted.reduce((sum, value) => sum + value / k, 0);
  wanted.forEach((value, c) => {
    expect(Math.abs(fit!.intercept[c] - mean - (value - wantedMean))).toBeLessThan(1e-8 * (1 + Math.abs(value)));
  });
  const coef = Float64Array.from({ length: 4 * k }, (_, p) => {
    const [c, j] = [Math.floor(p / 4), p % 4];
    return own.reduce((sum, row, i) => sum + fit!.dual[i * k + c] * row[j], 0);
  });
  const found = softmaxAt(problem, parameters(coef, fit!.intercept));
  expect(Math.hypot(...found.gradient.filter((_, p) => fitIntercept || p % 5 !== 4))).toBeLessThan(2e-8 * Math.hypot(...coef));
  expect(fit!.gradientNorm).toBeLessThan(1e-8 * (Math.hypot(...coef) + C * n));
  own.forEach((row, i) => {
    const logits = wanted.map((value, c) => row.reduce((sum, x, j) => sum + x * theta[c * 5 + j], value));
    const powers = logits.map(Math.exp);
    const total = powers.reduce((sum, value) => sum + value, 0);
    powers.forEach((power, c) => {
      expect(Math.abs(fit!.dual[i * k + c] - C * (Number(at[i] === c) - power / total))).toBeLessThan(1e-7 * C);
    });
    own.forEach((other, j) => {
      expect(gram[i * n + j]).toBeCloseTo(
        row.reduce((sum, x, p) => sum + x * other[p], 0),
        12,
      );
    });
  });
}

describe("the fit after a change", () => {
  beforeEach(() => {
    for (const choice of ["auto", "js"] as const)
      withKernels(choice, ({ memory }) => {
        // Others have used this memory: what is not written anew there is no number.
        const at = memory.allocate(2 ** 20) >>> 3;
        memory.f64.fill(Number.NaN, at, at + 2 ** 17);
      });
  });

  it("of rows that pull apart to nothing is W = 0 by the Gram matrix: no gradient but rounding", () => {
    for (const fitIntercept of [true, false]) {
      const same = Array.from({ length: 9 }, () => [0.1, 0.3, 0.7]);
      const { fit } = addExamples(incrementalSoftmax(3, { C: 3, fitIntercept }), matrix(same), [0, 1, 2, 0, 1, 2, 0, 1, 2]);
      expect([fit!.converged, fit!.refined]).toEqual([true, null]);
      expect(fit!.objective).toBeCloseTo(27 * Math.log(3), 10);
    }
  });

  it("of some sixty rows, added at once and one by one, is the same, by either kernels", () => {
    const many = Array.from({ length: 65 }, (_, i) => rows[i % 13].map((value, j) => value + ((i * 7 + j * 5) % 11) / 8));
    const labels = many.map((_, i) => codes[i % 13]);
    for (const kernels of ["js", "wasm"] as const) {
      let state = addExamples(incrementalSoftmax(4, { C: 2, kernels }), matrix(many.slice(0, 62)), labels.slice(0, 62));
      for (let i = 62; i < 65; i++) state = addExamples(state, matrix([many[i]]), [labels[i]]);
      expectOptimum(state);
      const fewer = removeExamples(state, [3, 64]);
      expectOptimum(fewer);
      expect([state.fit!.refined, fewer.fit!.refined]).toEqual([null, null]);
    }
  });

  it.each(settings)("is the optimum, by the last answer: rows added, taken away and put back, %j", (options) => {
    const all = stateOf(options);
    const fewer = removeExamples(all, [4, 9]);
    const back = addExamples(fewer, matrix([rows[9], rows[4]]), [codes[9], codes[4]]);
    for (const state of [all, fewer, back]) {
      expectOptimum(state);
      expect([state.fit!.converged, state.fit!.refined]).toEqual([true, null]);
    }
    expect(farthest([back.fit!.objective], [all.fit!.objective])).toBeLessThan(1e-12);
  });

  it.each(settings)("is the optimum where a class goes, comes, or changes its place among the others, %j", (options) => {
    const all = stateOf(options);
    const ofClass = (c: number): number[] => codes.map((_, i) => i).filter((i) => codes[i] === c);
    // Without class 1, class 2 moves to its place; then a class before all others, and one after.
    const two = removeExamples(all, ofClass(1));
    const three = addExamples(two, matrix([[0.5, -1, 0.25, 1]]), [-7]);
    const four = addExamples(
      three,
      matrix([
        [0, 0, 0, 2],
        [1, 1, 0, 2],
      ]),
      [9, 9],
    );
    expect([two, three, four].map(({ fit }) => fit!.classes)).toEqual([
      [0, 2],
      [-7, 0, 2],
      [-7, 0, 2, 9],
    ]);
    for (const state of [two, three, four, removeExamples(four, [state0(four)])]) expectOptimum(state);
  });
  const state0 = ({ labels }: IncrementalSoftmax): number => labels.indexOf(-7);

  it.each(settings)("starts from the last answer: where nothing changes it takes no step, %j", (options) => {
    const all = stateOf(options);
    expect(all.fit!.nIter).toBeGreaterThan(3);
    const again = removeExamples(all, []);
    expect(again.fit!.nIter).toBeLessThanOrEqual(1);
    expectOptimum(again);
  });

  it("without two classes there is none, and rows wait", () => {
    const one = addExamples(incrementalSoftmax(4), matrix(rows.slice(0, 1)), ["a"]);
    expect([one.fit, one.rows.length, one.gram.length]).toEqual([null, 1, 1]);
    expect(one.gram[0]).toBeCloseTo(
      rows[0].reduce((sum, x) => sum + x * x, 0),
      14,
    );
    const none = removeExamples(one, [0]);
    expect([none.fit, none.rows.length, none.gram.length]).toEqual([null, 0, 0]);
    expectOptimum(addExamples(one, matrix(rows.slice(1, 5)), ["b", "b", "a", "b"]));
  });

  it("is by rows of norm 1 where the state normalises, the rows kept as they came", () => {
    const raw = rows.map((row, i) => row.map((value) => value * (i + 1)));
    const unit = rows.map((row) => row.map((value) => value / Math.hypot(...row)));
    const [own, plain] = [
      addExamples(incrementalSoftmax(4, { C: 3, normalize: "l2" }), matrix(raw), codes),
      addExamples(incrementalSoftmax(4, { C: 3 }), matrix(unit), codes),
    ];
    expect(farthest(own.gram, plain.gram)).toBeLessThan(1e-14);
    expect(farthest(own.fit!.dual, plain.fit!.dual)).toBeLessThan(1e-9);
    expect(Array.from(own.rows[3])).toEqual(raw[3]);
  });

  it("of repeated rows at a large C is made anew in d dimensions, and its dual coefficients are C · (y − p) there", () => {
    const many = Array.from({ length: 30 }, (_, i) => [Math.sin(i), Math.cos(3 * i), 0.1 * (i % 3)]);
    const labels = many.map((_, i) => (i * 7) % 3);
    const unit = many.map((row) => row.map((value) => value / Math.hypot(...row)));
    const half = unit.map((row) => row.map((value) => value / 2));
    for (const [normalize, C, given, seen] of [
      ["none", 4e5, half, half],
      ["l2", 1e5, many, unit],
    ] as const) {
      const state = addExamples(incrementalSoftmax(3, { C, normalize }), matrix(given), labels);
      const { fit } = state;
      expect([fit!.refined === null, fit!.converged, fit!.refined!.converged]).toEqual([false, true, true]);
      const { coef, intercept } = fit!.refined!;
      const { gradient, objective } = softmaxAt(
        { features: matrix(seen), labels, k: 3, C, fitIntercept: true },
        parameters(coef, intercept),
      );
      expect(Math.hypot(...gradient.filter((_, p) => p % 4 !== 3))).toBeLessThan(1.1e-8 * Math.hypot(...coef));
      expect(Math.abs(fit!.objective / objective - 1)).toBeLessThan(1e-12);
      expect([fit!.objective, fit!.gradientNorm, fit!.nIter]).toEqual([
        fit!.refined!.objective,
        fit!.refined!.gradientNorm,
        fit!.refined!.nIter,
      ]);
      seen.forEach((x, i) => {
        const powers = [0, 1, 2].map((c) => Math.exp(x.reduce((sum, value, j) => sum + value * coef[c * 3 + j], intercept[c])));
        const total = powers[0] + powers[1] + powers[2];
        for (const c of [0, 1, 2])
          expect(Math.abs(fit!.dual[i * 3 + c] / C - (Number(labels[i] === c) - powers[c] / total))).toBeLessThan(1e-12);
      });
    }
  });

  it("refuses, in its caller's name, a row whose squares no double holds, by its place among those given", () => {
    const state = stateOf({ C: 1, fitIntercept: true });
    refuses(
      () =>
        addExamples(
          state,
          matrix([
            [1, 0, 0, 0],
            [1e160, 0, 0, 0],
          ]),
          [0, 1],
        ),
      RangeError,
      "addExamples: features row 1 has norm Infinity, expected at most 1e+150, as after l2Normalize",
    );
    refuses(
      () => addExamples(state, matrix([[1.1e150, 0, 0, 0]]), [0]),
      RangeError,
      /^addExamples: features row 0 has norm 1\.1\d*e\+150, expected at most 1e\+150, as after l2Normalize$/,
    );
    expect(addExamples(state, matrix([[1e150, 0, 0, 0]]), [0]).rows).toHaveLength(14);
  });
});
