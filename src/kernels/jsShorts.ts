import { type BlockProducts, type ProductCall, placeOf, singleSums } from "./jsBlockProducts.ts";
import type { KernelMemory } from "./kernels.ts";
import { blockRows, type PrimalRecord, shortStride } from "./primalRecord.ts";

type ShortRecord = PrimalRecord & Required<Pick<PrimalRecord, "shorts" | "units" | "scales">>;

const { fround } = Math;

/** Whether passes multiply integers. */
export function isShort(t: PrimalRecord): t is ShortRecord {
  return Boolean(t.shorts && t.units && t.scales);
}

/** To the nearest integer, halves up; |v| < 32768. */
export function whole(v: number): number {
  return ((v + 32768.5) | 0) - 32768;
}

/** What values are multiplied with to become integers of 16 bits. */
export function shortScale(v: Float64Array, count: number): number {
  let [even, odd, largest] = [0, 0, 0];
  for (let j = 0; j < count; j += 2) {
    even += v[j] * v[j];
    odd += v[j + 1] * v[j + 1];
    largest = Math.max(largest, Math.abs(v[j]), Math.abs(v[j + 1]));
  }
  return largest > 1e-20 ? Math.min(46_000 / Math.sqrt(even + odd), 32_700 / largest) : 0;
}

/** `shorten` of primal.c. */
export function shorten(memory: KernelMemory, t: ShortRecord, rows: number): void {
  const { f64, f32, i16 } = memory;
  const { stride, xScale } = t;
  const wide = shortStride(stride);
  const source = t.single ? f32 : f64;
  const row = new Float64Array(stride);
  for (let i = 0, at = t.single ? t.x >>> 2 : t.x >>> 3, to = t.shorts >>> 1; i < rows; i++, at += stride, to += wide) {
    for (let j = 0; j < stride; j++)
      row[j] = (t.mean ? source[at + j] - f64[(t.mean >>> 3) + j] : source[at + j]) * xScale * f64[(t.scales >>> 3) + j];
    const scale = shortScale(row, stride);
    for (let j = 0; j < stride; j++) i16[to + j] = whole(row[j] * scale);
    i16.fill(0, to + stride, to + wide);
    f64[(t.units >>> 3) + i] = scale > 0 ? 1 / (scale * xScale) : 0;
  }
}

/** Products in integers of 16 bits, whose sums are exact in any order. */
export function shortProducts(memory: KernelMemory, t: ShortRecord, { w, scale: wScale, out }: ProductCall): BlockProducts {
  const { f64, i16 } = memory;
  const { stride, k, kp } = t;
  const wide = shortStride(stride);
  const [w16, wUnits] = [new Int16Array(k * stride), new Float64Array(kp)];
  const row = new Float64Array(stride);
  for (let c = 0; c < k; c++) {
    for (let j = 0; j < stride; j++) row[j] = f64[(w >>> 3) + c * stride + j] * wScale * f64[(t.scales >>> 3) + stride + j];
    const scale = shortScale(row, stride);
    for (let j = 0; j < stride; j++) w16[c * stride + j] = whole(row[j] * scale);
    wUnits[c] = scale > 0 ? 1 / (scale * wScale) : 0;
  }
  const places = new Int32Array(blockRows);
  const rowUnits = new Float64Array(blockRows);
  const sum16 = new Float64Array(stride);
  const { sums, flush } = singleSums(memory, t, out, (j) => f64[(t.scales >>> 3) + stride + j]);
  const r16 = new Int16Array(blockRows);
  return {
    enter(from, count, z) {
      for (let i = 0; i < count; i++) {
        const own = placeOf(memory, t, from + i);
        places[i] = (t.shorts >>> 1) + own * wide;
        rowUnits[i] = f64[(t.units >>> 3) + own];
        for (let c = 0; c < k; c++) {
          let sum = 0;
          for (let j = 0, a = places[i], b = c * stride; j < stride; j++, a++, b++) sum += i16[a] * w16[b];
          z[i * kp + c] = rowUnits[i] * wUnits[c] * sum;
        }
      }
    },
    leave(from, count, r) {
      for (let c = 0; c < k; c++) {
        let [most, sum] = [0, 0];
        for (let i = 0; i < count; i++) {
          const value = Math.abs(rowUnits[i] * r[i * kp + c]);
          most = Math.max(most, value);
          sum += value;
        }
        const scale = sum > 1e-290 ? Math.min(65_000 / sum, 32_700 / most) : 0;
        const unit = scale > 0 ? fround((t.rScale * t.xScale) / scale) : 0;
        for (let i = 0; i < count; i++) r16[i] = whole(rowUnits[i] * r[i * kp + c] * scale);
        sum16.fill(0);
        for (let i = 0; i < count; i++) for (let j = 0, a = places[i]; j < stride; j++, a++) sum16[j] += r16[i] * i16[a];
        for (let j = 0, to = c * stride; j < stride; j++, to++) sums[to] = fround(sums[to] + fround(unit * fround(sum16[j])));
      }
      flush(from);
    },
  };
}
