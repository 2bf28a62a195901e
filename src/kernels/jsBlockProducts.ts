import type { KernelMemory } from "./kernels.ts";
import { blockRows, flushBlocks, type PrimalRecord } from "./primalRecord.ts";

const { fround } = Math;

/** z[i][c] = x[i] · w[c] in four lanes of singles. */
function dots32(count: number, k: number, kp: number, stride: number, x: Float32Array, w: Float32Array, unit: number, z: Float64Array) {
  for (let i = 0; i < count; i++) {
    for (let c = 0; c < k; c++) {
      let [s0, s1, s2, s3] = [0, 0, 0, 0];
      for (let j = 0, a = i * stride, b = c * stride; j < stride; j += 4, a += 4, b += 4) {
        s0 = fround(s0 + fround(x[a] * w[b]));
        s1 = fround(s1 + fround(x[a + 1] * w[b + 1]));
        s2 = fround(s2 + fround(x[a + 2] * w[b + 2]));
        s3 = fround(s3 + fround(x[a + 3] * w[b + 3]));
      }
      z[i * kp + c] = unit * fround(fround(s0 + s1) + fround(s2 + s3));
    }
  }
}

/** The same in two lanes of doubles. */
function dots64(count: number, k: number, kp: number, stride: number, x: Float64Array, w: Float64Array, at: number, z: Float64Array) {
  for (let i = 0; i < count; i++) {
    for (let c = 0; c < k; c++) {
      let [even, odd] = [0, 0];
      for (let j = 0, a = i * stride, b = at + c * stride; j < stride; j += 2, a += 2, b += 2) {
        even += x[a] * w[b];
        odd += x[a + 1] * w[b + 1];
      }
      z[i * kp + c] = even + odd;
    }
  }
}

/** g[c] += Σ over a block's rows of r[i][c] · x[i], in singles. */
function spread32(k: number, kp: number, stride: number, x: Float32Array, r: Float32Array, g: Float32Array, sum: Float32Array): void {
  for (let c = 0; c < k; c++) {
    sum.fill(0);
    for (let i = 0; i < blockRows; i++) {
      const f = r[i * kp + c];
      for (let j = 0, a = i * stride; j < stride; j++, a++) sum[j] = fround(sum[j] + fround(f * x[a]));
    }
    for (let j = 0, to = c * stride; j < stride; j++, to++) g[to] = fround(g[to] + sum[j]);
  }
}

/** The same in doubles, to `at` of g. */
function spread64(k: number, kp: number, stride: number, x: Float64Array, r: Float64Array, g: Float64Array, at: number, sum: Float64Array) {
  for (let c = 0; c < k; c++) {
    sum.fill(0);
    for (let i = 0; i < blockRows; i++) {
      const f = r[i * kp + c];
      for (let j = 0, a = i * stride; j < stride; j++, a++) sum[j] += f * x[a];
    }
    for (let j = 0, to = at + c * stride; j < stride; j++, to++) g[to] += sum[j];
  }
}

/** The products of a pass with a block of rows at a time. */
export interface BlockProducts {
  /** Takes `count` rows from `from` on; with W, z[i][c] = x[i] · w[c]. */
  enter(from: number, count: number, z: Float64Array): void;
  /** Adds the block's rows times their residuals r (0 beyond `count`) to the sums. */
  leave(from: number, count: number, r: Float64Array): void;
}

/** What products are made with: W (k × stride, 0 for none) times `scale`, and where the sums go. */
export interface ProductCall {
  readonly w: number;
  readonly scale: number;
  readonly out: number;
}

/** The place of a row of the list, counted in rows. */
export function placeOf({ i32 }: KernelMemory, { rows }: PrimalRecord, i: number): number {
  return rows ? i32[(rows >>> 2) + i] : i;
}

/** Sums of singles, of rows times `unitOf` a column, which go to `out` before they are too many. */
export function singleSums({ f64 }: KernelMemory, t: PrimalRecord, out: number, unitOf: (column: number) => number) {
  const size = t.k * t.stride;
  const sums = new Float32Array(size);
  const units = Float64Array.from({ length: t.stride }, (_, j) => unitOf(j) / (t.rScale * t.xScale));
  return {
    sums,
    /** After each block. */
    flush(from: number): void {
      if (from + blockRows < t.count && (from / blockRows) % flushBlocks !== flushBlocks - 1) return;
      for (let j = 0; j < size; j++) f64[(out >>> 3) + j] += units[j % t.stride] * sums[j];
      sums.fill(0);
    },
  };
}

/** Products in doubles. */
export function doubleProducts(memory: KernelMemory, t: PrimalRecord, { w, out }: ProductCall): BlockProducts {
  const { f64, f32 } = memory;
  const { stride, k, kp } = t;
  const [source, start] = t.single ? [f32, t.x >>> 2] : [f64, t.x >>> 3];
  const x = new Float64Array(blockRows * stride);
  const sum = new Float64Array(stride);
  return {
    enter(from, count, z) {
      for (let i = 0, to = 0; i < count; i++)
        for (let j = 0, at = start + placeOf(memory, t, from + i) * stride; j < stride; j++, at++, to++)
          x[to] = t.mean ? source[at] - f64[(t.mean >>> 3) + j] : source[at];
      x.fill(0, count * stride);
      if (w) dots64(count, k, kp, stride, x, f64, w >>> 3, z);
    },
    leave: (_from, _count, r) => spread64(k, kp, stride, x, r, f64, out >>> 3, sum),
  };
}

/** Products in singles, of (row − mean) · xScale. */
export function singleProducts(memory: KernelMemory, t: PrimalRecord, { w, scale, out }: ProductCall): BlockProducts {
  const { f64, f32 } = memory;
  const { stride, k, kp, xScale } = t;
  const [source, start] = t.single ? [f32, t.x >>> 2] : [f64, t.x >>> 3];
  const x = new Float32Array(blockRows * stride);
  const w32 = new Float32Array(k * stride);
  if (w) for (let j = 0; j < w32.length; j++) w32[j] = scale * f64[(w >>> 3) + j];
  const unit = 1 / (scale * xScale);
  const r32 = new Float32Array(blockRows * kp);
  const sum = new Float32Array(stride);
  const { sums, flush } = singleSums(memory, t, out, () => 1);
  return {
    enter(from, count, z) {
      for (let i = 0, to = 0; i < count; i++)
        for (let j = 0, at = start + placeOf(memory, t, from + i) * stride; j < stride; j++, at++, to++) {
          const mean = t.mean ? f64[(t.mean >>> 3) + j] : 0;
          x[to] = (t.single ? fround(source[at] - fround(mean)) : source[at] - mean) * xScale;
        }
      x.fill(0, count * stride);
      if (w) dots32(count, k, kp, stride, x, w32, unit, z);
    },
    leave(from, _count, r) {
      for (let j = 0; j < r.length; j++) r32[j] = t.rScale * r[j];
      spread32(k, kp, stride, x, r32, sums, sum);
      flush(from);
    },
  };
}
