import { createJsStatistics } from "./jsStatistics.ts";
import type { Kernels, StatisticsKernels } from "./kernels.ts";

/** The statistics that go with these kernels. */
export function statisticsOf({ statistics, memory }: Kernels): StatisticsKernels {
  return statistics ?? createJsStatistics(memory);
}

/** Rows in kernel memory whose moments are wanted: addresses, 0 for no list (rows in order) and no scale (rows as they are). */
export interface MomentRows {
  readonly single: number;
  readonly address: number;
  readonly stride: number;
  readonly list: number;
  readonly scale: number;
  readonly count: number;
}

/** Mean and sum of squared deviations over `divisor`, one pass about the first row: exact even where the spread is a tiny share of the values. */
export function writeMoments(
  kernels: StatisticsKernels,
  { single, address, stride, list, scale, count }: MomentRows,
  to: { readonly mean: number; readonly squares: number; readonly sum: number },
  divisor: number,
): void {
  kernels.addMoments(single, address, stride, list, scale, count, 1, to.mean, to.sum, to.squares);
  kernels.finishMoments(to.mean, to.sum, to.squares, stride, count, divisor);
}
