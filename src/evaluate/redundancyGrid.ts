import { checkOptions } from "../core/checkOptions.ts";
import type { Labels } from "../core/labels.ts";
import type { Matrix } from "../core/matrix.ts";
import { type ExecuteOptions, execute, executeOptionNames } from "../run/execute.ts";
import { progressOptionNames } from "../run/slices.ts";
import { type GridOptions, gridOptionNames, gridPlan, type RedundancyGrid } from "./planGrid.ts";

/**
 * Measures the redundancy curve, its knee and its index for every number of shots and ways. It shows how redundancy fades as either grows
 * ([LM], observation 2). `skipped` names the cells that the data are too few for (rows a class for the shots, or classes for the ways).
 * Classes that are too small for a cell's shots are left out of that cell only. To compare cells on the same classes, list these in
 * `classes`.
 *
 * @param features - n × d, finite
 * @param labels - n labels
 * @param options - shots and ways, lists; the rest as `redundancyCurve`, with the same seed in every cell; on, onProgress and signal
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
  options: GridOptions & ExecuteOptions<RedundancyGrid> = {},
): Promise<RedundancyGrid> {
  checkOptions(options, "redundancyGrid", ...gridOptionNames, executeOptionNames, progressOptionNames);
  const { on, onProgress, signal, journal, ...rest } = options;
  return execute(gridPlan("redundancyGrid", features, labels, rest), { on, onProgress, signal, journal });
}
