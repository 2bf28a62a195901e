// What kernels.c, linear.c, primal.c and look.c share: types, and functions of lanes.
#include <wasm_simd128.h>

typedef double f64;
typedef float f32;
typedef int i32;
typedef short i16;
#define EXPORT(name) __attribute__((export_name(#name))) void name
#define INLINE static inline __attribute__((always_inline))

INLINE i32 least(i32 a, i32 b) { return a < b ? a : b; }
INLINE f64 sum2(v128_t v) { return wasm_f64x2_extract_lane(v, 0) + wasm_f64x2_extract_lane(v, 1); }
INLINE f32 sum4(v128_t v) { return (wasm_f32x4_extract_lane(v, 0) + wasm_f32x4_extract_lane(v, 1)) + (wasm_f32x4_extract_lane(v, 2) + wasm_f32x4_extract_lane(v, 3)); }
// Two singles as doubles, and four doubles as singles.
INLINE v128_t promote(const f32* x) { return wasm_f64x2_promote_low_f32x4(wasm_v128_load64_zero(x)); }
INLINE v128_t narrow4(v128_t a, v128_t b) { return wasm_i64x2_shuffle(wasm_f32x4_demote_f64x2_zero(a), wasm_f32x4_demote_f64x2_zero(b), 0, 2); }
// Calls by how many classes are left, four at most.
#define WIDTHS(LEFT, CALL) switch (LEFT) { case 1: CALL(1); break; case 2: CALL(2); break; case 3: CALL(3); break; default: CALL(4); }

// exp of two values ≤ 0, after fdlibm (Sun Microsystems, freely distributable): under 1 ulp; 0 below −708.
INLINE v128_t exp2lanes(v128_t x) {
  const v128_t n = wasm_f64x2_floor(wasm_f64x2_add(wasm_f64x2_mul(x, wasm_f64x2_splat(1.44269504088896338700)), wasm_f64x2_splat(0.5)));
  const v128_t hi = wasm_f64x2_sub(x, wasm_f64x2_mul(n, wasm_f64x2_splat(6.93147180369123816490e-01)));
  const v128_t lo = wasm_f64x2_mul(n, wasm_f64x2_splat(1.90821492927058770002e-10));
  const v128_t r = wasm_f64x2_sub(hi, lo), t = wasm_f64x2_mul(r, r);
  v128_t c = wasm_f64x2_add(wasm_f64x2_splat(-1.65339022054652515390e-06), wasm_f64x2_mul(t, wasm_f64x2_splat(4.13813679705723846039e-08)));
  c = wasm_f64x2_add(wasm_f64x2_splat(6.61375632143793436117e-05), wasm_f64x2_mul(t, c));
  c = wasm_f64x2_add(wasm_f64x2_splat(-2.77777777770155933842e-03), wasm_f64x2_mul(t, c));
  c = wasm_f64x2_add(wasm_f64x2_splat(1.66666666666666019037e-01), wasm_f64x2_mul(t, c));
  c = wasm_f64x2_sub(r, wasm_f64x2_mul(t, c));
  const v128_t y = wasm_f64x2_sub(wasm_f64x2_splat(1), wasm_f64x2_sub(wasm_f64x2_sub(lo, wasm_f64x2_div(wasm_f64x2_mul(r, c), wasm_f64x2_sub(wasm_f64x2_splat(2), c))), hi));
  const v128_t low = wasm_f64x2_lt(x, wasm_f64x2_splat(-708));
  const v128_t small = wasm_i32x4_trunc_sat_f64x2_zero(n);
  const v128_t power = wasm_i64x2_shl(wasm_i64x2_extend_low_i32x4(wasm_i32x4_add(small, wasm_i32x4_splat(1023))), 52);
  return wasm_v128_andnot(wasm_f64x2_mul(y, power), low);
}
