import { indexLabels } from "../core/labels.ts";
import type { Work } from "../core/work.ts";
import { choosing, type PenaltyChoice } from "../heldout/choosePenalty.ts";
import { canHoldOut, oneShotPenalty } from "../heldout/episodePenalty.ts";
import type { HeldOutCrew } from "../heldout/heldOutCrew.ts";
import { preparingHeldOut, rowScale } from "../heldout/prepareHeldOut.ts";
import { borrowKernels } from "../kernels/createKernels.ts";
import type { PreparedProbe } from "./preparedProbe.ts";

/** How C came about: given, by held-out rows, the fixed value for one row a class, or by the evidence that a combination rests on. */
export type PenaltySource = "given" | "heldOut" | "fixed" | "evidence";

/** A probe's C, and what it was chosen by. */
export interface ChosenPenalty {
  readonly C: number;
  readonly from: PenaltySource;
  /** The path, where held-out rows chose. */
  readonly penalty: PenaltyChoice | null;
}

/** The one of several values that is nearest to another, as a factor. */
function nearest(values: ArrayLike<number>, wanted: number): number {
  const distance = (value: number): number => Math.max(value / wanted, wanted / value);
  return Array.from(values).reduce((best, value) => (distance(value) < distance(best) ? value : best));
}

/**
 * C for a prepared probe, from its own training rows: by `choosePenalty` with a row's views held out with it, or, at one row a class, at the fixed
 * value of its scale.
 *
 * @param path - values to choose among; null: any
 * @param crew - workers that solve held-out fits; null: this thread does
 */
export function* choosePipelinePenalty(
  caller: string,
  { rows, labels, weights, sources, kernels: choice, probe, C: asked, ofEvidence }: PreparedProbe,
  path: ArrayLike<number> | null,
  crew: HeldOutCrew | null = null,
): Work<ChosenPenalty> {
  if (asked !== "auto") return { C: asked, from: ofEvidence ? "evidence" : "given", penalty: null };
  if (probe !== "softmax") return { C: 1, from: "fixed", penalty: null };
  if (path?.length === 1) return { C: path[0], from: "given", penalty: null };
  const { codes, classes } = indexLabels(labels);
  const { rows: grouped, starts } = indexLabels(sources);
  const groups = Array.from({ length: starts.length - 1 }, (_, g) => Array.from(grouped.subarray(starts[g], starts[g + 1])));
  if (!canHoldOut({ codes, k: classes.length, weights: weights ?? new Float64Array(codes.length).fill(1), groups })) {
    const C = oneShotPenalty / rowScale(rows);
    return { C: path ? nearest(path, C) : C, from: "fixed", penalty: null };
  }
  const { kernels, end } = borrowKernels(choice);
  try {
    const problem = yield* preparingHeldOut(kernels, rows, labels, { groups: sources, sampleWeight: weights }, caller, true);
    const penalty = yield* choosing(kernels, problem, path ? { path } : {}, crew);
    return { C: penalty.C, from: "heldOut", penalty };
  } finally {
    end();
  }
}
