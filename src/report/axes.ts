import { exp } from "../core/exp.ts";
import { log } from "../core/log.ts";
import { fullAccuracy, type NamedCurve } from "./checkResults.ts";

/** A value on an axis, its place (0 at the start and 1 at the end), and what stands there. */
export interface Tick {
  readonly at: number;
  readonly value: number;
  readonly label: string;
}

/** The scales of a picture of curves: from a fraction of dimensions (log scale) or an accuracy to 0 … 1, and the values at both ends. */
export interface Axes {
  readonly x: (fraction: number) => number;
  readonly y: (accuracy: number) => number;
  readonly xTicks: readonly Tick[];
  readonly yTicks: readonly Tick[];
  readonly xDomain: readonly [number, number];
  readonly yDomain: readonly [number, number];
}

/** Fits axes to all points, their intervals and the full-accuracy lines; about `ticks` labels on y. */
export function curveAxes(curves: readonly NamedCurve[], ticks: number): Axes {
  const fractions = curves.flatMap(({ curve }) => curve.points.map((point) => point.fraction));
  const accuracies = curves.flatMap(({ curve }) => [
    fullAccuracy(curve),
    ...curve.points.flatMap((point) => [point.accuracy, ...(point.ci95 ?? [])]),
  ]);
  return fitAxes(fractions, accuracies, ticks);
}

/** Fits axes to fractions of dimensions and to accuracies, of which those that are not finite count for nothing. */
export function fitAxes(fractions: readonly number[], measured: readonly number[], ticks: number): Axes {
  const accuracies = measured.filter((value) => Number.isFinite(value)).map((value) => Math.min(1, Math.max(0, value)));
  let left = log(Math.min(...fractions));
  const right = log(Math.max(...fractions));
  if (right - left < 1e-9) left = right - Math.LN10;
  const x = (fraction: number) => (log(fraction) - left) / (right - left);

  const low = Math.min(...accuracies);
  const high = Math.max(...accuracies);
  const step = niceStep(Math.max(high - low, 0.01) / ticks);
  let first = Math.floor(low / step + 1e-9);
  const last = Math.max(Math.ceil(high / step - 1e-9), first + 1);
  // All accuracies at 1 leave no room above.
  if (last * step > 1 + 1e-9 && first > 0) first -= 1;
  const bottom = first * step;
  const top = Math.min(1, last * step);
  const y = (accuracy: number) => (Math.min(1, Math.max(0, accuracy)) - bottom) / (top - bottom);
  const digits = step < 0.01 - 1e-12 ? 1 : 0;
  const yTicks = [];
  for (let i = first; i * step <= top + 1e-9; i++)
    yTicks.push({ at: y(i * step), value: i * step, label: (100 * i * step).toFixed(digits) });
  return {
    x,
    y,
    xTicks: shareTicks(left, right).map((tick) => ({ at: x(tick), value: tick, label: String(Number((100 * tick).toPrecision(3))) })),
    yTicks,
    xDomain: [exp(left), exp(right)],
    yDomain: [bottom, top],
  };
}

/** The nicest step of 1, 2 or 5 times a power of ten that is no smaller than `rough`. */
export function niceStep(rough: number): number {
  const power = Number(`1e${Math.floor(log(rough) / Math.LN10 + 1e-9)}`);
  for (const factor of [1, 2, 5]) if (factor * power >= rough * (1 - 1e-9)) return factor * power;
  return 10 * power;
}

/** Shares 1, 2, 5 times powers of ten between two logarithms; powers of ten only over more than four decades. */
export function shareTicks(left: number, right: number): number[] {
  const factors = right - left > 4 * Math.LN10 ? [1] : [1, 2, 5];
  const shares = [];
  for (let power = Math.floor(left / Math.LN10) - 1; power <= 0; power++) {
    for (const factor of factors) {
      const share = factor * Number(`1e${power}`);
      if (log(share) >= left - 1e-9 && log(share) <= right + 1e-9) shares.push(share);
    }
  }
  // Between two nice shares, the ends themselves.
  return shares.length >= 2 ? shares : [exp(left), exp(right)];
}
