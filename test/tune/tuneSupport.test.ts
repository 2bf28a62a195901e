import { describe, expect, it } from "vitest";
import { decisionFunction, fitProbe, indexLabels, syntheticFeatures, takeRows, type Views } from "../../src/index.ts";
import { countRange } from "../../src/score/countRange.ts";
import { chooseSupport } from "../../src/tune/chooseSupport.ts";
import { type HeldOutRows, heldOutOf, type SupportData, supportScore, supportSize } from "../../src/tune/supportEvidence.ts";
import type { TuneCandidate } from "../../src/tune/tuneEvidence.ts";
import { fitSupportCombination, tuneMask, tuneSupport } from "../../src/tune.ts";
import { leavesAlone } from "../properties/unchanged.ts";

const all = syntheticFeatures({ classes: 5, rowsPerClass: 9, dims: 30, views: 3, seed: 6 });
const pool = syntheticFeatures({ classes: 4, rowsPerClass: 6, dims: 30, views: 3, seed: 7 }).augmented!;

const viewsOf = (rows: readonly number[]): Views => ({
  views: 3,
  matrix: takeRows(
    all.augmented!.matrix,
    rows.flatMap((row) => [0, 1, 2].map((v) => 3 * row + v)),
  ),
});

/** What a candidate says of the rows, one unit after another. */
function supportEvidence(data: SupportData, candidate: TuneCandidate, path: readonly number[] | null): readonly HeldOutRows[] {
  const task = { data, candidate, path };
  const score = supportScore(task);
  const counts = countRange(score, 0, supportSize(task).units);
  score.end();
  return heldOutOf(task, counts);
}

/** A support of so many rows of each class. */
function support(sizes: readonly number[]) {
  const rows = sizes.flatMap((size, c) => Array.from({ length: size }, (_, i) => 9 * c + i));
  return { rows, features: takeRows(all.features, rows), labels: rows.map((row) => all.labels[row]), augmented: viewsOf(rows) };
}

const uneven = support([3, 4, 3]);

/** Log loss and hit of each row by a probe fitted anew to the other rows and their views, the rest of its class taking over its weight. */
function byHand({ mask, trainOn }: TuneCandidate, C: number, normalize: "l2" | "none" = "l2"): HeldOutRows {
  const { rows, labels } = uneven;
  const logits = rows.map((row, i) => {
    const rest = rows.filter((_, j) => j !== i);
    const names = labels.filter((_, j) => j !== i);
    const left = names.filter((name) => name === labels[i]).length;
    const own = takeRows(all.features, rest);
    const given = { pool, augmented: viewsOf(rest) };
    const probe = fitProbe(own, names, {
      ...(mask === "tuned"
        ? { combination: fitSupportCombination(own, names, given), C }
        : { mask, trainOn, C, normalize, ...given, kernels: "js" }),
      sampleWeight: names.map((name) => (name === labels[i] ? (left + 1) / left : 1)),
    });
    return Array.from(decisionFunction(probe, takeRows(all.features, [row])).data);
  });
  const code = (i: number) => indexLabels(labels).codes[i];
  return {
    C,
    losses: Float64Array.from(logits, (row, i) => Math.log(row.reduce((sum, value) => sum + Math.exp(value - row[code(i)]), 0))),
    hits: Float64Array.from(logits, (row, i) => Number(row.indexOf(Math.max(...row)) === code(i))),
  };
}

describe("leave-one-out of a support", () => {
  const cases: TuneCandidate[] = [
    { mask: "none", trainOn: "support" },
    { mask: "none", trainOn: "augmented" },
    { mask: "simple", trainOn: "support" },
    { mask: "wiener@support/power:1", trainOn: "support" },
    { mask: "pair@augmented/power:0.5", trainOn: "support" },
    { mask: "pair@augmented/top:0.2", trainOn: "augmented" },
    { mask: "welch@augmented/magnitude", trainOn: "support" },
    { mask: "random/top:0.5", trainOn: "support" },
    { mask: "views-support:16>none", trainOn: "support" },
    { mask: "views-support:4>fisher@augmented/power:0.5", trainOn: "augmented" },
    { mask: "views:1>none", trainOn: "augmented" },
    { mask: "tuned", trainOn: "support" },
  ];
  for (const candidate of cases) {
    for (const normalize of candidate.mask.includes("@augmented/power") ? (["l2", "none"] as const) : (["l2"] as const)) {
      it(`is that of probes fitted anew without each row and its views: ${candidate.mask}, trained on ${candidate.trainOn}, ${normalize}`, () => {
        const { features, labels, augmented } = uneven;
        const data = { features, index: indexLabels(labels), augmented, pool, normalize, seed: 0, kernels: undefined };
        const path = [0.3, 1, 40];
        const found = leavesAlone(data, () => supportEvidence(data, candidate, path));
        expect(found.map(({ C }) => C)).toEqual(path);
        for (const own of found) {
          const direct = byHand(candidate, own.C, normalize);
          own.losses.forEach((loss, i) => {
            expect(loss).toBeCloseTo(direct.losses[i], 7);
          });
          expect(own.hits).toEqual(direct.hits);
        }
        expect(supportEvidence(data, { ...candidate, C: 1 }, path)).toEqual(
          [found[1]].map((own) => ({ ...own, losses: expect.anything() })),
        );
      });
    }
  }
});

describe("chooseSupport", () => {
  const everyone = Array.from({ length: 12 }, (_, i) => i);
  const rows = (C: number, loss: (i: number) => number, hits: (i: number) => number = () => 1): HeldOutRows => ({
    C,
    losses: Float64Array.from(everyone, loss),
    hits: Float64Array.from(everyone, hits),
  });
  const plain = rows(1, () => 1);
  const noise = (i: number) => (i % 3) / 100;

  it("keeps no mask at C = 1 unless beaten, and then takes the largest lower bound, not the largest mean", () => {
    const lucky = rows(10, (i) => (i === 0 ? -30 : 1 + noise(i)));
    const steady = rows(10, (i) => 0.7 + noise(i));
    const slight = rows(10, (i) => 0.9 + noise(i));
    expect(chooseSupport(plain, [[plain], [lucky]], everyone, 0.05)).toMatchObject({ candidate: 0, rows: { C: 1 } });
    expect(chooseSupport(plain, [[plain], [lucky], [slight], [steady]], everyone, 0.05).candidate).toBe(3);
    expect(chooseSupport(plain, [[plain], [steady]], [0], 0.05).candidate).toBe(0);
  });

  it("lets accuracy forbid a lower log loss", () => {
    const surer = rows(
      10,
      (i) => 0.5 + noise(i),
      (i) => Number(i > 0),
    );
    expect(chooseSupport(plain, [[plain], [surer]], everyone, 0.05).candidate).toBe(0);
    expect(chooseSupport(plain, [[plain, surer]], everyone, 0.05).rows).toBe(plain);
  });

  it("holds a mask against no mask at its own C, so that C alone is no merit of a mask", () => {
    const better = rows(30, (i) => 0.4 + noise(i));
    const masked = rows(30, (i) => 0.4 + noise(i + 1));
    const choice = chooseSupport(plain, [[plain, better], [masked]], everyone, 0.05);
    expect(choice).toMatchObject({ candidate: 0, rows: { C: 30 } });
    expect(choice.at[1].over).toBe(better);
  });
});

describe("tuneSupport", () => {
  it("finds what helps, says why, gives its evidence, and is a function of its input", () => {
    // Five dimensions tell the classes apart, the others are large and say nothing.
    const made = syntheticFeatures({ classes: 4, rowsPerClass: 8, dims: 300, seed: 11, separation: 2 });
    const candidates = [
      { mask: "pair@support/power:2", trainOn: "support" },
      { mask: "random/top:0.03", trainOn: "support" },
    ] as const;
    const run = () => tuneSupport(made.features, made.labels, { candidates, C: [1, 10, 100] });
    const result = run();
    expect(result.choice.mask).toBe("pair@support/power:2");
    expect(result.reason).toMatch(
      /^pair@support\/power:2 at C = \d+ has a held-out log loss lower than the unmasked probe's by \d\.\d{3} ± \d\.\d{3}$/,
    );
    expect(result.evidence.map(({ mask }) => mask)).toEqual(["none", "none", "pair@support/power:2", "random/top:0.03"]);
    expect(result.evidence[0]).toMatchObject({ C: 1, gain: { mean: 0, p: 1 }, logLossGain: { mean: 0, p: 1 } });
    expect(result.evidence[2].logLossGain.mean).toBeCloseTo(result.evidence[1].logLoss - result.evidence[2].logLoss, 12);
    expect(result.evidence[2].gain.mean).toBeCloseTo(result.evidence[2].accuracy - result.evidence[1].accuracy, 12);
    expect(result.expectedGain!.mean).toBeGreaterThan(0);
    expect(JSON.stringify(run())).toBe(JSON.stringify(result));
    expect(JSON.parse(JSON.stringify(result))).toEqual(result);
  });

  it("keeps no mask where nothing helps", () => {
    const noise = syntheticFeatures({ classes: 4, rowsPerClass: 5, dims: 60, seed: 12, separation: 1e-3 });
    const { choice, reason, expectedGain } = tuneSupport(noise.features, noise.labels);
    expect(choice).toEqual({ mask: "none", trainOn: "support", C: 1 });
    expect(reason).toBe("no candidate beat the unmasked probe at C = 1 significantly on held-out rows");
    expect(expectedGain!.mean).toBe(0);
  });

  it("takes all candidates that the data allow, by default", () => {
    const { features, labels, augmented } = support([3, 3, 3]);
    const names = (options: object) =>
      tuneSupport(features, labels, { C: 1, ...options }).evidence.map(({ mask, trainOn }) => `${mask} ${trainOn}`);
    expect(names({})).toEqual(["none support", "none support", "simple support", "wiener@support/power:1 support"]);
    expect(names({ augmented, pool }).slice(4)).toEqual([
      "pair@augmented/power:0.5 support",
      "wiener@augmented/power:1 support",
      "views-support:16>none support",
      "views:1>none support",
      "none augmented",
      "views:1>none augmented",
    ]);
  });

  it("says of a support too small what it can't know, as a result", () => {
    const one = support([2, 1, 2]);
    const result = tuneSupport(one.features, one.labels, { augmented: one.augmented });
    expect(result).toMatchObject({
      schema: "softprobe/tune@1",
      choice: { mask: "none", trainOn: "support", C: 1 },
      expectedGain: null,
      evidence: [],
    });
    expect(result.reason).toBe(
      "class 1 has one row, and without it nothing is known of the class: choose on base classes (tuneMask), or give each class one more row",
    );
    expect(result.unknown.length).toBe(6);
    const two = support([2, 3, 2]);
    const asked = tuneSupport(two.features, two.labels, { candidates: [{ mask: "pair@support/power:1", trainOn: "support" }] });
    expect(asked.unknown).toEqual([
      { mask: "pair@support/power:1", trainOn: "support", why: "a class of two rows: without one of them it has no variance" },
    ]);
    expect(asked.evidence.map(({ mask }) => mask)).toEqual(["none", "none"]);
  });

  it("names what is wrong", () => {
    const { features, labels } = uneven;
    const asked =
      (mask: string, more: object = {}) =>
      () =>
        tuneSupport(features, labels, { candidates: [{ mask, trainOn: "support", ...more }] });
    expect(asked("wiener@prior/power:1")).toThrow(
      'tuneSupport: mask "wiener@prior/power:1" learns from base classes, expected support or augmented as source, or tuneMask, which has base classes',
    );
    expect(asked("centre>none")).toThrow('tuneSupport: mask "centre>none" learns from base classes');
    expect(asked("pair@oracle/power:1")).toThrow('tuneSupport: mask "pair@oracle/power:1" asks an oracle');
    expect(asked("pair@augmented/power:1")).toThrow('tuneSupport: mask "pair@augmented/power:1" needs augmented views');
    expect(asked("none", { trainOn: "augmented" })).toThrow('tuneSupport: mask "none" needs augmented views');
    expect(asked("views:1>none")).toThrow('tuneSupport: mask "views:1>none" needs views of an unlabelled pool');
    expect(() =>
      tuneSupport(features, labels, { candidates: [{ mask: "tuned", trainOn: "augmented" }], augmented: uneven.augmented }),
    ).toThrow('tuneSupport: mask "tuned" is trained on "augmented"');
    expect(asked("none", { C: 0 })).toThrow("tuneSupport: candidate C is 0, expected a finite number greater than 0");
    expect(() => tuneSupport(features, labels, { C: [] })).toThrow("tuneSupport: C has 0 values, expected at least 1");
    expect(() => tuneSupport(features, labels, { C: [1, -1] })).toThrow("tuneSupport: C[1] is -1");
    expect(() => tuneSupport(features, labels, { level: 1 })).toThrow("tuneSupport: level is 1");
    expect(() => tuneSupport(features, labels.slice(1))).toThrow("tuneSupport: labels has 9 rows, expected 10, one a row of features");
    expect(() => tuneSupport(features, new Array(10).fill("pear"))).toThrow("tuneSupport: labels has one class, pear, expected at least 2");
  });
});

describe("tuneMask's candidates", () => {
  it("may have a C of their own: as if all were run with it", () => {
    const base = syntheticFeatures({ classes: 8, rowsPerClass: 10, dims: 40, seed: 3 });
    const mask = "wiener@prior/power:1";
    const of = (options: object) => tuneMask(base.features, base.labels, { ways: 3, queries: 4, ...options }).evidence;
    const own = of({ candidates: [0.1, 50].map((C) => ({ mask, trainOn: "support", C })) });
    for (const [c, C] of [0.1, 50].entries()) {
      const whole = of({ C, candidates: [{ mask, trainOn: "support" }] });
      expect(own[c + 1].accuracy).toBe(whole[1].accuracy);
    }
    expect(own[1].accuracy).not.toBe(own[2].accuracy);
  });
});
