import { exponentOf } from "../core/doubles.ts";
import { valueError } from "../core/errors.ts";
import type { Head, LinearHead, Probe } from "./probe.ts";
import { type Step, stepColumns } from "./steps.ts";

/** A head as coef and intercept, with the step that it needs before it. */
interface Linear {
  readonly coef: Float64Array;
  readonly intercept: Float64Array;
  readonly before: readonly Step[];
}

/** Why a head can't be made linear: what it is, and what would serve; null where it can. */
export function whyUnfoldable(head: Head | Probe): readonly [found: string, wanted: string] | null {
  const last = head.kind === "probe" ? head.head : head;
  if (last.kind === "plda" && last.variances.some((value, at) => value !== last.variances[at % last.cols]))
    return ["is plda of unequal shots, which is quadratic", "as many rows of every class, or another probe"];
  // Folding leaves out −½|x|², which no probability sees but the score does.
  if (head.kind === "probe" && head.rejection?.by === "score" && (last.kind === "plda" || last.kind === "centroid"))
    return [`is ${last.kind} that rejects by its score, which folding changes`, "rejection by probability or margin, or none"];
  return null;
}

function linearise(head: Head): Linear {
  const k = head.classes.length;
  const { cols } = head;
  if (head.kind === "softmax" || head.kind === "linear") return { coef: head.coef.slice(), intercept: head.intercept.slice(), before: [] };
  // A cosine is the product with the row of norm 1.
  if (head.kind === "cosine")
    return { coef: head.directions.slice(), intercept: new Float64Array(k), before: [{ kind: "l2", weights: null }] };
  // −½|x − c|² = c·x − ½|c|² − ½|x|², of which the last is the same for every class; so are variances, where shots are equal.
  const means = head.kind === "centroid" ? head.centroids : head.means;
  const coef = means.slice();
  if (head.kind === "plda") for (let at = 0; at < coef.length; at++) coef[at] /= head.variances[at];
  const intercept = new Float64Array(k);
  for (let c = 0; c < k; c++) for (let j = c * cols; j < (c + 1) * cols; j++) intercept[c] -= (coef[j] * means[j]) / 2;
  return { coef, intercept, before: [] };
}

/** Weights w with w · step(x) = w′ · x, as k × cols; null where the step is not linear. */
function foldStep(step: Step, coef: Float64Array, k: number, cols: number): Float64Array | null {
  if (step.kind === "mask") return coef.map((value, at) => value * step.weights[at % cols]);
  if (step.kind === "transform") {
    const { matrix, dimensions: r } = step;
    const out = new Float64Array(k * cols);
    for (let c = 0; c < k; c++) {
      for (let i = 0; i < cols; i++) {
        let sum = 0;
        for (let j = 0; j < r; j++) sum += coef[c * r + j] * matrix[i * r + j];
        out[c * cols + i] = sum;
      }
    }
    return out;
  }
  if (step.kind === "solve") {
    const { lower } = step;
    const out = coef.slice();
    for (let c = 0; c < k; c++) {
      const w = out.subarray(c * cols, (c + 1) * cols);
      for (let i = cols - 1; i >= 0; i--) {
        w[i] /= lower[i * cols + i];
        for (let j = 0; j < i; j++) w[j] -= lower[i * cols + j] * w[i];
      }
    }
    return out;
  }
  if (step.kind === "lowRank") {
    const { vectors, gains, rest } = step;
    const out = coef.map((value) => value * rest);
    for (let c = 0; c < k; c++) {
      for (let q = 0; q < gains.length; q++) {
        let sum = 0;
        for (let j = 0; j < cols; j++) sum += coef[c * cols + j] * vectors[q * cols + j];
        for (let j = 0; j < cols; j++) out[c * cols + j] += gains[q] * sum * vectors[q * cols + j];
      }
    }
    return out;
  }
  return null;
}

const isLinear = ({ kind }: Step): boolean => kind === "mask" || kind === "transform" || kind === "solve" || kind === "lowRank";

/** Leaves out every l2 whose scale a later one takes away: between the two, scale passes through. */
function dropScales(steps: readonly Step[]): Step[] {
  return steps.filter((step, s) => {
    if (step.kind !== "l2") return true;
    const next = steps.slice(s + 1).find((later) => !isLinear(later));
    return next?.kind !== "l2";
  });
}

/**
 * Folds as many steps of a probe into coefficients and intercepts as the mathematics allow, for export. The other steps stay. The
 * probabilities are the same, to rounding. What folds:
 * - the head: softmax and linear ones as they are; a centroid's, c·x − ½|c|² (scores then lack −½|x|², the same for every class); a cosine's, with l2
 *   before it; PLDA's, where every class has as many rows.
 * - the temperature.
 * - with `normalize: "none"`, every mask and matrix at the end: no steps remain.
 * - a mask followed by l2: coefficients take the weights, and a step divides each row by ‖weights ∘ row‖ instead. After l2, mask, l2 the answer is
 *   (coef · x) / ‖weights ∘ x‖ + intercept, of the raw features x.
 * - an l2 before another, with nothing but masks and matrices between.
 *
 * What stays: a basis' matrix that l2 follows (its norm needs the whole matrix), its centre (which spares rows of zeros), powers and `simple`.
 *
 * @param head - a trained head, or a probe
 * @returns a probe with a linear head and temperature 1
 * @throws RangeError when the head is PLDA of unequal shots, which is quadratic, or a centroid's or PLDA that rejects by its score
 * @example
 * ```ts
 * import { fitProbe, foldHead, toMatrix } from "softprobe";
 *
 * const probe = fitProbe(toMatrix([[3, 4], [4, 3]]), ["x", "y"], { mask: [1, 0.5] });
 * const { steps, head } = foldHead(probe);
 * console.log(steps, head.kind); // → [ { kind: 'l2', weights: Float64Array(2) [ 1, 0.5 ] } ] linear
 * ```
 */
export function foldHead(head: Head | Probe): Probe & { readonly head: LinearHead } {
  const reason = whyUnfoldable(head);
  if (reason) throw valueError("foldHead", "head", ...reason);
  const probe = head.kind === "probe" ? head : { cols: head.cols, steps: [], head, temperature: 1, rejection: null, provenance: null };
  const { classes } = probe.head;
  const k = classes.length;
  let { coef, before, intercept } = linearise(probe.head);
  const steps = dropScales([...probe.steps, ...before]);
  const widths = [probe.cols];
  for (const step of steps) widths.push(stepColumns(step, widths[widths.length - 1], "foldHead", `step (${step.kind})`));

  let scale: Float64Array | null = null;
  let normalised = false;
  for (;;) {
    const step = steps[steps.length - 1];
    const cols = widths[steps.length - 1];
    if (step?.kind === "l2" && !normalised) {
      normalised = true;
      scale = step.weights;
    } else if (step?.kind === "mask" && normalised) {
      // After l2 only proportions matter: the largest weight becomes about 1, so that squares neither overflow nor vanish.
      const largest = step.weights.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      const factor = largest > 0 ? 2 ** Math.max(-1000, Math.min(1000, -exponentOf(largest))) : 1;
      const weights = step.weights.map((value) => value * factor);
      coef = coef.map((value, at) => value * weights[at % cols]);
      scale = scale ? scale.map((value, j) => value * weights[j]) : weights;
    } else {
      const folded = step && !normalised ? foldStep(step, coef, k, cols) : null;
      if (!folded) break;
      coef = folded;
    }
    steps.pop();
  }
  const last: LinearHead = {
    kind: "linear",
    classes,
    cols: widths[steps.length],
    coef: coef.map((value) => value / probe.temperature),
    intercept: intercept.map((value) => value / probe.temperature),
  };
  if (normalised) steps.push({ kind: "l2", weights: scale });
  const { cols, rejection, provenance } = probe;
  const named = "columns" in probe && probe.columns ? { columns: probe.columns } : {};
  return { kind: "probe", cols, ...named, steps, head: last, temperature: 1, rejection, provenance };
}
