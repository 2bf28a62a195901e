import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { randomNormal, randomStream } from "../../src/core/random.ts";
import { choleskyOf } from "../../src/kernels/choleskyOf.ts";
import { createKernels } from "../../src/kernels/createKernels.ts";
import { eigenOf } from "../../src/kernels/eigenOf.ts";
import { eigenWork, type Kernels } from "../../src/kernels/kernels.ts";

/** Places of doubles in kernel memory, all with the same numbers whichever kernels run. */
function workbench(kernels: Kernels, seed: number) {
  const random = randomStream(seed, "synthetic");
  const { memory } = kernels;
  return {
    kernels,
    normal: (): number => randomNormal(random),
    put(count: number, make: (i: number) => number): number {
      const at = memory.allocate(8 * count);
      for (let i = 0; i < count; i++) memory.f64[(at >> 3) + i] = make(i);
      return at;
    },
    get: (at: number, count: number): Float64Array => memory.f64.slice(at >> 3, (at >> 3) + count),
  };
}

type Workbench = ReturnType<typeof workbench>;

/** Runs `work` on either kernels, holds the results to the same bits and returns them. */
function alike<T extends Record<string, Float64Array>>(seed: number, work: (bench: Workbench) => T): T {
  const wasm = work(workbench(createKernels("wasm"), seed));
  const js = work(workbench(createKernels("js"), seed));
  for (const name of Object.keys(wasm)) {
    const [a, b] = [wasm[name], js[name]];
    for (let i = 0; i < a.length; i++) if (!Object.is(a[i], b[i])) throw new Error(`${name}[${i}]: wasm ${a[i]}, js ${b[i]}`);
  }
  return js;
}

/** Σ over rows of r random vectors' outer products: symmetric, positive semidefinite, of rank at most r. */
function scatter(bench: Workbench, n: number, rank: number, ridge = 0): Float64Array {
  const x = Float64Array.from({ length: rank * n }, bench.normal);
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      for (let r = 0; r < rank; r++) out[i * n + j] += x[r * n + i] * x[r * n + j];
      if (i === j) out[i * n + j] += ridge;
    }
  }
  return out;
}

function eigen(bench: Workbench, matrix: Float64Array, n: number) {
  const a = bench.put(n * n, (i) => matrix[i]);
  const values = bench.put(n, () => 0);
  const info = bench.put(1, () => Number.NaN);
  const work = bench.put(eigenWork(n), () => Number.NaN);
  eigenOf(bench.kernels)(n, a, values, work, info);
  return { vectors: bench.get(a, n * n), values: bench.get(values, n), info: bench.get(info, 1) };
}

/** Vectors (rows) are orthonormal and Σ value · vᵀv gives the matrix back, to rounding. */
function expectEigen(matrix: Float64Array, n: number, { vectors, values, info }: ReturnType<typeof eigen>): void {
  expect(info[0]).toBe(0);
  const size = Math.max(...matrix.map(Math.abs), Number.MIN_VALUE);
  const back = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      let product = 0;
      for (let p = 0; p < n; p++) {
        product += vectors[i * n + p] * vectors[j * n + p];
        back[i * n + j] += values[p] * vectors[p * n + i] * vectors[p * n + j];
      }
      if (Math.abs(product - Number(i === j)) > 1e-13 * n) throw new Error(`vectors ${i} and ${j}: ${product}`);
    }
  }
  for (let i = 0; i < n * n; i++)
    if (Math.abs(back[i] - matrix[i]) > 1e-14 * n * n * size) throw new Error(`element ${i}: ${back[i]} for ${matrix[i]}`);
}

const seeds = fc.integer({ min: 0, max: 1e9 });

describe("dense linear algebra gives the same bits in WebAssembly and TypeScript", () => {
  it("multiply adds factor · A·B for any shapes and strides, and agrees with three plain loops", () => {
    const shape = fc.record({
      seed: seeds,
      m: fc.integer({ min: 1, max: 13 }),
      n: fc.integer({ min: 1, max: 13 }),
      k: fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 255, max: 260 })),
      turnedA: fc.boolean(),
      turnedB: fc.boolean(),
      extra: fc.integer({ min: 0, max: 3 }),
      factor: fc.constantFrom(1, -1, 0.3),
      lower: fc.boolean(),
    });
    fc.assert(
      fc.property(shape, ({ seed, m, n, k, turnedA, turnedB, extra, factor, lower }) => {
        const [aRow, aCol] = turnedA ? [1, m + extra] : [k + extra, 1];
        const [bRow, bCol] = turnedB ? [1, k + extra] : [n + extra, 1];
        const { a, b, before, after } = alike(seed, (bench) => {
          const sizeA = turnedA ? k * (m + extra) : m * (k + extra);
          const sizeB = turnedB ? n * (k + extra) : k * (n + extra);
          const a = bench.put(sizeA, bench.normal);
          const b = bench.put(sizeB, bench.normal);
          const c = bench.put(m * (n + extra), bench.normal);
          const before = bench.get(c, m * (n + extra));
          bench.kernels.multiply(m, n, k, a, aRow, aCol, b, bRow, bCol, c, n + extra, factor, Number(lower));
          return { a: bench.get(a, sizeA), b: bench.get(b, sizeB), before, after: bench.get(c, m * (n + extra)) };
        });
        for (let i = 0; i < m; i++) {
          for (let j = 0; j < n + extra; j++) {
            let sum = before[i * (n + extra) + j];
            if (j < n && (!lower || j <= i)) for (let p = 0; p < k; p++) sum += factor * a[i * aRow + p * aCol] * b[p * bRow + j * bCol];
            expect(after[i * (n + extra) + j]).toBeCloseTo(sum, 10);
          }
        }
      }),
      { numRuns: 150 },
    );
  });

  it("multiply agrees where it must cross blocks of 256 rows, columns and terms", () => {
    const [m, n, k] = [261, 259, 3];
    for (const lower of [0, 1]) {
      const { a, b, c } = alike(7, (bench) => {
        const a = bench.put(m * k, bench.normal);
        const b = bench.put(k * n, bench.normal);
        const c = bench.put(m * n, () => 0);
        bench.kernels.multiply(m, n, k, a, k, 1, b, n, 1, c, n, 1, lower);
        return { a: bench.get(a, m * k), b: bench.get(b, k * n), c: bench.get(c, m * n) };
      });
      for (let i = 0; i < m; i++) {
        for (let j = 0; j < n; j++) {
          let sum = 0;
          for (let p = 0; p < k; p++) sum += a[i * k + p] * b[p * n + j];
          if (Math.abs(c[i * n + j] - (lower && j > i ? 0 : sum)) > 1e-13)
            throw new Error(`row ${i}, column ${j}: ${c[i * n + j]} for ${sum}`);
        }
      }
    }
  });

  it("cholesky and both triangular solves give A·X = B back", () => {
    const shape = fc.record({
      seed: seeds,
      n: fc.oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 30, max: 70 })),
      m: fc.integer({ min: 1, max: 9 }),
    });
    fc.assert(
      fc.property(shape, ({ seed, n, m }) => {
        const { matrix, right, x } = alike(seed, (bench) => {
          const matrix = scatter(bench, n, n + 2, 0.5);
          const a = bench.put(n * n, (i) => matrix[i]);
          const x = bench.put(n * m, bench.normal);
          const right = bench.get(x, n * m);
          const info = bench.put(1, () => Number.NaN);
          choleskyOf(bench.kernels)(n, a, n, info);
          bench.kernels.solveLower(n, a, n, m, x, m, 0);
          bench.kernels.solveLower(n, a, n, m, x, m, 1);
          expect(bench.get(info, 1)[0]).toBe(0);
          return { matrix, right, factor: bench.get(a, n * n), x: bench.get(x, n * m) };
        });
        for (let i = 0; i < n; i++) {
          for (let j = 0; j < m; j++) {
            let sum = 0;
            for (let p = 0; p < n; p++) sum += matrix[i * n + p] * x[p * m + j];
            expect(sum).toBeCloseTo(right[i * m + j], 7);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it("cholesky names the first row whose pivot is not positive", () => {
    const { info } = alike(1, (bench) => {
      const a = bench.put(9, (i) => [4, 0, 0, 2, 1, 0, 0, 0, 1][i]);
      const info = bench.put(1, () => 0);
      choleskyOf(bench.kernels)(3, a, 3, info);
      return { info: bench.get(info, 1) };
    });
    expect(info[0]).toBe(2);
  });

  it("eigen diagonalises symmetric matrices of any rank", () => {
    const shape = fc.record({
      seed: seeds,
      n: fc.oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 31, max: 40 }), fc.integer({ min: 63, max: 70 })),
      rank: fc.integer({ min: 0, max: 75 }),
      log: fc.constantFrom(0, -200, 150),
    });
    fc.assert(
      fc.property(shape, ({ seed, n, rank, log }) => {
        const { matrix, ...answer } = alike(seed, (bench) => {
          const matrix = scatter(bench, n, rank).map((value) => value * 10 ** log);
          return { matrix, ...eigen(bench, matrix, n) };
        });
        expectEigen(matrix, n, answer);
      }),
      { numRuns: 60 },
    );
  });

  it("eigen takes what breaks a careless one: zeros, the identity, equal values, diagonals already graded, negative values, Wilkinson's W21", () => {
    const n = 21;
    const of = (value: (i: number, j: number) => number): Float64Array =>
      Float64Array.from({ length: n * n }, (_, p) => value(Math.floor(p / n), p % n));
    const matrices = [
      of(() => 0),
      of((i, j) => Number(i === j)),
      of(() => 1),
      of((i, j) => (i === j ? 10 ** -i : 0)),
      of((i, j) => (i === j ? 10 ** (i - 20) : 1e-25)),
      of((i, j) => (i === j ? -i : 1 / (i + j + 1))),
      of((i, j) => (i === j ? Math.abs(10 - i) : Number(Math.abs(i - j) === 1))),
    ];
    for (const matrix of matrices) {
      expectEigen(
        matrix,
        n,
        alike(0, (bench) => eigen(bench, matrix, n)),
      );
    }
  });
});
