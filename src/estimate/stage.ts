import type { LabelIndex } from "../core/labels.ts";
import type { Matrix } from "../core/matrix.ts";
import type { Views } from "../core/views.ts";
import { type Kernels, paddedCols } from "../kernels/kernels.ts";
import type { EpisodeRun } from "../plan/options.ts";
import type { ClassStatistics } from "../statistics/classStatistics.ts";
import { type EpisodeImportance, episodeImportance } from "./episodeImportance.ts";
import type { BaseVariances } from "./episodeMoments.ts";
import { type FeatureSpace, type KnownMoments, loadSpace } from "./featureSpace.ts";
import type { StagedEpisode } from "./stagedEpisode.ts";

/** The data of one space: the features as they are, transformed, or projected by a basis. */
export interface StageData {
  readonly features: Matrix;
  readonly index: LabelIndex;
  readonly augmented: Views | null;
  readonly base: { readonly features: Matrix; readonly index: LabelIndex } | null;
  readonly baseStatistics?: ClassStatistics | null;
  readonly joinsBase?: boolean;
  /** Whether importance takes rows scaled to norm 1, or as they are. */
  readonly statistics: "l2" | "none";
  readonly prior?: BaseVariances | null;
  /** Moments that are in the kernels' memory already, instead of those of the rows here. */
  readonly known?: KnownMoments;
}

/** What is asked of a space's episodes besides importance: made once a space, started with each episode. */
export interface Asked {
  start(episode: StagedEpisode): void;
}

/** Makes what is asked of a space, such as probes to be trained and counted in it. */
export type Ask<A extends Asked> = (kernels: Kernels, space: FeatureSpace) => A;

/** A space of features with its importance, what is asked of it, and room for one mask. */
export interface Stage<A extends Asked> {
  readonly kernels: Kernels;
  readonly data: StageData;
  readonly importance: EpisodeImportance;
  readonly asked: A;
  /** Room for the weights of a mask, and for a list of columns. */
  readonly weights: number;
  readonly columns: number;
}

/** A stage at one episode, with the episode's row numbers in the stage's space. */
export interface StageAt<A extends Asked> {
  readonly stage: Stage<A>;
  readonly episode: StagedEpisode;
  /** Between-class variances of a discriminant or within basis, in units of the variance within; null elsewhere. */
  readonly psi: Float64Array | null;
}

/** Loads a space and reserves all that its episodes need. */
export function createStage<A extends Asked>(kernels: Kernels, data: StageData, run: EpisodeRun, caller: string, ask: Ask<A>): Stage<A> {
  const space = loadSpace(kernels, data);
  const { seed, priorDegrees, most } = run;
  return {
    kernels,
    data,
    importance: episodeImportance(kernels, space, { caller, seed, priorDegrees, most, prior: data.prior }),
    asked: ask(kernels, space),
    weights: kernels.memory.allocate(8 * paddedCols(data.features.cols)),
    columns: kernels.memory.allocate(4 * data.features.cols),
  };
}

/** Starts an episode on a stage. */
export function startStage<A extends Asked>(stage: Stage<A>, episode: StagedEpisode, psi: Float64Array | null = null): StageAt<A> {
  stage.importance.start(episode);
  stage.asked.start(episode);
  return { stage, episode, psi };
}
