import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { indexLabels, l2Normalize, type Matrix, type RowReader, syntheticFeatures, takeRows } from "../../src/index.ts";
import { checkClassStatistics, checkUnitRows } from "../../src/statistics/checkClassStatistics.ts";
import { type ClassStatistics, classStatistics, mergeClassStatistics, streamClassStatistics } from "../../src/statistics.ts";
import { refuses } from "../properties/refuses.ts";

const { features, labels } = syntheticFeatures({ classes: 9, rowsPerClass: 14, dims: 30, views: 3, seed: 6 });
const readerOf = (matrix: Matrix): RowReader => ({ rows: matrix.rows, cols: matrix.cols, read: (rows) => takeRows(matrix, rows) });
const wide = { ...features, data: Float64Array.from(features.data) };

describe("streamClassStatistics", () => {
  it("gives the bits of classStatistics, of rows as they are and scaled to norm 1", () => {
    for (const matrix of [features, wide]) {
      expect(streamClassStatistics(readerOf(matrix), labels)).toEqual(classStatistics(matrix, labels));
    }
    // Scaled rows are never rounded to their storage's precision on the way: only doubles can be compared.
    const scaled = streamClassStatistics(readerOf(wide), labels, { normalize: "l2" });
    const reference = classStatistics(l2Normalize(wide), labels);
    scaled.means.forEach((mean, p) => {
      expect(mean).toBeCloseTo(reference.means[p], 12);
    });
  });

  const close = (a: ClassStatistics, b: ClassStatistics) => {
    const order = a.classes.map((name) => b.classes.indexOf(name));
    expect(order.includes(-1) || a.classes.length !== b.classes.length).toBe(false);
    order.forEach((from, c) => {
      expect(b.counts[from]).toBe(a.counts[c]);
      for (const key of ["means", "variances"] as const) {
        const own = a[key].subarray(c * a.cols, (c + 1) * a.cols);
        const size = Math.max(...own.map(Math.abs));
        own.forEach((value, j) => {
          expect(Math.abs(b[key][from * a.cols + j] - value)).toBeLessThanOrEqual(1e-12 * size);
        });
      }
    });
  };

  it("adds up from ranges of rows in any order and grouping, to 1e-12", () => {
    const whole = classStatistics(wide, labels);
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 1, max: features.rows - 1 }), { maxLength: 12 }),
        fc.infiniteStream(fc.nat()),
        (cuts, choices) => {
          const ends = [0, ...cuts.sort((a, b) => a - b), features.rows];
          const parts = ends.slice(1).map((to, i) => streamClassStatistics(readerOf(wide), labels, { from: ends[i], to }));
          const next = () => choices.next().value as number;
          // Any two of what is left are merged, either way round, until one is left.
          while (parts.length > 1) {
            const [a] = parts.splice(next() % parts.length, 1);
            const [b] = parts.splice(next() % parts.length, 1);
            parts.push(mergeClassStatistics(a, b));
          }
          close(whole, parts[0]);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("refuses ranges and labels that do not fit", () => {
    const reader = readerOf(features);
    refuses(
      () => streamClassStatistics(reader, [1]),
      RangeError,
      "streamClassStatistics: labels has 1 rows, expected 126, one a row of features",
    );
    refuses(
      () => streamClassStatistics(reader, labels, { from: 3, to: 3 }),
      RangeError,
      "streamClassStatistics: from is 3, expected a whole number in 0…2",
    );
    refuses(
      () => streamClassStatistics(reader, labels, { to: 127 }),
      RangeError,
      "streamClassStatistics: to is 127, expected a whole number in 1…126",
    );
    refuses(
      () => streamClassStatistics(null as never, labels),
      TypeError,
      "streamClassStatistics: reader is null, expected a reader {rows, cols, read}, such as openFeatures gives",
    );
  });

  it("reads blocks in order, scales rows of zeros to zeros, and leaves classes without a row in the range out", () => {
    const cols = 2 ** 19;
    const asked: number[][] = [];
    const data = [3, 0, 4, 8];
    const reader: RowReader = {
      rows: 4,
      cols,
      read(rows) {
        asked.push(Array.from(rows));
        const values = new Float32Array(rows.length * cols);
        for (let i = 0; i < rows.length; i++) values[i * cols] = data[rows[i]];
        return { data: values, rows: rows.length, cols };
      },
    };
    const plain = streamClassStatistics(reader, ["a", "a", "b", "b"]);
    expect(asked).toEqual([
      [0, 1],
      [2, 3],
    ]);
    expect(plain.counts).toEqual(Float64Array.of(2, 2));
    expect([plain.means[0], plain.variances[0], plain.means[cols], plain.variances[cols]]).toEqual([1.5, 4.5, 6, 8]);
    expect([plain.means[1], plain.variances[1]]).toEqual([0, 0]);
    const unit = streamClassStatistics(reader, ["a", "a", "b", "b"], { normalize: "l2" });
    expect([unit.means[0], unit.variances[0], unit.means[cols], unit.variances[cols]]).toEqual([0.5, 0.5, 1, 0]);
    const some = streamClassStatistics(reader, indexLabels(["a", "b", "c", "b"]), { from: 1, to: 4 });
    expect(some.classes).toEqual(["b", "c"]);
    expect(some.counts).toEqual(Float64Array.of(2, 1));
    expect([some.means[0], some.variances[0], some.means[cols], some.variances[cols], some.means.length]).toEqual([4, 32, 4, 0, 2 * cols]);
    refuses(
      () => streamClassStatistics(reader, ["a", "a", "b", "b"], { normalize: "max" as never }),
      RangeError,
      'streamClassStatistics: normalize is "max", expected one of l2, none',
    );
  });
});

describe("statistics given by others are checked whole", () => {
  const good = (): ClassStatistics => ({
    classes: ["a", 7n, 3],
    counts: Float64Array.of(1, 2, 3),
    means: Float64Array.of(0, 1, 2, 3, 4, 5),
    variances: Float64Array.of(0, 0, 1, 2, 3, 4),
    cols: 2,
  });
  const kinds = "expected class statistics {classes, counts, means, variances, cols}";
  const cases: readonly (readonly [string, Partial<Record<keyof ClassStatistics, unknown>> | null, typeof Error, string])[] = [
    ["null", null, TypeError, kinds],
    ["no classes", { classes: "ab" }, TypeError, kinds],
    ["counts of another kind", { counts: [1, 2, 3] }, TypeError, kinds],
    ["means of another kind", { means: new Float32Array(6) }, TypeError, kinds],
    ["variances of another kind", { variances: undefined }, TypeError, kinds],
    ["cols of another kind", { cols: "2" }, TypeError, kinds],
    ["no columns", { cols: 0 }, RangeError, "f: s.cols is 0, expected a whole number of at least 1"],
    ["half a column", { cols: 1.5 }, RangeError, "f: s.cols is 1.5, expected a whole number of at least 1"],
    ["no names", { classes: [] }, RangeError, "f: s.classes has 0 names, expected at least 1"],
    ["too few counts", { counts: new Float64Array(2) }, RangeError, "f: s.counts has 2 values, expected 3, for 3 classes in 2 dimensions"],
    ["too few means", { means: new Float64Array(5) }, RangeError, "f: s.means has 5 values, expected 6, for 3 classes in 2 dimensions"],
    [
      "too many variances",
      { variances: new Float64Array(7) },
      RangeError,
      "f: s.variances has 7 values, expected 6, for 3 classes in 2 dimensions",
    ],
    ["a name that is none", { classes: ["a", true, 3] }, TypeError, "f: s.classes[1] is true, expected a number, string or bigint"],
    [
      "a name that is no number",
      { classes: ["a", 1, Number.NaN] },
      TypeError,
      "f: s.classes[2] is NaN, expected a number, string or bigint",
    ],
    ["a name twice", { classes: ["a", 3, 3] }, RangeError, "f: s.classes[2] is 3 again, expected every class once"],
    ["no rows", { counts: Float64Array.of(1, 0, 3) }, RangeError, "f: s.counts[1] is 0, expected a whole number of at least 1"],
    ["half a row", { counts: Float64Array.of(1, 2, 2.5) }, RangeError, "f: s.counts[2] is 2.5, expected a whole number of at least 1"],
    [
      "a mean without end",
      { means: Float64Array.of(0, 1, 2, Number.POSITIVE_INFINITY, 4, 5) },
      RangeError,
      "f: s class 1, dimension 1 has mean Infinity, expected finite ones, variances of at least 0",
    ],
    [
      "a variance below 0",
      { variances: Float64Array.of(0, 0, 1, 2, -3, 4) },
      RangeError,
      "f: s class 2, dimension 0 has variance -3, expected finite ones, variances of at least 0",
    ],
    [
      "a variance without end",
      { variances: Float64Array.of(0, 0, 1, 2, 3, Number.POSITIVE_INFINITY) },
      RangeError,
      "f: s class 2, dimension 1 has variance Infinity, expected finite ones, variances of at least 0",
    ],
    [
      "a variance that is none",
      { variances: Float64Array.of(Number.NaN, 0, 1, 2, 3, 4) },
      RangeError,
      "f: s class 0, dimension 0 has variance NaN",
    ],
  ];

  it("passes whole ones", () => {
    const value = good();
    expect(checkClassStatistics(value, "f", "s")).toBe(value);
  });

  it.each(cases)("refuses %s", (_, change, kind, says) => {
    const value = (change && { ...good(), ...change }) as ClassStatistics;
    let error: unknown;
    try {
      checkClassStatistics(value, "f", "s");
    } catch (caught) {
      error = caught;
    }
    expect(error).toBeInstanceOf(kind);
    expect((error as Error).message).toContain(says);
  });

  it("tells rows of norm 1, or of zeros, from rows as they are", () => {
    const unit = classStatistics(l2Normalize(wide), labels);
    expect(() => checkUnitRows(unit, "f", "s")).not.toThrow();
    const zeros = { ...wide, data: wide.data.map((value, i) => (i < 60 ? 0 : value)) };
    expect(() => checkUnitRows(classStatistics(zeros, labels, { normalize: "l2" }), "f", "s")).not.toThrow();
    const [first, ...rest] = [1.2, 0, 0, 1.2, 1, 1];
    const raw: ClassStatistics = {
      classes: ["x"],
      counts: Float64Array.of(1),
      means: Float64Array.of(first, rest[0]),
      variances: Float64Array.of(0, 0),
      cols: 2,
    };
    refuses(
      () => checkUnitRows(raw, "f", "s"),
      RangeError,
      'f: s class x has rows of mean square 1.440, expected statistics of rows of norm 1, as classStatistics with normalize: "l2" makes them',
    );
    // Two rows whose squares sum to a whole number that is more than there are rows.
    const long = { ...raw, counts: Float64Array.of(2), means: Float64Array.of(1, 0), variances: Float64Array.of(1, 0) };
    expect(() => checkUnitRows(long, "f", "s")).toThrow("f: s class x has rows of mean square 1.500");
    expect(() =>
      checkUnitRows({ ...long, means: Float64Array.of(Math.SQRT1_2, 0), variances: Float64Array.of(1, 0) }, "f", "s"),
    ).not.toThrow();
  });
});
