import type { OptionNames } from "../core/checkOptions.ts";
import type { Work } from "../core/work.ts";
import type { Kernels } from "../kernels/kernels.ts";
import { approximateSolver } from "./approximateSolver.ts";
import { foldSolver } from "./foldSolver.ts";
import { foldsOf } from "./foldsOf.ts";
import { type HeldOutSolver, heldOutSolver } from "./heldOutSolver.ts";
import type { HeldOut } from "./prepareHeldOut.ts";
import { rowFoldSolver } from "./rowFoldSolver.ts";

/**
 * How rows are held out: `"leaveOneOut"`, each row (or group) in turn, exact; `"approximate"`, the same by one Newton step from the fit on all rows;
 * `"folds"`, a stratified share of the rows at a time.
 */
export type HeldOutMethod = "leaveOneOut" | "approximate" | "folds";

export const heldOutMethods = ["auto", "leaveOneOut", "approximate", "folds"] as const;

export interface MethodOptions {
  /** How rows are held out (default `"auto"`: exact leave-one-out where it is cheap, else its approximation, else folds). */
  readonly method?: HeldOutMethod | "auto";
  /** Number of folds, at least 2 (default 5), if the method is folds. */
  readonly folds?: number;
  /** Which rows share a fold (default 0). */
  readonly seed?: number;
}

export const methodOptionNames: OptionNames<MethodOptions> = { method: true, folds: true, seed: true };

/** Multiplications that exact leave-one-out may cost at one C to be chosen: some milliseconds. */
const cheap = 2e6;
/** How many times the cost of folds the approximation may cost: it trains on all rows but one, folds on four fifths of them. */
const worth = 1.5;

/** Multiplications at one C: of one fit, and of each method. */
function heldOutCosts(n: number, k: number, groups: number, folds: number): Readonly<Record<HeldOutMethod, number>> & { fit: number } {
  const cube = n * n * n;
  const fit = cube / 6 + 24 * n * n * k;
  return { fit, leaveOneOut: groups * fit, approximate: fit + (k * cube) / 3, folds: folds * fit };
}

/** A way of holding rows out, ready. */
export interface MethodReady {
  readonly method: HeldOutMethod;
  /** Rows left out together, in turn. */
  readonly parts: readonly (readonly number[])[];
  readonly solve: HeldOutSolver;
  /** Steps of `solve`, of about equal cost. */
  readonly steps: number;
}

/** Chooses the method by cost, unless it is given; what is `cheap` is how much exact leave-one-out may cost. */
export function readyMethod(
  kernels: Kernels,
  problem: HeldOut,
  { method = "auto", folds = 5, seed = 0 }: MethodOptions,
  limit = cheap,
): MethodReady {
  const { codes, k, groups, balanced } = problem;
  const costs = heldOutCosts(codes.length, k, groups.length, folds);
  const inexact = !balanced && costs.approximate <= worth * costs.folds ? "approximate" : "folds";
  let chosen = method === "auto" ? (costs.leaveOneOut <= limit || groups.length <= folds ? "leaveOneOut" : inexact) : method;
  const { gram, solver } = problem;
  if (gram === null) chosen = "folds";
  const dealt = chosen === "folds" ? foldsOf(problem, folds, seed) : null;
  if (gram === null) {
    // Classes so mixed within groups that no folds keep them all: each group is a fold.
    const parts = dealt ?? groups;
    return { method: "folds", parts, solve: rowFoldSolver(solver!, problem, parts), steps: parts.length };
  }
  const inRows = { ...problem, gram };
  if (dealt) {
    const solve = foldSolver(kernels, { ...inRows, groups: dealt });
    return { method: "folds", parts: dealt, solve, steps: dealt.length };
  }
  // Exact too where rows can't be dealt.
  if (chosen === "approximate") return { method: "approximate", parts: groups, solve: approximateSolver(kernels, inRows), steps: 1 + k };
  return { method: "leaveOneOut", parts: groups, solve: heldOutSolver(kernels, inRows), steps: 1 + groups.length };
}

/** Multiplications that exact leave-one-out may cost where there is one C: some tenths of a second. */
const cheapOnce = 1e9;
/** Folds where held-out scores are asked for at one C: each trains on nine tenths of the rows. */
const scoreFolds = 10;

/** Each row's logits (n × k) at one C by a fit that has not seen it: exact leave-one-out where it is cheap, else ten folds. */
export function* heldOutLogits(
  kernels: Kernels,
  problem: HeldOut,
  C: number,
): Work<{ readonly logits: Float64Array; readonly method: HeldOutMethod; readonly converged: boolean }> {
  const logits = new Float64Array(problem.codes.length * problem.k);
  const balanced = { ...problem, balanced: true };
  const { method, solve, steps } = readyMethod(kernels, balanced, { folds: scoreFolds }, cheapOnce);
  const solving = solve(C, logits);
  let step = solving.next();
  for (let done = 0; !step.done; step = solving.next()) {
    if (step.value) done++;
    yield { done, total: Math.max(done, steps) };
  }
  return { logits, method, converged: step.value };
}
