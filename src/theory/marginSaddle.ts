import { log } from "../core/log.ts";
import type { MarginTerms } from "./marginTerms.ts";

/** f = ln E exp(zS) − ln|z| of the first `count` dimensions at real z, with its first three derivatives. */
export function marginExponent(terms: MarginTerms, count: number, z: number): [number, number, number, number] {
  const { upper, lower, signal, slope } = terms;
  let f0 = -log(Math.abs(z));
  let f1 = -1 / z;
  let f2 = 1 / (z * z);
  let f3 = -2 / (z * z * z);
  for (let i = 0; i < count; i++) {
    const a = 1 - upper[i] * z;
    const b = 1 - lower[i] * z;
    const d = 1 / (a * b);
    const p = upper[i] / a;
    const r = lower[i] / b;
    // q = N/D: its derivatives by differentiating N = q·D, with D′/D = −(p + r) and D″/D = 2·p·r.
    const q0 = (signal[i] + 0.5 * slope[i] * z) * z * d;
    const q1 = (signal[i] + slope[i] * z) * d + q0 * (p + r);
    const q2 = slope[i] * d + 2 * q1 * (p + r) - 2 * q0 * p * r;
    const q3 = 3 * q2 * (p + r) - 6 * q1 * p * r;
    f0 += q0 - 0.5 * log(a * b);
    f1 += q1 + 0.5 * (p + r);
    f2 += q2 + 0.5 * (p * p + r * r);
    f3 += q3 + p * p * p + r * r * r;
  }
  return [f0, f1, f2, f3];
}

/**
 * Where f′ = 0 between 0 and the nearest singularity on `side`: f is convex there, so safeguarded Newton from the normal approximation finds it.
 * Since P(S < 0) ≤ E exp(zS) for every z < 0 (Chernoff), it stops where that bound underflows.
 *
 * @param side - −1 to invert P(S < 0), 1 to invert P(S > 0)
 */
export function marginSaddle(terms: MarginTerms, count: number, side: -1 | 1): number {
  const { upper, lower, signal, slope } = terms;
  let mean = 0;
  let variance = 0;
  let bound = 0;
  for (let i = 0; i < count; i++) {
    const trace = upper[i] + lower[i];
    mean += 0.5 * trace + signal[i];
    variance += 0.5 * (upper[i] * upper[i] + lower[i] * lower[i]) + slope[i] + 2 * signal[i] * trace;
    bound = Math.max(bound, side > 0 ? upper[i] : -lower[i]);
  }
  let near = 0;
  let far = side / bound;
  let z = (2 * side) / (Math.sqrt(mean * mean + 4 * variance) - side * mean);
  if (!(z / far < 0.5)) z = 0.5 * far;
  for (let i = 0; i < 100; i++) {
    const [f0, f1, f2] = marginExponent(terms, count, z);
    if (f0 + log(Math.abs(z)) < -760) break;
    if (side * f1 < 0) near = z;
    else far = z;
    // Close enough in units of the integrand's width: any contour through here gives the same integral.
    if (Math.abs(f1) < 1e-4 * Math.sqrt(f2)) break;
    const next = z - f1 / f2;
    z = next / far < 1 && next / far > near / far ? next : 0.5 * (near + far);
  }
  return z;
}
