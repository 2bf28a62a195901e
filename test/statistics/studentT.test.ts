import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, it } from "vitest";
import { studentTCdf, studentTQuantile } from "../../src/statistics/studentT.ts";
import { relativeError } from "../properties/close.ts";

const { interval } = JSON.parse(readFileSync(new URL("../golden/small.json", import.meta.url), "utf8"));

/** [t, degrees of freedom, P(T > t)] by mpmath's betainc at 40 digits. */
const tails: readonly (readonly [number, number, number])[] = [
  [1, 0.5, 0.301121610841322],
  [1e12, 0.5, 3.20700975414223e-7],
  [1e-9, 1, 0.49999999968169],
  [1e12, 1, 3.18309886183791e-13],
  [37, 2, 0.000364830402462532],
  [0.7, 4.5, 0.259219801155809],
  [3, 4.5, 0.0171904339443798],
  [1.7320508, 30, 0.0467682358551585],
  [37, 30, 6.80290314570993e-27],
  [2, 599, 0.0229756474836111],
  [0.001, 9999, 0.499601067760524],
  [1.7320508, 9999, 0.041647678580402],
  [37, 9999, 2.8224463094752e-281],
  [2, 123456, 0.0227512252764548],
  [10, 123456, 7.77877792085457e-24],
];

/** [p, degrees of freedom, quantile] by mpmath, where scipy's golden values are off by more than 1e-12. */
const quantiles: readonly (readonly [number, number, number])[] = [
  [0.95, 1, 6.31375151467504],
  [0.995, 1, 63.6567411628715],
  [0.95, 5, 2.01504837333302],
  [0.975, 5, 2.57058183563631],
  [0.95, 30, 1.69726088659396],
  [0.975, 599, 1.96393224894528],
  [0.995, 9999, 2.5763210958566],
];

it("Student t tails are mpmath's to 1e-12 relative, at any distance and any degrees of freedom", () => {
  for (const [t, degrees, tail] of tails) expect(relativeError(studentTCdf(-t, degrees), tail)).toBeLessThan(1e-12);
});

it("Student t quantiles are mpmath's to 1e-12 relative", () => {
  for (const [p, degrees, value] of quantiles) expect(relativeError(studentTQuantile(p, degrees), value)).toBeLessThan(1e-12);
  for (const [t, degrees, tail] of tails) if (tail < 0.49) expect(relativeError(-studentTQuantile(tail, degrees), t)).toBeLessThan(1e-12);
});

it("with many degrees of freedom Student t is normal, with its first correction", () => {
  const z = 1.95996398454005;
  for (const degrees of [1e7, 1e10, 1e15]) {
    expect(relativeError(studentTQuantile(0.975, degrees), z + (z ** 3 + z) / (4 * degrees))).toBeLessThan(1e-12);
  }
});

it("a quantile beyond 1e300 is infinite, on its own side", () => {
  expect(studentTQuantile(1e-300, 0.1)).toBe(Number.NEGATIVE_INFINITY);
  expect(studentTCdf(Number.NEGATIVE_INFINITY, 3)).toBe(0);
  expect(studentTCdf(Number.POSITIVE_INFINITY, 3)).toBe(1);
});

// scipy 1.10's ppf, which wrote the golden values, is itself off by up to 5e-9 (its own cdf of them, and the closed forms below, show it).
it("Student t quantiles are scipy's to the 1e-8 that scipy's are good for", () => {
  for (const [key, value] of Object.entries<number>(interval.tQuantile)) {
    const [p, degrees] = key.split(",").map(Number);
    expect(relativeError(studentTQuantile(p, degrees), value)).toBeLessThan(1e-8);
  }
});

it("Student t quantiles are the closed forms of 1 and 2 degrees of freedom to 1e-12", () => {
  for (const p of [0.501, 0.6, 0.9, 0.975, 0.995]) {
    expect(relativeError(studentTQuantile(p, 1), Math.tan(Math.PI * (p - 0.5)))).toBeLessThan(1e-12);
    expect(relativeError(studentTQuantile(p, 2), (2 * p - 1) / Math.sqrt(2 * p * (1 - p)))).toBeLessThan(1e-12);
  }
});

it("the quantile inverts the distribution function, and both are symmetric", () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-6, max: 1 - 1e-6, noNaN: true }), fc.double({ min: 0.5, max: 1e5, noNaN: true }), (p, degrees) => {
      const t = studentTQuantile(p, degrees);
      expect(relativeError(studentTCdf(t, degrees), p)).toBeLessThan(1e-10);
      expect(studentTCdf(t, degrees) + studentTCdf(-t, degrees)).toBeCloseTo(1, 13);
    }),
  );
});
