import { exp } from "../core/exp.ts";
import { cosh, sinh } from "../core/hyperbolic.ts";
import { log } from "../core/log.ts";
import { angleOf, cosine, sine } from "../core/trigonometry.ts";
import { marginExponent, marginSaddle } from "./marginSaddle.ts";
import type { MarginTerms } from "./marginTerms.ts";

/** ln E exp(zS) of the first `count` dimensions at complex z, Im z ≥ 0, into out[0] + i·out[1]. */
function logTransformInto(out: Float64Array, terms: MarginTerms, count: number, zr: number, zi: number): void {
  const { upper, lower, signal, slope } = terms;
  let er = 0;
  let ei = 0;
  let pr = 1;
  let pi = 0;
  let square = 1;
  let logs = 0;
  let turns = 0;
  for (let i = 0; i < count; i++) {
    const p = upper[i];
    const r = lower[i];
    const a = 1 - p * zr;
    const b = 1 - r * zr;
    const dr = a * b - p * r * zi * zi;
    const di = -zi * (p * b + r * a);
    const norm = dr * dr + di * di;
    const ur = signal[i] + 0.5 * slope[i] * zr;
    const ui = 0.5 * slope[i] * zi;
    const nr = ur * zr - ui * zi;
    const ni = ur * zi + ui * zr;
    const inverse = 1 / norm;
    er += (nr * dr + ni * di) * inverse;
    ei += (ni * dr - nr * di) * inverse;
    // One logarithm of the product of all D instead of one of each: |arg D| < π, so signs tell when the product's argument wraps.
    const next = pr * di + pi * dr;
    pr = pr * dr - pi * di;
    if (di >= 0) {
      if (pi >= 0 && next < 0) turns++;
    } else if (pi < 0 && next >= 0) turns--;
    pi = next;
    square *= norm;
    if (square > 1e100 || square < 1e-100) {
      const scale = 1 / Math.sqrt(square);
      logs += log(square);
      pr *= scale;
      pi *= scale;
      square = 1;
    }
  }
  out[0] = er - 0.25 * (logs + log(square));
  out[1] = ei - 0.5 * (angleOf(pi, pr) + 2 * Math.PI * turns);
}

/**
 * P(S < 0) of the first `count` dimensions, a tie counting half: the inversion integral of the moment generating function (Gil-Pelaez 1951, Imhof
 * 1961) taken through its saddle point (Rice 1980) along a hyperbola that bends away from growth, by the trapezoidal rule in w,
 * z = saddle + width·(i·sinh w − bend·(cosh w − 1)). It converges geometrically in the number of nodes, so that far tails are relatively exact.
 *
 * @param terms - at least `count` entries each; as `marginTerms` makes them
 */
export function marginTail(terms: MarginTerms, count: number): number {
  const { upper, lower, signal } = terms;
  let mean = 0;
  let lowest = 0;
  for (let i = 0; i < count; i++) {
    mean += 0.5 * (upper[i] + lower[i]) + signal[i];
    lowest = Math.min(lowest, lower[i]);
  }
  // With no lower root the true class's query sits on its own mean: S = ½‖â − b̂‖² cannot be negative.
  if (lowest === 0) return mean > 0 ? 0 : 0.5;
  const side = mean < 0 ? 1 : -1;
  const centre = marginSaddle(terms, count, side);
  const [peak, , f2, f3] = marginExponent(terms, count, centre);
  if (peak + log(Math.abs(centre)) < -745) return side < 0 ? 0 : 1;
  const width = 1 / Math.sqrt(f2);
  const bend = Math.min(0.55, Math.max(0.2, (-width * f3) / (3 * f2)));

  const value = new Float64Array(2);
  let size = 0;
  const node = (w: number): number => {
    const [sinhW, coshW] = [sinh(w), cosh(w)];
    const zr = centre - width * bend * (coshW - 1);
    const zi = width * sinhW;
    logTransformInto(value, terms, count, zr, zi);
    // dz / (±z), with z′ = width·(i·cosh w − bend·sinh w).
    const scale = (side * width) / (zr * zr + zi * zi);
    const jr = scale * (coshW * zi - bend * sinhW * zr);
    const ji = scale * (coshW * zr + bend * sinhW * zi);
    const magnitude = exp(value[0] - peak);
    size = magnitude * Math.sqrt(jr * jr + ji * ji);
    return magnitude * (jr * sine(value[1]) + ji * cosine(value[1]));
  };

  let h = 0.2;
  let reach = 0;
  let sum = 0.5 * node(0);
  for (let j = 1, small = 0; small < 2 && j < 1000; j++) {
    sum += node(j * h);
    small = size < 1e-15 * Math.abs(sum) ? small + 1 : 0;
    reach = j * h;
  }
  let integral = h * sum;
  for (let level = 0; level < 9; level++) {
    for (let w = 0.5 * h; w < reach; w += h) sum += node(w);
    h *= 0.5;
    const finer = h * sum;
    // Geometric convergence: the finer sum's error is about the square of their difference.
    const close = Math.abs(finer - integral) <= 1e-7 * Math.abs(finer);
    integral = finer;
    if (close) break;
  }
  const tail = Math.max(0, (exp(peak) * integral) / Math.PI);
  return side < 0 ? Math.min(1, tail) : Math.max(0, 1 - tail);
}
