import { InferenceSession, Tensor } from "onnxruntime-web";
import { describe, expect, it } from "vitest";
import { fitViews } from "../../src/basis/fitViews.ts";
import { fitWithin } from "../../src/basis/fitWithin.ts";
import type { Matrix } from "../../src/core/matrix.ts";
import { l2Normalize } from "../../src/features/l2Normalize.ts";
import { syntheticFeatures } from "../../src/features/syntheticFeatures.ts";
import { type WriteOnnxOptions, writeOnnx } from "../../src/io/writeOnnx.ts";
import { fitProbe, type ProbeOptions } from "../../src/pipeline/fitProbe.ts";
import { classify } from "../../src/probe/classify.ts";
import { fitCentroid, fitCosine } from "../../src/probe/fitCentroid.ts";
import { fitPlda } from "../../src/probe/fitPlda.ts";
import { fitSoftmax } from "../../src/probe/fitSoftmax.ts";
import { foldHead } from "../../src/probe/foldHead.ts";
import { decisionFunction, predict, predictProba } from "../../src/probe/predict.ts";
import { classesOf, type Head, type Probe, type Rejection } from "../../src/probe/probe.ts";
import { rejectionScore } from "../../src/probe/rejectionScore.ts";
import { columnsAfter, type Step } from "../../src/probe/steps.ts";
import { refuses } from "../properties/refuses.ts";

const cols = 23;
const { features, labels, augmented } = syntheticFeatures({ classes: 4, rowsPerClass: 6, dims: cols, views: 2, seed: 3 });
const base = syntheticFeatures({ classes: 7, rowsPerClass: 8, dims: cols, seed: 4 });
const given: ProbeOptions = { base: { features: base.features, labels: base.labels }, augmented };
/** Values that both precisions hold, a row of zeros first. */
const queries: Matrix = {
  ...base.features,
  data: Float64Array.from(base.features.data, (value, i) => (i < cols ? 0 : Math.fround(3 * value))),
};
const positive: Matrix = { ...queries, data: queries.data.map((value) => Math.abs(value) + 0.25) };
/** What rounding may cost a probability. */
const tolerance = { float32: 1e-5, float64: 1e-12 };

/** What ONNX Runtime makes of a model and rows. */
async function run(bytes: Uint8Array, rows: Matrix, precision: "float32" | "float64" = "float32") {
  const session = await InferenceSession.create(bytes, { executionProviders: ["wasm"] });
  const data = precision === "float32" ? Float32Array.from(rows.data) : Float64Array.from(rows.data);
  const outputs = await session.run({ features: new Tensor(precision, data, [rows.rows, rows.cols]) });
  await session.release();
  const index = Array.from(outputs.index.data as BigInt64Array, Number);
  const rejected = outputs.rejected ? Array.from(outputs.rejected.data as Uint8Array, Boolean) : null;
  return { probabilities: outputs.probabilities.data as Float32Array | Float64Array, dims: outputs.probabilities.dims, index, rejected };
}

/** The largest difference in probability; labels must be the same where the best two are further apart. */
async function difference(head: Head | Probe, rows: Matrix, options: WriteOnnxOptions = {}): Promise<number> {
  const precision = options.precision ?? "float32";
  const { probabilities, dims, index, rejected } = await run(writeOnnx(head, options), rows, precision);
  const wanted = predictProba(head, rows);
  expect(dims).toEqual([wanted.rows, wanted.cols]);
  const classes = classesOf(head);
  const names = predict(head, rows);
  const refusals = classify(head, rows).rejected;
  let most = 0;
  for (let i = 0; i < wanted.rows; i++) {
    const row = wanted.data.slice(i * wanted.cols, (i + 1) * wanted.cols);
    row.forEach((value, c) => {
      most = Math.max(most, Math.abs(value - probabilities[i * wanted.cols + c]));
    });
    const [first, second] = row.sort().reverse();
    if (first - second > 2 * tolerance[precision]) expect(classes[index[i]]).toBe(names[i]);
  }
  if (head.kind === "probe" && head.rejection) expect(rejected).toEqual(refusals);
  else expect(rejected).toBe(null);
  return most;
}

const worst = { float32: 0, float64: 0 };
async function expectSame(head: Head | Probe, rows = queries): Promise<void> {
  for (const precision of ["float32", "float64"] as const) {
    const most = await difference(head, rows, { precision });
    worst[precision] = Math.max(worst[precision], most);
    expect(most, precision).toBeLessThan(tolerance[precision]);
  }
}

describe("ONNX Runtime gives our probabilities and our labels, in either precision", () => {
  const masks: [string, ProbeOptions][] = [
    ["l2 alone", {}],
    ["nothing before the head", { normalize: "none" }],
    ["a soft mask", { mask: "pair@augmented/power:0.5" }],
    ["a hard mask", { mask: "pair@support/top:0.2" }],
    ["tiny weights", { mask: Array.from({ length: cols }, (_, j) => 1e-200 * (1 + j)) }],
    ["simple", { mask: "simple" }],
    ["centre and a mask", { mask: "centre>wiener@posterior/power:1" }],
    ["a dense basis and a mask", { mask: "discriminant:1>bayes@prior/power:1" }],
    ["a triangular basis", { mask: "within:0.2>none" }],
    ["a triangular basis by hand", { basis: fitWithin(base.features, base.labels, { ridge: 1, root: "cholesky" } as never) }],
    ["a low-rank basis", { basis: fitViews(augmented!.matrix, augmented!.views, { ridge: 4, images: [0, 1, 2] }) }],
    ["a basis of views and a mask", { mask: "views-support:16>pair@augmented/power:0.5" }],
  ];
  for (const [name, own] of masks) {
    for (const probe of ["softmax", "centroid", "cosine"] as const)
      it(`${name}, ${probe}`, () => expectSame(fitProbe(features, labels, { ...given, ...own, probe })));
  }

  for (const power of [0.5, 0, 1.5, -0.25])
    it(`a power of ${power}`, async () => {
      const raised = { ...features, data: features.data.map((value) => Math.abs(value) + 0.25) };
      await expectSame(fitProbe(raised, labels, { power, mask: "pair@support/power:1" }), positive);
    });

  it("PLDA, which folds at equal shots, and does not at unequal ones", async () => {
    const plda = { ...given, mask: "discriminant:2>none", probe: "plda" } as const;
    await expectSame(fitProbe(features, labels, plda));
    const fewer = { data: features.data.slice(cols), rows: features.rows - 1, cols };
    const unequal = fitProbe(fewer, Array.from(labels).slice(1), { ...plda, augmented: undefined });
    expect(() => foldHead(unequal)).toThrow("quadratic");
    await expectSame(unequal);
    await expectSame({ ...unequal, temperature: 3, rejection: { by: "score", threshold: 100 } });
  });

  it("heads alone, of rows as they were trained on", async () => {
    const rows = l2Normalize(features);
    for (const head of [
      fitSoftmax(rows, labels, { C: 100 }),
      fitCentroid(rows, labels),
      fitCosine(rows, labels),
      fitPlda(rows, labels, { psi: new Float64Array(cols).fill(2) }),
    ])
      await expectSame(head, l2Normalize(queries));
  });

  it("every step that there is, in whatever place", async () => {
    const values = (length: number, shift: number): Float64Array =>
      Float64Array.from({ length }, (_, i) => 0.5 + ((i * 7 + shift) % 5) / 4);
    const steps: readonly Step[] = [
      { kind: "power", exponent: 2 },
      { kind: "l2", weights: values(3, 1) },
      { kind: "centre", mean: values(3, 2) },
      { kind: "transform", dimensions: 2, matrix: values(6, 0) },
      { kind: "mask", weights: values(2, 1) },
      { kind: "solve", lower: Float64Array.of(2, 0, -1, 3) },
      { kind: "simple" },
      { kind: "lowRank", vectors: values(2, 3), gains: Float64Array.of(-0.3), rest: 1.5 },
      { kind: "l2", weights: null },
      { kind: "split", vectors: values(2, 3) },
      {
        kind: "parts",
        parts: [
          { name: "one", weight: 0.7, steps: [{ kind: "l2", weights: null }] },
          {
            name: "two",
            weight: 1,
            steps: [
              { kind: "mask", weights: values(3, 4) },
              { kind: "parts", parts: [{ name: "in", weight: -2, steps: [] }] },
            ],
          },
        ],
      },
      { kind: "lowRank", vectors: new Float64Array(0), gains: new Float64Array(0), rest: 2 },
    ];
    const head: Head = {
      kind: "linear",
      classes: ["a", "b"],
      cols: 2,
      coef: Float64Array.of(1, -2, 3, 0.5),
      intercept: Float64Array.of(0.1, -0.1),
    };
    const rows: Matrix = { data: Float64Array.of(1, 2, 3, 0, 0, 0, 1, 0, 5, 9, 4, 1), rows: 4, cols: 3 };
    for (let kept = 0; kept <= steps.length; kept++) {
      const own = steps.slice(0, kept);
      const width = columnsAfter(own, 3, "test", "step");
      const last: Head = width === 2 ? head : { ...head, cols: width, coef: values(2 * width, 2) };
      for (const extra of [[], [{ kind: "simple" } as const]])
        await expectSame(
          { kind: "probe", cols: 3, steps: [...own, ...extra], head: last, temperature: 0.5, rejection: null, provenance: null },
          rows,
        );
    }
  });

  it("features of real size: 1280 dimensions, 20 classes", async () => {
    const large = syntheticFeatures({ classes: 20, rowsPerClass: 10, dims: 1280, seed: 5 });
    const single = { ...large.features, data: Float32Array.from(large.features.data) };
    await expectSame(fitProbe(single, large.labels, { mask: "pair@support/power:0.5", C: 10 }), single);
  });

  it("and the largest difference is that of the precision", () => {
    console.log(
      `ONNX Runtime: probabilities differ by at most ${worst.float32.toExponential(1)} in float32, ${worst.float64.toExponential(1)} in float64`,
    );
    expect(worst.float32).toBeGreaterThan(1e-9);
    expect(worst.float64).toBeGreaterThan(0);
  });
});

describe("a probe's temperature and rejection go with it", () => {
  /** A threshold that rejects half of the queries, by as much as it can. */
  function halfway(probe: Probe, by: Rejection["by"]): number {
    const sorted = rejectionScore(decisionFunction(probe, queries), { by }).sort();
    const middle = sorted.length >> 1;
    return (sorted[middle - 1] + sorted[middle]) / 2;
  }

  for (const by of ["probability", "margin", "score"] as const) {
    for (const probe of ["softmax", "centroid", "cosine"] as const)
      it(`by ${by}, ${probe}`, async () => {
        const trained = { ...fitProbe(features, labels, { probe }), temperature: 0.3 };
        const rejecting = { ...trained, rejection: { by, threshold: halfway(trained, by) } };
        expect(classify(rejecting, queries).rejected.filter(Boolean).length).toBe(queries.rows / 2);
        await expectSame(rejecting);
        await expectSame({ ...trained, rejection: { by, threshold: Number.NEGATIVE_INFINITY } });
      });
  }

  it("two classes, whose margin has no third", async () => {
    const two = fitProbe({ ...features, data: features.data.slice(0, 12 * cols), rows: 12 }, Array.from(labels).slice(0, 12));
    await expectSame({ ...two, rejection: { by: "margin", threshold: 0.9 } });
  });
});

describe("the model", () => {
  const probe = fitProbe(
    features,
    Array.from(labels, (label) => `class ${label}`),
    { mask: "pair@support/power:0.5" },
  );

  it("takes any number of rows, and none", async () => {
    for (const rows of [0, 1, 5]) {
      const { dims, index } = await run(writeOnnx(probe), { data: queries.data.slice(0, rows * cols), rows, cols });
      expect([dims, index.length]).toEqual([[rows, 4], rows]);
    }
  });

  it("names its input, its outputs and its classes", async () => {
    const bytes = writeOnnx({ ...probe, rejection: { by: "margin", threshold: 0.5 } });
    const session = await InferenceSession.create(bytes, { executionProviders: ["wasm"] });
    expect(session.inputNames).toEqual(["features"]);
    expect(session.outputNames).toEqual(["probabilities", "index", "rejected"]);
    await session.release();
    const text = new TextDecoder("latin1").decode(bytes);
    expect(text).toContain('["class 0","class 1","class 2","class 3"]');
    expect(text).toContain("softprobe/onnx@1");
    expect(text).toContain(probe.provenance!.digest!);
  });

  it("has the same bytes for the same probe, about 4 a number", () => {
    expect(writeOnnx(probe)).toEqual(writeOnnx(probe));
    const large = fitSoftmax(syntheticFeatures({ classes: 4, rowsPerClass: 2, dims: 5000, seed: 1 }).features, [0, 0, 1, 1, 2, 2, 3, 3]);
    expect(writeOnnx(large).length).toBeLessThan(4 * 4 * 5000 + 1000);
  });

  it("is refused where float32 can't hold a number, and for what is no head", () => {
    const head = { kind: "linear", classes: ["a", "b"], cols: 1, coef: Float64Array.of(1, 1e60), intercept: new Float64Array(2) } as const;
    refuses(
      () => writeOnnx(head),
      RangeError,
      'writeOnnx: coef holds 1e+60, too large for float32, expected smaller values, or precision: "float64"',
    );
    expect(writeOnnx(head, { precision: "float64" }).length).toBeGreaterThan(100);
    refuses(() => writeOnnx(null as unknown as Head), TypeError, "writeOnnx: head is null, expected a trained head or probe");
    refuses(
      () => writeOnnx(head, { precision: "float16" as "float32" }),
      RangeError,
      'writeOnnx: precision is "float16", expected one of float32, float64',
    );
  });
});
