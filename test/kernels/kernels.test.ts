import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { randomNormal, randomStream, randomUniform } from "../../src/core/random.ts";
import { borrowKernels, createKernels, withKernels } from "../../src/kernels/createKernels.ts";
import { expNegative } from "../../src/kernels/jsSoftmax.ts";
import { type Kernels, paddedCols, roughError, roughFloor } from "../../src/kernels/kernels.ts";
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
          // The second row is the first again: a pair without a difference adds nothing.
          const mean = t.doubles(stride, (i) => (i < cols ? t.normal() : 0));
          const means = [mean, mean, ...[0, 0].map(() => t.doubles(stride, (i) => (i < cols ? t.normal() : 0)))];
          const deviations = means.map(() => t.doubles(stride, () => t.uniform() + 0.1));
          const [terms, out] = [t.doubles(2 * stride, () => 0), t.doubles(stride, () => 7)];
          statisticsOf(t.kernels).pairs(t.integers(means), t.integers(deviations), 4, stride, terms, out);
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

describe("a first look in single precision", () => {
  const wasm = createKernels("wasm");
  const { rough: single, memory } = wasm;
  if (!single) throw new Error("the WebAssembly kernels have no first look");
  const sizes = fc.record({
    seed: fc.integer({ min: 0, max: 1e9 }),
    rows: fc.integer({ min: 1, max: 9 }),
    count: fc.integer({ min: 1, max: 11 }),
    cols: fc.integer({ min: 1, max: 40 }),
    scale: fc.integer({ min: -25, max: 25 }),
  });

  it("picks the columns asked for, and its products are no further off than it says", () => {
    fc.assert(
      fc.property(sizes, ({ seed, rows, count, cols, scale }) => {
        const mark = memory.mark();
        const random = randomStream(seed, "synthetic");
        const stride = paddedCols(cols + 7);
        const width = paddedCols(cols);
        const floats = (length: number): number => memory.allocate(4 * length);
        const [source, list, keep] = [floats(20 * stride), floats(rows + count), floats(cols)];
        const [picked, out, w] = [floats((rows + count) * width), floats(rows * count), memory.allocate(8 * count * width)];
        for (let i = 0; i < 20 * stride; i++) memory.f32[(source >>> 2) + i] = randomNormal(random) * 2 ** scale;
        for (let i = 0; i < rows + count; i++) memory.i32[(list >>> 2) + i] = Math.floor(20 * randomUniform(random));
        for (let j = 0; j < cols; j++) memory.i32[(keep >>> 2) + j] = (j * 5 + seed) % (cols + 7);
        single.pick(source, stride, list, rows + count, cols, keep, picked, width);
        for (let i = 0; i < rows + count; i++) {
          for (let j = 0; j < width; j++) {
            const from = memory.i32[(list >>> 2) + i] * stride + memory.i32[(keep >>> 2) + j];
            expect(memory.f32[(picked >>> 2) + i * width + j]).toBe(j < cols ? memory.f32[(source >>> 2) + from] : 0);
          }
        }
        // The last rows, as doubles that singles do not hold, against the first ones; added to what is there.
        for (let i = 0; i < count * width; i++)
          memory.f64[(w >>> 3) + i] = memory.f32[(picked >>> 2) + rows * width + i] * (1 + randomUniform(random) * 2 ** -24);
        memory.f32.fill(0, out >>> 2, (out >>> 2) + rows * count);
        const narrowed = picked + 4 * rows * width;
        single.narrow(w, count * width, narrowed);
        for (let i = 0; i < count * width; i++) expect(memory.f32[(narrowed >>> 2) + i]).toBe(Math.fround(memory.f64[(w >>> 3) + i]));
        single.rough(picked, width, 0, rows, narrowed, count, out, count, 0);
        single.rough(picked, width, 0, rows, narrowed, count, out, count, 1);
        for (let i = 0; i < rows; i++) {
          for (let c = 0; c < count; c++) {
            let [sum, left, right] = [0, 0, 0];
            for (let j = 0; j < width; j++) {
              const [a, b] = [memory.f32[(picked >>> 2) + i * width + j], memory.f64[(w >>> 3) + c * width + j]];
              sum += a * b;
              left += a * a;
              right += b * b;
            }
            const off = Math.abs(memory.f32[(out >>> 2) + i * count + c] - 2 * sum);
            expect(off).toBeLessThanOrEqual(2 * roughError(width, 1) * Math.sqrt(left * right) + roughFloor);
          }
        }
        memory.release(mark);
      }),
      { numRuns: 200 },
    );
  });

  it("answers with the largest score, and not at all where the second is near", () => {
    const scored = fc.record({
      seed: fc.integer({ min: 0, max: 1e9 }),
      k: fc.integer({ min: 2, max: 9 }),
      q: fc.integer({ min: 1, max: 13 }),
      apart: fc.constantFrom(0, 0.1, 1, Number.NaN, Number.POSITIVE_INFINITY),
    });
    fc.assert(
      fc.property(scored, ({ seed, k, q, apart }) => {
        const mark = memory.mark();
        const random = randomStream(seed, "synthetic");
        const stride = paddedCols(q);
        const [scores, factors, offsets, out] = [k * stride, stride, k, stride].map((count) => memory.allocate(4 * count));
        // Quarters: sums are exact, and ties common.
        const quarter = () => Math.round(4 * randomNormal(random)) / 4;
        for (let i = 0; i < k * stride; i++) memory.f32[(scores >>> 2) + i] = quarter();
        for (let i = 0; i < stride; i++) memory.f32[(factors >>> 2) + i] = Math.abs(quarter());
        for (let i = 0; i < k; i++) memory.f32[(offsets >>> 2) + i] = quarter();
        const hidden = Math.abs(quarter());
        single.look(scores, k, stride, factors, offsets, apart, hidden, out);
        for (let i = 0; i < q; i++) {
          const factor = memory.f32[(factors >>> 2) + i];
          const own = Array.from(
            { length: k },
            (_, way) => memory.f32[(scores >>> 2) + way * stride + i] * factor + memory.f32[(offsets >>> 2) + way],
          );
          const [first, second] = [...own].sort((a, b) => b - a);
          const answer = memory.i32[(out >>> 2) + i];
          expect(answer).toBe(first - second > Math.fround(Math.fround(apart) + factor * hidden) ? own.indexOf(first) : -1);
        }
        memory.release(mark);
      }),
      { numRuns: 200 },
    );
  });
});

it.each(["wasm", "js"] as const)("%s memory ends at 4 GB, by an error that says so", (kind) => {
  const { memory } = createKernels(kind);
  expect(() => memory.allocate(2 ** 32)).toThrow(
    /^kernels: memory of 4\.\d\d GB is needed, expected at most the 4\.29 GB that kernels address: fewer rows or dimensions$/,
  );
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

it("kept kernels are those that were asked for, and no others", () => {
  for (const choice of ["js", "auto", "wasm", "js", "wasm"] as const)
    withKernels(choice, ({ kind }) => expect(kind).toBe(choice === "js" ? "js" : "wasm"));
  expect(() => withKernels("gpu" as "js", () => 0)).toThrow('createKernels: kernels is "gpu", expected one of auto, wasm, js');
  const first = withKernels("wasm", (kernels) => kernels);
  expect(withKernels("wasm", (kernels) => kernels)).toBe(first);
  // What a call allocates is free for the next.
  const top = first.memory.mark();
  withKernels("wasm", ({ memory }) => memory.allocate(1000));
  expect(first.memory.mark()).toBe(top);
  // Too large to keep.
  withKernels("wasm", ({ memory }) => memory.allocate(2 ** 26));
  expect(withKernels("wasm", (kernels) => kernels)).not.toBe(first);
});

it("borrowed kernels are nobody else's until their end, and their memory is zeros again for the next", () => {
  const first = borrowKernels("wasm");
  const second = borrowKernels("wasm");
  expect(second.kernels).not.toBe(first.kernels);
  expect(withKernels("wasm", (kernels) => kernels)).not.toBe(first.kernels);
  const { memory } = first.kernels;
  const at = memory.allocate(800);
  memory.f64.fill(7, at >>> 3, (at >>> 3) + 100);
  first.end();
  const next = borrowKernels("wasm");
  expect(next.kernels).toBe(first.kernels);
  expect(next.kernels.memory.allocate(800)).toBe(at);
  expect([...memory.f64.subarray(at >>> 3, (at >>> 3) + 100)].every((value) => value === 0)).toBe(true);
  // Too large to keep.
  next.kernels.memory.allocate(2 ** 26);
  next.end();
  expect(borrowKernels("wasm").kernels).not.toBe(first.kernels);
});
