import type { Labels } from "../core/labels.ts";
import type { Matrix } from "../core/matrix.ts";
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

/** A base set: labelled rows, or what masks need to know of them. */
export type BaseGiven = { readonly features: Matrix; readonly labels: Labels } | ClassStatistics;
