import { exponentOf } from "../core/doubles.ts";
import type { FloatArray, Matrix } from "../core/matrix.ts";
import type { BasisNormalize } from "./basis.ts";

/** out = the `cols` values of `data` from `start`, divided by their norm; zeros stay zeros. */
export function unitRowInto(out: Float64Array, at: number, data: FloatArray, start: number, cols: number): void {
  let largest = 0;
  for (let j = 0; j < cols; j++) largest = Math.max(largest, Math.abs(data[start + j]));
  if (largest === 0) {
    out.fill(0, at, at + cols);
    return;
  }
  // Powers of two scale exactly; only extremes need it.
  const scale = largest > 1e150 || largest < 1e-140 ? 2 ** Math.min(1023, -exponentOf(largest)) : 1;
  let squares = 0;
  for (let j = 0; j < cols; j++) {
    const value = data[start + j] * scale;
    out[at + j] = value;
    squares += value * value;
  }
  const norm = Math.sqrt(squares);
  for (let j = at; j < at + cols; j++) out[j] /= norm;
}

/** The row as a basis sees it: normalised or as given, minus the mean, and of norm 1; a row of zeros stays zeros. */
export function centredRowInto(
  out: Float64Array,
  at: number,
  data: FloatArray,
  start: number,
  mean: Float64Array,
  normalize: BasisNormalize,
): void {
  const cols = mean.length;
  if (normalize === "l2") unitRowInto(out, at, data, start, cols);
  else for (let j = 0; j < cols; j++) out[at + j] = data[start + j];
  let zero = true;
  for (let j = at; j < at + cols && zero; j++) zero = out[j] === 0;
  if (zero) return;
  for (let j = 0; j < cols; j++) out[at + j] -= mean[j];
  unitRowInto(out, at, out, at, cols);
}

/** The mean, d values, of the rows listed, each normalised first if asked for. */
export function basisMean({ data, cols }: Matrix, rows: Int32Array, normalize: BasisNormalize): Float64Array {
  const mean = new Float64Array(cols);
  const row = new Float64Array(cols);
  for (let i = 0; i < rows.length; i++) {
    const start = rows[i] * cols;
    if (normalize === "l2") {
      unitRowInto(row, 0, data, start, cols);
      for (let j = 0; j < cols; j++) mean[j] += row[j];
    } else for (let j = 0; j < cols; j++) mean[j] += data[start + j];
  }
  for (let j = 0; j < cols; j++) mean[j] /= rows.length;
  return mean;
}
