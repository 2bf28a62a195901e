import { expect, it } from "vitest";
import { hitsOfRows, logLossOfRows, weightedMean } from "../../src/statistics/logLossOfRows.ts";

const logits = Float64Array.of(...[0.5, -1.25, 2, 0.25], ...[800, 0, -800, 3], ...[40, 0, 1, -2], ...[-3, -1, -2, -4]);
const codes = [0, 1, 0, 3];

it("log loss keeps all its digits at any margin and slope: values of Python's decimal, to 60 digits", () => {
  // ln Σ exp(slope · z) − slope · z[code].
  const wanted = [
    [1, [1.8616374284208397, 800, 1.637153065473673e-17, 3.4401896985611953]],
    [0.375, [1.4313533311276754, 300, 8.954851942077059e-7, 2.03499427025474]],
    [2.5, [3.785755034648598, 2000, 4.90649447620117e-43, 7.585605082781668]],
  ] as const;
  for (const [slope, losses] of wanted) {
    const found = logLossOfRows(logits, codes, 4, slope);
    expect(found).toHaveLength(4);
    losses.forEach((loss, i) => {
      expect(Math.abs(found[i] / loss - 1)).toBeLessThan(4e-15);
    });
  }
  expect(logLossOfRows(logits, codes, 4)).toEqual(logLossOfRows(logits, codes, 4, 1));
});

it("a row is predicted right where its class has the largest logit, the first of equals", () => {
  expect(hitsOfRows(logits, [2, 0, 1, 1], 4)).toEqual(Float64Array.of(1, 1, 0, 1));
  expect(hitsOfRows(Float64Array.of(1, 1, 0, 0), [0, 1], 2)).toEqual(Float64Array.of(1, 0));
  expect(hitsOfRows(Float64Array.of(1, 1, 0, 0), [1, 0], 2)).toEqual(Float64Array.of(0, 1));
});

it("means are by weight", () => {
  expect(weightedMean(Float64Array.of(1, 2, 4), Float64Array.of(1, 3, 0))).toBeCloseTo(1.75, 15);
  expect(weightedMean(Float64Array.of(1, 2, 4), Float64Array.of(2, 2, 4))).toBeCloseTo(2.75, 15);
});
