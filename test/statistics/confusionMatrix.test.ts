import fc from "fast-check";
import { expect, it } from "vitest";
import { balancedAccuracy } from "../../src/statistics/balancedAccuracy.ts";
import { confusionMatrix } from "../../src/statistics/confusionMatrix.ts";
import { macroF1 } from "../../src/statistics/macroF1.ts";

const labels = fc.array(fc.tuple(fc.constantFrom("a", "b", "c", "d"), fc.constantFrom("a", "b", "c", "e")), {
  minLength: 1,
  maxLength: 60,
});

it("counts true classes in rows and predicted ones in columns, classes of either in ascending order", () => {
  const { classes, counts } = confusionMatrix([2, 2, 0, 1, 1, 1], [2, 0, 0, 1, 7, 1]);
  expect(classes).toEqual([0, 1, 2, 7]);
  expect(Array.from(counts)).toEqual([1, 0, 0, 0, 0, 2, 0, 1, 1, 0, 1, 0, 0, 0, 0, 0]);
});

it("balanced accuracy and macro-F1 follow scikit-learn's definitions on an uneven example", () => {
  const actual = [0, 0, 1, 1, 2, 2, 2, 3, 3, 1, 0, 2];
  const predicted = [0, 1, 1, 1, 2, 0, 2, 1, 2, 4, 0, 2];
  const matrix = confusionMatrix(actual, predicted);
  // Recalls 2/3, 2/3, 3/4, 0; class 4 has no true row and no recall, but an F1 of 0.
  expect(balancedAccuracy(matrix)).toBeCloseTo((2 / 3 + 2 / 3 + 3 / 4) / 4, 14);
  expect(macroF1(matrix)).toBeCloseTo((4 / 6 + 4 / 7 + 6 / 8) / 5, 14);
});

it("both agree with precision and recall counted the plain way", () => {
  fc.assert(
    fc.property(labels, (rows) => {
      const [actual, predicted] = [rows.map(([a]) => a), rows.map(([, p]) => p)];
      const names = [...new Set([...actual, ...predicted])];
      const size = (test: (a: string, p: string) => boolean) => rows.filter(([a, p]) => test(a, p)).length;
      const recalls = [...new Set(actual)].map((c) => size((a, p) => a === c && p === c) / size((a) => a === c));
      const f1 = names.map((c) => {
        const both = size((a, p) => a === c && p === c);
        const [precision, recall] = [both / size((_, p) => p === c), both / size((a) => a === c)];
        return both === 0 ? 0 : (2 * precision * recall) / (precision + recall);
      });
      const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
      const matrix = confusionMatrix(actual, predicted);
      expect(balancedAccuracy(matrix)).toBeCloseTo(mean(recalls), 12);
      expect(macroF1(matrix)).toBeCloseTo(mean(f1), 12);
    }),
  );
});

it("with as many rows of each class, balanced accuracy is accuracy; perfect predictions score 1", () => {
  const actual = ["x", "y", "z", "x", "y", "z"];
  expect(balancedAccuracy(confusionMatrix(actual, ["x", "y", "y", "x", "x", "z"]))).toBeCloseTo(4 / 6, 14);
  fc.assert(
    fc.property(labels, (rows) => {
      const matrix = confusionMatrix(
        rows.map(([a]) => a),
        rows.map(([a]) => a),
      );
      expect([balancedAccuracy(matrix), macroF1(matrix)]).toEqual([1, 1]);
    }),
  );
});

it("labels of different kinds but one value are one class", () => {
  expect(confusionMatrix(BigInt64Array.of(0n, 1n), Int32Array.of(0, 1)).counts).toEqual(Float64Array.of(1, 0, 0, 1));
});

it("names the argument at fault", () => {
  expect(() => confusionMatrix([1, 2], [1])).toThrow("confusionMatrix: predicted has 1 rows, expected 2, one for each of actual");
  expect(() => confusionMatrix([], [])).toThrow(RangeError);
  const matrix = { classes: ["a", "b"], counts: new Float64Array(4) };
  expect(() => balancedAccuracy(matrix)).toThrow("balancedAccuracy: matrix has no rows, expected at least 1");
  expect(() => macroF1({ ...matrix, counts: new Float64Array(3) })).toThrow("macroF1: matrix has 3 counts, expected 2 × 2 = 4");
  expect(() => macroF1({ ...matrix, counts: Float64Array.of(1, -1, 0, 1) })).toThrow(
    "macroF1: matrix class a, predicted b is -1, expected a count",
  );
});
