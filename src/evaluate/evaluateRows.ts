import { checkOptions } from "../core/checkOptions.ts";
import type { Labels } from "../core/labels.ts";
import type { RowReader } from "../core/rowReader.ts";
import { evaluateOptionNames } from "../plan/prepareEvaluation.ts";
import { countInSlices, startCounting } from "../run/counting.ts";
import { type ProgressOptions, progressOptionNames } from "../run/slices.ts";
import { type RowsOptions, rowsDomain, rowsRunner } from "../score/rowsRunner.ts";
import type { Evaluation } from "./results.ts";
import { summariseEvaluation } from "./summarise.ts";

/**
 * `evaluate` over features that do not fit into memory: an episode reads its own rows, and where a mask needs the classes' statistics, one pass over all rows makes them
 * first. The result is the same to the bit.
 *
 * Masks with a basis, `tuned` and `baseClasses: "all"` need all rows in memory, and are refused; a base set and a pool are given in memory.
 *
 * @param reader - n × d, such as `openFeatures` gives
 * @param labels - n labels
 * @param options - those of `evaluate`; augmented is a reader of n · views rows
 * @returns the result document, `softprobe/eval@1`
 * @throws as `evaluate`; RangeError naming a mask that needs all rows
 * @example
 * ```ts
 * import { evaluate, evaluateRows, syntheticFeatures, takeRows } from "softprobe";
 *
 * const { features, labels } = syntheticFeatures({ seed: 1 });
 * const reader = { ...features, read: (rows: ArrayLike<number>) => takeRows(features, rows) };
 * const [inMemory, byRows] = await Promise.all([evaluate(features, labels, { episodes: 20 }), evaluateRows(reader, labels, { episodes: 20 })]);
 * console.log(JSON.stringify(byRows) === JSON.stringify(inMemory)); // → true
 * ```
 */
export async function evaluateRows(reader: RowReader, labels: Labels, options: RowsOptions & ProgressOptions = {}): Promise<Evaluation> {
  checkOptions(options, "evaluateRows", ...evaluateOptionNames, progressOptionNames);
  const runner = rowsRunner(reader, labels, options);
  const counting = startCounting(0, runner.run.episodes, runner.width);
  await countInSlices(runner, counting, options);
  return summariseEvaluation(runner, counting.counts, options.perEpisode ?? false, rowsDomain(runner, reader, options));
}
