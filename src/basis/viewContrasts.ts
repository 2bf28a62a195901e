import type { Matrix } from "../core/matrix.ts";
import type { BasisNormalize } from "./basis.ts";
import { centredRowInto } from "./unitRows.ts";

/**
 * Writes, for image `image`, views − 1 orthonormal contrasts of its centred views (Helmert's): Σ contrastᵀcontrast is the views' scatter
 * about their own mean, in one row fewer than there are views. `scratch` holds views × d.
 */
export function viewContrastsInto(
  out: Float64Array,
  at: number,
  views: Matrix,
  perRow: number,
  image: number,
  mean: Float64Array,
  normalize: BasisNormalize,
  scratch: Float64Array,
): void {
  const { data, cols } = views;
  for (let v = 0; v < perRow; v++) centredRowInto(scratch, v * cols, data, (image * perRow + v) * cols, mean, normalize);
  // The first row of scratch becomes the running sum of views 0 … v − 1.
  for (let v = 1; v < perRow; v++) {
    const own = v * cols;
    const scale = 1 / Math.sqrt(v * (v + 1));
    const to = at + (v - 1) * cols;
    for (let j = 0; j < cols; j++) {
      out[to + j] = (scratch[j] - v * scratch[own + j]) * scale;
      scratch[j] += scratch[own + j];
    }
  }
}
