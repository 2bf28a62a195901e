import { checkOptions } from "../core/checkOptions.ts";
import { checkDistinct } from "../core/checks.ts";
import type { Labels } from "../core/labels.ts";
import type { Matrix } from "../core/matrix.ts";
import { type OptionsOf, readOptions } from "../core/option.ts";
import { episodeOptions } from "../episodes/episodeOptions.ts";
import type { CheckedRun } from "../plan/options.ts";
import { curveOptions, dataOptions, gridOptions, trainingOptions, viewOptions } from "../plan/optionTable.ts";
import { type CurveOptions, type PreparedCurve, prepareCurve } from "../plan/prepareCurve.ts";
import type { Plan, PlannedJob } from "../run/plan.ts";
import { curveJob, curveOf } from "./planCurve.ts";
import type { GridConfig, MeasuredCurve } from "./results.ts";

export interface GridOptions extends Omit<CurveOptions, "shots" | "ways" | "replay">, OptionsOf<typeof gridOptions> {}

/** Of a run's options, those that a grid has. */
const ofRun = { episodes: true, baseClasses: true, allowBaseOverlap: true } as const;
export const gridOptionNames = [episodeOptions, viewOptions, dataOptions, trainingOptions, curveOptions, gridOptions, ofRun] as const;

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
  readonly config: GridConfig;
  /** Episodes a cell. */
  readonly episodes: number;
  /** Number of softmax fits that did not converge, over all cells; absent if all did. */
  readonly unconverged?: number;
  /** Row by row: all shots at the first number of ways, then at the next. */
  readonly cells: readonly GridCell[];
  /** Cells that the data are too few for, and why. */
  readonly skipped: readonly { readonly shots: number; readonly ways: number; readonly reason: string }[];
}

/** {@link planGrid} on behalf of `caller`. */
export function gridPlan(caller: string, features: Matrix, labels: Labels, options: GridOptions): Plan<RedundancyGrid> {
  checkOptions(options, caller, ...gridOptionNames);
  const { shots: _shots, ways: _ways, ...rest } = options;
  const { shots, ways } = readOptions(gridOptions, options, caller);
  checkDistinct(shots, caller, "shots");
  checkDistinct(ways, caller, "ways");
  const planned: { readonly shots: number; readonly ways: number; readonly prepared: PreparedCurve; readonly job: PlannedJob }[] = [];
  const skipped: { shots: number; ways: number; reason: string }[] = [];
  let first: unknown;
  let checked: CheckedRun | undefined;
  for (const way of ways) {
    for (const shot of shots) {
      const cell = { shots: shot, ways: way };
      const own = { ...rest, ...cell };
      try {
        const prepared = prepareCurve(caller, features, labels, own, checked);
        const { index, base, baseStatistics, joined, overlaps } = prepared.run;
        checked = { index, base, baseStatistics, joined, overlaps };
        planned.push({ ...cell, prepared, job: curveJob(prepared, own) });
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        first ??= error;
        skipped.push({ ...cell, reason: error.message.replace(/^\w+: /, "") });
      }
    }
  }
  // A fault that all cells share is the options', not the data's.
  if (planned.length === 0) throw first;
  return {
    caller,
    jobs: planned.map(({ job }) => job),
    result(counts) {
      const curves = planned.map(({ prepared }, i) => curveOf(prepared, counts[i]));
      const cells = planned.map((cell, i): GridCell => {
        const { digest, excludedClasses, points, knee, redundancyIndex } = curves[i];
        const accuracy = points.find(({ fraction }) => fraction === 1) ?? null;
        return { shots: cell.shots, ways: cell.ways, accuracy, knee, redundancyIndex, points, digest, excludedClasses };
      });
      const { config, episodes } = curves[curves.length - 1];
      const unconverged = curves.reduce((sum, curve) => sum + (curve.unconverged ?? 0), 0);
      const counted = unconverged > 0 ? { unconverged } : {};
      return { schema: "softprobe/grid@1", config: { ...config, shots, ways }, episodes, ...counted, cells, skipped };
    },
  };
}

/**
 * Prepares a `redundancyGrid` without running it. Cells that the data are too few for are already known. `execute` carries it out anywhere.
 *
 * @param features - n × d, finite
 * @param labels - n labels
 * @param options - those of `redundancyGrid` except on, onProgress and signal
 * @returns the plan of a result document, `softprobe/grid@1`
 * @throws as `redundancyGrid`
 * @example
 * ```ts
 * import { syntheticFeatures } from "softprobe";
 * import { execute, planGrid } from "softprobe/run";
 *
 * const { features, labels } = syntheticFeatures({ classes: 6, rowsPerClass: 30, seed: 1 });
 * const { cells } = await execute(planGrid(features, labels, { shots: [1, 20], ways: [2, 5], episodes: 10 }));
 * console.log(cells.length); // → 2
 * ```
 */
export function planGrid(features: Matrix, labels: Labels, options: GridOptions = {}): Plan<RedundancyGrid> {
  return gridPlan("planGrid", features, labels, options);
}
