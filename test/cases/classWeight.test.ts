import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { indexLabels } from "../../src/core/labels.ts";
import { sampleEpisode } from "../../src/episodes/sampleEpisode.ts";
import { evaluate } from "../../src/evaluate/evaluate.ts";
import { redundancyCurve } from "../../src/evaluate/redundancyCurve.ts";
import { l2Normalize } from "../../src/features/l2Normalize.ts";
import { syntheticFeatures } from "../../src/features/syntheticFeatures.ts";
import { takeRows } from "../../src/features/takeRows.ts";
import { toMatrix } from "../../src/features/toMatrix.ts";
import { choosePenalty } from "../../src/heldout/choosePenalty.ts";
import { leaveOneOut } from "../../src/heldout/leaveOneOut.ts";
import { writeNpy } from "../../src/io/writeNpy.ts";
import { fitCalibratedProbe } from "../../src/pipeline/fitCalibratedProbe.ts";
import { fitProbe } from "../../src/pipeline/fitProbe.ts";
import { fitSoftmax, type SoftmaxHead } from "../../src/probe/fitSoftmax.ts";
import { headFromJSON } from "../../src/probe/headFromJSON.ts";
import { predictProba, score } from "../../src/probe/predict.ts";
import type { Probe } from "../../src/probe/probe.ts";
import type { ClassWeight } from "../../src/solve/classWeight.ts";
import { farthest } from "../properties/close.ts";
import { refuses } from "../properties/refuses.ts";
import reference from "./reference.json" with { type: "json" };
import { softprobe } from "./softprobe.ts";

const { labels, asked, balanced, fits, episodes, rowLabels } = reference.classWeight;
const features = toMatrix(reference.classWeight.features);
const rows = toMatrix(reference.classWeight.rows);
const weightOf = (given: unknown): ClassWeight => given as ClassWeight;

describe("class weights of the softmax probe", () => {
  it.each(fits)("$classWeight at C = $C give scikit-learn's coefficients and probabilities", ({ classWeight, C, coef, probabilities }) => {
    const head = fitSoftmax(features, labels, { C, classWeight: weightOf(classWeight) });
    expect(head.converged).toBe(true);
    expect(farthest(head.coef, coef)).toBeLessThan(2e-6);
    expect(farthest(predictProba(head, toMatrix(asked)).data, probabilities)).toBeLessThan(1e-6);
  });

  it("are those of scikit-learn's compute_class_weight, given as sample weights, in every function that trains", () => {
    const sampleWeight = labels.map((label) => balanced[label]);
    const classWeight = "balanced";
    expect(fitSoftmax(features, labels, { classWeight }).coef).toEqual(fitSoftmax(features, labels, { sampleWeight }).coef);
    expect(leaveOneOut(features, labels, { classWeight }).logits).toEqual(leaveOneOut(features, labels, { sampleWeight }).logits);
    expect(choosePenalty(features, labels, { classWeight })).toEqual(choosePenalty(features, labels, { sampleWeight }));
    const one = fitProbe(features, labels, { mask: "pair@support/power:1", classWeight });
    expect(one.head).toEqual(fitProbe(features, labels, { mask: "pair@support/power:1", sampleWeight }).head);
    expect(one.provenance!.options.classWeight).toBe("balanced");
    const all = { C: "auto", temperature: "leaveOneOut", coverage: 0.8 } as const;
    const { probe, penalty, heldOut } = fitCalibratedProbe(features, labels, { ...all, classWeight });
    const wanted = fitCalibratedProbe(features, labels, { ...all, sampleWeight });
    expect([probe.head, probe.temperature, probe.rejection, penalty, heldOut]).toEqual([
      ...[wanted.probe.head, wanted.probe.temperature, wanted.probe.rejection, wanted.penalty, wanted.heldOut],
    ]);
  });

  it("multiply sample weights; balanced ones count rows by them, so that a row of weight 2 is as two rows and one of weight 0 is none", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(3), { minLength: 15, maxLength: 15 }), (counts) => {
        // Every class keeps a row.
        const sampleWeight = counts.map((count, i) => (i === 0 || i === 5 || i === 14 ? 1 : count));
        const list = sampleWeight.flatMap((count, i) => new Array<number>(count).fill(i));
        const repeated = toMatrix(list.map((i) => reference.classWeight.features[i]));
        const many = fitSoftmax(
          repeated,
          list.map((i) => labels[i]),
          { classWeight: "balanced" },
        );
        expect(farthest(fitSoftmax(features, labels, { sampleWeight, classWeight: "balanced" }).coef, many.coef)).toBeLessThan(1e-7);
      }),
      { numRuns: 30 },
    );
  });

  it("are given by name, 1 for a class without one, or in ascending order of the classes", () => {
    const named = labels.map((label) => ["fig", "apple", "pear"][label]);
    const byName = fitSoftmax(features, named, { classWeight: { fig: 3, pear: 0.25 } });
    expect(indexLabels(named).classes).toEqual(["apple", "fig", "pear"]);
    expect(fitSoftmax(features, named, { classWeight: [1, 3, 0.25] })).toEqual(byName);
    expect(fitSoftmax(features, named, { classWeight: Float32Array.of(1, 3, 0.25) })).toEqual(byName);
    expect(fitSoftmax(features, labels, { classWeight: { 0: 3, 2: 0.25 } }).objective).toBeCloseTo(byName.objective, 9);
    expect(fitSoftmax(features, labels, { classWeight: {} })).toEqual(fitSoftmax(features, labels));
  });

  it("change nothing where classes have equal numbers of rows, and nothing of other heads", () => {
    const equal = labels.map((_, i) => i % 3);
    expect(farthest(fitSoftmax(features, equal, { classWeight: "balanced" }).coef, fitSoftmax(features, equal).coef)).toBeLessThan(1e-12);
    for (const probe of ["centroid", "cosine"] as const)
      expect(fitProbe(features, labels, { probe, classWeight: "balanced" }).head).toEqual(fitProbe(features, labels, { probe }).head);
  });

  it("are refused where they name no class, are no weights, or leave no row any weight", () => {
    const fitWith = (classWeight: unknown, names: readonly (number | string)[] = labels) =>
      fitSoftmax(features, names, { classWeight: weightOf(classWeight) });
    const is = "fitSoftmax: classWeight";
    refuses(() => fitWith("balance"), TypeError, `${is} is "balance", expected "balanced", weights by class name, or one weight a class`);
    refuses(() => fitWith(null), TypeError, `${is} is null, expected "balanced", weights by class name, or one weight a class`);
    refuses(() => fitWith({ 7: 1 }), RangeError, `${is} has "7", which no row is labelled, expected names of classes`);
    refuses(() => fitWith({ 1: -1 }), RangeError, `${is} of 1 is -1, expected a finite weight of at least 0`);
    refuses(() => fitWith({ 1: "2" }), TypeError, `${is} of 1 is "2", expected a number`);
    refuses(() => fitWith([1, 2]), RangeError, `${is} has 2 weights, expected 3, one a class in ascending order`);
    refuses(() => fitWith([1, 2, Number.NaN]), RangeError, `${is}[2] is NaN, expected a finite weight of at least 0`);
    const both = labels.map((label, i) => (i === 0 ? "1" : label));
    refuses(
      () => fitWith({ 1: 2 }, both),
      RangeError,
      `${is} has "1", which is both a number and a string among the labels, expected one weight a class, in order`,
    );
    refuses(
      () => fitWith([0, 0, 0]),
      RangeError,
      "fitSoftmax: sampleWeight times classWeight is 0 in every row, expected at least one weight above 0",
    );
  });
});

it("--class-weight balanced does the same in fit and eval", async () => {
  const folder = mkdtempSync(join(tmpdir(), "softprobe-weights-"));
  try {
    const [x, y, out] = ["x.npy", "y.npy", "head.json"].map((name) => join(folder, name));
    writeFileSync(x, writeNpy({ data: features.data, shape: [15, 3] }));
    writeFileSync(y, writeNpy({ data: Int32Array.from(labels), shape: [15] }));
    const data = ["--features", x, "--labels", y, "--class-weight", "balanced"];
    expect((await softprobe("fit", ...data, "--normalize", "none", "--C", "1", "--out", out)).code).toBe(0);
    const kept = headFromJSON(JSON.parse(readFileSync(out, "utf8"))) as Probe;
    expect((kept.head as SoftmaxHead).coef).toEqual(fitSoftmax(features, labels, { classWeight: "balanced" }).coef);
    const asked = ["--ways", "2", "--shots", "1,2", "--queries", "1", "--episodes", "9"];
    const { config } = JSON.parse((await softprobe("eval", ...data, ...asked, "--json")).stdout);
    expect(config.classWeight).toBe("balanced");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

describe("class weights of an evaluation", () => {
  const run = { replay: episodes, normalize: "none", perEpisode: true } as const;
  const right = async (classWeight: ClassWeight | undefined) =>
    (await evaluate(rows, rowLabels, { ...run, classWeight })).results[0].perEpisode!.map(({ correct }) => correct);

  it("count the answers that scikit-learn gets right in episodes of unequal shots", async () => {
    expect(await right(undefined)).toEqual(episodes.map((each) => each.right.none));
    expect(await right("balanced")).toEqual(episodes.map((each) => each.right.balanced));
    expect(await right({ 1: 0.2, 2: 3 })).toEqual(episodes.map((each) => each.right.record));
    expect(await right([1, 0.2, 3])).toEqual(episodes.map((each) => each.right.record));
  });

  it("hold for rows and their views, for curves, and for l2-normalised features decided by a first look", async () => {
    const options = { ways: 3, shots: [2, 9, 4], queries: 10, episodes: 30, classWeight: "balanced" } as const;
    const { results, config } = await evaluate(rows, rowLabels, { ...options, perEpisode: true });
    expect(config.classWeight).toBe("balanced");
    const { points, config: curve } = await redundancyCurve(rows, rowLabels, { ...options, fractions: [1] });
    expect(curve.classWeight).toBe("balanced");
    expect(points[0].accuracy).toBe(results[0].accuracy);
    expect((await evaluate(rows, rowLabels, { ...options, classWeight: undefined })).results[0].accuracy).not.toBe(results[0].accuracy);
    // A view that is its row: the fit of every row twice, at half of C.
    const views = { matrix: { ...rows, data: rows.data.slice() }, views: 1 };
    const twice = await evaluate(rows, rowLabels, { ...options, C: 0.5, trainOn: "augmented", augmented: views, perEpisode: true });
    expect(twice.results[0].perEpisode).toEqual(results[0].perEpisode);
  });

  it("hold at many shots, where the fit goes by the rows themselves", async () => {
    const made = syntheticFeatures({ classes: 3, rowsPerClass: 300, dims: 6, informative: 4, separation: 0.8, seed: 4 });
    const task = { ways: 3, shots: [250, 20, 80], queries: 40, seed: 2 };
    const options = { ...task, episodes: 3, classWeight: { 0: 0.3, 2: 2 } } as const;
    const { results } = await evaluate(made.features, made.labels, { ...options, perEpisode: true });
    const rows = l2Normalize(made.features);
    const byHand = [0, 1, 2].map((e) => {
      const { support, query } = sampleEpisode(made.labels, task, e);
      const of = (list: Int32Array) => [takeRows(rows, list), Array.from(list, (row) => made.labels[row])] as const;
      const head = fitSoftmax(...of(support), { classWeight: options.classWeight });
      return Math.round(score(head, ...of(query)) * query.length);
    });
    expect(results[0].perEpisode!.map(({ correct }) => correct)).toEqual(byHand);
    const { points } = await redundancyCurve(made.features, made.labels, { ...options, fractions: [0.5, 1] });
    expect(points[1].accuracy).toBe(results[0].accuracy);
    const plain = await redundancyCurve(made.features, made.labels, { ...options, classWeight: undefined, fractions: [1] });
    expect(plain.points[0].accuracy).not.toBe(points[1].accuracy);
  });

  it("leave other probes as they are, and stand in the result by name", async () => {
    const options = { ways: 2, shots: [1, 5], queries: 10, episodes: 20, probes: ["centroid", "cosine"], perEpisode: true } as const;
    const weighed = await evaluate(rows, rowLabels, { ...options, classWeight: [1, 2, 3] });
    expect(weighed.results).toEqual((await evaluate(rows, rowLabels, options)).results);
    expect(weighed.config.classWeight).toEqual({ 0: 1, 1: 2, 2: 3 });
    await expect(evaluate(rows, rowLabels, { ...options, classWeight: { 9: 1 } })).rejects.toThrow(
      'evaluate: classWeight has "9", which no row is labelled, expected names of classes',
    );
  });
});
