import { doubleProducts, type ProductCall, singleProducts } from "./jsBlockProducts.ts";
import { jsModels } from "./jsModels.ts";
import { isShort, shorten, shortProducts } from "./jsShorts.ts";
import { expNegative } from "./jsSoftmax.ts";
import type { KernelMemory } from "./kernels.ts";
import { blockRows, type PrimalKernels, type PrimalRecord } from "./primalRecord.ts";

/** A pass over the rows: `each` turns the logits (block × kp) of `count` rows from `from` on into residuals r. Without W there are no logits. */
function pass(
  memory: KernelMemory,
  t: PrimalRecord,
  call: ProductCall & { readonly sums: number },
  each: (from: number, count: number, z: Float64Array, r: Float64Array) => void,
): void {
  const { f64 } = memory;
  const { stride, k, kp } = t;
  const [o, s] = [call.out >>> 3, call.sums >>> 3];
  f64.fill(0, o, o + k * stride);
  f64.fill(0, s, s + kp);
  const [z, r] = [new Float64Array(blockRows * kp), new Float64Array(blockRows * kp)];
  const products = isShort(t) ? shortProducts(memory, t, call) : (t.rough ? singleProducts : doubleProducts)(memory, t, call);
  for (let from = 0; from < t.count; from += blockRows) {
    const count = Math.min(blockRows, t.count - from);
    products.enter(from, count, z);
    each(from, count, z, r);
    r.fill(0, count * kp);
    for (let i = 0, at = 0; i < count; i++) for (let c = 0; c < kp; c++, at++) f64[s + c] += r[at];
    products.leave(from, count, r);
  }
}

/** Passes over the rows in TypeScript: the twins of primal.c, to the bit; its comments are there. */
export function createJsPrimal(memory: KernelMemory): PrimalKernels {
  return {
    ...jsModels(memory),

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

    along(t, { z, step, alpha }) {
      const { f64, f32, i32 } = memory;
      const { kp, count } = t;
      const [e, way] = [new Float64Array(kp), new Float64Array(kp)];
      let total = 0;
      for (let i = 0, to = z >>> 3, ud = t.ud >>> 3, u = t.u >>> 2; i < count; i++, to += kp, ud += kp, u += kp) {
        let top = -1e300;
        for (let c = 0; c < kp; c++) {
          way[c] = f64[ud + c] + alpha * f32[u + c];
          e[c] = f64[to + c] + step * way[c];
          if (e[c] > top) top = e[c];
        }
        const own = way[i32[(t.y >>> 2) + i]];
        let [even, odd, evenSum, oddSum] = [0, 0, 0, 0];
        for (let c = 0; c < kp; c += 2) {
          const a = expNegative(e[c] - top);
          const b = expNegative(e[c + 1] - top);
          even += a;
          odd += b;
          evenSum += a * (way[c] - own);
          oddSum += b * (way[c + 1] - own);
        }
        total += f64[(t.weight >>> 3) + i] * ((evenSum + oddSum) / (even + odd));
      }
      return total;
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
