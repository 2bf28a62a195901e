import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { randomNormal, randomStream } from "../../src/core/random.ts";
import { norm, refineSoftmax, softmaxPoint, vanishingPoint } from "../../src/probe/refineSoftmax.ts";
import { labelledMatrices } from "../properties/arbitraries.ts";
import { farthest } from "../properties/close.ts";
import { heldOutGolden } from "../properties/gramProblem.ts";
import { parameters, softmaxAt, solveReference } from "../properties/softmaxReference.ts";
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
    expect(steps).toBeLessThanOrEqual(6);
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
        const intercept = point.theta[c * (cols + 1) + cols];
        if (fitIntercept) expect(intercept).toBeCloseTo(Math.log(shares[c]) - meanLog, 14);
        else expect(intercept).toBe(0);
      }
      for (let i = 0; i < codes.length; i++) for (let c = 0; c < k; c++) expect(point.probabilities[i * k + c]).toBeCloseTo(shares[c], 8);
    }
  });

  it.each([2, 5, 6, 7, 10])("has no intercepts at all where none are fitted, of %d classes", (k) => {
    const own = { data: new Float64Array(k).fill(1e-60), cols: 1, codes: Int32Array.from({ length: k }, (_, i) => i), k };
    const { theta } = vanishingPoint({ ...own, weights: new Float64Array(k).fill(1), fitIntercept: false });
    for (let c = 0; c < k; c++) expect(theta[2 * c + 1]).toBe(0);
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

describe("a point has converged", () => {
  const { rows, codes, fits } = heldOutGolden;
  const data = Float64Array.from(rows.flat());
  const problemAt = (C: number, fitIntercept: boolean) => ({
    ...{ data, cols: 4, codes: Int32Array.from(codes), k: 3, fitIntercept },
    weights: Float64Array.from(heldOutGolden.weights, (weight) => C * weight),
  });

  it("at the optimum that numpy finds, with its objective", () => {
    for (const { C, fitIntercept, coef, intercept, objective } of fits) {
      const point = softmaxPoint(problemAt(C, fitIntercept), Float64Array.from(parameters(coef, intercept)));
      expect([point.converged, point.gradientNorm < 1e-12]).toEqual([true, true]);
      expect(Math.abs(point.objective / objective - 1)).toBeLessThan(1e-13);
    }
  });

  it("where the gradient in W is at most 1e-8 of W, and in the intercepts at most 1e-8 of the weights", () => {
    for (const { C, fitIntercept, coef, intercept } of fits) {
      const problem = problemAt(C, fitIntercept);
      const total = problem.weights.reduce((sum, weight) => sum + weight, 0);
      const place = (by: number, inW: boolean): Float64Array =>
        Float64Array.from(
          parameters(
            coef.map((value, at) => value + (inW ? by * Math.cos(at) : 0)),
            intercept.map((value, c) => value + (inW ? 0 : by * (c - 1))),
          ),
        );
      const shareAt = (by: number, inW: boolean): number => {
        const theta = place(by, inW);
        const { gradient } = softmaxPoint(problem, theta);
        const ofW = (values: Float64Array): number => Math.hypot(...values.filter((_, p) => p % 5 !== 4));
        const ofB = Math.hypot(...gradient.filter((_, p) => p % 5 === 4));
        return Math.max(ofW(gradient) / ofW(theta), fitIntercept ? ofB / total : 0);
      };
      for (const inW of fitIntercept ? [true, false] : [true]) {
        const unit = shareAt(1e-6, inW) / 1e-6;
        for (const [share, converged] of [
          [0.97e-8, true],
          [1.03e-8, false],
        ] as const)
          expect(softmaxPoint(problem, place(share / unit, inW)).converged).toBe(converged);
      }
    }
  });

  it("where rounding of its terms leaves no more to find: 1e-15 of Σ weight · |x|", () => {
    // The same row in both classes: the optimum is W = 0, and near it the gradient is 2 W, √2 · 2 · e.
    const same = { cols: 2, codes: Int32Array.of(0, 1), k: 2, weights: Float64Array.of(1, 1), fitIntercept: false };
    for (const [x, e, converged] of [
      [1, 4e-16, true],
      [1, 2e-15, false],
      [1000, 4e-19, true],
    ] as const)
      expect(softmaxPoint({ ...same, data: Float64Array.of(0, x, 0, x) }, Float64Array.of(0, e, 0, 0, -e, 0)).converged).toBe(converged);
  });

  it("from whose start refining goes to numpy's answer, W and intercepts, in few steps", () => {
    for (const { C, fitIntercept, coef, intercept } of fits) {
      const problem = problemAt(C, fitIntercept);
      const { point, steps } = refineSoftmax(problem, softmaxPoint(problem, new Float64Array(15)));
      expect(point.converged).toBe(true);
      expect(farthest(point.theta, parameters(coef, intercept))).toBeLessThan(1e-8);
      expect(steps).toBeLessThanOrEqual(8);
      if (!fitIntercept) for (const c of [0, 1, 2]) expect(point.theta[c * 5 + 4]).toBe(0);
    }
  });

  it("from near and far in no more steps than were measured", () => {
    const measured = [4, 5, 10, 5, 7, 12, 7, 7, 14, 4, 4, 5, 5, 5, 9, 7, 7, 11];
    const steps = fits.flatMap(({ C, fitIntercept }) =>
      [0, 3, 30].map((far) => {
        const problem = problemAt(C, fitIntercept);
        const start = Float64Array.from({ length: 15 }, (_, p) => (p % 5 === 4 && !fitIntercept ? 0 : far * Math.sin(3 * p + 1)));
        const { point, steps } = refineSoftmax(problem, softmaxPoint(problem, start));
        expect(point.converged).toBe(true);
        return steps;
      }),
    );
    steps.forEach((count, i) => {
      expect(count).toBeLessThanOrEqual(measured[i]);
    });
  });

  it("and an intercept moved for all classes alike is no way to go: refining leaves their sum as it was", () => {
    const problem = problemAt(3, true);
    const start = new Float64Array(15).map((_, p) => (p % 5 === 4 ? 7 : 0));
    const { point } = refineSoftmax(problem, softmaxPoint(problem, start));
    expect(point.converged).toBe(true);
    expect(point.theta[4] + point.theta[9] + point.theta[14]).toBeCloseTo(21, 10);
  });
});

it("the objective keeps its digits where every row is all but certain", () => {
  // W = 0, and each row's own class ahead by so many logits: log(1 + e^−gap) a row.
  const own = { data: Float64Array.of(1, 2, 3), cols: 1, codes: Int32Array.of(0, 0, 0), k: 2, weights: Float64Array.of(1, 2, 0.5) };
  for (const gap of [1, 20, 50, 300]) {
    const { objective } = softmaxPoint({ ...own, fitIntercept: true }, Float64Array.of(0, gap / 2, 0, -gap / 2));
    expect(Math.abs(objective / (3.5 * Math.log1p(Math.exp(-gap))) - 1)).toBeLessThan(1e-14);
  }
});

/** Small problems of rows up to a thousand long at a C up to a million, some of them more than doubles can solve. */
function hostile(run: number, fitIntercept: boolean) {
  const random = randomStream(run, "synthetic");
  const [n, cols, k] = [3 + (run % 11), 1 + (run % 3), 3];
  const scale = 10 ** (1.5 * randomNormal(random));
  return {
    ...{ data: Float64Array.from({ length: n * cols }, () => scale * (1 + randomNormal(random))), cols, k, fitIntercept },
    ...{ codes: Int32Array.from({ length: n }, (_, i) => i % k), weights: new Float64Array(n).fill(10 ** (run % 7)) },
  };
}

it("refining never moves all intercepts alike, which changes nothing, however large the rounding of their slopes", () => {
  for (let run = 0; run < 100; run++) {
    const own = hostile(run, true);
    const width = own.cols + 1;
    const start = new Float64Array(3 * width).map((_, p) => (p % width === own.cols ? 7 : 0));
    const { theta } = refineSoftmax(own, softmaxPoint(own, start)).point;
    expect(Math.abs(theta[width - 1] + theta[2 * width - 1] + theta[3 * width - 1] - 21)).toBeLessThan(1e-9);
  }
});

it("takes sixty steps at most, and where no more can be had stops at once: after no step, or after one by which intercepts are lent curvature", () => {
  const ended = [0, 0];
  let longest = 0;
  for (let run = 0; run < 150; run++) {
    const { data, ...given } = hostile(run, run % 2 === 0);
    const own = { ...given, data: data.map((value) => value * 10 ** (run % 12)) };
    let last = refineSoftmax(own, softmaxPoint(own, new Float64Array(3 * (own.cols + 1))));
    longest = Math.max(longest, last.steps);
    for (let again = 0; again < 5 && !last.point.converged; again++) {
      const { point } = last;
      last = refineSoftmax(own, point);
      if (last.point !== point) continue;
      expect(last.steps).toBe(Number(own.fitIntercept));
      ended[last.steps]++;
      break;
    }
  }
  expect(Math.min(...ended)).toBeGreaterThan(4);
  expect(longest).toBe(60);
});

describe("a step costs no more passes over the rows than conjugate gradients need", () => {
  /** How often the rows are read: twice a conjugate gradient step, three times a point. */
  function readsOf(own: Parameters<typeof refineSoftmax>[0], theta: Float64Array) {
    const start = softmaxPoint(own, theta);
    let reads = 0;
    const watched = {
      ...own,
      get data() {
        reads++;
        return own.data;
      },
    };
    const { point, steps } = refineSoftmax(watched, start);
    return { point, steps, reads };
  }

  it("few where rows are at right angles and of one length", () => {
    const cols = 60;
    const data = Float64Array.from({ length: cols * cols }, (_, at) => Number(at % (cols + 1) === 0));
    const own = { data, cols, codes: Int32Array.from({ length: cols }, (_, i) => i % 2), k: 2, fitIntercept: false };
    const { point, steps, reads } = readsOf({ ...own, weights: new Float64Array(cols).fill(3) }, new Float64Array(2 * (cols + 1)));
    expect(point.converged).toBe(true);
    // The Hessian is two numbers, on the diagonal.
    expect(reads).toBeLessThanOrEqual(steps * (2 * 3 + 3));
  });

  it("twice as many as there are parameters where rounding leaves them no end", () => {
    for (let run = 0; run < 60; run++) {
      const { data, ...given } = hostile(run, true);
      const own = { ...given, data: data.map((value) => value * 1e6) };
      const size = 3 * (own.cols + 1);
      const { steps, reads } = readsOf(own, new Float64Array(size));
      // Besides, forty points a step at most.
      expect(reads).toBeLessThanOrEqual((steps + 1) * (2 * 2 * size + 3 * 40));
    }
  });

  it("six thousand steps of conjugate gradients in all", () => {
    // Columns of very different scales.
    const [n, cols] = [20, 30];
    const random = randomStream(8, "synthetic");
    const data = Float64Array.from({ length: n * cols }, (_, at) => 10 ** ((at % cols) / 5) * randomNormal(random));
    const own = { data, cols, codes: Int32Array.from({ length: n }, (_, i) => i % 2), k: 2, fitIntercept: true };
    const { steps, reads, point } = readsOf({ ...own, weights: new Float64Array(n).fill(1e7) }, new Float64Array(2 * (cols + 1)));
    expect(point.converged).toBe(false);
    expect(reads).toBeGreaterThan(2 * 6000);
    expect(reads).toBeLessThanOrEqual(2 * 6000 + (steps + 1) * 3 * 40);
  });
});

describe("the norm of a part of a list", () => {
  it("is that part's alone", () => {
    expect(norm(Float64Array.of(9, 3, 4, 9), 1, 3)).toBe(5);
    expect(norm(Float64Array.of(9, 0, 0, 9), 1, 3)).toBe(0);
    expect(norm(Float64Array.of(9), 1, 1)).toBe(0);
    expect(norm(Float32Array.of(3, 4), 0, 2)).toBe(5);
  });

  it("keeps its digits where squares leave the range of doubles, whatever the signs", () => {
    for (const scale of [1e-300, 1e-160, 2e-145, 1e-140, 1, 1e140, 2e145, 1e160, 1e300]) {
      expect(Math.abs(norm(Float64Array.of(7, -3 * scale, 0, 4 * scale, 7), 1, 4) / (5 * scale) - 1)).toBeLessThan(1e-15);
      expect(Math.abs(norm(Float64Array.of(-4 * scale, -3 * scale), 0, 2) / (5 * scale) - 1)).toBeLessThan(1e-15);
    }
    for (const one of [5e-324, 2 ** -1022, 1, Number.MAX_VALUE]) expect(norm(Float64Array.of(-one), 0, 1)).toBe(one);
    expect(norm(Float64Array.of(1, Number.NEGATIVE_INFINITY), 0, 2)).toBe(Number.POSITIVE_INFINITY);
    expect(norm(Float64Array.of(1, Number.NaN), 0, 2)).toBe(Number.NaN);
    // A value a hundred orders smaller counts for nothing, and does no harm.
    expect(norm(Float64Array.of(1e-170, 1e-270), 0, 2)).toBe(1e-170);
  });
});

it("refining goes on where probabilities, all 0 or 1, leave intercepts no curvature of their own", () => {
  const own = {
    ...{ data: Float64Array.of(1, 2, 3, -1, -2, 4), cols: 1, codes: Int32Array.of(0, 0, 1, 1, 1, 0), k: 2 },
    ...{ weights: new Float64Array(6).fill(2), fitIntercept: true },
  };
  for (const far of [900, -900]) {
    const start = softmaxPoint(own, Float64Array.of(0, far, 0, -far));
    expect(start.probabilities.every((p) => p === 0 || p === 1)).toBe(true);
    const { point, steps } = refineSoftmax(own, start);
    const { point: known } = refineSoftmax(own, softmaxPoint(own, new Float64Array(4)));
    expect([point.converged, known.converged]).toEqual([true, true]);
    expect(Math.abs(point.objective / known.objective - 1)).toBeLessThan(1e-12);
    expect(steps).toBeLessThanOrEqual(18);
  }
});

it("refining never leaves a start for a worse point, and stops after sixty steps at most", () => {
  // Rows far from 0 at a large C: gradients are all rounding.
  const random = randomStream(9, "synthetic");
  for (const offset of [1e3, 1e6, 1e9]) {
    const data = Float64Array.from({ length: 24 }, () => offset + randomNormal(random));
    const own = { data, cols: 2, codes: Int32Array.from({ length: 12 }, (_, i) => i % 3), k: 3, weights: new Float64Array(12).fill(1e6) };
    for (const fitIntercept of [true, false]) {
      const start = softmaxPoint({ ...own, fitIntercept }, new Float64Array(9));
      const { point, steps } = refineSoftmax({ ...own, fitIntercept }, start);
      expect(point.objective).toBeLessThanOrEqual(start.objective * (1 + 1e-12));
      expect(steps).toBeLessThanOrEqual(60);
      expect(point.theta.every(Number.isFinite)).toBe(true);
    }
  }
});
