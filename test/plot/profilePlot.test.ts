import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rankCorrelation } from "../../src/plot/rankCorrelation.ts";
import { profilePlot } from "../../src/plot.ts";
import { refuses } from "../properties/refuses.ts";
import { document, keepsTheLaws, textsOf } from "./drawing.ts";

const oracle = { name: "oracle", values: [4, 0, 2, 1, 3] };
const estimate = { name: "estimate", values: Float32Array.of(8, 2, 6, 4, 0) };
const orders = ["own", "first", "dimension"] as const;

/** Heights along a path, from left to right. */
const heights = (path: Element | null) => [...(path?.getAttribute("d") ?? "").matchAll(/[ML][\d.]+,(-?[\d.]+)/g)].map(([, y]) => Number(y));

describe("profilePlot", () => {
  it("keeps the laws of every picture, in every order", () => {
    for (const order of orders) keepsTheLaws(() => profilePlot([oracle, estimate], { document, order }));
    keepsTheLaws(() => profilePlot([oracle], { document, width: 240 }));
  });

  it("by own order, every profile falls from left to right", () => {
    const element = profilePlot([oracle, estimate], { document });
    for (const series of [0, 1]) {
      const own = heights(element.querySelector(`g.sp-series${series}-line path`));
      expect(own).toHaveLength(5);
      expect(own).toEqual([...own].sort((a, b) => a - b));
    }
  });

  it("in the order of the first, the others are a dot a dimension, relative to their mean", () => {
    const element = profilePlot([oracle, estimate], { document, order: "first" });
    const line = heights(element.querySelector("g.sp-series0-line path"));
    const dots = heights(element.querySelector("path.sp-series1-line"));
    // Both have mean 1 and 4 of 10 at the first dimension: they meet there.
    expect(dots).toHaveLength(5);
    expect(dots[0]).toBeCloseTo(line[0], 1);
    // oracle orders 0, 4, 2, 3, 1: there the estimate has 8, 0, 6, 4, 2.
    expect(dots[1]).toBe(Math.max(...dots));
    expect(dots[2]).toBeLessThan(dots[3]);
    expect(textsOf(element)).toContain(
      `estimate (rank correlation ${rankCorrelation(Float64Array.from(oracle.values), Float64Array.from(estimate.values)).toFixed(2)})`,
    );
  });

  it("does not change with the scale of a profile", () => {
    const double = { ...estimate, values: estimate.values.map((value) => 2 * value) };
    const draw = (other: typeof estimate) => profilePlot([oracle, other], { document, order: "first" }).outerHTML;
    expect(draw(double)).toBe(draw(estimate));
  });

  it("labels dimensions by their number, shares on a log scale", () => {
    expect(textsOf(profilePlot([oracle], { document, order: "dimension" }))).toContain("dimension, 0 to 4");
    expect(textsOf(profilePlot([oracle], { document }))).toContain("% of 5 dimensions, each by its own falling value, log scale");
  });

  it("says how few dimensions hold half of the whole", () => {
    const description = profilePlot([oracle], { document }).querySelector("desc")?.textContent;
    expect(description).toContain("oracle: half of the whole lies in 2 dimensions (40 %), the largest is 2.0 times the mean.");
  });

  it("refuses what is no profile, by name", () => {
    const draw =
      (profiles: unknown, options: object = {}) =>
      () =>
        profilePlot(profiles as (typeof oracle)[], { document, ...options });
    refuses(draw(oracle), TypeError, "profilePlot: profiles is Object, expected an array of { name, values }");
    refuses(draw([]), RangeError, "profilePlot: profiles has no entries, expected at least 1");
    refuses(draw([null]), TypeError, "profilePlot: profiles[0] is null, expected { name, values }");
    refuses(draw([{ values: [1, 2] }]), TypeError, "profilePlot: profiles[0].name is undefined, expected a string");
    refuses(draw([{ name: "a" }]), TypeError, "profilePlot: profiles[0].values is undefined, expected an array of numbers");
    refuses(draw([{ name: "a", values: [1] }]), RangeError, "profilePlot: profiles[0].values has 1 entries, expected at least 2");
    refuses(
      draw([oracle, { name: "a", values: [1, 2] }]),
      RangeError,
      "profilePlot: profiles[1].values has 2 entries, expected 5, as the first",
    );
    refuses(
      draw([{ name: "a", values: [1, -1] }]),
      RangeError,
      "profilePlot: profiles[0].values[1] is -1, expected a finite number of at least 0",
    );
    refuses(draw([{ name: "a", values: [0, 0] }]), RangeError, "profilePlot: profiles[0].values are all 0, expected a number above 0");
    refuses(draw([oracle], { order: "up" }), RangeError, 'profilePlot: options.order is "up", expected one of own, first, dimension');
  });
});

describe("rankCorrelation", () => {
  it("is scipy.stats.spearmanr, ties included", () => {
    // scipy.stats.spearmanr([1, 2, 2, 3, 5], [2, 1, 4, 4, 3]).statistic
    expect(rankCorrelation(Float64Array.of(1, 2, 2, 3, 5), Float64Array.of(2, 1, 4, 4, 3))).toBeCloseTo(0.3947368421052632, 12);
  });

  it("is 1 under any rising map, −1 reversed, and NaN where all values are equal", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: -1000, max: 1000 }), { minLength: 2, maxLength: 30 }), (values) => {
        const list = Float64Array.from(values);
        expect(
          rankCorrelation(
            list,
            list.map((value) => value ** 3),
          ),
        ).toBeCloseTo(1, 12);
        expect(
          rankCorrelation(
            list,
            list.map((value) => -value),
          ),
        ).toBeCloseTo(-1, 12);
      }),
    );
    expect(rankCorrelation(Float64Array.of(1, 1), Float64Array.of(1, 2))).toBeNaN();
  });
});
