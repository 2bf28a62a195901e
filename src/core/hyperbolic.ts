import { exp } from "./exp.ts";

/** sinh x, within 2 ulp: the same bits on every engine, as {@link exp}. */
export function sinh(x: number): number {
  const size = Math.abs(x);
  if (size >= 1) {
    const e = exp(size);
    return (Math.sign(x) * (e - 1 / e)) / 2;
  }
  // Its series: near 0 the difference of two powers would have no digits left.
  const z = x * x;
  let sum = 1;
  for (let n = 18; n >= 2; n -= 2) sum = 1 + (z / (n * (n + 1))) * sum;
  return x * sum;
}

/** cosh x, within 2 ulp: the same bits on every engine, as {@link exp}. */
export function cosh(x: number): number {
  const e = exp(Math.abs(x));
  return (e + 1 / e) / 2;
}
