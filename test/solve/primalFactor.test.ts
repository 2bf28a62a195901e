import { describe, expect, it } from "vitest";
import { randomNormal, randomStream, randomUniform } from "../../src/core/random.ts";
import { doWork } from "../../src/core/work.ts";
import { createKernels } from "../../src/kernels/createKernels.ts";
import { loadRows } from "../../src/kernels/loadRows.ts";
import { primalOf } from "../../src/kernels/primalOf.ts";
import type { PrimalRecord } from "../../src/kernels/primalRecord.ts";
import { primalBlocks } from "../../src/solve/primalBlocks.ts";
import { primalFactor } from "../../src/solve/primalFactor.ts";
import { stepsOf } from "../properties/gramProblem.ts";

/** A problem in kernel memory, of which every other row counts, with probabilities and a vector a class. */
function setting(seed: number, { n, d, k, scale = 1 }: { n: number; d: number; k: number; scale?: number }) {
  const kernels = createKernels("auto");
  const { memory } = kernels;
  const random = randomStream(seed, "synthetic");
  const data = Float32Array.from({ length: 2 * n * d }, () => scale * randomNormal(random));
  const { address, stride } = loadRows(memory, { data, rows: 2 * n, cols: d });
  const kp = k + (k & 1);
  const doubles = (count: number): number => memory.allocate(8 * count);
  const [weight, mean, from, to] = [n, stride, k * stride, k * stride].map(doubles);
  const [rows, p] = [memory.allocate(4 * n), memory.allocate(4 * n * kp)];
  const { f64, f32, i32 } = memory;
  f64.fill(0, mean >>> 3, (mean >>> 3) + stride);
  f64.fill(0, from >>> 3, (from >>> 3) + k * stride);
  f32.fill(0, p >>> 2, (p >>> 2) + n * kp);
  for (let j = 0; j < d; j++) f64[(mean >>> 3) + j] = scale * randomNormal(random);
  for (let c = 0; c < k; c++) for (let j = 0; j < d; j++) f64[(from >>> 3) + c * stride + j] = randomNormal(random);
  for (let i = 0; i < n; i++) {
    i32[(rows >>> 2) + i] = 2 * i + 1;
    f64[(weight >>> 3) + i] = i % 5 === 0 ? 2 : 1;
    const powers = Array.from({ length: k }, () => randomUniform(random) ** 3);
    const total = powers.reduce((sum, value) => sum + value, 0);
    // Every third row is as uncertain as its neighbour: ties.
    for (let c = 0; c < k; c++) f32[(p >>> 2) + i * kp + c] = i % 3 === 1 ? f32[(p >>> 2) + (i - 1) * kp + c] : powers[c] / total;
  }
  const record = {
    ...{
      single: true,
      stride,
      count: n,
      k,
      kp,
      rough: true,
      x: address,
      rows,
      mean,
      weight,
      y: 0,
      p,
      u: 0,
      ud: 0,
      work: 0,
      xScale: 1,
      rScale: 1,
    },
  } as PrimalRecord;
  const row = (i: number): number[] => Array.from({ length: d }, (_, j) => data[(2 * i + 1) * d + j] - memory.f64[(mean >>> 3) + j]);
  const weightOf = (i: number): number => memory.f64[(weight >>> 3) + i];
  const pOf = (i: number, c: number): number => memory.f32[(p >>> 2) + i * kp + c];
  const vector = (at: number, c: number): number[] => [...memory.f64.subarray((at >>> 3) + c * stride, (at >>> 3) + c * stride + d)];
  return { kernels, primal: primalOf(kernels), record, from, to, stride, row, weightOf, pOf, vector };
}

/** (I + Σ q_i x_i x_iᵀ) v of what was solved, less the right side, as a share of it. */
function residual(
  solved: readonly number[],
  right: readonly number[],
  rows: readonly { readonly q: number; readonly x: readonly number[] }[],
): number {
  const out = solved.slice();
  for (const { q, x } of rows) {
    const share = q * x.reduce((sum, value, j) => sum + value * solved[j], 0);
    x.forEach((value, j) => {
      out[j] += share * value;
    });
  }
  return Math.hypot(...out.map((value, j) => value - right[j])) / Math.hypot(...right);
}

/** What the inverse makes of `from`, of which a model by class takes all but 2⁻¹⁰ of what it takes. */
const inverted = (to: ArrayLike<number>, from: readonly number[]): number[] =>
  from.map((value, j) => value - (value - to[j]) / (1 - 2 ** -10));

describe("models of the Hessian by class", () => {
  it("are I and the class's heaviest rows, and solve for them", () => {
    for (const m of [4, 8]) {
      const { kernels, primal, record, from, to, stride, row, weightOf, pOf, vector } = setting(m, { n: 30, d: 13, k: 3 });
      const blocks = primalBlocks(kernels, primal, { k: 3, stride, most: 8 });
      expect(doWork(blocks.build(record, m))).toBe(true);
      blocks.solve(from, to);
      for (let c = 0; c < 3; c++) {
        const all = Array.from({ length: 30 }, (_, i) => ({ q: weightOf(i) * pOf(i, c) * (1 - pOf(i, c)), x: row(i), i }));
        const heaviest = all.sort((a, b) => b.q - a.q || a.i - b.i).slice(0, m);
        expect(residual(inverted(vector(to, c), vector(from, c)), vector(from, c), heaviest)).toBeLessThan(2e-3);
      }
    }
  });

  it("cost more the more rows they have, and less beside more rows", () => {
    const { kernels, primal, record, stride } = setting(1, { n: 30, d: 13, k: 3 });
    const { cost } = primalBlocks(kernels, primal, { k: 3, stride, most: 8 });
    expect(cost(record, 8)).toBeCloseTo(4 * cost(record, 4), 12);
    expect(cost({ ...record, count: 60 }, 8)).toBeCloseTo(cost(record, 8) / 2, 12);
    // 3 · 8² · stride · k over 0.3 against 4 · 30 · stride · k.
    expect(cost(record, 8)).toBeCloseTo(192 / 0.3 / 120, 12);
  });

  it("are refused where eigenvalues could be beyond 10⁵", () => {
    const { kernels, primal, record, stride } = setting(2, { n: 30, d: 13, k: 3, scale: 200 });
    expect(doWork(primalBlocks(kernels, primal, { k: 3, stride, most: 8 }).build(record, 8))).toBe(false);
  });
});

describe("the model of the Hessian for all classes", () => {
  const shape = { n: 90, d: 6, k: 3 };
  const ready = () => {
    const made = setting(3, shape);
    const factor = primalFactor(made.kernels, made.primal, { n: 90, cols: 6, k: 3, stride: made.stride });
    factor.reset();
    const renew = (curvature: number, pace: number): boolean => doWork(factor.renew(made.record, curvature, pace));
    return { ...made, factor, renew };
  };

  it("is made once conjugate gradients are slow and have spent what it costs, and again when probabilities have moved", () => {
    const { factor, renew } = ready();
    expect(renew(0.5, 20)).toBe(false);
    factor.spend(1000);
    expect(renew(0.5, 5.9)).toBe(false);
    expect(renew(0.5, 6)).toBe(true);
    factor.spend(1000);
    expect(renew(0.6, 20)).toBe(false);
    expect(renew(0.2, 20)).toBe(true);
    factor.spend(1000);
    expect(renew(0.31, 20)).toBe(true);
    expect(renew(0.9, 20)).toBe(false);
  });

  it("solves for I and all rows by their uncertainty; without one, and after a reset, vectors stay as they are", () => {
    const { factor, renew, from, to, stride, row, weightOf, pOf, vector } = ready();
    const solve = (): void => factor.solve(from >>> 3, to >>> 3, stride);
    solve();
    for (let c = 0; c < 3; c++) expect(vector(to, c)).toEqual(vector(from, c));
    factor.spend(1000);
    expect(renew(0.5, 20)).toBe(true);
    solve();
    const rows = Array.from({ length: 90 }, (_, i) => {
      const squares = [0, 1, 2].reduce((sum, c) => sum + pOf(i, c) ** 2, 0);
      return { q: (weightOf(i) * (1 - squares)) / 2, x: row(i) };
    });
    // Of more than 8 · d rows a part stands for all.
    const share = rows.filter((_, i) => (i * 0.6180339887498949) % 1 < 48 / 90);
    const gain = rows.reduce((sum, { q }) => sum + q, 0) / share.reduce((sum, { q }) => sum + q, 0);
    const kept = share.map(({ q, x }) => ({ q: gain * q, x }));
    for (let c = 0; c < 3; c++) expect(residual(vector(to, c), vector(from, c), kept)).toBeLessThan(1e-12);
    factor.reset();
    solve();
    for (let c = 0; c < 3; c++) expect(vector(to, c)).toEqual(vector(from, c));
  });

  it("gives way to models by class where classes have few rows, first of a class's own rows, then of three times as many", () => {
    const { kernels, primal, record, from, to, stride, row, weightOf, pOf, vector } = setting(4, { n: 60, d: 40, k: 20 });
    const factor = primalFactor(kernels, primal, { n: 60, cols: 40, k: 20, stride });
    const renew = (curvature: number, pace: number): boolean => doWork(factor.renew(record, curvature, pace));
    const rowsOf = (c: number, m: number) =>
      Array.from({ length: 60 }, (_, i) => ({ q: weightOf(i) * pOf(i, c) * (1 - pOf(i, c)), x: row(i), i }))
        .sort((a, b) => b.q - a.q || a.i - b.i)
        .slice(0, m);
    const off = (m: number): number => {
      factor.solve(from >>> 3, to >>> 3, stride);
      return Math.max(
        ...Array.from({ length: 20 }, (_, c) => residual(inverted(vector(to, c), vector(from, c)), vector(from, c), rowsOf(c, m))),
      );
    };
    factor.reset();
    expect(renew(0.5, 5)).toBe(false);
    factor.spend(100);
    expect(renew(0.5, 2.9)).toBe(false);
    expect(renew(0.5, 5)).toBe(true);
    expect(off(4)).toBeLessThan(1e-2);
    factor.spend(100);
    expect(renew(0.5, 5)).toBe(false);
    expect(renew(0.5, 6)).toBe(true);
    expect(off(12)).toBeLessThan(1e-2);
    factor.spend(100);
    expect(renew(0.6, 6)).toBe(false);
    expect(renew(0.66, 6)).toBe(true);
    factor.spend(100);
    expect(renew(0.5, 6)).toBe(true);
    factor.reset();
    factor.solve(from >>> 3, to >>> 3, stride);
    expect(vector(to, 0)).toEqual(vector(from, 0));
  });
});

describe("when a model is made", () => {
  /** Whether one is made after so many products. */
  const made = (shape: { n: number; d: number; k: number }, products: number, pace: number): boolean => {
    const { kernels, primal, record, stride } = setting(5, shape);
    const factor = primalFactor(kernels, primal, { n: shape.n, cols: shape.d, k: shape.k, stride });
    factor.reset();
    factor.spend(products);
    return doWork(factor.renew(record, 0.5, pace));
  };

  it("as many products were spent as it costs, and as three solutions by it cost beside them", () => {
    // A pass: 4 · 90 · 6 · 3 / 30. The model: 48 · 6² / 12 + 6³ / 24, and three times 2 · 6² · 3 / 8: 1.083 passes in all.
    expect([1.08, 1.09].map((products) => made({ n: 90, d: 6, k: 3 }, products, 20))).toEqual([false, true]);
  });

  it("it is one by class where twice a class's rows are no more than half of the columns: already where conjugate gradients are less slow", () => {
    // Three rows a class count as four.
    expect([15, 16].map((d) => made({ n: 60, d, k: 20 }, 1000, 5))).toEqual([false, true]);
  });

  it("rows enter it 256 at once, and 64 where columns are more than 700", () => {
    const stepsAt = (d: number): number => {
      const { kernels, primal, record, stride } = setting(5, { n: 130, d, k: 2 });
      const factor = primalFactor(kernels, primal, { n: 130, cols: d, k: 2, stride });
      factor.reset();
      factor.spend(1e6);
      const { steps, value } = stepsOf(factor.renew(record, 0.5, 20));
      expect(value).toBe(true);
      return steps.length;
    };
    expect([700, 701].map(stepsAt)).toEqual([1, 3]);
  });

  it("models by class have no more rows than 32 MB hold, of singles", () => {
    // Twice a class's four rows are 8: of 1000 classes they take 32 MB at 1000 columns, of 1200 more.
    expect([1000, 1200].map((k) => made({ n: 16, d: 1000, k }, 1e9, 5))).toEqual([true, false]);
  });

  it("a new one is as one that was reset: nothing is spent, nothing modelled, models by class are not refused", () => {
    const { kernels, primal, record, from, to, stride, vector } = setting(4, { n: 60, d: 40, k: 20 });
    const factor = primalFactor(kernels, primal, { n: 60, cols: 40, k: 20, stride });
    factor.solve(from >>> 3, to >>> 3, stride);
    expect(vector(to, 7)).toEqual(vector(from, 7));
    expect(doWork(factor.renew(record, 0.5, 5))).toBe(false);
    factor.spend(100);
    expect(doWork(factor.renew(record, 0.5, 5))).toBe(true);
  });

  it("where all rows are certain it is I", () => {
    const { kernels, primal, record, from, to, stride, vector } = setting(3, { n: 90, d: 6, k: 3 });
    const { f32 } = kernels.memory;
    for (let i = 0; i < 90; i++) for (let c = 0; c < 3; c++) f32[(record.p >>> 2) + i * record.kp + c] = Number(c === i % 3);
    const factor = primalFactor(kernels, primal, { n: 90, cols: 6, k: 3, stride });
    factor.reset();
    factor.spend(1000);
    expect(doWork(factor.renew(record, 0.5, 20))).toBe(true);
    factor.solve(from >>> 3, to >>> 3, stride);
    for (let c = 0; c < 3; c++) expect(vector(to, c)).toEqual(vector(from, c));
  });

  it("columns that pad its solutions are 0", () => {
    const { kernels, primal, record, from, to, stride } = setting(3, { n: 90, d: 6, k: 3 });
    const factor = primalFactor(kernels, primal, { n: 90, cols: 6, k: 3, stride });
    factor.reset();
    factor.spend(1000);
    expect(doWork(factor.renew(record, 0.5, 20))).toBe(true);
    const { f64 } = kernels.memory;
    f64.fill(Number.NaN, to >>> 3, (to >>> 3) + 3 * stride);
    factor.solve(from >>> 3, to >>> 3, stride);
    for (let c = 0; c < 3; c++) {
      const row = Array.from(f64.subarray((to >>> 3) + c * stride, (to >>> 3) + (c + 1) * stride));
      expect(row.slice(0, 6).every(Number.isFinite)).toBe(true);
      expect(row.slice(6)).toEqual(new Array(stride - 6).fill(0));
    }
  });
});

it("a model of more rows than enter at once is of all of them, in memory that others have used", () => {
  const { kernels, primal, record, from, to, stride, row, weightOf, pOf, vector } = setting(6, { n: 300, d: 40, k: 3 });
  const { memory } = kernels;
  const mark = memory.mark();
  const at = memory.allocate(2 ** 20) >>> 3;
  memory.f64.fill(Number.NaN, at, at + 2 ** 17);
  memory.release(mark);
  const factor = primalFactor(kernels, primal, { n: 300, cols: 40, k: 3, stride });
  factor.reset();
  factor.spend(1000);
  expect(doWork(factor.renew(record, 0.5, 20))).toBe(true);
  factor.solve(from >>> 3, to >>> 3, stride);
  const rows = Array.from({ length: 300 }, (_, i) => {
    const squares = [0, 1, 2].reduce((sum, c) => sum + pOf(i, c) ** 2, 0);
    return { q: (weightOf(i) * (1 - squares)) / 2, x: row(i) };
  });
  for (let c = 0; c < 3; c++) expect(residual(vector(to, c), vector(from, c), rows)).toBeLessThan(1e-11);
  // Probabilities have moved where their curvature is more than half as large again, or as small.
  factor.spend(1000);
  for (const curvature of [0.75, 0.5 / 1.5]) expect(doWork(factor.renew(record, curvature, 20))).toBe(false);
  expect(doWork(factor.renew(record, 0.751, 20))).toBe(true);
});

it("models by class are made from a pace of three on, and again where curvature has moved by more than 1.3", () => {
  const { kernels, primal, record, stride } = setting(4, { n: 60, d: 40, k: 20 });
  const factor = primalFactor(kernels, primal, { n: 60, cols: 40, k: 20, stride });
  const renew = (curvature: number): boolean => {
    factor.spend(1000);
    return doWork(factor.renew(record, curvature, 3));
  };
  factor.reset();
  expect([0.5, 0.65, 0.5 / 1.3, 0.651, 0.5].map(renew)).toEqual([true, false, false, true, true]);
});
