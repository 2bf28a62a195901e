import fc from "fast-check";
import { Matrix as MlMatrix } from "ml-matrix";
import ndarray from "ndarray";
import { describe, expect, it } from "vitest";
import type { MatrixInput, ToMatrixOptions } from "../../src/features/matrixFrom.ts";
import { toMatrix } from "../../src/features/toMatrix.ts";

const values = [1, 2, 3, 4, 5, 6];
const rows = [
  [1, 2, 3],
  [4, 5, 6],
];
const f32 = Float32Array.from(values);
const f64 = Float64Array.from(values);
/** The bits of 1 … 6 as halves. */
const halves = Uint16Array.of(0x3c00, 0x4000, 0x4200, 0x4400, 0x4500, 0x4600);
const wrong = (input: unknown, options?: ToMatrixOptions) => () => toMatrix(input as MatrixInput, options);

/** A column of fixed-size lists as apache-arrow lays it out, in chunks. */
const lists = (chunks: unknown[], listSize: number, extra = {}) => ({
  type: { listSize },
  nullCount: 0,
  length: chunks.reduce((sum: number, values) => sum + (values as Float32Array).length / listSize, 0),
  data: chunks.map((values) => ({ length: (values as Float32Array).length / listSize, children: [{ values, nullCount: 0, ...extra }] })),
});

describe("toMatrix", () => {
  const doubles: [string, unknown, ToMatrixOptions?][] = [
    ["rows of numbers", rows],
    ["rows of 64-bit floats", rows.map((row) => Float64Array.from(row))],
    ["rows of integers", rows.map((row) => Int16Array.from(row))],
    ["rows of several kinds", [Float32Array.of(1, 2, 3), [4, 5, 6]]],
    ["a Matrix", { data: f64, rows: 2, cols: 3 }],
    ["a flat typed array with rows", f64, { rows: 2 }],
    ["a flat typed array with cols", Int32Array.from(values), { cols: 3 }],
    ["a flat array with rows and cols", values, { rows: 2, cols: 3 }],
    ["a record with shape", { data: f64, shape: [2, 3] }],
    ["a record with shape, strides and offset", { data: Float64Array.of(0, 1, 4, 2, 5, 3, 6), shape: [2, 3], strides: [1, 2], offset: 1 }],
    ["integers with a shape", { data: Uint8Array.from(values), shape: [2, 3] }],
    ["plain numbers with a shape", { data: values, shape: [2, 3] }],
    ["a shape that is a typed array", { data: f64, shape: Int32Array.of(2, 3) }],
    ["an ndarray", ndarray(f64, [2, 3])],
    ["a transposed ndarray", ndarray(Float64Array.of(1, 4, 2, 5, 3, 6), [3, 2]).transpose(1, 0)],
    ["a stepped ndarray", ndarray(Float64Array.of(1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0), [2, 6]).step(1, 2)],
    ["an ndarray backwards", ndarray(Float64Array.of(6, 5, 4, 3, 2, 1), [2, 3]).step(-1, -1)],
    ["an ndarray of plain numbers", ndarray(values, [2, 3])],
    ["an ml-matrix", new MlMatrix(rows)],
    ["a table of values (danfo)", { values: rows, shape: undefined }],
    ["an Arrow column of lists of integers", lists([Int32Array.from(values)], 3)],
  ];
  it.each(doubles)("takes %s, as doubles", (_, input, options) => {
    expect(toMatrix(input as MatrixInput, options)).toEqual({ data: f64, rows: 2, cols: 3 });
  });

  it.each<[string, unknown, ToMatrixOptions?]>([
    ["rows of 32-bit floats", rows.map((row) => Float32Array.from(row))],
    ["a tensor with dims (transformers.js, ONNX Runtime)", { data: f32, dims: [2, 3], type: "float32", location: "cpu" }],
    ["a pinned tensor with dims", { data: f32, dims: [2, 3], location: "cpu-pinned" }],
    ["a tensor with dataSync (TensorFlow.js)", { shape: [2, 3], dataSync: () => f32, strides: [3], isDisposed: false }],
    ["an ndarray of 32-bit floats in column-major order", ndarray(Float32Array.of(1, 4, 2, 5, 3, 6), [2, 3], [1, 2])],
    ["halves by their bits", { data: halves, shape: [2, 3] }, { dtype: "float16" }],
    ["halves by their bits, where the tensor says so", { data: halves, dims: [2, 3], type: "float16" }],
    ["rows of halves", [halves.subarray(0, 3), halves.subarray(3)], { dtype: "float16" }],
    ["a flat array of halves", halves, { dtype: "float16", cols: 3 }],
    ["an Arrow column of lists", lists([f32], 3)],
    ["an Arrow column in chunks", lists([f32.subarray(0, 3), f32.subarray(3)], 3)],
    ["an Arrow column of halves", lists([halves], 3, { type: { precision: 0 } })],
  ])("takes %s, as 32-bit floats", (_, input, options) => {
    expect(toMatrix(input as MatrixInput, options)).toEqual({ data: f32, rows: 2, cols: 3 });
  });

  it("takes Float16Array, in engines that have it, as 32-bit floats", () => {
    // Told by its tag, so that a stand-in will do where the engine has none.
    const Float16 = (globalThis as { Float16Array?: new (values: number[]) => object }).Float16Array;
    const data = Float16 ? new Float16(values) : Object.defineProperty([...values], Symbol.toStringTag, { value: "Float16Array" });
    expect(toMatrix({ data, shape: [2, 3] })).toEqual({ data: f32, rows: 2, cols: 3 });
  });

  it("transposes an ml-matrix with its transpose", () => {
    expect(toMatrix(new MlMatrix(rows).transpose())).toEqual({ data: Float64Array.of(1, 4, 2, 5, 3, 6), rows: 3, cols: 2 });
  });

  it("shares the memory of floats that already lie in row-major order, and copies others", () => {
    expect(toMatrix({ data: f32, rows: 2, cols: 3 }).data).toBe(f32);
    expect(toMatrix({ data: f32, shape: [2, 3] }).data).toBe(f32);
    expect(toMatrix(f32, { cols: 3 }).data).toBe(f32);
    expect(toMatrix(ndarray(f32, [2, 3])).data).toBe(f32);
    expect(toMatrix({ shape: [2, 3], dataSync: () => f32 }).data).toBe(f32);
    expect(toMatrix(ndarray(f32, [2, 3]).lo(1, 0)).data.buffer).toBe(f32.buffer);
    expect(toMatrix(ndarray(f32, [2, 3]).transpose(1, 0)).data.buffer).not.toBe(f32.buffer);
    expect(toMatrix(lists([f32], 3)).data.buffer).toBe(f32.buffer);
  });

  it("reads any ndarray view as its get does", () => {
    const view = fc.record({ shape: fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 })), swap: fc.boolean() });
    const steps = fc.tuple(fc.constantFrom(-2, -1, 1, 2), fc.constantFrom(-2, -1, 1, 2));
    fc.assert(
      fc.property(view, steps, fc.nat(4), fc.nat(4), ({ shape, swap }, step, low, high) => {
        const whole = ndarray(
          Float64Array.from({ length: shape[0] * shape[1] }, (_, i) => i),
          shape,
        );
        const cut = whole.lo(low % shape[0], high % shape[1]).step(...step);
        const array = swap ? cut.transpose(1, 0) : cut;
        const { data, rows, cols } = toMatrix(array);
        expect([rows, cols]).toEqual(array.shape);
        for (let i = 0; i < rows; i++) for (let j = 0; j < cols; j++) expect(data[i * cols + j]).toBe(array.get(i, j));
      }),
    );
  });

  it("decodes every half exactly", () => {
    const bits = Uint16Array.from({ length: 65536 }, (_, i) => i).filter((half) => (half & 0x7c00) !== 0x7c00);
    const { data } = toMatrix(bits, { dtype: "float16", rows: 1 });
    const exact = Float32Array.from(bits, (half) => {
      const magnitude = half & 0x7c00 ? (1 + (half & 1023) / 1024) * 2 ** (((half >> 10) & 31) - 15) : (half & 1023) * 2 ** -24;
      return half & 0x8000 ? -magnitude : magnitude;
    });
    expect(new Uint8Array(data.buffer)).toEqual(new Uint8Array(exact.buffer));
  });

  it("leaves its input as it was", () => {
    const input = [Float64Array.of(1, 2), Float64Array.of(3, 4)];
    toMatrix(input).data[0] = 9;
    expect(input[0][0]).toBe(1);
  });

  it.each<[string, unknown, RegExp, ToMatrixOptions?]>([
    ["ragged rows", [[1, 2], [1]], /input row 1 has 1 values, expected 2, as input row 0/],
    ["ragged typed rows", [f32, f64.subarray(1)], /input row 1 has 5 values, expected 6/],
    ["rows of nothing", [[], []], /input row 0 has 0 values/],
    ["no rows", [], /0 values/],
    ["no rows of a shape", { data: f32.subarray(0, 0), shape: [0, 3] }, /0 rows, expected at least 1/],
    ["no columns", { data: f32.subarray(0, 0), shape: [3, 0] }, /at least 1 column/],
    ["one row that is no list of rows", values, /one axis of 6 values.*give \{rows, cols\}, or \[row\]/],
    ["one axis", { data: f32, shape: [6] }, /shape \(6\), expected two axes.*1 × d/],
    ["three axes", { data: f32, dims: [1, 2, 3] }, /shape \(1, 2, 3\).*toViews/],
    [
      "NaN",
      [
        [1, 2],
        [3, Number.NaN],
      ],
      /input row 1, column 1 is NaN, expected finite/,
    ],
    ["Infinity", { data: Float32Array.of(1, Number.POSITIVE_INFINITY), shape: [1, 2] }, /row 0, column 1 is Infinity/],
    ["NaN among halves", { data: Uint16Array.of(0x7e00), shape: [1, 1] }, /row 0, column 0 is NaN/, { dtype: "float16" }],
    ["fewer values than the shape", { data: f32, shape: [3, 3] }, /has 6 values, expected those that shape 3 × 3 reaches: 0 to 8/],
    ["strides beyond the data", { data: f32, shape: [2, 3], strides: [4, 1] }, /0 to 6/],
    ["strides before the data", { data: f32, shape: [2, 3], strides: [-3, 1] }, /-3 to 2/],
    ["an offset beyond the data", { data: f32, shape: [2, 3], offset: 1 }, /1 to 6/],
    ["too few strides", { data: f32, shape: [2, 3], strides: [1] }, /1 values, expected 2, one an axis/],
    ["a negative axis", { data: f32, shape: [-2, 3] }, /is \(-2, 3\), expected whole numbers of at least 0/],
    ["a broadcast too large to copy", { data: f32, shape: [1e6, 1e6], strides: [0, 0] }, /at most 2\^32/],
    ["rows that do not fit", f32, /6 values, expected 4 × 2 = 8/, { rows: 4, cols: 2 }],
    ["a length that is no multiple", f32, /toMatrix: data has 6 values, expected a multiple of cols = 4/, { cols: 4 }],
    ["an unknown dtype", f32, /options\.dtype is "float64", expected one of float16/, { dtype: "float64" as "float16", cols: 3 }],
    ["null rows of Arrow", { ...lists([f32], 3), nullCount: 2 }, /2 null rows/],
    ["null values of Arrow", lists([f32], 3, { nullCount: 1 }), /1 null values/],
  ])("refuses %s with a RangeError", (_, input, message, options) => {
    expect(wrong(input, options)).toThrow(RangeError);
    expect(wrong(input, options)).toThrow(message);
    expect(wrong(input, options)).toThrow(/^toMatrix: /);
  });

  it.each<[string, unknown, RegExp]>([
    ["a tensor on a GPU", { dims: [2, 3], location: "gpu-buffer" }, /memory of a GPU.*await tensor\.getData\(\)/],
    [
      "a tensor whose data throw when it is on a GPU",
      {
        dims: [2, 3],
        location: "texture",
        get data() {
          throw new Error("no");
        },
      },
      /await tensor/,
    ],
    ["a tensor that was disposed of (ONNX Runtime)", { dims: [2, 3], location: "none" }, /disposed of/],
    ["a tensor that was disposed of (TensorFlow.js)", { shape: [2, 3], isDisposed: true, dataSync: () => f32 }, /disposed of/],
    ["a tensor of promises", { shape: [2, 3], data: async () => f32 }, /await collectMatrix\(tensor\)/],
    ["a tensor without data", { dims: [2, 3] }, /input\.data is undefined/],
    ["bigints", { data: BigInt64Array.of(1n), dims: [1, 1] }, /Float64Array\.from\(data, Number\)/],
    ["rows of bigints", [BigInt64Array.of(1n)], /Float64Array\.from\(data, Number\)/],
    ["an array of bigints", { data: [1n], shape: [1, 1] }, /value 0 is 1n.*Float64Array/],
    ["strings", [["1", "2"]], /input row 0, column 0 is "1", expected a number/],
    ["holes", [new Array(3)], /row 0, column 0 is undefined/],
    ["string tensors", { data: ["a"], dims: [1, 1] }, /value 0 is "a"/],
    ["a generic ndarray store", { data: { get: () => 1, length: 6 }, shape: [2, 3] }, /typed array or an array/],
    ["an ArrayBuffer", new ArrayBuffer(8), /input is ArrayBuffer/],
    ["a DataView", new DataView(new ArrayBuffer(8)), /input is DataView/],
    ["null", null, /input is null/],
    ["a number", 3, /input is 3/],
    ["rows of objects", [{}], /input row 0 is Object/],
  ])("refuses %s with a TypeError", (_, input, message) => {
    expect(wrong(input)).toThrow(TypeError);
    expect(wrong(input)).toThrow(message);
    expect(wrong(input)).toThrow(/^toMatrix: .*, expected /);
  });
});
