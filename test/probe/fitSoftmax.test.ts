import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Matrix } from "../../src/core/matrix.ts";
import { randomNormal, randomStream } from "../../src/core/random.ts";
import { doWork } from "../../src/core/work.ts";
import { l2Normalize } from "../../src/features/l2Normalize.ts";
import { borrowKernels } from "../../src/kernels/createKernels.ts";
import { fitSoftmax, fittingSoftmax, type SoftmaxHead, type SoftmaxOptions } from "../../src/probe/fitSoftmax.ts";
import { labelledMatrices, matrix, permutations, rowsOf } from "../properties/arbitraries.ts";
import { farthest } from "../properties/close.ts";
import { parameters, type SoftmaxProblem, softmaxAt, solveReference } from "../properties/softmaxReference.ts";
import { leavesAlone } from "../properties/unchanged.ts";

/** Rows of norm 1 (or 0), labels, and settings as a few-shot task has them. */
const problems = labelledMatrices({ maxRows: 10, maxCols: 5 }).chain(({ features, labels }) =>
  fc
    .record({
      C: fc.constantFrom(0.01, 0.3, 1),
      fitIntercept: fc.boolean(),
      weights: fc.option(fc.array(fc.integer({ min: 1, max: 16 }), { minLength: labels.length, maxLength: labels.length })),
    })
    .map(({ C, fitIntercept, weights }) => {
      const data = Float64Array.from(features.data);
      const sampleWeight = weights?.map((weight) => weight / 8);
      return { features: l2Normalize({ ...features, data }), labels, k: new Set(labels).size, C, fitIntercept, sampleWeight };
    }),
);
const optionsOf = ({ C, fitIntercept, sampleWeight }: SoftmaxProblem): SoftmaxOptions => ({ C, fitIntercept, sampleWeight });
const train = (problem: SoftmaxProblem): SoftmaxHead => fitSoftmax(problem.features, problem.labels, optionsOf(problem));
const at = (problem: SoftmaxProblem, head: SoftmaxHead) => softmaxAt(problem, parameters(head.coef, head.intercept));

/** ‖gradient‖ in W and in the intercepts (0 where there are none). */
function gradientNorms(problem: SoftmaxProblem, gradient: readonly number[]): [number, number] {
  const width = problem.features.cols + 1;
  const own = (intercepts: boolean) => Math.hypot(...gradient.filter((_, p) => (p % width === width - 1) === intercepts));
  return [own(false), problem.fitIntercept ? own(true) : 0];
}

/** Two heads' coef and intercept are the same to `tolerance` of the larger of ‖W‖ and 1e-9. */
function expectSameHead(a: Pick<SoftmaxHead, "coef" | "intercept">, b: Pick<SoftmaxHead, "coef" | "intercept">, tolerance = 1e-5): void {
  const size = Math.max(Math.hypot(...b.coef), 1e-9);
  expect(Math.hypot(...a.coef.map((value, i) => value - b.coef[i])) / size).toBeLessThan(tolerance);
  const intercepts = Math.max(Math.hypot(...b.intercept), size);
  expect(Math.hypot(...a.intercept.map((value, i) => value - b.intercept[i])) / intercepts).toBeLessThan(tolerance);
}

describe("the answer", () => {
  it("is the optimum: the gradient is 0, and Newton's method in d dimensions, which shares no code, comes to the same", () => {
    fc.assert(
      fc.property(problems, (problem) => {
        const head = train(problem);
        expect(head.converged).toBe(true);
        const { objective, gradient } = at(problem, head);
        expect(Math.abs(objective - head.objective)).toBeLessThan(1e-12 * (1 + objective));
        const [inW, inIntercept] = gradientNorms(problem, gradient);
        expect(inW).toBeLessThan(1e-8 * Math.hypot(...head.coef) + 1e-14);
        expect(inIntercept).toBeLessThan(1e-7 * problem.C * problem.labels.length);
        const theta = solveReference(problem);
        expect(objective).toBeLessThanOrEqual(softmaxAt(problem, theta).objective * (1 + 1e-12) + 1e-14);
        const width = problem.features.cols + 1;
        expectSameHead(head, {
          coef: Float64Array.from(theta.filter((_, p) => p % width !== width - 1)),
          intercept: Float64Array.from(theta.filter((_, p) => p % width === width - 1)),
        });
      }),
      { numRuns: 150 },
    );
  });

  it("has no neighbour with a lower objective, near or far", () => {
    fc.assert(
      fc.property(problems, fc.maxSafeNat(), (problem, seed) => {
        const { coef, intercept } = train(problem);
        const theta = parameters(coef, intercept);
        const { objective } = softmaxAt(problem, theta);
        const random = randomStream(seed, "bootstrap");
        for (const size of [1e-6, 1e-4, 1e-2, 1, 10]) {
          const moved = theta.map((value, p) =>
            !problem.fitIntercept && p % (problem.features.cols + 1) === problem.features.cols
              ? value
              : value + size * randomNormal(random),
          );
          expect(softmaxAt(problem, moved).objective).toBeGreaterThanOrEqual(objective * (1 - 1e-14) - 1e-14);
        }
      }),
    );
  });

  it("reports the gradient's norm as plain loops find it", () => {
    fc.assert(
      fc.property(problems, (problem) => {
        const head = train(problem);
        const plain = Math.hypot(...gradientNorms(problem, at(problem, head).gradient));
        expect(Math.abs(head.gradientNorm - plain)).toBeLessThan(1e-13);
      }),
    );
  });

  it("sums to 0 over classes, in every column and in the intercepts, which are zeros where none are fitted", () => {
    fc.assert(
      fc.property(problems, (problem) => {
        const { coef, intercept } = train(problem);
        const { cols } = problem.features;
        for (let j = 0; j < cols; j++) {
          let sum = 0;
          for (let c = 0; c < problem.k; c++) sum += coef[c * cols + j];
          expect(Math.abs(sum)).toBeLessThan(1e-8);
        }
        expect(Math.abs(intercept.reduce((sum, value) => sum + value, 0))).toBeLessThan(1e-12);
        if (!problem.fitIntercept) expect(intercept.every((value) => value === 0)).toBe(true);
      }),
    );
  });

  it("is the same, to the bit, at every call, on either kernels, whatever was fitted in between, and from Float32 that holds the numbers", () => {
    fc.assert(
      fc.property(problems, problems, (problem, other) => {
        const options = { ...optionsOf(problem), kernels: "js" as const };
        const first = leavesAlone([problem], () => fitSoftmax(problem.features, problem.labels, options));
        train(other);
        fitSoftmax(other.features, other.labels, { kernels: "js" });
        expect(fitSoftmax(problem.features, problem.labels, options)).toEqual(first);
        expect(fitSoftmax(problem.features, problem.labels, { ...options, kernels: "wasm" })).toEqual(first);
        const single = { ...problem.features, data: Float32Array.from(problem.features.data) };
        const double = { ...problem.features, data: Float64Array.from(single.data) };
        expect(fitSoftmax(single, problem.labels, options)).toEqual(fitSoftmax(double, problem.labels, options));
      }),
      { numRuns: 40 },
    );
  });
});

describe("a step at a time", () => {
  it("is the same to the bit, and gives its kernels back, also when it is given up", () => {
    const first = borrowKernels("js");
    first.end();
    const features = matrix([
      [0, 1],
      [1, 0],
      [0.2, 0.9],
    ]);
    const labels = ["a", "b", "a"];
    const whole = fittingSoftmax(features, labels, { kernels: "js" });
    expect(doWork(whole)).toEqual(fitSoftmax(features, labels, { kernels: "js" }));
    const half = fittingSoftmax(features, labels, { kernels: "js" });
    expect(half.next().done).toBe(false);
    const other = borrowKernels("js");
    expect(other.kernels).not.toBe(first.kernels);
    half.return(undefined as never);
    const next = borrowKernels("js");
    expect(next.kernels).toBe(first.kernels);
    next.end();
  });
});

describe("changing the problem changes the answer as it should", () => {
  const dataWith = (problem: SoftmaxProblem, change: (row: number[], i: number) => number[]): Matrix =>
    matrix(rowsOf(problem.features).map(change));

  it("features s times as large, with C / s², give W / s and the same intercepts", () => {
    fc.assert(
      fc.property(problems, fc.constantFrom(1e-6, 0.03, 7, 1e6), (problem, scale) => {
        const plain = train(problem);
        const features = dataWith(problem, (row) => row.map((value) => value * scale));
        const scaled = train({ ...problem, features, C: problem.C / scale ** 2 });
        // Without intercepts, that is: those have no scale of their own.
        if (problem.fitIntercept) return;
        expectSameHead({ coef: scaled.coef.map((value) => value * scale), intercept: scaled.intercept }, plain);
      }),
    );
  });

  it("a weight of 2 is the row twice, and a weight of 0 the row left out", () => {
    fc.assert(
      fc.property(problems, fc.nat(), (problem, place) => {
        const n = problem.labels.length;
        const row = place % n;
        const all = rowsOf(problem.features);
        const weights = Array.from({ length: n }, (_, i) => problem.sampleWeight?.[i] ?? 1);
        const twice = {
          ...problem,
          features: matrix([...all, all[row]]),
          labels: [...problem.labels, problem.labels[row]],
          sampleWeight: [...weights, weights[row]],
        };
        expectSameHead(train(twice), train({ ...problem, sampleWeight: weights.map((weight, i) => (i === row ? 2 * weight : weight)) }));
        const nothing = { ...twice, features: matrix([...all, all[row].map((value) => 3 - value)]), sampleWeight: [...weights, 0] };
        expectSameHead(train(nothing), train(problem));
      }),
    );
  });

  it("every row twice is C twice, and so is every weight twice", () => {
    fc.assert(
      fc.property(problems, (problem) => {
        const all = rowsOf(problem.features);
        const double = train({ ...problem, C: 2 * problem.C });
        const weights = problem.labels.map((_, i) => problem.sampleWeight?.[i] ?? 1);
        const rows = {
          ...problem,
          features: matrix([...all, ...all]),
          labels: [...problem.labels, ...problem.labels],
          sampleWeight: [...weights, ...weights],
        };
        expectSameHead(train(rows), double);
        expectSameHead(train({ ...problem, sampleWeight: weights.map((weight) => 2 * weight) }), double);
      }),
    );
  });

  it("classes in another order give the rows of coef in that order", () => {
    fc.assert(
      fc.property(
        problems.chain((problem) => fc.tuple(fc.constant(problem), permutations(problem.k))),
        ([problem, order]) => {
          const plain = train(problem);
          const renamed = train({ ...problem, labels: problem.labels.map((label) => order[label]) });
          const { cols } = problem.features;
          const back = order.flatMap((c) => Array.from(renamed.coef.subarray(c * cols, (c + 1) * cols)));
          expectSameHead({ coef: Float64Array.from(back), intercept: Float64Array.from(order, (c) => renamed.intercept[c]) }, plain);
        },
      ),
    );
  });

  it("labels of any kind are the classes, in ascending order", () => {
    const features = matrix([
      [0, 1],
      [1, 0],
      [0, 0.9],
      [0.8, 0],
    ]);
    const head = fitSoftmax(features, ["dog", "cat", "dog", "cat"]);
    expect(head.classes).toEqual(["cat", "dog"]);
    expect(head.coef[0]).toBeGreaterThan(0);
    expect(fitSoftmax(features, BigInt64Array.of(7n, -1n, 7n, -1n))).toEqual({ ...head, classes: [-1, 7] });
  });

  it("rows in another order give the same, and rotated features rotated coefficients", () => {
    fc.assert(
      fc.property(
        problems.chain((problem) => fc.tuple(fc.constant(problem), permutations(problem.labels.length))),
        ([problem, order]) => {
          const plain = train(problem);
          const all = rowsOf(problem.features);
          const shuffled = {
            ...problem,
            features: matrix(order.map((i) => all[i])),
            labels: order.map((i) => problem.labels[i]),
            sampleWeight: problem.sampleWeight && order.map((i) => problem.sampleWeight![i]),
          };
          expectSameHead(train(shuffled), plain);
          // A reflection about the first axis plus one more: Householder's.
          const { cols } = problem.features;
          const v = Array.from({ length: cols }, (_, j) => (j === 0 ? 1 : 0.5));
          const length = v.reduce((sum, value) => sum + value * value, 0);
          const reflect = (row: number[]) => {
            const along = row.reduce((sum, value, j) => sum + value * v[j], 0);
            return row.map((value, j) => value - (2 * along * v[j]) / length);
          };
          const turned = train({ ...problem, features: dataWith(problem, reflect) });
          const back = Array.from({ length: problem.k }, (_, c) => reflect(Array.from(turned.coef.subarray(c * cols, (c + 1) * cols))));
          expectSameHead({ coef: Float64Array.from(back.flat()), intercept: turned.intercept }, plain);
        },
      ),
    );
  });

  it("moved features give the same W, and intercepts that undo the move", () => {
    fc.assert(
      fc.property(problems, (given) => {
        const problem = { ...given, fitIntercept: true };
        const plain = train(problem);
        const { cols } = problem.features;
        const moved = train({ ...problem, features: dataWith(problem, (row) => row.map((value, j) => value + 0.5 - j)) });
        const undone = moved.intercept.map((value, c) => {
          let sum = value;
          for (let j = 0; j < cols; j++) sum += moved.coef[c * cols + j] * (0.5 - j);
          return sum;
        });
        const mean = undone.reduce((sum, value) => sum + value, 0) / problem.k;
        expectSameHead({ coef: moved.coef, intercept: undone.map((value) => value - mean) }, plain);
      }),
    );
  });

  it("two classes have opposite coefficients", () => {
    const head = fitSoftmax(
      matrix([
        [1, 2],
        [2, 1],
        [0, 1],
        [3, 0],
      ]),
      [0, 1, 0, 1],
    );
    expect(
      farthest(
        head.coef.subarray(0, 2),
        head.coef.subarray(2).map((value) => -value),
      ),
    ).toBeLessThan(1e-9);
    expect(head.intercept[0]).toBeCloseTo(-head.intercept[1], 12);
  });
});

describe("hostile numbers", () => {
  const random = randomStream(1, "synthetic");
  const normal = (rows: number, cols: number) =>
    Array.from({ length: rows }, () => Array.from({ length: cols }, () => randomNormal(random)));
  const kinds: Record<string, { rows: number[][]; labels: number[] }> = {
    "more dimensions than rows": { rows: normal(6, 9), labels: [0, 1, 2, 0, 1, 2] },
    "more rows than dimensions": { rows: normal(24, 2), labels: Array.from({ length: 24 }, (_, i) => i % 3) },
    "duplicates across classes": {
      rows: [
        [1, 2],
        [1, 2],
        [-1, 0],
        [-1, 0],
        [3, 1],
        [3, 1],
      ],
      labels: [0, 1, 0, 1, 1, 2],
    },
    "rows of zeros": {
      rows: [
        [0, 0],
        [0, 0],
        [1, 2],
        [0, 0],
        [-1, 1],
      ],
      labels: [0, 1, 1, 2, 0],
    },
    "nothing but zeros": {
      rows: [
        [0, 0],
        [0, 0],
        [0, 0],
        [0, 0],
      ],
      labels: [0, 1, 1, 2],
    },
    "a constant feature": {
      rows: [
        [1, 5],
        [2, 5],
        [3, 5],
        [4, 5],
      ],
      labels: [0, 0, 1, 1],
    },
    "identical rows": {
      rows: [
        [1, 2],
        [1, 2],
        [1, 2],
        [1, 2],
      ],
      labels: [0, 0, 0, 1],
    },
    "one dimension": { rows: [[1], [2], [3], [4], [10]], labels: [0, 1, 0, 1, 2] },
    "one huge row": {
      rows: [
        [1, 1],
        [2, 1],
        [1e6, -1e6],
        [1, 2],
      ],
      labels: [0, 1, 0, 1],
    },
  };
  const each = (visit: (name: string, problem: SoftmaxProblem, scale: number) => void) => {
    for (const [name, { rows, labels }] of Object.entries(kinds)) {
      for (const scale of [1e-8, 1e-3, 1, 1e3, 1e8]) {
        const features = matrix(rows.map((row) => row.map((value) => value * scale)));
        for (const C of [1e-9, 1e-3, 1, 1e3, 1e9]) {
          for (const fitIntercept of [true, false]) visit(name, { features, labels, k: new Set(labels).size, C, fitIntercept }, scale);
        }
      }
    }
  };

  it("never give NaN, and `converged` is true only of an optimum, with C from 1e-9 to 1e9 and features from 1e-8 to 1e8", () => {
    each((name, problem, scale) => {
      const head = train(problem);
      const where = `${name}, C = ${problem.C}, scale ${scale}, intercept ${problem.fitIntercept}`;
      const numbers = [...head.coef, ...head.intercept, head.gradientNorm, head.objective, head.nIter];
      expect(numbers.every(Number.isFinite), where).toBe(true);
      expect(head.objective, where).toBeLessThanOrEqual(problem.C * problem.labels.length * Math.log(problem.k) * (1 + 1e-12));
      if (!head.converged) return;
      const { objective, gradient } = at(problem, head);
      const size = Math.hypot(...head.coef);
      const terms = rowsOf(problem.features).reduce((sum, row) => sum + problem.C * Math.hypot(...row), 0);
      const [inW, inIntercept] = gradientNorms(problem, gradient);
      expect(inW, where).toBeLessThanOrEqual(1.01 * Math.max(1e-8 * size, 1e-15 * terms) + 3e-15 * terms);
      expect(inIntercept, where).toBeLessThanOrEqual(1.01e-8 * problem.C * problem.labels.length);
      // Where rounding of the gradient's terms leaves room for it, Newton's method in d dimensions finds nothing lower.
      if (terms * 1e-15 > 1e-9 * size) return;
      expect(Math.abs(head.objective - objective), where).toBeLessThan(1e-12 * objective + 1e-15 * problem.C * problem.labels.length);
      const theta = solveReference(problem);
      const lowest = softmaxAt(problem, theta).objective;
      if (Number.isFinite(lowest)) expect(objective, where).toBeLessThanOrEqual(lowest * (1 + 1e-9));
    });
  });

  it("converge up to C · scale² of 1e6, however degenerate", () => {
    each((name, problem, scale) => {
      if (problem.C * scale ** 2 > (name === "one huge row" ? 1 : 1e6)) return;
      expect(train(problem).converged, `${name}, C = ${problem.C}, scale ${scale}, intercept ${problem.fitIntercept}`).toBe(true);
    });
  });

  it("in a class of weight 0 altogether do no harm to the others", () => {
    const features = matrix([
      [1, 0],
      [0, 1],
      [1, 1],
      [0.5, 2],
    ]);
    const labels = [0, 1, 2, 0];
    const head = fitSoftmax(features, labels, { sampleWeight: [1, 1, 0, 1] });
    expect([...head.coef, ...head.intercept, head.objective].every(Number.isFinite)).toBe(true);
    const without = fitSoftmax(
      matrix([
        [1, 0],
        [0, 1],
        [0.5, 2],
      ]),
      [0, 1, 0],
    );
    expect(head.objective).toBeCloseTo(without.objective, 6);
  });

  it("a single row a class, and hundreds of classes, converge", () => {
    const rows = normal(300, 8);
    const head = fitSoftmax(
      matrix(rows),
      rows.map((_, i) => i),
    );
    expect(head.converged).toBe(true);
    expect(head.classes.length).toBe(300);
  });
});
