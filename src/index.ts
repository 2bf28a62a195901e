export type { Basis, BasisNormalize, BasisOptions, LowRank } from "./basis/basis.ts";
export { type DomainCheck, type DomainCheckOptions, domainCheck } from "./basis/domainCheck.ts";
export { type CentreOptions, fitCentre } from "./basis/fitCentre.ts";
export { type DiscriminantOptions, fitDiscriminant } from "./basis/fitDiscriminant.ts";
export { type Domain, type DomainOptions, fitDomain } from "./basis/fitDomain.ts";
export { fitViews, type ViewsOptions } from "./basis/fitViews.ts";
export { fitWithin, type WithinOptions } from "./basis/fitWithin.ts";
export { type ProjectOptions, project } from "./basis/project.ts";
export { type ClassName, type ClassOf, indexLabels, type LabelIndex, type Labels } from "./core/labels.ts";
export type { FloatArray, Matrix } from "./core/matrix.ts";
export type { RowReader } from "./core/rowReader.ts";
export type { Views } from "./core/views.ts";
export type { SliceOptions, WorkProgress } from "./core/work.ts";
export type { Workplace } from "./core/workplace.ts";
export { type DigestOptions, episodeDigest } from "./episodes/episodeDigest.ts";
export { type EpisodesOptions, episodes } from "./episodes/episodes.ts";
export { findLeaks, type Leaks } from "./episodes/findLeaks.ts";
export { type EpisodeRows, replayEpisode } from "./episodes/replayEpisode.ts";
export { type Episode, type EpisodeOptions, type EpisodeSampler, episodeSampler, sampleEpisode } from "./episodes/sampleEpisode.ts";
export type { DomainVerdict } from "./estimate/domainOf.ts";
export { evaluate } from "./evaluate/evaluate.ts";
export { type LinearProbeOptions, linearProbe } from "./evaluate/linearProbe.ts";
export type { LearningPoint, LinearProbeResult } from "./evaluate/linearProbeResult.ts";
export type { GridCell, GridOptions, RedundancyGrid } from "./evaluate/planGrid.ts";
export { redundancyCurve } from "./evaluate/redundancyCurve.ts";
export { redundancyGrid } from "./evaluate/redundancyGrid.ts";
export type {
  CurveConfig,
  CurvePoint,
  Difference,
  EpisodeCount,
  Evaluation,
  EvaluationConfig,
  EvaluationResult,
  EvaluationVariance,
  GridConfig,
  Interval,
  Knee,
  MeasuredCurve,
  MetricResult,
  RedundancyCurve,
  RunConfig,
  RunData,
  SharedConfig,
} from "./evaluate/results.ts";
export type { FixedSizeLists } from "./features/arrowRows.ts";
export { centre } from "./features/centre.ts";
export { type CollectInput, type CollectOptions, collectMatrix, type DeferredTensor, type RowOrBatch } from "./features/collectMatrix.ts";
export { concatRows } from "./features/concatRows.ts";
export { l2Normalize } from "./features/l2Normalize.ts";
export type { MatrixInput, NumericArray, TensorLike, ToMatrixOptions } from "./features/matrixFrom.ts";
export { type SyntheticFeatures, type SyntheticOptions, syntheticFeatures } from "./features/syntheticFeatures.ts";
export { takeRows, takeRowsInto } from "./features/takeRows.ts";
export { takeViews } from "./features/takeViews.ts";
export { toMatrix } from "./features/toMatrix.ts";
export { type ToViewsOptions, toViews, type ViewsInput } from "./features/toViews.ts";
export { tukeyPower } from "./features/tukeyPower.ts";
export { choosePenalty, choosePenaltyAsync, type PenaltyChoice, type PenaltyOptions, type PenaltyPoint } from "./heldout/choosePenalty.ts";
export type { PlacedOptions } from "./heldout/heldOutCrew.ts";
export type { MethodOptions } from "./heldout/heldOutMethod.ts";
export type { HeldOutMethod } from "./heldout/heldOutTask.ts";
export { type LeaveOneOut, type LeaveOneOutOptions, leaveOneOut } from "./heldout/leaveOneOut.ts";
export type { HeldOutOptions } from "./heldout/prepareHeldOut.ts";
export type { KernelChoice } from "./kernels/createKernels.ts";
export { applyMask, type MaskOptions } from "./mask/applyMask.ts";
export { magnitudeMask } from "./mask/magnitudeMask.ts";
export {
  type BasisName,
  type BasisSpec,
  formatMask,
  type ImportanceName,
  type MaskSpec,
  type MaskString,
  type MaskText,
  parseMask,
  type SourceName,
} from "./mask/maskSpec.ts";
export { powerMask } from "./mask/powerMask.ts";
export { simpleTransform } from "./mask/simpleTransform.ts";
export { topMask } from "./mask/topMask.ts";
export type { PenaltySource } from "./pipeline/choosePipelinePenalty.ts";
export type { Combination, CombinationPart, CombinationWeights } from "./pipeline/combination.ts";
export {
  type CalibratedOptions,
  type CalibratedProbe,
  fitCalibratedProbe,
  fitCalibratedProbeAsync,
  type HeldOutRows,
} from "./pipeline/fitCalibratedProbe.ts";
export { fitProbe, fitProbeAsync, type ProbeOptions } from "./pipeline/fitProbe.ts";
export { fitSteps, type StepsOptions } from "./pipeline/fitSteps.ts";
export type { MetricName } from "./plan/countLayout.ts";
export type {
  BaseRows,
  BaseTask,
  CustomBasis,
  CustomMask,
  CustomProbe,
  MaskInBasis,
  MaskTask,
  OwnModule,
  SupportTask,
} from "./plan/given.ts";
export type { DataOptions, EpisodeRunOptions, Features, RowViews } from "./plan/options.ts";
export type { ProbeName } from "./plan/optionTable.ts";
export type { CurveOptions } from "./plan/prepareCurve.ts";
export type { EvaluateOptions, EvaluationOptions } from "./plan/prepareEvaluation.ts";
export { type Classification, classify } from "./probe/classify.ts";
export { composeProbe } from "./probe/composeProbe.ts";
export { type CentroidHead, type CentroidOptions, type CosineHead, fitCentroid, fitCosine } from "./probe/fitCentroid.ts";
export { fitPlda, type PldaHead, type PldaOptions } from "./probe/fitPlda.ts";
export { fitSoftmax, type SoftmaxHead, type SoftmaxOptions } from "./probe/fitSoftmax.ts";
export { fitTemperature, type TemperatureOptions } from "./probe/fitTemperature.ts";
export { foldHead } from "./probe/foldHead.ts";
export { headFromJSON } from "./probe/headFromJSON.ts";
export { type HeadDocument, headToJSON } from "./probe/headToJSON.ts";
export { pldaScores } from "./probe/pldaScores.ts";
export { decisionFunction, logLoss, predict, predictProba, score } from "./probe/predict.ts";
export type { Head, LinearHead, Probe, Provenance, Rejection } from "./probe/probe.ts";
export { type RejectionOptions, rejectionScore } from "./probe/rejectionScore.ts";
export type { Step } from "./probe/steps.ts";
export { transformRows } from "./probe/transformRows.ts";
export type { Progress, ProgressOptions } from "./run/slices.ts";
export type { ClassWeight } from "./solve/classWeight.ts";
export type { Confusion } from "./statistics/worstPairs.ts";
