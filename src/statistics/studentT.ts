import { checkPositive, checkProbability } from "../core/checks.ts";
import { kindError, valueError } from "../core/errors.ts";
import { exp } from "../core/exp.ts";
import { cosh, sinh } from "../core/hyperbolic.ts";
import { log, log1p } from "../core/log.ts";

/** Quantiles beyond it are called infinite: its neighbourhood must not overflow. */
const largest = 1e300;

/** ln(Γ(z + ½)/Γ(z)), z > 0: its asymptotic series after lifting z above 12, correct to rounding where a difference of two ln Γ is not. */
function logHalfGammaRatio(z: number): number {
  let lift = 0;
  for (; z < 12; z++) lift += log1p(0.5 / z);
  const q = 1 / (z * z);
  const series = -1 / 8 + q * (1 / 192 + q * (-1 / 640 + q * (17 / 14336 + q * (-31 / 18432 + q * (691 / 180224)))));
  return 0.5 * log(z) + series / z - lift;
}

/** ln(1 + r²), r² beyond the doubles included. */
function logOnePlusSquare(r: number): number {
  return r > 1e8 ? 2 * log(r) : log1p(r * r);
}

/** ln of the density at t ≥ 0. */
function logDensity(t: number, degrees: number): number {
  const z = degrees / 2;
  return logHalfGammaRatio(z) - 0.5 * log(Math.PI * degrees) - (z + 0.5) * logOnePlusSquare(t / Math.sqrt(degrees));
}

/** Where P(0 < T < t) is computed itself rather than as ½ − P(T > t). */
function nearCentre(t: number, degrees: number): boolean {
  const square = t * t;
  return square * (degrees / 2 + 2.5) < 1.5 * (degrees + square);
}

/** P(0 < T < t) for t near the centre: half the incomplete beta function I_y(½, ν/2), y = t²/(ν + t²), by its continued fraction (Lentz). */
function centreMass(t: number, degrees: number): number {
  const b = degrees / 2;
  const y = (t * t) / (degrees + t * t);
  let c = 1;
  let d = 1 / (1 - ((0.5 + b) * y) / 1.5);
  let fraction = d;
  for (let m = 1; m < 1000; m++) {
    const even = (m * (b - m) * y) / ((2 * m - 0.5) * (2 * m + 0.5));
    d = 1 / (1 + even * d);
    c = 1 + even / c;
    fraction *= d * c;
    const odd = (-(m + 0.5) * (m + 0.5 + b) * y) / ((2 * m + 0.5) * (2 * m + 1.5));
    d = 1 / (1 + odd * d);
    c = 1 + odd / c;
    fraction *= d * c;
    if (Math.abs(d * c - 1) < 2e-16) break;
  }
  const { sqrt } = Math;
  return exp(logHalfGammaRatio(b) + 0.5 * log(y / Math.PI) - b * logOnePlusSquare(t / sqrt(degrees))) * fraction;
}

/**
 * ln P(T > t) for t > 0 away from the centre: the density times ∫ density(t + s)/density(t) ds, by the exp-sinh rule (Takahasi & Mori 1974).
 * Every term is positive, so that it is relatively exact for any ν and any t; with s in units of the decay length nothing overflows.
 */
function logTail(t: number, degrees: number): number {
  const n = degrees + 1;
  const square = (1 + degrees / t / t) / (n * n);
  const h = 1 / 24;
  let sum = 0;
  for (let i = -96; i <= 144; i++) {
    const u = i * h;
    const s = exp(1.5 * sinh(u));
    const term = exp(-0.5 * n * log1p((2 * s) / n + square * s * s)) * s * cosh(u);
    sum += term;
    if (i > 0 && term < 1e-18 * sum) break;
  }
  return log((1.5 * h * sum) / n) + log(t + degrees / t) + logDensity(t, degrees);
}

/** P(T > t) for t ≥ 0. */
function upperTail(t: number, degrees: number): number {
  return nearCentre(t, degrees) ? 0.5 - centreMass(t, degrees) : exp(logTail(t, degrees));
}

/**
 * Student's t distribution function, P(T ≤ t): accurate to about 1e-13 relative in either tail.
 *
 * @param t - any number
 * @param degreesOfFreedom - ν > 0
 * @returns a probability in 0 … 1
 * @throws RangeError when ν is not a positive finite number or t is NaN
 * @example
 * ```ts
 * import { studentTCdf } from "softprobe/statistics";
 *
 * console.log(studentTCdf(1, 1).toFixed(12)); // → 0.750000000000
 * ```
 */
export function studentTCdf(t: number, degreesOfFreedom: number): number {
  checkPositive(degreesOfFreedom, "studentTCdf", "degreesOfFreedom");
  if (typeof t !== "number") throw kindError("studentTCdf", "t", t, "a number");
  if (Number.isNaN(t)) throw valueError("studentTCdf", "t", "is NaN", "a number");
  if (t === Number.POSITIVE_INFINITY) return 1;
  if (t === Number.NEGATIVE_INFINITY) return 0;
  return t > 0 ? 1 - upperTail(t, degreesOfFreedom) : upperTail(-t, degreesOfFreedom);
}

/** P(|T| > |t|): the two-sided p value, without the loss of 1 − (1 − p). */
export function studentTwoSided(t: number, degreesOfFreedom: number): number {
  return Number.isFinite(t) ? Math.min(1, 2 * upperTail(Math.abs(t), degreesOfFreedom)) : 0;
}

/**
 * Student's t quantile: the t with P(T ≤ t) = p, by Newton's method; about 1e-13 relative, far tails and any ν included.
 *
 * @param p - probability in (0, 1)
 * @param degreesOfFreedom - ν > 0
 * @returns t; ±Infinity where it is beyond ±1e300
 * @throws RangeError when p or ν is out of range
 * @example
 * ```ts
 * import { studentTQuantile } from "softprobe/statistics";
 *
 * console.log(studentTQuantile(0.975, 30).toFixed(6)); // → 2.042272
 * ```
 */
export function studentTQuantile(p: number, degreesOfFreedom: number): number {
  checkProbability(p, "studentTQuantile", "p");
  checkPositive(degreesOfFreedom, "studentTQuantile", "degreesOfFreedom");
  if (p === 0.5) return 0;
  const tail = p < 0.5 ? p : 1 - p;
  const logGoal = log(tail);
  // P(0 < T < t) is concave in t and ln P(T > t) in ln t: Newton cannot leave either root's own side, so neither needs a bracket.
  let t = Math.abs(p - 0.5) / exp(logDensity(0, degreesOfFreedom));
  for (let i = 0; i < 200; i++) {
    const central = nearCentre(t, degreesOfFreedom);
    const mass = central ? centreMass(t, degreesOfFreedom) : logTail(t, degreesOfFreedom);
    const density = logDensity(t, degreesOfFreedom);
    const step = central ? (Math.abs(p - 0.5) - mass) / exp(density) / t : (mass - logGoal) / exp(log(t) + density - mass);
    if (!central && t === largest && step > 0) return p < 0.5 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
    t = central ? t + step * t : Math.min(t * exp(step), largest);
    if (!(Math.abs(step) > 1e-14)) break;
  }
  return p < 0.5 ? -t : t;
}
