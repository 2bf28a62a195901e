import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { randomNormal, randomStream, randomUniform } from "../../src/core/random.ts";
import { createKernels } from "../../src/kernels/createKernels.ts";
import { expNegative } from "../../src/kernels/jsSoftmax.ts";
import { type Kernels, paddedCols } from "../../src/kernels/kernels.ts";
import { statisticsOf } from "../../src/kernels/statisticsOf.ts";

/** Puts the same numbers at the same places of either memory, runs `work` and returns the doubles it names. */
function run(kernels: Kernels, seed: number, work: (tools: Tools) => Record<string, [number, number]>): Record<string, Float64Array> {
  const { memory } = kernels;
  const random = randomStream(seed, "synthetic");
  const tools: Tools = {
    kernels,
    doubles(count, make) {
      const at = memory.allocate(8 * count);
      for (let i = 0; i < count; i++) memory.f64[(at >> 3) + i] = make(i);
      return at;
    },
    singles(count, make) {
      const at = memory.allocate(4 * count);
      for (let i = 0; i < count; i++) memory.f32[(at >> 2) + i] = make(i);
      return at;
    },
    integers(values) {
      const at = memory.allocate(4 * values.length);
      memory.i32.set(values, at >> 2);
      return at;
    },
    normal: () => randomNormal(random),
    uniform: () => randomUniform(random),
  };
  const places = work(tools);
  return Object.fromEntries(Object.entries(places).map(([name, [at, count]]) => [name, memory.f64.slice(at >> 3, (at >> 3) + count)]));
}

interface Tools {
  kernels: Kernels;
  doubles(count: number, make: (i: number) => number): number;
  singles(count: number, make: (i: number) => number): number;
  integers(values: number[]): number;
  normal(): number;
  uniform(): number;
}

function bothAlike(seed: number, work: (tools: Tools) => Record<string, [number, number]>): Record<string, Float64Array> {
  const wasm = run(createKernels("wasm"), seed, work);
  const js = run(createKernels("js"), seed, work);
  for (const name of Object.keys(wasm)) {
    const [a, b] = [wasm[name], js[name]];
    for (let i = 0; i < a.length; i++) if (!Object.is(a[i], b[i])) throw new Error(`${name}[${i}]: wasm ${a[i]}, js ${b[i]}`);
  }
  return js;
}

const shapes = fc.record({
  seed: fc.integer({ min: 0, max: 1e9 }),
  rows: fc.integer({ min: 1, max: 12 }),
  cols: fc.integer({ min: 1, max: 41 }),
  others: fc.integer({ min: 1, max: 11 }),
  single: fc.boolean(),
  masked: fc.boolean(),
});

describe("the WebAssembly and the TypeScript kernels give the same bits", () => {
  it("for gathers, squares, products, Gram matrices, combinations and moments of any shape", () => {
    fc.assert(
      fc.property(shapes, ({ seed, rows, cols, others, single, masked }) => {
        const stride = paddedCols(cols);
        const result = bothAlike(seed, (t) => {
          const value = (i: number) => (i % stride < cols ? t.normal() : 0);
          const x = single ? t.singles(rows * stride, value) : t.doubles(rows * stride, value);
          const flag = Number(single);
          const pick = t.integers(Array.from({ length: others }, () => Math.floor(t.uniform() * rows)));
          const mask = masked ? t.doubles(stride, (i) => (i < cols ? t.uniform() : 0)) : 0;
          const keepCount = 1 + Math.floor(t.uniform() * cols);
          const keep = t.integers(Array.from({ length: keepCount }, () => Math.floor(t.uniform() * cols)));
          const zeros = (count: number) => t.doubles(count, () => 0);
          const dense = zeros(others * stride);
          const narrow = zeros(others * paddedCols(keepCount));
          const norms = zeros(others);
          const gram = zeros(others * others);
          const products = zeros(others * rows);
          const combined = zeros(others * stride);
          const scale = t.doubles(rows, () => t.uniform());
          const mean = zeros(stride);
          const squared = zeros(stride);
          const { kernels: k } = t;
          k.gather(flag, x, stride, pick, others, cols, mask, 0, dense, stride);
          k.gather(flag, x, stride, pick, others, keepCount, mask, keep, narrow, paddedCols(keepCount));
          k.squares(flag, x, stride, pick, others, mask, norms);
          k.gram(dense, stride, others, stride, gram, 0);
          k.gram(dense, stride, others, stride, gram, 1);
          const other = t.doubles(rows * stride, (i) => (i % stride < cols ? t.normal() : 0));
          k.products(flag, x, stride, pick, others, other, stride, rows, stride, products, rows, 0);
          k.products(flag, x, stride, pick, others, other, stride, rows, stride, products, rows, 1);
          const b = t.doubles(others * rows, () => t.normal());
          k.combine(b, rows, others, rows, other, stride, mask, combined);
          const statistics = statisticsOf(k);
          const [sum, total, spread] = [zeros(stride), zeros(1), zeros(stride)];
          statistics.addMoments(flag, x, stride, pick, scale, others, 1, mean, sum, squared);
          statistics.addMoments(flag, x, stride, 0, 0, rows, 0, mean, sum, squared);
          statistics.finishMoments(mean, sum, squared, stride, others + rows, others + rows - 1);
          statistics.joinMoments(mean, squared, other, dense, stride, 3, 2, 4);
          statistics.deviations(dense, cols, stride, 1e-6, spread, total);
          const [inverse, correlated] = [zeros(others), zeros(others * others)];
          statistics.correlate(gram, others, inverse, correlated);
          return {
            dense: [dense, others * stride],
            narrow: [narrow, others * paddedCols(keepCount)],
            norms: [norms, others],
            gram: [gram, others * others],
            products: [products, others * rows],
            combined: [combined, others * stride],
            mean: [mean, stride],
            spread: [spread, stride],
            total: [total, 1],
            correlated: [correlated, others * others],
            squared: [squared, stride],
          };
        });
        // Against the naive form, so that the two are not wrong together: the doubled Gram matrix of the gathered rows.
        for (let i = 0; i < others; i++) {
          for (let j = 0; j < others; j++) {
            let naive = 0;
            for (let c = 0; c < cols; c++) naive += result.dense[i * stride + c] * result.dense[j * stride + c];
            expect(result.gram[i * others + j]).toBeCloseTo(2 * naive, 9);
          }
        }
      }),
      { numRuns: 200 },
    );
  });

  it("for pair importance", () => {
    fc.assert(
      fc.property(shapes, ({ seed, cols }) => {
        const stride = paddedCols(cols);
        bothAlike(seed, (t) => {
          const [a, b] = [0, 0].map(() => t.doubles(stride, (i) => (i < cols ? t.normal() : 0)));
          const [sa, sb] = [0, 0].map(() => t.doubles(stride, () => t.uniform() + 0.1));
          const [term, out] = [0, 0].map(() => t.doubles(stride, () => 0));
          statisticsOf(t.kernels).addPair(a, b, sa, sb, stride, 0.5, term, out);
          statisticsOf(t.kernels).addPair(a, a, sa, sb, stride, 0.5, term, out);
          return { out: [out, stride] };
        });
      }),
    );
  });

  it("for the softmax fit, cold and warm, with and without intercept, whatever C", () => {
    const problem = fc.record({
      seed: fc.integer({ min: 0, max: 1e9 }),
      n: fc.integer({ min: 2, max: 14 }),
      k: fc.integer({ min: 2, max: 7 }),
      logC: fc.integer({ min: -6, max: 6 }),
      intercept: fc.boolean(),
      dim: fc.integer({ min: 1, max: 20 }),
    });
    fc.assert(
      fc.property(problem, ({ seed, n, k, logC, intercept, dim }) => {
        bothAlike(seed, (t) => {
          const kp = k + (k & 1);
          const stride = paddedCols(dim);
          const x = t.doubles(n * stride, (i) => (i % stride < dim ? t.normal() : 0));
          const gram = t.doubles(n * n, () => 0);
          t.kernels.gram(x, stride, n, stride, gram, 0);
          const y = t.integers(Array.from({ length: n }, (_, i) => i % k));
          const weight = t.doubles(n, (i) => (i % 3 ? 1 : 0.5 + t.uniform()));
          const a = t.doubles(n * kp, () => 0);
          const b = t.doubles(kp, () => 0);
          const work = t.doubles(2 * n * n + 4 * n + 12 * n * kp + 3 * kp + 8, () => 0);
          const info = t.doubles(7, () => 0);
          t.kernels.fit(n, k, kp, gram, y, weight, 10 ** logC, Number(intercept), 0, 1e-10, 200, a, b, work, info);
          t.kernels.fit(n, k, kp, gram, y, weight, 3 * 10 ** logC, Number(intercept), 1, 1e-10, 200, a, b, work, info);
          t.kernels.fit(n, k, kp, gram, y, weight, 10 ** logC, Number(intercept), 0, 1e-4, 200, a, b, work, info);
          return { a: [a, n * kp], b: [b, kp], info: [info, 7] };
        });
      }),
      { numRuns: 200 },
    );
  });
});

it("expNegative is exp to within 2 units in the last place on (−708, 0]", () => {
  fc.assert(
    fc.property(fc.double({ min: -708, max: 0, noNaN: true }), (x) => {
      expect(Math.abs(expNegative(x) / Math.exp(x) - 1)).toBeLessThan(5e-16);
    }),
    { numRuns: 2000 },
  );
  expect(expNegative(0)).toBe(1);
  expect(expNegative(-1e300)).toBe(0);
});
