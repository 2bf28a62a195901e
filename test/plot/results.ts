import type { RedundancyGrid } from "../../src/evaluate/planGrid.ts";
import type { TheoryComparison } from "../../src/evaluate/planTheory.ts";
import type { MeasuredCurve, RedundancyCurve } from "../../src/evaluate/results.ts";
import type { TuneResult } from "../../src/tune/tuneMask.ts";
import { oneShot } from "../report/fixtures.ts";

/** A curve as `redundancyCurve` returns it. */
export function measured(curve: RedundancyCurve, fraction: number, ends: readonly [number, number]): MeasuredCurve {
  const dimensions = (share: number): number => Math.round(1280 * share);
  const ci95 = { fraction: ends, dimensions: [dimensions(ends[0]), dimensions(ends[1])] as const };
  return { ...curve, knee: { fraction, dimensions: dimensions(fraction), epsilon: 0.01, ci95 }, redundancyIndex: null };
}

const points = oneShot.points.map(({ fraction, dimensions, accuracy, ci95 }) => ({
  ...{ fraction, dimensions, ci95, measured: accuracy, theory: accuracy - 0.02 },
}));
export const theory: TheoryComparison = {
  schema: "softprobe/theory@1",
  ...{ config: {}, episodes: 600, dimensions: 1280, excludedClasses: [] },
  shots: [1, 5].map((shots) => ({
    ...{ shots, points, usefulDimensions: 90 },
    best: { fraction: 0.03, dimensions: 38, accuracy: 0.88, accuracyOfAll: 0.786 },
  })),
};

export const grid: RedundancyGrid = {
  schema: "softprobe/grid@1",
  ...{ config: {}, episodes: 200, skipped: [{ shots: 20, ways: 10, reason: "too few rows" }] },
  cells: [
    [2, 1, 0.01],
    [2, 5, 0.02],
    [2, 20, 0.05],
    [10, 1, 0.02],
    [10, 5, 0.1],
  ].map(([ways, shots, fraction]) => ({
    ...{ ways, shots, digest: "", excludedClasses: [], points: oneShot.points, accuracy: null, redundancyIndex: null },
    knee: measured(oneShot, fraction, [fraction / 2, fraction * 2]).knee,
  })),
};

export const tuned: TuneResult = {
  schema: "softprobe/tune@1",
  config: { sets: 30, level: 0.05, episodes: 300 },
  choice: { mask: "centre>none", trainOn: "augmented" },
  ...{ reason: "", expectedGain: { mean: 0.01, standardError: 0.002 } },
  evidence: [
    { mask: "none", trainOn: "support", accuracy: 0.8, gain: { mean: 0, standardError: 0, p: 1 } },
    { mask: "wiener@prior/power:1", trainOn: "support", accuracy: 0.78, gain: { mean: -0.02, standardError: 0.001, p: 1 } },
    { mask: "centre>none", trainOn: "support", accuracy: 0.801, gain: { mean: 0.001, standardError: 0.002, p: 0.3 } },
    { mask: "centre>none", trainOn: "augmented", accuracy: 0.82, gain: { mean: 0.02, standardError: 0.002, p: 1e-9 } },
  ],
};
