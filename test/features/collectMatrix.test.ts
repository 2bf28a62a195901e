import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type CollectInput, collectMatrix } from "../../src/features/collectMatrix.ts";

async function* later<T>(items: Iterable<T>): AsyncGenerator<T> {
  for (const item of items) yield item;
}
const f32 = Float32Array.of(1, 2, 3, 4);
const square = { data: f32, rows: 2, cols: 2 };

describe("collectMatrix", () => {
  it("lays rows and batches side by side in order of arrival, whatever their kind", async () => {
    const items = [Float32Array.of(1, 2), square, { data: f32, dims: [2, 2] }, { data: f32.subarray(0, 2), dims: [2] }];
    const { data, rows, cols } = await collectMatrix(later<(typeof items)[number]>(items));
    expect([rows, cols]).toEqual([6, 2]);
    expect(data).toEqual(Float32Array.of(1, 2, 1, 2, 3, 4, 1, 2, 3, 4, 1, 2));
  });

  it("becomes doubles as soon as a batch is, and keeps what came before", async () => {
    const { data } = await collectMatrix(later([Float32Array.of(0.5, 1), [0.1, 0.2], Float32Array.of(3, 4)]));
    expect(data).toEqual(Float64Array.of(0.5, 1, 0.1, 0.2, 3, 4));
  });

  it("takes arrays and promises of rows, and promises of a whole", async () => {
    const expected = { data: Float64Array.of(1, 2, 3, 4), rows: 2, cols: 2 };
    expect(await collectMatrix([Promise.resolve([1, 2]), [3, 4]])).toEqual(expected);
    expect(await collectMatrix([[[1, 2]], [[3, 4]]] as unknown as CollectInput)).toEqual(expected);
    expect(await collectMatrix(Promise.resolve(square))).toEqual(square);
  });

  it("brings down tensors of TensorFlow.js, ONNX Runtime and transformers.js, alone or in a stream", async () => {
    const tfjs = { shape: [2, 2], dtype: "float32", data: async () => f32, dataSync: () => expect.fail("not by blocking") };
    const onnx = { dims: [2, 2], type: "float32", location: "gpu-buffer", getData: async () => f32 };
    const transformers = {
      dims: [2, 2],
      type: "float32",
      location: "gpu-buffer",
      ort_tensor: onnx,
      [Symbol.iterator]: () => expect.fail("not row by row"),
    };
    for (const tensor of [tfjs, onnx, transformers]) {
      expect(await collectMatrix(tensor as CollectInput)).toEqual(square);
      expect((await collectMatrix(later([tensor, tensor]) as CollectInput)).data).toEqual(Float32Array.of(1, 2, 3, 4, 1, 2, 3, 4));
    }
  });

  it("gives what the rows' concatenation is, for any batches", async () => {
    const batch = fc.array(fc.tuple(fc.integer(), fc.integer(), fc.integer()), { minLength: 1, maxLength: 7 });
    await fc.assert(
      fc.asyncProperty(fc.array(batch, { minLength: 1, maxLength: 20 }), async (batches) => {
        const { data, rows } = await collectMatrix(later(batches));
        expect(Array.from(data)).toEqual(batches.flat(2));
        expect(rows).toBe(batches.flat().length);
      }),
    );
  });

  it.each<[string, unknown, RegExp]>([
    ["a batch of another width", [[1, 2], [3]], /batch 1 has 1 columns, expected 2/],
    ["nothing", [], /source has 0 rows/],
    ["a row of nothing", [[]], /batch 0 has 0 values/],
    ["NaN", [[1], [Number.NaN]], /batch 1 row 0, column 0 is NaN/],
    ["three axes", [{ data: f32, dims: [1, 2, 2] }], /batch 0 has shape \(1, 2, 2\)/],
  ])("refuses %s, naming the batch", async (_, items, message) => {
    await expect(collectMatrix(later(items as number[][]))).rejects.toThrow(RangeError);
    await expect(collectMatrix(later(items as number[][]))).rejects.toThrow(message);
  });

  it("refuses what is neither a tensor nor a stream", async () => {
    for (const source of [null, 3, "text", {}, new Float32Array(3).buffer]) {
      await expect(collectMatrix(source as unknown as CollectInput)).rejects.toThrow(TypeError);
    }
  });

  it("closes the stream after an error", async () => {
    let closed = false;
    async function* rows() {
      try {
        yield [1, 2];
        yield [1];
        expect.fail("asked for more");
      } finally {
        closed = true;
      }
    }
    await expect(collectMatrix(rows())).rejects.toThrow(RangeError);
    expect(closed).toBe(true);
  });
});
