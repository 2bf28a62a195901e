import { describe, expect, it } from "vitest";
import { doWork } from "../../src/core/work.ts";
import { l2Normalize } from "../../src/features/l2Normalize.ts";
import { syntheticFeatures } from "../../src/features/syntheticFeatures.ts";
import { takeRows } from "../../src/features/takeRows.ts";
import { choosePenalty } from "../../src/heldout/choosePenalty.ts";
import { rowScale } from "../../src/heldout/prepareHeldOut.ts";
import { borrowKernels } from "../../src/kernels/createKernels.ts";
import { choosePipelinePenalty } from "../../src/pipeline/choosePipelinePenalty.ts";
import type { PreparedProbe } from "../../src/pipeline/preparedProbe.ts";

const { features, labels } = syntheticFeatures({ classes: 3, rowsPerClass: 4, dims: 8, seed: 2 });
const rows = l2Normalize(features);
const ready = (options: Partial<PreparedProbe> = {}): PreparedProbe =>
  ({
    ...{ probe: "softmax", C: "auto", rows, labels: Array.from(labels), weights: undefined },
    ...{ sources: Int32Array.from(labels, (_, i) => i), kernels: "auto", ...options },
  }) as PreparedProbe;
const choose = (options: Partial<PreparedProbe> = {}, path: ArrayLike<number> | null = null) =>
  doWork(choosePipelinePenalty("test", ready(options), path));

describe("C of a pipeline", () => {
  it("is what is given, by the user or by a combination's evidence", () => {
    expect(choose({ C: 3 })).toEqual({ C: 3, from: "given", penalty: null });
    expect(choose({ C: 3, ofEvidence: false })).toEqual({ C: 3, from: "given", penalty: null });
    expect(choose({ C: 3, ofEvidence: true })).toEqual({ C: 3, from: "evidence", penalty: null });
  });

  it("is 1 for heads that have none, and the path's only value where it has but one", () => {
    for (const probe of ["centroid", "cosine", "plda"] as const)
      expect(choose({ probe }, [5])).toEqual({ C: 1, from: "fixed", penalty: null });
    expect(choose({}, [5])).toEqual({ C: 5, from: "given", penalty: null });
    expect(choose({}, Float64Array.of(0.2))).toEqual({ C: 0.2, from: "given", penalty: null });
  });

  it("is what choosePenalty chooses by held-out rows, a row's views with it, of the path where there is one", () => {
    const plain = choosePenalty(rows, labels);
    expect(choose()).toEqual({ C: plain.C, from: "heldOut", penalty: plain });
    expect(choose({}, [0.1, 7])).toEqual({ C: 7, from: "heldOut", penalty: choosePenalty(rows, labels, { path: [0.1, 7] }) });
    const weights = Float64Array.from(labels, (_, i) => 1 + (i % 3));
    const sources = Int32Array.from(labels, (_, i) => i - (i % 2));
    const grouped = choosePenalty(rows, labels, { groups: sources, sampleWeight: weights });
    expect(choose({ weights, sources })).toEqual({ C: grouped.C, from: "heldOut", penalty: grouped });
    expect(grouped).not.toEqual(plain);
  });

  it("at one row a class is the fixed value of its scale, or the path's value nearest to it as a factor", () => {
    const one = takeRows(rows, [0, 4, 8]);
    const ofOne = { rows: one, labels: ["a", "b", "c"], sources: Int32Array.of(0, 1, 2) };
    const C = 100 / rowScale(one);
    expect(choose(ofOne)).toEqual({ C, from: "fixed", penalty: null });
    // Nearer by difference, farther as a factor; then the same from above, and among equals the first.
    expect(choose(ofOne, [C / 3, C * 2.5]).C).toBe(C * 2.5);
    expect(choose(ofOne, [C * 2.5, C / 3]).C).toBe(C * 2.5);
    expect(choose(ofOne, [C / 2, C * 2.5]).C).toBe(C / 2);
    for (const path of [
      [C / 2, C * 2],
      [C * 2, C / 2],
    ])
      expect(choose(ofOne, path).C).toBe(path[0]);
    expect(choose(ofOne, [C * 9, C * 4, C * 30])).toEqual({ C: C * 4, from: "fixed", penalty: null });
    // A view is no second row: both are of one source.
    const views = { rows: takeRows(rows, [0, 1, 4, 5]), labels: ["a", "a", "b", "b"], sources: Int32Array.of(0, 0, 1, 1) };
    expect(choose(views).from).toBe("fixed");
    expect(choose({ ...views, sources: Int32Array.of(0, 1, 2, 3) }).from).toBe("heldOut");
    // Nor is a row without weight.
    expect(choose({ ...views, sources: Int32Array.of(0, 1, 2, 3), weights: Float64Array.of(1, 0, 1, 1) }).from).toBe("fixed");
  });

  it("is chosen by folds where rows are too many for a matrix of them all", () => {
    const many = syntheticFeatures({ classes: 2, rowsPerClass: 15_000, dims: 2, seed: 1 });
    const sources = Int32Array.from(many.labels, (_, i) => i);
    const { penalty } = choose({ rows: many.features, labels: Array.from(many.labels), sources }, [0.1, 1]);
    expect(penalty!.method).toBe("folds");
  });

  it("gives its kernels back when it is chosen", () => {
    const first = borrowKernels("js");
    first.end();
    expect(choose({ kernels: "js" }).from).toBe("heldOut");
    const next = borrowKernels("js");
    expect(next.kernels).toBe(first.kernels);
    next.end();
  });

  it("names its caller where rows can't be held out at all", () => {
    const data = rows.data.map((value, at) => (at === 3 ? Number.NaN : value));
    expect(() => choose({ rows: { ...rows, data } as typeof rows })).toThrow("test: features row 0, column 3 is NaN");
  });
});
