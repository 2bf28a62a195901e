const value = /* @__PURE__ */ new Float64Array(1);
const words = /* @__PURE__ */ new Int32Array(value.buffer);
/** Where the upper half of a double lies: 1 on every platform that runs JavaScript today. */
const upper = 1;

/** The upper 32 bits of a double: sign, exponent and 20 bits of the mantissa. */
export function highWord(x: number): number {
  value[0] = x;
  return words[upper];
}

/** The lower 32 bits of a double. */
export function lowWord(x: number): number {
  value[0] = x;
  return words[1 - upper];
}

/** The double with its upper 32 bits replaced. */
export function withHighWord(x: number, high: number): number {
  value[0] = x;
  words[upper] = high;
  return value[0];
}

/** The double with its lower 32 bits cleared. */
export function withoutLowWord(x: number): number {
  value[0] = x;
  words[1 - upper] = 0;
  return value[0];
}

/** x > 0 as a normal double m with x = m · 2^n, the upper 20 bits of its mantissa, and its exponent with n. */
export function takeApart(x: number): readonly [normal: number, mantissa: number, exponent: number] {
  const small = highWord(x) < 0x00100000;
  const normal = small ? x * 2 ** 54 : x;
  const high = highWord(normal);
  return [normal, high & 0x000fffff, (high >> 20) - (small ? 1077 : 1023)];
}

/** x · 2^n of an x near 1 and an n in −1075…1024, rounded once: in two halves, each a normal double. */
export function timesPowerOf2(x: number, n: number): number {
  const half = n >> 1;
  return x * withHighWord(0, (1023 + half) << 20) * withHighWord(0, (1023 + n - half) << 20);
}

/** Position of the first value that is not finite; −1 where there is none. */
export function firstNotFinite(values: ArrayLike<number>): number {
  const { length } = values;
  for (let i = 0; i < length; i++) {
    // x − x is 0 for finite numbers and NaN for the rest.
    const value = values[i];
    if (value - value !== 0) return i;
  }
  return -1;
}

/** The exponent of a finite x ≠ 0: the largest e with 2^e ≤ |x|. */
export function exponentOf(x: number): number {
  return takeApart(Math.abs(x))[2];
}
