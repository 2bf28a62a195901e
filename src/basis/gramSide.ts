import type { PartSide } from "./partSide.ts";
import type { GroupedRows, PartSpace } from "./partSpace.ts";

/** The side of n × n matrices: of the base rows only inner products are taken, with each other and, as Woodbury's identity needs, with other rows. */
export function gramSide(space: PartSpace, base: GroupedRows): PartSide {
  const { memory } = space.kernels;
  const { rows, starts } = base;
  const n = rows.length;
  const k = starts.length - 1;
  const classOf = new Int32Array(n);
  for (let c = 0; c < k; c++) classOf.fill(c, starts[c], starts[c + 1]);

  /** Means over classes of the n values from `from` on; `out` gets k. */
  const meansOf = (values: Float64Array, from: number, out: Float64Array): void => {
    for (let c = 0; c < k; c++) {
      let sum = 0;
      for (let i = starts[c]; i < starts[c + 1]; i++) sum += values[from + i];
      out[c] = sum / (starts[c + 1] - starts[c]);
    }
  };
  const average = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;

  const matrix = memory.allocate(8 * n * n);
  const scale = new Float64Array(n);
  const towardsMean = new Float64Array(n);
  /** k × n: every base row with every class' mean; k × k: class means with each other. */
  const withMeans = new Float64Array(k * n);
  const meanProducts = new Float64Array(k * k);
  let meanSquare = 0;
  let trace = 0;
  space.products(rows, rows, matrix);
  const { f64 } = memory;
  const z = matrix >>> 3;
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let j = 0; j < n; j++) sum += f64[z + i * n + j];
    towardsMean[i] = sum / n;
    meanSquare += sum / n / n;
  }
  for (let i = 0; i < n; i++) scale[i] = inverseNorm(f64[z + i * n + i], towardsMean[i], meanSquare);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) {
      const at = z + i * n + j;
      f64[at] = scale[i] * scale[j] * (f64[at] - towardsMean[i] - towardsMean[j] + meanSquare);
    }
  const own = new Float64Array(k);
  for (let i = 0; i < n; i++) {
    meansOf(f64, z + i * n, own);
    for (let c = 0; c < k; c++) withMeans[c * n + i] = own[c];
  }
  for (let c = 0; c < k; c++) {
    meansOf(withMeans, c * n, own);
    meanProducts.set(own, c * k);
  }
  for (let i = 0; i < n; i++) {
    const a = classOf[i];
    for (let j = 0; j < n; j++) {
      const b = classOf[j];
      f64[z + i * n + j] += meanProducts[a * k + b] - withMeans[a * n + j] - withMeans[b * n + i];
    }
    trace += f64[z + i * n + i];
  }

  const prepare: PartSide["prepare"] = (list, raw, right, plain) => {
    const m = list.length;
    const p = m + k;
    const mark = memory.mark();
    const own = memory.allocate(8 * m * m);
    const cross = memory.allocate(8 * n * m);
    space.products(list, list, own);
    space.products(rows, list, cross);
    const { f64 } = memory;
    const [o, x, r, q] = [own >>> 3, cross >>> 3, right >>> 3, plain >>> 3];
    raw.set(f64.subarray(o, o + m * m));
    const toMean = new Float64Array(m);
    for (let i = 0; i < n; i++) for (let e = 0; e < m; e++) toMean[e] += f64[x + i * m + e];
    for (let e = 0; e < m; e++) toMean[e] /= n;
    const factor = Float64Array.from(toMean, (value, e) => inverseNorm(f64[o + e * m + e], value, meanSquare));
    for (let e = 0; e < m; e++)
      for (let f = 0; f <= e; f++) f64[q + e * p + f] = factor[e] * factor[f] * (f64[o + e * m + f] - toMean[e] - toMean[f] + meanSquare);
    for (let i = 0; i < n; i++)
      for (let e = 0; e < m; e++) {
        const at = x + i * m + e;
        f64[at] = scale[i] * factor[e] * (f64[at] - towardsMean[i] - toMean[e] + meanSquare);
      }
    // Products with class means: of the rows, then of the centred means themselves.
    const sums = new Float64Array(k * m);
    for (let i = 0; i < n; i++) for (let e = 0, to = classOf[i] * m; e < m; e++, to++) sums[to] += f64[x + i * m + e];
    for (let c = 0; c < k; c++) for (let e = c * m; e < (c + 1) * m; e++) sums[e] /= starts[c + 1] - starts[c];
    for (let i = 0; i < n; i++) {
      const a = classOf[i];
      for (let e = 0; e < m; e++) f64[r + i * p + e] = f64[x + i * m + e] - sums[a * m + e];
      let all = 0;
      for (let c = 0; c < k; c++) {
        const value = withMeans[c * n + i] - meanProducts[c * k + a];
        f64[r + i * p + m + c] = value;
        all += value / k;
      }
      for (let c = 0; c < k; c++) f64[r + i * p + m + c] -= all;
    }
    for (let e = 0; e < m; e++) {
      let all = 0;
      for (let c = 0; c < k; c++) all += sums[c * m + e] / k;
      for (let c = 0; c < k; c++) f64[q + (m + c) * p + e] = sums[c * m + e] - all;
    }
    const rowMeans = Float64Array.from({ length: k }, (_, c) => average(meanProducts.subarray(c * k, (c + 1) * k)));
    const grand = average(rowMeans);
    for (let a = 0; a < k; a++)
      for (let b = 0; b <= a; b++) f64[q + (m + a) * p + m + b] = meanProducts[a * k + b] - rowMeans[a] - rowMeans[b] + grand;
    memory.release(mark);
  };
  return { size: n, matrix, trace, prepare };
}

/** 1/|x − mean| from inner products; 0 for a row of zeros, which has no direction, and for the mean itself. */
function inverseNorm(square: number, towardsMean: number, meanSquare: number): number {
  const left = square - 2 * towardsMean + meanSquare;
  return square > 0 && left > 1e-28 ? 1 / Math.sqrt(left) : 0;
}
