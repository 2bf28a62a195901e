import { describe, expect, it } from "vitest";
import { indexLabels } from "../../src/core/labels.ts";
import { supportResult } from "../../src/tune/supportResult.ts";

const labels = Array.from({ length: 12 }, (_, i) => i % 2);
/** Losses about a mean, which no two candidates share row by row, and so many rows right. */
const heldOut = (C: number, logLoss: number, right: number, seed: number) => ({
  C,
  losses: Float64Array.from(labels, (_, i) => logLoss + 0.01 * (((i * seed) % 5) - 2)),
  hits: Float64Array.from(labels, (_, i) => Number(i < right)),
});
const about = {
  index: indexLabels(labels),
  judged: [
    { mask: "none", trainOn: "support" },
    { mask: "wiener@support/power:1", trainOn: "support" },
    { mask: "none", trainOn: "augmented" },
  ] as const,
  unknown: [],
  config: {},
  level: 0.05,
};
const plain = heldOut(1, 1, 6, 2);

describe("what a choice by held-out rows of a support tells", () => {
  it("a candidate that lowers the log loss: it, at its best C, by how much, and a gain of accuracy that each half measures for the other", () => {
    const wiener = heldOut(10, 0.5, 9, 3);
    const measured = [[heldOut(10, 0.8, 6, 1), plain], [heldOut(1, 0.9, 6, 3), wiener], [heldOut(1, 1.4, 6, 4)]];
    const { choice, reason, evidence, expectedGain } = supportResult(about, plain, measured);
    expect(choice).toEqual({ mask: "wiener@support/power:1", trainOn: "support", C: 10 });
    expect(reason).toMatch(
      /^wiener@support\/power:1 at C = 10 has a held-out log loss lower than the unmasked probe's by 0\.\d{3} ± 0\.\d{3}$/,
    );
    expect(evidence.map(({ C }) => C)).toEqual([1, 10, 10, 1]);
    expect(evidence.map(({ accuracy }) => accuracy)).toEqual([0.5, 0.5, 0.75, 0.5]);
    // The unmasked probe at its own C is held against C = 1; others against it.
    const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / 12;
    expect(evidence[1].logLossGain.mean).toBeCloseTo(1 - 0.8 + mean(plain.losses) - 1 - (mean(measured[0][0].losses) - 0.8), 12);
    expect(evidence[2].logLossGain.mean).toBeCloseTo(mean(measured[0][0].losses) - mean(wiener.losses), 12);
    // Both halves choose it. Of the three rows that it alone has right, one is in one half and two in the other.
    expect(expectedGain!.mean).toBeCloseTo((1 / 6 + 2 / 6) / 2, 12);
  });

  it("the unmasked probe where no candidate is better: at another C, or at C = 1", () => {
    const worse = [[heldOut(1, 1.4, 6, 3)], [heldOut(1, 1.5, 6, 4)]];
    const other = supportResult(about, plain, [[heldOut(31.62277, 0.8, 6, 1)], ...worse]);
    expect(other.choice).toEqual({ mask: "none", trainOn: "support", C: 31.62277 });
    expect(other.reason).toMatch(
      /^no candidate beat the unmasked probe; at C = 31\.6 it has a held-out log loss of 0\.\d{3}, lower than at C = 1 by 0\.\d{3} ± 0\.\d{3}$/,
    );
    const same = supportResult(about, plain, [[heldOut(31.62277, 1.3, 6, 1)], ...worse]);
    expect(same.choice).toEqual({ mask: "none", trainOn: "support", C: 1 });
    expect(same.reason).toBe("no candidate beat the unmasked probe at C = 1 significantly on held-out rows");
    expect(same.expectedGain).toEqual({ mean: 0, standardError: 0 });
  });

  it("not a candidate that is surer but right on fewer rows", () => {
    const surer = [[plain], [heldOut(1, 0.2, 5, 3)], [heldOut(1, 1.4, 6, 4)]];
    expect(supportResult(about, plain, surer).choice.mask).toBe("none");
  });

  it("names training on views", () => {
    const views = [[plain], [heldOut(1, 1.4, 6, 3)], [heldOut(1, 0.2, 9, 4)]];
    expect(supportResult(about, plain, views).reason).toMatch(/^none trained on views at C = 1 has/);
  });
});
