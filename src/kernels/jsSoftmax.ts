import type { Problem } from "./jsProblem.ts";

const scratch = /* @__PURE__ */ new Float64Array(1);
const scratchBits = /* @__PURE__ */ new Int32Array(scratch.buffer);
/** The upper half of a double in memory: 1 on every platform that runs JavaScript today. */
const upperHalf = 1;

/** exp(x) for x ≤ 0 after fdlibm, the same operations as kernels.c's `exp2lanes`, so that both kernels give the same bits. */
export function expNegative(x: number): number {
  if (x < -708) return 0;
  const n = Math.floor(x * 1.4426950408889634 + 0.5);
  const hi = x - n * 6.9314718036912382e-1;
  const lo = n * 1.9082149292705877e-10;
  const r = hi - lo;
  const t = r * r;
  const c =
    r -
    t *
      (1.6666666666666602e-1 +
        t * (-2.7777777777015593e-3 + t * (6.6137563214379344e-5 + t * (-1.6533902205465252e-6 + t * 4.1381367970572385e-8))));
  const y = 1 - (lo - (r * c) / (2 - c) - hi);
  scratchBits[upperHalf] = (n + 1023) << 20;
  return y * scratch[0];
}

/** p = softmax(z) by rows, g = a + c · weight · (p − y); returns the model's curvature. */
export function softmaxResidual(f64: Float64Array, i32: Int32Array, t: Problem, z: number, a: number, p: number, g: number): number {
  const { n, k, kp } = t;
  let curvature = 0;
  for (let i = 0; i < n; i++) {
    const zi = z + i * kp;
    const pi = p + i * kp;
    const gi = g + i * kp;
    const ai = a + i * kp;
    let most = f64[zi];
    for (let c = 1; c < k; c++) most = f64[zi + c] > most ? f64[zi + c] : most;
    let even = 0;
    let odd = 0;
    for (let c = 0; c < kp; c += 2) {
      const e0 = expNegative(f64[zi + c] - most);
      const e1 = expNegative(f64[zi + c + 1] - most);
      f64[pi + c] = e0;
      f64[pi + c + 1] = e1;
      even += e0;
      odd += e1;
    }
    const inverse = 1 / (even + odd);
    const weight = f64[t.weight + i];
    const f = t.c * weight;
    let squaredEven = 0;
    let squaredOdd = 0;
    for (let c = 0; c < kp; c += 2) {
      const p0 = f64[pi + c] * inverse;
      const p1 = f64[pi + c + 1] * inverse;
      f64[pi + c] = p0;
      f64[pi + c + 1] = p1;
      squaredEven += p0 * p0;
      squaredOdd += p1 * p1;
      f64[gi + c] = f64[ai + c] + f * p0;
      f64[gi + c + 1] = f64[ai + c + 1] + f * p1;
    }
    const y = i32[t.y + i];
    f64[gi + y] = f64[ai + y] + f * (f64[pi + y] - 1);
    curvature += weight * (1 - (squaredEven + squaredOdd));
  }
  return curvature / (n * (k - 1));
}

/** How far from the optimum an answer may be: the bounds, and why they hold, are in kernels.c. */
export function certify(
  f64: Float64Array,
  t: Problem,
  p: number,
  sums: number,
  [gw, gb, trace, largest, length]: readonly [number, number, number, number, number],
  info: number,
): void {
  const { n, k, kp } = t;
  f64.fill(1e300, info + 5, info + 7);
  if (k > 64) return;
  let least = 1e300;
  let most = 0;
  for (let a = 0; a < k; a++) {
    f64.fill(0, sums, sums + kp);
    let own = 0;
    for (let i = 0; i < n; i++) {
      const share = f64[t.weight + i] * f64[p + i * kp + a];
      own += share * f64[t.gram + i * n + i];
      for (let b = 0; b < kp; b++) f64[sums + b] += share * f64[p + i * kp + b];
    }
    most = own > most ? own : most;
    for (let b = 0; b < k; b++) if (b !== a) least = f64[sums + b] < least ? f64[sums + b] : least;
  }
  let heaviest = 0;
  for (let i = 0; i < n; i++) heaviest = f64[t.weight + i] > heaviest ? f64[t.weight + i] : heaviest;
  const curvature = least * k;
  const by = (1.25 * gb) / (t.c * curvature);
  const far = gw + 1.25 * gb * Math.sqrt((0.5 * trace * heaviest) / curvature) + 1e-8 * length;
  const shift = far * Math.sqrt((1.25 * most) / curvature) + by;
  if (!(2 * (far * Math.sqrt(largest) + shift) < 0.05)) return;
  f64[info + 5] = far;
  f64[info + 6] = shift;
}
