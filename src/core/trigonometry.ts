import { highWord, withHighWord } from "./doubles.ts";

/** sin of x + y, |x| ≤ π/4, y its rest: fdlibm's k_sin.c. */
function sineNear(x: number, y: number): number {
  if (Math.abs(x) < 2 ** -27) return x;
  const z = x * x;
  const v = z * x;
  const r =
    0.00833333333332249 +
    z * (-0.0001984126982985795 + z * (2.7557313707070068e-6 + z * (-2.5050760253406863e-8 + z * 1.58969099521155e-10)));
  if (y === 0) return x + v * (-0.16666666666666632 + z * r);
  return x - (z * (0.5 * y - v * r) - y - v * -0.16666666666666632);
}

/** cos of x + y, |x| ≤ π/4, y its rest: fdlibm's k_cos.c. */
function cosineNear(x: number, y: number): number {
  const size = highWord(x) & 0x7fffffff;
  if (size < 0x3e400000) return 1;
  const z = x * x;
  const r =
    z *
    (0.0416666666666666 +
      z *
        (-0.001388888888887411 +
          z * (2.480158728947673e-5 + z * (-2.7557314351390663e-7 + z * (2.087572321298175e-9 + z * -1.1359647557788195e-11)))));
  if (size < 0x3fd33333) return 1 - (0.5 * z - (z * r - x * y));
  const q = size > 0x3fe90000 ? 0.28125 : withHighWord(0, size - 0x00200000);
  return 1 - q - (0.5 * z - q - (z * r - x * y));
}

/** The quadrant of x, and what is left of it in two doubles: fdlibm's e_rem_pio2.c for |x| below 2¹⁹ π; beyond, x is first taken modulo 2π, to fewer digits. */
function reduce(x: number): readonly [number, number, number] {
  const size = Math.abs(x) < 1647099 ? Math.abs(x) : Math.abs(x) % (2 * Math.PI);
  if (size <= 0.7853981633974483) return [0, x < 0 ? -size : size, 0];
  const n = Math.trunc(size * 0.6366197723675814 + 0.5);
  let r = size - n * 1.5707963267341256;
  let w = n * 6.077100506506192e-11;
  let first = r - w;
  const exponent = highWord(size) >> 20;
  const lost = (): number => exponent - ((highWord(first) >> 20) & 0x7ff);
  if (lost() > 16) {
    let t = r;
    w = n * 6.077100506303966e-11;
    r = t - w;
    w = n * 2.0222662487959506e-21 - (t - r - w);
    first = r - w;
    if (lost() > 49) {
      t = r;
      w = n * 2.0222662487111665e-21;
      r = t - w;
      w = n * 8.4784276603689e-32 - (t - r - w);
      first = r - w;
    }
  }
  const second = r - first - w;
  return x < 0 ? [-n & 3, -first, -second] : [n & 3, first, second];
}

/** sin x after fdlibm, within 1 ulp: the same bits on every engine, as `exp`. */
export function sine(x: number): number {
  if (!Number.isFinite(x)) return Number.NaN;
  const [quadrant, first, second] = reduce(x);
  const value = quadrant & 1 ? cosineNear(first, second) : sineNear(first, second);
  return quadrant & 2 ? -value : value;
}

/** cos x after fdlibm, within 1 ulp: the same bits on every engine, as `exp`. */
export function cosine(x: number): number {
  if (!Number.isFinite(x)) return Number.NaN;
  const [quadrant, first, second] = reduce(x);
  const value = quadrant & 1 ? sineNear(first, second) : cosineNear(first, second);
  return quadrant === 1 || quadrant === 2 ? -value : value;
}

/** Where arctangents are expanded: [from |x| on, atan of the centre in two doubles]. */
const centres = [
  [0.4375, 0.4636476090008061, 2.2698777452961687e-17],
  [0.6875, 0.7853981633974483, 3.061616997868383e-17],
  [1.1875, 0.982793723247329, 1.3903311031230998e-17],
  [2.4375, 1.5707963267948966, 6.123233995736766e-17],
] as const;

/** atan of x ≥ 0: fdlibm's s_atan.c. */
function arctangent(x: number): number {
  if (x < 2 ** -27) return x;
  let c = -1;
  while (c < 3 && x >= centres[c + 1][0]) c++;
  const t = c < 0 ? x : c === 0 ? (2 * x - 1) / (2 + x) : c === 1 ? (x - 1) / (x + 1) : c === 2 ? (x - 1.5) / (1 + 1.5 * x) : -1 / x;
  const z = t * t;
  const w = z * z;
  const odd =
    z *
    (0.3333333333333293 +
      w *
        (0.14285714272503466 +
          w * (0.09090887133436507 + w * (0.06661073137387531 + w * (0.049768779946159324 + w * 0.016285820115365782)))));
  const even =
    w *
    (-0.19999999999876483 +
      w * (-0.11111110405462356 + w * (-0.0769187620504483 + w * (-0.058335701337905735 + w * -0.036531572744216916))));
  if (c < 0) return t - t * (odd + even);
  return centres[c][1] - (t * (odd + even) - centres[c][2] - t);
}

/** The angle of the point (x, y), −π … π: the same bits on every engine, as `exp`. */
export function angleOf(y: number, x: number): number {
  if (Number.isNaN(x) || Number.isNaN(y)) return Number.NaN;
  if (y === 0) return x > 0 || Object.is(x, 0) ? y : Object.is(y, -0) ? -Math.PI : Math.PI;
  const ratio = Math.abs(y / x);
  if (ratio >= 2 ** 60) return y < 0 ? -Math.PI / 2 : Math.PI / 2;
  const steep = arctangent(ratio);
  const angle = x < 0 ? Math.PI - (steep - 1.2246467991473532e-16) : steep;
  return y < 0 ? -angle : angle;
}
