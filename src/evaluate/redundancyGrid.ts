import { checkOptions, type OptionNames } from "../core/checkOptions.ts";
import { checkCount } from "../core/checks.ts";
import { kindError, shapeError, valueError } from "../core/errors.ts";
import type { Labels } from "../core/labels.ts";
import type { Matrix } from "../core/matrix.ts";
import { type EpisodeOptions, episodeOptionNames } from "../episodes/sampleEpisode.ts";
import { type DataOptions, dataOptionNames, type EpisodeRunOptions } from "../plan/options.ts";
import { type CurveOptions, curveOnlyNames, prepareCurve } from "../plan/prepareCurve.ts";
import { type ProgressOptions, progressOptionNames } from "../run/slices.ts";
import { redundancyCurve } from "./redundancyCurve.ts";
import type { MeasuredCurve } from "./results.ts";

export interface GridOptions extends Omit<CurveOptions, "shots" | "ways" | "replay"> {
  /** Support rows a class, one a column of the grid (default 1, 5, 20). */
  readonly shots?: readonly number[];
  /** Classes an episode, one a row of the grid (default 2, 5, 10, 20). */
  readonly ways?: readonly number[];
}

const gridOptionNames: OptionNames<GridOptions, EpisodeOptions & DataOptions & Omit<CurveOptions, keyof EpisodeRunOptions>> = {
  episodes: true,
  baseClasses: true,
};

/** The curve of one number of shots and ways. */
export interface GridCell extends Pick<MeasuredCurve, "digest" | "excludedClasses" | "points" | "knee" | "redundancyIndex"> {
  readonly shots: number;
  readonly ways: number;
  /** With all dimensions; null where no fraction asks for all of them. */
  readonly accuracy: MeasuredCurve["points"][number] | null;
}

/** The result of `redundancyGrid`: a plain JSON document. */
export interface RedundancyGrid {
  readonly schema: "softprobe/grid@1";
  readonly config: Readonly<Record<string, unknown>>;
  /** Episodes a cell. */
  readonly episodes: number;
  /** Row by row: every shots of the first ways, then of the next. */
  readonly cells: readonly GridCell[];
  /** Cells that the data cannot give, and why. */
  readonly skipped: readonly { readonly shots: number; readonly ways: number; readonly reason: string }[];
}

function checkList(list: readonly number[], argument: string, least: number): readonly number[] {
  if (!Array.isArray(list)) throw kindError("redundancyGrid", argument, list, "an array of whole numbers");
  if (list.length === 0) throw shapeError("redundancyGrid", argument, "0 entries", "at least 1");
  list.forEach((value, i) => {
    checkCount(value, "redundancyGrid", `${argument}[${i}]`, least);
    if (list.indexOf(value) < i) throw valueError("redundancyGrid", `${argument}[${i}]`, `is ${value} again`, "each number once");
  });
  return list;
}

/**
 * The redundancy curve, its knee and its index for every number of shots and ways: how redundancy fades as either grows ([LM], observation 2). A cell that the
 * data cannot give (too few rows a class for the shots, too few classes for the ways) is named in `skipped`. Classes too small for a cell's shots
 * are left out of that cell alone: to compare cells on the same classes, name them by `classes`.
 *
 * @param features - n × d, finite
 * @param labels - n labels
 * @param options - shots and ways, lists; the rest as `redundancyCurve`, with the same seed in every cell
 * @returns the result document, `softprobe/grid@1`
 * @throws TypeError or RangeError naming the argument at fault, or why the first cell fails when every cell does; the signal's reason when aborted
 * @example
 * ```ts
 * import { redundancyGrid, syntheticFeatures } from "softprobe";
 *
 * const { features, labels } = syntheticFeatures({ classes: 6, rowsPerClass: 30, seed: 1 });
 * const { cells, skipped } = await redundancyGrid(features, labels, { shots: [1, 20], ways: [2, 5], episodes: 10 });
 * console.log(cells.length, skipped.length, cells[0].knee.dimensions < 400); // → 2 2 true
 * ```
 */
export async function redundancyGrid(
  features: Matrix,
  labels: Labels,
  options: GridOptions & ProgressOptions = {},
): Promise<RedundancyGrid> {
  checkOptions(options, "redundancyGrid", episodeOptionNames, dataOptionNames, curveOnlyNames, gridOptionNames, progressOptionNames);
  const { shots = [1, 5, 20], ways = [2, 5, 10, 20], onProgress, ...rest } = options;
  checkList(shots, "shots", 1);
  checkList(ways, "ways", 2);
  const plans: { readonly shots: number; readonly ways: number }[] = [];
  const skipped: { shots: number; ways: number; reason: string }[] = [];
  let first: unknown;
  for (const way of ways) {
    for (const shot of shots) {
      const cell = { shots: shot, ways: way };
      try {
        prepareCurve(features, labels, { ...rest, ...cell });
        plans.push(cell);
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        first ??= error;
        skipped.push({ ...cell, reason: error.message.replace(/^\w+: /, "") });
      }
    }
  }
  // A fault that all cells share is the options', not the data's.
  if (plans.length === 0) throw first;
  const cells: GridCell[] = [];
  let config: Readonly<Record<string, unknown>> = {};
  let episodes = 0;
  for (const cell of plans) {
    const curve = await redundancyCurve(features, labels, {
      ...rest,
      ...cell,
      onProgress: onProgress && (({ done, total }) => onProgress({ done: cells.length * total + done, total: plans.length * total })),
    });
    ({ config, episodes } = curve);
    const { digest, excludedClasses, points, knee, redundancyIndex } = curve;
    const accuracy = points.find(({ fraction }) => fraction === 1) ?? null;
    cells.push({ ...cell, accuracy, knee, redundancyIndex, points, digest, excludedClasses });
  }
  return { schema: "softprobe/grid@1", config: { ...config, shots, ways }, episodes, cells, skipped };
}
