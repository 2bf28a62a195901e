import type { ClassName } from "../core/labels.ts";
import type { Matrix } from "../core/matrix.ts";
import { version } from "../core/version.ts";
import type { Work } from "../core/work.ts";
import type { KernelChoice } from "../kernels/createKernels.ts";
import type { EpisodeRun } from "../plan/options.ts";
import type { ProbeName } from "../plan/optionTable.ts";
import type { FitRun } from "../plan/prepareFit.ts";
import { namedWeights } from "../probe/classWeight.ts";
import { fittingSoftmax } from "../probe/fitSoftmax.ts";
import type { Head, Probe, Provenance } from "../probe/probe.ts";

/** Everything of a probe but its head, and what trains that. */
export interface PreparedProbe {
  /** `combined`: a softmax probe and a density in one linear head. */
  readonly probe: ProbeName | "combined";
  readonly C: number | "auto";
  /** Whether C is that of a combination's evidence, and nobody asked for it. */
  readonly ofEvidence?: boolean;
  /** Rows to train on as the head sees them: the n of the features first, then their views, where those are trained on too. */
  readonly rows: Matrix;
  readonly labels: readonly ClassName[];
  /** Weights of the rows; undefined: 1 each. */
  readonly weights: Float64Array | undefined;
  /** Which of the n rows each row is, or is a view of. */
  readonly sources: Int32Array;
  readonly kernels: KernelChoice | undefined;
  /** Trains a head on rows such as `rows`. */
  train(rows: Matrix, labels: readonly ClassName[], weights: Float64Array | undefined, C: number): Head;
  /** Trains the head on all rows, and makes the digest of what it was trained on; where `sliced`, a step at a time on kernels of its own, to the same bits. */
  training(C: number, sliced: boolean): Work<Head>;
  /** The whole probe with a head trained at C, temperature 1, no rejection. */
  complete(head: Head, C: number): Probe;
}

/** Of what and how a probe was made; the digest of its rows is made when it is read. */
export function provenanceOf(run: EpisodeRun, options: Provenance["options"]): Provenance {
  return {
    version,
    options,
    get digest() {
      return run.digest;
    },
  };
}

/** What provenance says of class weights. */
export const weighedBy = ({ classWeights, index }: EpisodeRun) =>
  classWeights === null ? {} : { classWeight: namedWeights(classWeights, index.classes) };

/** A head on all rows, in the steps of the softmax fit where it is one. */
export function trainingOf(
  run: FitRun,
  { rows, labels, weights, train }: Pick<PreparedProbe, "rows" | "labels" | "weights" | "train">,
  softmax: boolean,
  kernels: KernelChoice | undefined,
): PreparedProbe["training"] {
  return function* (C, sliced) {
    const nothing = { done: 0, total: 1 };
    for (const _ of run.digesting()) yield nothing;
    if (!sliced || !softmax) return train(rows, labels, weights, C);
    const fitting = fittingSoftmax(rows, labels, { C, sampleWeight: weights, kernels });
    try {
      let step = fitting.next();
      for (; !step.done; step = fitting.next()) yield nothing;
      return step.value;
    } finally {
      fitting.return(undefined as never);
    }
  };
}
