import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { betweenCoordinates } from "../../src/basis/betweenCoordinates.ts";
import { covarianceSide } from "../../src/basis/covarianceSide.ts";
import { gramSide } from "../../src/basis/gramSide.ts";
import { type GroupedRows, partSpace } from "../../src/basis/partSpace.ts";
import { selfProducts } from "../../src/basis/selfProducts.ts";
import { randomNormal, randomStream } from "../../src/core/random.ts";
import { createKernels } from "../../src/kernels/createKernels.ts";

const normals = (seed: number, count: number): number[] => {
  const random = randomStream(seed, "synthetic");
  return Array.from({ length: count }, () => randomNormal(random));
};
const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, value, j) => sum + value * b[j], 0);
const unit = (row: readonly number[]): number[] => row.map((value) => value / Math.hypot(...row));

/** Rows of which the first are base rows, class after class, of sizes that differ. */
const problem = fc.record({
  seed: fc.integer({ min: 0, max: 1e6 }),
  d: fc.integer({ min: 2, max: 12 }),
  counts: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 2, maxLength: 4 }).filter((counts) => counts.some((count) => count > 1)),
  m: fc.integer({ min: 1, max: 4 }),
  kind: fc.constantFrom("js" as const, "wasm" as const),
});

describe("the sides of a combination's parts", () => {
  it("say of the same rows what plain sums in d dimensions say: inner products, the trace, and z·W·zᵀ", () => {
    fc.assert(
      fc.property(problem, ({ seed, d, counts, m, kind }) => {
        const n = counts.reduce((sum, count) => sum + count, 0);
        const k = counts.length;
        const p = m + k;
        const data = normals(seed, (n + m) * d).map((value, j) => value + (j % d === 0 ? 1 : 0));
        const starts = Int32Array.from([0, ...counts.map((_, c) => counts.slice(0, c + 1).reduce((sum, count) => sum + count, 0))]);
        const base: GroupedRows = { rows: Int32Array.from({ length: n }, (_, i) => i), starts };
        const list = Int32Array.from({ length: m }, (_, e) => n + e);

        const rows = Array.from({ length: n + m }, (_, i) => unit(data.slice(i * d, (i + 1) * d)));
        const mean = rows[0].map((_, j) => rows.slice(0, n).reduce((sum, row) => sum + row[j] / n, 0));
        const z = rows.map((row) => unit(row.map((value, j) => value - mean[j])));
        const meanOf = (of: readonly number[][]): number[] => mean.map((_, j) => of.reduce((sum, row) => sum + row[j] / of.length, 0));
        const means = counts.map((_, c) => meanOf(z.slice(starts[c], starts[c + 1])));
        const residuals = counts.flatMap((_, c) =>
          z.slice(starts[c], starts[c + 1]).map((row) => row.map((value, j) => value - means[c][j])),
        );
        const asked = [...z.slice(n), ...means.map((row) => row.map((value, j) => value - meanOf(means)[j]))];
        const trace = residuals.reduce((sum, row) => sum + dot(row, row), 0);

        for (const make of [gramSide, covarianceSide]) {
          const kernels = createKernels(kind);
          const { memory } = kernels;
          const side = make(partSpace(kernels, { data: Float64Array.from(data), rows: n + m, cols: d }), base);
          expect(side.size).toBe(make === gramSide ? n : d);
          expect(side.trace).toBeCloseTo(trace, 11);
          const [right, plain] = [memory.allocate(8 * side.size * p), memory.allocate(8 * p * p)];
          const raw = new Float64Array(m * m);
          const mark = memory.mark();
          side.prepare(list, raw, right, plain);
          expect(memory.mark()).toBe(mark);
          const { f64 } = memory;
          const column = (e: number): number[] => Array.from({ length: side.size }, (_, i) => f64[(right >>> 3) + i * p + e]);
          const whole = (i: number, j: number): number => f64[(side.matrix >>> 3) + Math.max(i, j) * side.size + Math.min(i, j)];
          for (let a = 0; a < p; a++)
            for (let b = 0; b <= a; b++) {
              if (a < m) expect(raw[a * m + b]).toBeCloseTo(dot(rows[n + a], rows[n + b]), 11);
              expect(f64[(plain >>> 3) + a * p + b]).toBeCloseTo(dot(asked[a], asked[b]), 11);
              // Σ (r·a)(r·b) over the residuals r is aᵀ(n − k)Wb.
              const wanted = residuals.reduce((sum, row) => sum + dot(row, asked[a]) * dot(row, asked[b]), 0);
              const [left, other] = [column(a), column(b)];
              const product = left.map((_, i) => other.reduce((sum, value, j) => sum + whole(i, j) * value, 0));
              expect(make === gramSide ? dot(left, other) : (n - k) * dot(left, product)).toBeCloseTo(wanted, 10);
            }
          if (make === gramSide)
            for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) expect(whole(i, j)).toBeCloseTo(dot(residuals[i], residuals[j]), 11);
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe("coordinates along between-class directions", () => {
  const coordinatesOf = (rows: readonly number[][], means: readonly number[][]) => {
    const kernels = createKernels("auto");
    const { memory } = kernels;
    const all = [...rows, ...means];
    const address = memory.allocate(8 * all.length ** 2);
    memory.f64.fill(Number.NaN, address >>> 3, (address >>> 3) + all.length ** 2);
    for (let a = 0; a < all.length; a++)
      for (let b = 0; b <= a; b++) memory.f64[(address >>> 3) + a * all.length + b] = dot(all[a], all[b]);
    return betweenCoordinates(kernels, { address, m: rows.length, k: means.length, cols: all[0].length }, "test");
  };
  const centred = (means: readonly number[][]): number[][] =>
    means.map((row) => row.map((value, j) => value - means.reduce((sum, own) => sum + own[j] / means.length, 0)));

  it("of the class means hold their inner products, with squares of singular values as columns' sums, largest first", () => {
    const means = centred([0, 1, 2, 3].map((c) => normals(c, 6)));
    const { coordinates, squares } = coordinatesOf(means, means);
    expect(squares).toHaveLength(3);
    expect([...squares].sort((a, b) => b - a)).toEqual([...squares]);
    const rowOf = (c: number): number[] => Array.from(coordinates.subarray(3 * c, 3 * c + 3));
    means.forEach((a, i) => {
      means.forEach((b, j) => {
        expect(dot(rowOf(i), rowOf(j))).toBeCloseTo(dot(a, b), 12);
      });
    });
    squares.forEach((square, q) => {
      expect(means.reduce((sum, _, c) => sum + rowOf(c)[q] ** 2, 0)).toBeCloseTo(square, 12);
    });
  });

  it("of other rows are their projections: a row orthogonal to all class means has none", () => {
    // Means along the first two axes only.
    const means = centred([
      [3, 0, 0, 0],
      [-3, 0, 0, 0],
      [0, 1, 0, 0],
      [0, -1, 0, 0],
    ]);
    const { coordinates, squares } = coordinatesOf(
      [
        [2, 0, 5, 0],
        [0, -4, 0, 7],
        [0, 0, 1, 1],
      ],
      means,
    );
    // Four means in two dimensions have two directions, not three.
    expect(squares).toHaveLength(2);
    expect(squares[0]).toBeCloseTo(18, 12);
    expect(squares[1]).toBeCloseTo(2, 12);
    [2, 0, 0, 4, 0, 0].forEach((value, j) => {
      expect(Math.abs(coordinates[j])).toBeCloseTo(value, 12);
    });
  });
});

it("inner products of rows with themselves fill both halves", () => {
  const rows = [0, 1, 2, 3, 4].map((i) => normals(i, 3));
  const products = selfProducts(createKernels("auto"), Float64Array.from(rows.flat()), 5, 3);
  rows.forEach((a, i) => {
    rows.forEach((b, j) => {
      expect(products[5 * i + j]).toBeCloseTo(dot(a, b), 13);
    });
  });
});
