import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Matrix } from "../../src/core/matrix.ts";
import { randomNormal, randomStream } from "../../src/core/random.ts";
import { createKernels, withKernels } from "../../src/kernels/createKernels.ts";
import { prepareSoftmax, type SoftmaxSetting } from "../../src/solve/prepareSoftmax.ts";
import type { SoftmaxSolution, SolveRequest } from "../../src/solve/softmaxSolution.ts";
import { stepsOf, usedKernels } from "../properties/gramProblem.ts";
import { parameters, softmaxAt, solveReference } from "../properties/softmaxReference.ts";

/** Classes about their means, columns of scales `spread` decades apart, and an offset that all rows share. */
function problem(
  [n, d, k]: readonly [number, number, number],
  { seed = 1, offset = 0, scale = 1, spread = 0, single = true } = {},
): Omit<SoftmaxSetting, "fitIntercept"> {
  const random = randomStream(seed, "synthetic");
  const means = Float64Array.from({ length: k * d }, () => randomNormal(random));
  const codes = Int32Array.from({ length: n }, (_, i) => i % k);
  const data = new (single ? Float32Array : Float64Array)(n * d);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < d; j++)
      data[i * d + j] = scale * 10 ** (spread * (j / d - 0.5)) * (means[codes[i] * d + j] + 2 * randomNormal(random)) + offset;
  return { features: { data, rows: n, cols: d } as Matrix, codes, k };
}

const kernels = createKernels("wasm");
/**
 * A fit and how often it passed over the rows, for products by integers, singles or doubles, and for gradients: by singles, along the last direction or from W,
 * or exact, by doubles; `listed` are those products that take the rows by a list. Its steps are one after every pass but the first gradient's, and those that
 * make factors.
 */
const solved = (setting: SoftmaxSetting, request: SolveRequest) => {
  const mark = kernels.memory.mark();
  const passes = { integers: 0, singles: 0, doubles: 0, along: 0, fromW: 0, exact: 0, listed: 0 };
  const word = (record: number, at: number): number => kernels.memory.i32[(record >>> 2) + at];
  const { primalCurve, primalSlope } = kernels.primal!;
  const primal: typeof kernels.primal = {
    ...kernels.primal!,
    primalCurve: (...given) => {
      passes[word(given[0], 15) ? "integers" : word(given[0], 5) ? "singles" : "doubles"]++;
      if (word(given[0], 7)) passes.listed++;
      primalCurve(...given);
    },
    primalSlope: (...given) => {
      passes[!word(given[0], 5) ? "exact" : given[1] ? "fromW" : "along"]++;
      primalSlope(...given);
    },
  };
  const { steps, value } = stepsOf(prepareSoftmax({ ...kernels, primal }, { ...setting, form: "primal" }, "test").solving(request));
  kernels.memory.release(mark);
  const { integers, singles, doubles, along, fromW, exact } = passes;
  /** In brief, for tables. */
  const work = [value.nIter, [integers, singles, doubles], [along, fromW, exact], steps.length];
  return { ...value, ...passes, steps: steps.length, work };
};

describe("the work of a fit in d dimensions", () => {
  // Newton steps, passes for products (by integers, singles, doubles), passes for gradients (by singles along the last direction and from W, by doubles) and
  // steps, of a fit with and without intercepts, and to 1e-4. A fit is the same to the bit on every machine, so its work is known exactly. A change of the solver changes
  // these numbers: write the new ones once it is sure that they are no worse.
  it.each([
    [
      "an easy problem",
      problem([150, 12, 3]),
      1,
      [8, [0, 88, 0], [7, 0, 2], 97],
      [8, [0, 89, 0], [7, 0, 2], 98],
      [7, [0, 45, 0], [7, 0, 1], 53],
    ],
    [
      "a large C",
      problem([150, 12, 3]),
      100,
      [12, [0, 273, 0], [9, 0, 4], 286],
      [10, [0, 152, 27], [7, 0, 4], 190],
      [10, [0, 117, 0], [9, 0, 2], 128],
    ],
    [
      "a small C",
      problem([150, 12, 3], { scale: 0.01 }),
      1,
      [3, [0, 5, 0], [2, 0, 2], 8],
      [3, [0, 5, 0], [2, 0, 2], 8],
      [2, [0, 3, 0], [2, 0, 1], 5],
    ],
    [
      "doubles",
      problem([90, 30, 7], { seed: 2, single: false }),
      1,
      [8, [0, 105, 0], [6, 0, 3], 115],
      [8, [0, 91, 0], [6, 0, 3], 101],
      [6, [0, 61, 0], [6, 0, 1], 69],
    ],
    [
      "rows far from 0",
      problem([100, 6, 3], { seed: 3, offset: 50 }),
      1,
      [7, [0, 72, 0], [5, 0, 3], 80],
      [9, [0, 109, 0], [6, 0, 4], 119],
      [6, [0, 45, 0], [5, 0, 2], 52],
    ],
    [
      "columns of scales four decades apart",
      problem([200, 16, 4], { seed: 4, spread: 4 }),
      10,
      [12, [0, 218, 97], [8, 0, 5], 329],
      [14, [0, 325, 319], [7, 0, 8], 660],
      [9, [0, 89, 0], [8, 0, 2], 100],
    ],
    [
      "products by integers",
      problem([300, 160, 5], { seed: 6, scale: 0.1 }),
      1,
      [6, [39, 0, 0], [1, 4, 2], 45],
      [6, [33, 0, 0], [1, 4, 2], 39],
      [5, [24, 0, 0], [1, 3, 2], 29],
    ],
    [
      "products by integers, columns of scales four decades apart",
      problem([300, 160, 5], { seed: 6, scale: 0.1, spread: 4 }),
      1,
      [13, [275, 0, 0], [1, 11, 2], 294],
      [13, [251, 0, 0], [1, 11, 2], 270],
      [12, [146, 0, 0], [1, 10, 2], 164],
    ],
    [
      "products by integers, at a C where they are too coarse",
      problem([300, 130, 5], { seed: 6, spread: 4 }),
      0.1,
      [17, [317, 146, 0], [1, 14, 3], 488],
      [16, [246, 170, 0], [1, 13, 3], 440],
      [15, [206, 0, 0], [1, 13, 2], 229],
    ],
    [
      "products by integers, some of them by singles as a residual is not far above its goal",
      problem([120, 128, 3], { seed: 6, spread: 2, offset: 30 }),
      1,
      [14, [149, 7, 0], [1, 11, 3], 171],
      [16, [175, 21, 0], [1, 12, 4], 213],
      [12, [69, 11, 0], [1, 10, 2], 93],
    ],
    [
      "products by integers that stop bringing the gradient down",
      problem([120, 128, 3], { seed: 6, scale: 0.1, offset: 30 }),
      1,
      [9, [10, 22, 0], [1, 3, 6], 41],
      [14, [47, 11, 22], [1, 8, 6], 95],
      [7, [11, 8, 0], [1, 3, 4], 26],
    ],
    [
      "128 columns",
      problem([120, 128, 3], { seed: 5 }),
      1,
      [10, [49, 0, 0], [1, 8, 2], 59],
      [10, [47, 0, 0], [1, 8, 2], 57],
      [9, [32, 0, 0], [1, 7, 2], 41],
    ],
    [
      "many classes of few rows",
      problem([120, 40, 20], { seed: 5 }),
      30,
      [10, [0, 126, 0], [8, 0, 3], 236],
      [10, [0, 121, 0], [9, 0, 2], 231],
      [9, [0, 93, 0], [8, 0, 2], 202],
    ],
  ] as const)("is what it is for %s", (_, setting, C, steps, without, coarse) => {
    for (const [fitIntercept, work] of [
      [true, steps],
      [false, without],
    ] as const) {
      const found = solved({ ...setting, fitIntercept }, { C });
      expect(found.converged).toBe(true);
      expect(found.work).toEqual(work);
      const { features, codes, k } = setting;
      const { objective, gradient } = softmaxAt(
        { features, labels: Array.from(codes), k, C, fitIntercept },
        parameters(found.coef, found.intercept),
      );
      expect(Math.abs(found.objective / objective - 1)).toBeLessThan(1e-12);
      const size = Math.hypot(...found.coef);
      const width = features.cols + 1;
      const inW = Math.hypot(...gradient.filter((_value, p) => p % width !== width - 1));
      expect(inW).toBeLessThan(1.01e-8 * size);
      const free = gradient.filter((_value, p) => fitIntercept || p % width !== width - 1);
      expect(Math.abs(found.gradientNorm - Math.hypot(...free))).toBeLessThan(1e-3 * found.gradientNorm + 1e-12 * C * features.rows);
    }
    const rough = solved({ ...setting, fitIntercept: true }, { C, tolerance: 1e-4 });
    expect(rough.work).toEqual(coarse);
    expect(rough.gradientNorm).toBeLessThan(3e-4 * Math.hypot(...rough.coef));
  });

  it.each([
    [-30, [13, [0, 190, 0], [0, 0, 14], 208], [10, [0, 141, 0], [0, 0, 11], 153]],
    [-10, [10, [0, 149, 0], [0, 0, 11], 163], [9, [0, 116, 0], [0, 0, 10], 127]],
    [10, [8, [0, 121, 0], [0, 0, 9], 131], [8, [0, 116, 0], [0, 0, 9], 126]],
    [30, [11, [0, 176, 0], [0, 0, 12], 191], [10, [0, 145, 0], [0, 0, 11], 157]],
  ] as const)(
    "is a few times as much from %d times the answer, where rows are certain, and leads to the answer",
    (times, steps, without) => {
      for (const [fitIntercept, work] of [
        [true, steps],
        [false, without],
      ] as const) {
        const setting = { ...problem([150, 12, 3]), fitIntercept };
        const cold = solved(setting, { C: 1 });
        const by = (values: Float64Array): Float64Array => values.map((value) => times * value);
        const found = solved(setting, { C: 1, warm: { coef: by(cold.coef), intercept: by(cold.intercept), dual: null } });
        expect(found.converged).toBe(true);
        expect(Math.abs(found.objective / cold.objective - 1)).toBeLessThan(1e-14);
        expect(found.work).toEqual(work);
      }
    },
  );

  it("starts anew from nothing where a start far from the answer leads nowhere", () => {
    for (const times of [-30, 30]) {
      const setting = { ...problem([30, 60, 2]), fitIntercept: true };
      const cold = solved(setting, { C: 1 });
      const by = (values: Float64Array): Float64Array => values.map((value) => times * value);
      const found = solved(setting, { C: 1, warm: { coef: by(cold.coef), intercept: by(cold.intercept), dual: null } });
      expect(found.converged).toBe(true);
      expect(Math.abs(found.objective / cold.objective - 1)).toBeLessThan(1e-14);
      expect(found.coef).toEqual(cold.coef);
      expect(found.nIter).toBeGreaterThan(cold.nIter + 12);
    }
  });

  it("is done after one step where every row has every label: by the size of the terms, as W is 0", () => {
    const rows = Float64Array.from({ length: 30 }, (_, i) => 1000 * Math.sin(7 * Math.floor(i / 3 / 5) + (i % 5) ** 2));
    const features: Matrix = {
      data: Float64Array.from({ length: 90 }, (_, at) => rows[(at % 5) + 5 * Math.floor(at / 15)]),
      rows: 18,
      cols: 5,
    };
    const codes = Int32Array.from({ length: 18 }, (_, i) => i % 3);
    for (const fitIntercept of [true, false]) {
      const found = solved({ features, codes, k: 3, fitIntercept }, { C: 7 });
      expect([found.converged, found.nIter]).toEqual([true, 1]);
      expect(Math.abs(found.objective / (7 * 18 * Math.log(3)) - 1)).toBeLessThan(1e-14);
    }
  });

  it.each([2, 3])("gives finite duals to a row whose logits are hundreds apart, and to the row before it: %d classes", (k) => {
    const { features, codes } = problem([60, 5, k], { seed: 4 });
    const data = features.data.slice();
    // One of each class, none after another.
    const far = Array.from({ length: k }, (_, c) => (c + 1) * k + c);
    for (const i of far) for (let j = 0; j < 5; j++) data[i * 5 + j] *= 1000;
    const { converged, dual, coef } = solved({ features: { ...features, data }, codes, k, fitIntercept: true }, { C: 1, dual: true });
    expect(converged).toBe(true);
    for (const i of far) {
      const logits = Array.from({ length: k }, (_, c) =>
        coef.slice(5 * c, 5 * c + 5).reduce((sum, value, j) => sum + value * data[5 * i + j], 0),
      );
      expect(Math.max(...logits)).toBeGreaterThan(750);
    }
    for (let i = 0; i < 60; i++) {
      const own = dual!.slice(k * i, k * i + k);
      // C · (y − p): they sum to 0, and none leaves 0…C.
      expect(Math.abs(own.reduce((sum, value) => sum + value, 0))).toBeLessThan(1e-12);
      own.forEach((value, c) => {
        expect(c === codes[i] ? value : -value).toBeGreaterThanOrEqual(0);
        expect(Math.abs(value)).toBeLessThanOrEqual(1);
      });
    }
  });

  it("ends soon where rounding leaves no more to be had, and the answer says so", () => {
    for (const [setting, C, expected] of [
      [problem([60, 5, 3], { offset: 1e6, single: false }), 1e6, [36, [0, 2, 462], [1, 0, 86], 551]],
      [problem([60, 5, 3]), 1e13, [17, [0, 77, 0], [25, 0, 1], 101]],
      [problem([60, 136, 2], { seed: 6, scale: 10, spread: 2 }), 1000, [34, [74, 33, 0], [20, 27, 1], 153]],
      [problem([60, 20, 3]), 1e15, [31, [0, 122, 0], [33, 0, 1], 155]],
    ] as const) {
      const { converged, nIter, work } = solved({ ...setting, fitIntercept: true }, { C });
      expect(converged).toBe(false);
      // A dozen steps in vain at the end.
      expect(nIter).toBeGreaterThan(12);
      expect(nIter).toBeLessThan(40);
      expect(work).toEqual(expected);
    }
  });

  it("is a hundred steps at most, and none where not even the gradient is a number of use", () => {
    const { nIter } = solved({ ...problem([60, 20, 3]), fitIntercept: true }, { C: 1e30 });
    expect(nIter).toBe(100);
    const setting = problem([60, 5, 3]);
    const weights = Float64Array.from(setting.codes, (c) => [2, 1, 1][c]);
    const none = solved({ ...setting, fitIntercept: true }, { C: 1e299, weights });
    expect([none.nIter, none.converged, Array.from(none.coef)]).toEqual([0, false, new Array(15).fill(0)]);
    [1 / 2, 1 / 4, 1 / 4].forEach((share, c) => {
      expect(none.intercept[c] - none.intercept[0]).toBeCloseTo(Math.log(share / 0.5), 12);
    });
  });

  it("takes no list of rows where all count, and one of those that do where some don't", () => {
    const setting = { ...problem([60, 7, 3], { seed: 9 }), fitIntercept: true };
    const all = solved(setting, { C: 1, weights: Float64Array.from({ length: 60 }, (_, i) => 1 + (i % 2)) });
    expect([all.singles > 10, all.listed]).toEqual([true, 0]);
    const some = solved(setting, { C: 1, weights: Float64Array.from({ length: 60 }, (_, i) => i % 2) });
    expect([some.singles > 10, some.listed]).toEqual([true, some.singles]);
  });

  it("asks for memory once: for integers where rows have 128 columns, for nothing where they have few", () => {
    for (const [shape, fits] of [
      [[60, 12, 3], 0],
      [[60, 128, 3], 1],
    ] as const) {
      const mark = kernels.memory.mark();
      const solver = prepareSoftmax(kernels, { ...problem(shape, { scale: 0.1 }), fitIntercept: true, form: "primal" }, "test");
      const marks = [0.1, 1, 0.5].map((C) => {
        const before = kernels.memory.mark();
        expect(solver.solve({ C }).nIter).toBeGreaterThan(2);
        return kernels.memory.mark() > before;
      });
      expect(marks).toEqual([fits === 1, false, false]);
      kernels.memory.release(mark);
    }
  });

  it.each([
    ["an easy problem", problem([150, 12, 3]), 1],
    ["a large C", problem([150, 12, 3]), 100],
    ["a small C", problem([150, 12, 3], { scale: 0.01 }), 1],
    ["doubles", problem([90, 30, 7], { seed: 2, single: false }), 1],
    ["rows far from 0", problem([100, 6, 3], { seed: 3, offset: 50 }), 1],
    ["127 columns", problem([120, 127, 3], { seed: 5 }), 1],
  ] as const)("is by singles but for the last gradients, which cost no product of their own along the way: %s", (_, setting, C) => {
    for (const tolerance of [1e-9, 1e-4]) {
      const { integers, doubles, along, fromW, exact, nIter } = solved({ ...setting, fitIntercept: true }, { C, tolerance });
      expect([integers, doubles, fromW]).toEqual([0, 0, 0]);
      // One gradient a step, and one at the start; the last ones by doubles: two at least where all digits are asked for.
      expect(along + exact).toBeGreaterThan(nIter);
      expect(along + exact).toBeLessThanOrEqual(nIter + 3);
      expect(exact).toBeGreaterThanOrEqual(tolerance < 1e-8 ? 2 : 1);
      expect(exact).toBeLessThanOrEqual(tolerance < 1e-8 ? 4 : 2);
    }
  });

  it.each([
    ["128 columns", problem([120, 128, 3], { seed: 5 }), 1, 1],
    ["more columns", problem([300, 160, 5], { seed: 6, scale: 0.1 }), 1, 0.9],
    ["columns of scales four decades apart", problem([300, 160, 5], { seed: 6, scale: 0.1, spread: 4 }), 1, 0.6],
  ] as const)(
    "is by integers from 128 columns on, to the end or until the last steps, and then its gradients are from W: %s",
    (_, setting, C, share) => {
      for (const tolerance of [1e-9, 1e-4]) {
        const { integers, singles, doubles, along, fromW, exact, nIter } = solved({ ...setting, fitIntercept: true }, { C, tolerance });
        expect(integers / (integers + singles)).toBeGreaterThanOrEqual(tolerance < 1e-8 ? share : 1);
        expect([doubles, along]).toEqual([0, 1]);
        expect(fromW + exact).toBeLessThanOrEqual(nIter + 1);
        expect(exact).toBeLessThanOrEqual(3);
      }
    },
  );

  it("is by doubles alone where squares leave the range of singles' scales, and in the end of stiff problems", () => {
    const of = (scale: number) =>
      solved({ ...problem([60, 5, 3], { seed: 7, scale, single: false }), fitIntercept: false }, { C: 1 / scale / scale });
    for (const scale of [1e-142, 1e141]) {
      const { integers, singles, along, fromW, exact, nIter, converged } = of(scale);
      expect([converged, integers, singles, along, fromW]).toEqual([true, 0, 0, 0, 0]);
      expect(exact).toBe(nIter + 1);
    }
    for (const scale of [1e-139, 1e138]) expect(of(scale)).toMatchObject({ converged: true, doubles: 0 });
    const stiff = { ...problem([200, 16, 4], { seed: 4, spread: 4 }), fitIntercept: true };
    const [fine, coarse] = [1e-9, 1e-4].map((tolerance) => solved(stiff, { C: 10, tolerance }));
    expect(fine.doubles).toBeGreaterThan(0);
    expect(fine.doubles).toBeLessThan(0.5 * fine.singles);
    expect(coarse.doubles).toBe(0);
  });

  it("has the same bits in WebAssembly and in TypeScript, by integers too", () => {
    const setting = { ...problem([150, 130, 4], { seed: 8, scale: 0.1, spread: 1 }), fitIntercept: true };
    const [wasm, js] = (["wasm", "js"] as const).map((choice) =>
      withKernels(choice, (kernels) => prepareSoftmax(kernels, { ...setting, form: "primal" }, "test").solve({ C: 10 })),
    );
    expect(js).toEqual(wasm);
    expect(wasm.converged).toBe(true);
  });

  it("starts from an answer with intercepts where none are wanted, and has none", () => {
    const setting = problem([150, 12, 3]);
    const [warm, cold] = [true, false].map((fitIntercept) => solved({ ...setting, fitIntercept }, { C: 1 }));
    expect(Math.hypot(...warm.intercept)).toBeGreaterThan(0.1);
    const found = solved({ ...setting, fitIntercept: false }, { C: 1, warm });
    expect([found.converged, Array.from(found.intercept)]).toEqual([true, [0, 0, 0]]);
    expect(Math.abs(found.objective / cold.objective - 1)).toBeLessThan(1e-14);
  });

  it("starts from an answer: at its own C no step is left, at three times that half of the work", () => {
    for (const [setting, C] of [
      [problem([150, 12, 3]), 1],
      [problem([120, 40, 20], { seed: 5 }), 30],
    ] as const)
      for (const fitIntercept of [true, false]) {
        const cold = solved({ ...setting, fitIntercept }, { C });
        const again = solved({ ...setting, fitIntercept }, { C, warm: cold });
        expect([again.nIter, again.steps]).toEqual([0, 0]);
        expect([again.coef, again.objective]).toEqual([cold.coef, again.objective]);
        const [from, anew] = [cold, null].map((warm) => solved({ ...setting, fitIntercept }, { C: 3 * C, warm }));
        expect(from.nIter).toBeLessThan(0.7 * anew.nIter);
        expect(from.steps).toBeLessThan(0.9 * anew.steps);
      }
  });
});

describe("the answer in d dimensions", () => {
  const problems = fc
    .record({
      shape: fc.constantFrom(
        ...([
          [6, 1, 2],
          [8, 3, 2],
          [9, 2, 3],
          [9, 3, 4],
          [10, 2, 5],
        ] as const),
      ),
      seed: fc.nat(1e6),
      C: fc.constantFrom(0.1, 1, 30),
      offset: fc.constantFrom(0, 3),
      fitIntercept: fc.boolean(),
      single: fc.boolean(),
      weighted: fc.boolean(),
    })
    .map(({ shape, weighted, C, fitIntercept, ...given }) => {
      const { features, codes, k } = problem(shape, given);
      const weights = Float64Array.from(codes, (_, i) => (weighted ? [1, 0.5, 2][(i + Math.floor(i / k)) % 3] : 1));
      return { setting: { features, codes, k, fitIntercept }, C, weights };
    });

  it("is the optimum that Newton's method with the dense Hessian finds, anew or from thirty times the C, with its dual coefficients", () => {
    fc.assert(
      fc.property(problems, ({ setting, C, weights }) => {
        const { features, codes, k, fitIntercept } = setting;
        const reference = { features, labels: Array.from(codes), k, C, fitIntercept, sampleWeight: Array.from(weights) };
        const theta = solveReference(reference);
        const { objective } = softmaxAt(reference, theta);
        const width = features.cols + 1;
        const far = solved(setting, { C: 30 * C });
        for (const warm of [null, far]) {
          const found = solved(setting, { C, weights, warm, dual: true });
          expect(found.converged).toBe(true);
          expect(found.nIter).toBeLessThanOrEqual(20);
          expect(Math.abs(found.objective / objective - 1)).toBeLessThan(1e-11);
          expect(found.intercept.reduce((sum, value) => sum + value, 0)).toBeCloseTo(0, 10);
          const size = Math.hypot(...found.coef);
          for (let c = 0; c < k; c++) {
            expect(Math.abs(found.intercept[c] - theta[c * width + features.cols])).toBeLessThan(1e-5 * (1 + size));
            for (let j = 0; j < features.cols; j++)
              expect(Math.abs(found.coef[c * features.cols + j] - theta[c * width + j])).toBeLessThan(1e-6 * (1 + size));
          }
          for (let i = 0; i < codes.length; i++) {
            const powers = Array.from({ length: k }, (_, c) => {
              let logit = theta[c * width + features.cols];
              for (let j = 0; j < features.cols; j++) logit += theta[c * width + j] * features.data[i * features.cols + j];
              return Math.exp(logit);
            });
            const total = powers.reduce((sum, power) => sum + power, 0);
            powers.forEach((power, c) => {
              const dual = C * weights[i] * (Number(codes[i] === c) - power / total);
              expect(Math.abs(found.dual![i * k + c] - dual)).toBeLessThan(1e-5 * C);
            });
          }
        }
      }),
      { numRuns: 40 },
    );
  });
});

describe("rows in d dimensions at the edges of what numbers hold", () => {
  it("of nothing but zeros have the logarithms of the classes' shares as intercepts, from any start", () => {
    const features = { data: new Float64Array(24), rows: 8, cols: 3 };
    const codes = Int32Array.of(0, 1, 1, 2, 2, 2, 2, 0);
    for (const warm of [null, { coef: new Float64Array(9), intercept: Float64Array.of(1, -3, 2), dual: null }]) {
      const { converged, coef, intercept } = solved({ features, codes, k: 3, fitIntercept: true }, { C: 1, warm });
      expect([converged, Array.from(coef)]).toEqual([true, new Array(9).fill(0)]);
      expect(intercept[1] - intercept[0]).toBeCloseTo(0, 7);
      expect(intercept[2] - intercept[0]).toBeCloseTo(Math.LN2, 7);
    }
  });

  it("leave a class without weight the share it starts with, 1e-12, at a C that moves nothing", () => {
    const setting = { ...problem([60, 5, 3]), fitIntercept: true };
    const weights = Float64Array.from(setting.codes, (c) => [2, 1, 0][c]);
    const { converged, intercept } = solved(setting, { C: 1e-9, weights });
    expect(converged).toBe(true);
    expect(intercept[1] - intercept[0]).toBeCloseTo(-Math.LN2, 6);
    expect(intercept[2] - intercept[0]).toBeCloseTo(Math.log(1e-12 / (2 / 3)), 6);
  });

  it("tell their gradient, and that they are not fitted, at a C where its square is no number", () => {
    for (const [scale, C] of [
      [1, 1e-200],
      [1e-100, 1e260],
    ]) {
      const setting = { ...problem([60, 5, 3], { scale, single: false }), fitIntercept: false };
      const { features, codes, k } = setting;
      const found = solved(setting, { C });
      const { gradient } = softmaxAt({ features, labels: Array.from(codes), k, C: 1, fitIntercept: false }, new Array(18).fill(0));
      expect(found.converged).toBe(false);
      expect(found.gradientNorm / C / Math.hypot(...gradient)).toBeCloseTo(1, 9);
    }
  });

  it.each([1e-100, 1e30, 1e100])("of %d are fitted as those of 1 are, at a C as many times as large", (scale) => {
    const at = (by: number): SoftmaxSolution =>
      solved({ ...problem([60, 5, 3], { seed: 7, scale: by, single: false }), fitIntercept: false }, { C: 1 / by / by });
    const [plain, scaled] = [at(1), at(scale)];
    expect([plain.converged, scaled.converged]).toEqual([true, true]);
    plain.coef.forEach((value, p) => {
      expect(Math.abs(scaled.coef[p] * scale - value)).toBeLessThan(1e-6);
    });
  });

  it.each([
    ["few columns", [60, 5, 3], 0, 1],
    ["columns of scales four decades apart", [120, 16, 4], 4, 10],
    ["products by integers", [150, 130, 4], 1, 10],
    ["integers that are too coarse", [150, 130, 3], 4, 0.1],
    ["many classes of few rows", [60, 40, 20], 0, 30],
  ] as const)("2^m times as large have the same fit to the bit, at a C 4^m times smaller: %s", (_, shape, spread, C) => {
    const at = (scale: number) =>
      solved({ ...problem(shape, { seed: 6, spread, scale, single: false }), fitIntercept: false }, { C: C / scale / scale });
    const plain = at(1);
    expect(plain.converged).toBe(true);
    for (const scale of [2 ** -300, 2 ** 20, 2 ** 300]) {
      const { coef, gradientNorm, objective, ...rest } = at(scale);
      expect({
        ...rest,
        coef: coef.map((value) => value * scale),
        gradientNorm: gradientNorm * scale,
        objective: objective * scale * scale,
      }).toEqual(plain);
    }
  });

  it.each([
    ["few columns", [60, 5, 3]],
    ["products by integers", [150, 130, 4]],
  ] as const)(
    "that are short cost no more steps than others, with intercepts too, and 2^m times as short have the same fit: %s",
    (_, shape) => {
      const at = (scale: number) =>
        solved({ ...problem(shape, { seed: 6, scale, single: false }), fitIntercept: true }, { C: 1 / scale / scale });
      const [plain, short, shorter] = [1, 2 ** -12, 2 ** -300].map(at);
      for (const { converged, nIter } of [plain, short]) {
        expect(converged).toBe(true);
        expect(nIter).toBeLessThanOrEqual(plain.nIter + 1);
      }
      plain.coef.forEach((value, p) => {
        expect(Math.abs(short.coef[p] * 2 ** -12 - value)).toBeLessThan(1e-6);
      });
      plain.intercept.forEach((value, c) => {
        expect(Math.abs(short.intercept[c] - value)).toBeLessThan(1e-6);
      });
      expect([shorter.converged, shorter.work]).toEqual([true, short.work]);
      expect(shorter.coef.map((value) => value * 2 ** -288)).toEqual(short.coef);
      expect(shorter.intercept).toEqual(short.intercept);
    },
  );

  it("that pull apart to nothing have W = 0, up to the rounding of their sum, which counts as converged", () => {
    const row = [0.1, 0.3, 0.7];
    const data = Float64Array.from({ length: 27 }, (_, at) => row[at % 3]);
    for (const fitIntercept of [true, false])
      for (const C of [0.1, 3, 700]) {
        const setting = { features: { data, rows: 9, cols: 3 }, codes: Int32Array.of(0, 1, 2, 0, 1, 2, 0, 1, 2), k: 3, fitIntercept };
        const { converged, coef, objective, nIter } = solved(setting, { C });
        expect(converged).toBe(true);
        expect(nIter).toBeLessThanOrEqual(2);
        expect(Math.hypot(...coef)).toBeLessThan(1e-14 * C);
        expect(Math.abs(objective / (9 * C * Math.log(3)) - 1)).toBeLessThan(1e-14);
      }
  });

  it("of weight 0 cost nothing and change nothing, in memory that others have used", () => {
    const setting = problem([60, 7, 3], { seed: 9 });
    const weights = Float64Array.from({ length: 60 }, (_, i) => (i % 4 === 1 ? 0 : 1 + (i % 3)));
    const kept = Array.from(weights.keys()).filter((i) => weights[i] > 0);
    const features = {
      data: Float32Array.from(kept.flatMap((i) => Array.from(setting.features.data.subarray(i * 7, i * 7 + 7)))),
      rows: kept.length,
      cols: 7,
    };
    const part = { features, codes: Int32Array.from(kept, (i) => setting.codes[i]), k: 3 };
    const own = weights.filter((weight) => weight > 0);
    for (const choice of ["js", "wasm"] as const)
      for (const fitIntercept of [true, false]) {
        const [whole, alone] = [
          { of: setting, by: weights },
          { of: part, by: own },
        ].map(({ of, by }) =>
          prepareSoftmax(usedKernels(choice), { ...of, fitIntercept, form: "primal" }, "test").solve({ C: 2, weights: by, dual: true }),
        );
        whole.coef.forEach((value, p) => {
          expect(Math.abs(value - alone.coef[p])).toBeLessThan(1e-8);
        });
        kept.forEach((i, at) => {
          for (let c = 0; c < 3; c++) expect(Math.abs(whole.dual![i * 3 + c] - alone.dual![at * 3 + c])).toBeLessThan(1e-7);
        });
        expect(Math.abs(whole.intercept[0] + whole.intercept[1] + whole.intercept[2])).toBeLessThan(1e-12);
      }
  });
});
