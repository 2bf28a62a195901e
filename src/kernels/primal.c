// The softmax probe in d dimensions, for many rows, compiled with kernels.c and linear.c into one module by scripts/wasm.mjs; src/kernels/jsPrimal.ts
// holds the same loops in TypeScript. The two give the same bits: every sum runs in the order written (dot products in 4 lanes of singles or 2 of
// doubles, sums over rows in blocks of 32), nothing is fused or reassociated. Change both or neither.
//
// Each pass takes the rows once: 32 at a time are centred and converted, then both products, with W and with the residuals, are made of them while they
// are in the cache. `rough` passes multiply singles, at twice the speed: for steps, whose errors the next gradient shows. With `shorts`, they multiply
// integers of 16 bits, which are prepared once, at twice that speed.
#include "lanes.h"

// Rows of a block lie `apart` further than they are long: at powers of two they would share places of the cache.
enum { block = 32, half = 16, flush = 32, apart = 16 };

// The twin of PrimalRecord in primalRecord.ts: rows, sizes and places. Arrays of n × kp count the rows of the list.
typedef struct {
  i32 single, stride, count, k, kp, rough;
  const char* x; const i32* rows; const f64* mean; const f64* weight; const i32* y; f32* p; f32* u; f64* ud; char* work; i16* shorts; f64* units; const f64* scales;
  f64 xScale, rScale;
} Primal;


// ---- rows -----------------------------------------------------------------------------------------------------------------------------

// out = (row − mean) · scale, as singles or doubles; no mean: as the rows are.
INLINE v128_t centred(const Primal* t, const char* x, i32 j, v128_t scale) {
  v128_t v = t->single ? promote((const f32*)x + j) : wasm_v128_load((const f64*)x + j);
  if (t->mean) v = wasm_f64x2_sub(v, wasm_v128_load(t->mean + j));
  return wasm_f64x2_mul(v, scale);
}
static const char* rowOf(const Primal* t, i32 i) { return t->x + (unsigned)(t->rows ? t->rows[i] : i) * (unsigned)(t->stride * (t->single ? 4 : 8)); }
// W lies in groups of up to four classes, (group, vector, class, lane), so that one address serves all its loads of a step. Rows beyond the count are 0.
static void take32(const Primal* t, i32 from, i32 count, const f32* mean, f32* out) {
  const v128_t scale = wasm_f64x2_splat(t->xScale), zero = wasm_f64x2_splat(0), scale32 = wasm_f32x4_splat((f32)t->xScale);
  for (i32 i = 0; i < block; i++) {
    f32* to = out + i * (t->stride + apart);
    if (i >= count) { for (i32 j = 0; j < t->stride; j += 4) wasm_v128_store(to + j, zero); continue; }
    const char* x = rowOf(t, from + i);
    if (t->single) for (i32 j = 0; j < t->stride; j += 4) wasm_v128_store(to + j, wasm_f32x4_mul(wasm_f32x4_sub(wasm_v128_load((const f32*)x + j), wasm_v128_load(mean + j)), scale32));
    else for (i32 j = 0; j < t->stride; j += 4) wasm_v128_store(to + j, narrow4(centred(t, x, j, scale), centred(t, x, j + 2, scale)));
  }
}
static void take64(const Primal* t, i32 from, i32 count, f64* out) {
  const v128_t one = wasm_f64x2_splat(1), zero = wasm_f64x2_splat(0);
  for (i32 i = 0; i < block; i++) {
    f64* to = out + i * (t->stride + apart);
    if (i >= count) { for (i32 j = 0; j < t->stride; j += 2) wasm_v128_store(to + j, zero); continue; }
    const char* x = rowOf(t, from + i);
    for (i32 j = 0; j < t->stride; j += 2) wasm_v128_store(to + j, centred(t, x, j, one));
  }
}
static void pack32(i32 k, i32 stride, const f64* w, f64 scale, f32* out) {
  const v128_t f = wasm_f64x2_splat(scale);
  for (i32 c = 0; c < k; c++, w += stride) {
    const i32 width = least(k - (c & ~3), 4); f32* to = out + (c & ~3) * stride + (c & 3) * 4;
    for (i32 j = 0; j < stride; j += 4, to += 4 * width) wasm_v128_store(to, narrow4(wasm_f64x2_mul(f, wasm_v128_load(w + j)), wasm_f64x2_mul(f, wasm_v128_load(w + j + 2))));
  }
}
static void pack64(i32 k, i32 stride, const f64* w, f64* out) {
  for (i32 c = 0; c < k; c++, w += stride) {
    const i32 width = least(k - (c & ~3), 4); f64* to = out + (c & ~3) * stride + (c & 3) * 2;
    for (i32 j = 0; j < stride; j += 2, to += 2 * width) wasm_v128_store(to, wasm_v128_load(w + j));
  }
}

// ---- products of a block: two rows with four classes, four classes with two vectors of columns ------------------------------------------
// Eight sums and what they are made of: all that the 15 registers of x64 hold.

// Half a block at a time, which the nearest cache holds beside four classes.
#define DOTS(NAME, T, LANES, ZERO, ADD, MUL, SUM) \
  INLINE void NAME##Of(i32 width, const T* x, i32 stride, const T* w, i32 kp, T* out) { \
    for (i32 i = 0; i < half; i += 2) { \
      v128_t s[2][4]; const T* at = w; \
      for (i32 c = 0; c < width; c++) s[0][c] = s[1][c] = ZERO; \
      const T* y = x + stride + apart; \
      for (const T* end = x + stride; x < end; x += LANES, y += LANES, at += width * LANES) { \
        const v128_t a = wasm_v128_load(x), b = wasm_v128_load(y); \
        for (i32 c = 0; c < width; c++) { const v128_t v = wasm_v128_load(at + c * LANES); s[0][c] = ADD(s[0][c], MUL(a, v)); s[1][c] = ADD(s[1][c], MUL(b, v)); } \
      } \
      x = y + apart; \
      for (i32 c = 0; c < width; c++) { out[i * kp + c] = SUM(s[0][c]); out[(i + 1) * kp + c] = SUM(s[1][c]); } \
    } \
  } \
  static void NAME(i32 k, i32 count, const T* x, i32 stride, const T* w, i32 kp, T* out) { \
    for (i32 i = 0; i < count; i += half, x += half * (stride + apart), out += half * kp) for (i32 c = 0; c < k; c += 4) WIDTHS(k - c, NAME##At) \
  }
#define dots32At(WIDTH) dots32Of(WIDTH, x, stride, w + c * stride, kp, out + c)
#define dots64At(WIDTH) dots64Of(WIDTH, x, stride, w + c * stride, kp, out + c)
DOTS(dots32, f32, 4, wasm_f32x4_splat(0), wasm_f32x4_add, wasm_f32x4_mul, sum4)
DOTS(dots64, f64, 2, wasm_f64x2_splat(0), wasm_f64x2_add, wasm_f64x2_mul, sum2)

// g[c] += Σ r[row][c] · x[row] over the rows of the block, for two vectors of columns at a time and all classes: the cache then holds what they read. The sums
// are stored as (two vectors, class, lane). If the number of vectors is odd, the last pair reads one vector past each row, and its sums are never used.
#define SPREAD(NAME, T, LANES, ZERO, ADD, MUL, SPLAT) \
  INLINE void NAME##Of(i32 width, const T* at, i32 stride, const T* f, i32 kp, T* to) { \
    v128_t s[2][4]; \
    for (i32 c = 0; c < width; c++) s[0][c] = s[1][c] = ZERO; \
    for (const T* end = at + block * (stride + apart); at < end; at += stride + apart, f += kp) { \
      const v128_t a = wasm_v128_load(at), b = wasm_v128_load(at + LANES); \
      for (i32 c = 0; c < width; c++) { const v128_t v = SPLAT(f + c); s[0][c] = ADD(s[0][c], MUL(v, a)); s[1][c] = ADD(s[1][c], MUL(v, b)); } \
    } \
    for (i32 c = 0; c < width; c++, to += 2 * LANES) { \
      wasm_v128_store(to, ADD(wasm_v128_load(to), s[0][c])); wasm_v128_store(to + LANES, ADD(wasm_v128_load(to + LANES), s[1][c])); \
    } \
  } \
  static void NAME(i32 k, const T* x, i32 stride, const T* r, i32 kp, T* g) { \
    for (i32 j = 0; j < stride; j += 2 * LANES, x += 2 * LANES, g += 2 * LANES * k) for (i32 c = 0; c < k; c += 4) WIDTHS(k - c, NAME##At) \
  }
#define spread32At(WIDTH) spread32Of(WIDTH, x, stride, r + c, kp, g + 8 * c)
#define spread64At(WIDTH) spread64Of(WIDTH, x, stride, r + c, kp, g + 4 * c)
SPREAD(spread32, f32, 4, wasm_f32x4_splat(0), wasm_f32x4_add, wasm_f32x4_mul, wasm_v128_load32_splat)
SPREAD(spread64, f64, 2, wasm_f64x2_splat(0), wasm_f64x2_add, wasm_f64x2_mul, wasm_v128_load64_splat)

// ---- the same of integers of 16 bits: sums of 32 bits, exact in any order ---------------------------------------------------------------

// Rows of 16 bits are padded to whole vectors.
INLINE i32 shortStride(i32 stride) { return (stride + 7) & ~7; }
// Two values times f to the nearest integers, halves up, and eight of them.
INLINE v128_t above2(const f64* v, v128_t f) { return wasm_i32x4_trunc_sat_f64x2_zero(wasm_f64x2_add(wasm_f64x2_mul(f, wasm_v128_load(v)), wasm_f64x2_splat(32768.5))); }
INLINE v128_t whole2(const f64* v, v128_t f) { return wasm_i32x4_sub(above2(v, f), wasm_i32x4_splat(32768)); }
INLINE v128_t whole4(const f64* v, v128_t f) { return wasm_i32x4_sub(wasm_i32x4_shuffle(above2(v, f), above2(v + 2, f), 0, 1, 4, 5), wasm_i32x4_splat(32768)); }
INLINE v128_t whole8(const f64* v, v128_t f) { return wasm_i16x8_narrow_i32x4(whole4(v, f), whole4(v + 4, f)); }
// What `count` values are multiplied with: no integer leaves 16 bits, and by Cauchy and Schwarz no sum of products of two such rows leaves 32.
// Less than 1e-20 counts as nothing.
static f64 shortScale(i32 count, const f64* v) {
  v128_t squares = wasm_f64x2_splat(0), most = squares;
  for (i32 j = 0; j < count; j += 2) { const v128_t a = wasm_v128_load(v + j); squares = wasm_f64x2_add(squares, wasm_f64x2_mul(a, a)); most = wasm_f64x2_pmax(most, wasm_f64x2_abs(a)); }
  const f64 even = wasm_f64x2_extract_lane(most, 0), odd = wasm_f64x2_extract_lane(most, 1), largest = odd > even ? odd : even;
  if (!(largest > 1e-20)) return 0;
  const f64 byNorm = 46000 / __builtin_sqrt(sum2(squares)), byLargest = 32700 / largest;
  return byNorm < byLargest ? byNorm : byLargest;
}
// Every row, less the mean and each column times its scale, as integers, and what a unit of them is worth; `row` is scratch of `stride` + 4 doubles.
EXPORT(primalShorten)(const Primal* t, i32 rows, f64* row) {
  const i32 stride = t->stride, wide = shortStride(stride); const v128_t scale = wasm_f64x2_splat(t->xScale);
  i16* to = t->shorts;
  for (i32 i = 0; i < rows; i++, to += wide) {
    const char* x = t->x + (unsigned)i * (unsigned)(stride * (t->single ? 4 : 8));
    for (i32 j = 0; j < stride; j += 2) wasm_v128_store(row + j, wasm_f64x2_mul(centred(t, x, j, scale), wasm_v128_load(t->scales + j)));
    const f64 f = shortScale(stride, row);
    for (i32 j = stride; j < wide; j++) row[j] = 0;
    for (i32 j = 0; j < wide; j += 8) wasm_v128_store(to + j, whole8(row + j, wasm_f64x2_splat(f)));
    t->units[i] = f > 0 ? 1 / (f * t->xScale) : 0;
  }
}
// W, each column over its scale, as integers, (group, vector, class, lane); units: what a unit of each class is worth.
static void pack16(const Primal* t, const f64* w, f64 scale, f64* row, f64* units, i16* out) {
  const i32 stride = t->stride, wide = shortStride(stride); const f64* inverse = t->scales + stride;
  for (i32 c = 0; c < t->k; c++, w += stride) {
    const i32 width = least(t->k - (c & ~3), 4); i16* to = out + (c & ~3) * wide + (c & 3) * 8;
    for (i32 j = 0; j < stride; j += 2) wasm_v128_store(row + j, wasm_f64x2_mul(wasm_f64x2_mul(wasm_v128_load(w + j), wasm_f64x2_splat(scale)), wasm_v128_load(inverse + j)));
    for (i32 j = stride; j < wide; j++) row[j] = 0;
    const f64 f = shortScale(stride, row);
    for (i32 j = 0; j < wide; j += 8, to += 8 * width) wasm_v128_store(to, whole8(row + j, wasm_f64x2_splat(f)));
    units[c] = f > 0 ? 1 / (f * scale) : 0;
  }
  if (t->k < t->kp) units[t->k] = 0;
}
INLINE i32 sumOf(v128_t v) { return (wasm_i32x4_extract_lane(v, 0) + wasm_i32x4_extract_lane(v, 1)) + (wasm_i32x4_extract_lane(v, 2) + wasm_i32x4_extract_lane(v, 3)); }
INLINE void dots16Of(i32 width, const i16* x, i32 wide, const i16* w, i32 kp, i32* out) {
  for (i32 i = 0; i < half; i += 2) {
    v128_t s[2][4]; const i16* at = w;
    for (i32 c = 0; c < width; c++) s[0][c] = s[1][c] = wasm_i32x4_splat(0);
    const i16* y = x + wide;
    for (const i16* end = y; x < end; x += 8, y += 8, at += width * 8) {
      const v128_t a = wasm_v128_load(x), b = wasm_v128_load(y);
      for (i32 c = 0; c < width; c++) { const v128_t v = wasm_v128_load(at + c * 8); s[0][c] = wasm_i32x4_add(s[0][c], wasm_i32x4_dot_i16x8(a, v)); s[1][c] = wasm_i32x4_add(s[1][c], wasm_i32x4_dot_i16x8(b, v)); }
    }
    x = y;
    for (i32 c = 0; c < width; c++) { out[i * kp + c] = sumOf(s[0][c]); out[(i + 1) * kp + c] = sumOf(s[1][c]); }
  }
}
#define dots16At(WIDTH) dots16Of(WIDTH, x, wide, w + c * wide, kp, out + c)
static void dots16(i32 k, i32 count, const i16* x, i32 wide, const i16* w, i32 kp, i32* out) {
  for (i32 i = 0; i < count; i += half, x += half * wide, out += half * kp) for (i32 c = 0; c < k; c += 4) WIDTHS(k - c, dots16At)
}
// r: (two rows, class), a pair of integers each; a block's sums of 32 bits, times what a unit of the class is worth, join those of singles.
INLINE void spread16Of(i32 width, const i16* at, i32 wide, const i32* r, i32 kp, const f32* units, f32* to) {
  v128_t s[2][4];
  for (i32 c = 0; c < width; c++) s[0][c] = s[1][c] = wasm_i32x4_splat(0);
  for (const i16* end = at + block * wide; at < end; at += 2 * wide, r += kp) {
    const v128_t a = wasm_v128_load(at), b = wasm_v128_load(at + wide);
    const v128_t low = wasm_i16x8_shuffle(a, b, 0, 8, 1, 9, 2, 10, 3, 11), high = wasm_i16x8_shuffle(a, b, 4, 12, 5, 13, 6, 14, 7, 15);
    for (i32 c = 0; c < width; c++) { const v128_t v = wasm_v128_load32_splat(r + c); s[0][c] = wasm_i32x4_add(s[0][c], wasm_i32x4_dot_i16x8(v, low)); s[1][c] = wasm_i32x4_add(s[1][c], wasm_i32x4_dot_i16x8(v, high)); }
  }
  for (i32 c = 0; c < width; c++, to += 8) {
    const v128_t f = wasm_v128_load32_splat(units + c);
    wasm_v128_store(to, wasm_f32x4_add(wasm_v128_load(to), wasm_f32x4_mul(f, wasm_f32x4_convert_i32x4(s[0][c]))));
    wasm_v128_store(to + 4, wasm_f32x4_add(wasm_v128_load(to + 4), wasm_f32x4_mul(f, wasm_f32x4_convert_i32x4(s[1][c]))));
  }
}
#define spread16At(WIDTH) spread16Of(WIDTH, x, wide, r + c, kp, units + c, g + 8 * c)
static void spread16(i32 k, const i16* x, i32 wide, const i32* r, i32 kp, const f32* units, f32* g) {
  for (i32 j = 0; j < wide; j += 8, x += 8, g += 8 * k) for (i32 c = 0; c < k; c += 4) WIDTHS(k - c, spread16At)
}

// ---- passes ---------------------------------------------------------------------------------------------------------------------------

// The scratch of a pass: a block of rows, then one of logits and one of residuals as doubles, and for rough passes both again as singles, W and the sums
// in tiles.
typedef struct { f64 *x64, *z, *r, *w64, *g64, *wUnits, *sizes; f32 *x32, *z32, *r32, *w32, *g32, *mean, *rUnits; const i16* x16; } Scratch;
INLINE Scratch scratchOf(const Primal* t) {
  Scratch s; const i32 size = block * t->kp;
  s.x64 = (f64*)t->work; s.x32 = (f32*)t->work; s.z = s.x64 + block * (t->stride + apart); s.r = s.z + size;
  s.z32 = (f32*)(s.r + size); s.r32 = s.z32 + size; s.w32 = s.r32 + size; s.mean = s.w32 + t->k * t->stride; s.g32 = s.mean + t->stride;
  s.w64 = (f64*)s.w32; s.g64 = s.w64 + t->k * t->stride;
  s.wUnits = s.w64 + 2 * t->k * (t->stride + 1) + t->stride; s.sizes = s.wUnits + t->kp; s.rUnits = (f32*)(s.sizes + 2 * t->kp); s.x16 = 0;
  return s;
}
// Starts a pass: sums and out are 0, and W is packed, for rough passes times its scale as singles.
static void begin(const Primal* t, const Scratch* s, const f64* w, f64 wScale, f64* out, f64* sums) {
  const i32 size = t->k * t->stride; const v128_t zero = wasm_f64x2_splat(0);
  for (i32 j = 0; j < size; j += 2) wasm_v128_store(out + j, zero);
  for (i32 j = 0; j < t->kp; j++) sums[j] = 0;
  for (i32 j = 0; j < block * t->kp; j += 2) { wasm_v128_store(s->z + j, zero); wasm_v128_store(s->r + j, zero); wasm_v128_store64_lane(s->z32 + j, zero, 0); }
  if (!t->rough) {
    for (i32 j = 0; j < size; j += 2) wasm_v128_store(s->g64 + j, zero);
    if (w) pack64(t->k, t->stride, w, s->w64);
    return;
  }
  for (i32 j = 0; j < size + 4 * t->k; j += 4) wasm_v128_store(s->g32 + j, zero);
  for (i32 j = 0; j < t->stride; j++) s->mean[j] = t->mean ? (f32)t->mean[j] : 0;
  for (i32 i = 0; i < block; i++) wasm_v128_store(s->x32 + i * (t->stride + apart) + t->stride, zero);
  if (!w) return;
  if (t->shorts) pack16(t, w, wScale, s->x64, s->wUnits, (i16*)s->w32); else pack32(t->k, t->stride, w, wScale, s->w32);
}
// The same of integers. A whole block of rows in their order is taken where it lies.
static void enter16(const Primal* t, Scratch* s, i32 from, i32 count) {
  const i32 wide = shortStride(t->stride), kp = t->kp; i32* products = (i32*)s->z32;
  s->x16 = t->shorts + (unsigned)from * (unsigned)wide;
  if (t->rows || count < block) {
    i16* to = (i16*)s->x64; s->x16 = to;
    for (i32 i = 0; i < block; i++, to += wide) {
      const i16* x = t->shorts + (unsigned)(i < count && t->rows ? t->rows[from + i] : from + i) * (unsigned)wide;
      for (i32 j = 0; j < wide; j += 8) wasm_v128_store(to + j, i < count ? wasm_v128_load(x + j) : wasm_i32x4_splat(0));
    }
  }
  dots16(t->k, count, s->x16, wide, (const i16*)s->w32, kp, products);
  for (i32 i = 0; i < count; i++) {
    const v128_t unit = wasm_f64x2_splat(t->units[t->rows ? t->rows[from + i] : from + i]);
    for (i32 c = 0; c < kp; c += 2)
      wasm_v128_store(s->z + i * kp + c, wasm_f64x2_mul(wasm_f64x2_mul(unit, wasm_v128_load(s->wUnits + c)), wasm_f64x2_convert_low_i32x4(wasm_v128_load64_zero(products + i * kp + c))));
  }
}
// Residuals as integers, and the block's sums. Those of a class, times a row's unit, are scaled so that sums stay within 32 bits.
static void leave16(const Primal* t, const Scratch* s, i32 from, i32 count) {
  const i32 kp = t->kp; f64 *most = s->sizes, *sum = s->sizes + kp, *r = s->r; i32* to = (i32*)s->r32; f32* units = s->rUnits;
  for (i32 c = 0; c < 2 * kp; c++) most[c] = 0;
  for (i32 i = 0; i < count; i++, r += kp) {
    const v128_t unit = wasm_f64x2_splat(t->units[t->rows ? t->rows[from + i] : from + i]);
    for (i32 c = 0; c < kp; c += 2) {
      const v128_t v = wasm_f64x2_mul(unit, wasm_v128_load(r + c)), a = wasm_f64x2_abs(v);
      wasm_v128_store(r + c, v);
      wasm_v128_store(most + c, wasm_f64x2_pmax(wasm_v128_load(most + c), a)); wasm_v128_store(sum + c, wasm_f64x2_add(wasm_v128_load(sum + c), a));
    }
  }
  for (i32 c = 0; c < kp; c++) {
    const f64 bySum = 65000 / sum[c], byMost = 32700 / most[c], f = sum[c] > 1e-290 ? bySum < byMost ? bySum : byMost : 0;
    units[c] = f > 0 ? (f32)(t->rScale * t->xScale / f) : 0; most[c] = f;
  }
  r = s->r;
  for (i32 i = 0; i < block; i += 2, r += 2 * kp, to += kp) for (i32 c = 0; c < kp; c += 2) {
    const v128_t f = wasm_v128_load(most + c), a = whole2(r + c, f), b = whole2(r + kp + c, f);
    wasm_v128_store64_lane(to + c, wasm_i16x8_shuffle(a, b, 0, 8, 2, 10, 0, 8, 2, 10), 0);
  }
  spread16(t->k, s->x16, shortStride(t->stride), (const i32*)s->r32, kp, units, s->g32);
}
// Takes a block of rows, and with W its products to the scratch.
static void enter(const Primal* t, Scratch* s, const f64* w, f64 wScale, i32 from, i32 count) {
  if (t->shorts) { enter16(t, s, from, count); return; }
  if (!t->rough) { take64(t, from, count, s->x64); if (w) dots64(t->k, count, s->x64, t->stride, s->w64, t->kp, s->z); return; }
  take32(t, from, count, s->mean, s->x32);
  if (!w) return;
  dots32(t->k, count, s->x32, t->stride, s->w32, t->kp, s->z32);
  const v128_t unit = wasm_f64x2_splat(1 / (wScale * t->xScale));
  for (i32 j = 0; j < count * t->kp; j += 2) wasm_v128_store(s->z + j, wasm_f64x2_mul(unit, promote(s->z32 + j)));
}
// Adds a block's rows times its residuals to the sums, and these to out when the last block has come, those of singles before they are too many.
static void leave(const Primal* t, const Scratch* s, i32 from, i32 count, f64* out, f64* sums) {
  const i32 k = t->k, kp = t->kp, stride = t->stride; const i32 last = from + block >= t->count;
  for (i32 j = count * kp; j < block * kp; j += 2) wasm_v128_store(s->r + j, wasm_f64x2_splat(0));
  for (i32 i = 0; i < count; i++) for (i32 c = 0; c < kp; c += 2) wasm_v128_store(sums + c, wasm_f64x2_add(wasm_v128_load(sums + c), wasm_v128_load(s->r + i * kp + c)));
  if (!t->rough) {
    spread64(k, s->x64, stride, s->r, kp, s->g64);
    if (!last) return;
    const f64* g = s->g64;
    for (i32 j = 0; j < stride; j += 4) for (i32 c = 0; c < k; c++, g += 4) {
      wasm_v128_store(out + c * stride + j, wasm_v128_load(g)); wasm_v128_store(out + c * stride + j + 2, wasm_v128_load(g + 2));
    }
    return;
  }
  const v128_t f = wasm_f64x2_splat(t->rScale);
  if (t->shorts) leave16(t, s, from, count);
  else for (i32 j = 0; j < block * kp; j += 4) wasm_v128_store(s->r32 + j, narrow4(wasm_f64x2_mul(f, wasm_v128_load(s->r + j)), wasm_f64x2_mul(f, wasm_v128_load(s->r + j + 2))));
  if (!t->shorts) spread32(k, s->x32, stride, s->r32, kp, s->g32);
  if (!last && (from / block) % flush != flush - 1) return;
  const v128_t unit = wasm_f64x2_splat(1 / (t->rScale * t->xScale)), zero = wasm_f64x2_splat(0);
  f32* g = s->g32;
  for (i32 j = 0; j < stride; j += 8) for (i32 c = 0; c < k; c++, g += 8) for (i32 h = 0; h < 8; h += 4) {
    f64* to = out + c * stride + j + h;
    if (j + h < stride) {
      v128_t a = wasm_f64x2_mul(unit, promote(g + h)), b = wasm_f64x2_mul(unit, promote(g + h + 2));
      if (t->shorts) { const f64* inverse = t->scales + stride + j + h; a = wasm_f64x2_mul(a, wasm_v128_load(inverse)); b = wasm_f64x2_mul(b, wasm_v128_load(inverse + 2)); }
      wasm_v128_store(to, wasm_f64x2_add(wasm_v128_load(to), a));
      wasm_v128_store(to + 2, wasm_f64x2_add(wasm_v128_load(to + 2), b));
    }
    wasm_v128_store(g + h, zero);
  }
}

// The Hessian of the loss times (V, v): out (k × stride) = Σ r_i ⊗ x_i and sums (kp) = Σ r_i, where u_i = V x_i + v and r_i = weight · p_i ∘ (u_i − p_i · u_i).
// V is multiplied by vScale in rough passes, so that singles hold it. First ud += alpha · u, of the last call; with fresh, ud = 0.
EXPORT(primalCurve)(const Primal* t, const f64* v, const f64* vb, f64 vScale, f64 alpha, i32 fresh, f64* out, f64* sums) {
  const i32 kp = t->kp; Scratch s = scratchOf(t); const v128_t step = wasm_f64x2_splat(alpha);
  begin(t, &s, v, vScale, out, sums);
  for (i32 from = 0; from < t->count; from += block) {
    const i32 count = least(block, t->count - from);
    enter(t, &s, v, vScale, from, count);
    for (i32 i = 0; i < count; i++) {
      const i32 row = (from + i) * kp; const f32* p = t->p + row; f32* u = t->u + row; f64 *ud = t->ud + row, *z = s.z + i * kp, *r = s.r + i * kp;
      v128_t mean = wasm_f64x2_splat(0);
      for (i32 c = 0; c < kp; c += 2) {
        if (fresh) wasm_v128_store(ud + c, mean);
        else wasm_v128_store(ud + c, wasm_f64x2_add(wasm_v128_load(ud + c), wasm_f64x2_mul(step, promote(u + c))));
      }
      for (i32 c = 0; c < kp; c += 2) {
        const v128_t a = wasm_f64x2_add(wasm_v128_load(z + c), wasm_v128_load(vb + c));
        wasm_v128_store(z + c, a);
        wasm_v128_store64_lane(u + c, wasm_f32x4_demote_f64x2_zero(a), 0);
        mean = wasm_f64x2_add(mean, wasm_f64x2_mul(promote(p + c), a));
      }
      const v128_t m = wasm_f64x2_splat(sum2(mean)), f = wasm_f64x2_splat(t->weight[from + i]);
      for (i32 c = 0; c < kp; c += 2) wasm_v128_store(r + c, wasm_f64x2_mul(f, wasm_f64x2_mul(promote(p + c), wasm_f64x2_sub(wasm_v128_load(z + c), m))));
      // The column that pads an odd number of classes; its p is 0.
      if (t->k < kp) z[t->k] = 0;
    }
    leave(t, &s, from, count, out, sums);
  }
}

// The gradient of the loss: out (k × stride) = Σ r_i ⊗ x_i and sums (kp) = Σ r_i with r_i = weight · (p_i − y_i), and p. Logits are W x_i + b, or without W
// from + step · (ud + alpha · u); they go to z (n × kp). b of a column that pads is −1e300. gap and others tell each row's loss: ln(1 + others)
// where gap is 0, else gap + ln(others). info[0] = Σ weight · (1 − |p_i|²).
EXPORT(primalSlope)(const Primal* t, const f64* w, const f64* b, f64 wScale, const f64* old, f64 step, f64 alpha, f64* z, f64* gap, f64* others, f64* out, f64* sums, f64* info) {
  const i32 k = t->k, kp = t->kp; Scratch s = scratchOf(t); f64 curvature = 0, tops[block];
  const v128_t by = wasm_f64x2_splat(step), last = wasm_f64x2_splat(alpha);
  begin(t, &s, w, wScale, out, sums);
  for (i32 from = 0; from < t->count; from += block) {
    const i32 count = least(block, t->count - from);
    enter(t, &s, w, wScale, from, count);
    for (i32 i = 0; i < count; i++) {
      const i32 row = (from + i) * kp; f64 *to = z + row, *e = s.z + i * kp;
      if (w) for (i32 c = 0; c < kp; c += 2) wasm_v128_store(to + c, wasm_f64x2_add(wasm_v128_load(e + c), wasm_v128_load(b + c)));
      else for (i32 c = 0; c < kp; c += 2)
        wasm_v128_store(to + c, wasm_f64x2_add(wasm_v128_load(old + row + c), wasm_f64x2_mul(by, wasm_f64x2_add(wasm_v128_load(t->ud + row + c), wasm_f64x2_mul(last, promote(t->u + row + c))))));
      v128_t most = wasm_v128_load(to);
      for (i32 c = 2; c < kp; c += 2) most = wasm_f64x2_pmax(most, wasm_v128_load(to + c));
      const f64 even = wasm_f64x2_extract_lane(most, 0), odd = wasm_f64x2_extract_lane(most, 1);
      tops[i] = odd > even ? odd : even;
      const v128_t top = wasm_f64x2_splat(tops[i]);
      for (i32 c = 0; c < kp; c += 2) wasm_v128_store(e + c, wasm_f64x2_sub(wasm_v128_load(to + c), top));
    }
    // In a pass of their own, so that none waits for another.
    for (i32 j = 0; j < count * kp; j += 2) wasm_v128_store(s.z + j, exp2lanes(wasm_v128_load(s.z + j)));
    for (i32 i = 0; i < count; i++) {
      const i32 row = (from + i) * kp, y = t->y[from + i]; f64 *e = s.z + i * kp, *r = s.r + i * kp; f32* p = t->p + row;
      const v128_t self = wasm_f64x2_splat(y), two = wasm_f64x2_splat(2);
      v128_t rest = wasm_f64x2_splat(0), squared = rest, at = wasm_f64x2_make(0, 1);
      for (i32 c = 0; c < kp; c += 2, at = wasm_f64x2_add(at, two)) rest = wasm_f64x2_add(rest, wasm_v128_andnot(wasm_v128_load(e + c), wasm_f64x2_eq(at, self)));
      const f64 own = e[y], other = sum2(rest), inverse = 1 / (own + other), weight = t->weight[from + i];
      gap[from + i] = tops[i] - z[row + y]; others[from + i] = z[row + y] < tops[i] ? own + other : other;
      // Not p − 1: near certainty that would lose what is left.
      const v128_t g = wasm_f64x2_splat(inverse), f = wasm_f64x2_splat(weight), left = wasm_f64x2_splat(-(weight * (other * inverse)));
      at = wasm_f64x2_make(0, 1);
      for (i32 c = 0; c < kp; c += 2, at = wasm_f64x2_add(at, two)) {
        const v128_t v = wasm_f64x2_mul(wasm_v128_load(e + c), g);
        wasm_v128_store64_lane(p + c, wasm_f32x4_demote_f64x2_zero(v), 0);
        wasm_v128_store(r + c, wasm_v128_bitselect(left, wasm_f64x2_mul(f, v), wasm_f64x2_eq(at, self)));
        squared = wasm_f64x2_add(squared, wasm_f64x2_mul(v, v));
      }
      curvature += weight * (1 - sum2(squared));
      if (k < kp) e[k] = 0;
    }
    leave(t, &s, from, count, out, sums);
  }
  info[0] = curvature;
}

// out (n × stride) = (row − mean) · factor[i], as doubles.
EXPORT(primalRows)(const Primal* t, i32 from, i32 count, const f64* factor, f64* out) {
  for (i32 i = from; i < from + count; i++, out += t->stride) {
    const char* x = rowOf(t, i); const v128_t f = wasm_f64x2_splat(factor[i]);
    for (i32 j = 0; j < t->stride; j += 2) wasm_v128_store(out + j, centred(t, x, j, f));
  }
}

// ---- vectors: an even number of doubles each ------------------------------------------------------------------------------------------

#define VALUE(name) __attribute__((export_name(#name))) f64 name
// In four lanes.
VALUE(primalDot)(i32 size, const f64* a, const f64* b) {
  v128_t s = wasm_f64x2_splat(0), t = s; i32 j = 0;
  for (; j + 2 < size; j += 4) {
    s = wasm_f64x2_add(s, wasm_f64x2_mul(wasm_v128_load(a + j), wasm_v128_load(b + j)));
    t = wasm_f64x2_add(t, wasm_f64x2_mul(wasm_v128_load(a + j + 2), wasm_v128_load(b + j + 2)));
  }
  if (j < size) s = wasm_f64x2_add(s, wasm_f64x2_mul(wasm_v128_load(a + j), wasm_v128_load(b + j)));
  return sum2(s) + sum2(t);
}
// to += factor · from.
EXPORT(primalAdd)(i32 size, f64 factor, const f64* from, f64* to) {
  const v128_t f = wasm_f64x2_splat(factor);
  for (i32 j = 0; j < size; j += 2) wasm_v128_store(to + j, wasm_f64x2_add(wasm_v128_load(to + j), wasm_f64x2_mul(f, wasm_v128_load(from + j))));
}
// to = factor · to + from; returns the largest absolute value.
VALUE(primalTurn)(i32 size, f64 factor, const f64* from, f64* to) {
  const v128_t f = wasm_f64x2_splat(factor); v128_t most = wasm_f64x2_splat(0);
  for (i32 j = 0; j < size; j += 2) {
    const v128_t v = wasm_f64x2_add(wasm_v128_load(from + j), wasm_f64x2_mul(f, wasm_v128_load(to + j)));
    wasm_v128_store(to + j, v); most = wasm_f64x2_pmax(most, wasm_f64x2_abs(v));
  }
  const f64 even = wasm_f64x2_extract_lane(most, 0), odd = wasm_f64x2_extract_lane(most, 1);
  return odd > even ? odd : even;
}
// The largest absolute value of the direction's logits, ud + alpha · u.
VALUE(primalFarthest)(const Primal* t, f64 alpha) {
  const v128_t f = wasm_f64x2_splat(alpha); v128_t most = wasm_f64x2_splat(0);
  for (i32 j = 0; j < t->count * t->kp; j += 2)
    most = wasm_f64x2_pmax(most, wasm_f64x2_abs(wasm_f64x2_add(wasm_v128_load(t->ud + j), wasm_f64x2_mul(f, promote(t->u + j)))));
  const f64 even = wasm_f64x2_extract_lane(most, 0), odd = wasm_f64x2_extract_lane(most, 1);
  return odd > even ? odd : even;
}

// The derivative of the loss along the direction whose logits are ud + alpha · u, `step` further than logits z: Σ weight · (Σ p_c · u_c − u_y). Rows are not
// read. Not p − 1: near certainty that would lose what is left.
VALUE(primalAlong)(const Primal* t, const f64* z, f64 step, f64 alpha) {
  const i32 kp = t->kp; const Scratch s = scratchOf(t); f64 total = 0;
  const v128_t by = wasm_f64x2_splat(step), last = wasm_f64x2_splat(alpha);
  for (i32 from = 0; from < t->count; from += block) {
    const i32 count = least(block, t->count - from), row = from * kp;
    for (i32 i = 0; i < count; i++) {
      f64 *e = s.z + i * kp, *way = s.r + i * kp; v128_t most = wasm_f64x2_splat(-1e300);
      for (i32 c = 0; c < kp; c += 2) {
        const i32 at = row + i * kp + c;
        const v128_t v = wasm_f64x2_add(wasm_v128_load(t->ud + at), wasm_f64x2_mul(last, promote(t->u + at))), a = wasm_f64x2_add(wasm_v128_load(z + at), wasm_f64x2_mul(by, v));
        wasm_v128_store(way + c, v); wasm_v128_store(e + c, a); most = wasm_f64x2_pmax(most, a);
      }
      const f64 even = wasm_f64x2_extract_lane(most, 0), odd = wasm_f64x2_extract_lane(most, 1);
      const v128_t top = wasm_f64x2_splat(odd > even ? odd : even);
      for (i32 c = 0; c < kp; c += 2) wasm_v128_store(e + c, wasm_f64x2_sub(wasm_v128_load(e + c), top));
    }
    for (i32 j = 0; j < count * kp; j += 2) wasm_v128_store(s.z + j, exp2lanes(wasm_v128_load(s.z + j)));
    for (i32 i = 0; i < count; i++) {
      const f64 *e = s.z + i * kp, *way = s.r + i * kp; const v128_t own = wasm_f64x2_splat(way[t->y[from + i]]);
      v128_t all = wasm_f64x2_splat(0), sum = all;
      for (i32 c = 0; c < kp; c += 2) {
        const v128_t v = wasm_v128_load(e + c);
        all = wasm_f64x2_add(all, v); sum = wasm_f64x2_add(sum, wasm_f64x2_mul(v, wasm_f64x2_sub(wasm_v128_load(way + c), own)));
      }
      total += t->weight[from + i] * (sum2(sum) / sum2(all));
    }
  }
  return total;
}

// ---- models of classes: m rows of integers of 16 bits each, padded to whole lines of the cache, and what a unit of each row is worth ------------

INLINE i32 lineStride(i32 stride) { return (stride + 31) & ~31; }
// Rows of `stride` doubles, times `factor`, as such rows; `row` is scratch of a padded row of doubles.
EXPORT(primalModel)(i32 rows, i32 stride, f64 factor, const f64* from, f64* row, i16* v, f64* units) {
  const i32 wide = lineStride(stride); const v128_t by = wasm_f64x2_splat(factor);
  for (i32 j = stride; j < wide; j++) row[j] = 0;
  for (i32 i = 0; i < rows; i++, from += stride, v += wide) {
    for (i32 j = 0; j < stride; j += 2) wasm_v128_store(row + j, wasm_f64x2_mul(by, wasm_v128_load(from + j)));
    const f64 f = shortScale(stride, row); const v128_t scale = wasm_f64x2_splat(f);
    for (i32 j = 0; j < wide; j += 8) wasm_v128_store(v + j, whole8(row + j, scale));
    units[i] = f > 0 ? 1 / f : 0;
  }
}
// to = from − Vᵀ V from, for each of k rows of doubles by its own V (m rows, a multiple of 4). Scratch: a padded row of doubles, m doubles, a padded row of
// integers and m of them.
EXPORT(primalDeflate)(i32 k, i32 m, i32 stride, const i16* v, const f64* units, const f64* from, f64* to, f64* work) {
  const i32 wide = lineStride(stride); f64 *row = work, *share = row + wide; i16 *x = (i16*)(share + m), *pairs = x + wide;
  for (i32 j = stride; j < wide; j++) row[j] = 0;
  for (i32 c = 0; c < k; c++, from += stride, to += stride, v += m * wide, units += m) {
    v128_t largest = wasm_f64x2_splat(0);
    for (i32 j = 0; j < stride; j += 2) largest = wasm_f64x2_pmax(largest, wasm_f64x2_abs(wasm_v128_load(from + j)));
    const f64 a = wasm_f64x2_extract_lane(largest, 0), b = wasm_f64x2_extract_lane(largest, 1), most = b > a ? b : a, size = most > 1e-290 ? most : 1;
    const v128_t over = wasm_f64x2_splat(1 / size);
    for (i32 j = 0; j < stride; j += 2) wasm_v128_store(row + j, wasm_f64x2_mul(over, wasm_v128_load(from + j)));
    const f64 f = shortScale(stride, row), unit = f > 0 ? 1 / f : 0; const v128_t scale = wasm_f64x2_splat(f);
    for (i32 j = 0; j < wide; j += 8) wasm_v128_store(x + j, whole8(row + j, scale));
    f64 longest = 0, total = 0;
    for (i32 i = 0; i < m; i += 4) {
      const i16* at = v + i * wide; v128_t s[4];
      for (i32 q = 0; q < 4; q++) s[q] = wasm_i32x4_splat(0);
      for (i32 j = 0; j < wide; j += 8) {
        const v128_t own = wasm_v128_load(x + j);
        for (i32 q = 0; q < 4; q++) s[q] = wasm_i32x4_add(s[q], wasm_i32x4_dot_i16x8(own, wasm_v128_load(at + q * wide + j)));
      }
      for (i32 q = 0; q < 4; q++) {
        const f64 value = (f64)sumOf(s[q]) * unit * (units[i + q] * units[i + q]), far = value < 0 ? -value : value;
        share[i + q] = value; total += far; longest = far > longest ? far : longest;
      }
    }
    const f64 bySum = 65000 / total, byMost = 32700 / longest, g = total > 1e-290 ? bySum < byMost ? bySum : byMost : 0;
    const v128_t by = wasm_f64x2_splat(g), back = wasm_f64x2_splat(g > 0 ? size / g : 0);
    for (i32 i = 0; i < m; i += 2) { const v128_t w = whole2(share + i, by); wasm_v128_store32_lane(pairs + i, wasm_i16x8_shuffle(w, w, 0, 2, 0, 2, 0, 2, 0, 2), 0); }
    // A line of each row at a time: 32 columns.
    for (i32 j = 0; j < wide; j += 32) {
      v128_t s[8]; const i16* at = v + j;
      for (i32 q = 0; q < 8; q++) s[q] = wasm_i32x4_splat(0);
      for (i32 i = 0; i < m; i += 2, at += 2 * wide) {
        const v128_t two = wasm_v128_load32_splat(pairs + i);
        for (i32 q = 0; q < 4; q++) {
          const v128_t d = wasm_v128_load(at + 8 * q), e = wasm_v128_load(at + wide + 8 * q);
          s[2 * q] = wasm_i32x4_add(s[2 * q], wasm_i32x4_dot_i16x8(two, wasm_i16x8_shuffle(d, e, 0, 8, 1, 9, 2, 10, 3, 11)));
          s[2 * q + 1] = wasm_i32x4_add(s[2 * q + 1], wasm_i32x4_dot_i16x8(two, wasm_i16x8_shuffle(d, e, 4, 12, 5, 13, 6, 14, 7, 15)));
        }
      }
      for (i32 q = 0; q < 8; q++) if (j + 4 * q < stride) {
        const f64* own = from + j + 4 * q; f64* out = to + j + 4 * q;
        wasm_v128_store(out, wasm_f64x2_sub(wasm_v128_load(own), wasm_f64x2_mul(back, wasm_f64x2_convert_low_i32x4(s[q]))));
        wasm_v128_store(out + 2, wasm_f64x2_sub(wasm_v128_load(own + 2), wasm_f64x2_mul(back, wasm_f64x2_convert_low_i32x4(wasm_i32x4_shuffle(s[q], s[q], 2, 3, 2, 3)))));
      }
    }
  }
}
