import { describe, expect, it } from "vitest";
import { evaluate } from "../../src/evaluate/evaluate.ts";
import { redundancyCurve } from "../../src/evaluate/redundancyCurve.ts";
import { fitProbe } from "../../src/pipeline/fitProbe.ts";
import { predictProba } from "../../src/probe/predict.ts";
import { extremeFeatures, extremeKinds } from "../properties/extremeFeatures.ts";

const classes = 5;
const rows = classes * 9;
const cols = 7;
const labels = Array.from({ length: rows }, (_, i) => i % classes);
const masks = [
  ...["none", "simple", "random/top:0.5", "centre>none", "within:0.2>none", "views:1>none"],
  ...["pair@oracle/top:0.3", "pair@augmented/power:0.5", "fisher@augmented/power:1", "fisher@oracle/top:0.5"],
  ...["variance@augmented/magnitude", "wiener@support/power:1", "wiener@augmented+base/power:1", "wiener@prior/power:1"],
  ...["wiener@posterior/power:1", "pair@base/power:-1", "discriminant:1>bayes@prior/power:1"],
];

/** The path of the first number in a document that is NaN or infinite, which JSON would write as null. */
function notFinite(value: unknown, path = "document"): string | null {
  if (typeof value === "number") return Number.isFinite(value) ? null : `${path} is ${value}`;
  if (value === null || typeof value !== "object") return null;
  for (const [key, entry] of Object.entries(value)) {
    const found = notFinite(entry, `${path}.${key}`);
    if (found !== null) return found;
  }
  return null;
}

/** What `run` gives, or null where it refuses by an error that says so. */
async function orRefused<T>(run: () => T | Promise<T>): Promise<T | null> {
  try {
    return await run();
  } catch (error) {
    expect(error).toBeInstanceOf(RangeError);
    expect((error as Error).message).toMatch(/^\w+: .+, expected /s);
    return null;
  }
}

describe.each(["l2", "none"] as const)("evaluation of features at the edges of what doubles hold, normalize %s", (normalize) => {
  it.each(extremeKinds)("%s: no accuracy, interval or importance is NaN", async (kind) => {
    const features = extremeFeatures(kind, rows, cols, 1);
    const augmented = { matrix: extremeFeatures(kind, 3 * rows, cols, 2), views: 3 };
    const options = { ways: 3, shots: 3, queries: 2, episodes: 3, seed: 1, augmented, normalize };
    let run = 0;
    for (const mask of masks) {
      const result = await orRefused(() =>
        evaluate(features, labels, {
          ...options,
          masks: mask === "none" ? [mask] : ["none", mask],
          probes: ["softmax", "centroid"],
          perEpisode: true,
          metrics: ["macroF1"],
        }),
      );
      if (result === null) continue;
      run++;
      expect(notFinite(result.results), mask).toBeNull();
    }
    expect(run).toBeGreaterThanOrEqual(kind === "plain" || kind === "unit" ? masks.length : 2);
    const curve = await orRefused(() => redundancyCurve(features, labels, options));
    if (curve) expect(notFinite(curve.points)).toBeNull();
    for (const mask of ["none", "simple", "wiener@support/power:1", "pair@augmented/power:0.5"]) {
      const probe = await orRefused(() => fitProbe(features, labels, { mask, normalize, augmented }));
      if (probe)
        expect(
          predictProba(probe, features).data.every((p) => p >= 0 && p <= 1),
          mask,
        ).toBe(true);
    }
  });
});
