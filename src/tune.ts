export type { Labels } from "./core/labels.ts";
export type { Matrix } from "./core/matrix.ts";
export type { Views } from "./core/views.ts";
export type { Combination, CombinationPart, CombinationWeights } from "./pipeline/combination.ts";
export { combinationFromJSON } from "./pipeline/combinationFromJSON.ts";
export { type CombinationDocument, combinationToJSON } from "./pipeline/combinationToJSON.ts";
export type { Progress, ProgressOptions } from "./run/slices.ts";
export { type CombinationOptions, fitCombination } from "./tune/fitCombination.ts";
export { fitSupportCombination, type SupportCombinationOptions } from "./tune/fitSupportCombination.ts";
export type { TuneCandidate } from "./tune/tuneEvidence.ts";
export { type TuneConfig, type TuneOptions, type TuneResult, type TuneRow, tuneMask } from "./tune/tuneMask.ts";
export {
  type SupportTuneConfig,
  type SupportTuneResult,
  type SupportTuneRow,
  type TuneSupportOptions,
  tuneSupport,
} from "./tune/tuneSupport.ts";
