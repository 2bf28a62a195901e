import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Matrix } from "../../src/core/matrix.ts";
import { randomNormal, randomStream, randomUniform } from "../../src/core/random.ts";
import { l2Normalize } from "../../src/features/l2Normalize.ts";
import { syntheticFeatures } from "../../src/features/syntheticFeatures.ts";
import { takeRows } from "../../src/features/takeRows.ts";
import { type LeaveOneOutOptions, leaveOneOut } from "../../src/heldout/leaveOneOut.ts";
import { fitSoftmax } from "../../src/probe/fitSoftmax.ts";
import { decisionFunction, predict, predictProba } from "../../src/probe/predict.ts";
import { labelledMatrices, matrix, permutations, rowsOf } from "../properties/arbitraries.ts";
import { farthest } from "../properties/close.ts";
import { type SoftmaxProblem, softmaxAt, solveReference } from "../properties/softmaxReference.ts";
import { leavesAlone } from "../properties/unchanged.ts";

/** Rows of norm 1 (or 0), at least two of each class, and settings. */
const problems = labelledMatrices({ minEach: 2, maxRows: 10, maxCols: 5 }).chain(({ features, labels }) =>
  fc
    .record({
      C: fc.constantFrom(0.01, 1, 10),
      fitIntercept: fc.boolean(),
      weights: fc.option(fc.array(fc.integer({ min: 1, max: 16 }), { minLength: labels.length, maxLength: labels.length })),
      balanced: fc.boolean(),
    })
    .map(({ C, fitIntercept, weights, balanced }) => ({
      features: l2Normalize({ ...features, data: Float64Array.from(features.data) }),
      labels,
      options: { C, fitIntercept, balanced, ...(weights ? { sampleWeight: weights.map((weight) => weight / 8) } : {}) },
    })),
);

/** n retrainings: `retrain` on the rows of other groups, asked about this one. */
function retrained(
  retrain: (problem: SoftmaxProblem, row: readonly number[]) => ArrayLike<number>,
  { features, labels, options }: { features: Matrix; labels: readonly number[]; options: LeaveOneOutOptions },
  groups?: readonly number[],
): Float64Array {
  const k = new Set(labels).size;
  const all = labels.map((_, j) => j);
  const { C = 1, fitIntercept = true, sampleWeight, balanced } = options;
  const weightOf = (j: number) => sampleWeight?.[j] ?? 1;
  const total = (rows: readonly number[], c: number) => rows.reduce((sum, j) => sum + (labels[j] === c ? weightOf(j) : 0), 0);
  return Float64Array.from(
    labels.flatMap((_, i) => {
      const kept = all.filter((j) => (groups ? groups[j] !== groups[i] : j !== i));
      const own = {
        features: takeRows(features, kept),
        labels: kept.map((j) => labels[j]),
        sampleWeight: kept.map((j) => (balanced ? (weightOf(j) * total(all, labels[j])) / total(kept, labels[j]) : weightOf(j))),
      };
      return Array.from(retrain({ ...own, k, C, fitIntercept }, rowsOf(features)[i]));
    }),
  );
}

/** Newton's method in d dimensions, which shares no code; intercepts about 0. */
const byReference = (problem: SoftmaxProblem, row: readonly number[]): number[] => {
  const theta = solveReference(problem);
  expect(Math.hypot(...softmaxAt(problem, theta).gradient)).toBeLessThan(1e-10);
  const width = row.length + 1;
  const classes = Array.from({ length: problem.k }, (_, c) => c);
  const mean = classes.reduce((sum, c) => sum + theta[c * width + width - 1], 0) / problem.k;
  return classes.map((c) => row.reduce((sum, value, j) => sum + value * theta[c * width + j], theta[c * width + width - 1] - mean));
};

/** What a user would call n times. */
const byFitSoftmax = ({ features, labels, k: _, ...options }: SoftmaxProblem, row: readonly number[]): ArrayLike<number> => {
  const head = fitSoftmax(features, labels, options);
  expect(head.converged).toBe(true);
  return decisionFunction(head, matrix([row])).data;
};

describe("held-out logits", () => {
  it("equal n retrainings to 1e-8, whatever C, weights and intercepts", () => {
    fc.assert(
      fc.property(problems, (problem) => {
        const { features, labels, options } = problem;
        const { logits, converged } = leavesAlone(problem, () => leaveOneOut(features, labels, options));
        expect(converged).toBe(true);
        const wanted = retrained(byReference, problem);
        wanted.forEach((value, j) => {
          expect(Math.abs(logits.data[j] - value)).toBeLessThan(1e-8 * Math.max(1, Math.abs(value)));
        });
      }),
      { numRuns: 40 },
    );
  });

  it("equal n retrainings on 25 rows of 640 dimensions, far from any easy case", () => {
    for (const C of [1, 10]) {
      const made = syntheticFeatures({ classes: 5, rowsPerClass: 5, dims: 640, seed: 3 });
      const features = l2Normalize(made.features);
      const { logits } = leaveOneOut(features, made.labels, { C });
      expect(farthest(logits.data, retrained(byFitSoftmax, { features, labels: Array.from(made.labels), options: { C } }))).toBeLessThan(
        1e-8,
      );
    }
  });

  it("of a group come from a fit that saw none of it: an image and its views", () => {
    const groups = [0, 0, 1, 1, 2, 2, 3, 3];
    const made = syntheticFeatures({ classes: 2, rowsPerClass: 4, dims: 5, seed: 2 });
    const labels = Array.from(made.labels);
    for (const balanced of [false, true]) {
      const options = { C: 2, balanced, sampleWeight: [1, 0.5, 1, 0.5, 1, 0.5, 1, 0.5] };
      const together = leaveOneOut(made.features, labels, { ...options, groups });
      expect(farthest(together.logits.data, retrained(byReference, { features: made.features, labels, options }, groups))).toBeLessThan(
        1e-8,
      );
      expect(farthest(together.logits.data, leaveOneOut(made.features, labels, options).logits.data)).toBeGreaterThan(1e-3);
    }
  });

  it("are the same from the rows' Gram matrix, and to the bit without WebAssembly", () => {
    fc.assert(
      fc.property(problems, ({ features, labels, options }) => {
        const rows = rowsOf(features);
        const gram = matrix(rows.map((a) => rows.map((b) => a.reduce((sum, value, j) => sum + value * b[j], 0))));
        const direct = leaveOneOut(features, labels, { ...options, kernels: "wasm" });
        const fromGram = leaveOneOut(gram, labels, { ...options, precomputed: true });
        direct.logits.data.forEach((value, j) => {
          expect(Math.abs(fromGram.logits.data[j] - value)).toBeLessThan(1e-7);
        });
        expect(leaveOneOut(features, labels, { ...options, kernels: "js" })).toEqual(direct);
      }),
      { numRuns: 30 },
    );
  });

  it("follow their rows into another order", () => {
    fc.assert(
      fc.property(
        problems.chain((problem) => fc.tuple(fc.constant(problem), permutations(problem.labels.length))),
        ([{ features, labels, options }, order]) => {
          const plain = leaveOneOut(features, labels, options);
          const k = plain.classes.length;
          const { sampleWeight } = options;
          const shuffled = leaveOneOut(
            takeRows(features, order),
            order.map((i) => labels[i]),
            { ...options, ...(sampleWeight ? { sampleWeight: order.map((i) => sampleWeight[i]) } : {}) },
          );
          order.forEach((from, to) => {
            for (let c = 0; c < k; c++)
              expect(Math.abs(shuffled.logits.data[to * k + c] - plain.logits.data[from * k + c])).toBeLessThan(1e-6);
          });
        },
      ),
      { numRuns: 30 },
    );
  });

  it("of a row of no weight are those of the fit on all rows, and it counts for nothing", () => {
    const features = matrix([
      [0, 1],
      [0.2, 1],
      [1, 0],
      [1, 0.1],
      [0.4, 0.6],
    ]);
    const labels = ["a", "a", "b", "b", "b"];
    const sampleWeight = [1, 1, 1, 1, 0];
    const held = leaveOneOut(features, labels, { sampleWeight });
    const four = Int32Array.of(0, 1, 2, 3);
    const all = decisionFunction(fitSoftmax(takeRows(features, four), labels.slice(0, 4)), takeRows(features, [4]));
    expect(farthest(held.logits.data.subarray(8), all.data)).toBeLessThan(1e-8);
    const without = leaveOneOut(takeRows(features, four), labels.slice(0, 4));
    expect(held.logLoss).toBeCloseTo(without.logLoss, 9);
    expect(held.accuracy).toBe(without.accuracy);
  });
});

describe("the summary", () => {
  it("has predictions, accuracy and log loss as plain loops find them from the logits", () => {
    fc.assert(
      fc.property(problems, ({ features, labels, options }) => {
        const { classes, codes, logits, predictions, accuracy, logLoss } = leaveOneOut(features, labels, options);
        expect(Array.from(codes, (code) => classes[code])).toEqual(labels);
        let [total, right, loss] = [0, 0, 0];
        rowsOf(logits).forEach((row, i) => {
          const weight = options.sampleWeight?.[i] ?? 1;
          expect(predictions[i]).toBe(classes[row.indexOf(Math.max(...row))]);
          total += weight;
          right += weight * Number(predictions[i] === labels[i]);
          loss += weight * (Math.log(row.reduce((sum, value) => sum + Math.exp(value), 0)) - row[codes[i]]);
        });
        expect(accuracy).toBeCloseTo(right / total, 12);
        expect(logLoss).toBeCloseTo(loss / total, 10);
      }),
      { numRuns: 40 },
    );
  });

  it("foretells the accuracy on queries: over 40 tasks the two means differ by less than 5 points, in balance", () => {
    let [held, asked] = [0, 0];
    for (let seed = 0; seed < 40; seed++) {
      const { features, labels } = syntheticFeatures({ classes: 3, rowsPerClass: 20, dims: 40, separation: 0.9, seed });
      const unit = l2Normalize(features);
      const support = Int32Array.from({ length: 15 }, (_, i) => Math.floor(i / 5) * 20 + (i % 5));
      const queries = Int32Array.from({ length: 45 }, (_, i) => Math.floor(i / 15) * 20 + 5 + (i % 15));
      const train = takeRows(unit, support);
      const own = Array.from(support, (i) => labels[i]);
      held += leaveOneOut(train, own, { C: 10, balanced: true }).accuracy / 40;
      const answers = predict(fitSoftmax(train, own, { C: 10 }), takeRows(unit, queries));
      asked += answers.filter((answer, i) => answer === labels[queries[i]]).length / 45 / 40;
    }
    expect(asked).toBeGreaterThan(0.5);
    expect(Math.abs(held - asked)).toBeLessThan(0.05);
  });

  it("tells, unlike one out of balance, a separable task at 2 shots and a small C from a hopeless one", () => {
    const features = matrix([
      [1, 0],
      [0.9, 0.1],
      [0, 1],
      [0.1, 0.9],
    ]);
    expect(leaveOneOut(features, [0, 0, 1, 1], { C: 0.01 }).accuracy).toBe(0);
    expect(leaveOneOut(features, [0, 0, 1, 1], { C: 0.01, balanced: true }).accuracy).toBe(1);
  });
});

it("with few distinct rows, of norms up to 100, most fits converge, and what has converged is what retraining gives", () => {
  const random = randomStream(1, "synthetic");
  let converged = 0;
  for (let run = 0; run < 60; run++) {
    const k = 2 + (run % 3);
    const n = 2 * k + 4;
    const distinct = Array.from({ length: 3 }, () => {
      const size = 10 ** (1 + randomUniform(random));
      return [randomNormal(random) * size, randomNormal(random) * size];
    });
    const features = matrix(Array.from({ length: n }, () => distinct[Math.floor(3 * randomUniform(random))]));
    const labels = Array.from({ length: n }, (_, i) => i % k);
    const options = { C: 10 ** (2 * randomUniform(random)), fitIntercept: run % 2 === 0 };
    const result = leaveOneOut(features, labels, options);
    if (!result.converged) continue;
    converged++;
    for (let i = 0; i < n; i++) {
      const kept = labels.map((_, j) => j).filter((j) => j !== i);
      const head = fitSoftmax(
        takeRows(features, kept),
        kept.map((j) => labels[j]),
        options,
      );
      const expected = predictProba(head, takeRows(features, [i])).data;
      const own = Array.from(result.logits.data.subarray(i * k, (i + 1) * k));
      const most = Math.max(...own);
      const total = own.reduce((sum, value) => sum + Math.exp(value - most), 0);
      for (let c = 0; c < k; c++) expect(Math.abs(Math.exp(own[c] - most) / total - expected[c])).toBeLessThan(1e-4);
    }
  }
  expect(converged).toBeGreaterThan(48);
});

it("refuses, in its own name, an option that it does not have", () => {
  const rows = matrix([[0], [1], [2], [3]]);
  expect(() => leaveOneOut(rows, [0, 1, 0, 1], { c: 1 } as never)).toThrow("leaveOneOut: options.c is not an option, expected options.C");
});
