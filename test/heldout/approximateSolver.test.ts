import { describe, expect, it } from "vitest";
import { doWork } from "../../src/core/work.ts";
import { approximateSolver } from "../../src/heldout/approximateSolver.ts";
import { heldOutSolver } from "../../src/heldout/heldOutSolver.ts";
import { createKernels, withKernels } from "../../src/kernels/createKernels.ts";
import type { Kernels } from "../../src/kernels/kernels.ts";
import { farthest } from "../properties/close.ts";
import { countingKernels, gramProblem, heldOutGolden, stepsOf } from "../properties/gramProblem.ts";

const { rows, codes, groups, fits } = heldOutGolden;
const weights = Float64Array.from(heldOutGolden.weights);
const [n, k] = [codes.length, 3];
const rowGroups = codes.map((_, i) => [i]);
const counted = codes.map((_, i) => i).filter((i) => weights[i] > 0);
/** Logits of the rows that count. */
const weighed = (logits: ArrayLike<number>): number[] => counted.flatMap((i) => [0, 1, 2].map((c) => logits[i * k + c]));

describe("approximate leave-one-out", () => {
  it.each(["js", "wasm"] as const)(
    "is one Newton step with a Hessian block by class, row by row and group by group, as numpy does it: %s",
    (choice) => {
      for (const fitIntercept of [true, false])
        for (const [name, parts] of [
          ["rows", rowGroups],
          ["groups", groups],
        ] as const)
          withKernels(choice, (kernels) => {
            const solve = approximateSolver(kernels, gramProblem(kernels, rows, codes, { weights, groups: parts, fitIntercept }));
            const wanted = fits.filter((fit) => fit.fitIntercept === fitIntercept);
            for (const { C, oneStep } of [wanted[2], wanted[0], wanted[1]]) {
              const logits = new Float64Array(n * k).fill(Number.NaN);
              expect(doWork(solve(C, logits))).toBe(true);
              // Intercepts have a trifle of a penalty here.
              expect(farthest(weighed(logits), weighed(oneStep[name]))).toBeLessThan(fitIntercept ? 3e-4 : 1e-5);
            }
          });
    },
  );

  it("leaves intercepts free at any scale of the rows: s times as large, at C / s², the logits are the same", () => {
    const at = (scale: number): Float64Array =>
      withKernels("auto", (kernels) => {
        const scaled = rows.map((row) => row.map((value) => value * scale));
        const logits = new Float64Array(n * k);
        doWork(approximateSolver(kernels, gramProblem(kernels, scaled, codes, { weights }))(3 / scale ** 2, logits));
        return logits;
      });
    const plain = at(1);
    for (const scale of [2 ** -12, 2 ** 12]) expect(farthest(at(scale), plain)).toBeLessThan(1e-3);
  });

  it("is near exact leave-one-out where a row moves the fit by little: many rows, a small C, more than one panel of an inverse", () => {
    withKernels("auto", (kernels) => {
      const many = Array.from({ length: 9 * n }, (_, i) => rows[i % n].map((value, j) => value + ((i * 7 + j * 5) % 11) / 8));
      const labels = many.map((_, i) => codes[i % n]);
      const [near, exact] = [approximateSolver, heldOutSolver].map((solver) => {
        const logits = new Float64Array(9 * n * k);
        expect(doWork(solver(kernels, gramProblem(kernels, many, labels))(0.1, logits))).toBe(true);
        return logits;
      });
      expect(farthest(near, exact)).toBeLessThan(0.02);
    });
  });

  it("leaves rows that are certain where they are: leaving one out changes nothing, and nothing is infinite", () => {
    withKernels("auto", (kernels) => {
      const apart = [
        [30, 0],
        [31, 0],
        [0, 30],
        [0, 31],
      ];
      const logits = new Float64Array(8);
      doWork(approximateSolver(kernels, gramProblem(kernels, apart, [0, 0, 1, 1], { fitIntercept: false }))(100, logits));
      expect(logits.every(Number.isFinite)).toBe(true);
      for (let i = 0; i < 4; i++) expect(logits[2 * i + Math.floor(i / 2)] - logits[2 * i + 1 - Math.floor(i / 2)]).toBeGreaterThan(5);
    });
  });

  it("answers for rows that are all 0", () => {
    withKernels("auto", (kernels) => {
      const logits = new Float64Array(12);
      const zeros = Array.from({ length: 6 }, () => [0, 0]);
      expect(doWork(approximateSolver(kernels, gramProblem(kernels, zeros, [0, 0, 0, 0, 1, 1]))(3, logits))).toBe(true);
      // Intercepts alone: log 2 apart, less what leaving out a row moves them by one Newton step in each class.
      for (let i = 0; i < 6; i++) expect(logits[2 * i] - logits[2 * i + 1]).toBeCloseTo(Math.LN2 + (i < 4 ? -0.6 : 1.2), 3);
    });
  });

  it("starts from the last C's fit: the same C again costs a step at most", () => {
    const { kernels, counts } = countingKernels();
    const solve = approximateSolver(kernels, gramProblem(kernels, rows, codes, { weights }));
    const logits = new Float64Array(n * k);
    for (const C of [3, 3]) doWork(solve(C, logits));
    expect(counts).toHaveLength(2);
    expect(counts[0]).toBeGreaterThan(2);
    expect(counts[1]).toBeLessThanOrEqual(1);
  });

  it("says where its fit has not come near", () => {
    const kernels = createKernels("auto");
    const coarse = (gradient: number): boolean => {
      const watched: Kernels = {
        ...kernels,
        fit: (...given) => {
          kernels.fit(...given);
          kernels.memory.f64[(given[14] >>> 3) + 1] = 0;
          kernels.memory.f64[(given[14] >>> 3) + 2] = gradient;
        },
      };
      return doWork(approximateSolver(watched, gramProblem(watched, rows, codes, { weights }))(4, new Float64Array(n * k)));
    };
    // The weights' sum is 17.
    expect([coarse(4 * 16.9e-6), coarse(4 * 17.1e-6)]).toEqual([true, false]);
  });

  it("says true after its fit and after each class", () => {
    withKernels("auto", (kernels) => {
      const { steps } = stepsOf(approximateSolver(kernels, gramProblem(kernels, rows, codes))(1, new Float64Array(n * k)));
      expect(steps.filter((step) => step)).toHaveLength(1 + k);
      expect(steps).toEqual([true, false, false, true, false, false, true, false, false, true]);
    });
  });
});
