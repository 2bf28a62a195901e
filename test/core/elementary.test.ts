import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { exponentOf, highWord, lowWord, withHighWord, withoutLowWord } from "../../src/core/doubles.ts";
import { exp } from "../../src/core/exp.ts";
import { cosh, sinh } from "../../src/core/hyperbolic.ts";
import { log, log1p, log2 } from "../../src/core/log.ts";
import { power } from "../../src/core/power.ts";
import { angleOf, cosine, sine } from "../../src/core/trigonometry.ts";
import golden from "../golden/elementary.json" with { type: "json" };

const bits = new DataView(new ArrayBuffer(8));
/** A double's place among all doubles. */
function place(x: number): bigint {
  bits.setFloat64(0, x);
  const value = bits.getBigInt64(0);
  return value < 0n ? -(value & 0x7fffffffffffffffn) : value;
}
const apart = (a: number, b: number): number =>
  Object.is(a, b) ? 0 : Number.isNaN(a) || Number.isNaN(b) ? Infinity : Math.abs(Number(place(a) - place(b)));

const functions = { exp, log, log1p, log2, power, sine, cosine, sinh, cosh, angleOf } as const;
/** Doubles between the answer and the nearest to the true value, at most. */
const furthest: Readonly<Record<string, number>> = {
  exp: 1,
  log: 1,
  log1p: 2,
  log2: 2,
  power: 1,
  sine: 1,
  cosine: 1,
  sinh: 2,
  cosh: 2,
  angleOf: 1,
};

describe("the elementary functions, which Math leaves to every engine", () => {
  it.each(Object.keys(functions) as (keyof typeof functions)[])("%s is next to the true value, made to 120 digits", (name) => {
    const cases = golden[name] as number[][];
    expect(cases.length).toBeGreaterThan(70);
    const own = functions[name] as (...values: number[]) => number;
    for (const values of cases) {
      const wanted = values[values.length - 1];
      expect(apart(own(...values.slice(0, -1)), wanted), `${name}(${values.slice(0, -1)})`).toBeLessThanOrEqual(furthest[name]);
    }
  });

  it("are as Math's are near enough, everywhere", () => {
    const double = fc.double({ noNaN: true });
    const near = (own: number, theirs: number): boolean => apart(own, theirs) <= 4;
    fc.assert(
      fc.property(double, double, fc.double({ min: -1e6, max: 1e6, noNaN: true }), (x, y, angle) => {
        expect(near(exp(x), Math.exp(x))).toBe(true);
        expect(near(log(x), Math.log(x))).toBe(true);
        expect(near(log1p(x), Math.log1p(x))).toBe(true);
        expect(near(log2(x), Math.log2(x))).toBe(true);
        if (x >= 0) expect(near(power(x, y), x ** y)).toBe(true);
        expect(near(sine(angle), Math.sin(angle))).toBe(true);
        expect(near(cosine(angle), Math.cos(angle))).toBe(true);
        if (Math.abs(x) < 700) expect(near(sinh(x), Math.sinh(x))).toBe(true);
        if (Math.abs(x) < 700) expect(near(cosh(x), Math.cosh(x))).toBe(true);
        expect(near(angleOf(x, y), Math.atan2(x, y))).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });

  it("take what is no number, infinite or zero as Math does", () => {
    const odd = [0, -0, 1, -1, Infinity, -Infinity, NaN, 5e-324, 1.7976931348623157e308];
    for (const x of odd) {
      expect(exp(x)).toBe(Math.exp(x));
      expect(log(x)).toBe(Math.log(x));
      expect(log1p(x)).toBe(Math.log1p(x));
      expect(log2(Math.abs(x))).toBe(Math.log2(Math.abs(x)));
      if (!Number.isFinite(x)) expect([sine(x), cosine(x)]).toEqual([NaN, NaN]);
      for (const y of odd) {
        if (!(Number.isFinite(y) || Number.isNaN(y))) continue;
        if (Number.isFinite(x) || Number.isNaN(x)) expect(angleOf(x, y)).toBe(Math.atan2(x, y));
        if (Object.is(x, 0) || x > 0 || Number.isNaN(x)) expect(power(x, y), `${x} ** ${y}`).toBe(x === 1 ? 1 : x ** y);
      }
    }
    expect(power(-2, 3)).toBeNaN();
    expect(power(0.999, 3e9)).toBe(0);
    expect(power(1.5, 3e9)).toBe(Infinity);
  });

  it("power of numbers near 1 keeps every digit at huge exponents (values by Python's decimal module)", () => {
    for (const [x, y, value] of [
      [1 - 2 ** -30, 2 ** 36, 1.6038108427513493e-28],
      [1 + 2 ** -40, 1e14, 3.153937115994601e39],
      [1 - 2 ** -53, 3e18, 2.2432620897898018e-145],
      [0.9999999, 4e9, 1.9151316969188544e-174],
    ])
      expect(apart(power(x, y), value), `${x} ** ${y}`).toBeLessThanOrEqual(1);
  });

  it("power is exact where it is asked for a root, a square, or a number itself", () => {
    for (const x of [0.1, 2, 7.3, 1e200]) expect([0, 1, 2, 0.5, -1].map((y) => power(x, y))).toEqual([1, x, x * x, Math.sqrt(x), 1 / x]);
    for (let e = -1074; e < 1024; e += 7) expect(log2(2 ** e)).toBe(e);
  });
});

describe("parts of a double", () => {
  it("are taken and put together", () => {
    expect([highWord(1), lowWord(1), highWord(-2), lowWord(0.1)]).toEqual([0x3ff00000, 0, -0x40000000, -1717986918]);
    expect(withHighWord(0, 0x40000000)).toBe(2);
    expect(withoutLowWord(Math.PI)).toBe(3.141592025756836);
    expect([1, -8, 0.75, 5e-324, 1.7976931348623157e308].map(exponentOf)).toEqual([0, 3, -1, -1074, 1023]);
  });
});
