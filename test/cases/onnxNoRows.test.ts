import { InferenceSession, Tensor } from "onnxruntime-web";
import { describe, expect, it } from "vitest";
import { syntheticFeatures } from "../../src/features/syntheticFeatures.ts";
import { writeOnnx } from "../../src/io/writeOnnx.ts";
import { fitProbe, type ProbeOptions } from "../../src/pipeline/fitProbe.ts";

const { features, labels } = syntheticFeatures({ classes: 4, rowsPerClass: 10, dims: 4, seed: 1 });
const base = syntheticFeatures({ classes: 6, rowsPerClass: 10, dims: 4, seed: 2 });

// ONNX Runtime's TopK divides by the number of rows: a model with it ended the whole process.
describe("an exported probe asked about a batch of no rows answers with none", () => {
  const probes: readonly ProbeOptions[] = [
    { probe: "softmax" },
    { probe: "softmax", normalize: "none" },
    { probe: "softmax", mask: "simple" },
    { probe: "softmax", mask: "centre>pair@support/power:1", base },
    { probe: "centroid" },
    { probe: "cosine" },
    { probe: "plda", mask: "discriminant:1>none", base },
  ];
  for (const options of probes)
    for (const by of [null, "probability", "margin", "score"] as const)
      for (const precision of ["float32", "float64"] as const)
        it(`${options.probe}, mask ${options.mask ?? "none"}, ${options.normalize ?? "l2"}, rejection ${by}, ${precision}`, async () => {
          const probe = fitProbe(features, labels, options);
          const bytes = writeOnnx({ ...probe, rejection: by && { by, threshold: 0.5 } }, { precision });
          const session = await InferenceSession.create(bytes, { executionProviders: ["wasm"] });
          const data = precision === "float32" ? new Float32Array(0) : new Float64Array(0);
          const outputs = await session.run({ features: new Tensor(precision, data, [0, 4]) });
          await session.release();
          expect(outputs.probabilities.dims).toEqual([0, 4]);
          expect(outputs.index.dims).toEqual([0]);
          expect(outputs.rejected?.dims).toEqual(by ? [0] : undefined);
        });
});
