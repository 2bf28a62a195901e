import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { toMatrix } from "../../src/features/toMatrix.ts";
import { writeNpy } from "../../src/io/writeNpy.ts";
import { fitCentroid } from "../../src/probe/fitCentroid.ts";
import { headToJSON } from "../../src/probe/headToJSON.ts";
import { logLoss, predictProba } from "../../src/probe/predict.ts";
import type { LinearHead, Probe } from "../../src/probe/probe.ts";
import { refuses } from "../properties/refuses.ts";
import { softprobe } from "./softprobe.ts";

// A head of scikit-learn's, given features that were not scaled: sure of a wrong class by a logit difference of 1000.
const head: LinearHead = {
  kind: "linear",
  classes: [0, 1, 2],
  cols: 2,
  coef: Float64Array.of(1000, 0, 0, 1000, -1000, -1000),
  intercept: new Float64Array(3),
};
const features = toMatrix([
  [1, 0],
  [0, 1],
  [2, 1],
]);
const labels = [1, 1, 0];
const folder = mkdtempSync(join(tmpdir(), "softprobe-loss-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The same of each row, by PyTorch: torch.nn.functional.cross_entropy of the logits in double precision. */
const torch = 1000 / 3;

describe("the log loss of an answer that is sure and wrong", () => {
  it("is PyTorch's cross_entropy, by logLoss and by the command, as a table and as JSON", async () => {
    expect(logLoss(head, features, labels)).toBeCloseTo(torch, 10);
    const [headFile, x, y] = ["head.json", "x.npy", "y.npy"].map((name) => join(folder, name));
    writeFileSync(headFile, JSON.stringify(headToJSON(head)));
    writeFileSync(x, writeNpy({ data: features.data, shape: [3, 2] }));
    writeFileSync(y, writeNpy({ data: Int32Array.from(labels), shape: [3] }));
    const asked = ["predict", "--head", headFile, "--features", x, "--labels", y];
    expect((await softprobe(...asked)).stdout).toContain("log loss 333.333,");
    const { measures } = JSON.parse((await softprobe(...asked, "--json")).stdout);
    expect(measures.logLoss).toBeCloseTo(torch, 10);
  });

  it("is divided by the probe's temperature", () => {
    const probe: Probe = { kind: "probe", cols: 2, steps: [], head, temperature: 4, rejection: null, provenance: null };
    expect(logLoss(probe, features, labels)).toBeCloseTo(torch / 4, 10);
  });

  it("is half the difference of squared distances for a centroid head", () => {
    const centroid = fitCentroid(toMatrix([[0], [100]]), ["low", "high"]);
    expect(logLoss(centroid, toMatrix([[10]]), ["high"])).toBeCloseTo((90 ** 2 - 10 ** 2) / 2, 8);
  });
});

describe("logLoss", () => {
  it("is the mean of −ln predictProba wherever that is not 0, and keeps its digits where p is nearly 1", () => {
    const logits = fc.array(fc.double({ min: -30, max: 30, noNaN: true }), { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(logits, fc.nat(2), (intercept, own) => {
        const plain: LinearHead = { ...head, coef: new Float64Array(6), intercept: Float64Array.from(intercept) };
        const row = toMatrix([[1, 1]]);
        const all = Array.from(predictProba(plain, row).data);
        const p = all[own];
        const others = all.reduce((sum, value, c) => (c === own ? sum : sum + value), 0);
        const wanted = p > 0.5 ? -Math.log1p(-others) : -Math.log(p);
        expect(Math.abs(logLoss(plain, row, [own]) - wanted)).toBeLessThanOrEqual(1e-12 * wanted);
      }),
    );
  });

  it("refuses labels that the head does not know, and other numbers of rows", () => {
    refuses(
      () => logLoss(head, features, [1, 1, 7]),
      RangeError,
      "logLoss: labels has 7, which the head does not know, expected one of its classes",
    );
    refuses(() => logLoss(head, features, [1, 1]), RangeError, "logLoss: labels has 2 rows, expected 3, one a row of features");
  });
});
