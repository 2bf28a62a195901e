import { applyGram, dot, factorise, type Problem, precondition } from "./jsProblem.ts";
import { certify, softmaxResidual } from "./jsSoftmax.ts";
import type { KernelMemory, Kernels } from "./kernels.ts";

/** The exact softmax fit in TypeScript: the twin of `fit` in kernels.c, to the bit; its comments are there. */
export function createJsFit(memory: KernelMemory): Kernels["fit"] {
  return (n, k, kp, gramAt, yAt, weightAt, c, intercept, warm, tolerance, maxIter, aAt, bAt, work, infoAt) => {
    const { f64, i32 } = memory;
    const size = n * kp;
    const even = n + (n & 1);
    const [a, b, info, gram, weight] = [aAt >>> 3, bAt >>> 3, infoAt >>> 3, gramAt >>> 3, weightAt >>> 3];
    const lower = work >>> 3;
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
      y: yAt >>> 2,
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
