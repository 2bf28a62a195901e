import { describe, expect, it } from "vitest";
import { auroc } from "../../src/statistics/auroc.ts";
import { balancedAccuracy } from "../../src/statistics/balancedAccuracy.ts";
import { type ClassStatistics, classStatistics, mergeClassStatistics } from "../../src/statistics/classStatistics.ts";
import { coverageAccuracy } from "../../src/statistics/coverageAccuracy.ts";
import { episodesNeeded } from "../../src/statistics/episodesNeeded.ts";
import { macroF1 } from "../../src/statistics/macroF1.ts";
import { meanInterval } from "../../src/statistics/meanInterval.ts";
import { pairedDifference } from "../../src/statistics/pairedDifference.ts";
import { rejectionThreshold } from "../../src/statistics/rejectionThreshold.ts";
import { reliabilityBins } from "../../src/statistics/reliabilityBins.ts";
import { studentTCdf, studentTQuantile, studentTwoSided } from "../../src/statistics/studentT.ts";
import { varianceSplit } from "../../src/statistics/varianceSplit.ts";
import { refuses } from "../properties/refuses.ts";

const wrong = (value: unknown): never => value as never;
const vectorError = "expected an array or typed array of numbers";

describe("the statistics refuse by name", () => {
  it.each([
    [null, "null"],
    [3, "3"],
    ["12", '"12"'],
    [{}, "Object"],
    [{ length: "2" }, "Object"],
  ])("vectors that are %j", (value, named) => {
    refuses(() => auroc(wrong(value), [1]), TypeError, `auroc: known is ${named}, ${vectorError}`);
    refuses(() => auroc([1], wrong(value)), TypeError, `auroc: unknown is ${named}, ${vectorError}`);
    refuses(() => varianceSplit(wrong(value), [1]), TypeError, `varianceSplit: values is ${named}, ${vectorError}`);
  });

  it("entries that are no finite numbers", () => {
    refuses(() => auroc([1, wrong("2")], [1]), TypeError, 'auroc: known[1] is "2", expected a number');
    refuses(() => auroc([1, 2], [1, Number.NaN]), RangeError, "auroc: unknown[1] is NaN, expected finite numbers");
    refuses(() => auroc([], [1]), RangeError, "auroc: known has 0 entries, expected at least 1");
  });

  it("hits that are none", () => {
    for (const [value, named] of [
      [null, "null"],
      [3, "3"],
      [undefined, "undefined"],
    ] as const) {
      const expected = "expected an array of true/false or 1/0";
      refuses(() => coverageAccuracy([1], wrong(value)), TypeError, `coverageAccuracy: correct is ${named}, ${expected}`);
      refuses(() => reliabilityBins([0.5], wrong(value)), TypeError, `reliabilityBins: correct is ${named}, ${expected}`);
    }
  });

  it("what episodesNeeded cannot use", () => {
    const split = { between: 1, within: 1 };
    for (const [value, named] of [
      [null, "null"],
      [3, "3"],
      [undefined, "undefined"],
    ] as const)
      refuses(() => episodesNeeded(1, wrong(value)), TypeError, `episodesNeeded: split is ${named}, expected {between, within}`);
    refuses(
      () => episodesNeeded(1, { between: 1, within: wrong("1") }),
      TypeError,
      'episodesNeeded: split.within is "1", expected a number',
    );
    refuses(
      () => episodesNeeded(1, { between: Number.POSITIVE_INFINITY, within: 1 }),
      RangeError,
      "episodesNeeded: split.between is Infinity, expected a finite variance of at least 0",
    );
    refuses(() => episodesNeeded(1, split, { drawsPerTask: 0.5 }), RangeError, /^episodesNeeded: drawsPerTask is 0\.5, expected /);
    refuses(() => episodesNeeded(1, split, { level: 1 }), RangeError, /^episodesNeeded: level is 1, expected /);
    refuses(
      () => episodesNeeded(1e-9, { between: 1, within: 0 }),
      RangeError,
      "episodesNeeded: halfWidth is 1e-9, expected a width that 10¹² tasks can reach",
    );
  });

  it("levels, degrees of freedom, and what is no number", () => {
    refuses(() => meanInterval([1], 1), RangeError, /^meanInterval: level is 1, expected /);
    refuses(() => pairedDifference([1], [1], 0), RangeError, /^meanInterval: level is 0, expected /);
    refuses(() => studentTCdf(wrong("1"), 2), TypeError, 'studentTCdf: t is "1", expected a number');
    refuses(() => studentTCdf(Number.NaN, 2), RangeError, "studentTCdf: t is NaN, expected a number");
    refuses(() => studentTQuantile(0.1, 0), RangeError, /^studentTQuantile: degreesOfFreedom is 0, expected /);
    refuses(() => studentTQuantile(0, 1), RangeError, /^studentTQuantile: p is 0, expected /);
  });

  it("statistics of no class, and of classes without rows", () => {
    const one: ClassStatistics = classStatistics({ data: Float64Array.of(1, 2), rows: 2, cols: 1 }, ["a", "b"]);
    for (const [value, named] of [
      [null, "null"],
      [3, "3"],
    ] as const) {
      refuses(() => mergeClassStatistics(wrong(value), one), TypeError, `mergeClassStatistics: a is ${named}, expected class statistics`);
      refuses(() => mergeClassStatistics(one, wrong(value)), TypeError, `mergeClassStatistics: b is ${named}, expected class statistics`);
    }
    const none = { ...one, counts: new Float64Array(2) };
    refuses(() => mergeClassStatistics(none, none), RangeError, "mergeClassStatistics: class a has no rows, expected at least 1");
    const counts = Float64Array.of(1, Number.POSITIVE_INFINITY, 0, 1);
    refuses(
      () => balancedAccuracy({ classes: ["a", "b"], counts }),
      RangeError,
      "balancedAccuracy: matrix class a, predicted b is Infinity, expected a count",
    );
  });

  it("targets of a threshold", () => {
    for (const [value, named] of [
      [null, "null"],
      [0.5, "0.5"],
    ] as const)
      refuses(
        () => rejectionThreshold([1], wrong(value)),
        TypeError,
        `rejectionThreshold: target is ${named}, expected {targetCoverage}, {targetRejection} or {targetAccuracy, correct}`,
      );
    refuses(() => rejectionThreshold([1], wrong({})), TypeError, /^rejectionThreshold: target has none of targetCoverage, /);
    refuses(
      () => rejectionThreshold([1], wrong({ targetCoverage: 0.5, targetRejection: 0.5 })),
      TypeError,
      /^rejectionThreshold: target has targetCoverage and targetRejection of /,
    );
    for (const target of [{ targetCoverage: 1.5 }, { targetRejection: 1.5 }, { targetAccuracy: 1.5, correct: [1] }])
      refuses(
        () => rejectionThreshold([1], target),
        RangeError,
        new RegExp(`^rejectionThreshold: ${Object.keys(target)[0]} is 1\\.5, expected `),
      );
  });
});

describe("the statistics at their edges", () => {
  it("auroc counts equal scores half, also the largest on either side", () => {
    expect(auroc([1, 2, 2], [2])).toBe(2 / 3);
    expect(auroc([1, 2], [5, 6])).toBe(1);
    expect(auroc([5, 5], [5])).toBe(0.5);
    expect(auroc([7, 8], [1, 7])).toBe(1 / 8);
  });

  it("an accuracy that only some prefix reaches gives its threshold, exactly reached is reached, and none gives −∞", () => {
    const scores = [1, 2, 3, 4];
    expect(rejectionThreshold(scores, { targetAccuracy: 0.75, correct: [1, 1, 1, 0] })).toBe(4);
    expect(rejectionThreshold(scores, { targetAccuracy: 0.76, correct: [1, 1, 1, 0] })).toBe(3);
    expect(rejectionThreshold(scores, { targetAccuracy: 0.5, correct: [0, 0, 0, 0] })).toBe(Number.NEGATIVE_INFINITY);
    expect(rejectionThreshold(scores, { targetAccuracy: 0.6, correct: [0, 1, 1, 1] })).toBe(4);
  });

  it("the threshold below a score is the next double, on either side of 0 and at it", () => {
    const one = (score: number) => rejectionThreshold([score], { targetRejection: 0.5 });
    expect(one(0)).toBe(-5e-324);
    expect(one(1)).toBe(1 - 2 ** -53);
    expect(one(-1)).toBe(-(1 + 2 ** -52));
    expect(one(5e-324)).toBe(0);
  });

  it("bins are as wide as they say, and their edges belong below", () => {
    const bins = reliabilityBins([0, 0.25, 0.26, 0.5, 1], [1, 0, 1, 1, 1], 4);
    expect(bins.map(({ lower, upper }) => [lower, upper])).toEqual([
      [0, 0.25],
      [0.25, 0.5],
      [0.5, 0.75],
      [0.75, 1],
    ]);
    expect(bins.map(({ count, accuracy }) => [count, accuracy])).toEqual([
      [2, 0.5],
      [2, 1],
      [0, 0],
      [1, 1],
    ]);
  });

  it("a class that is neither true nor predicted counts for nothing in macro F1 and balanced accuracy", () => {
    const counts = Float64Array.of(2, 0, 0, 0, 0, 0, 1, 0, 1);
    const matrix = { classes: ["a", "b", "c"], counts };
    expect(macroF1(matrix)).toBeCloseTo((4 / 5 + 2 / 3) / 2, 15);
    expect(balancedAccuracy(matrix)).toBe(0.75);
  });

  it("a paired difference of one pair says nothing of its error, and one of none has p = 1", () => {
    expect(pairedDifference([1], [0.5])).toMatchObject({
      mean: 0.5,
      p: Number.NaN,
      ci: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
    });
    expect(pairedDifference([1, 2], [2, 1])).toMatchObject({ mean: 0, p: 1, t: 0 });
    expect(pairedDifference([3, 4], [2, 3])).toMatchObject({ mean: 1, p: 0 });
  });

  it("two tasks are the fewest, and where they do no more are asked for", () => {
    expect(episodesNeeded(1e6, { between: 1, within: 0 })).toEqual({ episodes: 2, tasks: 2 });
    expect(episodesNeeded(1e6, { between: 0, within: 0 }, { drawsPerTask: 3 })).toEqual({ episodes: 6, tasks: 2 });
    // t(0.975, 2) = 4.302653: three tasks of variance 1 have a half-width of 4.302653/√3 = 2.484138.
    expect(episodesNeeded(2.4842, { between: 1, within: 0 }).tasks).toBe(3);
    expect(episodesNeeded(2.4841, { between: 1, within: 0 }).tasks).toBe(4);
  });

  it("the two-sided p value of an infinite t is 0, and of 0 it is 1", () => {
    expect([studentTwoSided(Number.POSITIVE_INFINITY, 3), studentTwoSided(0, 3)]).toEqual([0, 1]);
    expect([studentTCdf(0, 3), studentTQuantile(0.5, 3)]).toEqual([0.5, 0]);
  });

  it("merging keeps what either side alone has, whatever the other's empty classes hold", () => {
    const a: ClassStatistics = {
      classes: ["x"],
      counts: Float64Array.of(0),
      means: Float64Array.of(99),
      variances: Float64Array.of(99),
      cols: 1,
    };
    const b: ClassStatistics = {
      classes: ["x"],
      counts: Float64Array.of(3),
      means: Float64Array.of(5),
      variances: Float64Array.of(2),
      cols: 1,
    };
    for (const merged of [mergeClassStatistics(a, b), mergeClassStatistics(b, a)]) expect(merged).toEqual({ ...b, classes: ["x"] });
    const single: ClassStatistics = { ...b, counts: Float64Array.of(1), variances: Float64Array.of(99) };
    expect(mergeClassStatistics(single, single)).toMatchObject({ variances: Float64Array.of(0), counts: Float64Array.of(2) });
  });

  it("an infinite feature is named, even where the sums of its class would hide it", () => {
    const data = Float64Array.of(1, Number.POSITIVE_INFINITY, 2, Number.NEGATIVE_INFINITY, 3, 4);
    refuses(() => classStatistics({ data, rows: 3, cols: 2 }, [0, 0, 1]), RangeError, /row 0, column 1 is Infinity/);
    const negative = Float64Array.of(1, 2, Number.NaN, 4);
    refuses(() => classStatistics({ data: negative, rows: 2, cols: 2 }, [0, 1]), RangeError, /row 1, column 0 is NaN/);
  });
});
