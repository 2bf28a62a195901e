export type { Labels } from "./core/labels.ts";
export type { Matrix } from "./core/matrix.ts";
export {
  type CompareTheoryOptions,
  compareTheory,
  type TheoryAtShots,
  type TheoryComparison,
  type TheoryComparisonPoint,
} from "./evaluate/compareTheory.ts";
export type { ProgressOptions } from "./run/slices.ts";
export type { ClassStatistics } from "./statistics/classStatistics.ts";
export { type BestFraction, bestFraction } from "./theory/bestFraction.ts";
export { type CentroidErrorOptions, centroidError, type GaussianPair } from "./theory/centroidError.ts";
export type { TheoryOptions } from "./theory/checkTheory.ts";
export { type TheoreticalCurveOptions, type TheoryPoint, theoreticalRedundancyCurve } from "./theory/theoreticalRedundancyCurve.ts";
export { type UsefulShotsOptions, usefulShots } from "./theory/usefulShots.ts";
