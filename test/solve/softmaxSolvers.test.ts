import { describe, expect, it } from "vitest";
import { randomNormal, randomStream } from "../../src/core/random.ts";
import { createKernels, withKernels } from "../../src/kernels/createKernels.ts";
import type { Kernels } from "../../src/kernels/kernels.ts";
import { prepareSoftmax, type SoftmaxSetting } from "../../src/solve/prepareSoftmax.ts";
import type { SoftmaxSolution, SoftmaxSolver, SolveRequest } from "../../src/solve/softmaxSolution.ts";
import { matrix } from "../properties/arbitraries.ts";
import { farthest } from "../properties/close.ts";
import { heldOutGolden, stepsOf, usedKernels } from "../properties/gramProblem.ts";
import { parameters, softmaxAt } from "../properties/softmaxReference.ts";

const { rows, fits } = heldOutGolden;
const features = matrix(rows);
const codes = Int32Array.from(heldOutGolden.codes);
const weights = Float64Array.from(heldOutGolden.weights);
const [k, d] = [3, 4];
const forms = ["dual", "primal"] as const;

const solverOf = (
  kernels: Kernels,
  form: (typeof forms)[number],
  fitIntercept: boolean,
  data: SoftmaxSetting["features"] = features,
): SoftmaxSolver => prepareSoftmax(kernels, { features: data, codes, k, fitIntercept, form }, "test");

describe.each(forms)("the %s form", (form) => {
  it("finds what numpy finds, at one C after another, and tells dual coefficients C · w · (y − p)", () => {
    for (const fitIntercept of [true, false])
      for (const kernels of [usedKernels("js"), usedKernels("wasm")]) {
        const solver = solverOf(kernels, form, fitIntercept);
        expect(
          farthest(
            solver.norms,
            rows.map((row) => Math.hypot(...row)),
          ),
        ).toBeLessThan(1e-15);
        const wanted = fits.filter((fit) => fit.fitIntercept === fitIntercept);
        for (const { C, coef, intercept, objective, dual } of [wanted[2], wanted[0], wanted[1]]) {
          const found = solver.solve({ C, weights, dual: true });
          expect(found.converged).toBe(true);
          expect(farthest(found.coef, coef)).toBeLessThan(1e-9);
          expect(Math.max(...intercept.map((value, c) => Math.abs(found.intercept[c] - value)))).toBeLessThan(1e-8);
          expect(Math.abs(found.objective / objective - 1)).toBeLessThan(1e-13);
          expect(farthest(found.dual!, dual)).toBeLessThan(1e-8);
          expect(found.nIter).toBeGreaterThan(1);
          expect(found.nIter).toBeLessThan(30);
        }
      }
  });

  it("starts from an answer: of the same problem it takes next to no step, of another it leads to the same", () => {
    for (const fitIntercept of [true, false])
      withKernels("auto", (kernels) => {
        const solver = solverOf(kernels, form, fitIntercept);
        const cold = solver.solve({ C: 3, weights, dual: true });
        expect(solver.solve({ C: 3, weights, warm: cold }).nIter).toBeLessThanOrEqual(1);
        // A start without dual coefficients, or none: the same answer.
        for (const warm of [{ ...cold, dual: null }, null, undefined]) {
          const again = solver.solve({ C: 3, weights, warm });
          expect(farthest(again.coef, cold.coef)).toBeLessThan(1e-9);
        }
        const all = solver.solve({ C: 3, dual: true });
        const fold = solver.solve({ C: 3, weights, warm: all });
        expect(farthest(fold.coef, cold.coef)).toBeLessThan(1e-9);
        expect(farthest(solver.solve({ C: 3, warm: fold }).coef, all.coef)).toBeLessThan(1e-9);
      });
  });

  it("rows of no weight have dual coefficients 0 and are left out, though they would not be finite", () => {
    withKernels("auto", (kernels) => {
      const { dual } = solverOf(kernels, form, true).solve({ C: 3, weights, dual: true });
      expect([0, 1, 2].map((c) => dual![7 * k + c])).toEqual([0, 0, 0]);
      expect(dual!.every((value, at) => value !== 0 || Math.floor(at / k) === 7)).toBe(true);
    });
  });

  it("is as good of single rows as of the double ones they are", () => {
    const data = Float32Array.from(features.data);
    expect(Array.from(data)).toEqual(Array.from(features.data));
    withKernels("auto", (kernels) => {
      const single = solverOf(kernels, form, true, { ...features, data }).solve({ C: 3, weights });
      expect(farthest(single.coef, fits[1].coef)).toBeLessThan(1e-9);
      expect(single.objective).toBeCloseTo(fits[1].objective, 12);
    });
  });

  it("a coarser tolerance leaves a larger gradient, of that share of W", () => {
    withKernels("auto", (kernels) => {
      const solver = solverOf(kernels, form, true);
      const [exact, coarse] = [undefined, 1e-3].map((tolerance) => solver.solve({ C: 3, weights, tolerance }));
      expect(coarse.gradientNorm).toBeGreaterThan(2 * exact.gradientNorm);
      expect(coarse.gradientNorm).toBeLessThan(1e-2 * Math.hypot(...coarse.coef));
    });
  });

  it("stops in between, and is the same", () => {
    withKernels("auto", (kernels) => {
      const solver = solverOf(kernels, form, true);
      const { steps, value } = stepsOf(solver.solving({ C: 3, weights }));
      expect(steps.length).toBeGreaterThanOrEqual(form === "dual" ? 1 : 5);
      expect(solver.solve({ C: 3, weights })).toEqual(value);
    });
  });
});

describe("an answer in the span of the rows", () => {
  /** The fit with kernels that stop it after so many steps. */
  const stopped = (steps: number, fitIntercept: boolean, request: { C: number; weights?: Float64Array }, data = features) => {
    const kernels = createKernels("auto");
    const hasty: Kernels = {
      ...kernels,
      fit: (...given) => {
        given[10] = steps;
        kernels.fit(...given);
      },
    };
    return solverOf(hasty, "dual", fitIntercept, data).solve(request);
  };

  it("has the objective and the gradient of plain loops wherever the fit stopped, and says that it has not converged", () => {
    for (const fitIntercept of [true, false])
      for (const steps of [1, 2, 3])
        for (const sampleWeight of [weights, undefined]) {
          const found = stopped(steps, fitIntercept, { C: 3, weights: sampleWeight });
          const problem = { features, labels: heldOutGolden.codes, k, C: 3, fitIntercept };
          const wanted = softmaxAt(
            { ...problem, ...(sampleWeight ? { sampleWeight: Array.from(sampleWeight) } : {}) },
            parameters(found.coef, found.intercept),
          );
          expect(Math.abs(found.objective / wanted.objective - 1)).toBeLessThan(1e-13);
          const free = wanted.gradient.filter((_, p) => fitIntercept || p % (d + 1) !== d);
          expect(Math.abs(found.gradientNorm / Math.hypot(...free) - 1)).toBeLessThan(1e-9);
          expect(found.converged).toBe(false);
        }
  });

  /** A fit, and how often it looked at the rows again. */
  const kernels = createKernels("wasm");
  const watched = (fitIntercept: boolean, request: SolveRequest, data: SoftmaxSetting["features"] = features) => {
    const mark = kernels.memory.mark();
    let passes = 0;
    const own: Kernels = {
      ...kernels,
      primal: {
        ...kernels.primal!,
        primalSlope: (...given) => {
          passes++;
          kernels.primal!.primalSlope(...given);
        },
      },
    };
    const found = solverOf(own, "dual", fitIntercept, data).solve(request);
    kernels.memory.release(mark);
    return { ...found, passes };
  };
  /** The objective and gradients of plain loops at an answer. */
  const plainly = (found: SoftmaxSolution, C: number, fitIntercept: boolean, sampleWeight: Float64Array, data = features) => {
    const problem = { features: data, labels: heldOutGolden.codes, k, C, sampleWeight: Array.from(sampleWeight), fitIntercept };
    const { objective, gradient } = softmaxAt(problem, parameters(found.coef, found.intercept));
    const inW = Math.hypot(...gradient.filter((_, p) => p % (d + 1) !== d));
    const inIntercept = fitIntercept ? Math.hypot(...gradient.filter((_, p) => p % (d + 1) === d)) : 0;
    return { objective, inW, inIntercept, total: C * sampleWeight.reduce((sum, weight) => sum + weight, 0) };
  };

  it("is told from the Gram matrix where rounding there leaves no doubt, and else from the rows, in one pass", () => {
    let [inGram, inRows] = [0, 0];
    for (const fitIntercept of [true, false])
      for (const C of [0.5, 3, 20])
        for (const own of [weights, new Float64Array(13).fill(1)])
          for (let power = 0; power <= 10; power += 0.5) {
            const found = watched(fitIntercept, { C, weights: own, tolerance: 10 ** -power });
            const { objective, inW, inIntercept, total } = plainly(found, C, fitIntercept, own);
            expect(Math.abs(found.objective / objective - 1)).toBeLessThan(1e-13);
            const gradient = Math.hypot(inW, inIntercept);
            expect(Math.abs(found.gradientNorm - gradient)).toBeLessThan(1e-5 * gradient + 1e-13 * total);
            const size = Math.hypot(...found.coef);
            if (found.converged) {
              expect(inW).toBeLessThanOrEqual(1.0001e-8 * size);
              expect(inIntercept).toBeLessThanOrEqual(1.0001e-8 * total);
            }
            expect(found.passes).toBeLessThanOrEqual(1);
            if (found.passes > 0) inRows++;
            else {
              expect(found.converged).toBe(true);
              inGram++;
            }
            // What is exact to ten digits is told from the Gram matrix, and what is off by far is not.
            if (power === 10) expect(found.passes).toBe(0);
            if (power === 0) expect(found.passes).toBe(1);
          }
    expect(Math.min(inGram, inRows)).toBeGreaterThan(30);
  });

  it("is told from the rows where C · |x|² is so large that rounding of W could move the gradient, however near the fit came", () => {
    const looks = (fitIntercept: boolean, C: number, scale = 1, offset = 0): number =>
      watched(fitIntercept, { C, tolerance: 1e-13 }, matrix(rows.map((row) => row.map((value) => scale * (value + offset))))).passes;
    for (const fitIntercept of [true, false]) {
      expect([1, 100, 400, 1e4].map((C) => looks(fitIntercept, C))).toEqual([0, 0, 0, 1]);
      // The same C · |x|², by the rows' scale.
      expect([1, 10, 20, 100].map((scale) => looks(fitIntercept, 1, scale))).toEqual([0, 0, 0, 1]);
      expect([1, 100].map((C) => looks(fitIntercept, C, 1, 10))).toEqual([0, 1]);
    }
  });

  it("is told from the rows where the Gram matrix has lost the digits that count: far from 0, or at a scale whose squares vanish", () => {
    let [inGram, inRows] = [0, 0];
    for (let power = 0; power <= 26; power++) {
      const far = matrix(rows.map((row) => row.map((value) => value + 2 ** power)));
      const found = watched(true, { C: 3, weights }, far);
      if (found.passes > 0) {
        inRows++;
        continue;
      }
      inGram++;
      const { inW, inIntercept, total } = plainly(found, 3, true, weights, far);
      expect(inW).toBeLessThan(1.01e-8 * Math.hypot(...found.coef));
      expect(inIntercept).toBeLessThan(1.01e-8 * total);
    }
    expect(Math.min(inGram, inRows)).toBeGreaterThan(3);
    const tiny = matrix(rows.map((row) => row.map((value) => value * 1e-145)));
    const found = watched(true, { C: 3, weights }, tiny);
    expect(found.passes).toBe(1);
    expect(found.coef.every(Number.isFinite)).toBe(true);
  });
});

it("leverages of more rows than are taken at once are the same by either form, in memory that others have used, and leave it as it was", () => {
  const random = randomStream(8, "synthetic");
  const many = { data: Float32Array.from({ length: 270 * 5 }, () => 1 + randomNormal(random)), rows: 270, cols: 5 };
  const own = Int32Array.from({ length: 270 }, (_, i) => i % k);
  const q = Float64Array.from({ length: 270 }, (_, i) => (i % 7 === 0 ? 0 : 0.1 + (i % 11) / 5));
  for (const fitIntercept of [true, false]) {
    const [dual, ...primals] = (
      [
        ["dual", "wasm"],
        ["primal", "wasm"],
        ["primal", "js"],
      ] as const
    ).map(([form, choice]) => {
      const kernels = usedKernels(choice);
      const solver = prepareSoftmax(kernels, { features: many, codes: own, k, fitIntercept, form }, "test");
      const before = kernels.memory.mark();
      const found = solver.leverages(q);
      expect(kernels.memory.mark()).toBe(before);
      return found;
    });
    for (const primal of primals) {
      expect(farthest(primal, dual)).toBeLessThan(1e-10);
      // Σ q · leverage is how many of the parameters the rows determine: fewer than all, more than none.
      const sum = primal.reduce((total, value, i) => total + q[i] * value, 0);
      expect(sum).toBeGreaterThan(fitIntercept ? 5 : 4);
      expect(sum).toBeLessThan(fitIntercept ? 6 : 5);
    }
  }
});
