import { describe, expect, it } from "vitest";
import { episodeSampler, evaluate, indexLabels, syntheticFeatures } from "../../src/index.ts";
import { chooseCandidate, gainOf } from "../../src/tune/chooseCandidate.ts";
import { defaultCandidates, drawSets, type TuneCandidate, type TuneEvidence } from "../../src/tune/tuneEvidence.ts";
import { planBase } from "../../src/tune/tunePlan.ts";
import { tuneMask, tuneSupport } from "../../src/tune.ts";

const { features, labels, augmented } = syntheticFeatures({ classes: 14, rowsPerClass: 12, dims: 60, views: 2, seed: 3 });

describe("tuneMask", () => {
  it("finds the mask that helps, says why, and gives its evidence; equal seeds, equal documents", () => {
    const candidates = [
      { mask: "wiener@prior/power:1", trainOn: "support" },
      { mask: "random/top:0.1", trainOn: "support" },
    ] as const;
    const result = tuneMask(features, labels, { candidates, queries: 6 });
    expect(result.choice).toEqual(candidates[0]);
    expect(result.reason).toMatch(/^wiener@prior\/power:1 gained \d+\.\d ± \d+\.\d points over no mask on 20 sets of base classes$/);
    expect(result.evidence.map(({ mask }) => mask)).toEqual(["none", ...candidates.map(({ mask }) => mask)]);
    expect(result.evidence[1].gain.mean).toBeGreaterThan(0.03);
    expect(result.evidence[2].gain.mean).toBeLessThan(0);
    expect(result.expectedGain.mean).toBeGreaterThan(0);
    expect(JSON.stringify(tuneMask(features, labels, { candidates, queries: 6 }))).toBe(JSON.stringify(result));
  });

  it("keeps no mask where nothing beats it", () => {
    const candidates = [{ mask: "random/top:0.1", trainOn: "support" }] as const;
    const result = tuneMask(features, labels, { candidates, queries: 6 });
    expect(result.choice).toEqual({ mask: "none", trainOn: "support" });
    expect(result.reason).toBe("no candidate beat the unmasked probe significantly");
    expect(result.expectedGain.mean).toBe(0);
  });

  it("its gains are those of evaluate on the same sets: the mean of episodes' differences", () => {
    const candidates = [{ mask: "centre>none", trainOn: "augmented" }] as const;
    const result = tuneMask(features, labels, { candidates, queries: 6, augmented });
    expect(result.evidence[1].gain.mean).toBeCloseTo(result.evidence[1].accuracy - result.evidence[0].accuracy, 12);
  });

  it("takes the combination as a candidate: its gain is that of tuned in evaluate, on the classes outside each set", async () => {
    const result = tuneMask(features, labels, { candidates: [{ mask: "tuned", trainOn: "support" }], queries: 6, shots: 2 });
    const sets = drawSets(
      Array.from({ length: 14 }, (_, c) => c),
      5,
      20,
      0,
    );
    const replay = sets.flatMap((set, s) => {
      const sampler = episodeSampler(labels, { ways: 5, shots: 2, queries: 6, classes: Array.from(set) });
      return Array.from({ length: 8 }, (_, i) => sampler.sample(8 * s + i));
    });
    const { results } = await evaluate(features, labels, { replay, masks: ["none", "tuned"], domain: false });
    expect(result.evidence[1].accuracy).toBeCloseTo(results[1].accuracy, 12);
    expect(result.evidence[1].gain.mean).toBeCloseTo(results[1].difference!.mean, 12);
    expect(result.evidence[1].gain.mean).not.toBe(0);
  });

  it("offers the combination last by default, trained on the support alone", () => {
    const offered = defaultCandidates({ augmented: true, pool: false });
    expect(offered[offered.length - 1]).toEqual({ mask: "tuned", trainOn: "support" });
    expect(offered.filter(({ mask }) => mask === "tuned").length).toBe(1);
  });

  it("names what is wrong", () => {
    expect(() =>
      tuneMask(
        features,
        labels.map((label) => label % 3),
      ),
    ).toThrow("tuneMask: labels has 3 classes, expected at least 4 of shots + 5 = 6 rows or more");
    expect(() => tuneMask(features, labels, { shots: 0 })).toThrow("tuneMask: shots is 0");
    expect(() => tuneMask(features, labels, { level: 2 })).toThrow("tuneMask: level is 2");
    const misspelt = [{ mask: "none", trainOn: "support", c: 1 }] as unknown as readonly TuneCandidate[];
    expect(() => tuneMask(features, labels, { candidates: misspelt })).toThrow(
      "tuneMask: candidates[0].c is not an option, expected candidates[0].C",
    );
    const elsewhere = [{ mask: "none", trainOn: "views" }] as unknown as readonly TuneCandidate[];
    expect(() => tuneMask(features, labels, { candidates: elsewhere })).toThrow('tuneMask: candidates[0].trainOn is "views", expected');
    expect(() => tuneSupport(features, labels, { candidates: misspelt })).toThrow("tuneSupport: candidates[0].c is not an option");
    expect(() => tuneMask(features, labels, { candidates: [{ mask: "pear", trainOn: "support" }] })).toThrow(
      'tuneMask: mask "pear" is no mask',
    );
  });
});

describe("choosing", () => {
  const evidence = (rows: number[][]): TuneEvidence => ({
    candidates: rows.map((_, c) => ({ mask: `m${c}`, trainOn: "support" })),
    sets: rows[0].map((_, s) => Int32Array.of(s)),
    accuracy: rows.map((row) => Float64Array.from(row)),
    ...{ ways: 2, shots: 1, queries: 1, episodes: rows[0].length, unconverged: 0 },
  });
  const sets = [0, 1, 2, 3, 4];

  it("takes the surest gain, not the largest mean", () => {
    const sure = [0.6, 0.62, 0.58, 0.61, 0.59];
    const lucky = [0.5, 0.5, 0.5, 0.5, 1.2];
    expect(chooseCandidate(evidence([[0.5, 0.5, 0.5, 0.5, 0.5], lucky, sure]), sets, 0.05)).toBe(2);
    expect(chooseCandidate(evidence([[0.5, 0.5, 0.5, 0.5, 0.5], lucky]), sets, 0.05)).toBe(0);
  });

  it("takes the largest mean among significant gains, though its interval be wider, and none that is not significant", () => {
    const none = [0.5, 0.5, 0.5, 0.5, 0.5];
    const sure = [0.6, 0.61, 0.6, 0.59, 0.6];
    const wide = [0.8, 0.62, 0.75, 0.58, 0.8];
    const lucky = [0.4, 0.4, 1, 1, 0.95];
    expect(chooseCandidate(evidence([none, sure, wide]), sets, 0.05)).toBe(2);
    expect(chooseCandidate(evidence([none, sure, lucky]), sets, 0.05)).toBe(1);
  });

  it("takes no mask when there are too few sets, or every gain is a loss", () => {
    expect(
      chooseCandidate(
        evidence([
          [0.5, 0.5, 0.5, 0.5, 0.5],
          [0.9, 0.9, 0.9, 0.9, 0.9],
        ]),
        [0, 1, 2],
        0.05,
      ),
    ).toBe(0);
    expect(
      chooseCandidate(
        evidence([
          [0.5, 0.5, 0.5, 0.5, 0.5],
          [0.4, 0.4, 0.4, 0.4, 0.4],
        ]),
        sets,
        0.05,
      ),
    ).toBe(0);
  });

  it("a gain is a paired one: its mean and standard error over sets, by hand", () => {
    const { mean, standardError, p } = gainOf(
      evidence([
        [0.1, 0.2, 0.3],
        [0.2, 0.4, 0.6],
      ]),
      1,
      [0, 1, 2],
    );
    expect(mean).toBeCloseTo(0.2, 12);
    expect(standardError).toBeCloseTo(0.1 / Math.sqrt(3), 12);
    expect(p).toBeCloseTo(0.0371, 3);
  });
});

it("sets are distinct, seeded, and as many as there are at most", () => {
  const sets = drawSets([3, 5, 7, 9], 2, 100, 1);
  expect(sets.length).toBe(6);
  expect(new Set(sets.map((set) => set.join())).size).toBe(6);
  expect(drawSets([3, 5, 7, 9], 2, 3, 1)).toEqual(sets.slice(0, 3));
});

it("plans leave a task enough sets without its classes, with fewer ways where classes are few", () => {
  const index = indexLabels(Array.from({ length: 200 }, (_, i) => i % 10));
  expect(planBase(index, { ways: 5, shots: 10, queries: 15, seed: 0 })).toMatchObject({ queries: 10 });
});
