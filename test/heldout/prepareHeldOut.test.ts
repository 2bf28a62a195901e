import { describe, expect, it } from "vitest";
import type { Labels } from "../../src/core/labels.ts";
import type { Matrix } from "../../src/core/matrix.ts";
import { type HeldOutOptions, prepareHeldOut, preparingHeldOut, rowScale } from "../../src/heldout/prepareHeldOut.ts";
import { mostBytes } from "../../src/kernels/bumpMemory.ts";
import { createKernels, withKernels } from "../../src/kernels/createKernels.ts";
import type { KernelMemory } from "../../src/kernels/kernels.ts";
import { matrix } from "../properties/arbitraries.ts";
import { refuses } from "../properties/refuses.ts";

const rows = [
  [3, 1, 0.5],
  [2, -1, 1],
  [0, 4, 0.25],
  [1, 3, -2],
  [2, 2, 2],
];
const features = matrix(rows);
const labels = ["a", "a", "b", "b", "b"];
const product = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, value, j) => sum + value * b[j], 0);
const gramRows = rows.map((a) => rows.map((b) => product(a, b)));
const prepare = (given: Matrix, names: Labels, options: HeldOutOptions = {}, mayFold = false) =>
  withKernels("auto", (kernels) => {
    const problem = prepareHeldOut(kernels, given, names, options, "test", mayFold);
    const { gram, codes } = problem;
    const from = (gram ?? 0) >>> 3;
    return { ...problem, values: gram === null ? null : Array.from(kernels.memory.f64.subarray(from, from + codes.length ** 2)) };
  });

describe("a problem ready for held-out fits", () => {
  it("has the rows' inner products, classes by position, and each row its own group of weight 1", () => {
    for (const data of [features.data, Float32Array.from(features.data)]) {
      const problem = prepare({ ...features, data }, labels);
      expect(problem).toMatchObject({ classes: ["a", "b"], k: 2, fitIntercept: true, balanced: false, solver: null });
      expect(Array.from(problem.codes)).toEqual([0, 0, 1, 1, 1]);
      expect(problem.groups).toEqual([[0], [1], [2], [3], [4]]);
      expect(Array.from(problem.weights)).toEqual([1, 1, 1, 1, 1]);
      expect(problem.values).toEqual(gramRows.flat());
    }
  });

  it("its scale is the rows' mean squared distance from their mean, or without intercepts from 0", () => {
    const mean = rows[0].map((_, j) => rows.reduce((sum, row) => sum + row[j] / 5, 0));
    const about = rows.reduce((sum, row) => sum + row.reduce((all, value, j) => all + (value - mean[j]) ** 2, 0) / 5, 0);
    const raw = rows.reduce((sum, row) => sum + product(row, row) / 5, 0);
    expect(rowScale(features)).toBeCloseTo(about, 12);
    expect(prepare(features, labels).scale).toBeCloseTo(about, 12);
    expect(prepare(features, labels, { fitIntercept: false }).scale).toBeCloseTo(raw, 12);
    expect(prepare(matrix(gramRows), labels, { precomputed: true }).scale).toBeCloseTo(about, 12);
    // Rows all alike have none: 1 then, where somebody divides by it; rounding never makes it negative.
    const alike = matrix(new Array<number[]>(4).fill([0.1, 0.7]));
    expect(rowScale(matrix(new Array<number[]>(4).fill([2, 1])))).toBe(1);
    expect(prepare(alike, [0, 0, 1, 1]).scale).toBeGreaterThanOrEqual(0);
    expect(prepare(alike, [0, 0, 1, 1]).scale).toBeLessThan(1e-15);
  });

  it("lists the rows of each group together", () => {
    expect(prepare(features, labels, { groups: [7, 3, 3, 7, 5] }).groups).toEqual([[1, 2], [4], [0, 3]]);
    refuses(
      () => prepare(features, labels, { groups: [1, 2, 3] }),
      RangeError,
      "test: groups has 3 rows, expected 5, one a row of features",
    );
  });

  it("takes a Gram matrix, its halves averaged, and refuses one that is not symmetric to a millionth of its largest row", () => {
    const off = (by: number): Matrix => matrix(gramRows.map((row, i) => row.map((value, j) => value + (i === 3 && j === 1 ? by : 0))));
    // The largest squared norm is 16.0625.
    const near = prepare(off(15e-6), labels, { precomputed: true }).values!;
    const [at, mirror] = [3 * 5 + 1, 1 * 5 + 3];
    expect(near[at]).toBe(near[mirror]);
    expect(near[at]).toBeCloseTo(gramRows[3][1] + 7.5e-6, 14);
    expect(near.filter((_, p) => p !== at && p !== mirror)).toEqual(gramRows.flat().filter((_, p) => p !== at && p !== mirror));
    for (const by of [17e-6, -17e-6])
      refuses(
        () => prepare(off(by), labels, { precomputed: true }),
        RangeError,
        `test: features row 3, column 1 is ${gramRows[3][1] + by}, its mirror ${gramRows[1][3]}, expected a symmetric Gram matrix`,
      );
    refuses(
      () => prepare(features, labels, { precomputed: true }),
      RangeError,
      "test: features has 5 × 3 values, expected n × n: a Gram matrix, as precomputed says",
    );
    const negative = matrix(gramRows.map((row, i) => row.map((value, j) => (i === 2 && j === 2 ? -1 : value))));
    refuses(
      () => prepare(negative, labels, { precomputed: true }),
      RangeError,
      "test: features row 2 has norm NaN, expected at most 1e+150, as after l2Normalize",
    );
  });

  it("refuses classes that are not there without some group, and says in how many they are", () => {
    const one = "expected at least 2: without its only example nothing is known of a class, so at 1 shot there is no leave-one-out";
    const cases: [Labels, HeldOutOptions, string][] = [
      [["a", "b", "b", "b", "b"], {}, `test: labels has class "a" in 1 row of weight above 0, ${one}`],
      [["b", "b", "b", "b", "c"], {}, `test: labels has class "c" in 1 row of weight above 0, ${one}`],
      [[1n, 2n, 2n, 2n, 2n], {}, `test: labels has class 1 in 1 row of weight above 0, ${one}`],
      [[1n, 2n ** 60n, 1n, 1n, 1n], {}, `test: labels has class "1152921504606846976" in 1 row of weight above 0, ${one}`],
      [labels, { groups: [0, 0, 1, 2, 3] }, `test: labels has class "a" in 1 group of weight above 0, ${one}`],
      [labels, { sampleWeight: [1, 0, 1, 1, 1] }, `test: labels has class "a" in 1 row of weight above 0, ${one}`],
      [labels, { sampleWeight: [0, 0, 1, 1, 1] }, `test: labels has class "a" in 0 rows of weight above 0, ${one}`],
      [
        labels,
        { sampleWeight: [0, 0, 1, 1, 1], groups: [0, 0, 1, 2, 3] },
        `test: labels has class "a" in 0 groups of weight above 0, ${one}`,
      ],
    ];
    for (const [names, options, message] of cases) refuses(() => prepare(features, names, options), RangeError, message);
  });

  it("refuses what fits no problem", () => {
    refuses(
      () => prepare({ data: new Float64Array(0), rows: 0, cols: 3 }, []),
      RangeError,
      "test: features has 0 rows, expected at least 4",
    );
    refuses(() => prepare(features, ["a", "b"]), RangeError, "test: labels has 2 rows, expected 5, one a row of features");
    refuses(() => prepare(features, ["a", "a", "a", "a", "a"]), RangeError, "test: labels has one class, a, expected at least 2");
    for (const name of ["fitIntercept", "balanced", "precomputed"])
      refuses(() => prepare(features, labels, { [name]: 1 } as never), TypeError, `test: ${name} is 1, expected true or false`);
    refuses(
      () => prepare(matrix([[1], [2], [1e160], [3]]), [0, 0, 1, 1]),
      RangeError,
      "test: features row 2 has norm Infinity, expected at most 1e+150, as after l2Normalize",
    );
  });

  it("refuses more rows than memory has room for, and says what takes any number", () => {
    const refusal = (given: Matrix, names: Labels, options: HeldOutOptions, room: number): string => {
      const kernels = createKernels("js");
      // All but so many bytes are taken.
      const memory: KernelMemory = Object.create(kernels.memory, { mark: { value: () => mostBytes - room } });
      try {
        prepareHeldOut({ ...kernels, memory }, given, names, options, "test");
        return "";
      } catch (error) {
        return (error as Error).message;
      }
    };
    // 5 n² + 2 n · cols + 20 n · (k + 1) doubles, the rows of a Gram matrix being no rows of features.
    const bytes = 8 * (5 * 25 + 2 * 5 * 3 + 20 * 5 * 3);
    expect(refusal(features, labels, {}, bytes)).toBe("");
    expect(refusal(features, labels, {}, bytes - 1)).toMatch(
      /^test: features has 5 rows of 3 numbers, .* expected at most 4 rows, .*, or method "folds" of choosePenalty, which takes any number$/,
    );
    const ofGram = 8 * (5 * 25 + 20 * 5 * 3);
    expect(refusal(matrix(gramRows), labels, { precomputed: true }, ofGram)).toBe("");
    expect(refusal(matrix(gramRows), labels, { precomputed: true }, ofGram - 1)).toMatch(
      /expected at most 4 rows, for kernels address [^,]*$/,
    );
  });
});

describe("folds in d dimensions", () => {
  /** Whether n rows of d columns in k classes get no Gram matrix: known before the first of its blocks. */
  const inDimensions = (
    n: number,
    d: number,
    k: number,
    { mayFold = true, ...options }: HeldOutOptions & { mayFold?: boolean } = {},
  ): boolean => {
    const data = new Float32Array(n * d).fill(0.5);
    const names = Int32Array.from({ length: n }, (_, i) => i % k);
    const step = preparingHeldOut(createKernels("auto"), { data, rows: n, cols: d }, names, options, "test", mayFold).next();
    if (step.done) return step.value.gram === null;
    expect(step.value).toEqual({ done: 0, total: 1 });
    return false;
  };

  it("serve from 600 rows on, where by measured speeds they take at most 1.3 times as long as what a Gram matrix allows", () => {
    // Of 600 rows in 2 classes an approximation takes 2 · 600³ / 1.35e10 = 32 ms, folds here 6.2e-8 · 600 · d · 2 s.
    expect([559, 560].map((d) => inDimensions(600, d, 2))).toEqual([true, false]);
    expect([1, 599].map((d) => inDimensions(599, d, 2))).toEqual([false, false]);
    // Of 1200 in 60 classes folds by a Gram matrix take less than an approximation: 7.34 s.
    expect([2138, 2139].map((d) => inDimensions(1200, d, 60))).toEqual([true, false]);
  });

  it("serve only who may fold and has the rows themselves", () => {
    expect(inDimensions(600, 10, 2, { mayFold: false })).toBe(false);
    expect(inDimensions(1700, 1700, 2)).toBe(true);
    expect(inDimensions(1700, 1700, 2, { precomputed: true })).toBe(false);
  });

  it("have a solver of all rows and the scale of the rows", () => {
    const n = 600;
    const data = Float64Array.from({ length: 2 * n }, (_, at) => Math.sin(at) + (at % 2));
    const names = Int32Array.from({ length: n }, (_, i) => i % 2);
    const given = { data, rows: n, cols: 2 };
    const [about, raw] = [true, false].map((fitIntercept) => prepare(given, names, { fitIntercept }, true));
    expect([about.gram, about.values, about.solver!.norms.length, about.features]).toEqual([null, null, n, given]);
    expect(about.scale).toBeCloseTo(rowScale(given), 12);
    expect(raw.scale).toBeCloseTo(
      data.reduce((sum, value) => sum + (value * value) / n, 0),
      12,
    );
  });
});
