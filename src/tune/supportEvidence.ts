import type { LabelIndex } from "../core/labels.ts";
import type { Matrix } from "../core/matrix.ts";
import type { Views } from "../core/views.ts";
import { doWork } from "../core/work.ts";
import { takeRows } from "../features/takeRows.ts";
import { type KernelChoice, withKernels } from "../kernels/createKernels.ts";
import { kernelLoops } from "../kernels/kernelLoops.ts";
import type { Kernels } from "../kernels/kernels.ts";
import { loadRows } from "../kernels/loadRows.ts";
import { type MaskSpec, parseMask } from "../mask/maskSpec.ts";
import { combinationSteps } from "../pipeline/combinationSteps.ts";
import { fitSteps } from "../pipeline/fitSteps.ts";
import { hitsOfRows, logLossOfRows } from "../probe/heldOutLoss.ts";
import { heldOutSolver } from "../probe/heldOutSolver.ts";
import { applySteps } from "../probe/steps.ts";
import { fitSupportCombination } from "./fitSupportCombination.ts";
import type { TuneCandidate } from "./tuneEvidence.ts";

/** A support to learn from alone, checked. */
export interface SupportData {
  readonly features: Matrix;
  readonly index: LabelIndex;
  readonly augmented: Views | null;
  readonly pool: Views | null;
  readonly normalize: "l2" | "none";
  readonly seed: number;
  readonly kernels: KernelChoice | undefined;
}

/** What a candidate says at one C of each support row without having seen it. */
export interface HeldOutRows {
  readonly C: number;
  /** n: −ln p(own class), and 1 where the answer was right, else 0. */
  readonly losses: Float64Array;
  readonly hits: Float64Array;
}

/** Whether a mask's weights and basis are the same whichever support row is left out. */
function isFixed(spec: MaskSpec): boolean {
  if (spec.kind === "tuned" || spec.basis?.name === "views-support") return false;
  return spec.kind !== "importance" || (spec.source === null && spec.shape.name !== "magnitude");
}

/** Values of C without being told: 1, and 0.1 … 1000 by decades over the rows' mean squared distance from their mean. */
function defaultPath(gram: Float64Array, n: number): readonly number[] {
  let [diagonal, sum] = [0, 0];
  for (let i = 0; i < n; i++) {
    diagonal += gram[i * n + i];
    for (let j = 0; j < n; j++) sum += gram[i * n + j];
  }
  const scale = diagonal / n - sum / (n * n);
  const around = [0.1, 1, 10, 100, 1000].map((C) => C / (scale > 0 ? scale : 1));
  return [1, ...around].sort((a, b) => a - b);
}

/**
 * Leave-one-out of a candidate over the support: row i is judged by a probe whose training rows, mask and basis have seen neither it nor its views.
 * Where these do not depend on the row left out, one Gram matrix serves all fits; else each row has one of its own, made once for all C. Classes
 * stay in balance: the rest of a class takes over the weight of the row that it lost.
 *
 * @param path - values of C, or null for the candidate's own
 */
export function supportEvidence(data: SupportData, candidate: TuneCandidate, path: readonly number[] | null): readonly HeldOutRows[] {
  const { features, index, augmented, pool, normalize, seed, kernels: choice } = data;
  const { codes, classes } = index;
  const [n, k] = [codes.length, classes.length];
  const views = candidate.trainOn === "augmented" ? augmented!.views : 0;
  const all = n * (1 + views);
  const own = (p: number): number => (p < n ? p : Math.floor((p - n) / views));
  const trainCodes = Int32Array.from({ length: all }, (_, p) => codes[own(p)]);
  const weights = Float64Array.from({ length: all }, (_, p) => (p < n ? 1 : 1 / views));
  const groups = Array.from({ length: n }, (_, i) => [i, ...Array.from({ length: views }, (_, v) => n + i * views + v)]);
  const training: Matrix = views === 0 ? features : { data: joined(features, augmented!), rows: all, cols: features.cols };

  /** Steps learnt from the rows listed and their views: those of a probe, whatever its head. */
  const stepsFrom = (rows: readonly number[]) => {
    const viewRows = augmented && rows.flatMap((row) => Array.from({ length: augmented.views }, (_, v) => row * augmented.views + v));
    const own = takeRows(features, rows);
    const ownCodes = rows.map((row) => codes[row]);
    const given = {
      pool: pool ?? undefined,
      augmented: augmented ? { views: augmented.views, matrix: takeRows(augmented.matrix, viewRows!) } : undefined,
    };
    if (candidate.mask !== "tuned") return fitSteps(own, ownCodes, { mask: candidate.mask, ...given, normalize, seed, kernels: choice });
    const combination = fitSupportCombination(own, ownCodes, { ...given, seed, kernels: choice });
    return combinationSteps(combination, combination.weights[0]).steps;
  };

  let values = candidate.C === undefined ? path : [candidate.C];
  const losses: Float64Array[] = [];
  const hits: Float64Array[] = [];
  /** Judges the rows of the groups listed by training rows as `rows` has them. */
  const judge = (kernels: Kernels, rows: Matrix, asked: readonly number[]): void => {
    const { memory } = kernels;
    const mark = memory.mark();
    const gram = memory.allocate(8 * all * all);
    const loaded = loadRows(memory, rows);
    kernels.gram(loaded.address, loaded.stride, all, loaded.stride, gram, 0);
    values ??= defaultPath(memory.f64.slice(gram >>> 3, (gram >>> 3) + all * all), all);
    const solve = heldOutSolver(kernels, {
      ...{ gram, codes: trainCodes, k, weights, fitIntercept: true, balanced: true },
      groups: asked.map((i) => groups[i]),
    });
    const logits = new Float64Array(all * k);
    values.forEach((C, at) => {
      losses[at] ??= new Float64Array(n);
      hits[at] ??= new Float64Array(n);
      doWork(solve(C, logits));
      for (const i of asked) {
        const row = logits.subarray(i * k, (i + 1) * k);
        losses[at][i] = logLossOfRows(row, [codes[i]], k)[0];
        hits[at][i] = hitsOfRows(row, [codes[i]], k)[0];
      }
    });
    memory.release(mark);
  };

  const everyone = Array.from({ length: n }, (_, i) => i);
  withKernels(choice, (kernels) => {
    const rowsBy = (steps: ReturnType<typeof stepsFrom>) =>
      applySteps(steps, training, { loops: kernelLoops(kernels), caller: "tuneSupport" });
    if (isFixed(parseMask(candidate.mask))) judge(kernels, rowsBy(stepsFrom(everyone)), everyone);
    else for (const i of everyone) judge(kernels, rowsBy(stepsFrom(everyone.filter((row) => row !== i))), [i]);
  });
  return values!.map((C, at) => ({ C, losses: losses[at], hits: hits[at] }));
}

/** Rows, then the views of each, in one matrix of doubles. */
function joined(features: Matrix, { matrix }: Views): Float64Array {
  const data = new Float64Array(features.data.length + matrix.data.length);
  data.set(features.data);
  data.set(matrix.data, features.data.length);
  return data;
}
