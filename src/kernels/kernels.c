// The hot loops in WebAssembly SIMD. scripts/wasm.mjs compiles this file to src/kernels/wasmBinary.ts; src/kernels/js*.ts hold the
// same loops in TypeScript. The two give the same bits: every sum over dimensions runs in two lanes (even and odd positions) added at the
// end, every other sum runs in the order written, nothing is fused (-ffp-contract=off) or reassociated. Change both or neither.
//
// Pointers are byte addresses in one memory, strides and lengths count elements. Rows of features are padded with zeros to a multiple of 4.
#include "lanes.h"

INLINE v128_t load2(const void* row, i32 single, i32 i) {
  return single ? wasm_f64x2_promote_low_f32x4(wasm_v128_load64_zero((const f32*)row + i)) : wasm_v128_load((const f64*)row + i);
}

// ---- features -------------------------------------------------------------------------------------------------------------------------

// out[i] = src[rows[i]] (times mask), as doubles; with keep, only the columns it lists. Columns up to outStride are zeros.
INLINE void gatherAs(i32 single, const char* src, i32 stride, const i32* rows, i32 count, i32 cols, const f64* mask, const i32* keep, f64* out, i32 outStride) {
  const i32 bytes = stride * (single ? 4 : 8);
  for (i32 i = 0; i < count; i++) {
    const char* x = src + (rows ? rows[i] : i) * bytes;
    f64* z = out + i * outStride;
    if (keep) {
      for (i32 j = 0; j < cols; j++) z[j] = single ? (f64)((const f32*)x)[keep[j]] : ((const f64*)x)[keep[j]];
      if (mask) for (i32 j = 0; j < cols; j++) z[j] *= mask[j];
      for (i32 j = cols; j < outStride; j++) z[j] = 0;
    } else if (mask) {
      for (i32 j = 0; j < outStride; j += 2) wasm_v128_store(z + j, wasm_f64x2_mul(load2(x, single, j), wasm_v128_load(mask + j)));
    } else {
      for (i32 j = 0; j < outStride; j += 2) wasm_v128_store(z + j, load2(x, single, j));
    }
  }
}
EXPORT(gather)(i32 single, const char* src, i32 stride, const i32* rows, i32 count, i32 cols, const f64* mask, const i32* keep, f64* out, i32 outStride) {
  if (single) gatherAs(1, src, stride, rows, count, cols, mask, keep, out, outStride);
  else gatherAs(0, src, stride, rows, count, cols, mask, keep, out, outStride);
}

// out[i] = the columns of src[rows[i]] that keep lists, as they are; up to outStride, zeros. Four rows at a time share the list.
EXPORT(pick)(const f32* src, i32 stride, const i32* rows, i32 count, i32 cols, const i32* keep, f32* out, i32 outStride) {
  for (i32 i = 0; i < count; i += 4) {
    const f32* x[4]; f32* z[4]; i32 j = 0;
    for (i32 r = 0; r < 4; r++) { const i32 at = least(i + r, count - 1); x[r] = src + rows[at] * stride; z[r] = out + at * outStride; }
    for (; j + 3 < cols; j += 4) {
      const i32 a = keep[j], b = keep[j + 1], c = keep[j + 2], d = keep[j + 3];
      for (i32 r = 0; r < 4; r++) {
        const f32* y = x[r];
        wasm_v128_store(z[r] + j, wasm_v128_load32_lane(y + d, wasm_v128_load32_lane(y + c, wasm_v128_load32_lane(y + b, wasm_v128_load32_zero(y + a), 1), 2), 3));
      }
    }
    for (; j < outStride; j++) for (i32 r = 0; r < 4; r++) z[r][j] = j < cols ? x[r][keep[j]] : 0;
  }
}

// out[j] = w[j] in single precision; count is a multiple of 4.
EXPORT(narrow)(const f64* w, i32 count, f32* out) {
  for (i32 j = 0; j < count; j += 4)
    wasm_v128_store(out + j, wasm_i64x2_shuffle(wasm_f32x4_demote_f64x2_zero(wasm_v128_load(w + j)), wasm_f32x4_demote_f64x2_zero(wasm_v128_load(w + j + 2)), 0, 2));
}

// What eight rows' squares add up to, each in the order of its columns: two rows to a vector, four sums at once.
INLINE void sums8(const f64* const* x, i32 stride, f64* out) {
  v128_t s[4];
  for (i32 r = 0; r < 4; r++) s[r] = wasm_f64x2_splat(0);
  for (i32 j = 0; j < stride; j += 2) for (i32 r = 0; r < 4; r++) {
    const v128_t a = wasm_v128_load(x[2 * r] + j), b = wasm_v128_load(x[2 * r + 1] + j);
    const v128_t even = wasm_i64x2_shuffle(a, b, 0, 2), odd = wasm_i64x2_shuffle(a, b, 1, 3);
    s[r] = wasm_f64x2_add(wasm_f64x2_add(s[r], wasm_f64x2_mul(even, even)), wasm_f64x2_mul(odd, odd));
  }
  for (i32 r = 0; r < 4; r++) wasm_v128_store(out + 2 * r, s[r]);
}
// Rows of doubles, in place: divided by their norm (with first), times mask (where there is one), then divided by their norm, as core/normalizeRow.ts does it
// to ordinary rows. info[0] is 1; 0 where a row is not ordinary: then some rows are done and others are not.
EXPORT(rescale)(f64* z, i32 stride, i32 count, const f64* mask, i32 first, f64* info) {
  info[0] = 0;
  for (i32 i = 0; i < count; i += 8) {
    const f64* x[8]; f64 sums[8];
    const i32 rows = least(8, count - i);
    for (i32 r = 0; r < 8; r++) x[r] = z + least(i + r, count - 1) * stride;
    for (i32 round = first ? 0 : 1; round < 2; round++) {
      if (round && mask && !first) for (i32 r = 0; r < rows; r++) for (i32 j = 0; j < stride; j += 2)
        wasm_v128_store((f64*)x[r] + j, wasm_f64x2_mul(wasm_v128_load(x[r] + j), wasm_v128_load(mask + j)));
      sums8(x, stride, sums);
      for (i32 r = 0; r < rows; r++) {
        if (!(sums[r] > 1e-270 && sums[r] < 1e290)) return;
        const v128_t norm = wasm_f64x2_splat(__builtin_sqrt(sums[r]));
        f64* y = (f64*)x[r];
        if (round || !mask) for (i32 j = 0; j < stride; j += 2) wasm_v128_store(y + j, wasm_f64x2_div(wasm_v128_load(y + j), norm));
        else for (i32 j = 0; j < stride; j += 2) wasm_v128_store(y + j, wasm_f64x2_mul(wasm_f64x2_div(wasm_v128_load(y + j), norm), wasm_v128_load(mask + j)));
      }
    }
  }
  info[0] = 1;
}

// out[i] = sum over j of (src[rows[i]][j])² · weight[j]
INLINE void squaresAs(i32 single, const char* src, i32 stride, const i32* rows, i32 count, const f64* weight, f64* out) {
  const i32 bytes = stride * (single ? 4 : 8);
  for (i32 i = 0; i < count; i += 4) {
    const char* x[4]; v128_t s[4];
    for (i32 r = 0; r < 4; r++) { const i32 at = least(i + r, count - 1); x[r] = src + (rows ? rows[at] : at) * bytes; s[r] = wasm_f64x2_splat(0); }
    if (weight) {
      for (i32 j = 0; j < stride; j += 2) {
        const v128_t w = wasm_v128_load(weight + j);
        for (i32 r = 0; r < 4; r++) { const v128_t v = load2(x[r], single, j); s[r] = wasm_f64x2_add(s[r], wasm_f64x2_mul(wasm_f64x2_mul(v, v), w)); }
      }
    } else {
      for (i32 j = 0; j < stride; j += 2)
        for (i32 r = 0; r < 4; r++) { const v128_t v = load2(x[r], single, j); s[r] = wasm_f64x2_add(s[r], wasm_f64x2_mul(v, v)); }
    }
    for (i32 r = 0; r < 4; r++) out[least(i + r, count - 1)] = sum2(s[r]);
  }
}
EXPORT(squares)(i32 single, const char* src, i32 stride, const i32* rows, i32 count, const f64* weight, f64* out) {
  if (single) squaresAs(1, src, stride, rows, count, weight, out);
  else squaresAs(0, src, stride, rows, count, weight, out);
}

// ---- products -------------------------------------------------------------------------------------------------------------------------

// Dot products of rowCount (1..4) rows of one matrix with colCount (1..4) rows of another, both walked once.
INLINE void dots(i32 single, const char* const* x, i32 rowCount, const f64* const* w, i32 colCount, i32 length, v128_t s[4][4]) {
  for (i32 r = 0; r < rowCount; r++) for (i32 c = 0; c < colCount; c++) s[r][c] = wasm_f64x2_splat(0);
  for (i32 j = 0; j < length; j += 2) {
    v128_t v[4];
    for (i32 r = 0; r < rowCount; r++) v[r] = load2(x[r], single, j);
    for (i32 c = 0; c < colCount; c++) {
      const v128_t u = wasm_v128_load(w[c] + j);
      for (i32 r = 0; r < rowCount; r++) s[r][c] = wasm_f64x2_add(s[r][c], wasm_f64x2_mul(v[r], u));
    }
  }
}
// out[i][c] (+)= src[rows[i]] · w[c]; out has outStride columns.
INLINE void productsAs(i32 single, i32 colCount, const char* src, i32 stride, const i32* rows, i32 count, const f64* w, i32 wStride, i32 length, f64* out, i32 outStride, i32 add) {
  const i32 bytes = stride * (single ? 4 : 8);
  const f64* columns[4];
  for (i32 c = 0; c < colCount; c++) columns[c] = w + c * wStride;
  // At least four sums at once, or each waits for the last.
  const i32 many = colCount > 2 ? 2 : 4;
  for (i32 i = 0; i < count; i += many) {
    const char* x[4];
    for (i32 r = 0; r < many; r++) { const i32 at = least(i + r, count - 1); x[r] = src + (rows ? rows[at] : at) * bytes; }
    v128_t s[4][4];
    dots(single, x, many, columns, colCount, length, s);
    for (i32 r = 0; r < many && i + r < count; r++) for (i32 c = 0; c < colCount; c++) {
      const f64 sum = sum2(s[r][c]); f64* to = out + (i + r) * outStride + c;
      *to = add ? *to + sum : sum;
    }
  }
}
EXPORT(products)(i32 single, const char* src, i32 stride, const i32* rows, i32 count, const f64* w, i32 wStride, i32 cols, i32 length, f64* out, i32 outStride, i32 add) {
  for (i32 c = 0; c < cols; c += 4) {
    const f64* at = w + c * wStride; f64* to = out + c;
#define CASE(S, N) productsAs(S, N, src, stride, rows, count, at, wStride, length, to, outStride, add)
    switch (least(cols - c, 4) + (single ? 4 : 0)) {
      case 1: CASE(0, 1); break; case 2: CASE(0, 2); break; case 3: CASE(0, 3); break; case 4: CASE(0, 4); break;
      case 5: CASE(1, 1); break; case 6: CASE(1, 2); break; case 7: CASE(1, 3); break; default: CASE(1, 4);
    }
  }
}

// The sums of four times four lanes.
INLINE v128_t sums4(v128_t a, v128_t b, v128_t c, v128_t d) {
  const v128_t ab = wasm_f32x4_add(wasm_i32x4_shuffle(a, b, 0, 4, 1, 5), wasm_i32x4_shuffle(a, b, 2, 6, 3, 7));
  const v128_t cd = wasm_f32x4_add(wasm_i32x4_shuffle(c, d, 0, 4, 1, 5), wasm_i32x4_shuffle(c, d, 2, 6, 3, 7));
  return wasm_f32x4_add(wasm_i64x2_shuffle(ab, cd, 0, 2), wasm_i64x2_shuffle(ab, cd, 1, 3));
}
// out[i][c] (+)= src[rows[i]] · w[c] in single precision, four lanes: twice as fast, and only a filter. Its error is at most
// (length/4 + 3) · 2⁻²⁴ · |src| · |w|, with w rounded from double: who uses it must decide again, in double, what lies nearer.
INLINE void roughBlock(i32 colCount, const f32* src, i32 stride, const i32* rows, i32 count, const f32* w, f32* out, i32 outStride, i32 add) {
  for (i32 i = 0; i < count; i += 2) {
    const i32 last = least(i + 1, count - 1);
    const f32 *x0 = src + (rows ? rows[i] : i) * stride, *x1 = src + (rows ? rows[last] : last) * stride;
    v128_t s[2][5];
    for (i32 c = 0; c < 5; c++) s[0][c] = s[1][c] = wasm_f32x4_splat(0);
    for (i32 j = 0; j < stride; j += 4) {
      const v128_t a = wasm_v128_load(x0 + j), b = wasm_v128_load(x1 + j);
      for (i32 c = 0; c < colCount; c++) {
        const v128_t u = wasm_v128_load(w + c * stride + j);
        s[0][c] = wasm_f32x4_add(s[0][c], wasm_f32x4_mul(a, u)); s[1][c] = wasm_f32x4_add(s[1][c], wasm_f32x4_mul(b, u));
      }
    }
    for (i32 r = last > i; r >= 0; r--) {
      f32* to = out + (r ? last : i) * outStride;
      v128_t v = sums4(s[r][0], s[r][1], s[r][2], s[r][3]);
      if (colCount > 3) wasm_v128_store(to, add ? wasm_f32x4_add(wasm_v128_load(to), v) : v);
      else for (i32 c = 0; c < colCount; c++, v = wasm_i32x4_shuffle(v, v, 1, 2, 3, 0)) to[c] = (add ? to[c] : 0) + wasm_f32x4_extract_lane(v, 0);
      if (colCount < 5) continue;
      v = s[r][4]; v = wasm_f32x4_add(v, wasm_i32x4_shuffle(v, v, 2, 3, 2, 3));
      to[4] = (add ? to[4] : 0) + (wasm_f32x4_extract_lane(v, 0) + wasm_f32x4_extract_lane(v, 1));
    }
  }
}
EXPORT(rough)(const f32* src, i32 stride, const i32* rows, i32 count, const f32* w, i32 cols, f32* out, i32 outStride, i32 add) {
  for (i32 c = 0, width; c < cols; c += width) {
    // Five columns at once still fit the registers: the last of them alone would cost as much as four.
    width = cols - c > 5 ? 4 : cols - c;
    const f32* at = w + c * stride; f32* to = out + c;
    switch (width) {
      case 1: roughBlock(1, src, stride, rows, count, at, to, outStride, add); break;
      case 2: roughBlock(2, src, stride, rows, count, at, to, outStride, add); break;
      case 3: roughBlock(3, src, stride, rows, count, at, to, outStride, add); break;
      case 4: roughBlock(4, src, stride, rows, count, at, to, outStride, add); break;
      default: roughBlock(5, src, stride, rows, count, at, to, outStride, add);
    }
  }
}

// out[i] = the way of the largest scores[way][i] · factor[i] + offset[way], or −1 where the second largest is no further below it than
// apart + hidden · factor[i]. Queries up to stride, a multiple of 4.
EXPORT(look)(const f32* scores, i32 k, i32 stride, const f32* factor, const f32* offset, f32 apart, f32 hidden, i32* out) {
  for (i32 i = 0; i < stride; i += 4) {
    const v128_t f = wasm_v128_load(factor + i);
    v128_t most = wasm_f32x4_splat(-__builtin_inff()), second = most, best = wasm_i32x4_splat(0);
    for (i32 way = 0; way < k; way++) {
      const v128_t v = wasm_f32x4_add(wasm_f32x4_mul(wasm_v128_load(scores + way * stride + i), f), wasm_f32x4_splat(offset[way]));
      best = wasm_v128_bitselect(wasm_i32x4_splat(way), best, wasm_f32x4_gt(v, most));
      second = wasm_f32x4_pmax(second, wasm_f32x4_pmin(v, most));
      most = wasm_f32x4_pmax(most, v);
    }
    // Written so that a NaN counts as too close.
    const v128_t clear = wasm_f32x4_gt(wasm_f32x4_sub(most, second), wasm_f32x4_add(wasm_f32x4_splat(apart), wasm_f32x4_mul(f, wasm_f32x4_splat(hidden))));
    wasm_v128_store(out + i, wasm_v128_bitselect(best, wasm_i32x4_splat(-1), clear));
  }
}

// out (+)= Z Zᵀ, n × n, both halves written.
EXPORT(gram)(const f64* z, i32 stride, i32 n, i32 length, f64* out, i32 add) {
  for (i32 i = 0; i < n; i += 2) {
    const i32 last = least(i + 1, n - 1);
    const char* x[2] = {(const char*)(z + i * stride), (const char*)(z + last * stride)};
    for (i32 c = 0; c <= last; c += 4) {
      const f64* columns[4]; v128_t s[4][4];
      for (i32 p = 0; p < 4; p++) columns[p] = z + least(c + p, last) * stride;
      dots(0, x, 2, columns, 4, length, s);
      for (i32 p = 0; p < 4 && c + p <= last; p++) {
        const i32 j = c + p;
        if (j <= i) { const f64 v = (add ? out[i * n + j] : 0) + sum2(s[0][p]); out[i * n + j] = v; out[j * n + i] = v; }
        if (last > i) { const f64 v = (add ? out[last * n + j] : 0) + sum2(s[1][p]); out[last * n + j] = v; out[j * n + last] = v; }
      }
    }
  }
}

// inverse[i] = 1/√gram[i][i] (0 for 0), out[i][j] = gram[i][j] · (inverse[i] · inverse[j]): the Gram matrix of the rows at norm 1.
EXPORT(correlate)(const f64* gram, i32 n, f64* inverse, f64* out) {
  for (i32 i = 0; i < n; i++) { const f64 own = gram[i * n + i]; inverse[i] = own > 0 ? 1 / __builtin_sqrt(own) : 0; }
  for (i32 i = 0; i < n; i++) {
    const f64 f = inverse[i]; const v128_t g = wasm_f64x2_splat(f); const f64* from = gram + i * n; f64* to = out + i * n; i32 j = 0;
    for (; j + 1 < n; j += 2) wasm_v128_store(to + j, wasm_f64x2_mul(wasm_v128_load(from + j), wasm_f64x2_mul(g, wasm_v128_load(inverse + j))));
    if (j < n) to[j] = from[j] * (f * inverse[j]);
  }
}

// out[c] = (sum over j of b[c][j] · z[j]) (times mask): c rows of `stride` columns.
INLINE void combineBlock(i32 colCount, const f64* b, i32 bStride, i32 n, const f64* z, i32 stride, const f64* mask, f64* out) {
  for (i32 i = 0; i < stride; i += 4) {
    v128_t s[4][2];
    for (i32 c = 0; c < colCount; c++) s[c][0] = s[c][1] = wasm_f64x2_splat(0);
    for (i32 j = 0; j < n; j++) {
      const v128_t z0 = wasm_v128_load(z + j * stride + i), z1 = wasm_v128_load(z + j * stride + i + 2);
      for (i32 c = 0; c < colCount; c++) {
        const v128_t v = wasm_v128_load64_splat(b + c * bStride + j);
        s[c][0] = wasm_f64x2_add(s[c][0], wasm_f64x2_mul(v, z0)); s[c][1] = wasm_f64x2_add(s[c][1], wasm_f64x2_mul(v, z1));
      }
    }
    if (mask) {
      const v128_t m0 = wasm_v128_load(mask + i), m1 = wasm_v128_load(mask + i + 2);
      for (i32 c = 0; c < colCount; c++) { s[c][0] = wasm_f64x2_mul(s[c][0], m0); s[c][1] = wasm_f64x2_mul(s[c][1], m1); }
    }
    for (i32 c = 0; c < colCount; c++) { wasm_v128_store(out + c * stride + i, s[c][0]); wasm_v128_store(out + c * stride + i + 2, s[c][1]); }
  }
}
EXPORT(combine)(const f64* b, i32 bStride, i32 cols, i32 n, const f64* z, i32 stride, const f64* mask, f64* out) {
  for (i32 c = 0; c < cols; c += 4) {
    const f64* at = b + c * bStride; f64* to = out + c * stride;
    switch (least(cols - c, 4)) {
      case 1: combineBlock(1, at, bStride, n, z, stride, mask, to); break;
      case 2: combineBlock(2, at, bStride, n, z, stride, mask, to); break;
      case 3: combineBlock(3, at, bStride, n, z, stride, mask, to); break;
      default: combineBlock(4, at, bStride, n, z, stride, mask, to);
    }
  }
}

// ---- statistics -----------------------------------------------------------------------------------------------------------------------

// Adds (v − pivot) and (v − pivot)² of rows v, each times its scale, to sum and squares, rows in the order given. With start, the first row times
// its scale becomes the pivot, and sums start at 0. No list of rows: consecutive ones; no scale: rows as they are.
INLINE void addMomentsOf(i32 single, i32 scaled, i32 start, i32 many, const char* src, i32 stride, const i32* rows, i32 from, const f64* scale, f64* pivot, f64* sum, f64* squares) {
  const char* x[5]; v128_t f[5];
  for (i32 r = 0; r < start + many; r++) {
    const i32 row = rows ? rows[from + r] : from + r;
    x[r] = src + row * stride * (single ? 4 : 8);
    if (scaled) f[r] = wasm_v128_load64_splat(scale + row);
  }
  for (i32 j = 0; j < stride; j += 2) {
    v128_t m, s, q;
    if (start) {
      m = load2(x[0], single, j);
      if (scaled) m = wasm_f64x2_mul(m, f[0]);
      s = q = wasm_f64x2_splat(0);
      wasm_v128_store(pivot + j, m);
    } else { m = wasm_v128_load(pivot + j); s = wasm_v128_load(sum + j); q = wasm_v128_load(squares + j); }
    for (i32 r = start; r < start + many; r++) {
      v128_t v = load2(x[r], single, j);
      if (scaled) v = wasm_f64x2_mul(v, f[r]);
      v = wasm_f64x2_sub(v, m);
      s = wasm_f64x2_add(s, v); q = wasm_f64x2_add(q, wasm_f64x2_mul(v, v));
    }
    wasm_v128_store(sum + j, s); wasm_v128_store(squares + j, q);
  }
}
INLINE void addMomentsAs(i32 single, i32 scaled, const char* src, i32 stride, const i32* rows, const f64* scale, i32 count, i32 start, f64* pivot, f64* sum, f64* squares) {
#define MOMENTS(START, MANY) addMomentsOf(single, scaled, START, MANY, src, stride, rows, i, scale, pivot, sum, squares)
  i32 i = 0;
  if (start && count > 4) { MOMENTS(1, 4); i = 5; }
  else if (start) { MOMENTS(1, 0); i = 1; }
  for (; i + 4 <= count; i += 4) MOMENTS(0, 4);
  if (i + 2 <= count) { MOMENTS(0, 2); i += 2; }
  if (i < count) MOMENTS(0, 1);
}
EXPORT(addMoments)(i32 single, const char* src, i32 stride, const i32* rows, const f64* scale, i32 count, i32 start, f64* pivot, f64* sum, f64* squares) {
#define ADD_MOMENTS(S, F) addMomentsAs(S, F, src, stride, rows, scale, count, start, pivot, sum, squares)
  if (single) { if (scale) ADD_MOMENTS(1, 1); else ADD_MOMENTS(1, 0); }
  else if (scale) ADD_MOMENTS(0, 1); else ADD_MOMENTS(0, 0);
}
// The sums of count rows about a pivot become their mean (in place of the pivot) and variance with that divisor (in place of squares).
EXPORT(finishMoments)(f64* pivot, const f64* sum, f64* squares, i32 stride, i32 count, f64 divisor) {
  const v128_t share = wasm_f64x2_splat(1.0 / (f64)count), by = wasm_f64x2_splat(divisor), zero = wasm_f64x2_splat(0);
  for (i32 j = 0; j < stride; j += 2) {
    const v128_t s = wasm_v128_load(sum + j), m = wasm_f64x2_mul(s, share); v128_t v = wasm_f64x2_sub(wasm_v128_load(squares + j), wasm_f64x2_mul(s, m));
    wasm_v128_store(pivot + j, wasm_f64x2_add(wasm_v128_load(pivot + j), m));
    v = wasm_v128_bitselect(zero, v, wasm_f64x2_lt(v, zero));
    wasm_v128_store(squares + j, divisor == 1 ? v : wasm_f64x2_div(v, by));
  }
}

// Mean and sum of squared deviations of n rows become those of these and m others, the latter divided (Chan, Golub & LeVeque 1979).
EXPORT(joinMoments)(f64* mean, f64* squares, const f64* otherMean, const f64* otherSquares, i32 stride, f64 n, f64 m, f64 divisor) {
  const v128_t join = wasm_f64x2_splat(n * m / (n + m)), share = wasm_f64x2_splat(m / (n + m)), by = wasm_f64x2_splat(divisor);
  for (i32 j = 0; j < stride; j += 2) {
    const v128_t own = wasm_v128_load(mean + j), gap = wasm_f64x2_sub(wasm_v128_load(otherMean + j), own);
    const v128_t more = wasm_f64x2_add(wasm_v128_load(otherSquares + j), wasm_f64x2_mul(wasm_f64x2_mul(gap, gap), join));
    wasm_v128_store(squares + j, wasm_f64x2_div(wasm_f64x2_add(wasm_v128_load(squares + j), more), by));
    wasm_v128_store(mean + j, wasm_f64x2_add(own, wasm_f64x2_mul(gap, share)));
  }
}

// out = √max(variance, floor), the floor a share of their mean over cols dimensions; columns up to stride are zeros and get the floor. total: their sum.
EXPORT(deviations)(const f64* variance, i32 cols, i32 stride, f64 share, f64* out, f64* total) {
  v128_t s = wasm_f64x2_splat(0);
  for (i32 j = 0; j < stride; j += 2) s = wasm_f64x2_add(s, wasm_v128_load(variance + j));
  total[0] = sum2(s);
  // Never 0: what is divided by it stays a number.
  const f64 lowest = share * total[0] / (f64)cols; const v128_t floor = wasm_f64x2_splat(lowest > 0x1p-1022 ? lowest : 0x1p-1022);
  for (i32 j = 0; j < stride; j += 2) {
    const v128_t v = wasm_v128_load(variance + j);
    wasm_v128_store(out + j, wasm_f64x2_sqrt(wasm_v128_bitselect(v, floor, wasm_f64x2_gt(v, floor))));
  }
}

// term = |a − b| / (sa + sb); returns √(sum of squares). With a factor, out += factor · before in the same pass: divisions leave time for it.
INLINE f64 pairTerm(const f64* a, const f64* b, const f64* sa, const f64* sb, i32 stride, f64* term, const f64* before, f64 factor, f64* out) {
  v128_t norm = wasm_f64x2_splat(0); const v128_t f = wasm_f64x2_splat(factor);
  for (i32 j = 0; j < stride; j += 2) {
    const v128_t gap = wasm_f64x2_abs(wasm_f64x2_sub(wasm_v128_load(a + j), wasm_v128_load(b + j)));
    const v128_t v = wasm_f64x2_div(gap, wasm_f64x2_add(wasm_v128_load(sa + j), wasm_v128_load(sb + j)));
    if (before) wasm_v128_store(out + j, wasm_f64x2_add(wasm_v128_load(out + j), wasm_f64x2_mul(wasm_v128_load(before + j), f)));
    wasm_v128_store(term + j, v);
    norm = wasm_f64x2_add(norm, wasm_f64x2_mul(v, v));
  }
  return __builtin_sqrt(sum2(norm));
}
// out = the mean over all pairs of k rows of |a − b| / (sa + sb), each l2-normalised over the dimensions; deviations are positive. means and deviations
// list the addresses of rows; terms is scratch of 2 · stride.
EXPORT(pairs)(const f64* const* means, const f64* const* deviations, i32 k, i32 stride, f64* terms, f64* out) {
  const f64 share = 2 / ((f64)k * (f64)(k - 1)); f64 factor = 0, *term = terms, *before = terms + stride;
  for (i32 j = 0; j < stride; j++) out[j] = 0;
  for (i32 a = 0; a < k; a++)
    for (i32 b = 0; b < a; b++) {
      f64 length;
      if (factor > 0) length = pairTerm(means[a], means[b], deviations[a], deviations[b], stride, term, before, factor, out);
      else length = pairTerm(means[a], means[b], deviations[a], deviations[b], stride, term, 0, 0, out);
      factor = length > 0 ? share / length : 0;
      f64* next = before; before = term; term = next;
    }
  if (factor > 0) for (i32 j = 0; j < stride; j++) out[j] += before[j] * factor;
}

// ---- the softmax probe ----------------------------------------------------------------------------------------------------------------

// out = M V over n rows of kp columns; M is n × n symmetric.
INLINE void applyBlock(i32 width, const f64* m, i32 n, const f64* v, i32 kp, f64* out) {
  for (i32 i = 0; i < n; i += 2) {
    const i32 last = least(i + 1, n - 1);
    const f64 *m0 = m + i * n, *m1 = m + last * n;
    v128_t s0[4], s1[4];
    for (i32 p = 0; p < width; p++) s0[p] = s1[p] = wasm_f64x2_splat(0);
    const f64* at = v;
    for (i32 j = 0; j < n; j++, at += kp) {
      const v128_t a = wasm_v128_load64_splat(m0 + j), b = wasm_v128_load64_splat(m1 + j);
      for (i32 p = 0; p < width; p++) { const v128_t x = wasm_v128_load(at + 2 * p); s0[p] = wasm_f64x2_add(s0[p], wasm_f64x2_mul(a, x)); s1[p] = wasm_f64x2_add(s1[p], wasm_f64x2_mul(b, x)); }
    }
    for (i32 p = 0; p < width; p++) { wasm_v128_store(out + i * kp + 2 * p, s0[p]); wasm_v128_store(out + last * kp + 2 * p, s1[p]); }
  }
}
static void applyGram(const f64* m, i32 n, const f64* v, i32 kp, f64* out) {
  for (i32 c = 0; c < kp; c += 8) switch (least(kp - c, 8)) {
    case 2: applyBlock(1, m, n, v + c, kp, out + c); break;
    case 4: applyBlock(2, m, n, v + c, kp, out + c); break;
    case 6: applyBlock(3, m, n, v + c, kp, out + c); break;
    default: applyBlock(4, m, n, v + c, kp, out + c);
  }
}

// out[i] = (r[i] − sum over j of l[i][j] · out[j]) · inverse[i], upwards (lower triangle, j from 0) or downwards (its transpose, j from n − 1).
// Two rows at a time share what they load.
INLINE void solveBlock(i32 width, const f64* l, const f64* inverse, i32 n, const f64* r, i32 kp, f64* out, i32 down) {
  const i32 by = down ? -1 : 1, stride = by * kp; const f64* start = out + (down ? (n - 1) * kp : 0);
  for (i32 step = 0; step < n; step += 2) {
    const i32 i = down ? n - 1 - step : step, other = step + 1 < n ? i + by : i;
    const f64 *l0 = l + i * n + (down ? n - 1 : 0), *l1 = l + other * n + (down ? n - 1 : 0), *at = start;
    v128_t s0[4], s1[4];
    for (i32 p = 0; p < width; p++) { s0[p] = wasm_v128_load(r + i * kp + 2 * p); s1[p] = wasm_v128_load(r + other * kp + 2 * p); }
    for (i32 j = 0; j < step; j++, l0 += by, l1 += by, at += stride) {
      const v128_t a = wasm_v128_load64_splat(l0), b = wasm_v128_load64_splat(l1);
      for (i32 p = 0; p < width; p++) { const v128_t x = wasm_v128_load(at + 2 * p); s0[p] = wasm_f64x2_sub(s0[p], wasm_f64x2_mul(a, x)); s1[p] = wasm_f64x2_sub(s1[p], wasm_f64x2_mul(b, x)); }
    }
    const v128_t f = wasm_v128_load64_splat(inverse + i);
    for (i32 p = 0; p < width; p++) { s0[p] = wasm_f64x2_mul(s0[p], f); wasm_v128_store(out + i * kp + 2 * p, s0[p]); }
    if (other == i) continue;
    const v128_t b = wasm_v128_load64_splat(l1), h = wasm_v128_load64_splat(inverse + other);
    for (i32 p = 0; p < width; p++) wasm_v128_store(out + other * kp + 2 * p, wasm_f64x2_mul(wasm_f64x2_sub(s1[p], wasm_f64x2_mul(b, s0[p])), h));
  }
}
static void solveTriangle(const f64* l, const f64* inverse, i32 n, const f64* r, i32 kp, f64* out, i32 down) {
#define SOLVE(W) do { if (down) solveBlock(W, l, inverse, n, r + c, kp, out + c, 1); else solveBlock(W, l, inverse, n, r + c, kp, out + c, 0); } while (0)
  for (i32 c = 0; c < kp; c += 8) switch (least(kp - c, 8)) {
    case 2: SOLVE(1); break; case 4: SOLVE(2); break; case 6: SOLVE(3); break; default: SOLVE(4);
  }
}

static f64 dot(const f64* a, const f64* b, i32 length) {
  v128_t s = wasm_f64x2_splat(0);
  for (i32 j = 0; j < length; j += 2) s = wasm_f64x2_add(s, wasm_f64x2_mul(wasm_v128_load(a + j), wasm_v128_load(b + j)));
  return sum2(s);
}

typedef struct { i32 n, k, kp, size, intercept; f64 c, model, ridge, ones; const f64 *gram, *weight; const i32* y; f64 *l, *lt, *inverse, *one, *half, *pairs; } Problem;

// y (+)= f · x, x ← y + f · x: sizes are even.
INLINE void addTimes(f64* y, f64 f, const f64* x, i32 size) {
  const v128_t g = wasm_f64x2_splat(f);
  for (i32 j = 0; j < size; j += 2) wasm_v128_store(y + j, wasm_f64x2_add(wasm_v128_load(y + j), wasm_f64x2_mul(g, wasm_v128_load(x + j))));
}
INLINE void timesPlus(f64* x, f64 f, const f64* y, i32 size) {
  const v128_t g = wasm_f64x2_splat(f);
  for (i32 j = 0; j < size; j += 2) wasm_v128_store(x + j, wasm_f64x2_add(wasm_v128_load(y + j), wasm_f64x2_mul(g, wasm_v128_load(x + j))));
}
INLINE void sumOf(f64* out, const f64* x, f64 f, const f64* y, i32 size) {
  const v128_t g = wasm_f64x2_splat(f);
  for (i32 j = 0; j < size; j += 2) wasm_v128_store(out + j, wasm_f64x2_add(wasm_v128_load(x + j), wasm_f64x2_mul(g, wasm_v128_load(y + j))));
}
// Adds the rows of z (n × kp) to out.
INLINE void addRows(const f64* z, i32 n, i32 kp, f64* out) {
  for (i32 i = 0; i < n; i++)
    for (i32 c = 0; c < kp; c += 2) wasm_v128_store(out + c, wasm_f64x2_add(wasm_v128_load(out + c), wasm_v128_load(z + i * kp + c)));
}

// row[j] −= Σ over the four columns q of a panel of f[q] · l[j][q], j from … to: lt's rows are l's columns, from the panel's first on.
INLINE void updateRow(f64* row, const f64* f, const f64* lt, i32 n, i32 from, i32 to) {
  v128_t s[4]; i32 j = from;
  for (i32 q = 0; q < 4; q++) s[q] = wasm_f64x2_splat(f[q]);
  for (; j + 1 < to; j += 2) {
    v128_t v = wasm_v128_load(row + j);
    for (i32 q = 0; q < 4; q++) v = wasm_f64x2_sub(v, wasm_f64x2_mul(s[q], wasm_v128_load(lt + q * n + j)));
    wasm_v128_store(row + j, v);
  }
  if (j < to) { f64 v = row[j]; for (i32 q = 0; q < 4; q++) v -= f[q] * lt[q * n + j]; row[j] = v; }
}
// l lᵀ = I + model · gram, its transpose, the reciprocals of its diagonal, and one = (I + model · gram)⁻¹ 1. Four columns at a time; every
// element sees them one after the other.
static void factorise(Problem* t) {
  const i32 n = t->n; f64 *l = t->l, *lt = t->lt;
  for (i32 i = 0; i < n; i++) { for (i32 j = 0; j <= i; j++) l[i * n + j] = t->model * t->gram[i * n + j]; l[i * n + i] += 1 + t->model * t->ridge; }
  for (i32 p = 0; p < n; p += 4) {
    const i32 end = least(p + 4, n);
    for (i32 i = p; i < n; i++) {
      f64* row = l + i * n;
      for (i32 q = p; q < end && q <= i; q++) {
        f64 v = row[q];
        for (i32 r = p; r < q; r++) v -= row[r] * l[q * n + r];
        if (q == i) { v = __builtin_sqrt(v); t->inverse[q] = 1 / v; }
        else v *= t->inverse[q];
        row[q] = v; lt[q * n + i] = v;
      }
    }
    if (end < n) for (i32 i = end; i < n; i++) updateRow(l + i * n, l + i * n + p, lt + p * n, n, end, i + 1);
  }
  if (!t->intercept) return;
  for (i32 i = 0; i < n; i++) { t->half[2 * i] = 1; t->half[2 * i + 1] = 0; }
  // As two columns, one of zeros, for the sake of the lanes; pairs is the scratch of directions, free until there is one.
  solveTriangle(l, t->inverse, n, t->half, 2, t->pairs, 0);
  solveTriangle(lt, t->inverse, n, t->pairs, 2, t->half, 1);
  t->ones = 0;
  for (i32 i = 0; i < n; i++) { t->one[i] = t->half[2 * i]; t->ones += t->one[i]; }
}

// The model's exact solution z (and its intercept step zb) for the residual r, and uz = gram z + zb: the step in logits.
static void precondition(const Problem* t, const f64* r, f64* z, f64* zb, f64* uz, i32 direct) {
  const i32 n = t->n, kp = t->kp;
  solveTriangle(t->l, t->inverse, n, r, kp, t->half, 0);
  solveTriangle(t->lt, t->inverse, n, t->half, kp, z, 1);
  if (t->intercept) {
    for (i32 c = 0; c < kp; c++) zb[c] = 0;
    addRows(z, n, kp, zb);
    for (i32 c = 0; c < kp; c++) zb[c] /= t->ones;
    for (i32 i = 0; i < n; i++) addTimes(z + i * kp, -t->one[i], zb, kp);
    for (i32 c = 0; c < kp; c++) zb[c] /= t->model;
  }
  if (direct) {
    applyGram(t->gram, n, z, kp, uz);
    for (i32 j = 0; j < t->size; j++) uz[j] += t->ridge * z[j];
    if (t->intercept) for (i32 i = 0; i < n; i++) for (i32 c = 0; c < kp; c++) uz[i * kp + c] += zb[c];
  } else {
    const v128_t inverse = wasm_f64x2_splat(1 / t->model);
    for (i32 j = 0; j < t->size; j += 2) wasm_v128_store(uz + j, wasm_f64x2_mul(wasm_f64x2_sub(wasm_v128_load(r + j), wasm_v128_load(z + j)), inverse));
  }
}

// p = softmax(z) by rows, g = a + c · weight · (p − y). Returns the mean of weight · (1 − |p|²) / (k − 1), the model's curvature.
static f64 softmaxResidual(const Problem* t, const f64* z, const f64* a, f64* p, f64* g) {
  const i32 n = t->n, k = t->k, kp = t->kp; f64 curvature = 0;
  for (i32 i = 0; i < n; i++) {
    const f64* zi = z + i * kp; f64* pi = p + i * kp; f64 most = zi[0];
    for (i32 c = 1; c < k; c++) most = zi[c] > most ? zi[c] : most;
    const v128_t top = wasm_f64x2_splat(most);
    for (i32 c = 0; c < kp; c += 2) wasm_v128_store(pi + c, wasm_f64x2_sub(wasm_v128_load(zi + c), top));
  }
  // In a pass of their own, so that none waits for another.
  for (i32 j = 0; j < t->size; j += 2) wasm_v128_store(p + j, exp2lanes(wasm_v128_load(p + j)));
  for (i32 i = 0; i < n; i++) {
    f64 *pi = p + i * kp, *gi = g + i * kp; v128_t total = wasm_f64x2_splat(0);
    for (i32 c = 0; c < kp; c += 2) total = wasm_f64x2_add(total, wasm_v128_load(pi + c));
    const v128_t inverse = wasm_f64x2_splat(1 / sum2(total)); v128_t squared = wasm_f64x2_splat(0);
    const v128_t f = wasm_f64x2_splat(t->c * t->weight[i]);
    for (i32 c = 0; c < kp; c += 2) {
      const v128_t v = wasm_f64x2_mul(wasm_v128_load(pi + c), inverse);
      wasm_v128_store(pi + c, v); squared = wasm_f64x2_add(squared, wasm_f64x2_mul(v, v));
      wasm_v128_store(gi + c, wasm_f64x2_add(wasm_v128_load(a + i * kp + c), wasm_f64x2_mul(f, v)));
    }
    const i32 y = t->y[i];
    // p − 1 is formed before it is scaled: near certainty the difference is exact, that of the scaled numbers would not be.
    gi[y] = a[i * kp + y] + t->c * t->weight[i] * (pi[y] - 1);
    curvature += t->weight[i] * (1 - sum2(squared));
  }
  return curvature / ((f64)n * (f64)(k - 1));
}

// How far from the optimum an answer may be whose gradient is gw in W and gb in the intercepts: info[5] bounds |ΔW|, info[6] |Δb|; 1e300 where this
// can't tell. With the best intercepts for every W, the objective is 1-strongly convex in W: |ΔW| ≤ |its gradient|. H = Σ weight · H_i, the curvature
// of the intercepts, is the Laplacian of a graph with weights Σ p_a p_b ≥ m: but for all moved alike, no eigenvalue is below k·m. Intercepts follow
// the logits by db = −H⁻¹ Σ H_i dz_i; they are H⁻¹ gb / c short of the best, which turns the gradient in W by √(trace / 2) times their length in H.
// What all this changes H itself by is within a factor of 1.25 while logits move by less than 0.05.
static void certify(const Problem* t, const f64* p, f64* sums, f64 gw, f64 gb, f64 trace, f64 largest, f64 length, f64* info) {
  const i32 n = t->n, k = t->k, kp = t->kp; f64 least = 1e300, most = 0, heaviest = 0;
  info[5] = info[6] = 1e300;
  if (k > 64) return;
  for (i32 a = 0; a < k; a++) {
    for (i32 b = 0; b < kp; b++) sums[b] = 0;
    f64 own = 0;
    for (i32 i = 0; i < n; i++) {
      const f64* pi = p + i * kp; const f64 share = t->weight[i] * pi[a]; const v128_t f = wasm_f64x2_splat(share);
      own += share * t->gram[i * n + i];
      for (i32 b = 0; b < kp; b += 2) wasm_v128_store(sums + b, wasm_f64x2_add(wasm_v128_load(sums + b), wasm_f64x2_mul(f, wasm_v128_load(pi + b))));
    }
    most = own > most ? own : most;
    for (i32 b = 0; b < k; b++) if (b != a) least = sums[b] < least ? sums[b] : least;
  }
  for (i32 i = 0; i < n; i++) heaviest = t->weight[i] > heaviest ? t->weight[i] : heaviest;
  const f64 curvature = least * k, by = 1.25 * gb / (t->c * curvature);
  const f64 far = gw + 1.25 * gb * __builtin_sqrt(0.5 * trace * heaviest / curvature) + 1e-8 * length, shift = far * __builtin_sqrt(1.25 * most / curvature) + by;
  if (!(2 * (far * __builtin_sqrt(largest) + shift) < 0.05)) return;
  info[5] = far; info[6] = shift;
}

// Minimises c · sum of weight · logloss + ½ tr(aᵀ gram a) over a (n × kp, its columns from k on stay 0) and the intercept b (kp).
// a and b hold the start: with an intercept the columns of a must sum to 0. info: iterations, converged, |gradient|, softmax evaluations, CG steps;
// with a tolerance over 1e-9 and an intercept, also what certify tells.
// work: 2n² + 3n + 12·n·kp + 4·kp doubles and 2n spare.
EXPORT(fit)(i32 n, i32 k, i32 kp, const f64* gram, const i32* y, const f64* weight, f64 c, i32 intercept, i32 warm, f64 tolerance, i32 maxIter, f64* a, f64* b, f64* work, f64* info) {
  const i32 size = n * kp;
  Problem t = {n, k, kp, size, intercept, c, 0, 0, 1, gram, weight, y, 0, 0, 0, 0, 0, 0};
  t.l = work; work += n * n; t.lt = work; work += n * n; t.inverse = work; work += n + (n & 1); t.one = work; work += n + (n & 1);
  t.half = work; work += size + n + (n & 1);
  f64 *z = work, *p = z + size, *g = p + size, *r = g + size, *s = r + size, *us = s + size, *d = us + size, *ud = d + size, *q = ud + size, *x = q + size, *ux = x + size;
  t.pairs = x;
  f64 *sb = ux + size, *db = sb + kp, *xb = db + kp;
  for (i32 j = 0; j < 3 * kp; j++) sb[j] = 0;
  for (i32 j = k; j < kp; j++) b[j] = -1e300;

  f64 totalWeight = 0, scale = 0, largest = 0, trace = 0;
  for (i32 i = 0; i < n; i++) { totalWeight += weight[i]; scale += weight[i] * __builtin_sqrt(gram[i * n + i]); trace += gram[i * n + i]; largest = gram[i * n + i] > largest ? gram[i * n + i] : largest; }
  scale *= c;
  // Directions are sought for gram + ridge · I, the residuals stay exact: where the Gram matrix is singular (n > d, repeated rows), parts of a
  // that no logit feels would otherwise grow without bound.
  const f64 byC = 0.01 / c, byTrace = 1e-3 * trace / n;
  t.ridge = byC < byTrace ? byC : byTrace;
  if (warm) applyGram(gram, n, a, kp, z);
  else for (i32 j = 0; j < size; j++) z[j] = 0;
  for (i32 i = 0; i < n; i++) for (i32 j = 0; j < kp; j++) z[i * kp + j] += b[j];
  f64 curvature = softmaxResidual(&t, z, a, p, g);
  f64 first = 0, best = 1e300, gradient = 0, length = 0, gw = 0, gb = 0; i32 iterations = 0, evaluations = 1, steps = 0, converged = 0, stalled = 0, fresh = 1;
  for (;;) {
    gb = 0;
    if (intercept) {
      for (i32 j = 0; j < kp; j++) db[j] = 0;
      addRows(g, n, kp, db);
      for (i32 j = 0; j < k; j++) gb += db[j] * db[j];
    }
    gb = __builtin_sqrt(gb);
    const f64 aa = dot(a, z, size);
    length = __builtin_sqrt(aa > 0 ? aa : 0);
    const f64 goal = tolerance * length > 1e-15 * scale ? tolerance * length : 1e-15 * scale, goalB = tolerance * c * totalWeight;
    // |gradient| in W is √(g · gram g), at most √(trace) |g|: the exact value is worth its product only where it decides.
    gw = __builtin_sqrt(trace * dot(g, g, size));
    if (gw > goal && gw < 100 * goal) {
      applyGram(gram, n, g, kp, q);
      const f64 squared = dot(g, q, size);
      gw = __builtin_sqrt(squared > 0 ? squared : 0);
    }
    gradient = __builtin_sqrt(gw * gw + gb * gb);
    if (gw <= goal && gb <= goalB) {
      // A few updates leave the logits good to rounding; after many, judge by logits made from the answer itself.
      if (fresh || iterations <= 12) { converged = 1; break; }
      applyGram(gram, n, a, kp, z);
      for (i32 i = 0; i < n; i++) for (i32 j = 0; j < kp; j++) z[i * kp + j] += b[j];
      curvature = softmaxResidual(&t, z, a, p, g); evaluations++; fresh = 1;
      continue;
    }
    if (iterations == 0) first = gradient;
    if (gradient < 0.5 * best) { best = gradient; stalled = 0; } else stalled++;
    if (iterations >= maxIter || stalled > 12 || !(gradient < 1e300)) { converged = gw <= 1e-8 * scale && gb <= 1e-8 * c * totalWeight; break; }
    iterations++;

    // Newton's direction by conjugate gradients, preconditioned by the same problem with the mean curvature everywhere.
    const f64 wanted = c * (curvature > 1e-12 ? curvature : 1e-12);
    if (t.model == 0 || wanted > 1.5 * t.model || wanted < t.model / 1.5) { t.model = wanted; factorise(&t); }
    const i32 direct = t.model * largest < 1e-3;
    f64 forcing = gradient / first < 0.1 ? gradient / first : 0.1;
    const f64 enough = 0.3 * (goal > goalB ? goal : goalB) / gradient;
    if (forcing < enough) forcing = enough;
    for (i32 j = 0; j < size; j++) { r[j] = -g[j]; d[j] = 0; ud[j] = 0; }
    for (i32 j = 0; j < kp; j++) db[j] = 0;
    precondition(&t, r, x, xb, ux, direct);
    for (i32 j = 0; j < size; j++) { s[j] = x[j]; us[j] = ux[j]; }
    for (i32 j = 0; j < kp; j++) sb[j] = xb[j];
    f64 rho = dot(r, us, size); const f64 stop = forcing * forcing * rho; const i32 most = size + 20 < 500 ? size + 20 : 500;
    for (i32 step = 0; step < most && rho > 0; step++) {
      steps++;
      for (i32 i = 0; i < n; i++) {
        const i32 at = i * kp; const v128_t f = wasm_f64x2_splat(c * weight[i]);
        const v128_t mean = wasm_f64x2_splat(dot(p + at, us + at, kp));
        for (i32 j = 0; j < kp; j += 2)
          wasm_v128_store(q + at + j, wasm_f64x2_add(wasm_v128_load(s + at + j), wasm_f64x2_mul(f, wasm_f64x2_mul(wasm_v128_load(p + at + j), wasm_f64x2_sub(wasm_v128_load(us + at + j), mean)))));
      }
      const f64 curve = dot(q, us, size);
      if (!(curve > 0)) break;
      const f64 alpha = rho / curve;
      addTimes(d, alpha, s, size); addTimes(ud, alpha, us, size); addTimes(r, -alpha, q, size);
      for (i32 j = 0; j < kp; j++) db[j] += alpha * sb[j];
      // The preconditioned residual is at most |r|² / model: small enough already, it need not be made.
      if (dot(r, r, size) <= stop * t.model) break;
      precondition(&t, r, x, xb, ux, direct);
      const f64 next = dot(r, ux, size);
      if (next <= stop) break;
      const f64 beta = next / rho; rho = next;
      timesPlus(s, beta, x, size); timesPlus(us, beta, ux, size);
      for (i32 j = 0; j < kp; j++) sb[j] = xb[j] + beta * sb[j];
    }

    // Along the direction the objective is convex: shorten the step only where its slope has turned clearly upwards; where logits move far, it may
    // have risen before, so at any upward slope. Saturated rows have no curvature, and Newton's step no bound: logits get only so much further at once.
    addTimes(ud, -t.ridge, d, size);
    f64 widest = 0, farthest = 0;
    for (i32 i = 0; i < n; i++)
      for (i32 j = i * kp; j < i * kp + k; j++) {
        const f64 at = z[j] < 0 ? -z[j] : z[j], by = ud[j] < 0 ? -ud[j] : ud[j];
        widest = at > widest ? at : widest;
        farthest = by > farthest ? by : farthest;
      }
    const f64 reach = 2 * widest + 4 * k + 32;
    const f64 slope = dot(g, ud, size); f64 length1 = farthest > reach ? reach / farthest : 1, taken = 0;
    for (i32 j = 0; j < size; j++) { x[j] = a[j]; ux[j] = z[j]; }
    for (i32 tries = 0; ; tries++) {
      sumOf(a, x, length1, d, size); sumOf(z, ux, length1, ud, size);
      curvature = softmaxResidual(&t, z, a, p, g); evaluations++;
      const f64 now = dot(g, ud, size);
      taken = length1;
      if (now <= (length1 * farthest > 1 ? 0 : -0.1 * slope) || tries == 40) break;
      f64 shrink = slope / (slope - now);
      shrink = shrink > 0.9 ? 0.9 : shrink > 0.1 ? shrink : 0.1;
      length1 *= shrink;
    }
    for (i32 j = 0; j < k; j++) b[j] += taken * db[j];
    fresh = 0;
  }
  if (intercept && tolerance > 1e-9) certify(&t, p, x, gw, gb, trace, largest, length, info);
  f64 mean = 0;
  for (i32 j = 0; j < k; j++) mean += b[j];
  mean /= k;
  for (i32 j = 0; j < k; j++) b[j] -= mean;
  for (i32 j = k; j < kp; j++) b[j] = 0;
  info[0] = iterations; info[1] = converged; info[2] = gradient; info[3] = evaluations; info[4] = steps;
}
