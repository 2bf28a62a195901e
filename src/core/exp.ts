import { highWord, timesPowerOf2 } from "./doubles.ts";

/** ln 2, in two doubles. */
export const ln2High = 0.6931471803691238;
export const ln2Low = 1.9082149292705877e-10;

/** r − t · P(t), t = r²: what e^r, |r| ≤ ½ ln 2, is made of. */
export function expSeries(r: number): number {
  const t = r * r;
  const series =
    0.16666666666666602 +
    t * (-0.0027777777777015593 + t * (6.613756321437934e-5 + t * (-1.6533902205465252e-6 + t * 4.1381367970572385e-8)));
  return r - t * series;
}

/**
 * e^x after fdlibm's e_exp.c, within 1 ulp: sums and products alone, so that every engine gives the same bits. `Math.exp` does not: V8 has changed its last
 * digits between versions, and the language leaves them open.
 */
export function exp(x: number): number {
  if (!(x <= 709.782712893384)) return x > 0 ? Number.POSITIVE_INFINITY : x;
  if (x < -745.1332191019411) return 0;
  const size = highWord(x) & 0x7fffffff;
  let [high, low, k] = [x, 0, 0];
  if (size > 0x3fd62e42) {
    if (size < 0x3ff0a2b2) {
      if (x === 1) return Math.E;
      k = x < 0 ? -1 : 1;
    } else k = Math.trunc(Math.LOG2E * x + (x < 0 ? -0.5 : 0.5));
    high = x - k * ln2High;
    low = k * ln2Low;
  } else if (size < 0x3e300000) return 1 + x;
  const r = high - low;
  const c = expSeries(r);
  const y = 1 - (low - (r * c) / (2 - c) - high);
  return timesPowerOf2(y, k);
}
