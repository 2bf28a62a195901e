import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { indexLabels, type Labels } from "../../src/core/labels.ts";
import type { Matrix } from "../../src/core/matrix.ts";
import { type ClassStatistics, classStatistics, mergeClassStatistics } from "../../src/statistics/classStatistics.ts";
import { golden } from "../golden/small.ts";
import { labelledMatrices, matrix, permutations, rowsOf } from "../properties/arbitraries.ts";
import { farthest } from "../properties/close.ts";
import { refuses } from "../properties/refuses.ts";
import { leavesAlone } from "../properties/unchanged.ts";

/** Statistics of the rows listed. */
function statisticsOf(features: Matrix, labels: readonly number[], rows: readonly number[]): ClassStatistics {
  const all = rowsOf(features);
  return classStatistics(
    matrix(rows.map((row) => all[row])),
    rows.map((row) => labels[row]),
  );
}

/** The statistics with classes ascending, as plain lists, to compare whatever the order of classes. */
function sorted({ classes, counts, means, variances, cols }: ClassStatistics) {
  const order = classes.map((_, c) => c).sort((a, b) => Number(classes[a]) - Number(classes[b]));
  const pick = (values: Float64Array) => order.flatMap((c) => Array.from(values.subarray(c * cols, (c + 1) * cols)));
  return { classes: order.map((c) => classes[c]), counts: order.map((c) => counts[c]), means: pick(means), variances: pick(variances) };
}

function expectAlike(a: ClassStatistics, b: ClassStatistics, tolerance: number): void {
  const [one, other] = [sorted(a), sorted(b)];
  expect(one.classes).toEqual(other.classes);
  expect(one.counts).toEqual(other.counts);
  expect(farthest(one.means, other.means)).toBeLessThan(tolerance);
  expect(farthest(one.variances, other.variances)).toBeLessThan(tolerance);
}

describe("classStatistics", () => {
  it("gives numpy's means and variances to 1e-12", () => {
    const { X, y, rows, cols, means, variances } = golden.statistics;
    const statistics = classStatistics({ data: Float64Array.from(X), rows, cols }, y);
    expect(statistics.classes).toEqual([0, 1, 2, 3]);
    expect(statistics.counts).toEqual(Float64Array.of(10, 10, 10, 10));
    expect(farthest(statistics.means, means)).toBeLessThan(1e-12);
    expect(farthest(statistics.variances, variances)).toBeLessThan(1e-12);
  });

  it("is mean and squared deviation over count − 1 of each class's rows, and leaves its input alone", () => {
    fc.assert(
      fc.property(labelledMatrices(), ({ features, labels }) => {
        const statistics = leavesAlone([features, labels], () => classStatistics(features, labels));
        const rows = rowsOf(features);
        statistics.classes.forEach((name, c) => {
          const own = rows.filter((_, i) => labels[i] === name);
          const mean = own[0].map((_, j) => own.reduce((sum, row) => sum + row[j], 0) / own.length);
          const squares = mean.map((center, j) => own.reduce((sum, row) => sum + (row[j] - center) ** 2, 0));
          const at = [c * features.cols, (c + 1) * features.cols] as const;
          expect(statistics.counts[c]).toBe(own.length);
          // Sums that cancel keep the rounding of their terms, not of their result.
          const largest = Math.max(...own.flat().map(Math.abs));
          statistics.means.subarray(...at).forEach((value, j) => {
            expect(Math.abs(value - mean[j])).toBeLessThanOrEqual(1e-14 * largest);
          });
          expect(
            farthest(
              statistics.variances.subarray(...at),
              squares.map((value) => (own.length > 1 ? value / (own.length - 1) : 0)),
            ),
          ).toBeLessThan(1e-12);
        });
        expect(classStatistics(features, indexLabels(labels))).toEqual(statistics);
      }),
    );
  });

  it("of a class of one row: variance 0", () => {
    expect(classStatistics(matrix([[1], [3], [7]]), ["a", "a", "b"])).toEqual({
      classes: ["a", "b"],
      counts: Float64Array.of(2, 1),
      means: Float64Array.of(2, 7),
      variances: Float64Array.of(2, 0),
      cols: 1,
    });
  });

  it("keeps a small variance about a large mean, in double even for Float32 features", () => {
    const { data } = matrix([[1e8 - 1], [1e8], [1e8 + 1], [0]]);
    expect(classStatistics({ data, rows: 4, cols: 1 }, [0, 0, 0, 1]).variances[0]).toBe(1);
    const single = Float32Array.from({ length: 3000 }, (_, i) => 1000 + (i % 2));
    const labels = Array.from(single, () => "x");
    expect(classStatistics({ data: single, rows: 3000, cols: 1 }, labels).variances[0]).toBeCloseTo((0.25 * 3000) / 2999, 12);
  });

  it("scales with the features, and does not depend on the order of the rows", () => {
    fc.assert(
      fc.property(
        labelledMatrices().chain((problem) => fc.tuple(fc.constant(problem), permutations(problem.features.rows))),
        fc.integer({ min: -30, max: 30 }),
        ([{ features, labels }, order], exponent) => {
          const plain = classStatistics(features, labels);
          const scale = 2 ** exponent;
          const scaled = classStatistics({ ...features, data: Float64Array.from(features.data, (value) => value * scale) }, labels);
          expect(scaled.means).toEqual(plain.means.map((value) => value * scale));
          expect(scaled.variances).toEqual(plain.variances.map((value) => value * scale * scale));
          expectAlike(statisticsOf(features, labels, order), plain, 1e-12);
        },
      ),
    );
  });

  it("refuses features that are not finite, labels that do not fit, and the wrong kinds", () => {
    const features = matrix([
      [1, 2],
      [3, 4],
    ]);
    refuses(() => classStatistics(features, [1]), RangeError, "classStatistics: labels has 1 rows, expected 2, one a row of features");
    refuses(
      () =>
        classStatistics(
          matrix([
            [1, 2],
            [3, Number.POSITIVE_INFINITY],
          ]),
          [0, 1],
        ),
      RangeError,
      "classStatistics: features row 1, column 1 is Infinity, expected finite numbers",
    );
    refuses(
      () => classStatistics({ data: new Float64Array(0), rows: 0, cols: 2 }, []),
      RangeError,
      "classStatistics: labels has 0 rows, expected at least 1",
    );
    refuses(() => classStatistics([[1]] as unknown as Matrix, [0]), TypeError, /^classStatistics: features is Array, expected a Matrix/);
    for (const [labels, name] of [
      [null, "null"],
      [undefined, "undefined"],
      ["ab", '"ab"'],
    ]) {
      refuses(
        () => classStatistics(features, labels as unknown as Labels),
        TypeError,
        `classStatistics: labels is ${name}, expected an array or typed array of numbers, strings or bigints`,
      );
    }
  });
});

describe("mergeClassStatistics", () => {
  it("of any shards in any order is the statistics of all rows, to 1e-12, and leaves the shards alone", () => {
    fc.assert(
      fc.property(
        labelledMatrices({ maxRows: 20 }).chain((problem) => {
          const n = problem.features.rows;
          return fc.record({
            problem: fc.constant(problem),
            order: permutations(n),
            cuts: fc.tuple(fc.integer({ min: 1, max: n - 1 }), fc.integer({ min: 1, max: n - 1 })),
          });
        }),
        ({ problem: { features, labels }, order, cuts }) => {
          const [from, to] = [Math.min(...cuts), Math.max(...cuts)];
          const shards = [order.slice(0, from), order.slice(from, to), order.slice(to)]
            .filter((rows) => rows.length > 0)
            .map((rows) => statisticsOf(features, labels, rows));
          const whole = classStatistics(features, labels);
          const left = leavesAlone(shards, () => shards.reduce(mergeClassStatistics));
          expectAlike(left, whole, 1e-12);
          expectAlike([...shards].reverse().reduce(mergeClassStatistics), whole, 1e-12);
          expectAlike(
            shards.reduceRight((sum, shard) => mergeClassStatistics(shard, sum)),
            whole,
            1e-12,
          );
        },
      ),
      { numRuns: 200 },
    );
  });

  it("matches classes by name and lists those of the first shard first", () => {
    const a = classStatistics(matrix([[1], [3], [4]]), ["y", "y", "z"]);
    const b = classStatistics(matrix([[5], [9], [2]]), ["y", "a", "a"]);
    expect(mergeClassStatistics(a, b)).toEqual({
      classes: ["y", "z", "a"],
      counts: Float64Array.of(3, 1, 2),
      means: Float64Array.of(3, 4, 5.5),
      variances: Float64Array.of(4, 0, 24.5),
      cols: 1,
    });
  });

  it("keeps a small variance about a large mean", () => {
    const a = classStatistics(matrix([[1e9], [1e9 + 1]]), [0, 0]);
    const b = classStatistics(matrix([[1e9 + 2], [1e9 + 3]]), [0, 0]);
    expect(mergeClassStatistics(a, b).variances[0]).toBeCloseTo(5 / 3, 12);
  });

  it("refuses shards of different columns, classes without rows, and what are no statistics", () => {
    const a = classStatistics(matrix([[1]]), [0]);
    const b = classStatistics(matrix([[1, 2]]), [0]);
    refuses(() => mergeClassStatistics(a, b), RangeError, "mergeClassStatistics: b has 2 columns, expected 1, as a");
    const none = { ...a, counts: Float64Array.of(0) };
    refuses(() => mergeClassStatistics(none, none), RangeError, "mergeClassStatistics: class 0 has no rows, expected at least 1");
    refuses(
      () => mergeClassStatistics(null as unknown as ClassStatistics, a),
      TypeError,
      "mergeClassStatistics: a is null, expected class statistics",
    );
    refuses(
      () => mergeClassStatistics(a, undefined as unknown as ClassStatistics),
      TypeError,
      "mergeClassStatistics: b is undefined, expected class statistics",
    );
  });
});
