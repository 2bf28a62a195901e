import { Matrix, MatrixSubView, MatrixTransposeView } from "ml-matrix";
import { describe, expect, it } from "vitest";
import { collectMatrix } from "../../src/features/collectMatrix.ts";
import { toMatrix } from "../../src/features/toMatrix.ts";
import { toViews } from "../../src/features/toViews.ts";
import { double, rows, transposed, views } from "./plain.ts";

describe("ml-matrix", () => {
  it("gives its matrices, transposes and products to toMatrix and collectMatrix", async () => {
    const matrix = new Matrix(rows);
    expect(toMatrix(matrix)).toEqual(double(rows));
    expect(await collectMatrix(matrix)).toEqual(double(rows));
    expect(toMatrix(matrix.transpose())).toEqual(double(transposed));
    expect(toMatrix(matrix.mmul(Matrix.eye(2)))).toEqual(double(rows));
  });

  it("gives its views: transposed, and parts", () => {
    const matrix = new Matrix(rows);
    expect(toMatrix(new MatrixTransposeView(matrix))).toEqual(double(transposed));
    expect(toMatrix(new MatrixSubView(matrix, 1, 2, 0, 0))).toEqual(double([[3.5], [5]]));
  });

  it("gives batches, rows after rows, and augmented views with the option views", async () => {
    expect(await collectMatrix(views.map((batch) => new Matrix(batch)))).toEqual(double(views.flat()));
    expect(toViews(new Matrix(views.flat()), { views: 3 })).toEqual({ matrix: double(views.flat()), views: 3 });
  });
});
