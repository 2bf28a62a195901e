export type { Basis, BasisNormalize, BasisOptions, LowRank } from "./basis/basis.ts";
export { type DomainCheck, type DomainCheckOptions, domainCheck } from "./basis/domainCheck.ts";
export { type CentreOptions, fitCentre } from "./basis/fitCentre.ts";
export { type DiscriminantOptions, fitDiscriminant } from "./basis/fitDiscriminant.ts";
export { type Domain, type DomainOptions, fitDomain } from "./basis/fitDomain.ts";
export { fitViews, type ViewsOptions } from "./basis/fitViews.ts";
export { fitWithin, type WithinOptions } from "./basis/fitWithin.ts";
export { type ProjectOptions, project } from "./basis/project.ts";
export { type ClassName, indexLabels, type LabelIndex, type Labels } from "./core/labels.ts";
export type { FloatArray, Matrix } from "./core/matrix.ts";
export type { RowReader } from "./core/rowReader.ts";
export type { Views } from "./core/views.ts";
export type { SliceOptions, WorkProgress } from "./core/work.ts";
export { type DigestOptions, episodeDigest } from "./episodes/episodeDigest.ts";
export { type EpisodesOptions, episodes } from "./episodes/episodes.ts";
export { findLeaks, type Leaks } from "./episodes/findLeaks.ts";
export { type EpisodeRows, replayEpisode } from "./episodes/replayEpisode.ts";
export { type Episode, type EpisodeOptions, type EpisodeSampler, episodeSampler, sampleEpisode } from "./episodes/sampleEpisode.ts";
export type { DomainVerdict } from "./estimate/domainOf.ts";
export {
  type CompareTheoryOptions,
  compareTheory,
  type TheoryAtShots,
  type TheoryComparison,
  type TheoryComparisonPoint,
} from "./evaluate/compareTheory.ts";
export { type EvaluationProgress, evaluate, evaluateStream } from "./evaluate/evaluate.ts";
export { evaluateInWebWorkers } from "./evaluate/evaluateInWebWorkers.ts";
export { evaluateRows } from "./evaluate/evaluateRows.ts";
export { evaluateShard } from "./evaluate/evaluateShard.ts";
export { knee } from "./evaluate/knee.ts";
export {
  type Confusion,
  type LearningPoint,
  type LinearProbeOptions,
  type LinearProbeResult,
  linearProbe,
} from "./evaluate/linearProbe.ts";
export { type MergeOptions, mergeShards } from "./evaluate/mergeShards.ts";
export { redundancyCurve } from "./evaluate/redundancyCurve.ts";
export { redundancyCurveInWebWorkers } from "./evaluate/redundancyCurveInWebWorkers.ts";
export { redundancyCurveShard } from "./evaluate/redundancyCurveShard.ts";
export { type GridCell, type GridOptions, type RedundancyGrid, redundancyGrid } from "./evaluate/redundancyGrid.ts";
export { type RedundancyIndexOptions, redundancyIndex } from "./evaluate/redundancyIndex.ts";
export type {
  CurvePoint,
  Difference,
  EpisodeCount,
  Evaluation,
  EvaluationResult,
  EvaluationVariance,
  Interval,
  Knee,
  MeasuredCurve,
  MetricResult,
  RedundancyCurve,
} from "./evaluate/results.ts";
export type { FixedSizeLists } from "./features/arrowRows.ts";
export { centre } from "./features/centre.ts";
export { type CollectInput, type CollectOptions, collectMatrix, type DeferredTensor, type RowOrBatch } from "./features/collectMatrix.ts";
export { l2Normalize } from "./features/l2Normalize.ts";
export type { MatrixInput, NumericArray, TensorLike, ToMatrixOptions } from "./features/matrixFrom.ts";
export { type SyntheticFeatures, type SyntheticOptions, syntheticFeatures } from "./features/syntheticFeatures.ts";
export { takeRows } from "./features/takeRows.ts";
export { toMatrix } from "./features/toMatrix.ts";
export { type ToViewsOptions, toViews, type ViewsInput } from "./features/toViews.ts";
export { tukeyPower } from "./features/tukeyPower.ts";
export { bayesImportance } from "./importance/bayesImportance.ts";
export type { ClassMoments } from "./importance/classMoments.ts";
export { fisherImportance } from "./importance/fisherImportance.ts";
export { mutualInformationImportance } from "./importance/mutualInformationImportance.ts";
export { pairImportance } from "./importance/pairImportance.ts";
export { randomImportance } from "./importance/randomImportance.ts";
export { varianceImportance } from "./importance/varianceImportance.ts";
export { welchImportance } from "./importance/welchImportance.ts";
export { type WienerOptions, wienerImportance, wienerWeights } from "./importance/wienerImportance.ts";
export type { KernelChoice } from "./kernels/createKernels.ts";
export { applyMask, type MaskOptions } from "./mask/applyMask.ts";
export { magnitudeMask } from "./mask/magnitudeMask.ts";
export {
  type BasisName,
  type BasisSpec,
  formatMask,
  type ImportanceName,
  type MaskSpec,
  parseMask,
  type SourceName,
} from "./mask/maskSpec.ts";
export { powerMask } from "./mask/powerMask.ts";
export { simpleTransform } from "./mask/simpleTransform.ts";
export { topMask } from "./mask/topMask.ts";
export type { PenaltySource } from "./pipeline/choosePipelinePenalty.ts";
export type { Combination, CombinationPart, CombinationWeights } from "./pipeline/combination.ts";
export { combinationFromJSON } from "./pipeline/combinationFromJSON.ts";
export { type CombinationDocument, combinationToJSON } from "./pipeline/combinationToJSON.ts";
export { type CalibratedOptions, type CalibratedProbe, fitCalibratedProbe, type HeldOutRows } from "./pipeline/fitCalibratedProbe.ts";
export { fitProbe, type ProbeOptions } from "./pipeline/fitProbe.ts";
export type { MetricName } from "./plan/countLayout.ts";
export type { CustomProbe, DataOptions, EpisodeRunOptions, ProbeName } from "./plan/options.ts";
export type { CurveOptions } from "./plan/prepareCurve.ts";
export type { EvaluateOptions } from "./plan/prepareEvaluation.ts";
export { addExamples } from "./probe/addExamples.ts";
export {
  choosePenalty,
  choosePenaltyAsync,
  type PenaltyChoice,
  type PenaltyOptions,
  type PenaltyPoint,
} from "./probe/choosePenalty.ts";
export { type Classification, classify } from "./probe/classify.ts";
export type { ClassWeight } from "./probe/classWeight.ts";
export { type CentroidHead, type CentroidOptions, type CosineHead, fitCentroid, fitCosine } from "./probe/fitCentroid.ts";
export { fitPlda, type PldaHead, type PldaOptions } from "./probe/fitPlda.ts";
export { fitSoftmax, type SoftmaxHead, type SoftmaxOptions } from "./probe/fitSoftmax.ts";
export { fitTemperature, type TemperatureOptions } from "./probe/fitTemperature.ts";
export { foldHead } from "./probe/foldHead.ts";
export { headFromJSON } from "./probe/headFromJSON.ts";
export { type HeadDocument, headToJSON } from "./probe/headToJSON.ts";
export type { HeldOutMethod, MethodOptions } from "./probe/heldOutMethod.ts";
export { incrementalHead } from "./probe/incrementalHead.ts";
export { type DualFit, type IncrementalOptions, type IncrementalSoftmax, incrementalSoftmax } from "./probe/incrementalSoftmax.ts";
export { type LeaveOneOut, type LeaveOneOutOptions, leaveOneOut } from "./probe/leaveOneOut.ts";
export { pldaScores } from "./probe/pldaScores.ts";
export { decisionFunction, logLoss, predict, predictProba, score } from "./probe/predict.ts";
export type { HeldOutOptions } from "./probe/prepareHeldOut.ts";
export type { Head, LinearHead, Probe, Provenance, Rejection } from "./probe/probe.ts";
export { type RejectionOptions, rejectionScore } from "./probe/rejectionScore.ts";
export { removeExamples } from "./probe/removeExamples.ts";
export type { Step } from "./probe/steps.ts";
export type { Curves, NamedCurve } from "./report/checkResults.ts";
export type { TableOptions } from "./report/columns.ts";
export { curveCsv } from "./report/curveCsv.ts";
export { curveMarkdown } from "./report/curveMarkdown.ts";
export { curveTable } from "./report/curveTable.ts";
export { type CurveTextOptions, curveText } from "./report/curveText.ts";
export { evaluationCsv } from "./report/evaluationCsv.ts";
export { evaluationMarkdown } from "./report/evaluationMarkdown.ts";
export { evaluationTable } from "./report/evaluationTable.ts";
export { toNdjson } from "./report/toNdjson.ts";
export type { CurvePart, EvaluationPart, ShardOptions } from "./run/part.ts";
export { serveEvaluation, type WorkerScope } from "./run/serveEvaluation.ts";
export type { Progress, ProgressOptions } from "./run/slices.ts";
export type { WebWorker, WebWorkerOptions } from "./run/webCrew.ts";
export type { RowsOptions } from "./score/rowsRunner.ts";
export { auroc } from "./statistics/auroc.ts";
export { balancedAccuracy } from "./statistics/balancedAccuracy.ts";
export { type ClassStatistics, type ClassStatisticsOptions, classStatistics, mergeClassStatistics } from "./statistics/classStatistics.ts";
export { type ConfusionMatrix, confusionMatrix } from "./statistics/confusionMatrix.ts";
export { type CoverageAccuracy, coverageAccuracy } from "./statistics/coverageAccuracy.ts";
export { type EpisodesNeeded, type EpisodesNeededOptions, episodesNeeded } from "./statistics/episodesNeeded.ts";
export { expectedCalibrationError } from "./statistics/expectedCalibrationError.ts";
export { macroF1 } from "./statistics/macroF1.ts";
export { type MeanInterval, meanInterval } from "./statistics/meanInterval.ts";
export { type PairedDifference, pairedDifference } from "./statistics/pairedDifference.ts";
export { proportionInterval } from "./statistics/proportionInterval.ts";
export { type RejectionTarget, rejectionThreshold } from "./statistics/rejectionThreshold.ts";
export { type ReliabilityBin, reliabilityBins } from "./statistics/reliabilityBins.ts";
export { type StreamStatisticsOptions, streamClassStatistics } from "./statistics/streamClassStatistics.ts";
export { studentTCdf, studentTQuantile } from "./statistics/studentT.ts";
export { type VarianceSplit, varianceSplit } from "./statistics/varianceSplit.ts";
export { type BestFraction, bestFraction } from "./theory/bestFraction.ts";
export { type CentroidErrorOptions, centroidError, type GaussianPair } from "./theory/centroidError.ts";
export type { TheoryOptions } from "./theory/checkTheory.ts";
export { type TheoreticalCurveOptions, type TheoryPoint, theoreticalRedundancyCurve } from "./theory/theoreticalRedundancyCurve.ts";
export { type UsefulShotsOptions, usefulShots } from "./theory/usefulShots.ts";
export { type CombinationOptions, fitCombination } from "./tune/fitCombination.ts";
export type { TuneCandidate } from "./tune/tuneEvidence.ts";
export { type TuneOptions, type TuneResult, type TuneRow, tuneMask } from "./tune/tuneMask.ts";
export { type SupportTuneResult, type SupportTuneRow, type TuneSupportOptions, tuneSupport } from "./tune/tuneSupport.ts";
