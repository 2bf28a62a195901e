import type { Basis, BasisNormalize } from "../basis/basis.ts";
import type { Labels } from "../core/labels.ts";
import type { Matrix } from "../core/matrix.ts";
import type { Views } from "../core/views.ts";
import type { MaskString } from "../mask/maskSpec.ts";
import type { ClassStatistics } from "../statistics/classStatistics.ts";

/** What masks, bases and probes of your own may tell of where they come from. */
export interface OwnModule {
  /**
   * The absolute URL of the ES module whose default export this is: `import.meta.url`, if it stands there. Workers import it from there, since a function can't be sent to them. It then has to answer from what it is given alone, for
   * each worker has a copy of its own.
   */
  readonly module?: URL | string;
}

/**
 * A probe of your own. It is trained once an episode for every mask, on features that are already masked and normalised. It gets copies, so it may
 * write to them. It must be synchronous: a promise is refused.
 */
export interface CustomProbe<Model = unknown> extends OwnModule {
  readonly name: string;
  /** Trains on n × d features with labels 0 … ways − 1. */
  fit(features: Matrix, labels: Int32Array, ways: number): Model;
  /** Predicts a class number, 0 … ways − 1, for each of q × d features; anything else is refused. */
  predict(model: Model, features: Matrix): ArrayLike<number>;
  /** Probabilities of the classes, q × ways, which sum to 1 for each query, for `expectedCalibrationError` and `logLoss` only. */
  predictProba?(model: Model, features: Matrix): Matrix;
}

/** What a mask of your own may look at in an episode: never its queries. */
export interface MaskTask {
  /** The number of the episode; 0 in a fit. */
  readonly episode: number;
  readonly ways: number;
  /** n × d support rows, grouped by class: of norm 1, unless `normalize` is `"none"`, or their coordinates in the mask's basis. */
  readonly support: Matrix;
  /** n: their classes, 0 … ways − 1. */
  readonly labels: Int32Array;
  /** The views of the support rows, in their order, in the same form; null where none are given. */
  readonly augmented: Views | null;
}

/** Labelled rows of classes that are not the task's, as they are given: not normalised yet. */
export interface BaseRows {
  /** n × d: the base set, or the rows of the classes outside the episode, in ascending order. */
  readonly features: Matrix;
  /** n: whole numbers, the same for rows of one class. */
  readonly labels: Int32Array;
  /** The views of these rows, in their order; null for a base set, which has none. */
  readonly augmented: Views | null;
}

/** What a basis of your own learns from where it is the same for all tasks that leave the same classes out. What it holds is copied when you read it. */
export interface BaseTask {
  /** d. */
  readonly cols: number;
  /** The option of this name, for the basis to follow. */
  readonly normalize: BasisNormalize;
  /** Null where there are no base classes: in `fitProbe` without `base`, and with `baseClasses: "none"`. */
  readonly base: BaseRows | null;
  /** The views of the unlabelled pool; null where none is given. */
  readonly pool: Views | null;
}

/** What a basis of your own may look at in an episode if it learns from the support, too: never the queries. */
export interface SupportTask extends BaseTask {
  /** The number of the episode; 0 in a fit. */
  readonly episode: number;
  readonly ways: number;
  /** n × d support rows as they are given, grouped by class. */
  readonly support: Matrix;
  /** n: their classes, 0 … ways − 1. */
  readonly labels: Int32Array;
  /** The views of the support rows, in their order; null where none are given. */
  readonly augmented: Views | null;
}

/**
 * A basis of your own: a name, what it learns from, and a function that fits a {@link Basis} for d columns. It may be one that `fitCentre`, `fitWithin`, `fitDiscriminant` or `fitViews`
 * makes of rows that you choose, or a record of your own with `kind: "custom"`. Rows are then l2-normalised, centred, l2-normalised again and multiplied
 * by its matrix, as in any basis; where it has `psi`, that is what the source `prior` knows. It answers at once: a promise is refused.
 */
export type CustomBasis =
  | (OwnModule & {
      readonly name: string;
      /** `"base"`: it learns from base classes and pool alone, or from nothing. It is fitted once for all episodes that leave the same classes out. */
      readonly from: "base";
      fit(task: BaseTask): Basis;
    })
  | (OwnModule & {
      readonly name: string;
      /** `"support"`: it sees the support as well, and is fitted in every episode. */
      readonly from: "support";
      fit(task: SupportTask): Basis;
    });

/**
 * A mask of your own: asked once an episode for the weights of its columns, from copies that it may write to. After the weights rows are scaled to norm 1, as after
 * any mask. It answers at once: a promise is refused.
 */
export interface CustomMask extends OwnModule {
  readonly name: string;
  /** The basis before it: as in a spec string (`"centre"`, `"within:0.2"` …), or one of your own (default: none, the features themselves). */
  readonly basis?: string | CustomBasis;
  /** d weights, finite and at least 0: one a column. */
  weights(task: MaskTask): ArrayLike<number>;
}

/** A mask of the library in a basis of your own. */
export interface MaskInBasis extends OwnModule {
  /** Default: the basis' name, `>`, the mask, as in a spec string. */
  readonly name?: string;
  readonly basis: CustomBasis;
  /** A spec string without a basis of its own (default `"none"`). */
  readonly mask?: MaskString;
}

/** A base set: labelled rows, or what masks need to know of them. */
export type BaseGiven = { readonly features: Matrix; readonly labels: Labels } | ClassStatistics;
