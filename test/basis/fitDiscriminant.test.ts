import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fitCentre } from "../../src/basis/fitCentre.ts";
import { fitDiscriminant } from "../../src/basis/fitDiscriminant.ts";
import { project } from "../../src/basis/project.ts";
import type { Matrix } from "../../src/core/matrix.ts";
import { randomNormal, randomStream, randomUniform } from "../../src/core/random.ts";
import { takeRows } from "../../src/features/takeRows.ts";

interface GoldenCase {
  readonly ridge: number;
  readonly mean: number[];
  readonly dimensions: number;
  readonly T: number[];
  readonly psi: number[];
}
const golden = JSON.parse(readFileSync(new URL("../golden/small.json", import.meta.url), "utf8")).basis as {
  rows: number;
  cols: number;
  X: number[];
  y: number[];
  cases: GoldenCase[];
};
// make.py fits to features as they are given, and they are not of unit length there; only their directions count here.
const features: Matrix = { data: Float64Array.from(golden.X), rows: golden.rows, cols: golden.cols };

/** The largest difference of two columns' elements, whichever way the columns point. */
function apart(a: ArrayLike<number>, b: ArrayLike<number>, d: number, r: number, column: number): number {
  let [same, opposite] = [0, 0];
  for (let j = column; j < d * r; j += r) {
    same = Math.max(same, Math.abs(a[j] - b[j]));
    opposite = Math.max(opposite, Math.abs(a[j] + b[j]));
  }
  return Math.min(same, opposite);
}

describe("fitDiscriminant", () => {
  for (const side of ["direct", "gram"] as const) {
    it(`gives numpy's discriminants, their spread and their centre (${side})`, () => {
      for (const want of golden.cases) {
        const basis = fitDiscriminant(features, golden.y, { ridge: want.ridge, normalize: "none", side });
        expect(basis.dimensions).toBe(want.dimensions);
        basis.mean.forEach((value, j) => {
          expect(value).toBeCloseTo(want.mean[j], 12);
        });
        basis.psi!.forEach((value, i) => {
          expect(Math.abs(value - want.psi[i])).toBeLessThan(1e-9 * (1 + want.psi[0]));
        });
        const size = Math.max(...want.T.map(Math.abs));
        for (let i = 0; i < want.dimensions; i++) expect(apart(basis.transform!, want.T, 10, want.dimensions, i)).toBeLessThan(1e-9 * size);
      }
    });
  }

  /** Classes of Gaussian rows with means of their own. */
  function classes(seed: number, k: number, each: number, cols: number): { x: Matrix; y: string[] } {
    const random = randomStream(seed, "synthetic");
    const means = Float64Array.from({ length: k * cols }, () => 1 + randomNormal(random));
    const data = Float64Array.from(
      { length: k * each * cols },
      (_, p) => means[Math.floor(p / (each * cols)) * cols + (p % cols)] + randomNormal(random),
    );
    return { x: { data, rows: k * each, cols }, y: Array.from({ length: k * each }, (_, i) => `class ${Math.floor(i / each)}`) };
  }

  const shapes = fc.record({
    seed: fc.integer({ min: 0, max: 1e9 }),
    k: fc.integer({ min: 2, max: 6 }),
    each: fc.integer({ min: 2, max: 9 }),
    cols: fc.integer({ min: 2, max: 40 }),
    ridge: fc.constantFrom(0.05, 1, 20),
  });

  it("makes the ridged covariance within classes 1 and that between them diagonal, whichever side is factorised", () => {
    fc.assert(
      fc.property(shapes, ({ seed, k, each, cols, ridge }) => {
        const { x, y } = classes(seed, k, each, cols);
        for (const side of ["direct", "gram"] as const) {
          const basis = fitDiscriminant(x, y, { ridge, side });
          const r = basis.dimensions;
          const rows = project(basis, x).data;
          const plain = project(fitCentre(x), x).data;
          // λ̄ from the centred rows, in plain loops; T's columns shortened by the ridge give the within variance of projected rows.
          const centred = { data: plain, width: cols };
          const projected = { data: rows, width: r };
          const within = ({ data, width }: typeof centred, a: number, b: number): number => {
            let sum = 0;
            for (let c = 0; c < k; c++) {
              let [ma, mb] = [0, 0];
              for (let i = c * each; i < (c + 1) * each; i++) {
                ma += data[i * width + a] / each;
                mb += data[i * width + b] / each;
              }
              for (let i = c * each; i < (c + 1) * each; i++) sum += (data[i * width + a] - ma) * (data[i * width + b] - mb);
            }
            return sum / (k * each - k);
          };
          let meanVariance = 0;
          for (let j = 0; j < cols; j++) meanVariance += within(centred, j, j) / cols;
          for (let a = 0; a < r; a++) {
            for (let b = 0; b <= a; b++) {
              let norm = 0;
              for (let j = 0; j < cols; j++) norm += basis.transform![j * r + a] * basis.transform![j * r + b];
              expect(within(projected, a, b) + ridge * meanVariance * norm).toBeCloseTo(Number(a === b), 7);
            }
          }
        }
      }),
      { numRuns: 40 },
    );
  });

  it("gives the same basis from d × d and from n × n", () => {
    fc.assert(
      fc.property(shapes, ({ seed, k, each, cols, ridge }) => {
        const { x, y } = classes(seed, k, each, cols);
        const direct = fitDiscriminant(x, y, { ridge, side: "direct" });
        const gram = fitDiscriminant(x, y, { ridge, side: "gram" });
        expect(gram.dimensions).toBe(direct.dimensions);
        direct.psi!.forEach((value, i) => {
          expect(Math.abs(gram.psi![i] - value)).toBeLessThan(1e-9 * (1 + direct.psi![0]));
        });
        const inner = (basis: typeof direct): Float64Array => Float64Array.from(project(basis, x).data);
        const [a, b] = [inner(direct), inner(gram)];
        // Nearly equal eigenvalues may turn their vectors; inner products of projected rows stay.
        const r = direct.dimensions;
        for (let i = 0; i < x.rows; i++) {
          let [one, two] = [0, 0];
          for (let j = 0; j < r; j++) {
            one += a[i * r + j] * a[j];
            two += b[i * r + j] * b[j];
          }
          expect(Math.abs(one - two)).toBeLessThan(1e-8 * (1 + Math.abs(one)));
        }
      }),
      { numRuns: 40 },
    );
  });

  it("fits to the rows listed as to a copy of them, changes nothing it is given, and gives the same bits from either kernels", () => {
    const { x, y } = classes(3, 5, 6, 12);
    const random = randomStream(5, "synthetic");
    const rows = Array.from({ length: x.rows }, (_, i) => i).filter(() => randomUniform(random) < 0.7);
    const before = x.data.slice();
    const options = { ridge: 0.5, normalize: "l2" } as const;
    const basis = fitDiscriminant(x, y, { ...options, rows });
    const copy = fitDiscriminant(
      takeRows(x, rows),
      rows.map((i) => y[i]),
      options,
    );
    expect(basis).toEqual(copy);
    expect(fitDiscriminant(x, y, { ...options, rows, kernels: "js" })).toEqual(
      fitDiscriminant(x, y, { ...options, rows, kernels: "wasm" }),
    );
    expect(x.data).toEqual(before);
  });

  it("does not depend on the length of rows, and keeps the dimensions of largest ψ when asked for fewer", () => {
    const { x, y } = classes(4, 6, 5, 15);
    const scaled = { ...x, data: x.data.map((value, p) => value * (1 + (Math.floor(p / 15) % 7))) };
    const all = fitDiscriminant(x, y, { ridge: 1 });
    fitDiscriminant(scaled, y, { ridge: 1 }).psi!.forEach((value, i) => {
      expect(value).toBeCloseTo(all.psi![i], 10);
    });
    const two = fitDiscriminant(x, y, { ridge: 1, dimensions: 2 });
    expect(two.psi).toEqual(all.psi!.slice(0, 2));
    expect(Array.from(all.psi!)).toEqual(Array.from(all.psi!).sort((a, b) => b - a));
  });

  it("drops dimensions in which class means do not differ", () => {
    // Three classes on a line.
    const data = Float64Array.from([1, 0.1, 1, -0.1, 0.5, 0.1, 0.5, -0.1, -1, 0.1, -1, -0.1]);
    const y = [0, 0, 1, 1, 2, 2];
    expect(fitDiscriminant({ data, rows: 6, cols: 2 }, y, { ridge: 1, normalize: "none" }).dimensions).toBe(1);
  });

  it("says what is wrong with its input", () => {
    const { x, y } = classes(1, 3, 3, 8);
    expect(() => fitDiscriminant(x, y.slice(1), { ridge: 1 })).toThrow(
      "fitDiscriminant: labels has 8 rows, expected 9, one a row of features",
    );
    expect(() => fitDiscriminant(x, y, { ridge: 1, side: "dual" as "gram" })).toThrow('fitDiscriminant: side is "dual", expected');
    expect(() => fitDiscriminant(x, y, { ridge: -1 })).toThrow("fitDiscriminant: ridge is -1, expected a finite number of at least 0");
    expect(() => fitDiscriminant(x, y, { ridge: 0 })).toThrow("fitDiscriminant: ridge is 0, expected a larger one");
    expect(() => fitDiscriminant(x, y, { ridge: 1, rows: [0, 1] })).toThrow(
      "fitDiscriminant: labels has 1 class in the rows chosen, expected at least 2",
    );
    expect(() => fitDiscriminant(x, y, { ridge: 1, rows: [0, 3] })).toThrow("one row a class");
    expect(() => fitDiscriminant(x, y, { ridge: 1, rows: [0, 9] })).toThrow(
      "fitDiscriminant: rows[1] is 9, expected a whole number in 0…8",
    );
    expect(() => fitDiscriminant({ ...x, data: x.data.map((v, i) => (i === 9 ? Number.NaN : v)) }, y, { ridge: 1 })).toThrow(
      "row 1, column 1 is NaN",
    );
  });
});
