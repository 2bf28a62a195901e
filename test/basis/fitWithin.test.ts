import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fitCentre } from "../../src/basis/fitCentre.ts";
import { fitDiscriminant } from "../../src/basis/fitDiscriminant.ts";
import { fitWithin } from "../../src/basis/fitWithin.ts";
import { project } from "../../src/basis/project.ts";
import { syntheticFeatures } from "../../src/features/syntheticFeatures.ts";
import { classStatistics } from "../../src/statistics/classStatistics.ts";

const shapes = fc.record({
  seed: fc.integer({ min: 0, max: 1e9 }),
  classes: fc.integer({ min: 2, max: 6 }),
  rowsPerClass: fc.integer({ min: 2, max: 12 }),
  dims: fc.integer({ min: 2, max: 24 }),
  ridge: fc.constantFrom(0.05, 0.2, 3),
});

describe("fitWithin", () => {
  it("makes dimensions uncorrelated within classes, their variances what `within` says, their means' spread what ψ says", () => {
    fc.assert(
      fc.property(shapes, ({ ridge, ...shape }) => {
        const { features, labels } = syntheticFeatures(shape);
        const basis = fitWithin(features, labels, { ridge });
        const projected = project(basis, features);
        const { means, variances } = classStatistics(projected, labels);
        const { dims: d, classes: k, rowsPerClass } = shape;
        for (let j = 0; j < d; j++) {
          let [within, mean, spread] = [0, 0, 0];
          for (let c = 0; c < k; c++) {
            within += variances[c * d + j] / k;
            mean += means[c * d + j] / k;
          }
          for (let c = 0; c < k; c++) spread += (means[c * d + j] - mean) ** 2 / (k - 1);
          expect(within).toBeCloseTo(basis.within[j], 8);
          expect(basis.psi[j]).toBeCloseTo(Math.max(spread - 1 / rowsPerClass, 0), 7);
        }
        for (let a = 0; a < d; a++) {
          for (let b = 0; b < a; b++) {
            let sum = 0;
            for (let i = 0; i < features.rows; i++) {
              const own = Math.floor(i / rowsPerClass) * d;
              sum += (projected.data[i * d + a] - means[own + a]) * (projected.data[i * d + b] - means[own + b]);
            }
            expect(Math.abs(sum) / (features.rows - k)).toBeLessThan(1e-8);
          }
        }
      }),
      { numRuns: 30 },
    );
  });

  it("spans what the discriminants are taken from: the same total separation of class means", () => {
    const { features, labels } = syntheticFeatures({ classes: 5, rowsPerClass: 9, dims: 16, seed: 2 });
    const within = project(fitWithin(features, labels, { ridge: 1 }), features);
    const discriminant = project(fitDiscriminant(features, labels, { ridge: 1 }), features);
    const spread = (rows: typeof within): number => {
      const { means } = classStatistics(rows, labels);
      let sum = 0;
      for (let j = 0; j < rows.cols; j++)
        for (let a = 0; a < 5; a++) for (let b = 0; b < a; b++) sum += (means[a * rows.cols + j] - means[b * rows.cols + j]) ** 2;
      return sum;
    };
    expect(spread(within)).toBeCloseTo(spread(discriminant), 7);
  });

  it("orders dimensions from largest variance to smallest, needs a ridge where rows are few, and takes rows by number", () => {
    const { features, labels } = syntheticFeatures({ classes: 4, rowsPerClass: 4, dims: 20, seed: 3 });
    const { within } = fitWithin(features, labels, { ridge: 0.2 });
    for (let j = 1; j < 20; j++) expect(within[j]).toBeLessThanOrEqual(within[j - 1]);
    expect(() => fitWithin(features, labels, { ridge: 0 })).toThrow("fitWithin: ridge is 0, expected a larger one");
    const rows = [0, 1, 2, 4, 5, 7, 12, 13];
    const copy = {
      data: Float64Array.from(rows.flatMap((i) => Array.from(features.data.subarray(i * 20, i * 20 + 20)))),
      rows: 8,
      cols: 20,
    };
    const taken = fitWithin(features, labels, { ridge: 1, rows, kernels: "wasm" });
    expect(taken).toEqual(
      fitWithin(
        copy,
        rows.map((i) => labels[i]),
        { ridge: 1, kernels: "js" },
      ),
    );
  });
});

describe("fitCentre and project", () => {
  it("centre by the mean of unit rows, and leave rows of zeros as they are", () => {
    const features = { data: Float64Array.from([3, 0, 0, 5, 0, 0]), rows: 3, cols: 2 };
    const basis = fitCentre(features, { rows: [0, 1] });
    expect(Array.from(basis.mean)).toEqual([0.5, 0.5]);
    const half = Math.SQRT1_2;
    const { data } = project(basis, features);
    [half, -half, -half, half, 0, 0].forEach((value, p) => {
      expect(data[p]).toBeCloseTo(value, 15);
    });
    expect(project(basis, features, { rows: [1] }).data).toEqual(data.slice(2, 4));
  });

  it("takes rows as given where asked to", () => {
    const features = { data: Float64Array.from([3, 0, 0, 5]), rows: 2, cols: 2 };
    expect(Array.from(fitCentre(features, { normalize: "none" }).mean)).toEqual([1.5, 2.5]);
  });

  it("project names what does not fit", () => {
    const basis = fitCentre({ data: Float64Array.of(1, 0), rows: 1, cols: 2 });
    expect(() => project(basis, { data: new Float64Array(3), rows: 1, cols: 3 })).toThrow(
      "project: features has 3 columns, expected 2, as the basis",
    );
    expect(() => project(basis, { data: Float64Array.of(1, Number.NaN), rows: 1, cols: 2 })).toThrow(
      "project: features row 0, column 1 is NaN",
    );
  });
});
