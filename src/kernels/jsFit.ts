import type { KernelMemory, Kernels } from "./kernels.ts";

/** One problem's sizes and the places (indices into f64) of its parts: the twin of `Problem` in kernels.c. */
interface Problem {
  readonly n: number;
  readonly k: number;
  readonly kp: number;
  readonly size: number;
  readonly intercept: number;
  readonly c: number;
  readonly gram: number;
  readonly weight: number;
  /** Index into i32. */
  readonly y: number;
  readonly lower: number;
  readonly upper: number;
  readonly inverse: number;
  readonly one: number;
  readonly half: number;
  readonly pairs: number;
  model: number;
  ridge: number;
  ones: number;
}

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

/** out = M V over n rows of kp columns. */
function applyGram(f64: Float64Array, m: number, n: number, v: number, kp: number, out: number): void {
  for (let i = 0; i < n; i++) {
    const row = m + i * n;
    for (let c = 0; c < kp; c += 2) {
      let s = 0;
      let t = 0;
      let at = v + c;
      for (let j = 0; j < n; j++, at += kp) {
        const f = f64[row + j];
        s += f * f64[at];
        t += f * f64[at + 1];
      }
      f64[out + i * kp + c] = s;
      f64[out + i * kp + c + 1] = t;
    }
  }
}

function solveTriangle(f64: Float64Array, l: number, inverse: number, n: number, r: number, kp: number, out: number, down: boolean): void {
  const by = down ? -1 : 1;
  const stride = by * kp;
  const first = down ? n - 1 : 0;
  for (let step = 0; step < n; step += 2) {
    const i = first + by * step;
    const other = step + 1 < n ? i + by : i;
    for (let c = 0; c < kp; c += 2) {
      let s0 = f64[r + i * kp + c];
      let s1 = f64[r + i * kp + c + 1];
      let t0 = f64[r + other * kp + c];
      let t1 = f64[r + other * kp + c + 1];
      let l0 = l + i * n + first;
      let l1 = l + other * n + first;
      let at = out + first * kp + c;
      for (let j = 0; j < step; j++, l0 += by, l1 += by, at += stride) {
        const a = f64[l0];
        const b = f64[l1];
        const x = f64[at];
        const y = f64[at + 1];
        s0 -= a * x;
        s1 -= a * y;
        t0 -= b * x;
        t1 -= b * y;
      }
      s0 *= f64[inverse + i];
      s1 *= f64[inverse + i];
      f64[out + i * kp + c] = s0;
      f64[out + i * kp + c + 1] = s1;
      if (other === i) continue;
      const b = f64[l1];
      f64[out + other * kp + c] = (t0 - b * s0) * f64[inverse + other];
      f64[out + other * kp + c + 1] = (t1 - b * s1) * f64[inverse + other];
    }
  }
}

function dot(f64: Float64Array, a: number, b: number, length: number): number {
  let even = 0;
  let odd = 0;
  for (let j = 0; j < length; j += 2) {
    even += f64[a + j] * f64[b + j];
    odd += f64[a + j + 1] * f64[b + j + 1];
  }
  return even + odd;
}

function factorise(f64: Float64Array, t: Problem): void {
  const { n, lower: l, upper, inverse, one, half, pairs, gram } = t;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) f64[l + i * n + j] = t.model * f64[gram + i * n + j];
    f64[l + i * n + i] += 1 + t.model * t.ridge;
  }
  // Column after column; kernels.c takes four at a time, which changes no sum.
  for (let p = 0; p < n; p++) {
    const pivot = Math.sqrt(f64[l + p * n + p]);
    const reciprocal = 1 / pivot;
    f64[l + p * n + p] = pivot;
    f64[inverse + p] = reciprocal;
    const column = upper + p * n;
    f64[column + p] = pivot;
    for (let i = p + 1; i < n; i++) {
      f64[l + i * n + p] *= reciprocal;
      f64[column + i] = f64[l + i * n + p];
    }
    for (let i = p + 1; i < n; i++) {
      const f = f64[column + i];
      const row = l + i * n;
      for (let j = p + 1; j <= i; j++) f64[row + j] -= f * f64[column + j];
    }
  }
  if (!t.intercept) return;
  for (let i = 0; i < n; i++) {
    f64[half + 2 * i] = 1;
    f64[half + 2 * i + 1] = 0;
  }
  solveTriangle(f64, l, inverse, n, half, 2, pairs, false);
  solveTriangle(f64, upper, inverse, n, pairs, 2, half, true);
  t.ones = 0;
  for (let i = 0; i < n; i++) {
    f64[one + i] = f64[half + 2 * i];
    t.ones += f64[one + i];
  }
}

function precondition(f64: Float64Array, t: Problem, r: number, z: number, zb: number, uz: number, direct: boolean): void {
  const { n, kp } = t;
  solveTriangle(f64, t.lower, t.inverse, n, r, kp, t.half, false);
  solveTriangle(f64, t.upper, t.inverse, n, t.half, kp, z, true);
  if (t.intercept) {
    for (let c = 0; c < kp; c++) {
      let s = 0;
      for (let i = 0; i < n; i++) s += f64[z + i * kp + c];
      f64[zb + c] = s / t.ones;
    }
    for (let i = 0; i < n; i++) for (let c = 0; c < kp; c++) f64[z + i * kp + c] -= f64[t.one + i] * f64[zb + c];
    for (let c = 0; c < kp; c++) f64[zb + c] /= t.model;
  }
  if (direct) {
    applyGram(f64, t.gram, n, z, kp, uz);
    for (let j = 0; j < t.size; j++) f64[uz + j] += t.ridge * f64[z + j];
    if (t.intercept) for (let i = 0; i < n; i++) for (let c = 0; c < kp; c++) f64[uz + i * kp + c] += f64[zb + c];
  } else {
    const inverse = 1 / t.model;
    for (let j = 0; j < t.size; j++) f64[uz + j] = (f64[r + j] - f64[z + j]) * inverse;
  }
}

function softmaxResidual(f64: Float64Array, i32: Int32Array, t: Problem, z: number, a: number, p: number, g: number): number {
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

function certify(
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

/** The exact softmax fit in TypeScript: the twin of `fit` in kernels.c, to the bit; its comments are there. */
export function createJsFit(memory: KernelMemory): Kernels["fit"] {
  return (n, k, kp, gramAt, yAt, weightAt, c, intercept, warm, tolerance, maxIter, aAt, bAt, work, infoAt) => {
    const { f64, i32 } = memory;
    const size = n * kp;
    const even = n + (n & 1);
    const [a, b, info, gram, weight] = [aAt >> 3, bAt >> 3, infoAt >> 3, gramAt >> 3, weightAt >> 3];
    const lower = work >> 3;
    const upper = lower + n * n;
    const inverse = upper + n * n;
    const one = inverse + even;
    const half = one + even;
    const z = half + size + even;
    const [p, g, r, s] = [z + size, z + 2 * size, z + 3 * size, z + 4 * size];
    const [us, d, ud, q] = [z + 5 * size, z + 6 * size, z + 7 * size, z + 8 * size];
    const [x, ux] = [z + 9 * size, z + 10 * size];
    const sb = z + 11 * size;
    const db = sb + kp;
    const xb = db + kp;
    const t: Problem = {
      n,
      k,
      kp,
      size,
      intercept,
      c,
      gram,
      weight,
      y: yAt >> 2,
      lower,
      upper,
      inverse,
      one,
      half,
      pairs: x,
      model: 0,
      ridge: 0,
      ones: 1,
    };
    for (let j = 0; j < 3 * kp; j++) f64[sb + j] = 0;
    for (let j = k; j < kp; j++) f64[b + j] = -1e300;

    let totalWeight = 0;
    let scale = 0;
    let largest = 0;
    let trace = 0;
    for (let i = 0; i < n; i++) {
      const own = f64[gram + i * n + i];
      totalWeight += f64[weight + i];
      scale += f64[weight + i] * Math.sqrt(own);
      trace += own;
      largest = own > largest ? own : largest;
    }
    scale *= c;

    t.ridge = Math.min(0.01 / c, (1e-3 * trace) / n);
    const logits = (): void => {
      for (let i = 0; i < n; i++) for (let j = 0; j < kp; j++) f64[z + i * kp + j] += f64[b + j];
    };
    if (warm) applyGram(f64, gram, n, a, kp, z);
    else f64.fill(0, z, z + size);
    logits();
    let curvature = softmaxResidual(f64, i32, t, z, a, p, g);
    let first = 0;
    let best = 1e300;
    let gradient = 0;
    let length = 0;
    let gw = 0;
    let gb = 0;
    let iterations = 0;
    let evaluations = 1;
    let steps = 0;
    let converged = 0;
    let stalled = 0;
    let fresh = true;
    for (;;) {
      gb = 0;
      if (intercept) {
        for (let j = 0; j < k; j++) {
          let v = 0;
          for (let i = 0; i < n; i++) v += f64[g + i * kp + j];
          gb += v * v;
        }
      }
      gb = Math.sqrt(gb);
      const aa = dot(f64, a, z, size);
      length = Math.sqrt(aa > 0 ? aa : 0);
      const goal = tolerance * length > 1e-15 * scale ? tolerance * length : 1e-15 * scale;
      const goalB = tolerance * c * totalWeight;
      gw = Math.sqrt(trace * dot(f64, g, g, size));
      if (gw > goal && gw < 100 * goal) {
        applyGram(f64, gram, n, g, kp, q);
        const squared = dot(f64, g, q, size);
        gw = Math.sqrt(squared > 0 ? squared : 0);
      }
      gradient = Math.sqrt(gw * gw + gb * gb);
      if (gw <= goal && gb <= goalB) {
        if (fresh || iterations <= 12) {
          converged = 1;
          break;
        }
        applyGram(f64, gram, n, a, kp, z);
        logits();
        curvature = softmaxResidual(f64, i32, t, z, a, p, g);
        evaluations++;
        fresh = true;
        continue;
      }
      if (iterations === 0) first = gradient;
      if (gradient < 0.5 * best) {
        best = gradient;
        stalled = 0;
      } else stalled++;
      if (iterations >= maxIter || stalled > 12 || !(gradient < 1e300)) {
        converged = gw <= 1e-8 * scale && gb <= 1e-8 * c * totalWeight ? 1 : 0;
        break;
      }
      iterations++;

      const wanted = c * (curvature > 1e-12 ? curvature : 1e-12);
      if (t.model === 0 || wanted > 1.5 * t.model || wanted < t.model / 1.5) {
        t.model = wanted;
        factorise(f64, t);
      }
      const direct = t.model * largest < 1e-3;
      let forcing = gradient / first < 0.1 ? gradient / first : 0.1;
      const enough = (0.3 * (goal > goalB ? goal : goalB)) / gradient;
      if (forcing < enough) forcing = enough;
      for (let j = 0; j < size; j++) {
        f64[r + j] = -f64[g + j];
        f64[d + j] = 0;
        f64[ud + j] = 0;
      }
      for (let j = 0; j < kp; j++) f64[db + j] = 0;
      precondition(f64, t, r, x, xb, ux, direct);
      f64.copyWithin(s, x, x + size);
      f64.copyWithin(us, ux, ux + size);
      f64.copyWithin(sb, xb, xb + kp);
      let rho = dot(f64, r, us, size);
      const stop = forcing * forcing * rho;
      const most = size + 20 < 500 ? size + 20 : 500;
      for (let step = 0; step < most && rho > 0; step++) {
        steps++;
        for (let i = 0; i < n; i++) {
          const at = i * kp;
          const f = c * f64[weight + i];
          const mean = dot(f64, p + at, us + at, kp);
          for (let j = at; j < at + kp; j++) f64[q + j] = f64[s + j] + f * (f64[p + j] * (f64[us + j] - mean));
        }
        const curve = dot(f64, q, us, size);
        if (!(curve > 0)) break;
        const alpha = rho / curve;
        for (let j = 0; j < size; j++) {
          f64[d + j] += alpha * f64[s + j];
          f64[ud + j] += alpha * f64[us + j];
          f64[r + j] -= alpha * f64[q + j];
        }
        for (let j = 0; j < kp; j++) f64[db + j] += alpha * f64[sb + j];
        if (dot(f64, r, r, size) <= stop * t.model) break;
        precondition(f64, t, r, x, xb, ux, direct);
        const next = dot(f64, r, ux, size);
        if (next <= stop) break;
        const beta = next / rho;
        rho = next;
        for (let j = 0; j < size; j++) {
          f64[s + j] = f64[x + j] + beta * f64[s + j];
          f64[us + j] = f64[ux + j] + beta * f64[us + j];
        }
        for (let j = 0; j < kp; j++) f64[sb + j] = f64[xb + j] + beta * f64[sb + j];
      }

      for (let j = 0; j < size; j++) f64[ud + j] -= t.ridge * f64[d + j];
      const slope = dot(f64, g, ud, size);
      let widest = 0;
      let farthest = 0;
      for (let i = 0; i < n; i++) {
        for (let j = i * kp; j < i * kp + k; j++) {
          const at = f64[z + j] < 0 ? -f64[z + j] : f64[z + j];
          const by = f64[ud + j] < 0 ? -f64[ud + j] : f64[ud + j];
          widest = at > widest ? at : widest;
          farthest = by > farthest ? by : farthest;
        }
      }
      const reach = 2 * widest + 4 * k + 32;
      let taken = farthest > reach ? reach / farthest : 1;
      f64.copyWithin(x, a, a + size);
      f64.copyWithin(ux, z, z + size);
      for (let tries = 0; ; tries++) {
        for (let j = 0; j < size; j++) {
          f64[a + j] = f64[x + j] + taken * f64[d + j];
          f64[z + j] = f64[ux + j] + taken * f64[ud + j];
        }
        curvature = softmaxResidual(f64, i32, t, z, a, p, g);
        evaluations++;
        const now = dot(f64, g, ud, size);
        if (now <= (taken * farthest > 1 ? 0 : -0.1 * slope) || tries === 40) break;
        const shrink = slope / (slope - now);
        taken *= shrink > 0.9 ? 0.9 : shrink > 0.1 ? shrink : 0.1;
      }
      for (let j = 0; j < k; j++) f64[b + j] += taken * f64[db + j];
      fresh = false;
    }
    if (intercept && tolerance > 1e-9) certify(f64, t, p, x, [gw, gb, trace, largest, length], info);
    let mean = 0;
    for (let j = 0; j < k; j++) mean += f64[b + j];
    mean /= k;
    for (let j = 0; j < k; j++) f64[b + j] -= mean;
    for (let j = k; j < kp; j++) f64[b + j] = 0;
    f64[info] = iterations;
    f64[info + 1] = converged;
    f64[info + 2] = gradient;
    f64[info + 3] = evaluations;
    f64[info + 4] = steps;
  };
}
