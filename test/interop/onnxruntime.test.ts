import { InferenceSession, Tensor } from "onnxruntime-web";
import { describe, expect, it } from "vitest";
import { collectMatrix } from "../../src/features/collectMatrix.ts";
import { toMatrix } from "../../src/features/toMatrix.ts";
import { toViews } from "../../src/features/toViews.ts";
import { tinyModel } from "./onnxModel.ts";
import { double, rows, single, transposed, views } from "./plain.ts";

describe("ONNX Runtime", () => {
  it("gives its tensors to toMatrix and collectMatrix, without copying floats", async () => {
    const data = Float32Array.from(rows.flat());
    const tensor = new Tensor("float32", data, [3, 2]);
    expect(toMatrix(tensor)).toEqual(single(rows));
    expect(toMatrix(tensor).data).toBe(data);
    expect(await collectMatrix(tensor)).toEqual(single(rows));
    expect(toMatrix(new Tensor("float64", Float64Array.from(rows.flat()), [3, 2]))).toEqual(double(rows));
    expect(toMatrix(new Tensor("uint8", Uint8Array.of(1, 2), [1, 2]))).toEqual(double([[1, 2]]));
    expect(toMatrix(tensor.reshape([2, 3]))).toEqual({ data, rows: 2, cols: 3 });
  });

  it("gives the outputs of a model: as they are, transposed, and halves exactly", async () => {
    const session = await InferenceSession.create(tinyModel(), { executionProviders: ["wasm"] });
    const outputs = await session.run({ x: new Tensor("float32", rows.flat(), [3, 2]) });
    expect(toMatrix(outputs.same)).toEqual(single(rows));
    expect(toMatrix(outputs.turned)).toEqual(single(transposed));
    expect(outputs.half.type).toBe("float16");
    expect(toMatrix(outputs.half)).toEqual(single(rows));
    expect(await collectMatrix([outputs.same, outputs.half])).toEqual(single([...rows, ...rows]));
    await session.release();
  });

  it("gives views, as tensors of three axes", () => {
    expect(toViews(new Tensor("float32", views.flat(2), [2, 3, 2]))).toEqual({ matrix: single(views.flat()), views: 3 });
  });

  it("refuses integers of 64 bits, saying how to turn them into numbers", () => {
    const tensor = new Tensor("int64", BigInt64Array.of(1n, 2n), [1, 2]);
    expect(() => toMatrix(tensor)).toThrow(/Float64Array\.from\(data, Number\)/);
  });

  it("brings a tensor down from where toMatrix cannot read it", async () => {
    // No GPU here: a tensor of the real class that is given a buffer and how to download it.
    const download = async () => Float32Array.from(rows.flat());
    const buffer = { mapState: "unmapped" } as never;
    const tensor = Tensor.fromGpuBuffer(buffer, { dataType: "float32", dims: [3, 2], download });
    expect(() => toMatrix(tensor)).toThrow(
      /toMatrix: input is in the memory of a GPU \(location "gpu-buffer"\).*await collectMatrix\(tensor\)/,
    );
    expect(await collectMatrix(tensor)).toEqual(single(rows));
  });

  it("is told from a tensor that was disposed of", () => {
    const tensor = new Tensor("float32", rows.flat(), [3, 2]);
    tensor.dispose();
    expect(() => toMatrix(tensor)).toThrow(/has been disposed of/);
  });
});
