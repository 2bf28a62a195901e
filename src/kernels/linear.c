// Dense linear algebra in WebAssembly SIMD, compiled with kernels.c into one module by scripts/wasm.mjs; src/kernels/jsLinear.ts holds the
// same loops in TypeScript. The two give the same bits: every sum runs in the order written (products in blocks of 256 terms, dot products
// in two lanes), nothing is fused or reassociated. Change both or neither.
//
// Pointers are byte addresses, strides count doubles. Everything stands on `multiply`, a packed product in 4 × 4 tiles of registers; the
// factorisations are blocked so that nearly all their work is in it.
#include "lanes.h"

#define ADD wasm_f64x2_add
#define SUB wasm_f64x2_sub
#define MUL wasm_f64x2_mul
#define LOAD wasm_v128_load
#define STORE wasm_v128_store

enum { depth = 256, breadth = 256, panel = 32, reflectorBlock = 64, strip = 8 };
static f64 packedA[4 * depth] __attribute__((aligned(16)));
static f64 packedB[depth * breadth] __attribute__((aligned(16)));


// ---- products -------------------------------------------------------------------------------------------------------------------------

// C (m × n) += factor · A (m × k) · B (k × n), any strides; with `lower`, only the elements of C on and below its diagonal.
__attribute__((noinline)) EXPORT(multiply)(i32 m, i32 n, i32 k, const f64* a, i32 aRow, i32 aCol, const f64* b, i32 bRow, i32 bCol, f64* c, i32 cRow, f64 factor, i32 lower) {
  const v128_t f = wasm_f64x2_splat(factor);
  for (i32 p0 = 0; p0 < k; p0 += depth) {
    const i32 kc = least(k - p0, depth);
    for (i32 j0 = 0; j0 < n; j0 += breadth) {
      const i32 nc = least(n - j0, breadth);
      for (i32 j = 0; j < nc; j += 4) {
        f64* to = packedB + j * depth; const i32 width = least(nc - j, 4); const f64* from = b + p0 * bRow + (j0 + j) * bCol;
        for (i32 p = 0; p < kc; p++, from += bRow, to += 4) for (i32 q = 0; q < 4; q++) to[q] = q < width ? from[q * bCol] : 0;
      }
      for (i32 i = lower ? j0 & ~3 : 0; i < m; i += 4) {
        const i32 height = least(m - i, 4); const f64* from = a + i * aRow + p0 * aCol; f64* to = packedA;
        for (i32 p = 0; p < kc; p++, from += aCol, to += 4) for (i32 q = 0; q < 4; q++) to[q] = q < height ? from[q * aRow] : 0;
        const i32 end = lower ? least(nc, i + 4 - j0) : nc;
        for (i32 j = 0; j < end; j += 4) {
          v128_t s00 = wasm_f64x2_splat(0), s01 = s00, s10 = s00, s11 = s00, s20 = s00, s21 = s00, s30 = s00, s31 = s00;
          const f64 *x = packedA, *y = packedB + j * depth;
          for (i32 p = 0; p < kc; p++, x += 4, y += 4) {
            const v128_t y0 = LOAD(y), y1 = LOAD(y + 2);
            v128_t v = wasm_v128_load64_splat(x);
            s00 = ADD(s00, MUL(v, y0)); s01 = ADD(s01, MUL(v, y1)); v = wasm_v128_load64_splat(x + 1);
            s10 = ADD(s10, MUL(v, y0)); s11 = ADD(s11, MUL(v, y1)); v = wasm_v128_load64_splat(x + 2);
            s20 = ADD(s20, MUL(v, y0)); s21 = ADD(s21, MUL(v, y1)); v = wasm_v128_load64_splat(x + 3);
            s30 = ADD(s30, MUL(v, y0)); s31 = ADD(s31, MUL(v, y1));
          }
          f64* out = c + i * cRow + j0 + j;
          if (height == 4 && nc - j >= 4 && (!lower || j0 + j + 3 <= i)) {
            STORE(out, ADD(LOAD(out), MUL(f, s00))); STORE(out + 2, ADD(LOAD(out + 2), MUL(f, s01))); out += cRow;
            STORE(out, ADD(LOAD(out), MUL(f, s10))); STORE(out + 2, ADD(LOAD(out + 2), MUL(f, s11))); out += cRow;
            STORE(out, ADD(LOAD(out), MUL(f, s20))); STORE(out + 2, ADD(LOAD(out + 2), MUL(f, s21))); out += cRow;
            STORE(out, ADD(LOAD(out), MUL(f, s30))); STORE(out + 2, ADD(LOAD(out + 2), MUL(f, s31)));
          } else {
            f64 tile[16];
            STORE(tile, s00); STORE(tile + 2, s01); STORE(tile + 4, s10); STORE(tile + 6, s11);
            STORE(tile + 8, s20); STORE(tile + 10, s21); STORE(tile + 12, s30); STORE(tile + 14, s31);
            for (i32 r = 0; r < height; r++)
              for (i32 q = 0; j + q < nc && q < 4; q++)
                if (!lower || j0 + j + q <= i + r) out[r * cRow + q] = out[r * cRow + q] + factor * tile[4 * r + q];
          }
        }
      }
    }
  }
}

// ---- vectors --------------------------------------------------------------------------------------------------------------------------

__attribute__((noinline)) static f64 dotVectors(const f64* x, const f64* y, i32 count) {
  v128_t s = wasm_f64x2_splat(0); i32 j = 0;
  for (; j + 1 < count; j += 2) s = ADD(s, MUL(LOAD(x + j), LOAD(y + j)));
  f64 sum = wasm_f64x2_extract_lane(s, 0) + wasm_f64x2_extract_lane(s, 1);
  if (j < count) sum += x[j] * y[j];
  return sum;
}
// y += f · x
__attribute__((noinline)) static void addScaled(f64* y, f64 f, const f64* x, i32 count) {
  const v128_t g = wasm_f64x2_splat(f); i32 j = 0;
  for (; j + 1 < count; j += 2) STORE(y + j, ADD(LOAD(y + j), MUL(g, LOAD(x + j))));
  if (j < count) y[j] += f * x[j];
}
__attribute__((noinline)) static void scaleVector(f64* y, f64 f, i32 count) { for (i32 j = 0; j < count; j++) y[j] *= f; }

// ---- Cholesky and triangular systems --------------------------------------------------------------------------------------------------

// A (n × n, lower half) becomes L with L·Lᵀ = A. info[0]: 0, or 1 + the first row whose pivot is not positive.
EXPORT(cholesky)(i32 n, f64* a, i32 stride, f64* info) {
  info[0] = 0;
  for (i32 j0 = 0; j0 < n; j0 += panel) {
    const i32 j1 = least(j0 + panel, n); f64* top = a + j0 * stride;
    if (j0) multiply(n - j0, j1 - j0, j0, top, stride, 1, top, 1, stride, top + j0, stride, -1, 1);
    for (i32 i = j0; i < n; i++) {
      f64* row = a + i * stride;
      for (i32 j = j0; j < j1 && j <= i; j++) {
        const f64* other = a + j * stride; f64 v = row[j];
        for (i32 p = j0; p < j; p++) v -= row[p] * other[p];
        if (j < i) row[j] = v / other[j];
        else if (v > 0) row[j] = __builtin_sqrt(v);
        else { info[0] = i + 1; return; }
      }
    }
  }
}

// X (n × m) becomes L⁻¹·X, or L⁻ᵀ·X when transposed.
EXPORT(solveLower)(i32 n, const f64* l, i32 stride, i32 m, f64* x, i32 xStride, i32 transposed) {
  if (!transposed) {
    for (i32 i0 = 0; i0 < n; i0 += panel) {
      const i32 i1 = least(i0 + panel, n);
      if (i0) multiply(i1 - i0, m, i0, l + i0 * stride, stride, 1, x, xStride, 1, x + i0 * xStride, xStride, -1, 0);
      for (i32 i = i0; i < i1; i++) {
        f64* row = x + i * xStride;
        for (i32 p = i0; p < i; p++) addScaled(row, -l[i * stride + p], x + p * xStride, m);
        scaleVector(row, 1 / l[i * stride + i], m);
      }
    }
  } else {
    for (i32 i0 = (n - 1) / panel * panel; i0 >= 0; i0 -= panel) {
      const i32 i1 = least(i0 + panel, n);
      if (i1 < n) multiply(i1 - i0, m, n - i1, l + i1 * stride + i0, 1, stride, x + i1 * xStride, xStride, 1, x + i0 * xStride, xStride, -1, 0);
      for (i32 i = i1 - 1; i >= i0; i--) {
        f64* row = x + i * xStride;
        for (i32 p = i + 1; p < i1; p++) addScaled(row, -l[p * stride + i], x + p * xStride, m);
        scaleVector(row, 1 / l[i * stride + i], m);
      }
    }
  }
}

// ---- symmetric eigendecomposition -----------------------------------------------------------------------------------------------------

// y = A·v over rows and columns s … n − 1 of the lower half of A: four rows at a time, each read once for both halves.
static void symmetricProduct(const f64* a, i32 n, i32 s, const f64* v, f64* y) {
  for (i32 r = s; r < n; r++) y[r] = 0;
  for (i32 r = s; r < n; r += 4) {
    const i32 rows = least(n - r, 4);
    if (rows == 4) {
      const f64 *a0 = a + r * n, *a1 = a0 + n, *a2 = a1 + n, *a3 = a2 + n;
      const v128_t v0 = wasm_f64x2_splat(v[r]), v1 = wasm_f64x2_splat(v[r + 1]), v2 = wasm_f64x2_splat(v[r + 2]), v3 = wasm_f64x2_splat(v[r + 3]);
      v128_t t0 = wasm_f64x2_splat(0), t1 = t0, t2 = t0, t3 = t0;
      for (i32 j = s; j < r; j += 2) {
        const v128_t w = LOAD(v + j); v128_t z = LOAD(y + j), x = LOAD(a0 + j);
        t0 = ADD(t0, MUL(x, w)); z = ADD(z, MUL(x, v0)); x = LOAD(a1 + j);
        t1 = ADD(t1, MUL(x, w)); z = ADD(z, MUL(x, v1)); x = LOAD(a2 + j);
        t2 = ADD(t2, MUL(x, w)); z = ADD(z, MUL(x, v2)); x = LOAD(a3 + j);
        t3 = ADD(t3, MUL(x, w)); z = ADD(z, MUL(x, v3));
        STORE(y + j, z);
      }
      y[r] += wasm_f64x2_extract_lane(t0, 0) + wasm_f64x2_extract_lane(t0, 1);
      y[r + 1] += wasm_f64x2_extract_lane(t1, 0) + wasm_f64x2_extract_lane(t1, 1);
      y[r + 2] += wasm_f64x2_extract_lane(t2, 0) + wasm_f64x2_extract_lane(t2, 1);
      y[r + 3] += wasm_f64x2_extract_lane(t3, 0) + wasm_f64x2_extract_lane(t3, 1);
    } else {
      for (i32 q = r; q < n; q++) {
        const f64 sum = dotVectors(a + q * n + s, v + s, r - s);
        addScaled(y + s, v[q], a + q * n + s, r - s);
        y[q] += sum;
      }
    }
    for (i32 q = r; q < r + rows; q++) {
      const f64* row = a + q * n;
      for (i32 p = r; p < q; p++) { y[q] += row[p] * v[p]; y[p] += row[p] * v[q]; }
      y[q] += row[q] * v[q];
    }
  }
}

// A = Q·T·Qᵀ, T tridiagonal (d, e): Householder's reflectors I − tau·vᵀv in the rows of v (zeroed), panels of them applied to the rest at once.
static void tridiagonalise(i32 n, f64* a, f64* d, f64* e, f64* tau, f64* v, f64* w, f64* x) {
  for (i32 j0 = 0; j0 < n; j0 += panel) {
    const i32 j1 = least(j0 + panel, n);
    for (i32 i = j0; i < j1; i++) {
      f64 *vi = v + i * n, *wi = w + (i - j0) * n; const i32 next = i + 1, rest = n - next;
      for (i32 r = i; r < n; r++) x[r] = a[r * n + i];
      for (i32 q = j0; q < i; q++) {
        const f64 *vq = v + q * n, *wq = w + (q - j0) * n;
        addScaled(x + i, -wq[i], vq + i, n - i);
        addScaled(x + i, -vq[i], wq + i, n - i);
      }
      d[i] = x[i];
      if (rest == 0) { e[i] = 0; tau[i] = 0; continue; }
      const f64 alpha = x[next], tail = dotVectors(x + next + 1, x + next + 1, rest - 1);
      if (tail == 0) {
        e[i] = alpha; tau[i] = 0; vi[next] = 1;
        for (i32 r = next; r < n; r++) wi[r] = 0;
        continue;
      }
      const f64 length = __builtin_sqrt(alpha * alpha + tail), beta = alpha > 0 ? -length : length, scale = 1 / (alpha - beta), t = (beta - alpha) / beta;
      for (i32 r = next + 1; r < n; r++) vi[r] = x[r] * scale;
      vi[next] = 1; e[i] = beta; tau[i] = t;
      symmetricProduct(a, n, next, vi, wi);
      for (i32 q = j0; q < i; q++) {
        const f64 *vq = v + q * n + next, *wq = w + (q - j0) * n + next;
        const f64 alongW = dotVectors(wq, vi + next, rest), alongV = dotVectors(vq, vi + next, rest);
        addScaled(wi + next, -alongW, vq, rest);
        addScaled(wi + next, -alongV, wq, rest);
      }
      scaleVector(wi + next, t, rest);
      addScaled(wi + next, -0.5 * t * dotVectors(wi + next, vi + next, rest), vi + next, rest);
    }
    const i32 m = n - j1, count = j1 - j0; f64 *vs = v + j0 * n + j1, *ws = w + j1;
    if (m > 0) {
      multiply(m, m, count, vs, 1, n, ws, n, 1, a + j1 * n + j1, n, -1, 1);
      multiply(m, m, count, ws, 1, n, vs, n, 1, a + j1 * n + j1, n, -1, 1);
    }
  }
}

// a = Qᵀ from the reflectors, a block of them at a time: Q·(I − Vᵀ·T·V) transposed. x, y: n × 64 each, t, g: 64 × 64 each.
static void formVectors(i32 n, f64* a, const f64* tau, const f64* v, f64* x, f64* y, f64* t, f64* g) {
  for (i32 i = 0; i < n; i++) { for (i32 j = 0; j < n; j++) a[i * n + j] = 0; a[i * n + i] = 1; }
  for (i32 i0 = (n - 1) / reflectorBlock * reflectorBlock; i0 >= 0; i0 -= reflectorBlock) {
    const i32 b = least(reflectorBlock, n - 1 - i0), m = n - 1 - i0; const f64* vs = v + i0 * n + i0 + 1; f64* active = a + (i0 + 1) * n + i0 + 1;
    if (b <= 0) continue;
    for (i32 j = 0; j < b * b; j++) g[j] = t[j] = 0;
    multiply(b, b, m, vs, n, 1, vs, 1, n, g, b, 1, 0);
    for (i32 j = 0; j < b; j++) {
      for (i32 i = 0; i < j; i++) {
        f64 sum = 0;
        for (i32 q = i; q < j; q++) sum += t[i * b + q] * g[q * b + j];
        t[i * b + j] = -tau[i0 + j] * sum;
      }
      t[j * b + j] = tau[i0 + j];
    }
    for (i32 j = 0; j < m * b; j++) x[j] = y[j] = 0;
    multiply(m, b, m, active, n, 1, vs, 1, n, x, b, 1, 0);
    multiply(m, b, b, x, b, 1, t, 1, b, y, b, 1, 0);
    multiply(m, m, b, y, b, 1, vs, n, 1, active, n, -1, 0);
  }
}

// The recorded sweeps of rotations applied to the rows of z, strip by strip of 8 columns, each kept in cache for all of them.
static void rotate(i32 n, f64* z, const f64* sweeps, i32 sweepCount, const f64* rotations, f64* buffer) {
  for (i32 j0 = 0; j0 < n; j0 += strip) {
    const i32 width = least(strip, n - j0);
    for (i32 i = 0; i < n; i++) for (i32 j = 0; j < strip; j++) buffer[i * strip + j] = j < width ? z[i * n + j0 + j] : 0;
    const f64* at = rotations;
    for (i32 k = 0; k < sweepCount; k++) {
      const i32 start = (i32)sweeps[2 * k], count = (i32)sweeps[2 * k + 1];
      f64* row = buffer + (start + 1) * strip;
      v128_t f0 = LOAD(row), f1 = LOAD(row + 2), f2 = LOAD(row + 4), f3 = LOAD(row + 6);
      for (i32 q = 0; q < count; q++, at += 2, row -= strip) {
        const v128_t c = wasm_v128_load64_splat(at), s = wasm_v128_load64_splat(at + 1);
        const v128_t z0 = LOAD(row - 8), z1 = LOAD(row - 6), z2 = LOAD(row - 4), z3 = LOAD(row - 2);
        STORE(row, ADD(MUL(s, z0), MUL(c, f0))); STORE(row + 2, ADD(MUL(s, z1), MUL(c, f1)));
        STORE(row + 4, ADD(MUL(s, z2), MUL(c, f2))); STORE(row + 6, ADD(MUL(s, z3), MUL(c, f3)));
        f0 = SUB(MUL(c, z0), MUL(s, f0)); f1 = SUB(MUL(c, z1), MUL(s, f1)); f2 = SUB(MUL(c, z2), MUL(s, f2)); f3 = SUB(MUL(c, z3), MUL(s, f3));
      }
      STORE(row, f0); STORE(row + 2, f1); STORE(row + 4, f2); STORE(row + 6, f3);
    }
    for (i32 i = 0; i < n; i++) for (i32 j = 0; j < width; j++) z[i * n + j0 + j] = buffer[i * strip + j];
  }
}

// A symmetric (n × n, lower half read): on return its eigenvectors are the rows of a, in the order of values (not sorted). Householder,
// then implicit QL (EISPACK's imtql2). info[0]: 0, or 1 when an eigenvalue did not come in 60 sweeps.
// work: n² + 240·n + 8400 doubles.
EXPORT(eigen)(i32 n, f64* a, f64* values, f64* work, f64* info) {
  f64 *v = work, *w = v + n * n, *e = w + panel * n, *tau = e + n, *x = tau + n, *y = x + reflectorBlock * n, *t = y + reflectorBlock * n, *g = t + reflectorBlock * reflectorBlock;
  f64 *buffer = g + reflectorBlock * reflectorBlock, *sweeps = buffer + strip * n, *rotations = sweeps + 128;
  info[0] = 0;
  f64 largest = 0;
  for (i32 i = 0; i < n; i++) for (i32 j = 0; j <= i; j++) { const f64 size = __builtin_fabs(a[i * n + j]); if (size > largest) largest = size; }
  const f64 unit = largest > 1e100 || (largest > 0 && largest < 1e-100) ? largest : 1;
  if (unit != 1) for (i32 i = 0; i < n; i++) for (i32 j = 0; j <= i; j++) a[i * n + j] /= unit;
  for (i32 i = 0; i < n * n; i++) v[i] = 0;
  tridiagonalise(n, a, values, e, tau, v, w, x);
  formVectors(n, a, tau, v, x, y, t, g);
  f64* d = values; f64 size = 0;
  for (i32 i = 0; i < n; i++) { const f64 sum = __builtin_fabs(d[i]) + __builtin_fabs(e[i]); if (sum > size) size = sum; }
  const f64 negligible = size * 0x1p-54; i32 sweepCount = 0, used = 0;
  for (i32 l = 0; l < n; l++) {
    for (i32 tries = 0; ; tries++) {
      i32 m = l;
      for (; m < n - 1; m++) if (__builtin_fabs(e[m]) <= 0x1p-53 * (__builtin_fabs(d[m]) + __builtin_fabs(d[m + 1])) + negligible) break;
      if (m == l) break;
      if (tries == 60) { info[0] = 1; break; }
      f64 shift = (d[l + 1] - d[l]) / (2 * e[l]), r = __builtin_sqrt(shift * shift + 1);
      f64 h = d[m] - d[l] + e[l] / (shift + (shift < 0 ? -r : r)), s = 1, c = 1, p = 0; i32 i = m - 1, broke = 0, count = 0;
      for (; i >= l; i--) {
        const f64 f = s * e[i], b = c * e[i];
        r = __builtin_sqrt(f * f + h * h); e[i + 1] = r;
        if (r == 0) { d[i + 1] -= p; e[m] = 0; broke = 1; break; }
        s = f / r; c = h / r; h = d[i + 1] - p;
        r = (d[i] - h) * s + 2 * c * b; p = s * r; d[i + 1] = h + p; h = c * r - b;
        rotations[used++] = c; rotations[used++] = s; count++;
      }
      if (count) { sweeps[2 * sweepCount] = m - 1; sweeps[2 * sweepCount + 1] = count; sweepCount++; }
      if (!broke) { d[l] -= p; e[l] = h; e[m] = 0; }
      if (sweepCount == 64 || used > 64 * n) { rotate(n, a, sweeps, sweepCount, rotations, buffer); sweepCount = used = 0; }
    }
  }
  rotate(n, a, sweeps, sweepCount, rotations, buffer);
  if (unit != 1) for (i32 i = 0; i < n; i++) values[i] *= unit;
}
