import type { Labels } from "../core/labels.ts";
import type { Matrix } from "../core/matrix.ts";
import type { ClassStatistics } from "../statistics/classStatistics.ts";

/**
 * A probe of your own. It is trained once an episode for every mask, on features that are already
 * masked and normalised. The rows that it is given are its own: it may write to them.
 */
export interface CustomProbe<Model = unknown> {
  readonly name: string;
  /** Trains on n × d features with labels 0 … ways − 1. */
  fit(features: Matrix, labels: Int32Array, ways: number): Model;
  /** Predicts q × d features: whole numbers 0 … ways − 1, never class names. It returns them at once, not by a promise. */
  predict(model: Model, features: Matrix): ArrayLike<number>;
  /** Probabilities of the classes, q × ways, for `expectedCalibrationError` and `logLoss` only. */
  predictProba?(model: Model, features: Matrix): Matrix;
}

/** A base set: labelled rows, or what masks need to know of them. */
export type BaseGiven = { readonly features: Matrix; readonly labels: Labels } | ClassStatistics;
