import type { PartSide } from "./partSide.ts";
import type { GroupedRows, PartSpace } from "./partSpace.ts";

/** The side of d × d matrices: base rows less their mean, of norm 1, and the covariance W within their classes. */
export function covarianceSide(space: PartSpace, base: GroupedRows): PartSide {
  const { kernels, cols: d } = space;
  const { memory } = kernels;
  const { rows, starts } = base;
  const n = rows.length;
  const k = starts.length - 1;
  const matrix = memory.allocate(8 * d * d);
  const mean = new Float64Array(d);
  /** k × d: class means less their own mean. */
  const centredMeans = new Float64Array(k * d);
  let trace = 0;
  const residuals = memory.allocate(8 * n * d);
  space.load(rows, residuals);
  const { f64 } = memory;
  const z = residuals >>> 3;
  for (let i = 0; i < n; i++) for (let j = 0; j < d; j++) mean[j] += f64[z + i * d + j] / n;
  centreRows(f64, z, n, mean);
  for (let c = 0; c < k; c++) {
    const count = starts[c + 1] - starts[c];
    for (let i = starts[c]; i < starts[c + 1]; i++) for (let j = 0; j < d; j++) centredMeans[c * d + j] += f64[z + i * d + j] / count;
    for (let i = starts[c]; i < starts[c + 1]; i++)
      for (let j = 0; j < d; j++) {
        const value = f64[z + i * d + j] - centredMeans[c * d + j];
        f64[z + i * d + j] = value;
        trace += value * value;
      }
  }
  f64.fill(0, matrix >>> 3, (matrix >>> 3) + d * d);
  kernels.multiply(d, d, n, residuals, 1, d, residuals, d, 1, matrix, d, 1 / (n - k), 1);
  memory.release(residuals);
  const grand = new Float64Array(d);
  for (let c = 0; c < k; c++) for (let j = 0; j < d; j++) grand[j] += centredMeans[c * d + j] / k;
  for (let c = 0; c < k; c++) for (let j = 0; j < d; j++) centredMeans[c * d + j] -= grand[j];

  const prepare: PartSide["prepare"] = (list, raw, right, plain) => {
    const m = list.length;
    const p = m + k;
    const z = memory.allocate(8 * p * d);
    space.load(list, z);
    const { f64 } = memory;
    f64.fill(0, plain >>> 3, (plain >>> 3) + p * p);
    kernels.multiply(m, m, d, z, d, 1, z, 1, d, plain, p, 1, 1);
    for (let i = 0; i < m; i++) for (let j = 0; j <= i; j++) raw[i * m + j] = raw[j * m + i] = f64[(plain >>> 3) + i * p + j];
    centreRows(f64, z >>> 3, m, mean);
    f64.set(centredMeans, (z >>> 3) + m * d);
    f64.fill(0, plain >>> 3, (plain >>> 3) + p * p);
    kernels.multiply(p, p, d, z, d, 1, z, 1, d, plain, p, 1, 1);
    for (let i = 0; i < p; i++) for (let j = 0; j < d; j++) f64[(right >>> 3) + j * p + i] = f64[(z >>> 3) + i * d + j];
    memory.release(z);
  };
  return { size: d, matrix, trace, prepare };
}

/** Rows of norm 1 become rows less the mean, of norm 1; rows of zeros stay zeros. */
function centreRows(f64: Float64Array, at: number, count: number, mean: Float64Array): void {
  const d = mean.length;
  for (let i = 0; i < count; i++) {
    const start = at + i * d;
    let zero = true;
    for (let j = 0; j < d && zero; j++) zero = f64[start + j] === 0;
    if (zero) continue;
    let squares = 0;
    for (let j = 0; j < d; j++) {
      const value = f64[start + j] - mean[j];
      f64[start + j] = value;
      squares += value * value;
    }
    const factor = squares > 1e-28 ? 1 / Math.sqrt(squares) : 0;
    for (let j = start; j < start + d; j++) f64[j] *= factor;
  }
}
