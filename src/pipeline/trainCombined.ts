import { shapeError } from "../core/errors.ts";
import { indexLabels, type Labels } from "../core/labels.ts";
import type { Matrix } from "../core/matrix.ts";
import type { KernelChoice } from "../kernels/createKernels.ts";
import { fitSoftmax } from "../probe/fitSoftmax.ts";
import type { LinearHead } from "../probe/probe.ts";
import type { CombinationWeights } from "./combination.ts";

/** Coefficients and intercepts of the two-covariance log-density of k classes, but for what is the same for all: linear at equal shots. */
function densityHead(
  { data, rows, cols }: Matrix,
  { codes, classes, starts }: ReturnType<typeof indexLabels>,
  psi: Float64Array,
): { readonly coef: Float64Array; readonly intercept: Float64Array } {
  const k = classes.length;
  const r = psi.length;
  const first = cols - r;
  // Unequal shots: their harmonic mean, so that the density stays linear.
  let inverse = 0;
  for (let c = 0; c < k; c++) inverse += 1 / (starts[c + 1] - starts[c]) / k;
  const K = 1 / inverse;
  const coef = new Float64Array(k * r);
  for (let i = 0; i < rows; i++) {
    const count = starts[codes[i] + 1] - starts[codes[i]];
    for (let j = 0; j < r; j++) coef[codes[i] * r + j] += data[i * cols + first + j] / count;
  }
  const intercept = new Float64Array(k);
  for (let c = 0; c < k; c++) {
    for (let j = 0; j < r; j++) {
      const mean = coef[c * r + j] * (psi[j] / (psi[j] + 1 / K));
      const variance = 1 + psi[j] / (K * psi[j] + 1);
      coef[c * r + j] = mean / variance;
      intercept[c] -= (mean * mean) / variance / 2;
    }
  }
  return { coef, intercept };
}

/**
 * One linear head on the maps side by side: a · the softmax probe on all but the last `psi.length` columns, b · the two-covariance density of those.
 *
 * @param rows - n × d after the combination's steps
 */
export function trainCombined(
  rows: Matrix,
  labels: Labels,
  { scales }: Pick<CombinationWeights, "scales">,
  psi: Float64Array,
  options: { readonly C: number; readonly sampleWeight?: ArrayLike<number>; readonly kernels?: KernelChoice },
): LinearHead {
  const { cols } = rows;
  const width = cols - psi.length;
  if (width < 1) throw shapeError("fitProbe", "combination", "no weight above 0", "at least one");
  const data = new Float64Array(rows.rows * width);
  for (let i = 0; i < rows.rows; i++) data.set(rows.data.subarray(i * cols, i * cols + width) as Float64Array, i * width);
  const soft = fitSoftmax({ data, rows: rows.rows, cols: width }, labels, options);
  const k = soft.classes.length;
  const [a, b] = scales;
  const density = psi.length > 0 ? densityHead(rows, indexLabels(labels), psi) : null;
  const coef = new Float64Array(k * cols);
  for (let c = 0; c < k; c++) {
    for (let j = 0; j < width; j++) coef[c * cols + j] = a * soft.coef[c * width + j];
    for (let j = 0; j < psi.length; j++) coef[c * cols + width + j] = b * density!.coef[c * psi.length + j];
  }
  const intercept = soft.intercept.map((value, c) => a * value + b * (density?.intercept[c] ?? 0));
  return { kind: "linear", classes: soft.classes, cols, coef, intercept };
}
