import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Matrix } from "../../src/core/matrix.ts";
import { randomNormal, randomStream, randomUniform } from "../../src/core/random.ts";
import { type KernelChoice, withKernels } from "../../src/kernels/createKernels.ts";
import { fitSoftmax } from "../../src/probe/fitSoftmax.ts";
import { prepareSoftmax, type SoftmaxSetting } from "../../src/solve/prepareSoftmax.ts";
import type { SoftmaxSolution, SolveRequest } from "../../src/solve/softmaxSolution.ts";

interface RealSet {
  readonly name: string;
  readonly rows: number;
  readonly cols: number;
  readonly X: readonly number[];
  readonly y: readonly number[];
  readonly fits: readonly { readonly C: number; readonly objective: number }[];
}
const real = JSON.parse(readFileSync(new URL("../golden/real.json", import.meta.url), "utf8")) as readonly RealSet[];
const realFeatures = ({ X, rows, cols }: RealSet): Matrix => ({ data: Float64Array.from(X), rows, cols });

const solveBy = (setting: SoftmaxSetting, request: SolveRequest, kernels: KernelChoice = "auto"): SoftmaxSolution =>
  withKernels(kernels, (own) => prepareSoftmax(own, setting, "test").solve(request));

/** The largest difference of two lists, as a share of the largest value of the second. */
function apart(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [most, size] = [0, 1e-300];
  for (let i = 0; i < b.length; i++) {
    most = Math.max(most, Math.abs(a[i] - b[i]));
    size = Math.max(size, Math.abs(b[i]));
  }
  return most / size;
}

/** Classes about their means, and an offset that all rows share. */
function problem(seed: number, n: number, d: number, k: number, options: { offset?: number; scale?: number; single?: boolean } = {}) {
  const { offset = 0, scale = 1, single = true } = options;
  const random = randomStream(seed, "synthetic");
  const means = Float64Array.from({ length: k * d }, () => randomNormal(random));
  const codes = Int32Array.from({ length: n }, (_, i) => i % k);
  const data = new (single ? Float32Array : Float64Array)(n * d);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < d; j++) data[i * d + j] = scale * (means[codes[i] * d + j] + 2 * randomNormal(random)) + offset;
  return { features: { data, rows: n, cols: d } as Matrix, codes, k };
}

describe("scikit-learn's own data sets, unscaled", () => {
  const cases = real.flatMap((set) => set.fits.map(({ C, objective }) => ({ set, name: set.name, C, objective })));
  it.each(cases)("$name at C = $C: the objective is not above that of newton-cg and lbfgs at tolerance 1e-12", ({ set, C, objective }) => {
    const features = realFeatures(set);
    const head = fitSoftmax(features, set.y, { C });
    expect(head.objective).toBeLessThanOrEqual(objective * (1 + 1e-9));
    const primal = solveBy({ features, codes: Int32Array.from(set.y), k: head.classes.length, fitIntercept: true, form: "primal" }, { C });
    expect(primal.objective).toBeLessThanOrEqual(objective * (1 + 1e-9));
  });
});

describe("the two forms of one problem", () => {
  const shapes = [
    { n: 6, d: 40, k: 3 },
    { n: 40, d: 40, k: 2 },
    { n: 90, d: 7, k: 5 },
    { n: 63, d: 64, k: 9 },
    { n: 12, d: 3, k: 12 },
    { n: 120, d: 40, k: 20 },
  ];
  for (const { n, d, k } of shapes)
    for (const C of [1e-3, 1, 30])
      for (const fitIntercept of [true, false]) {
        it(`give the same answer: ${n} × ${d}, ${k} classes, C = ${C}, ${fitIntercept ? "with" : "without"} intercepts`, () => {
          for (const single of [true, false]) {
            const setting = { ...problem(n + d, n, d, k, { single, scale: 0.2 }), fitIntercept };
            const [dual, primal] = (["dual", "primal"] as const).map((form) => solveBy({ ...setting, form }, { C }));
            expect([dual.converged, primal.converged]).toEqual([true, true]);
            expect(apart(primal.coef, dual.coef)).toBeLessThan(3e-9);
            primal.intercept.forEach((value, c) => {
              expect(Math.abs(value - dual.intercept[c])).toBeLessThan(1e-8);
            });
            expect(Math.abs(primal.objective - dual.objective)).toBeLessThan(1e-12 * dual.objective);
            expect(dual.dual).toHaveLength(n * k);
            expect(primal.dual).toBe(null);
          }
        });
      }

  it.each(["dual", "primal"] as const)("%s: rows of weight 0 are rows left out, and weights are repetitions", (form) => {
    const { features, codes, k } = problem(5, 60, 9, 3);
    const weights = Float64Array.from({ length: 60 }, (_, i) => i % 4);
    const kept = Array.from({ length: 60 }, (_, i) => i).flatMap((i) => new Array<number>(i % 4).fill(i));
    const subset: Matrix = {
      data: Float32Array.from(kept.flatMap((i) => Array.from(features.data.subarray(i * 9, i * 9 + 9)))),
      rows: kept.length,
      cols: 9,
    };
    const whole = solveBy({ features, codes, k, fitIntercept: true, form }, { C: 2, weights });
    const part = solveBy({ features: subset, codes: Int32Array.from(kept, (i) => codes[i]), k, fitIntercept: true, form }, { C: 2 });
    expect(apart(whole.coef, part.coef)).toBeLessThan(1e-8);
    expect(apart(whole.intercept, part.intercept)).toBeLessThan(1e-7);
    expect(whole.objective).toBeCloseTo(part.objective, 8);
  });

  it.each(["dual", "primal"] as const)("%s: a start from another C or other weights leads to the same answer, sooner", (form) => {
    const setting = { ...problem(6, 80, 20, 4), fitIntercept: true, form };
    withKernels("auto", (kernels) => {
      const solver = prepareSoftmax(kernels, setting, "test");
      const cold = solver.solve({ C: 3 });
      const fold = Float64Array.from({ length: 80 }, (_, i) => Number(i % 5 !== 0));
      const coldFold = solver.solve({ C: 3, weights: fold });
      const warmFold = solver.solve({ C: 3, weights: fold, warm: cold });
      const back = solver.solve({ C: 3, warm: solver.solve({ C: 1, warm: warmFold }) });
      expect(apart(warmFold.coef, coldFold.coef)).toBeLessThan(1e-8);
      expect(apart(back.coef, cold.coef)).toBeLessThan(1e-8);
      expect(solver.solve({ C: 3, warm: cold }).nIter).toBeLessThan(cold.nIter);
      expect(solver.solve({ C: 3, tolerance: 1e-3 }).nIter).toBeLessThan(cold.nIter);
    });
  });

  it("tell the same leverages: those of the dense formula, of rows of weight 0 too", () => {
    for (const fitIntercept of [true, false]) {
      const { features, codes, k } = problem(7, 30, 6, 3, { offset: 2 });
      const q = Float64Array.from({ length: 30 }, (_, i) => (i % 7 === 0 ? 0 : 0.1 + i / 30));
      const [dual, primal] = (["dual", "primal"] as const).map((form) =>
        withKernels("auto", (kernels) => prepareSoftmax(kernels, { features, codes, k, fitIntercept, form }, "test").leverages(q)),
      );
      const width = fitIntercept ? 7 : 6;
      const rows = Array.from({ length: 30 }, (_, i) => [...features.data.subarray(i * 6, i * 6 + 6), 1].slice(0, width));
      const hessian = Array.from({ length: width }, (_, a) =>
        Array.from({ length: width }, (_, b) => rows.reduce((sum, row, i) => sum + q[i] * row[a] * row[b], Number(a === b && a < 6))),
      );
      const naive = rows.map((row) => solveDense(hessian, row).reduce((sum, value, j) => sum + value * row[j], 0));
      expect(apart(dual, naive)).toBeLessThan(1e-10);
      expect(apart(primal, naive)).toBeLessThan(1e-10);
    }
  });
});

/** Gaussian elimination with pivots. */
function solveDense(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const a = matrix.map((row, i) => [...row, right[i]]);
  const n = right.length;
  for (let p = 0; p < n; p++) {
    let best = p;
    for (let i = p; i < n; i++) if (Math.abs(a[i][p]) > Math.abs(a[best][p])) best = i;
    [a[p], a[best]] = [a[best], a[p]];
    for (let i = 0; i < n; i++) {
      if (i === p) continue;
      const f = a[i][p] / a[p][p];
      for (let j = p; j <= n; j++) a[i][j] -= f * a[p][j];
    }
  }
  return a.map((row, i) => row[n] / row[i]);
}

describe("the primal form", () => {
  it("gives the same bits with and without WebAssembly", () => {
    for (const setting of [problem(1, 150, 12, 3), problem(2, 90, 30, 7, { single: false }), problem(3, 300, 8, 4, { scale: 20 })]) {
      const [wasm, js] = (["wasm", "js"] as const).map((kernels) =>
        solveBy({ ...setting, fitIntercept: true, form: "primal" }, { C: 1 }, kernels),
      );
      expect(wasm).toEqual(js);
    }
  });

  it("leaves features and weights as they were", () => {
    const { features, codes, k } = problem(4, 40, 5, 2);
    const before = [features.data.slice(), codes.slice()];
    const weights = new Float64Array(40).fill(0.5);
    solveBy({ features, codes, k, fitIntercept: true, form: "primal" }, { C: 1, weights });
    expect([features.data, codes, weights]).toEqual([...before, new Float64Array(40).fill(0.5)]);
  });

  it("has a gradient that is 0, and columns of W that sum to 0", () => {
    fc.assert(
      fc.property(
        fc.record({
          seed: fc.integer({ min: 0, max: 1e6 }),
          n: fc.integer({ min: 4, max: 60 }),
          d: fc.integer({ min: 1, max: 12 }),
          k: fc.integer({ min: 2, max: 4 }),
          C: fc.constantFrom(1e-3, 0.1, 1, 20),
          offset: fc.constantFrom(0, 3, 100),
        }),
        ({ seed, n, d, k, C, offset }) => {
          const { features, codes } = problem(seed, n, d, k, { offset, scale: 0.3 });
          const { coef, intercept, converged, gradientNorm } = solveBy({ features, codes, k, fitIntercept: true, form: "primal" }, { C });
          const gradient = Float64Array.from(coef);
          for (let i = 0; i < n; i++) {
            const logits = Array.from(intercept, (own, c) => own + dot(features.data, i * d, coef, c * d, d));
            const powers = logits.map((value) => Math.exp(value - Math.max(...logits)));
            const total = powers.reduce((sum, value) => sum + value, 0);
            for (let c = 0; c < k; c++)
              for (let j = 0; j < d; j++)
                gradient[c * d + j] += C * (powers[c] / total - Number(c === codes[i])) * features.data[i * d + j];
          }
          expect(converged).toBe(true);
          const size = Math.hypot(...coef);
          expect(Math.hypot(...gradient)).toBeLessThan(2e-8 * size + 1e-13 * C * n * (offset + 3));
          expect(gradientNorm).toBeLessThan(1e-8 * (size + C * n));
          for (let j = 0; j < d; j++)
            expect(Math.abs(Array.from({ length: k }, (_, c) => coef[c * d + j]).reduce((a, b) => a + b, 0))).toBeLessThan(1e-7 * size);
        },
      ),
      { numRuns: 40 },
    );
  });

  const hostile: readonly (readonly [string, (random: ReturnType<typeof randomStream>, i: number, j: number) => number])[] = [
    ["separable", (_, i, j) => Number(i % 3 === j)],
    ["repeated", (_, i, j) => ((i % 3) + 1) * (j + 1)],
    ["far from 0", (random) => 1e6 + randomNormal(random)],
    ["of norm 1e6", (random) => 1e6 * randomNormal(random)],
    ["of columns that never change", (random, _, j) => (j === 0 ? randomNormal(random) : 7)],
    ["of zeros", () => 0],
    ["of the least singles", (random) => 1e-38 * randomNormal(random)],
    ["of 1e-160", (random) => 1e-160 * randomNormal(random)],
    ["of 1e140", (random) => 1e140 * randomNormal(random)],
    ["of scales apart", (random, _, j) => randomNormal(random) * (j % 2 ? 1e-12 : 1e12)],
  ];
  it.each(hostile)("rows %s: numbers always, a small gradient where it says so, and never worse than no fit", (_, value) => {
    const random = randomStream(11, "synthetic");
    const [n, d, k] = [48, 5, 3];
    const data = Float64Array.from({ length: n * d }, (_, at) => value(random, Math.floor(at / d), at % d));
    const features: Matrix = { data, rows: n, cols: d };
    const codes = Int32Array.from({ length: n }, (_, i) => i % k);
    for (const C of [1e-6, 1, 1e4, 1e9])
      for (const weights of [
        undefined,
        Float64Array.from({ length: n }, (_, i) => Number(i % k !== 2 || i > 30) * randomUniform(random)),
      ]) {
        const found = solveBy({ features, codes, k, fitIntercept: true, form: "primal" }, { C, weights });
        for (const values of [found.coef, found.intercept, Float64Array.of(found.objective, found.gradientNorm)])
          expect(values.every(Number.isFinite)).toBe(true);
        const total = weights ? weights.reduce((sum, weight) => sum + weight, 0) : n;
        expect(found.objective).toBeLessThanOrEqual(C * total * Math.log(k) * (1 + 1e-9));
        if (found.converged && found.gradientNorm > 0) {
          const size = Math.hypot(...found.coef);
          const terms = C * (weights ? total : n) * Math.max(...data.map(Math.abs)) * Math.sqrt(d);
          expect(found.gradientNorm).toBeLessThan(1.5e-8 * (size + C * total) + 2e-15 * terms);
        }
      }
  });

  it("answers where a class has no weight left: it is never predicted, and nothing else changes", () => {
    const { features, codes, k } = problem(8, 90, 6, 3);
    const weights = Float64Array.from(codes, (code) => Number(code !== 1));
    const all = solveBy({ features, codes, k, fitIntercept: true, form: "primal" }, { C: 1, weights });
    expect(all.converged).toBe(true);
    const without = Array.from(codes, (_, i) => i).filter((i) => codes[i] !== 1);
    const two = solveBy(
      {
        features: {
          data: Float32Array.from(without.flatMap((i) => Array.from(features.data.subarray(i * 6, i * 6 + 6)))),
          rows: 60,
          cols: 6,
        },
        ...{ codes: Int32Array.from(without, (i) => codes[i] / 2), k: 2, fitIntercept: true, form: "primal" },
      },
      { C: 1 },
    );
    expect(apart(all.coef.subarray(0, 6), two.coef.subarray(0, 6))).toBeLessThan(1e-6);
    expect(all.intercept[1]).toBeLessThan(all.intercept[0] - 15);
  });
});

function dot(a: ArrayLike<number>, from: number, b: ArrayLike<number>, at: number, d: number): number {
  let sum = 0;
  for (let j = 0; j < d; j++) sum += a[from + j] * b[at + j];
  return sum;
}
