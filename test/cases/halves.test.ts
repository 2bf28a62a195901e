import { describe, expect, it } from "vitest";
import { collectMatrix } from "../../src/features/collectMatrix.ts";
import { toMatrix } from "../../src/features/toMatrix.ts";
import { toViews } from "../../src/features/toViews.ts";

const bits = Uint16Array.of(0x3c00, 0x4000);
const halves = ["float16", "F16", "fp16", "FP16", "<f2", "=f2", "f2", "half", "Half", "torch.float16", "np.float16", "e"];
const brains = ["BF16", "bf16", "bfloat16", "torch.bfloat16", "tf.bfloat16"];

describe("halves under any name", () => {
  it.each(halves.map((dtype) => [dtype]))("%s", async (dtype) => {
    expect(toMatrix({ data: bits, shape: [1, 2], dtype } as never).data).toEqual(Float32Array.of(1, 2));
    expect((await collectMatrix([{ data: bits, dims: [1, 2], type: dtype } as never])).data).toEqual(Float32Array.of(1, 2));
    expect(toViews({ data: bits, shape: [1, 1, 2], dtype } as never).matrix.data).toEqual(Float32Array.of(1, 2));
    expect(toMatrix({ shape: [1, 2], dataSync: () => bits, dtype } as never).data).toEqual(Float32Array.of(1, 2));
  });

  it.each(brains.map((dtype) => [dtype]))("brain floats: %s", (dtype) => {
    // struct.unpack("<f", bytes([0, 0, 0, 0x3c])) and 0x4000 likewise
    expect(toMatrix({ data: bits, shape: [1, 2], dtype } as never).data).toEqual(Float32Array.of(0.0078125, 2));
    expect(toMatrix(bits, { dtype: "bfloat16", cols: 2 }).data).toEqual(Float32Array.of(0.0078125, 2));
  });

  it.each(["uint16", "U16", "<u2", undefined])("whole numbers stay whole: %s", (dtype) => {
    expect(toMatrix({ data: bits, shape: [1, 2], dtype } as never).data).toEqual(Float64Array.of(15360, 16384));
  });

  it.each(["float32", "int16", ">f2", "F8_E4M3", "generic"])("16 bits of another dtype are refused: %s", (dtype) => {
    expect(() => toMatrix({ data: bits, shape: [1, 2], dtype } as never)).toThrow(
      `toMatrix: input.data with dtype "${dtype}" is Uint16Array, expected dtype "uint16", or halves by "float16" or "bfloat16"`,
    );
  });

  it("bytes of floats are refused, and more values than the shape has", () => {
    const bytes = new Uint8Array(Float32Array.of(1, 2).buffer);
    for (const dtype of ["F32", "float32", "F8_E4M3", "float8_e5m2"])
      expect(() => toMatrix({ data: bytes.subarray(0, 2), shape: [1, 2], dtype } as never)).toThrow(
        `input.data with dtype "${dtype}" is Uint8Array, expected numbers that are floats`,
      );
    expect(() => toMatrix({ data: bytes, shape: [1, 2] })).toThrow("toMatrix: input.data has 8 values, expected 2, as shape 1 × 2 says");
    expect(toMatrix({ data: bytes.subarray(0, 2), shape: [1, 2], dtype: "uint8" } as never).cols).toBe(2);
    expect(toMatrix({ data: Float32Array.of(1, 2), shape: [1, 2], dtype: "float16" } as never).data).toEqual(Float32Array.of(1, 2));
  });
});
