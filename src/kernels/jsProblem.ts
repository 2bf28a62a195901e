/** One problem's sizes and the places (indices into f64) of its parts: the twin of `Problem` in kernels.c. */
export interface Problem {
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

/** out = M V over n rows of kp columns. */
export function applyGram(f64: Float64Array, m: number, n: number, v: number, kp: number, out: number): void {
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

/** Two rows at a time, upwards or downwards. */
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

/** Σ a[j] · b[j] over an even length, in two lanes. */
export function dot(f64: Float64Array, a: number, b: number, length: number): number {
  let even = 0;
  let odd = 0;
  for (let j = 0; j < length; j += 2) {
    even += f64[a + j] * f64[b + j];
    odd += f64[a + j + 1] * f64[b + j + 1];
  }
  return even + odd;
}

/** l lᵀ = I + model · gram, its transpose, the reciprocals of its diagonal, and one = (I + model · gram)⁻¹ 1. */
export function factorise(f64: Float64Array, t: Problem): void {
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

/** The model's exact solution z (and its intercept step zb) for the residual r, and uz = gram z + zb: the step in logits. */
export function precondition(f64: Float64Array, t: Problem, r: number, z: number, zb: number, uz: number, direct: boolean): void {
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
