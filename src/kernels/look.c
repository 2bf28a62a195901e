// A first look at a softmax fit of many rows, in single precision: what src/score/softmaxLook.ts makes its steps of. It has no twin in TypeScript, for nothing
// depends on its bits: its error is bounded there, and what lies nearer to a change is decided by the exact fit.
//
// Rows are singles, `stride` apart, of which the first `cols` columns count (a multiple of 4); each counts times its factor, 1/norm. Arrays of n × kp are
// singles, kp the number of classes as a multiple of 4.
#include "lanes.h"

enum { block = 32, flush = 8, chunk = 128 };


// squares[i] += Σ x[i][j]² over columns from … to − 1, in doubles; factor[i] = 1/√squares[i] (0 for 0) as a single.
EXPORT(lookNorms)(const f32* x, i32 stride, i32 count, i32 from, i32 to, f64* squares, f32* factor) {
  for (i32 i = 0; i < count; i++, x += stride) {
    v128_t even = wasm_f64x2_splat(0), odd = even; i32 j = from;
    for (; j + 4 <= to; j += 4) {
      const v128_t a = promote(x + j), b = promote(x + j + 2);
      even = wasm_f64x2_add(even, wasm_f64x2_mul(a, a)); odd = wasm_f64x2_add(odd, wasm_f64x2_mul(b, b));
    }
    f64 sum = sum2(even) + sum2(odd);
    for (; j < to; j++) sum += (f64)x[j] * x[j];
    squares[i] += sum;
    factor[i] = squares[i] > 0 ? 1 / __builtin_sqrt(squares[i]) : 0;
  }
}

// W (k × cols doubles) as singles in groups of up to four classes: (group, vector, class, lane).
static void pack(i32 k, i32 cols, const f64* w, f32* out) {
  for (i32 c = 0; c < k; c++, w += cols) {
    const i32 width = least(k - (c & ~3), 4); f32* to = out + (c & ~3) * cols + (c & 3) * 4;
    for (i32 j = 0; j < cols; j += 4, to += 4 * width)
      wasm_v128_store(to, narrow4(wasm_v128_load(w + j), wasm_v128_load(w + j + 2)));
  }
}

// Two rows with `width` classes: sums in four lanes, of `chunk` columns at a time, so that no sum has many terms.
INLINE void dotsOf(i32 width, const f32* x, const f32* y, i32 cols, const f32* w, f32 fx, f32 fy, f32* outX, f32* outY) {
  v128_t s[2][4], t[2][4]; const f32* end = x + cols;
  for (i32 c = 0; c < width; c++) t[0][c] = t[1][c] = wasm_f32x4_splat(0);
  while (x < end) {
    const f32* stop = end - x > chunk ? x + chunk : end;
    for (i32 c = 0; c < width; c++) s[0][c] = s[1][c] = wasm_f32x4_splat(0);
    for (; x < stop; x += 4, y += 4, w += width * 4) {
      const v128_t a = wasm_v128_load(x), b = wasm_v128_load(y);
      for (i32 c = 0; c < width; c++) { const v128_t v = wasm_v128_load(w + c * 4); s[0][c] = wasm_f32x4_add(s[0][c], wasm_f32x4_mul(a, v)); s[1][c] = wasm_f32x4_add(s[1][c], wasm_f32x4_mul(b, v)); }
    }
    for (i32 c = 0; c < width; c++) { t[0][c] = wasm_f32x4_add(t[0][c], s[0][c]); t[1][c] = wasm_f32x4_add(t[1][c], s[1][c]); }
  }
  for (i32 c = 0; c < width; c++) { outX[c] = fx * sum4(t[0][c]); outY[c] = fy * sum4(t[1][c]); }
}
// The same in doubles, by W as it is.
INLINE void exactDotsOf(i32 width, const f32* x, const f32* y, i32 cols, const f64* w, f32 fx, f32 fy, f32* outX, f32* outY) {
  v128_t s[2][4];
  for (i32 c = 0; c < width; c++) s[0][c] = s[1][c] = wasm_f64x2_splat(0);
  for (const f32* end = x + cols; x < end; x += 2, y += 2, w += 2) {
    const v128_t a = promote(x), b = promote(y);
    for (i32 c = 0; c < width; c++) { const v128_t v = wasm_v128_load(w + c * cols); s[0][c] = wasm_f64x2_add(s[0][c], wasm_f64x2_mul(a, v)); s[1][c] = wasm_f64x2_add(s[1][c], wasm_f64x2_mul(b, v)); }
  }
  for (i32 c = 0; c < width; c++) { outX[c] = fx * sum2(s[0][c]); outY[c] = fy * sum2(s[1][c]); }
}
// z (count × kp) = factor · W x, summed in doubles where `exact`; 0 beyond k. W (k × cols doubles) holds singles. work: k · cols singles.
EXPORT(lookLogits)(const f32* x, i32 stride, i32 count, i32 cols, const f64* w, i32 k, i32 kp, const f32* factor, i32 exact, f32* z, f32* work) {
  if (!exact) pack(k, cols, w, work);
  // Half a block at a time, which the nearest cache holds beside four classes.
  for (i32 from = 0; from < count; from += block / 2) {
    const i32 to = least(count, from + block / 2);
    for (i32 c = 0; c < k; c += 4) {
      const f32* own = work + c * cols;
      for (i32 i = from; i < to; i += 2) {
        const i32 j = least(i + 1, count - 1); const f32 *a = x + i * stride, *b = x + j * stride;
        f32 *outA = z + i * kp + c, *outB = z + j * kp + c;
#define dotsAt(WIDTH) dotsOf(WIDTH, a, b, cols, own, factor[i], factor[j], outA, outB)
#define exactDotsAt(WIDTH) exactDotsOf(WIDTH, a, b, cols, w + c * cols, factor[i], factor[j], outA, outB)
        if (exact) WIDTHS(k - c, exactDotsAt) else WIDTHS(k - c, dotsAt)
      }
    }
  }
  for (i32 i = 0; i < count; i++) for (i32 c = k; c < kp; c++) z[i * kp + c] = 0;
}

// exp of four values ≤ 0: off by less than 2^-22 of it; 0 below −87.
INLINE v128_t exp4lanes(v128_t x) {
  const v128_t n = wasm_f32x4_nearest(wasm_f32x4_mul(x, wasm_f32x4_splat(1.44269504f)));
  const v128_t r = wasm_f32x4_sub(wasm_f32x4_sub(x, wasm_f32x4_mul(n, wasm_f32x4_splat(0.693359375f))), wasm_f32x4_mul(n, wasm_f32x4_splat(-2.12194440e-4f)));
  v128_t c = wasm_f32x4_add(wasm_f32x4_splat(1.3981999507e-3f), wasm_f32x4_mul(r, wasm_f32x4_splat(1.9875691500e-4f)));
  c = wasm_f32x4_add(wasm_f32x4_splat(8.3334519073e-3f), wasm_f32x4_mul(r, c));
  c = wasm_f32x4_add(wasm_f32x4_splat(4.1665795894e-2f), wasm_f32x4_mul(r, c));
  c = wasm_f32x4_add(wasm_f32x4_splat(1.6666665459e-1f), wasm_f32x4_mul(r, c));
  c = wasm_f32x4_add(wasm_f32x4_splat(5.0000001201e-1f), wasm_f32x4_mul(r, c));
  const v128_t y = wasm_f32x4_add(wasm_f32x4_splat(1), wasm_f32x4_add(r, wasm_f32x4_mul(wasm_f32x4_mul(r, r), c)));
  const v128_t power = wasm_i32x4_shl(wasm_i32x4_add(wasm_i32x4_trunc_sat_f32x4(n), wasm_i32x4_splat(127)), 23);
  return wasm_v128_andnot(wasm_f32x4_mul(y, power), wasm_f32x4_lt(x, wasm_f32x4_splat(-87)));
}

// The residuals r (n × kp) = weight · factor · (p − y), p the softmax of z + b (kp; −1e30 beyond k): 0 to leave them out. sums (kp) = Σ weight · (p − y),
// info[0] = Σ weight · (1 − |p|²), info[1] = Σ weight · (1 − p of the row's class). Not 0, pairs (kp × kp, blocks on and above the diagonal) = Σ weight · p pᵀ.
EXPORT(lookResiduals)(i32 n, i32 k, i32 kp, const f32* z, const f32* b, const i32* y, const f32* weight, const f32* factor, f32* r, f64* sums, f64* info, f64* pairs) {
  f32 e[block * 68]; f64 curvature = 0, lost = 0;
  for (i32 c = 0; c < kp; c++) sums[c] = 0;
  if (pairs) for (i32 j = 0; j < kp * kp; j++) pairs[j] = 0;
  for (i32 from = 0; from < n; from += block) {
    const i32 count = least(block, n - from);
    for (i32 i = 0; i < count; i++) {
      const f32* at = z + (from + i) * kp; f32* to = e + i * kp; v128_t most = wasm_f32x4_splat(-1e30f);
      for (i32 c = 0; c < kp; c += 4) { const v128_t v = wasm_f32x4_add(wasm_v128_load(at + c), wasm_v128_load(b + c)); wasm_v128_store(to + c, v); most = wasm_f32x4_pmax(most, v); }
      most = wasm_f32x4_pmax(most, wasm_i32x4_shuffle(most, most, 2, 3, 0, 1)); most = wasm_f32x4_pmax(most, wasm_i32x4_shuffle(most, most, 1, 0, 3, 2));
      for (i32 c = 0; c < kp; c += 4) wasm_v128_store(to + c, wasm_f32x4_sub(wasm_v128_load(to + c), most));
    }
    for (i32 j = 0; j < count * kp; j += 4) wasm_v128_store(e + j, exp4lanes(wasm_v128_load(e + j)));
    for (i32 i = 0; i < count; i++) {
      f32* p = e + i * kp; const i32 own = y[from + i]; const f32 mine = p[own], w = weight[from + i];
      p[own] = 0; v128_t rest = wasm_f32x4_splat(0);
      for (i32 c = 0; c < kp; c += 4) rest = wasm_f32x4_add(rest, wasm_v128_load(p + c));
      // Not 1 − p: near certainty that would lose what is left.
      const f32 others = sum4(rest), inverse = 1 / (mine + others), missing = others * inverse; const v128_t scale = wasm_f32x4_splat(inverse);
      v128_t squared = wasm_f32x4_splat(0);
      for (i32 c = 0; c < kp; c += 4) { const v128_t v = wasm_f32x4_mul(scale, wasm_v128_load(p + c)); wasm_v128_store(p + c, v); squared = wasm_f32x4_add(squared, wasm_f32x4_mul(v, v)); }
      const f32 share = mine * inverse;
      curvature += (f64)w * (1 - ((f64)share * share + sum4(squared))); lost += (f64)w * missing;
      if (r) {
        f32* to = r + (from + i) * kp; const f32 f = w * factor[from + i]; const v128_t by = wasm_f32x4_splat(f);
        for (i32 c = 0; c < kp; c += 4) wasm_v128_store(to + c, wasm_f32x4_mul(by, wasm_v128_load(p + c)));
        to[own] = -f * missing;
      }
      const v128_t by = wasm_f32x4_splat(w);
      for (i32 c = 0; c < kp; c += 4) {
        const v128_t v = wasm_f32x4_mul(by, wasm_v128_load(p + c));
        wasm_v128_store(sums + c, wasm_f64x2_add(wasm_v128_load(sums + c), wasm_f64x2_promote_low_f32x4(v)));
        wasm_v128_store(sums + c + 2, wasm_f64x2_add(wasm_v128_load(sums + c + 2), wasm_f64x2_promote_low_f32x4(wasm_i64x2_shuffle(v, v, 1, 0))));
      }
      sums[own] -= (f64)w * missing;
      p[own] = share;
    }
    if (!pairs) continue;
    for (i32 a = 0; a < k; a++) for (i32 c = a & ~3; c < kp; c += 4) {
      v128_t sum = wasm_f32x4_splat(0); const f32* p = e;
      for (i32 i = 0; i < count; i++, p += kp) sum = wasm_f32x4_add(sum, wasm_f32x4_mul(wasm_f32x4_splat(weight[from + i] * p[a]), wasm_v128_load(p + c)));
      f64* to = pairs + a * kp + c;
      wasm_v128_store(to, wasm_f64x2_add(wasm_v128_load(to), wasm_f64x2_promote_low_f32x4(sum)));
      wasm_v128_store(to + 2, wasm_f64x2_add(wasm_v128_load(to + 2), wasm_f64x2_promote_low_f32x4(wasm_i64x2_shuffle(sum, sum, 1, 0))));
    }
  }
  info[0] = curvature; info[1] = lost;
}

// g[c] += Σ over the rows of a block of r[row][c] · x[row], in tiles of two vectors of columns: (tile, class, lane).
INLINE void spreadOf(i32 width, const f32* at, i32 stride, i32 count, const f32* r, i32 kp, f32* to) {
  v128_t s[2][4];
  for (i32 c = 0; c < width; c++) s[0][c] = s[1][c] = wasm_f32x4_splat(0);
  for (i32 i = 0; i < count; i++, at += stride, r += kp) {
    const v128_t a = wasm_v128_load(at), b = wasm_v128_load(at + 4);
    for (i32 c = 0; c < width; c++) { const v128_t v = wasm_v128_load32_splat(r + c); s[0][c] = wasm_f32x4_add(s[0][c], wasm_f32x4_mul(v, a)); s[1][c] = wasm_f32x4_add(s[1][c], wasm_f32x4_mul(v, b)); }
  }
  for (i32 c = 0; c < width; c++, to += 8) { wasm_v128_store(to, wasm_f32x4_add(wasm_v128_load(to), s[0][c])); wasm_v128_store(to + 4, wasm_f32x4_add(wasm_v128_load(to + 4), s[1][c])); }
}
// out (k × cols doubles) = Σ r ⊗ x. work: k · (cols + 4) singles. A row must be readable to four columns beyond `cols`.
EXPORT(lookSums)(const f32* x, i32 stride, i32 n, i32 cols, const f32* r, i32 k, i32 kp, f64* out, f32* work) {
  const v128_t zero = wasm_f64x2_splat(0);
  for (i32 j = 0; j < k * cols; j += 2) wasm_v128_store(out + j, zero);
  for (i32 j = 0; j < k * (cols + 4); j += 4) wasm_v128_store(work + j, zero);
  for (i32 from = 0; from < n; from += block) {
    const i32 count = least(block, n - from); const f32 *at = x + from * stride, *f = r + from * kp; f32* g = work;
    for (i32 j = 0; j < cols; j += 8, g += 8 * k) for (i32 c = 0; c < k; c += 4) {
#define spreadAt(WIDTH) spreadOf(WIDTH, at + j, stride, count, f + c, kp, g + 8 * c)
      WIDTHS(k - c, spreadAt)
    }
    if (from + block < n && (from / block) % flush != flush - 1) continue;
    g = work;
    for (i32 j = 0; j < cols; j += 8) for (i32 c = 0; c < k; c++, g += 8) for (i32 h = 0; h < 8; h += 4) {
      f64* to = out + c * cols + j + h;
      if (j + h < cols) {
        wasm_v128_store(to, wasm_f64x2_add(wasm_v128_load(to), promote(g + h)));
        wasm_v128_store(to + 2, wasm_f64x2_add(wasm_v128_load(to + 2), promote(g + h + 2)));
      }
      wasm_v128_store(g + h, zero);
    }
  }
}
