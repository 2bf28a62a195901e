import { createJsProduct } from "./jsMultiply.ts";
import { addScaled, dotVectors, scaleVector } from "./jsVectors.ts";
import type { KernelMemory } from "./kernels.ts";

/** Reflectors applied to the rest at once while they are made … */
export const panel = 32;
/** … and while vectors are made of them. */
export const reflectorBlock = 64;

/** y = A·v over rows and columns s … n − 1 of the lower half of A. */
function symmetricProduct(f64: Float64Array, a: number, n: number, s: number, v: number, y: number): void {
  for (let r = s; r < n; r++) f64[y + r] = 0;
  for (let r = s; r < n; r += 4) {
    const rows = Math.min(n - r, 4);
    if (rows === 4) {
      const a0 = a + r * n;
      const a1 = a0 + n;
      const a2 = a1 + n;
      const a3 = a2 + n;
      const v0 = f64[v + r];
      const v1 = f64[v + r + 1];
      const v2 = f64[v + r + 2];
      const v3 = f64[v + r + 3];
      let [e0, e1, e2, e3, o0, o1, o2, o3] = [0, 0, 0, 0, 0, 0, 0, 0];
      for (let j = s; j < r; j += 2) {
        const w = f64[v + j];
        const u = f64[v + j + 1];
        let x = f64[a0 + j];
        let t = f64[a0 + j + 1];
        let z = f64[y + j] + x * v0;
        let q = f64[y + j + 1] + t * v0;
        e0 += x * w;
        o0 += t * u;
        x = f64[a1 + j];
        t = f64[a1 + j + 1];
        e1 += x * w;
        o1 += t * u;
        z += x * v1;
        q += t * v1;
        x = f64[a2 + j];
        t = f64[a2 + j + 1];
        e2 += x * w;
        o2 += t * u;
        z += x * v2;
        q += t * v2;
        x = f64[a3 + j];
        t = f64[a3 + j + 1];
        e3 += x * w;
        o3 += t * u;
        f64[y + j] = z + x * v3;
        f64[y + j + 1] = q + t * v3;
      }
      f64[y + r] += e0 + o0;
      f64[y + r + 1] += e1 + o1;
      f64[y + r + 2] += e2 + o2;
      f64[y + r + 3] += e3 + o3;
    } else {
      for (let q = r; q < n; q++) {
        const sum = dotVectors(f64, a + q * n + s, v + s, r - s);
        addScaled(f64, y + s, f64[v + q], a + q * n + s, r - s);
        f64[y + q] += sum;
      }
    }
    for (let q = r; q < r + rows; q++) {
      const row = a + q * n;
      for (let p = r; p < q; p++) {
        f64[y + q] += f64[row + p] * f64[v + p];
        f64[y + p] += f64[row + p] * f64[v + q];
      }
      f64[y + q] += f64[row + q] * f64[v + q];
    }
  }
}

/** Householder's reduction of a symmetric matrix to tridiagonal form, and the vectors of its reflectors; linear.c says which is where. */
export interface Tridiagonal {
  tridiagonalise(n: number, a: number, d: number, e: number, tau: number, v: number, w: number, x: number): void;
  formVectors(n: number, a: number, tau: number, v: number, x: number, y: number, t: number, g: number): void;
}

/** Both in TypeScript: the twins of those in linear.c, to the bit. */
export function createJsTridiagonal(memory: KernelMemory): Tridiagonal {
  const product = createJsProduct(memory);

  function tridiagonalise(n: number, a: number, d: number, e: number, tau: number, v: number, w: number, x: number): void {
    const { f64 } = memory;
    for (let j0 = 0; j0 < n; j0 += panel) {
      const j1 = Math.min(j0 + panel, n);
      for (let i = j0; i < j1; i++) {
        const vi = v + i * n;
        const wi = w + (i - j0) * n;
        const next = i + 1;
        const rest = n - next;
        for (let r = i; r < n; r++) f64[x + r] = f64[a + r * n + i];
        for (let q = j0; q < i; q++) {
          const vq = v + q * n;
          const wq = w + (q - j0) * n;
          addScaled(f64, x + i, -f64[wq + i], vq + i, n - i);
          addScaled(f64, x + i, -f64[vq + i], wq + i, n - i);
        }
        f64[d + i] = f64[x + i];
        if (rest === 0) {
          f64[e + i] = 0;
          f64[tau + i] = 0;
          continue;
        }
        const alpha = f64[x + next];
        const tail = dotVectors(f64, x + next + 1, x + next + 1, rest - 1);
        if (tail === 0) {
          f64[e + i] = alpha;
          f64[tau + i] = 0;
          f64[vi + next] = 1;
          for (let r = next; r < n; r++) f64[wi + r] = 0;
          continue;
        }
        const length = Math.sqrt(alpha * alpha + tail);
        const beta = alpha > 0 ? -length : length;
        const scale = 1 / (alpha - beta);
        const t = (beta - alpha) / beta;
        for (let r = next + 1; r < n; r++) f64[vi + r] = f64[x + r] * scale;
        f64[vi + next] = 1;
        f64[e + i] = beta;
        f64[tau + i] = t;
        symmetricProduct(f64, a, n, next, vi, wi);
        for (let q = j0; q < i; q++) {
          const vq = v + q * n + next;
          const wq = w + (q - j0) * n + next;
          const alongW = dotVectors(f64, wq, vi + next, rest);
          const alongV = dotVectors(f64, vq, vi + next, rest);
          addScaled(f64, wi + next, -alongW, vq, rest);
          addScaled(f64, wi + next, -alongV, wq, rest);
        }
        scaleVector(f64, wi + next, t, rest);
        addScaled(f64, wi + next, -0.5 * t * dotVectors(f64, wi + next, vi + next, rest), vi + next, rest);
      }
      const m = n - j1;
      const count = j1 - j0;
      const vs = v + j0 * n + j1;
      const ws = w + j1;
      if (m > 0) {
        product([m, m, count], [vs, 1, n], [ws, n, 1], [a + j1 * n + j1, n], -1, true);
        product([m, m, count], [ws, 1, n], [vs, n, 1], [a + j1 * n + j1, n], -1, true);
      }
    }
  }

  function formVectors(n: number, a: number, tau: number, v: number, x: number, y: number, t: number, g: number): void {
    const { f64 } = memory;
    f64.fill(0, a, a + n * n);
    for (let i = 0; i < n; i++) f64[a + i * n + i] = 1;
    for (let i0 = Math.floor((n - 1) / reflectorBlock) * reflectorBlock; i0 >= 0; i0 -= reflectorBlock) {
      const m = n - 1 - i0;
      const b = Math.min(reflectorBlock, m);
      const vs = v + i0 * n + i0 + 1;
      const active = a + (i0 + 1) * n + i0 + 1;
      if (b <= 0) continue;
      f64.fill(0, g, g + b * b);
      f64.fill(0, t, t + b * b);
      product([b, b, m], [vs, n, 1], [vs, 1, n], [g, b], 1, false);
      for (let j = 0; j < b; j++) {
        for (let i = 0; i < j; i++) {
          let sum = 0;
          for (let q = i; q < j; q++) sum += f64[t + i * b + q] * f64[g + q * b + j];
          f64[t + i * b + j] = -f64[tau + i0 + j] * sum;
        }
        f64[t + j * b + j] = f64[tau + i0 + j];
      }
      f64.fill(0, x, x + m * b);
      f64.fill(0, y, y + m * b);
      product([m, b, m], [active, n, 1], [vs, 1, n], [x, b], 1, false);
      product([m, b, b], [x, b, 1], [t, 1, b], [y, b], 1, false);
      product([m, m, b], [y, b, 1], [vs, n, 1], [active, n], -1, false);
    }
  }

  return { tridiagonalise, formVectors };
}
