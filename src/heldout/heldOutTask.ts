import type { Matrix } from "../core/matrix.ts";
import { borrowKernels } from "../kernels/createKernels.ts";
import type { Kernels } from "../kernels/kernels.ts";
import { prepareSoftmax } from "../solve/prepareSoftmax.ts";
import { approximateSolver } from "./approximateSolver.ts";
import { foldSolver } from "./foldSolver.ts";
import { type GramProblem, type HeldOutSolver, heldOutSolver } from "./heldOutSolver.ts";
import type { HeldOut } from "./prepareHeldOut.ts";
import { rowFoldSolver } from "./rowFoldSolver.ts";

/**
 * How rows are held out: `"leaveOneOut"`, each row (or group) in turn, exact; `"approximate"`, the same by one Newton step from the fit on all rows;
 * `"folds"`, a stratified share of the rows at a time.
 */
export type HeldOutMethod = "leaveOneOut" | "approximate" | "folds";

/** One of `of` equal shares of the work at every C: each `of`-th part from number `share` on, or each `of`-th class where the method goes by classes. */
export interface HeldOutShare {
  readonly share: number;
  readonly of: number;
}

const whole: HeldOutShare = { share: 0, of: 1 };

/** Held-out fits as plain data, checked by who sends them. */
export interface HeldOutTask extends Omit<GramProblem, "gram" | "groups"> {
  readonly method: HeldOutMethod;
  /** Rows left out together, in turn. */
  readonly parts: readonly (readonly number[])[];
  /** n × n; or null, and `features` are there for folds in d dimensions. */
  readonly gram: Float64Array | null;
  readonly features: Matrix | null;
  readonly kernels: Kernels["kind"];
}

/** Into how many shares a task can be cut. */
export function unitsOf({ method, parts, k }: HeldOutTask): number {
  return method === "approximate" ? k : parts.length;
}

/** The solver of a share of a problem's held-out fits: logits of other shares stay as they are. */
export function solverOf(
  kernels: Kernels,
  problem: Omit<GramProblem, "gram"> & Pick<HeldOut, "gram" | "solver" | "features">,
  method: HeldOutMethod,
  parts: readonly (readonly number[])[],
  { share, of }: HeldOutShare = whole,
): HeldOutSolver {
  const isOwn = (part: number): boolean => part % of === share;
  const { gram, solver } = problem;
  if (gram === null) return rowFoldSolver(solver!, problem, parts, isOwn);
  if (method === "approximate") return approximateSolver(kernels, { ...problem, gram, groups: parts }, isOwn);
  const own = { ...problem, gram, groups: parts.filter((_, part) => isOwn(part)) };
  return method === "folds" ? foldSolver(kernels, own) : heldOutSolver(kernels, own);
}

/** The task of a problem in kernel memory. */
export function taskOf(kernels: Kernels, problem: HeldOut, method: HeldOutMethod, parts: readonly (readonly number[])[]): HeldOutTask {
  const { codes, k, weights, fitIntercept, balanced, features } = problem;
  const n = codes.length;
  const at = problem.gram === null ? null : problem.gram >>> 3;
  return {
    ...{ codes, k, weights, fitIntercept, balanced, method, parts, kernels: kernels.kind },
    gram: at === null ? null : kernels.memory.f64.slice(at, at + n * n),
    features: at === null ? features : null,
  };
}

/** A share of a task, ready to be solved in this thread. */
export interface HeldTask {
  /** The share's logits at C (n × k, NaN where they are another's), and whether all of its fits converged. `onStep` is called at each step that is done. */
  solve(C: number, onStep: () => void): { readonly logits: Float64Array; readonly converged: boolean };
  /** Gives its kernels back. */
  end(): void;
}

export function holdTask(caller: string, task: HeldOutTask, share: HeldOutShare): HeldTask {
  const { gram, features, codes, k, fitIntercept, method, parts } = task;
  const { kernels, end } = borrowKernels(task.kernels);
  const n = codes.length;
  const none: Matrix = { data: new Float64Array(0), rows: 0, cols: 0 };
  let address: number | null = null;
  if (gram) {
    address = kernels.memory.allocate(8 * n * n);
    kernels.memory.f64.set(gram, address >>> 3);
  }
  const solver = features && prepareSoftmax(kernels, { features, codes, k, fitIntercept, form: "primal" }, caller);
  const solve = solverOf(kernels, { ...task, groups: parts, gram: address, solver, features: features ?? none }, method, parts, share);
  return {
    solve(C, onStep) {
      const logits = new Float64Array(n * k).fill(Number.NaN);
      const solving = solve(C, logits);
      let step = solving.next();
      for (; !step.done; step = solving.next()) if (step.value === true) onStep();
      return { logits, converged: step.value };
    },
    end,
  };
}
