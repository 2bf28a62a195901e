import { indexLabels } from "../core/labels.ts";
import type { Work } from "../core/work.ts";
import { borrowKernels } from "../kernels/createKernels.ts";
import { choosing, type PenaltyChoice } from "../probe/choosePenalty.ts";
import { prepareHeldOut, rowScale } from "../probe/prepareHeldOut.ts";
import type { PreparedProbe } from "./prepareProbe.ts";

/** C · scale at one row a class, where nothing can be held out and no base classes tell: docs/science.md, "C at one shot", has the figures. */
export const oneShotPenalty = 100;

/** How C came about: given, by held-out rows, by episodes of base classes, or the fixed value for one row a class. */
export type PenaltySource = "given" | "heldOut" | "base" | "fixed";

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

/** Whether every class has two rows of weight above 0, of different sources. */
export function canHoldOut({ labels, sources, weights }: Pick<PreparedProbe, "labels" | "sources" | "weights">): boolean {
  const { codes, classes } = indexLabels(labels);
  const seen = classes.map(() => new Set<number>());
  codes.forEach((code, i) => {
    if (!weights || weights[i] > 0) seen[code].add(sources[i]);
  });
  return seen.every(({ size }) => size >= 2);
}

/**
 * C for a prepared probe, from its own training rows: by `choosePenalty` with a row's views held out with it, or, at one row a class, at the scale that base
 * episodes or the fixed value say.
 *
 * @param path - values to choose among; null: any
 * @param multiple - C · scale at one row a class, where base episodes have told; null: nobody has
 */
export function* choosePipelinePenalty(
  caller: string,
  { rows, labels, weights, sources, kernels: choice, probe }: PreparedProbe,
  path: ArrayLike<number> | null,
  multiple: number | null,
): Work<ChosenPenalty> {
  if (probe !== "softmax") return { C: 1, from: "fixed", penalty: null };
  if (path?.length === 1) return { C: path[0], from: "given", penalty: null };
  if (!canHoldOut({ labels, sources, weights })) {
    const C = (multiple ?? oneShotPenalty) / rowScale(rows);
    return { C: path ? nearest(path, C) : C, from: multiple === null ? "fixed" : "base", penalty: null };
  }
  const { kernels, end } = borrowKernels(choice);
  try {
    const problem = prepareHeldOut(kernels, rows, labels, { groups: sources, sampleWeight: weights }, caller, true);
    const penalty = yield* choosing(kernels, problem, path ? { path } : {});
    return { C: penalty.C, from: "heldOut", penalty };
  } finally {
    end();
  }
}
