import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Basis } from "../../src/basis/basis.ts";
import { fitViews } from "../../src/basis/fitViews.ts";
import { project } from "../../src/basis/project.ts";
import type { Matrix } from "../../src/core/matrix.ts";
import { randomNormal, randomStream } from "../../src/core/random.ts";
import { takeRows } from "../../src/features/takeRows.ts";

const golden = JSON.parse(readFileSync(new URL("../golden/small.json", import.meta.url), "utf8")).views as {
  rows: number;
  views: number;
  cols: number;
  X: number[];
  ridge: number;
  mean: number[];
  whitening: number[];
};
const pool: Matrix = { data: Float64Array.from(golden.X), rows: golden.rows * golden.views, cols: golden.cols };

function viewsOf(seed: number, images: number, perRow: number, cols: number): Matrix {
  const random = randomStream(seed, "synthetic");
  const centres = Float64Array.from({ length: images * cols }, () => randomNormal(random));
  const data = Float64Array.from({ length: images * perRow * cols }, (_, p) => {
    const image = Math.floor(p / (perRow * cols));
    return centres[image * cols + (p % cols)] + 0.5 * randomNormal(random);
  });
  return { data, rows: images * perRow, cols };
}

/** S_w + ρλ̄I of views about their image, in plain loops, after the steps that `project` takes before it multiplies. */
function ridged(basis: Basis, views: Matrix, perRow: number): Float64Array {
  const d = views.cols;
  const plain = project({ ...basis, kind: "centre", transform: null, lower: null, lowRank: null }, views).data;
  const out = new Float64Array(d * d);
  const images = views.rows / perRow;
  for (let i = 0; i < images; i++) {
    for (let a = 0; a < d; a++) {
      for (let b = 0; b < d; b++) {
        let [ma, mb] = [0, 0];
        for (let v = 0; v < perRow; v++) {
          ma += plain[(i * perRow + v) * d + a] / perRow;
          mb += plain[(i * perRow + v) * d + b] / perRow;
        }
        for (let v = 0; v < perRow; v++) {
          out[a * d + b] += ((plain[(i * perRow + v) * d + a] - ma) * (plain[(i * perRow + v) * d + b] - mb)) / (images * (perRow - 1));
        }
      }
    }
  }
  let trace = 0;
  for (let a = 0; a < d; a++) trace += out[a * d + a];
  for (let a = 0; a < d; a++) out[a * d + a] += (basis.ridge * trace) / d;
  return out;
}

function times(a: ArrayLike<number>, b: ArrayLike<number>, d: number): Float64Array {
  const out = new Float64Array(d * d);
  for (let i = 0; i < d; i++) for (let p = 0; p < d; p++) for (let j = 0; j < d; j++) out[i * d + j] += a[i * d + p] * b[p * d + j];
  return out;
}

/** The symmetric matrix a basis multiplies by, written out. */
function written({ cols: d, transform, lowRank }: Basis): Float64Array {
  if (transform) return transform;
  const { vectors, gains, rest } = lowRank!;
  const out = new Float64Array(d * d);
  for (let i = 0; i < d; i++) {
    out[i * d + i] = rest;
    for (let j = 0; j < d; j++) for (let q = 0; q < gains.length; q++) out[i * d + j] += gains[q] * vectors[q * d + i] * vectors[q * d + j];
  }
  return out;
}

function expectIdentity(matrix: Float64Array, d: number): void {
  for (let i = 0; i < d * d; i++) expect(Math.abs(matrix[i] - Number(i % (d + 1) === 0))).toBeLessThan(1e-9);
}

const shapes = fc.record({
  seed: fc.integer({ min: 0, max: 1e9 }),
  images: fc.integer({ min: 1, max: 8 }),
  perRow: fc.integer({ min: 2, max: 5 }),
  cols: fc.integer({ min: 2, max: 40 }),
  ridge: fc.constantFrom(0.01, 1, 16),
});

describe("fitViews", () => {
  it("gives numpy's centre and whitening", () => {
    const basis = fitViews(pool, golden.views, { ridge: golden.ridge });
    basis.mean.forEach((value, j) => {
      expect(value).toBeCloseTo(golden.mean[j], 12);
    });
    const size = Math.max(...golden.whitening.map(Math.abs));
    basis.transform!.forEach((value, p) => {
      expect(Math.abs(value - golden.whitening[p])).toBeLessThan(1e-9 * size);
    });
  });

  it("whitens: W·(S_w + ρλ̄I)·W = I, whether W is held in full or as low-rank", () => {
    const seen = new Set<boolean>();
    fc.assert(
      fc.property(shapes, ({ seed, images, perRow, cols, ridge }) => {
        const views = viewsOf(seed, images, perRow, cols);
        const basis = fitViews(views, perRow, { ridge });
        const w = written(basis);
        seen.add(basis.lowRank !== null);
        expect(basis.lowRank !== null).toBe(2 * images * (perRow - 1) <= cols);
        expectIdentity(times(times(w, ridged(basis, views, perRow), cols), w, cols), cols);
      }),
      { numRuns: 60 },
    );
    expect(seen.size).toBe(2);
  });

  it("gives the same inner products by the Cholesky root, and by projecting the same rows as the written-out matrix", () => {
    fc.assert(
      fc.property(shapes, ({ seed, images, perRow, cols, ridge }) => {
        const views = viewsOf(seed, images, perRow, cols);
        const rows = viewsOf(seed + 1, 3, 1, cols);
        const symmetric = fitViews(views, perRow, { ridge });
        const cholesky = fitViews(views, perRow, { ridge, root: "cholesky" });
        const [a, b] = [project(symmetric, rows).data, project(cholesky, rows).data];
        const plain = project({ ...symmetric, transform: null, lowRank: null }, rows).data;
        const w = written(symmetric);
        const size = Math.max(...a.map(Math.abs));
        for (let i = 0; i < 3; i++) {
          for (let j = 0; j < 3; j++) {
            let [one, two] = [0, 0];
            for (let p = 0; p < cols; p++) {
              one += a[i * cols + p] * a[j * cols + p];
              two += b[i * cols + p] * b[j * cols + p];
            }
            expect(Math.abs(one - two)).toBeLessThan(1e-9 * size * size * cols);
          }
          for (let j = 0; j < cols; j++) {
            let sum = 0;
            for (let p = 0; p < cols; p++) sum += plain[i * cols + p] * w[p * cols + j];
            expect(Math.abs(sum - a[i * cols + j])).toBeLessThan(1e-11 * size * cols);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it("fits to the images listed as to a copy of their views, and gives the same bits from either kernels", () => {
    for (const [cols, root] of [
      [6, "symmetric"],
      [6, "cholesky"],
      [60, "symmetric"],
    ] as const) {
      const views = viewsOf(9, 7, 4, cols);
      const options = { ridge: 0.5, root };
      const copy = takeRows(views, [8, 9, 10, 11, 20, 21, 22, 23]);
      const basis = fitViews(views, 4, { ...options, images: [2, 5] });
      expect(basis).toEqual(fitViews(copy, 4, options));
      expect(fitViews(copy, 4, { ...options, kernels: "js" })).toEqual(fitViews(copy, 4, { ...options, kernels: "wasm" }));
      expect(project(basis, copy, { kernels: "js" })).toEqual(project(basis, copy, { kernels: "wasm" }));
    }
  });

  it("says what is wrong with its input", () => {
    const views = viewsOf(1, 3, 4, 5);
    expect(() => fitViews(views, 5, { ridge: 1 })).toThrow("fitViews: views has 12 rows, expected a multiple of viewsPerRow = 5");
    expect(() => fitViews(views, 1, { ridge: 1 })).toThrow("fitViews: viewsPerRow is 1, expected a whole number of at least 2");
    expect(() => fitViews(views, 4, { ridge: 0 })).toThrow("fitViews: ridge is 0, expected a finite number greater than 0");
    expect(() => fitViews(views, 4, { ridge: 1, images: [3] })).toThrow("fitViews: images[0] is 3, expected a whole number in 0…2");
    const same = { ...views, data: views.data.map((_, p) => Math.floor(p / 20) + (p % 5)) };
    expect(() => fitViews(same, 4, { ridge: 1 })).toThrow("fitViews: views are all alike");
  });
});
