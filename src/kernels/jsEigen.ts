import { createJsTridiagonal, panel, reflectorBlock } from "./jsTridiagonal.ts";
import type { EigenKernel, KernelMemory } from "./kernels.ts";

const strip = 8;

/** The eigendecomposition in TypeScript: the twin of `eigen` in linear.c, to the bit. Apart from the rest, so that what needs none of it does without. */
export function createJsEigen(memory: KernelMemory): EigenKernel {
  const { tridiagonalise, formVectors } = createJsTridiagonal(memory);

  function rotate(n: number, z: number, sweeps: number, sweepCount: number, rotations: number, buffer: number): void {
    const { f64 } = memory;
    for (let j0 = 0; j0 < n; j0 += strip) {
      const width = Math.min(strip, n - j0);
      for (let i = 0; i < n; i++) for (let j = 0; j < width; j++) f64[buffer + i * strip + j] = f64[z + i * n + j0 + j];
      let at = rotations;
      for (let k = 0; k < sweepCount; k++) {
        const start = f64[sweeps + 2 * k];
        const count = f64[sweeps + 2 * k + 1];
        for (let q = 0, row = buffer + (start + 1) * strip; q < count; q++, at += 2, row -= strip) {
          const c = f64[at];
          const s = f64[at + 1];
          for (let j = row; j < row + width; j++) {
            const f = f64[j];
            const g = f64[j - strip];
            f64[j] = s * g + c * f;
            f64[j - strip] = c * g - s * f;
          }
        }
      }
      for (let i = 0; i < n; i++) for (let j = 0; j < width; j++) f64[z + i * n + j0 + j] = f64[buffer + i * strip + j];
    }
  }

  return (n, matrix, values, work, info) => {
    const { f64 } = memory;
    const a = matrix >>> 3;
    const d = values >>> 3;
    const v = work >>> 3;
    const w = v + n * n;
    const e = w + panel * n;
    const tau = e + n;
    const x = tau + n;
    const y = x + reflectorBlock * n;
    const t = y + reflectorBlock * n;
    const g = t + reflectorBlock * reflectorBlock;
    const buffer = g + reflectorBlock * reflectorBlock;
    const sweeps = buffer + strip * n;
    const rotations = sweeps + 128;
    f64[info >>> 3] = 0;
    let largest = 0;
    for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) largest = Math.max(largest, Math.abs(f64[a + i * n + j]));
    const unit = largest > 1e100 || (largest > 0 && largest < 1e-100) ? largest : 1;
    if (unit !== 1) for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) f64[a + i * n + j] /= unit;
    f64.fill(0, v, v + n * n);
    tridiagonalise(n, a, d, e, tau, v, w, x);
    formVectors(n, a, tau, v, x, y, t, g);
    let size = 0;
    for (let i = 0; i < n; i++) size = Math.max(size, Math.abs(f64[d + i]) + Math.abs(f64[e + i]));
    const negligible = size * 2 ** -54;
    let sweepCount = 0;
    let used = 0;
    for (let l = 0; l < n; l++) {
      for (let tries = 0; ; tries++) {
        let m = l;
        for (; m < n - 1; m++) if (Math.abs(f64[e + m]) <= 2 ** -53 * (Math.abs(f64[d + m]) + Math.abs(f64[d + m + 1])) + negligible) break;
        if (m === l) break;
        if (tries === 60) {
          f64[info >>> 3] = 1;
          break;
        }
        const shift = (f64[d + l + 1] - f64[d + l]) / (2 * f64[e + l]);
        let r = Math.sqrt(shift * shift + 1);
        let h = f64[d + m] - f64[d + l] + f64[e + l] / (shift + (shift < 0 ? -r : r));
        let s = 1;
        let c = 1;
        let p = 0;
        let broke = false;
        let count = 0;
        for (let i = m - 1; i >= l; i--) {
          const f = s * f64[e + i];
          const b = c * f64[e + i];
          r = Math.sqrt(f * f + h * h);
          f64[e + i + 1] = r;
          if (r === 0) {
            f64[d + i + 1] -= p;
            f64[e + m] = 0;
            broke = true;
            break;
          }
          s = f / r;
          c = h / r;
          h = f64[d + i + 1] - p;
          r = (f64[d + i] - h) * s + 2 * c * b;
          p = s * r;
          f64[d + i + 1] = h + p;
          h = c * r - b;
          f64[rotations + used++] = c;
          f64[rotations + used++] = s;
          count++;
        }
        if (count) {
          f64[sweeps + 2 * sweepCount] = m - 1;
          f64[sweeps + 2 * sweepCount + 1] = count;
          sweepCount++;
        }
        if (!broke) {
          f64[d + l] -= p;
          f64[e + l] = h;
          f64[e + m] = 0;
        }
        if (sweepCount === 64 || used > 64 * n) {
          rotate(n, a, sweeps, sweepCount, rotations, buffer);
          sweepCount = 0;
          used = 0;
        }
      }
    }
    rotate(n, a, sweeps, sweepCount, rotations, buffer);
    if (unit !== 1) for (let i = 0; i < n; i++) f64[d + i] *= unit;
  };
}
