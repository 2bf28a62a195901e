import { checkOptions, type OptionNames } from "../core/checkOptions.ts";
import { kindError, shapeError, valueError } from "../core/errors.ts";
import { log } from "../core/log.ts";
import type { CurvePoint } from "./results.ts";

/**
 * Share of the advantage over chance that each point keeps, at most 1, averaged over the logarithm of the number of dimensions (trapezoids): `dimensions`
 * ascending, the last point all of them. Where all dimensions have no advantage over chance, a point keeps all or nothing of it.
 */
export function indexOf(dimensions: ArrayLike<number>, accuracy: ArrayLike<number>, chance: number): number {
  const last = dimensions.length - 1;
  const all = accuracy[last];
  const kept = (s: number): number => (accuracy[s] >= all ? 1 : all > chance ? Math.max(0, (accuracy[s] - chance) / (all - chance)) : 0);
  let area = 0;
  for (let s = 1; s <= last; s++) area += 0.5 * (kept(s - 1) + kept(s)) * log(dimensions[s] / dimensions[s - 1]);
  // Rounding may carry a curve that keeps all of it past 1.
  return Math.min(1, area / log(dimensions[last] / dimensions[0]));
}

export interface RedundancyIndexOptions {
  /** Accuracy by chance, in [0, 1) (default 0). */
  readonly chance?: number;
}

const indexOptionNames: OptionNames<RedundancyIndexOptions> = { chance: true };

/**
 * Summarises a redundancy curve as one number in [0, 1]: the share of the accuracy above chance that remains if only the most important
 * dimensions are kept, averaged over sizes on a log scale. 1 means that even the fewest dimensions lose nothing; 0 that anything less
 * than all of them is at chance. Gains over all dimensions count as no loss, so they never make up for losses elsewhere.
 *
 * It is an area and not 1 − knee because an area needs no ε, varies smoothly with the data, and tells apart two curves that have the same
 * knee but fall differently below it. The scale is logarithmic because 1 % instead of 2 % is as large a step as 50 % instead of 100 %.
 * Compare only curves with the same fractions, because the index is a mean over these.
 *
 * @param points - of `redundancyCurve`, ascending, the last with all dimensions
 * @param options - chance: accuracy of guessing, such as 1/ways (default 0)
 * @returns the index, 0 … 1
 * @throws RangeError when there are fewer than 2 points, dimensions do not ascend, an accuracy is not finite or chance is outside [0, 1)
 * @example
 * ```ts
 * import { redundancyIndex } from "softprobe/statistics";
 *
 * const points = [{ dimensions: 1, accuracy: 0.5 }, { dimensions: 10, accuracy: 0.8 }, { dimensions: 100, accuracy: 0.8 }];
 * console.log(redundancyIndex(points, { chance: 0.2 })); // → 0.875
 * ```
 */
export function redundancyIndex(
  points: readonly Pick<CurvePoint, "dimensions" | "accuracy">[],
  options: RedundancyIndexOptions = {},
): number {
  const caller = "redundancyIndex";
  checkOptions(options, caller, indexOptionNames);
  if (!Array.isArray(points)) throw kindError(caller, "points", points, "the points of a redundancy curve");
  if (points.length < 2) throw shapeError(caller, "points", `${points.length} entries`, "at least 2");
  const { chance = 0 } = options;
  if (!(chance >= 0 && chance < 1)) throw valueError(caller, "chance", `is ${chance}`, "a share in [0, 1)");
  points.forEach(({ dimensions, accuracy }, i) => {
    if (!(dimensions > (i > 0 ? points[i - 1].dimensions : 0)))
      throw valueError(caller, `points[${i}].dimensions`, `is ${dimensions}`, i > 0 ? "more than the one before" : "at least 1");
    if (!Number.isFinite(accuracy)) throw valueError(caller, `points[${i}].accuracy`, `is ${accuracy}`, "a finite number");
  });
  return indexOf(
    points.map(({ dimensions }) => dimensions),
    points.map(({ accuracy }) => accuracy),
    chance,
  );
}
