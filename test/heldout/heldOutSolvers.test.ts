import { describe, expect, it } from "vitest";
import { doWork } from "../../src/core/work.ts";
import { exactly, foldSolver, goodEnough } from "../../src/heldout/foldSolver.ts";
import { type GramProblem, type HeldOutSolver, heldOutSolver } from "../../src/heldout/heldOutSolver.ts";
import { rowFoldSolver } from "../../src/heldout/rowFoldSolver.ts";
import { createKernels, withKernels } from "../../src/kernels/createKernels.ts";
import type { Kernels } from "../../src/kernels/kernels.ts";
import { prepareSoftmax } from "../../src/solve/prepareSoftmax.ts";
import type { SoftmaxSolver } from "../../src/solve/softmaxSolution.ts";
import { matrix } from "../properties/arbitraries.ts";
import { farthest } from "../properties/close.ts";
import { countingKernels, gramProblem, heldOutGolden, stepsOf } from "../properties/gramProblem.ts";

const { rows, codes, groups, fits } = heldOutGolden;
const weights = Float64Array.from(heldOutGolden.weights);
const [n, k] = [codes.length, 3];

/** Logits are told up to what all classes share. */
const levelled = (logits: Float64Array): Float64Array =>
  logits.map((value, at) => {
    const from = at - (at % k);
    return value - (logits[from] + logits[from + 1] + logits[from + 2]) / k;
  });

interface Setting {
  readonly fitIntercept: boolean;
  readonly balanced: boolean;
}
const settings: Setting[] = [true, false].flatMap((fitIntercept) => [true, false].map((balanced) => ({ fitIntercept, balanced })));
const inRows = (kernels: Kernels, setting: Setting): GramProblem => gramProblem(kernels, rows, codes, { weights, groups, ...setting });
/** Folds in d dimensions, by a solver that may be watched. */
function inDimensions(
  kernels: Kernels,
  setting: Setting,
  watch = (solver: SoftmaxSolver): SoftmaxSolver => solver,
  isOwn?: (fold: number) => boolean,
): HeldOutSolver {
  const features = matrix(rows);
  const asked = { features, codes: Int32Array.from(codes), k, fitIntercept: setting.fitIntercept, form: "primal" } as const;
  const solver = watch(prepareSoftmax(kernels, asked, "test"));
  return rowFoldSolver(solver, { ...inRows(kernels, setting), features }, groups, isOwn);
}
const solvers: readonly [string, number, (kernels: Kernels, setting: Setting) => HeldOutSolver][] = [
  ["exact leave-one-out", 1e-9, (kernels, setting) => heldOutSolver(kernels, inRows(kernels, setting))],
  ["folds as exact as it", 1e-9, (kernels, setting) => foldSolver(kernels, inRows(kernels, setting), exactly)],
  ["folds as C is chosen by", 2e-5, (kernels, setting) => foldSolver(kernels, inRows(kernels, setting))],
  ["folds in d dimensions", 2e-4, inDimensions],
];

describe.each(solvers)("%s", (_, tolerance, ready) => {
  it.each(settings)("tells each row's logits by a fit without its group, at one C after another, as numpy does: %j", (setting) => {
    withKernels("auto", (kernels) => {
      const solve = ready(kernels, setting);
      const wanted = fits.filter(({ fitIntercept }) => fitIntercept === setting.fitIntercept);
      for (const { C, heldOut } of [wanted[0], wanted[2], wanted[1]]) {
        const logits = new Float64Array(n * k).fill(Number.NaN);
        expect(doWork(solve(C, logits))).toBe(true);
        expect(farthest(levelled(logits), heldOut[setting.balanced ? "balanced" : "plain"])).toBeLessThan(tolerance);
      }
    });
  });
});

const plain = { fitIntercept: true, balanced: false };

describe("held-out work", () => {
  it("says true where one of its fits is done: one a fold, and for leave-one-out that on all rows too", () => {
    withKernels("auto", (kernels) => {
      const logits = new Float64Array(n * k);
      expect(stepsOf(heldOutSolver(kernels, inRows(kernels, plain))(1, logits)).steps).toEqual(new Array(8).fill(true));
      expect(stepsOf(foldSolver(kernels, inRows(kernels, plain))(1, logits)).steps).toEqual(new Array(7).fill(true));
      const { steps } = stepsOf(inDimensions(kernels, plain)(1, logits));
      expect(steps.filter((step) => step)).toHaveLength(7);
      // And false at the products within each.
      expect(steps.length).toBeGreaterThan(3 * 7);
    });
  });

  /** Newton steps of the fits that a solver makes, by watching the kernels' reports. */
  const stepsTaken = (ready: (kernels: Kernels) => HeldOutSolver, path: readonly number[]): number[] => {
    const { kernels, counts } = countingKernels();
    const solve = ready(kernels);
    const logits = new Float64Array(n * k);
    return path.map((C) => {
      counts.length = 0;
      doWork(solve(C, logits));
      return counts.reduce((sum, count) => sum + count, 0);
    });
  };

  it("starts each fit from the last one's answer: the same C again costs next to no steps", () => {
    for (const solver of [
      (kernels: Kernels) => foldSolver(kernels, inRows(kernels, plain), exactly),
      (kernels: Kernels) => foldSolver(kernels, inRows(kernels, plain)),
    ]) {
      const [first, again] = stepsTaken(solver, [3, 3]);
      expect(first).toBeGreaterThan(4 * 7);
      expect(again).toBeLessThanOrEqual(7);
    }
    // Leave-one-out: the fits without a group start from the one on all rows, and that one from its own at the last C.
    const [first, again] = stepsTaken((kernels) => heldOutSolver(kernels, inRows(kernels, plain)), [3, 3]);
    expect(first - again).toBeGreaterThanOrEqual(3);
    const [cold] = stepsTaken((kernels) => foldSolver(kernels, inRows(kernels, plain), exactly), [3]);
    expect(again).toBeLessThan(cold);
  });

  it("of some forty rows is the same by all exact ways", () => {
    withKernels("auto", (kernels) => {
      const many = Array.from({ length: 3 * n }, (_, i) => rows[i % n].map((value, j) => value + ((i * 7 + j * 5) % 11) / 8));
      const labels = many.map((_, i) => codes[i % n]);
      const parts = [0, 1, 2].map((f) => labels.map((_, i) => i).filter((i) => i % 3 === f));
      const [one, other] = [heldOutSolver, foldSolver].map((solver) => {
        const logits = new Float64Array(3 * n * k);
        const solve = solver(kernels, gramProblem(kernels, many, labels, { groups: parts }), exactly);
        // Twice: what one C leaves in memory must not lead the next astray.
        for (const C of [30, 2]) expect(doWork(solve(C, logits))).toBe(true);
        return logits;
      });
      expect(farthest(one, other)).toBeLessThan(1e-9);
    });
  });

  it("goes on with an exact fit that has not converged, eight times at most, from where it is, and says where one never did", () => {
    const run = (failures: (fit: number) => number): { readonly converged: boolean; readonly rounds: number[] } => {
      const kernels = createKernels("auto");
      const rounds: number[] = [];
      let begun = 0;
      const stubborn: Kernels = {
        ...kernels,
        fit: (...given) => {
          if (begun === 0) rounds.push(0);
          begun++;
          rounds[rounds.length - 1]++;
          kernels.fit(...given);
          // A fit that goes on starts from an answer: it takes a step at most.
          if (begun > 1) expect(kernels.memory.f64[given[14] >>> 3]).toBeLessThanOrEqual(1);
          const fails = begun <= failures(rounds.length - 1);
          kernels.memory.f64[(given[14] >>> 3) + 1] = Number(!fails);
          if (!fails || begun === 9) begun = 0;
        },
      };
      const logits = new Float64Array(n * k);
      const converged = doWork(heldOutSolver(stubborn, inRows(stubborn, plain))(3, logits));
      expect(farthest(levelled(logits), fits[1].heldOut.plain)).toBeLessThan(1e-9);
      return { converged, rounds };
    };
    expect(run(() => 8)).toEqual({ converged: true, rounds: new Array(8).fill(9) });
    expect(run(() => 0)).toEqual({ converged: true, rounds: new Array(8).fill(1) });
    for (const lost of [0, 3, 7]) {
      const { converged, rounds } = run((fit) => (fit === lost ? 9 : 0));
      expect([converged, rounds[lost]]).toEqual([false, 9]);
    }
  });

  it("in d dimensions a fold starts from its own answer at the last C, and at the first C from the first fold", () => {
    withKernels("auto", (kernels) => {
      const asked: { readonly warm: unknown; readonly answer: unknown }[] = [];
      const solve = inDimensions(kernels, plain, (solver) => ({
        ...solver,
        *solving(request) {
          const answer = yield* solver.solving(request);
          asked.push({ warm: request.warm, answer });
          return answer;
        },
      }));
      for (const C of [1, 3]) doWork(solve(C, new Float64Array(n * k)));
      expect(asked).toHaveLength(14);
      expect(asked[0].warm).toBe(null);
      for (let f = 1; f < 7; f++) expect(asked[f].warm).toBe(asked[0].answer);
      for (let f = 0; f < 7; f++) expect(asked[7 + f].warm).toBe(asked[f].answer);
    });
  });

  it("in d dimensions tells its own folds alone: without the first, it solves that once to start from", () => {
    withKernels("auto", (kernels) => {
      const tell = (isOwn?: (fold: number) => boolean) => {
        let asked = 0;
        const watch = (solver: SoftmaxSolver): SoftmaxSolver => ({
          ...solver,
          *solving(request) {
            asked++;
            return yield* solver.solving(request);
          },
        });
        const solve = inDimensions(kernels, plain, watch, isOwn);
        return [3, 1].map((C) => {
          asked = 0;
          const logits = new Float64Array(n * k).fill(Number.NaN);
          const done = stepsOf(solve(C, logits)).steps.filter((step) => step === true).length;
          return { logits, asked, done };
        });
      };
      const whole = tell();
      for (const own of [[0, 2, 4, 6], [1, 3, 5], [6]]) {
        tell((fold) => own.includes(fold)).forEach(({ logits, asked, done }, at) => {
          expect([asked, done]).toEqual([own.length + Number(at === 0 && own[0] > 0), own.length]);
          groups.forEach((rows, fold) => {
            for (const i of rows)
              for (let c = 0; c < k; c++) expect(logits[i * k + c]).toBe(own.includes(fold) ? whole[at].logits[i * k + c] : Number.NaN);
          });
        });
      }
    });
  });

  it("in d dimensions says whether every fold came near: its gradient at most 1e-5 of C · Σ weight where it has not converged", () => {
    withKernels("auto", (kernels) => {
      const converges = (share: (fold: number) => number): boolean => {
        let fold = 0;
        const solve = inDimensions(kernels, plain, (solver) => ({
          ...solver,
          *solving(request) {
            const terms = request.C * request.weights!.reduce((sum, weight) => sum + weight, 0);
            return { ...(yield* solver.solving(request)), converged: false, gradientNorm: share(fold++) * terms };
          },
        }));
        return doWork(solve(2, new Float64Array(n * k)));
      };
      expect(converges(() => 1e-5)).toBe(true);
      expect(converges((fold) => (fold === 0 ? 1.001e-5 : 0))).toBe(false);
      expect(converges((fold) => (fold === 6 ? 1.001e-5 : 0))).toBe(false);
    });
  });

  it("a rough fit serves where it converged, or where its gradient is at most 1e-6 of the sum of its terms", () => {
    // Newton steps, whether it converged, the gradient.
    const serves = (converged: number, gradient: number): boolean => goodEnough(Float64Array.of(9, 4, converged, gradient), 8, 20);
    expect([serves(1, 1), serves(0, 1e-6 * 20), serves(0, 2.01e-5), serves(0, Number.NaN)]).toEqual([true, true, false, false]);
  });

  it("folds that have not come near say so: steps too few for any", () => {
    withKernels("auto", (kernels) => {
      const logits = new Float64Array(n * k);
      expect(doWork(foldSolver(kernels, inRows(kernels, plain), { tolerance: 1e-12, steps: 1 })(20, logits))).toBe(false);
      expect(doWork(foldSolver(kernels, inRows(kernels, plain), { tolerance: 1e-12, steps: 30 })(20, logits))).toBe(true);
    });
  });
});
