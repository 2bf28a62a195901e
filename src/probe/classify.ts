import { kindError } from "../core/errors.ts";
import type { ClassName } from "../core/labels.ts";
import type { Matrix } from "../core/matrix.ts";
import { answersOf, byTemperature, scores, softmaxRows, temperatureOf } from "./predict.ts";
import { checkRule, classesOf, type Head, type Probe } from "./probe.ts";
import { rejectionOf } from "./rejectionOf.ts";

/** Answers to n rows. */
export interface Classification<Label extends ClassName = ClassName> {
  /** n: the most likely class of each row (the first of equals), even if the answer is rejected. */
  readonly labels: readonly Label[];
  /** k: the classes in the order of the columns of `scores` and `probabilities`. */
  readonly classes: readonly Label[];
  /** n × k, as `decisionFunction`: compute a log loss from these, because a probability of 1e-400 is 0 in double precision. */
  readonly scores: Matrix;
  /** n × k: their softmax. */
  readonly probabilities: Matrix;
  /** n: whether the probe's `rejectionScore` is above its threshold; all false if the probe has no threshold. */
  readonly rejected: readonly boolean[];
}

/**
 * Predicts labels and probabilities, and marks rejected rows, by the probe's own temperature and rejection threshold.
 *
 * @param head - a trained head or probe of k classes on d dimensions
 * @param features - n × d, finite; raw ones for a probe
 * @returns labels, n × k scores and probabilities, and which rows are rejected
 * @throws RangeError as `decisionFunction`
 * @example
 * ```ts
 * import { classify, fitProbe, toMatrix } from "softprobe";
 *
 * const probe = fitProbe(toMatrix([[1, 0], [0, 1]]), ["x", "y"], { C: 10 });
 * const strict = { ...probe, rejection: { by: "margin", threshold: 0.5 } } as const;
 * const { labels, rejected } = classify(strict, toMatrix([[9, 1], [5, 4]]));
 * console.log(labels, rejected); // → [ 'x', 'x' ] [ false, true ]
 * ```
 */
export function classify<Label extends ClassName>(head: Head<Label> | Probe<Label>, features: Matrix): Classification<Label> {
  const raw = scores(head, features, "classify");
  const probabilities = softmaxRows({ ...raw, data: raw.data.slice() }, temperatureOf(head));
  const scored = byTemperature(head, raw, "classify");
  const rejection = head.kind === "probe" ? head.rejection : null;
  const classes = classesOf(head);
  const labels = answersOf(head, scored);
  let rejected = labels.map(() => false);
  if (rejection) {
    const { by, threshold } = rejection;
    if (typeof threshold !== "number" || Number.isNaN(threshold)) throw kindError("classify", "rejection.threshold", threshold, "a number");
    rejected = Array.from(rejectionOf(scored, checkRule(by, "classify", "rejection.by"), 1), (value) => value > threshold);
  }
  return { labels, classes, scores: scored, probabilities, rejected };
}
