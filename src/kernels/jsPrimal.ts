import { isShort, shorten, shortProducts } from "./jsShorts.ts";
import { expNegative } from "./jsSoftmax.ts";
import type { KernelMemory } from "./kernels.ts";
import { blockRows, flushBlocks, type PrimalKernels, type PrimalRecord } from "./primalRecord.ts";

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

/** A pass over the rows: `each` turns the logits (block × kp) of `count` rows from `from` on into residuals r. Without W there are no logits. */
function pass(
  memory: KernelMemory,
  t: PrimalRecord,
  { w, scale, out, sums }: { readonly w: number; readonly scale: number; readonly out: number; readonly sums: number },
  each: (from: number, count: number, z: Float64Array, r: Float64Array) => void,
): void {
  const { f64, f32, i32 } = memory;
  const { stride, k, kp, rough } = t;
  const size = k * stride;
  const [o, s] = [out >>> 3, sums >>> 3];
  f64.fill(0, o, o + size);
  f64.fill(0, s, s + kp);
  const [z, r] = [new Float64Array(blockRows * kp), new Float64Array(blockRows * kp)];
  const x64 = new Float64Array(blockRows * stride);
  const x32 = new Float32Array(rough ? blockRows * stride : 0);
  const w32 = new Float32Array(rough ? size : 0);
  const r32 = new Float32Array(rough ? blockRows * kp : 0);
  const g32 = new Float32Array(rough ? size : 0);
  const [sum32, sum64] = [new Float32Array(stride), new Float64Array(stride)];
  const shorts = isShort(t) ? shortProducts(memory, t, w, scale) : null;
  if (rough && w && !shorts) for (let j = 0; j < size; j++) w32[j] = scale * f64[(w >>> 3) + j];
  const source = t.single ? f32 : f64;
  const start = t.single ? t.x >>> 2 : t.x >>> 3;
  const [mean, xScale] = [t.mean >>> 3, rough ? t.xScale : 1];
  const wUnit = 1 / (scale * t.xScale);
  const gUnit = 1 / (t.rScale * t.xScale);
  for (let from = 0; from < t.count; from += blockRows) {
    const count = Math.min(blockRows, t.count - from);
    if (shorts) shorts.enter(from, count, z);
    for (let i = 0; i < count && !shorts; i++) {
      const row = start + (t.rows ? i32[(t.rows >>> 2) + from + i] : from + i) * stride;
      const to = i * stride;
      if (rough && t.single)
        for (let j = 0; j < stride; j++) x32[to + j] = fround(source[row + j] - fround(t.mean ? f64[mean + j] : 0)) * xScale;
      else for (let j = 0; j < stride; j++) x64[to + j] = (t.mean ? source[row + j] - f64[mean + j] : source[row + j]) * xScale;
    }
    x64.fill(0, count * stride);
    if (rough && !shorts) {
      if (t.single) x32.fill(0, count * stride);
      else x32.set(x64);
      if (w) dots32(count, k, kp, stride, x32, w32, wUnit, z);
    } else if (w && !shorts) dots64(count, k, kp, stride, x64, f64, w >>> 3, z);
    each(from, count, z, r);
    r.fill(0, count * kp);
    for (let i = 0, at = 0; i < count; i++) for (let c = 0; c < kp; c++, at++) f64[s + c] += r[at];
    if (!rough) {
      spread64(k, kp, stride, x64, r, f64, o, sum64);
      continue;
    }
    if (shorts) shorts.leave(count, r, g32);
    else {
      for (let j = 0; j < r.length; j++) r32[j] = t.rScale * r[j];
      spread32(k, kp, stride, x32, r32, g32, sum32);
    }
    if (from + blockRows < t.count && (from / blockRows) % flushBlocks !== flushBlocks - 1) continue;
    const inverse = isShort(t) ? (t.scales >>> 3) + stride : 0;
    for (let j = 0; j < size; j++) f64[o + j] += gUnit * g32[j] * (inverse ? f64[inverse + (j % stride)] : 1);
    g32.fill(0);
  }
}

/** Passes over the rows in TypeScript: the twins of primal.c, to the bit; its comments are there. */
export function createJsPrimal(memory: KernelMemory): PrimalKernels {
  return {
    shorten(t, { rows }) {
      if (isShort(t)) shorten(memory, t, rows);
    },

    curve(t, { v, vb, vScale, alpha, out, sums }) {
      const { f64, f32 } = memory;
      const { k, kp } = t;
      const [p0, u0, ud0, weight, own] = [t.p >>> 2, t.u >>> 2, t.ud >>> 3, t.weight >>> 3, vb >>> 3];
      pass(memory, t, { w: v, scale: vScale, out, sums }, (from, count, z, r) => {
        for (let i = 0, at = 0; i < count; i++, at += kp) {
          const row = (from + i) * kp;
          const [p, u, ud] = [p0 + row, u0 + row, ud0 + row];
          let [even, odd] = [0, 0];
          for (let c = 0; c < kp; c++) f64[ud + c] = alpha === null ? 0 : f64[ud + c] + alpha * f32[u + c];
          if (k < kp) z[at + k] = 0;
          for (let c = 0; c < kp; c += 2) {
            z[at + c] += f64[own + c];
            z[at + c + 1] += f64[own + c + 1];
            f32[u + c] = z[at + c];
            f32[u + c + 1] = z[at + c + 1];
            even += f32[p + c] * z[at + c];
            odd += f32[p + c + 1] * z[at + c + 1];
          }
          const mean = even + odd;
          const f = f64[weight + from + i];
          for (let c = 0; c < kp; c++) r[at + c] = f * (f32[p + c] * (z[at + c] - mean));
        }
      });
    },

    slope(t, { w, b, wScale, old, step, alpha, z: zAt, gap, others, out, sums, info }) {
      const { f64, f32, i32 } = memory;
      const { k, kp } = t;
      const [p0, u0, ud0, weights, z0, old0, b0] = [t.p >>> 2, t.u >>> 2, t.ud >>> 3, t.weight >>> 3, zAt >>> 3, old >>> 3, b >>> 3];
      let curvature = 0;
      pass(memory, t, { w, scale: wScale, out, sums }, (from, count, z, r) => {
        for (let i = 0, at = 0; i < count; i++, at += kp) {
          const row = (from + i) * kp;
          const to = z0 + row;
          if (w && k < kp) z[at + k] = 0;
          for (let c = 0; c < kp; c++)
            f64[to + c] = w ? z[at + c] + f64[b0 + c] : f64[old0 + row + c] + step * (f64[ud0 + row + c] + alpha * f32[u0 + row + c]);
          let top = f64[to];
          for (let c = 1; c < kp; c++) if (f64[to + c] > top) top = f64[to + c];
          const y = i32[(t.y >>> 2) + from + i];
          let [even, odd] = [0, 0];
          for (let c = 0; c < kp; c += 2) {
            z[at + c] = expNegative(f64[to + c] - top);
            z[at + c + 1] = expNegative(f64[to + c + 1] - top);
            if (c !== y) even += z[at + c];
            if (c + 1 !== y) odd += z[at + c + 1];
          }
          const other = even + odd;
          const inverse = 1 / (z[at + y] + other);
          const weight = f64[weights + from + i];
          f64[(gap >>> 3) + from + i] = top - f64[to + y];
          f64[(others >>> 3) + from + i] = f64[to + y] < top ? z[at + y] + other : other;
          let [evenSquares, oddSquares] = [0, 0];
          for (let c = 0; c < kp; c += 2) {
            const p = z[at + c] * inverse;
            const q = z[at + c + 1] * inverse;
            f32[p0 + row + c] = p;
            f32[p0 + row + c + 1] = q;
            r[at + c] = weight * p;
            r[at + c + 1] = weight * q;
            evenSquares += p * p;
            oddSquares += q * q;
          }
          r[at + y] = -(weight * (other * inverse));
          curvature += weight * (1 - (evenSquares + oddSquares));
        }
      });
      f64[info >>> 3] = curvature;
    },

    deflate({ k, m, stride, v, from, to, work }) {
      const { f64, f32 } = memory;
      const row = work >>> 2;
      const sum = row + stride;
      for (let c = 0, x = from >>> 3, out = to >>> 3; c < k; c++, x += stride, out += stride) {
        let largest = 0;
        for (let j = x; j < x + stride; j++) largest = Math.abs(f64[j]) > largest ? Math.abs(f64[j]) : largest;
        const unit = largest > 1e-290 ? largest : 1;
        const scale = 1 / unit;
        for (let j = 0; j < stride; j++) f32[row + j] = scale * f64[x + j];
        f32.fill(0, sum, sum + stride);
        for (let i = 0, at = (v >>> 2) + c * m * stride; i < m; i++, at += stride) {
          let [s0, s1, s2, s3] = [0, 0, 0, 0];
          for (let j = 0; j < stride; j += 4) {
            s0 = fround(s0 + fround(f32[row + j] * f32[at + j]));
            s1 = fround(s1 + fround(f32[row + j + 1] * f32[at + j + 1]));
            s2 = fround(s2 + fround(f32[row + j + 2] * f32[at + j + 2]));
            s3 = fround(s3 + fround(f32[row + j + 3] * f32[at + j + 3]));
          }
          const s = fround(fround(s0 + s1) + fround(s2 + s3));
          for (let j = 0; j < stride; j++) f32[sum + j] += fround(s * f32[at + j]);
        }
        for (let j = 0; j < stride; j++) f64[out + j] = f64[x + j] - unit * f32[sum + j];
      }
    },

    dot(size, first, second) {
      const { f64 } = memory;
      let [s0, s1, s2, s3] = [0, 0, 0, 0];
      let [a, b] = [first >>> 3, second >>> 3];
      const end = a + size;
      for (; a + 2 < end; a += 4, b += 4) {
        s0 += f64[a] * f64[b];
        s1 += f64[a + 1] * f64[b + 1];
        s2 += f64[a + 2] * f64[b + 2];
        s3 += f64[a + 3] * f64[b + 3];
      }
      if (a < end) {
        s0 += f64[a] * f64[b];
        s1 += f64[a + 1] * f64[b + 1];
      }
      return s0 + s1 + (s2 + s3);
    },

    add(size, factor, from, to) {
      const { f64 } = memory;
      for (let j = 0, a = from >>> 3, b = to >>> 3; j < size; j++, a++, b++) f64[b] += factor * f64[a];
    },

    turn(size, factor, from, to) {
      const { f64 } = memory;
      let most = 0;
      for (let j = 0, a = from >>> 3, b = to >>> 3; j < size; j++, a++, b++) {
        f64[b] = f64[a] + factor * f64[b];
        const value = Math.abs(f64[b]);
        if (value > most) most = value;
      }
      return most;
    },

    farthest({ ud, u, count, kp }, alpha) {
      const { f64, f32 } = memory;
      let most = 0;
      for (let j = 0, a = ud >>> 3, b = u >>> 2; j < count * kp; j++, a++, b++) {
        const value = Math.abs(f64[a] + alpha * f32[b]);
        if (value > most) most = value;
      }
      return most;
    },

    rows(t, { from, count, factor, out }) {
      const { f64, f32, i32 } = memory;
      const { stride } = t;
      const source = t.single ? f32 : f64;
      const start = t.single ? t.x >>> 2 : t.x >>> 3;
      const mean = t.mean >>> 3;
      for (let i = from, to = out >>> 3; i < from + count; i++, to += stride) {
        const row = start + (t.rows ? i32[(t.rows >>> 2) + i] : i) * stride;
        const f = f64[(factor >>> 3) + i];
        for (let j = 0; j < stride; j++) f64[to + j] = (t.mean ? source[row + j] - f64[mean + j] : source[row + j]) * f;
      }
    },
  };
}
