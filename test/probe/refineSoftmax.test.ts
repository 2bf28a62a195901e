import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { randomNormal, randomStream } from "../../src/core/random.ts";
import { refineSoftmax, softmaxPoint, vanishingPoint } from "../../src/probe/refineSoftmax.ts";
import { labelledMatrices } from "../properties/arbitraries.ts";
import { farthest } from "../properties/close.ts";
import { softmaxAt, solveReference } from "../properties/softmaxReference.ts";
import { leavesAlone } from "../properties/unchanged.ts";

/** One problem in the room's form and in the reference's, and a random place. */
const problems = fc
  .record({
    given: labelledMatrices({ maxRows: 10, maxCols: 4 }),
    C: fc.constantFrom(0.01, 1, 100),
    fitIntercept: fc.boolean(),
    seed: fc.maxSafeNat(),
  })
  .map(({ given: { features, labels }, C, fitIntercept, seed }) => {
    const k = new Set(labels).size;
    const weights = Float64Array.from(labels, (_, i) => C * (0.5 + (i % 3)));
    const random = randomStream(seed, "bootstrap");
    const theta = Float64Array.from({ length: k * (features.cols + 1) }, (_, p) =>
      !fitIntercept && p % (features.cols + 1) === features.cols ? 0 : randomNormal(random),
    );
    return {
      own: { data: features.data, cols: features.cols, codes: Int32Array.from(labels), k, weights, fitIntercept },
      reference: { features, labels, k, C, fitIntercept, sampleWeight: labels.map((_, i) => 0.5 + (i % 3)) },
      theta,
    };
  });

/** The gradient without the intercepts' places, where none are fitted. */
const free = (gradient: ArrayLike<number>, width: number, fitIntercept: boolean) =>
  Array.from(gradient).filter((_, p) => fitIntercept || p % width !== width - 1);

it("objective and gradient are those of plain loops, and probabilities sum to 1", () => {
  fc.assert(
    fc.property(problems, ({ own, reference, theta }) => {
      const point = leavesAlone([own, theta], () => softmaxPoint(own, theta));
      const { objective, gradient } = softmaxAt(reference, Array.from(theta));
      expect(Math.abs(point.objective / objective - 1)).toBeLessThan(1e-12);
      const width = own.cols + 1;
      expect(farthest(free(point.gradient, width, own.fitIntercept), free(gradient, width, own.fitIntercept))).toBeLessThan(1e-10);
      expect(point.gradientNorm).toBeCloseTo(Math.hypot(...free(gradient, width, own.fitIntercept)), 8);
      for (let i = 0; i < own.codes.length; i++) {
        const row = point.probabilities.subarray(i * own.k, (i + 1) * own.k);
        expect(row.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 14);
      }
    }),
  );
});

it("the gradient is the finite difference of the objective", () => {
  fc.assert(
    fc.property(problems, ({ own, theta }) => {
      const { gradient, objective } = softmaxPoint(own, theta);
      const width = own.cols + 1;
      const h = 1e-5;
      theta.forEach((value, p) => {
        if (!own.fitIntercept && p % width === width - 1) return;
        const moved = (by: number) =>
          softmaxPoint(
            own,
            theta.map((old, q) => (q === p ? value + by : old)),
          ).objective;
        expect(Math.abs((moved(h) - moved(-h)) / (2 * h) - gradient[p])).toBeLessThan(1e-6 * (1 + objective));
      });
    }),
    { numRuns: 50 },
  );
});

it("refining goes from anywhere to the optimum that Newton's method with the dense Hessian finds", () => {
  fc.assert(
    fc.property(problems, ({ own, reference, theta }) => {
      const start = softmaxPoint(own, theta);
      const { point, steps } = refineSoftmax(own, start);
      expect(point.converged).toBe(true);
      expect(point.objective).toBeLessThanOrEqual(start.objective * (1 + 1e-12));
      expect(steps).toBeGreaterThan(0);
      const best = softmaxAt(reference, solveReference(reference)).objective;
      expect(point.objective).toBeLessThanOrEqual(best * (1 + 1e-10) + 1e-12);
    }),
  );
});

it("a point that has converged is left as it is", () => {
  fc.assert(
    fc.property(problems, ({ own, theta }) => {
      const { point } = refineSoftmax(own, softmaxPoint(own, theta));
      expect(refineSoftmax(own, point)).toEqual({ point, steps: 0 });
    }),
    { numRuns: 30 },
  );
});

it("is quick: a dozen Newton steps from a random start, whatever C", () => {
  let [most, sum, runs] = [0, 0, 0];
  fc.assert(
    fc.property(problems, ({ own, theta }) => {
      const { steps } = refineSoftmax(own, softmaxPoint(own, theta));
      most = Math.max(most, steps);
      sum += steps;
      runs++;
    }),
  );
  // No draw so far has needed more than 26.
  expect(most).toBeLessThan(30);
  expect(sum / runs).toBeLessThan(8);
});

it("shortens steps that would overshoot: from far away, where all rows are certain and wrong, in few steps all the same", () => {
  for (const far of [10, 100, 1000]) {
    const own = {
      ...{ data: Float64Array.of(1, 0, 0, 1, 1, 1, -1, 0.5), cols: 2, codes: Int32Array.of(0, 1, 0, 1), k: 2 },
      ...{ weights: new Float64Array(4).fill(1), fitIntercept: true },
    };
    const start = softmaxPoint(own, Float64Array.of(-far, far, 0, far, -far, 0));
    const { point, steps } = refineSoftmax(own, start);
    expect(point.converged).toBe(true);
    expect(steps).toBeLessThan(25);
    const known = refineSoftmax(own, softmaxPoint(own, new Float64Array(6))).point;
    expect(farthest(point.theta, known.theta)).toBeLessThan(1e-7);
  }
});

it("has norms, and says whether a point has converged, at every scale of features that doubles hold", () => {
  // At W = 0 without intercepts the gradient is a sum of rows: as many times smaller as they are.
  const shape = { cols: 2, codes: Int32Array.of(0, 1, 1), k: 2, weights: Float64Array.of(1, 2, 0.5), fitIntercept: false };
  const rows = [3, -1, 2, 5, -4, 1];
  const at = (scale: number) => softmaxPoint({ ...shape, data: Float64Array.from(rows, (value) => value * scale) }, new Float64Array(6));
  const expected = at(1).gradientNorm;
  // Half of Σ weight · (y − p) · x, for either class: (3 − 4 + 2, −1 − 10 − ½) / 2.
  expect(expected).toBeCloseTo(Math.SQRT2 * Math.hypot((3 - 4 + 2) / 2, (-1 - 10 - 0.5) / 2), 12);
  for (const power of [-980, -600, -500, 480, 500, 900]) {
    const { gradientNorm, converged } = at(2 ** power);
    expect(Math.abs(gradientNorm / (expected * 2 ** power) - 1)).toBeLessThan(1e-14);
    expect(converged).toBe(false);
  }
});

describe("the point where features move no logit", () => {
  const counts = [5, 2, 1];
  const codes = Int32Array.from(counts.flatMap((count, c) => new Array<number>(count).fill(c)));
  const weights = Float64Array.from(codes, (_, i) => 0.5 + (i % 3));
  const [k, cols] = [3, 2];
  const random = randomStream(5, "synthetic");
  const rows = Float64Array.from({ length: codes.length * cols }, () => randomNormal(random));

  it.each([true, false])("is the optimum for features of a vanishing scale, with intercepts: %s", (fitIntercept) => {
    const totals = counts.map((_, c) => weights.reduce((sum, weight, i) => sum + (codes[i] === c ? weight : 0), 0));
    const total = totals.reduce((sum, value) => sum + value, 0);
    const shares = totals.map((value) => (fitIntercept ? value / total : 1 / k));
    const meanLog = shares.reduce((sum, share) => sum + Math.log(share), 0) / k;
    for (const scale of [1e-9, 1e-60, 1e-140]) {
      const own = { data: rows.map((value) => value * scale), cols, codes, k, weights, fitIntercept };
      const point = leavesAlone([own], () => vanishingPoint(own));
      expect(point.converged).toBe(true);
      for (let c = 0; c < k; c++) {
        for (let j = 0; j < cols; j++) {
          let sum = 0;
          for (let i = 0; i < codes.length; i++) sum += weights[i] * (Number(codes[i] === c) - shares[c]) * rows[i * cols + j];
          expect(Math.abs(point.theta[c * (cols + 1) + j] / scale - sum)).toBeLessThan(1e-12 * total);
        }
        expect(point.theta[c * (cols + 1) + cols]).toBeCloseTo(fitIntercept ? Math.log(shares[c]) - meanLog : 0, 14);
      }
      for (let i = 0; i < codes.length; i++) for (let c = 0; c < k; c++) expect(point.probabilities[i * k + c]).toBeCloseTo(shares[c], 8);
    }
  });

  it("has an intercept for a class whose rows weigh nothing", () => {
    const own = {
      data: rows.map((value) => value * 1e-60),
      cols,
      codes,
      k,
      weights: weights.map((weight, i) => (codes[i] === 2 ? 0 : weight)),
    };
    const { theta } = vanishingPoint({ ...own, fitIntercept: true });
    expect(theta.every(Number.isFinite)).toBe(true);
    expect(theta[2 * 3 + 2]).toBeLessThan(-400);
  });
});
