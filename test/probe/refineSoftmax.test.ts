import fc from "fast-check";
import { expect, it } from "vitest";
import { randomNormal, randomStream } from "../../src/core/random.ts";
import { refineSoftmax, softmaxPoint } from "../../src/probe/refineSoftmax.ts";
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
