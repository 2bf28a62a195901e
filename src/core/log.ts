import { exponentOf, takeApart, withHighWord } from "./doubles.ts";
import { ln2High, ln2Low } from "./exp.ts";

/** ln x after fdlibm's e_log.c, within 1 ulp: the same bits on every engine, as {@link exp}. What e_log.c does apart where x is near 1 gives the same bits. */
export function log(x: number): number {
  if (!(x > 0 && x < Number.POSITIVE_INFINITY)) return x === 0 ? Number.NEGATIVE_INFINITY : x < 0 ? Number.NaN : x;
  const [normal, high, exponent] = takeApart(x);
  const up = (high + 0x95f64) & 0x100000;
  const k = exponent + (up >> 20);
  const f = withHighWord(normal, high | (up ^ 0x3ff00000)) - 1;
  const tail = k * ln2Low;
  if ((0x000fffff & (2 + high)) < 3) return k * ln2High - (f * f * (0.5 - 0.3333333333333333 * f) - tail - f);
  const s = f / (2 + f);
  const z = s * s;
  const w = z * z;
  const rest =
    z * (0.6666666666666735 + w * (0.2857142874366239 + w * (0.1818357216161805 + w * 0.14798198605116586))) +
    w * (0.3999999999940942 + w * (0.22222198432149784 + w * 0.15313837699209373));
  const half = 0.5 * f * f;
  const gap = ((high - 0x6147a) | (0x6b851 - high)) > 0 ? half - (s * (half + rest) + tail) : s * (f - rest) - tail;
  return k * ln2High - (gap - f);
}

/** ln(1 + x), within 2 ulp (Kahan): what 1 + x rounds away is made good by the same share of its logarithm. */
export function log1p(x: number): number {
  const u = 1 + x;
  return u === 1 || x === Number.POSITIVE_INFINITY ? x : log(u) * (x / (u - 1));
}

/** log₂ x, exact for powers of two: the same bits on every engine. */
export function log2(x: number): number {
  if (!(x > 0 && x < Number.POSITIVE_INFINITY)) return log(x);
  const low = exponentOf(x);
  const mantissa = low < -1000 ? (x * 2 ** 1000) / 2 ** (low + 1000) : x / 2 ** low;
  // About 1 from either side, so that near 1 nothing cancels.
  return mantissa > Math.SQRT2 ? low + 1 + log(mantissa / 2) / Math.LN2 : low + log(mantissa) / Math.LN2;
}
