import { createJsStatistics } from "./jsStatistics.ts";
import type { Kernels, StatisticsKernels } from "./kernels.ts";

/** The statistics that go with these kernels. */
export function statisticsOf({ statistics, memory }: Kernels): StatisticsKernels {
  return statistics ?? createJsStatistics(memory);
}

/** Rows in kernel memory, each with a factor that moments multiply it by. */
interface MomentRows {
  readonly single: number;
  readonly address: number;
  readonly stride: number;
  readonly scale: number;
}

/** Where moments go: the mean, the sum of squared deviations over a divisor, and scratch. */
export interface MomentPlaces {
  readonly mean: number;
  readonly squares: number;
  readonly sum: number;
}

/** Moments of the `count` rows that `list` names, one pass about the first of them: exact even where the spread is a tiny share of the values. */
export function writeMoments(
  kernels: StatisticsKernels,
  rows: MomentRows,
  list: number,
  count: number,
  to: MomentPlaces,
  divisor: number,
): void {
  const { single, address, stride, scale } = rows;
  kernels.addMoments(single, address, stride, list, scale, count, 1, to.mean, to.sum, to.squares);
  kernels.finishMoments(to.mean, to.sum, to.squares, stride, count, divisor);
}
