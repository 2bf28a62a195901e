import fc from "fast-check";
import { expect, it } from "vitest";
import { randomNormal, randomStream } from "../../src/core/random.ts";
import { fitSoftmax } from "../../src/probe/fitSoftmax.ts";
import { inverseOf } from "../../src/score/inverseOf.ts";
import { type LookState, lookBound, mostApart, nothingKnown } from "../../src/score/lookBound.ts";

/** The state at coefficients and intercepts, by plain sums in doubles. */
function stateAt(rows: readonly number[][], codes: readonly number[], weights: readonly number[], W: number[][], b: number[]): LookState {
  const k = b.length;
  const cols = rows[0].length;
  const gradient = W.map((row) => row.slice());
  const sums = new Float64Array(k);
  const B = new Float64Array(k * k);
  let [spread, lost] = [0, 0];
  rows.forEach((x, i) => {
    const powers = W.map((row, c) => Math.exp(b[c] + row.reduce((sum, value, j) => sum + value * x[j], 0)));
    const all = powers.reduce((sum, value) => sum + value, 0);
    const p = powers.map((value) => value / all);
    p.forEach((own, a) => {
      const residual = weights[i] * (own - Number(a === codes[i]));
      sums[a] += residual;
      for (let j = 0; j < cols; j++) gradient[a][j] += residual * x[j];
      for (let c = 0; c < k; c++) B[a * k + c] += weights[i] * ((a === c ? own : 0) - own * p[c]);
      spread += weights[i] * own * (1 - own);
    });
    lost += weights[i] * (1 - p[codes[i]]);
  });
  const steepest = Math.max(...b.map((_, c) => B[c * k + c]));
  return {
    ...{ ways: k, cols, gradient: Math.hypot(...gradient.flat()), sums, steepest, spread, lost, exact: true },
    inverse: inverseOf(
      B.map((value) => value + 1 / k),
      k,
    )!,
    ...{ longest: Math.max(...W.map((row) => Math.hypot(...row))), highest: Math.max(...b.map(Math.abs)) },
    heaviness: weights.reduce((sum, weight) => sum + weight, 0),
  };
}

const unitRow = (random: ReturnType<typeof randomStream>, cols: number): number[] => {
  const row = Array.from({ length: cols }, () => randomNormal(random));
  return row.map((value) => value / Math.hypot(...row));
};

/** A problem whose optimum is known, and a state near it. */
function problemOf(seed: number, k: number, cols: number, C: number, away: number, awayB = away) {
  const random = randomStream(seed, "synthetic");
  const codes = Array.from({ length: 12 * k }, (_, i) => i % k);
  const rows = codes.map(() => unitRow(random, cols));
  const data = Float64Array.from(rows.flat());
  const { coef, intercept } = fitSoftmax({ data, rows: rows.length, cols }, codes, { C });
  const W = Array.from({ length: k }, (_, c) => Array.from(coef.subarray(c * cols, (c + 1) * cols)));
  const b = Array.from(intercept);
  const moved = W.map((row) => row.map((value) => value + away * randomNormal(random)));
  const turned = b.map((value) => value + awayB * randomNormal(random));
  const state = stateAt(
    rows,
    codes,
    codes.map(() => C),
    moved,
    turned,
  );
  return { random, W, b, moved, turned, state };
}

it("bounds how far two scores of any row of norm 1 are from the optimum's against each other, where it is below 0.1", () => {
  let told = 0;
  const problem = fc.record({
    seed: fc.integer({ min: 0, max: 1e6 }),
    k: fc.integer({ min: 2, max: 6 }),
    cols: fc.integer({ min: 1, max: 8 }),
    C: fc.constantFrom(0.001, 0.1, 1, 20),
    away: fc.constantFrom(0, 1e-6, 1e-4, 1e-3),
    awayB: fc.constantFrom(0, 1e-6, 1e-4, 1e-3),
  });
  fc.assert(
    fc.property(problem, ({ seed, k, cols, C, away, awayB }) => {
      const { random, W, b, moved, turned, state } = problemOf(seed, k, cols, C, away, awayB);
      const { total } = lookBound(state);
      if (!(total < mostApart)) return;
      told++;
      const apart = (x: readonly number[]): number => {
        const off = W.map((row, c) => turned[c] - b[c] + row.reduce((sum, value, j) => sum + (moved[c][j] - value) * x[j], 0));
        return Math.max(...off) - Math.min(...off);
      };
      for (let q = 0; q < 20; q++) expect(apart(unitRow(random, cols))).toBeLessThanOrEqual(total);
      // The row worst for a pair of classes lies along the difference of their errors.
      for (let c = 1; c < k; c++) {
        const error = W[c].map((value, j) => moved[c][j] - value - (moved[0][j] - W[0][j]));
        const length = Math.hypot(...error) || 1;
        for (const side of [1, -1]) expect(apart(error.map((value) => (side * value) / length))).toBeLessThanOrEqual(total);
      }
    }),
    { numRuns: 100, endOnFailure: true },
  );
  expect(told).toBeGreaterThan(50);
});

it("is the rounding alone at the optimum, and grows with the gradient and with the terms of a sum in singles", () => {
  const { state } = problemOf(1, 3, 200, 1, 0);
  const still = lookBound({ ...state, gradient: 0, sums: new Float64Array(3) });
  expect(still.total).toBe(still.rounding);
  expect(still.rounding).toBeGreaterThan(0);
  expect(still.rounding).toBeLessThan(0.01);
  expect(still.plain).toBe(0);
  const off = lookBound({ ...state, gradient: 1e-3, sums: new Float64Array(3) });
  expect(off.total - still.total).toBeCloseTo(off.plain, 12);
  expect(off.plain).toBeGreaterThan(Math.SQRT2 * 1e-3);
  const single = lookBound({ ...state, exact: false });
  expect(single.score).toBeGreaterThan(5 * lookBound(state).score);
});

it("says nothing where W is all but zero for its weights, or no number", () => {
  const { state } = problemOf(2, 3, 4, 1, 0);
  expect(lookBound({ ...state, longest: 1e-6 * state.heaviness })).toBe(nothingKnown);
  expect(lookBound({ ...state, longest: Number.NaN })).toBe(nothingKnown);
  expect(lookBound({ ...state, longest: 1.1e-6 * state.heaviness }).total).toBeLessThan(Number.POSITIVE_INFINITY);
});
