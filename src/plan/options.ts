import type { OptionNames } from "../core/checkOptions.ts";
import type { ClassName, LabelIndex, Labels } from "../core/labels.ts";
import type { Matrix } from "../core/matrix.ts";
import type { Views } from "../core/views.ts";
import type { EpisodeRows } from "../episodes/replayEpisode.ts";
import type { Episode, EpisodeOptions } from "../episodes/sampleEpisode.ts";
import type { KernelChoice } from "../kernels/createKernels.ts";
import type { MaskSpec } from "../mask/maskSpec.ts";
import type { ClassWeight, ClassWeights } from "../probe/classWeight.ts";
import type { ClassStatistics } from "../statistics/classStatistics.ts";

export const probeNames = ["softmax", "centroid", "cosine", "plda"] as const;
/** The probes that come with the library; `plda` goes with `discriminant:RIDGE>none` masks only. */
export type ProbeName = (typeof probeNames)[number];
/** Those that are linear in the masked features, and so run in the kernels. */
export type KernelProbe = Exclude<ProbeName, "plda">;

/** A probe of your own: trained and asked once an episode for every mask, on features already masked and normalised. */
export interface CustomProbe<Model = unknown> {
  readonly name: string;
  /** Trains on n × d features with labels 0 … ways − 1. */
  fit(features: Matrix, labels: Int32Array, ways: number): Model;
  /** Labels 0 … ways − 1 of q × d features. */
  predict(model: Model, features: Matrix): ArrayLike<number>;
  /** Probabilities of the classes, q × ways, for `expectedCalibrationError` only. */
  predictProba?(model: Model, features: Matrix): Matrix;
}

/** A base set: labelled rows, or what masks need to know of them. */
export type BaseGiven = { readonly features: Matrix; readonly labels: Labels } | ClassStatistics;

/** What an episode and a fit take beside features and labels: further data, and how masks and head are made of them. */
export interface DataOptions {
  /** Augmented views of every row of the features, for the sources augmented, augmented+base and posterior, and for `trainOn`. */
  readonly augmented?: Views;
  /**
   * Labelled rows of other classes, for the sources base, augmented+base, prior and posterior, and for bases; without them, the classes outside each
   * episode serve. For the sources alone their statistics will do (those of l2-normalised rows, unless `normalize` is `"none"`).
   */
  readonly base?: BaseGiven;
  /** Views of an unlabelled pool of other rows, for the `views` basis; without it, the augmented rows of the classes outside each episode serve. */
  readonly pool?: Views;
  /** Train the probe on the support, or on the support and its views (default `"support"`). */
  readonly trainOn?: "support" | "augmented";
  /** `"l2"` (default): rows scaled to norm 1 before the mask and again after it; `"none"`: neither. */
  readonly normalize?: "l2" | "none";
  /** The softmax probe's C (default 1). */
  readonly C?: number;
  /**
   * Weights of classes in the softmax probe's loss (default 1 each): `"balanced"`, by the rows trained on; by class name; or one a class in ascending order. Other probes don't
   * depend on them: a class's mean is the same at any weight of the class.
   */
  readonly classWeight?: ClassWeight;
  /** Prior degrees of freedom of the `posterior` source (default 24). */
  readonly priorDegrees?: number;
  /** Which kernels compute (default `"auto"`): the result is the same to the bit. */
  readonly kernels?: KernelChoice;
}

export const dataOptionNames: OptionNames<DataOptions> = {
  augmented: true,
  base: true,
  pool: true,
  trainOn: true,
  normalize: true,
  C: true,
  classWeight: true,
  priorDegrees: true,
  kernels: true,
};

/** What `evaluate` and `redundancyCurve` have in common: the episodes and the data beside the features. */
export interface EpisodeRunOptions extends EpisodeOptions, DataOptions {
  /** How many episodes (default 600), numbered from 0. */
  readonly episodes?: number;
  /** Given episodes instead of sampled ones; ways, shots, queries, seed, episodes and drawsPerTask then don't count. */
  readonly replay?: readonly EpisodeRows[];
  /**
   * What counts as base classes where a base set is given: it alone (`"base"`, the default), or it and the classes outside each episode
   * (`"all"`). Bases are then fitted anew for every set of classes left out.
   */
  readonly baseClasses?: "base" | "all";
}

export const runOptionNames: OptionNames<EpisodeRunOptions, EpisodeOptions & DataOptions> = {
  episodes: true,
  replay: true,
  baseClasses: true,
};

/** Options made ready: defaults filled in, everything checked once. */
export interface EpisodeRun {
  readonly features: Matrix;
  readonly index: LabelIndex;
  readonly augmented: Views | null;
  readonly base: { readonly features: Matrix; readonly index: LabelIndex } | null;
  /** A base set known by its statistics alone; `base` is null then. */
  readonly baseStatistics: ClassStatistics | null;
  /** With `baseClasses: "all"`: the features' rows, then the base set's, with classes of their own. */
  readonly joined: { readonly features: Matrix; readonly index: LabelIndex } | null;
  readonly baseClasses: "base" | "all";
  readonly pool: Views | null;
  readonly trainOn: "support" | "augmented";
  readonly normalize: "l2" | "none";
  readonly C: number;
  /** Ready weights of `index.classes`. */
  readonly classWeights: ClassWeights;
  readonly priorDegrees: number;
  readonly seed: number;
  readonly episodes: number;
  /** How many consecutive episodes share their task (their classes); 1 where episodes are replayed. */
  readonly drawsPerTask: number;
  readonly excludedClasses: readonly ClassName[];
  readonly digest: string;
  /** Most training rows, queries and ways of any episode. */
  readonly most: { readonly support: number; readonly query: number; readonly ways: number };
  episode(e: number): Episode;
  /** The options for the result's `config`. */
  readonly config: Readonly<Record<string, unknown>>;
}

/** What one thread's checks found, so that a worker that views the same arrays need not look at every number again. */
export type CheckedRun = Pick<EpisodeRun, "index" | "base" | "baseStatistics" | "joined"> & { readonly digest?: string };

/** A mask asked for: as it was spelled, and taken apart. */
export interface NamedMask {
  readonly name: string;
  readonly spec: MaskSpec;
}
