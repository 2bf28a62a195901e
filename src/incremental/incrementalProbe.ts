import { shapeError } from "../core/errors.ts";
import type { ClassName } from "../core/labels.ts";
import { checkFinite, type Matrix } from "../core/matrix.ts";
import { type Classification, classify } from "../probe/classify.ts";
import type { Probe } from "../probe/probe.ts";
import { incrementalHead } from "./incrementalHead.ts";
import { checkState, type IncrementalSoftmax } from "./incrementalSoftmax.ts";

/**
 * Makes the whole probe of a state: normalisation, head, temperature and rejection. It takes rows in the form that `addExamples` takes.
 * Predict with it, save it, ship it.
 *
 * @param state - from `addExamples` or `removeExamples`, of two classes or more
 * @returns a probe as `fitProbe` makes it, without provenance
 * @throws RangeError when there are fewer than two classes: `incrementalClassify` answers then too
 * @example
 * ```ts
 * import { predict, toMatrix } from "softprobe";
 * import { addExamples, incrementalProbe, incrementalSoftmax } from "softprobe/incremental";
 *
 * const state = addExamples(incrementalSoftmax(2, { normalize: "l2" }), toMatrix([[9, 1], [2, 7]]), ["east", "north"]);
 * const probe = incrementalProbe(state);
 * console.log(probe.steps, predict(probe, toMatrix([[500, 3]]))); // → [ { kind: 'l2', weights: null } ] [ 'east' ]
 * ```
 */
export function incrementalProbe(state: IncrementalSoftmax): Probe {
  const { cols, normalize, temperature, rejection } = state;
  const head = incrementalHead(state);
  return {
    kind: "probe",
    cols,
    steps: normalize === "l2" ? [{ kind: "l2", weights: null }] : [],
    head,
    temperature,
    rejection,
    provenance: null,
  };
}

/** Answers to n rows, or none if fewer than two classes are known. */
export interface IncrementalClassification extends Omit<Classification, "labels"> {
  /** Whether at least two classes are known. */
  readonly decided: boolean;
  /** n: the most likely class of each row; all null if `decided` is false. */
  readonly labels: readonly (ClassName | null)[];
}

/**
 * Classifies rows by a state at any time. With fewer than two classes it returns `decided: false` instead of throwing.
 *
 * @param state - from `incrementalSoftmax` or any later change
 * @param features - n × d rows as those of `addExamples`, finite
 * @returns labels, probabilities (n × k; 1 for the only class) and which rows are rejected; with `decided: false` all labels are null and all rows rejected
 * @throws RangeError when d is not the state's, or a value is not finite
 * @example
 * ```ts
 * import { toMatrix } from "softprobe";
 * import { addExamples, incrementalClassify, incrementalSoftmax } from "softprobe/incremental";
 *
 * const one = addExamples(incrementalSoftmax(2), toMatrix([[0, 1]]), ["cat"]);
 * const { decided, labels } = incrementalClassify(one, toMatrix([[1, 0]]));
 * console.log(decided, labels); // → false [ null ]
 * const two = addExamples(one, toMatrix([[1, 0]]), ["dog"]);
 * console.log(incrementalClassify(two, toMatrix([[1, 0.2]])).labels); // → [ 'dog' ]
 * ```
 */
export function incrementalClassify(state: IncrementalSoftmax, features: Matrix): IncrementalClassification {
  checkState(state, "incrementalClassify");
  const { rows, cols } = checkFinite(features, "incrementalClassify", "features");
  if (cols !== state.cols) throw shapeError("incrementalClassify", "features", `${cols} columns`, `${state.cols}, as the state`);
  if (state.fit) return { decided: true, ...classify(incrementalProbe(state), features) };
  const classes = [...new Set(state.labels)];
  const known = classes.length;
  return {
    decided: false,
    classes,
    labels: new Array<null>(rows).fill(null),
    scores: { data: new Float64Array(rows * known), rows, cols: known },
    probabilities: { data: new Float64Array(rows * known).fill(1), rows, cols: known },
    rejected: new Array<boolean>(rows).fill(true),
  };
}
