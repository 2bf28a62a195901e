import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, it } from "vitest";
import { meanInterval } from "../../src/statistics/meanInterval.ts";
import { pairedDifference } from "../../src/statistics/pairedDifference.ts";
import { studentTCdf, studentTQuantile } from "../../src/statistics/studentT.ts";

const { interval } = JSON.parse(readFileSync(new URL("../golden/small.json", import.meta.url), "utf8"));
const relative = (value: number, truth: number) => Math.abs(value / truth - 1);

// scipy 1.10's ppf, which wrote the golden values, is itself off by up to 5e-9 (its own cdf of them, and the closed forms below, show it).
it("Student t quantiles are scipy's to the 1e-8 that scipy's are good for", () => {
  for (const [key, value] of Object.entries<number>(interval.tQuantile)) {
    const [p, degrees] = key.split(",").map(Number);
    expect(relative(studentTQuantile(p, degrees), value)).toBeLessThan(1e-8);
  }
});

it("Student t quantiles are the closed forms of 1 and 2 degrees of freedom to 1e-12", () => {
  for (const p of [0.501, 0.6, 0.9, 0.975, 0.995]) {
    expect(relative(studentTQuantile(p, 1), Math.tan(Math.PI * (p - 0.5)))).toBeLessThan(1e-12);
    expect(relative(studentTQuantile(p, 2), (2 * p - 1) / Math.sqrt(2 * p * (1 - p)))).toBeLessThan(1e-12);
  }
});

it("the quantile inverts the distribution function, and both are symmetric", () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-6, max: 1 - 1e-6, noNaN: true }), fc.double({ min: 0.5, max: 1e5, noNaN: true }), (p, degrees) => {
      const t = studentTQuantile(p, degrees);
      expect(relative(studentTCdf(t, degrees), p)).toBeLessThan(1e-10);
      expect(studentTCdf(t, degrees) + studentTCdf(-t, degrees)).toBeCloseTo(1, 13);
    }),
  );
});

it("intervals and paired t tests are scipy's to 1e-9", () => {
  const own = meanInterval(interval.a);
  expect(relative(own.mean, interval.mean)).toBeLessThan(1e-13);
  expect(Math.abs((own.ci[1] - own.ci[0]) / 2 - interval.halfWidth95)).toBeLessThan(1e-9);
  const paired = pairedDifference(interval.b, interval.a);
  expect(relative(paired.mean, interval.pairedMean)).toBeLessThan(1e-13);
  expect(Math.abs((paired.ci[1] - paired.ci[0]) / 2 - interval.pairedHalfWidth95)).toBeLessThan(1e-9);
  expect(relative(paired.p, interval.pairedP)).toBeLessThan(1e-9);
});

it("one value has no bounded interval, equal values have no spread, and equal pairs no difference", () => {
  expect(meanInterval([3])).toEqual({
    mean: 3,
    ci: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
    standardError: Number.POSITIVE_INFINITY,
    count: 1,
  });
  expect(meanInterval([2, 2, 2]).ci).toEqual([2, 2]);
  expect(pairedDifference([1, 2], [1, 2])).toMatchObject({ mean: 0, t: 0, p: 1 });
  expect(pairedDifference([2, 3], [1, 2])).toMatchObject({ mean: 1, t: Number.POSITIVE_INFINITY, p: 0 });
});

it("bad input is named", () => {
  expect(() => meanInterval([])).toThrow("meanInterval: values has 0 entries, expected at least 1");
  expect(() => meanInterval([1, Number.NaN])).toThrow("meanInterval: values[1] is NaN, expected finite numbers");
  expect(() => pairedDifference([1], [1, 2])).toThrow("pairedDifference: baseline has 2 entries, expected 1, as values");
  expect(() => studentTQuantile(1, 3)).toThrow("studentTQuantile: p is 1, expected a number between 0 and 1");
  expect(() => studentTCdf(0, 0)).toThrow("studentTCdf: degreesOfFreedom is 0, expected a finite number greater than 0");
});
