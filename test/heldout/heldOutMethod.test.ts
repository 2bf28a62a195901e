import { describe, expect, it } from "vitest";
import { doWork } from "../../src/core/work.ts";
import { foldsOf } from "../../src/heldout/foldsOf.ts";
import type { HeldOutCrew } from "../../src/heldout/heldOutCrew.ts";
import { heldOutLogits, type MethodOptions, readyMethod } from "../../src/heldout/heldOutMethod.ts";
import { type HeldOutTask, taskOf } from "../../src/heldout/heldOutTask.ts";
import type { HeldOut } from "../../src/heldout/prepareHeldOut.ts";
import { createKernels, withKernels } from "../../src/kernels/createKernels.ts";
import { prepareSoftmax } from "../../src/solve/prepareSoftmax.ts";
import { matrix } from "../properties/arbitraries.ts";
import { farthest } from "../properties/close.ts";
import { gramProblem, heldOutGolden, stepsOf } from "../properties/gramProblem.ts";

const none = { classes: [], solver: null, features: matrix([[0]]), scale: 1 };

/** n rows of k classes in groups of `size`, of which only numbers count: their Gram matrix is not filled. */
function sized(n: number, k: number, { size = 1, balanced = false } = {}): HeldOut {
  const codes = Int32Array.from({ length: n }, (_, i) => Math.floor(i / size) % k);
  const groups = Array.from({ length: n / size }, (_, g) => Array.from({ length: size }, (_, i) => g * size + i));
  return { ...none, gram: 0, codes, k, weights: new Float64Array(n).fill(1), fitIntercept: true, groups, balanced };
}

const methodOf = (problem: HeldOut, options: MethodOptions = {}): string =>
  withKernels("js", (kernels) => readyMethod(kernels, problem, options).method);

describe("the way of holding rows out", () => {
  it.each([
    // Rows, classes and the method, on both sides of each change, by the multiplications that n fits, one fit with k factors, and the folds' fits take.
    [33, 2, "leaveOneOut"],
    [34, 2, "approximate"],
    [29, 3, "leaveOneOut"],
    [30, 3, "approximate"],
    [25, 5, "leaveOneOut"],
    [26, 5, "approximate"],
    [20, 10, "leaveOneOut"],
    [21, 10, "approximate"],
    [558, 20, "approximate"],
    [559, 20, "folds"],
  ])("of %d rows in %d classes is %s: exact where it is cheap, then an approximation, then folds", (n, k, method) => {
    expect(methodOf(sized(n, k))).toBe(method);
  });

  it("counts groups, not rows, and the folds asked for", () => {
    expect([methodOf(sized(52, 2, { size: 4 })), methodOf(sized(56, 2, { size: 4 }))]).toEqual(["leaveOneOut", "approximate"]);
    expect([150, 152].map((n) => methodOf(sized(n, 20), { folds: 2 }))).toEqual(["approximate", "folds"]);
    expect(methodOf(sized(152, 20))).toBe("approximate");
  });

  it("is exact, at whatever cost, where there are no more groups than folds", () => {
    expect([5, 6].map((parts) => methodOf(sized(parts * 60, 2, { size: 60 })))).toEqual(["leaveOneOut", "approximate"]);
    expect(methodOf(sized(360, 2, { size: 60 }), { folds: 6 })).toBe("leaveOneOut");
  });

  it("is never the approximation where classes are to stay in balance, and is what is asked for", () => {
    expect(methodOf(sized(60, 2, { balanced: true }))).toBe("folds");
    for (const method of ["leaveOneOut", "approximate", "folds"] as const) expect(methodOf(sized(20, 2), { method })).toBe(method);
  });

  it("says how its work goes: parts, and steps of which each is done once", () => {
    const { rows, codes, groups } = heldOutGolden;
    withKernels("auto", (kernels) => {
      const problem = { ...gramProblem(kernels, rows, codes, { groups }), ...none };
      for (const [options, parts, steps] of [
        [{ method: "leaveOneOut" }, groups, 8],
        [{ method: "approximate" }, groups, 4],
        [{ method: "folds", folds: 3, seed: 2 }, foldsOf(problem, 3, 2), 3],
        [{ method: "folds", folds: 2 }, foldsOf(problem, 2, 0), 2],
      ] as const) {
        const ready = readyMethod(kernels, problem, options);
        expect([ready.method, ready.parts, ready.steps]).toEqual([options.method, parts, steps]);
        expect(stepsOf(ready.solve(1, new Float64Array(39))).steps.filter((step) => step)).toHaveLength(steps);
      }
    });
  });

  it("is exact where rows can't be dealt into folds", () => {
    // Either class would be missing without one of two folds: its two groups share the other's.
    const mixed = [
      [0, 1],
      [2, 3],
    ];
    const codes = [0, 1, 0, 1];
    withKernels("auto", (kernels) => {
      const rows = [[0], [1], [0.2], [0.7]];
      const problem = { ...gramProblem(kernels, rows, codes, { groups: mixed, weights: Float64Array.of(1, 1, 1, 0) }), ...none };
      expect(foldsOf(problem, 2, 0)).toBe(null);
      const { method, parts, steps } = readyMethod(kernels, problem, { method: "folds", folds: 2 });
      expect([method, parts, steps]).toEqual(["leaveOneOut", mixed, 3]);
    });
  });

  it("is folds in d dimensions where there is no Gram matrix, whatever is asked for; each group is one where they can't be dealt", () => {
    const { rows, codes, groups } = heldOutGolden;
    withKernels("auto", (kernels) => {
      const features = matrix(rows);
      const own = { features, codes: Int32Array.from(codes), k: 3, fitIntercept: true };
      const solver = prepareSoftmax(kernels, { ...own, form: "primal" }, "test");
      const weights = Float64Array.from(heldOutGolden.weights);
      const problem: HeldOut = { ...own, gram: null, solver, weights, groups, balanced: false, classes: [], scale: 1 };
      const dealt = readyMethod(kernels, problem, { method: "leaveOneOut", folds: 3, seed: 1 });
      expect([dealt.method, dealt.parts, dealt.steps]).toEqual(["folds", foldsOf(problem, 3, 1), 3]);
      // All rows of weight of class 2 but one group have none: no folds.
      const few = { ...problem, groups: [groups[0], groups[1], groups[2], [6, 7, 8, 9, 10, 12, 11]] };
      expect(foldsOf(few, 2, 0)).not.toBe(null);
      const mixed = {
        ...few,
        groups: [
          [0, 1, 2, 3, 4, 5],
          [6, 7, 8, 9, 10, 11, 12],
        ],
        weights: weights.map((w, i) => (i > 8 && codes[i] === 2 ? 0 : w)),
      };
      expect(foldsOf(mixed, 2, 0)).toBe(null);
      const undealt = readyMethod(kernels, mixed, { folds: 2 });
      expect([undealt.method, undealt.parts, undealt.steps]).toEqual(["folds", mixed.groups, 2]);
      const logits = new Float64Array(39);
      doWork(readyMethod(kernels, { ...problem, groups }, { folds: 7 }).solve(3, logits));
      expect(logits.every(Number.isFinite)).toBe(true);
    });
  });
});

describe("held-out fits of a crew", () => {
  /** A crew that takes tasks and solves nothing. */
  function idleCrew() {
    const tasks: HeldOutTask[] = [];
    const solver: HeldOutCrew["solver"] = (task) => {
      tasks.push(task);
      return function* (C, logits) {
        logits.fill(C);
        yield wait;
        yield false;
        yield true;
        return false;
      };
    };
    const wait = Promise.resolve();
    return { tasks, wait, crew: { solver, end: () => wait } };
  }

  it.each([
    ["leaveOneOut", 129, 2],
    ["approximate", 484, 3],
    ["folds", 424, 4],
  ] as const)("by %s are sent from some 1.5e8 multiplications on: of more than %d rows in %d classes", (method, n, k) => {
    withKernels("js", (kernels) => {
      const { tasks, crew } = idleCrew();
      for (const rows of [n, n + 1]) readyMethod(kernels, sized(rows, k), { method }, crew);
      expect(tasks.map((task) => [task.method, task.codes.length, task.k, task.kernels])).toEqual([[method, n + 1, k, "js"]]);
      // Whom nobody lends a crew solves here.
      readyMethod(kernels, sized(n + 1, k), { method });
      expect(tasks).toHaveLength(1);
    });
  });

  it("are sent with all that they need: the Gram matrix, or the rows where there is none", () => {
    const { rows, codes, groups } = heldOutGolden;
    const weights = Float64Array.from(heldOutGolden.weights);
    withKernels("auto", (kernels) => {
      const problem: HeldOut = { ...gramProblem(kernels, rows, codes, { groups, weights, fitIntercept: false, balanced: true }), ...none };
      const n = codes.length;
      expect(taskOf(kernels, problem, "leaveOneOut", groups)).toEqual({
        ...{
          method: "leaveOneOut",
          parts: groups,
          kernels: kernels.kind,
          features: null,
          k: 3,
          fitIntercept: false,
          balanced: true,
          weights,
        },
        ...{ codes: problem.codes, gram: kernels.memory.f64.slice(problem.gram! >>> 3, (problem.gram! >>> 3) + n * n) },
      });
      const features = matrix(rows);
      const solver = prepareSoftmax(kernels, { features, codes: problem.codes, k: 3, fitIntercept: true, form: "primal" }, "test");
      const { tasks, wait, crew } = idleCrew();
      // From rows times columns times classes above 8e5 on.
      const wide = (cols: number) => ({ ...problem, gram: null, solver, features: { ...features, rows: 1000, cols }, balanced: false });
      const there = { ...crew, solver: () => expect.unreachable() };
      expect(readyMethod(kernels, wide(266), { folds: 3 }, there).steps).toBe(3);
      const { steps, value } = stepsOf(heldOutLogits(kernels, wide(267), 3, crew));
      expect(tasks).toEqual([
        {
          ...{
            method: "folds",
            parts: foldsOf(problem, 10, 0) ?? groups,
            kernels: kernels.kind,
            gram: null,
            features: wide(267).features,
            k: 3,
            weights,
          },
          ...{ codes: problem.codes, fitIntercept: false, balanced: true },
        },
      ]);
      expect(steps).toEqual([
        { done: 0, total: 7, until: wait },
        { done: 0, total: 7 },
        { done: 1, total: 7 },
      ]);
      expect([value.converged, Array.from(new Set(value.logits))]).toEqual([false, [3]]);
    });
  });
});

describe("held-out logits at one C", () => {
  it("are those of exact leave-one-out in balance, as numpy has them, and tell how far they are", () => {
    const { rows, codes, groups, fits } = heldOutGolden;
    const weights = Float64Array.from(heldOutGolden.weights);
    for (const { C, fitIntercept, heldOut } of fits)
      withKernels("auto", (kernels) => {
        const problem = { ...gramProblem(kernels, rows, codes, { groups, weights, fitIntercept }), ...none };
        const { steps, value } = stepsOf(heldOutLogits(kernels, problem, C));
        const levelled = value.logits.map((logit, at) => {
          const row = value.logits.subarray(at - (at % 3), at - (at % 3) + 3);
          return logit - (row[0] + row[1] + row[2]) / 3;
        });
        expect(farthest(levelled, heldOut.balanced)).toBeLessThan(1e-9);
        expect([value.method, value.converged]).toEqual(["leaveOneOut", true]);
        expect(steps).toEqual(Array.from({ length: 8 }, (_, i) => ({ done: i + 1, total: 8 })));
      });
  });

  it("of rows without a Gram matrix are by folds in d dimensions, and count those, not the products within", () => {
    const { rows, codes, weights } = heldOutGolden;
    withKernels("auto", (kernels) => {
      const own = { features: matrix(rows), codes: Int32Array.from(codes), k: 3, fitIntercept: true };
      const solver = prepareSoftmax(kernels, { ...own, form: "primal" }, "test");
      const groups = codes.map((_, i) => [i]);
      const problem = { ...own, gram: null, solver, weights: Float64Array.from(weights), groups, balanced: false, classes: [], scale: 1 };
      const { steps, value } = stepsOf(heldOutLogits(kernels, problem, 3));
      expect([value.method, value.converged]).toEqual(["folds", true]);
      expect(steps.length).toBeGreaterThan(20);
      expect(new Set(steps.map(({ done }) => done))).toEqual(new Set([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]));
      expect(steps.every(({ total }) => total === 10)).toBe(true);
      expect(steps.at(-1)!.done).toBe(10);
    });
  });

  it.each([
    [226, 2, 227],
    [227, 2, 10],
    [187, 5, 188],
    [188, 5, 10],
  ])("of %d rows in %d classes take %d steps: exact while that costs some tenths of a second, then ten folds", (n, k, steps) => {
    const kernels = createKernels("js");
    const gram = kernels.memory.allocate(8 * n * n);
    expect(heldOutLogits(kernels, { ...sized(n, k), gram }, 1).next().value).toEqual({ done: 1, total: steps });
  });
});
