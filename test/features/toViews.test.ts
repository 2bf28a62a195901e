import ndarray from "ndarray";
import { describe, expect, it } from "vitest";
import { toViews, type ViewsInput } from "../../src/features/toViews.ts";

const f32 = Float32Array.from({ length: 12 }, (_, i) => i);
const wrong = (input: unknown, options?: { views: number }) => () => toViews(input as ViewsInput, options);

describe("toViews", () => {
  it("lays view v of row i at row i · views + v", () => {
    const { matrix, views } = toViews([
      [
        [1, 2],
        [3, 4],
        [5, 6],
      ],
      [
        [7, 8],
        [9, 10],
        [11, 12],
      ],
    ]);
    expect(views).toBe(3);
    expect(matrix).toEqual({ data: Float64Array.from({ length: 12 }, (_, i) => i + 1), rows: 6, cols: 2 });
  });

  it("takes tensors of three axes, without copying where they lie in order", () => {
    expect(toViews({ data: f32, dims: [2, 3, 2] })).toEqual({ matrix: { data: f32, rows: 6, cols: 2 }, views: 3 });
    expect(toViews(ndarray(f32, [2, 3, 2])).matrix.data).toBe(f32);
    const turned = ndarray(f32, [3, 2, 2]).transpose(1, 0, 2);
    const { matrix } = toViews(turned);
    for (let i = 0; i < 2; i++)
      for (let v = 0; v < 3; v++) for (let j = 0; j < 2; j++) expect(matrix.data[(i * 3 + v) * 2 + j]).toBe(turned.get(i, v, j));
  });

  it("takes n · views rows with the option views", () => {
    expect(toViews({ data: f32, rows: 6, cols: 2 }, { views: 2 })).toEqual({ matrix: { data: f32, rows: 6, cols: 2 }, views: 2 });
    expect(wrong({ data: f32, rows: 6, cols: 2 }, { views: 4 })).toThrow("toViews: input has 6 rows, expected a multiple of views = 4");
  });

  it("names the row and the view of what is ragged or not finite", () => {
    expect(wrong([[[1], [2]], [[3]]])).toThrow("toViews: input row 1 has 1 views, expected 2, as row 0");
    expect(
      wrong([
        [[1], [2]],
        [[3], [4, 5]],
      ]),
    ).toThrow("toViews: input row 1, view 1 has 2 values, expected 1, as input row 0, view 0");
    expect(
      wrong([
        [[1], [2]],
        [[3], [Number.NaN]],
      ]),
    ).toThrow(/^toViews: input.* row 3, column 0 is NaN/);
  });

  it("refuses other numbers of axes, and what is no tensor", () => {
    expect(wrong({ data: f32, shape: [6, 2] })).toThrow(/three axes.*or give the option views/);
    expect(wrong({ data: f32, shape: [12] })).toThrow(RangeError);
    expect(wrong({ data: f32.subarray(0, 0), shape: [0, 3, 2] })).toThrow(RangeError);
    expect(wrong(f32)).toThrow(TypeError);
    expect(wrong(null)).toThrow(TypeError);
  });
});
