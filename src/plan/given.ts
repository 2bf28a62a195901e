import type { Labels } from "../core/labels.ts";
import type { Matrix } from "../core/matrix.ts";
import type { Views } from "../core/views.ts";
import type { ClassStatistics } from "../statistics/classStatistics.ts";

/**
 * A probe of your own. It is trained once an episode for every mask, on features that are already masked and normalised. It gets copies, so it may
 * write to them. It must be synchronous: a promise is refused.
 */
export interface CustomProbe<Model = unknown> {
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

/**
 * A mask of your own: asked once an episode for the weights of its columns, from copies that it may write to. After the weights rows are scaled to norm 1, as after
 * any mask. It answers at once: a promise is refused.
 */
export interface CustomMask {
  readonly name: string;
  /** The basis before it, as in a spec string: `"centre"`, `"within:0.2"` … (default: none, the features themselves). */
  readonly basis?: string;
  /** d weights, finite and at least 0: one a column. */
  weights(task: MaskTask): ArrayLike<number>;
}

/** A base set: labelled rows, or what masks need to know of them. */
export type BaseGiven = { readonly features: Matrix; readonly labels: Labels } | ClassStatistics;
