import type { OptionNames } from "../core/checkOptions.ts";
import { kindError, shapeError, valueError } from "../core/errors.ts";
import { type ClassName, indexGiven, type Labels } from "../core/labels.ts";
import { checkFinite, type Matrix } from "../core/matrix.ts";
import { doWork, type Work } from "../core/work.ts";
import type { KernelChoice } from "../kernels/createKernels.ts";
import type { Kernels } from "../kernels/kernels.ts";
import { loadRows } from "../kernels/loadRows.ts";
import { checkRoom, gramBytes } from "../solve/checkRoom.ts";
import { checkRowWeights, type WeightOptions } from "../solve/checkWeights.ts";
import { largestNorm, prepareSoftmax } from "../solve/prepareSoftmax.ts";
import type { SoftmaxSolver } from "../solve/softmaxSolution.ts";
import type { GramProblem } from "./heldOutSolver.ts";

/** Options that leave-one-out and the choice of C share. */
export interface HeldOutOptions extends WeightOptions {
  /** Whether each class has a free, unpenalised intercept (default true). */
  readonly fitIntercept?: boolean;
  /** n numbers or names: rows of the same group are left out together, as an image and its augmented views must be (default: each row is its own group). */
  readonly groups?: Labels;
  /** Whether the other rows of a class take over the weight of its left-out rows, so that class weights do not change (default false). */
  readonly balanced?: boolean;
  /** Whether `features` is the n × n Gram matrix X·Xᵀ of the rows already (default false). */
  readonly precomputed?: boolean;
  readonly kernels?: KernelChoice;
}

export const heldOutOptionNames: OptionNames<HeldOutOptions, WeightOptions> = {
  fitIntercept: true,
  groups: true,
  balanced: true,
  precomputed: true,
  kernels: true,
};

/** A problem ready to be solved without each row. */
export interface HeldOut extends Omit<GramProblem, "gram"> {
  /** Address of the n × n Gram matrix; null where rows are so many that only folds in d dimensions serve: then `solver` is there. */
  readonly gram: number | null;
  readonly solver: SoftmaxSolver | null;
  readonly features: Matrix;
  readonly classes: readonly ClassName[];
  /** Mean of the Gram matrix's diagonal, about the rows' mean where intercepts are fitted: the scale to which C is relative. */
  readonly scale: number;
}

function groupsOf(given: Labels | undefined, n: number, caller: string): readonly (readonly number[])[] {
  if (given === undefined) return Array.from({ length: n }, (_, i) => [i]);
  const { codes, rows, starts } = indexGiven(given, caller, "groups");
  if (codes.length !== n) throw shapeError(caller, "groups", `${codes.length} rows`, `${n}, one a row of features`);
  return Array.from({ length: starts.length - 1 }, (_, g) => Array.from(rows.subarray(starts[g], starts[g + 1])));
}

/** Every class must be there without any one group: what it looks like cannot be known otherwise. */
function checkClasses(
  index: { readonly classes: readonly ClassName[]; readonly codes: Int32Array },
  weights: Float64Array,
  groups: readonly (readonly number[])[],
  caller: string,
): void {
  const { classes, codes } = index;
  const seen = new Int32Array(classes.length);
  groups.forEach((rows) => {
    for (const c of new Set(rows.filter((i) => weights[i] > 0).map((i) => codes[i]))) seen[c]++;
  });
  seen.forEach((count, c) => {
    if (count >= 2) return;
    const unit = groups.length === codes.length ? "row" : "group";
    throw valueError(
      caller,
      "labels",
      `has class ${JSON.stringify(classes[c], (_, value) => (typeof value === "bigint" ? `${value}` : value))} in ${count} ${unit}${count === 1 ? "" : "s"} of weight above 0`,
      `at least 2: without its only example nothing is known of a class, so at 1 shot there is no leave-one-out`,
    );
  });
}

/** Mean squared distance of rows from their mean, the scale to which C is relative; 1 where they are all alike. */
export function rowScale({ data, rows: n, cols }: Matrix): number {
  const mean = new Float64Array(cols);
  for (let at = 0; at < data.length; at++) mean[at % cols] += data[at] / n;
  let sum = 0;
  for (let at = 0; at < data.length; at++) sum += (data[at] - mean[at % cols]) ** 2 / n;
  return sum > 0 ? sum : 1;
}

/**
 * Whether folds in d dimensions take less time than what can be done with a Gram matrix, or little more: seconds a value of C, by measured speeds of one
 * approximation or five folds there, and of five folds here. They may take 1.3 times as long, as no step of theirs blocks a page: a fit of so many rows in their span
 * does. Beyond some rows the matrix would not fit beside its factors.
 */
function foldsInDimensions(n: number, d: number, k: number): boolean {
  const [approximate, folds] = [(k * n * n * n) / 1.35e10, 5 * ((n * n * n) / 1e10 + (24 * n * n * k) / 1.6e9)];
  return n > 6000 || (n >= 600 && 6.2e-8 * n * d * k < 1.3 * Math.min(approximate, folds));
}

/**
 * Checks what `caller` was given and makes the Gram matrix, in the kernels' memory.
 *
 * @param mayFold - whether folds will do: then many rows are solved in d dimensions, and no n × n matrix is made
 */
export function prepareHeldOut(...given: Parameters<typeof preparingHeldOut>): HeldOut {
  return doWork(preparingHeldOut(...given));
}

/** Multiplications of the Gram matrix done at once. */
const mostProducts = 5e7;

/** {@link prepareHeldOut} a step at a time. */
export function* preparingHeldOut(
  kernels: Kernels,
  features: Matrix,
  labels: Labels,
  options: HeldOutOptions,
  caller: string,
  mayFold = false,
): Work<HeldOut> {
  const { rows: n, cols } = checkFinite(features, caller, "features");
  const { fitIntercept = true, balanced = false, precomputed = false } = options;
  if (typeof fitIntercept !== "boolean") throw kindError(caller, "fitIntercept", fitIntercept, "true or false");
  if (typeof balanced !== "boolean") throw kindError(caller, "balanced", balanced, "true or false");
  if (typeof precomputed !== "boolean") throw kindError(caller, "precomputed", precomputed, "true or false");
  if (n === 0) throw shapeError(caller, "features", "0 rows", "at least 4");
  const index = indexGiven(labels, caller);
  const { classes, codes } = index;
  if (codes.length !== n) throw shapeError(caller, "labels", `${codes.length} rows`, `${n}, one a row of features`);
  const k = classes.length;
  if (k < 2) throw shapeError(caller, "labels", `one class, ${String(classes[0])}`, "at least 2");
  const weights = checkRowWeights(options, index, caller);
  const groups = groupsOf(options.groups, n, caller);
  checkClasses(index, weights, groups, caller);
  if (precomputed && cols !== n) throw shapeError(caller, "features", `${n} × ${cols} values`, `n × n: a Gram matrix, as precomputed says`);

  const shared = { classes, codes, k, weights, fitIntercept, groups, balanced, features };
  if (mayFold && !precomputed && foldsInDimensions(n, cols, k)) {
    const solver = prepareSoftmax(kernels, { features, codes, k, fitIntercept, form: "primal" }, caller);
    return {
      ...shared,
      gram: null,
      solver,
      scale: fitIntercept ? rowScale(features) : solver.norms.reduce((sum, norm) => sum + (norm * norm) / n, 0),
    };
  }
  checkRoom(
    kernels,
    features,
    (rows) => gramBytes(rows, precomputed ? { rows, cols: 0 } : features, k),
    caller,
    mayFold || precomputed ? null : 'method "folds" of choosePenalty, which takes any number',
  );
  const { memory } = kernels;
  const gram = memory.allocate(8 * n * n);
  if (precomputed) memory.f64.set(features.data, gram >>> 3);
  else {
    const rows = loadRows(memory, features);
    const { stride } = rows;
    const z = memory.allocate(8 * n * stride);
    kernels.gather(rows.single, rows.address, stride, 0, n, cols, 0, 0, z, stride);
    const block = Math.max(16, Math.ceil(mostProducts / (n * n) / 16) * 16);
    for (let from = 0; from < stride; from += block) {
      kernels.gram(z + 8 * from, stride, n, Math.min(block, stride - from), gram, Number(from > 0));
      yield { done: 0, total: 1 };
    }
  }
  const { f64 } = memory;
  const g = gram >>> 3;
  let [diagonal, sum, largest] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    const squared = f64[g + i * n + i];
    const norm = Math.sqrt(squared);
    if (!(norm <= largestNorm))
      throw valueError(caller, `features row ${i}`, `has norm ${norm}`, `at most ${largestNorm}, as after l2Normalize`);
    diagonal += squared;
    largest = Math.max(largest, squared);
    for (let j = 0; j < n; j++) sum += f64[g + i * n + j];
  }
  if (precomputed) {
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < i; j++) {
        const [own, mirror] = [f64[g + i * n + j], f64[g + j * n + i]];
        if (Math.abs(own - mirror) > 1e-6 * largest)
          throw valueError(caller, "features", `row ${i}, column ${j} is ${own}, its mirror ${mirror}`, "a symmetric Gram matrix");
        f64[g + i * n + j] = f64[g + j * n + i] = (own + mirror) / 2;
      }
    }
  }
  const scale = Math.max(0, fitIntercept ? diagonal / n - sum / (n * n) : diagonal / n);
  return { ...shared, gram, solver: null, scale };
}
