import fc from "fast-check";
import type { CurvePoint, Evaluation, RedundancyCurve } from "../../src/evaluate/results.ts";

/** Two probes, three masks: none, a better one, a worse one. */
export const evaluation: Evaluation = {
  schema: "softprobe/eval@1",
  config: { ways: 5, shots: 1, queries: 15, seed: 0 },
  digest: "f00d",
  episodes: 600,
  excludedClasses: ["pear", 7, 9007199254740993n],
  results: ["softmax", "centroid"].flatMap((probe) => [
    { mask: "none", probe, accuracy: 0.8063, ci95: [0.7981, 0.8145], difference: null },
    {
      mask: "pair@oracle/top:0.02",
      probe,
      accuracy: 0.8493,
      ci95: [0.84, 0.8586],
      difference: { mean: 0.043, ci95: [0.035, 0.051], p: 1e-9 },
    },
    {
      mask: "pair@augmented/top:0.02",
      probe,
      accuracy: 0.7693,
      ci95: [0.76, 0.7786],
      difference: { mean: -0.037, ci95: [-0.045, -0.029], p: 0.004 },
    },
    {
      mask: "simple",
      probe,
      accuracy: 0.8073,
      ci95: [0.799, 0.8156],
      difference: { mean: 0.001, ci95: [-0.004, 0.006], p: 0.69 },
    },
  ]),
};

const fractions = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1];

/** A curve through the given accuracies, at 1 % … 100 % of 1280 dimensions. */
export function curveOf(shots: number, accuracies: readonly number[], half = 0.008): RedundancyCurve {
  const full = accuracies[accuracies.length - 1];
  const points = fractions.map((fraction, i): CurvePoint => {
    const mean = accuracies[i] - full;
    return {
      fraction,
      dimensions: Math.round(1280 * fraction),
      accuracy: accuracies[i],
      ci95: [accuracies[i] - half, accuracies[i] + half],
      difference: { mean, ci95: [mean - 0.006, mean + 0.006], p: Math.abs(mean) > 0.006 ? 1e-6 : fraction === 1 ? 1 : 0.4 },
    };
  });
  const config = { ways: 5, shots, importance: "pair@oracle" };
  return { schema: "softprobe/curve@1", config, digest: "f00d", episodes: 600, excludedClasses: [], points };
}

/** The shape that METHOD.md reports: more dimensions hurt at one shot, and help at twenty. */
export const oneShot = curveOf(1, [0.782, 0.849, 0.869, 0.874, 0.861, 0.836, 0.806], 0.012);
const fiveShot = curveOf(5, [0.878, 0.909, 0.939, 0.949, 0.947, 0.939, 0.929], 0.007);
const twentyShot = curveOf(20, [0.889, 0.925, 0.952, 0.964, 0.968, 0.969, 0.968], 0.004);
export const named = [
  { name: "1 shot", curve: oneShot },
  { name: "5 shots", curve: fiveShot },
  { name: "20 shots", curve: twentyShot },
];

/** Curves of one to six points anywhere, intervals sometimes not finite. */
export const anyCurve = fc
  .array(
    fc.record({
      fraction: fc.double({ min: 1e-6, max: 1, noNaN: true }),
      accuracy: fc.double({ min: 0, max: 1, noNaN: true }),
      half: fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY)),
    }),
    {
      minLength: 1,
      maxLength: 6,
    },
  )
  .map((points): RedundancyCurve => {
    const difference = { mean: 0, ci95: [0, 0], p: 1 } as const;
    return {
      ...oneShot,
      points: points.map(({ fraction, accuracy, half }) => ({
        fraction,
        dimensions: 3,
        accuracy,
        ci95: [accuracy - half, accuracy + half],
        difference,
      })),
    };
  });
