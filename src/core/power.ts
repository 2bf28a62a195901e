import { takeApart, timesPowerOf2, withHighWord, withoutLowWord } from "./doubles.ts";
import { expSeries } from "./exp.ts";

/** log₂ of x > 0, in two doubles whose sum holds it to about 70 bits: after fdlibm's e_pow.c. */
function logPair(x: number): readonly [number, number] {
  const [normal, fraction, exponent] = takeApart(x);
  // 1 or 0: whether x = 2^n · a has an a about 1.5, or about 2, which is 1 with another n.
  const over = Number(fraction >= 0xbb67a);
  const upper = Number(fraction > 0x3988e) - over;
  const high = (fraction | 0x3ff00000) - over * 0x00100000;
  const n = exponent + over;
  const base = 1 + upper / 2;
  const a = withHighWord(normal, high);
  let u = a - base;
  let v = 1 / (a + base);
  const s = u * v;
  const sHigh = withoutLowWord(s);
  let tHigh = withHighWord(0, ((high >> 1) | 0x20000000) + 0x00080000 + (upper << 18));
  let tLow = a - (tHigh - base);
  const sLow = v * (u - sHigh * tHigh - sHigh * tLow);
  const s2 = s * s;
  const series =
    0.5999999999999946 +
    s2 *
      (0.4285714285785502 + s2 * (0.33333332981837743 + s2 * (0.272728123808534 + s2 * (0.23066074577556175 + s2 * 0.20697501780033842))));
  const rest = s2 * s2 * series + sLow * (sHigh + s);
  const square = sHigh * sHigh;
  tHigh = withoutLowWord(3 + square + rest);
  tLow = rest - (tHigh - 3 - square);
  u = sHigh * tHigh;
  v = sLow * tHigh + tLow * s;
  const pHigh = withoutLowWord(u + v);
  const pLow = v - (pHigh - u);
  const zHigh = 0.9617967009544373 * pHigh;
  const zLow = -7.028461650952758e-9 * pHigh + pLow * 0.9617966939259756 + upper * 1.350039202129749e-8;
  const baseHigh = upper * 0.5849624872207642;
  const first = withoutLowWord(zHigh + zLow + baseHigh + n);
  return [first, zLow - (first - n - baseHigh - zHigh)];
}

/**
 * x^y of x ≥ 0 after fdlibm's e_pow.c, within 1 ulp: the same bits on every engine, as {@link exp}. `**` gives others on Node 22 and on Node 24. Of x < 0 it
 * is NaN, whatever y is.
 */
export function power(x: number, y: number): number {
  if (y === 0 || x === 1) return 1;
  if (!(x >= 0) || Number.isNaN(y)) return Number.NaN;
  if (x === 0 || Math.max(x, Math.abs(y)) === Number.POSITIVE_INFINITY) return x < 1 === y > 0 ? 0 : Number.POSITIVE_INFINITY;
  if (y === 1) return x;
  if (y === 2) return x * x;
  if (y === 0.5) return Math.sqrt(x);
  if (y === -1) return 1 / x;
  const [first, second] = logPair(x);
  const yHigh = withoutLowWord(y);
  const pLow = (y - yHigh) * first + y * second;
  let pHigh = yHigh * first;
  const z = pLow + pHigh;
  // At 1024 and −1075 themselves, the last product overflows or vanishes where it must.
  if (z > 1024) return Number.POSITIVE_INFINITY;
  if (z < -1075) return 0;
  // 2^(pHigh + pLow), its whole part apart.
  const n = Math.abs(z) > 0.5 ? Math.sign(z) * Math.floor(Math.abs(z) + 0.5) : 0;
  pHigh -= n;
  const t = withoutLowWord(pLow + pHigh);
  const u = t * 0.6931471824645996;
  const v = (pLow - (t - pHigh)) * Math.LN2 + t * -1.904654299957768e-9;
  const w = u + v;
  const left = v - (w - u);
  const c = expSeries(w);
  const mantissa = 1 - ((w * c) / (c - 2) - (left + w * left) - w);
  return timesPowerOf2(mantissa, n);
}
