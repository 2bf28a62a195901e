import type { OptionNames } from "../core/checkOptions.ts";
import type { Work, WorkStep } from "../core/work.ts";
import type { Kernels } from "../kernels/kernels.ts";
import { foldsOf } from "./foldsOf.ts";
import type { HeldOutCrew } from "./heldOutCrew.ts";
import type { HeldOutSolver, HeldOutStep } from "./heldOutSolver.ts";
import { type HeldOutMethod, solverOf, taskOf } from "./heldOutTask.ts";
import type { HeldOut } from "./prepareHeldOut.ts";

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
const worthwhile = 1.5;
/**
 * What one C must cost before workers are asked, some 50 ms, as a worker takes some 100 to start: multiplications, or, of folds in d dimensions, rows times
 * columns times classes.
 */
const [worthSending, worthSendingRows] = [1.5e8, 8e5];

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

/** Chooses the method by cost, unless it is given; what is `cheap` is how much exact leave-one-out may cost. Where one C costs enough, the crew solves. */
export function readyMethod(
  kernels: Kernels,
  problem: HeldOut,
  { method = "auto", folds = 5, seed = 0 }: MethodOptions,
  crew: HeldOutCrew | null = null,
  limit = cheap,
): MethodReady {
  const { codes, k, groups, balanced } = problem;
  const costs = heldOutCosts(codes.length, k, groups.length, folds);
  const inexact = !balanced && costs.approximate <= worthwhile * costs.folds ? "approximate" : "folds";
  let chosen = method === "auto" ? (costs.leaveOneOut <= limit || groups.length <= folds ? "leaveOneOut" : inexact) : method;
  if (problem.gram === null) chosen = "folds";
  const dealt = chosen === "folds" ? foldsOf(problem, folds, seed) : null;
  // Rows that can't be dealt, as classes are so mixed within groups that no folds keep them all: each group in turn, by fits as exact as there are.
  if (chosen === "folds" && !dealt && problem.gram !== null) chosen = "leaveOneOut";
  const parts = dealt ?? groups;
  const first = chosen === "folds" ? 0 : 1;
  const last = chosen === "approximate" ? k : parts.length;
  const { rows, cols } = problem.features;
  const worth = problem.gram === null ? rows * cols * k > worthSendingRows : costs[chosen] > worthSending;
  const solve = crew && worth ? crew.solver(taskOf(kernels, problem, chosen, parts)) : solverOf(kernels, problem, chosen, parts);
  return { method: chosen, parts, solve, steps: first + last };
}

/** How far work has come at a step of a solver. */
export function progressOf(step: HeldOutStep, done: number, total: number): WorkStep {
  return typeof step === "boolean" ? { done, total } : { done, total, until: step };
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
  crew: HeldOutCrew | null = null,
): Work<{ readonly logits: Float64Array; readonly method: HeldOutMethod; readonly converged: boolean }> {
  const logits = new Float64Array(problem.codes.length * problem.k);
  const balanced = { ...problem, balanced: true };
  const { method, solve, steps } = readyMethod(kernels, balanced, { folds: scoreFolds }, crew, cheapOnce);
  const solving = solve(C, logits);
  let step = solving.next();
  for (let done = 0; !step.done; step = solving.next()) {
    if (step.value === true) done++;
    yield progressOf(step.value, done, Math.max(done, steps));
  }
  return { logits, method, converged: step.value };
}
