import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { meanInterval } from "../../src/statistics/meanInterval.ts";
import { pairedDifference } from "../../src/statistics/pairedDifference.ts";
import { studentTCdf, studentTQuantile } from "../../src/statistics/studentT.ts";
import { relativeError } from "../properties/close.ts";

const { interval } = JSON.parse(readFileSync(new URL("../golden/small.json", import.meta.url), "utf8"));

it("intervals and paired t tests are scipy's to 1e-9", () => {
  const own = meanInterval(interval.a);
  expect(relativeError(own.mean, interval.mean)).toBeLessThan(1e-13);
  expect(Math.abs((own.ci[1] - own.ci[0]) / 2 - interval.halfWidth95)).toBeLessThan(1e-9);
  const paired = pairedDifference(interval.b, interval.a);
  expect(relativeError(paired.mean, interval.pairedMean)).toBeLessThan(1e-13);
  expect(Math.abs((paired.ci[1] - paired.ci[0]) / 2 - interval.pairedHalfWidth95)).toBeLessThan(1e-9);
  expect(relativeError(paired.p, interval.pairedP)).toBeLessThan(1e-9);
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

it("equal values have no spread even where their sum rounds", () => {
  expect(meanInterval(new Array(10).fill(0.1))).toEqual({ mean: 0.1, ci: [0.1, 0.1], standardError: 0, count: 10 });
});

it("bad input is named", () => {
  expect(() => meanInterval([])).toThrow("meanInterval: values has 0 entries, expected at least 1");
  expect(() => meanInterval([1, Number.NaN])).toThrow("meanInterval: values[1] is NaN, expected finite numbers");
  expect(() => pairedDifference([1], [1, 2])).toThrow("pairedDifference: baseline has 2 entries, expected 1, as values");
  expect(() => studentTQuantile(1, 3)).toThrow("studentTQuantile: p is 1, expected a number between 0 and 1");
  expect(() => studentTCdf(0, 0)).toThrow("studentTCdf: degreesOfFreedom is 0, expected a finite number greater than 0");
});
