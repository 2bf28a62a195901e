import { Tensor as OnnxTensor } from "onnxruntime-web";
import { describe, expect, it } from "vitest";
import { collectMatrix } from "../../src/features/collectMatrix.ts";
import { toMatrix } from "../../src/features/toMatrix.ts";
import { toViews } from "../../src/features/toViews.ts";
import { rows, single, views } from "./plain.ts";

/**
 * A stand-in for the Tensor of @huggingface/transformers, which cannot be had without native binaries (it depends on onnxruntime-node and sharp). It shows what toMatrix can
 * see of that class, after its documentation: dims, type, data and location ask the tensor of ONNX Runtime within (the real one), the object is a proxy that takes whole
 * numbers as keys for sub-tensors, and it can be iterated by its first axis.
 *
 * @see https://huggingface.co/docs/transformers.js/api/utils/tensor
 */
function standIn(inner: OnnxTensor): OnnxTensor {
  const part = (i: number): OnnxTensor => {
    const [, ...dims] = inner.dims;
    const size = dims.reduce((product, length) => product * length, 1);
    return standIn(new OnnxTensor("float32", (inner.data as Float32Array).subarray(i * size, (i + 1) * size), dims));
  };
  const seen = {
    ort_tensor: inner,
    get dims() {
      return inner.dims;
    },
    get type() {
      return inner.type;
    },
    get data() {
      return inner.data;
    },
    get size() {
      return inner.size;
    },
    get location() {
      return inner.location;
    },
    *[Symbol.iterator]() {
      for (let i = 0; i < inner.dims[0]; i++) yield part(i);
    },
  };
  const numbered = (key: string | symbol): key is string => typeof key === "string" && Number.isInteger(Number(key));
  return new Proxy(seen, { get: (target, key) => (numbered(key) ? part(Number(key)) : Reflect.get(target, key)) }) as unknown as OnnxTensor;
}

describe("transformers.js (a stand-in around ONNX Runtime's own tensor)", () => {
  it("gives its tensors to toMatrix and collectMatrix as one thing, though they can be iterated", async () => {
    const tensor = standIn(new OnnxTensor("float32", rows.flat(), [3, 2]));
    expect(toMatrix(tensor)).toEqual(single(rows));
    expect(await collectMatrix(tensor)).toEqual(single(rows));
  });

  it("gives the embeddings of a pipeline one by one: each 1 × d, or a row of a batch", async () => {
    async function* embeddings() {
      for (const row of rows) yield standIn(new OnnxTensor("float32", row, [1, 2]));
    }
    expect(await collectMatrix(embeddings())).toEqual(single(rows));
    const batch = standIn(new OnnxTensor("float32", rows.flat(), [3, 2]));
    expect(await collectMatrix([batch[0 as never], batch[2 as never]])).toEqual(single([rows[0], rows[2]]));
  });

  it("gives views, as tensors of three axes", () => {
    const tensor = standIn(new OnnxTensor("float32", views.flat(2), [2, 3, 2]));
    expect(toViews(tensor)).toEqual({ matrix: single(views.flat()), views: 3 });
  });

  it("is brought down from a GPU by the tensor within", async () => {
    const download = async () => Float32Array.from(rows.flat());
    const tensor = standIn(OnnxTensor.fromGpuBuffer({} as never, { dataType: "float32", dims: [3, 2], download }));
    expect(() => toMatrix(tensor)).toThrow(/memory of a GPU/);
    expect(await collectMatrix(tensor)).toEqual(single(rows));
  });
});
