import type { LabelIndex } from "../core/labels.ts";
import type { Matrix } from "../core/matrix.ts";
import type { Views } from "../core/views.ts";
import { doWork } from "../core/work.ts";
import { takeRows } from "../features/takeRows.ts";
import { exactly, foldSolver } from "../heldout/foldSolver.ts";
import { heldOutSolver } from "../heldout/heldOutSolver.ts";
import { borrowKernels, type KernelChoice } from "../kernels/createKernels.ts";
import { kernelLoops } from "../kernels/kernelLoops.ts";
import { loadRows } from "../kernels/loadRows.ts";
import { type MaskSpec, parseMask } from "../mask/maskSpec.ts";
import { combinationSteps } from "../pipeline/combinationSteps.ts";
import { fitSteps } from "../pipeline/fitSteps.ts";
import { applySteps } from "../probe/steps.ts";
import type { Counts, Score } from "../score/score.ts";
import { hitsOfRows, logLossOfRows } from "../statistics/logLossOfRows.ts";
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

const defaultSteps: readonly number[] = [0.1, 1, 10, 100, 1000];

/** Values of C without being told: 1, and 0.1 … 1000 by decades over the rows' mean squared distance from their mean. */
function defaultPath(gram: Float64Array, n: number): readonly number[] {
  let [diagonal, sum] = [0, 0];
  for (let i = 0; i < n; i++) {
    diagonal += gram[i * n + i];
    for (let j = 0; j < n; j++) sum += gram[i * n + j];
  }
  const scale = diagonal / n - sum / (n * n);
  const around = defaultSteps.map((C) => C / (scale > 0 ? scale : 1));
  return [1, ...around].sort((a, b) => a - b);
}

/** A candidate on a support: what one job of a choice counts. */
export interface SupportTask {
  readonly data: SupportData;
  readonly candidate: TuneCandidate;
  /** Values of C, or null for the default ones. */
  readonly path: readonly number[] | null;
}

/** The options of a task's job: what a worker makes it of, beside features and labels. */
export interface SentTask extends Pick<SupportTask, "candidate" | "path"> {
  readonly augmented?: Views;
  readonly pool?: Views;
  readonly normalize: "l2" | "none";
  readonly seed: number;
  readonly kernels?: KernelChoice;
}

/** What a task's job sends. */
export function taskToSend({ data, candidate, path }: SupportTask): SentTask {
  const { augmented, pool, normalize, seed, kernels } = data;
  return { candidate, path, augmented: augmented ?? undefined, pool: pool ?? undefined, normalize, seed, kernels };
}

/** The task of what was sent. */
export function sentTask(features: Matrix, index: LabelIndex, { candidate, path, ...sent }: SentTask): SupportTask {
  const { augmented = null, pool = null, normalize, seed, kernels } = sent;
  return { data: { features, index, augmented, pool, normalize, seed, kernels }, candidate, path };
}

/** Rows judged at a time where one Gram matrix serves all. */
const blockRows = 32;
/** Numbers that a double takes among counts, bit for bit. */
const perDouble = 2;

/** How a task is cut: rows judged in one unit, units, and values of C. */
function layoutOf({ data, candidate, path }: SupportTask) {
  const n = data.index.codes.length;
  const rows = isFixed(parseMask(candidate.mask)) ? Math.min(blockRows, n) : 1;
  const values = candidate.C !== undefined ? 1 : (path?.length ?? defaultSteps.length + 1);
  return { rows, values, units: Math.ceil(n / rows), width: perDouble * values * (1 + 2 * rows) };
}

/** Units of a task, and numbers that each counts. */
export function supportSize(task: SupportTask): { readonly units: number; readonly width: number } {
  return layoutOf(task);
}

/** What a candidate says at each C, of the counts of all units. */
export function heldOutOf(task: SupportTask, { correct }: Counts): readonly HeldOutRows[] {
  const n = task.data.index.codes.length;
  const { rows, values, units } = layoutOf(task);
  const doubles = new Float64Array(correct.slice().buffer);
  const each = 1 + 2 * rows;
  return Array.from({ length: values }, (_, at): HeldOutRows => {
    const losses = new Float64Array(n);
    const hits = new Float64Array(n);
    for (let u = 0; u < units; u++) {
      const from = (u * values + at) * each;
      for (let i = u * rows; i < Math.min(n, (u + 1) * rows); i++) {
        losses[i] = doubles[from + 1 + i - u * rows];
        hits[i] = doubles[from + 1 + rows + i - u * rows];
      }
    }
    return { C: doubles[at * each], losses, hits };
  });
}

/**
 * Leave-one-out of a candidate over the support: row i is judged by a probe whose training rows, mask and basis have seen neither it nor its views.
 * Where these do not depend on the row left out, one Gram matrix serves all fits, each starting where the fit on all rows ended; else each row has a matrix of its own,
 * made once for all C, and is fitted once a C, from the last one's answer. Classes stay in balance: the rest of a class takes over the weight of the row that it lost.
 *
 * A unit is a block of rows. It counts, for every C, that C and its rows' losses and hits, as doubles bit for bit: so workers give what one thread does.
 */
export function supportScore(task: SupportTask): Score {
  const { data, candidate, path } = task;
  const { features, index, augmented, pool, normalize, seed, kernels: choice } = data;
  const { codes, classes } = index;
  const [n, k] = [codes.length, classes.length];
  const { rows: blockSize, width } = layoutOf(task);
  const fixed = isFixed(parseMask(candidate.mask));
  const views = candidate.trainOn === "augmented" ? augmented!.views : 0;
  const all = n * (1 + views);
  const own = (p: number): number => (p < n ? p : Math.floor((p - n) / views));
  const trainCodes = Int32Array.from({ length: all }, (_, p) => codes[own(p)]);
  const weights = Float64Array.from({ length: all }, (_, p) => (p < n ? 1 : 1 / views));
  const groups = Array.from({ length: n }, (_, i) => [i, ...Array.from({ length: views }, (_, v) => n + i * views + v)]);
  const training: Matrix = views === 0 ? features : { data: joined(features, augmented!), rows: all, cols: features.cols };
  const everyone = Array.from({ length: n }, (_, i) => i);

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

  const { kernels, end } = borrowKernels(choice);
  const { memory } = kernels;
  const gram = memory.allocate(8 * all * all);
  /** Whose matrix `gram` holds: a row left out, or −1 for all rows. */
  let held: number | null = null;
  const load = (without: number): void => {
    if (held === without) return;
    const steps = stepsFrom(without < 0 ? everyone : everyone.filter((row) => row !== without));
    const mark = memory.mark();
    const loaded = loadRows(memory, applySteps(steps, training, { loops: kernelLoops(kernels), caller: "tuneSupport" }));
    kernels.gram(loaded.address, loaded.stride, all, loaded.stride, gram, 0);
    memory.release(mark);
    held = without;
  };
  let values = candidate.C === undefined ? path : [candidate.C];
  const logits = new Float64Array(all * k);

  return {
    width,
    end,
    count(unit, out) {
      const asked = everyone.slice(unit * blockSize, (unit + 1) * blockSize);
      if (values === null) {
        load(fixed ? -1 : 0);
        values = defaultPath(memory.f64.slice(gram >>> 3, (gram >>> 3) + all * all), all);
      }
      load(fixed ? -1 : asked[0]);
      const mark = memory.mark();
      const problem = { gram, codes: trainCodes, k, weights, fitIntercept: true, balanced: true, groups: asked.map((i) => groups[i]) };
      const solve = fixed ? heldOutSolver(kernels, problem) : foldSolver(kernels, problem, exactly);
      const doubles = new Float64Array(width / perDouble);
      values.forEach((C, at) => {
        doWork(solve(C, logits));
        const from = at * (1 + 2 * blockSize);
        doubles[from] = C;
        asked.forEach((i, p) => {
          const row = logits.subarray(i * k, (i + 1) * k);
          doubles[from + 1 + p] = logLossOfRows(row, [codes[i]], k)[0];
          doubles[from + 1 + blockSize + p] = hitsOfRows(row, [codes[i]], k)[0];
        });
      });
      memory.release(mark);
      out.set(new Int32Array(doubles.buffer));
      return asked.length;
    },
  };
}

/** Rows, then the views of each, in one matrix of doubles. */
function joined(features: Matrix, { matrix }: Views): Float64Array {
  const data = new Float64Array(features.data.length + matrix.data.length);
  data.set(features.data);
  data.set(matrix.data, features.data.length);
  return data;
}
