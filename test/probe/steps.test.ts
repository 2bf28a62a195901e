import { describe, expect, it } from "vitest";
import type { Matrix } from "../../src/core/matrix.ts";
import { createKernels } from "../../src/kernels/createKernels.ts";
import { kernelLoops } from "../../src/kernels/kernelLoops.ts";
import { decisionFunction, predict } from "../../src/probe/predict.ts";
import type { LinearHead, Probe } from "../../src/probe/probe.ts";
import { applySteps, type Step, stepColumns } from "../../src/probe/steps.ts";
import { matrix, rowsOf } from "../properties/arbitraries.ts";
import { refuses } from "../properties/refuses.ts";
import { leavesAlone } from "../properties/unchanged.ts";

const kernels = createKernels("js");
const loops = kernelLoops(kernels);
const of = (...values: number[]): Float64Array => Float64Array.from(values);
const run = (steps: readonly Step[], features: Matrix, firstRow?: number): Matrix =>
  applySteps(steps, features, firstRow === undefined ? { loops, caller: "caller" } : { loops, caller: "caller", firstRow });
const done = (step: Step, ...rows: number[][]): number[][] => rowsOf(run([step], matrix(rows)));

/** Rows times a step's matrix, by plain loops. */
const plain: Record<"transform" | "solve" | "lowRank", (step: never, row: readonly number[]) => number[]> = {
  transform: ({ matrix: m, dimensions: r }: Extract<Step, { kind: "transform" }>, row) =>
    Array.from({ length: r }, (_, j) => row.reduce((sum, value, i) => sum + value * m[i * r + j], 0)),
  // y = L⁻¹ x, so that y·Lᵀ = x.
  solve: ({ lower }: Extract<Step, { kind: "solve" }>, row) => {
    const y: number[] = [];
    row.forEach((value, i) => {
      y.push((value - y.reduce((sum, own, j) => sum + lower[i * row.length + j] * own, 0)) / lower[i * row.length + i]);
    });
    return y;
  },
  lowRank: ({ vectors, gains, rest }: Extract<Step, { kind: "lowRank" }>, row) => {
    const d = row.length;
    const products = Array.from(gains, (_, q) => row.reduce((sum, value, j) => sum + value * vectors[q * d + j], 0));
    return row.map((value, j) => products.reduce((sum, product, q) => sum + gains[q] * product * vectors[q * d + j], rest * value));
  },
};

describe("each step by its definition", () => {
  it("l2 divides each row by its own norm, or by that of the row times the weights; norms of 0 leave a row as it is", () => {
    expect(done({ kind: "l2", weights: null }, [3, 4], [0, 0], [-8, 6])).toEqual([
      [0.6, 0.8],
      [0, 0],
      [-0.8, 0.6],
    ]);
    // ‖(3·0, 4·1)‖ = 4; ‖(3·1, 4·1)‖ = 5; ‖(3·−3, 4·−3)‖ = 15.
    expect(done({ kind: "l2", weights: of(3, 4) }, [0, 1], [0, 0], [1, 1], [-3, -3])).toEqual([
      [0, 0.25],
      [0, 0],
      [0.2, 0.2],
      [-0.2, -0.2],
    ]);
    expect(done({ kind: "l2", weights: of(0, 2) }, [7, 0], [7, 1])).toEqual([
      [7, 0],
      [3.5, 0.5],
    ]);
  });

  it("l2 of weights neither overflows nor vanishes where squares would", () => {
    for (const scale of [2 ** 700, 2 ** -700])
      expect(done({ kind: "l2", weights: of(3, 4) }, [scale, scale])).toEqual([[expect.closeTo(0.2, 15), expect.closeTo(0.2, 15)]]);
  });

  it("power is x^exponent, and log x for exponent 0", () => {
    expect(done({ kind: "power", exponent: 2 }, [0, 3], [0.5, 1])).toEqual([
      [0, 9],
      [0.25, 1],
    ]);
    expect(done({ kind: "power", exponent: 0.5 }, [0, 9], [2, 0.25])).toEqual([
      [0, 3],
      [Math.SQRT2, 0.5],
    ]);
    expect(done({ kind: "power", exponent: -1 }, [4, 0.5])).toEqual([[0.25, 2]]);
    expect(done({ kind: "power", exponent: -0.5 }, [4, 0.25])).toEqual([[0.5, 2]]);
    expect(done({ kind: "power", exponent: 3 }, [2, 0])).toEqual([[8, 0]]);
    const [[one, e, half]] = done({ kind: "power", exponent: 0 }, [1, Math.E, 0.5]);
    expect(one).toBe(0);
    expect(e).toBeCloseTo(1, 15);
    expect(half).toBeCloseTo(-Math.LN2, 15);
    // Just above 0 is enough for either.
    expect(done({ kind: "power", exponent: -0.25 }, [5e-324])[0][0] / 2 ** (1074 / 4)).toBeCloseTo(1, 12);
    expect(done({ kind: "power", exponent: 0 }, [5e-324])[0][0]).toBeCloseTo(-1074 * Math.LN2, 10);
  });

  it("simple is sign(x) / ln(1/(|x| + 1e-5) + 1)^1.3, odd and 0 at 0", () => {
    const values = [0, 0.25, -0.25, 3, -3, 1e-7, 1000];
    const [row] = done({ kind: "simple" }, values);
    values.forEach((value, i) => {
      const wanted = Math.sign(value) / Math.log1p(1 / (Math.abs(value) + 1e-5)) ** 1.3;
      expect(Math.abs(row[i] - wanted)).toBeLessThanOrEqual(1e-12 * Math.abs(wanted));
    });
    expect(row[0]).toBe(0);
  });

  it("centre subtracts the mean from every row but those of zeros alone", () => {
    expect(done({ kind: "centre", mean: of(1, -2, 0.5) }, [1, 1, 1], [0, 0, 2], [0, 0, 0], [2, 0, 0])).toEqual([
      [0, 3, 0.5],
      [-1, 2, 1.5],
      [0, 0, 0],
      [1, 2, -0.5],
    ]);
  });

  it("mask multiplies each column by its weight", () => {
    expect(done({ kind: "mask", weights: of(2, 0, -1) }, [1, 5, 3], [4, 5, 6])).toEqual([
      [2, 0, -3],
      [8, 0, -6],
    ]);
  });

  const d = 3;
  const matrices = [
    { kind: "transform", dimensions: 2, matrix: of(1, 2, 3, -4, 0.5, 6) },
    { kind: "transform", dimensions: 4, matrix: Float64Array.from({ length: 12 }, (_, i) => (i * 7) % 5) },
    { kind: "solve", lower: of(2, 0, 0, 1, 4, 0, -3, 2, 0.5) },
    { kind: "lowRank", vectors: of(1, 2, 3, -1, 0.5, 2), gains: of(3, -2), rest: 0.25 },
  ] as const;
  for (const step of matrices)
    it(`${step.kind} multiplies rows by its matrix, few of them or more than go at once, and frees its memory`, () => {
      for (const n of [0, 1, 2, 511, 512, 513, 1024, 1300]) {
        const rows = Array.from({ length: n }, (_, i) => [(i * 5) % 11, ((i * 3) % 7) - 3, i / 8]);
        const features = { data: Float32Array.from(rows.flat()), rows: n, cols: d };
        const mark = kernels.memory.mark();
        const out = leavesAlone([step, features], () => run([step], features));
        expect(kernels.memory.mark()).toBe(mark);
        const wanted = rows.map((row) => plain[step.kind](step as never, row));
        expect([out.rows, out.cols]).toEqual([n, "dimensions" in step ? step.dimensions : d]);
        expect(out.data.length).toBe(n * out.cols);
        const gap = wanted.flat().reduce((most, value, at) => Math.max(most, Math.abs(value - out.data[at])), 0);
        expect(gap).toBeLessThan(1e-9);
      }
    });

  it("split rotates to coordinates along its vectors and what they leave: inner products stay, few rows or more than go at once", () => {
    // Orthonormal: (2, 1, 2)/3 and (−1, −2, 2)/3; the third direction is (2, −2, −1)/3.
    const vectors = of(2 / 3, 1 / 3, 2 / 3, -1 / 3, -2 / 3, 2 / 3);
    const [row] = done({ kind: "split", vectors }, [3, 6, 0]);
    [4, -5, -4 / 3, 4 / 3, 2 / 3].forEach((value, j) => {
      expect(row[j]).toBeCloseTo(value, 14);
    });
    const rows = Array.from({ length: 1030 }, (_, i) => [(i * 5) % 11, ((i * 3) % 7) - 3, i / 8]);
    const out = rowsOf(run([{ kind: "split", vectors }], matrix(rows)));
    const product = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, value, j) => sum + value * b[j], 0);
    for (const i of [0, 1, 511, 512, 1029]) expect(product(out[i], out[7])).toBeCloseTo(product(rows[i], rows[7]), 9);
    refuses(() => stepColumns({ kind: "split", vectors: of(1, 2) }, 3, "caller", "it"), RangeError, /has 2 values|2 values/);
  });

  it("parts do each part's steps to the same rows, and put the outcomes, times their weights, side by side", () => {
    const parts: Step = {
      kind: "parts",
      parts: [
        { name: "as they are", weight: 2, steps: [] },
        { name: "of norm 1", weight: -1, steps: [{ kind: "l2", weights: null }] },
        {
          name: "nested",
          weight: 1,
          steps: [{ kind: "parts", parts: [{ name: "sum", weight: 3, steps: [{ kind: "transform", dimensions: 1, matrix: of(1, 1) }] }] }],
        },
      ],
    };
    expect(done(parts, [3, 4], [0, -2])).toEqual([
      [6, 8, -0.6, -0.8, 21],
      [0, -4, -0, 1, -6],
    ]);
    expect(stepColumns(parts, 2, "caller", "it")).toBe(5);
  });

  it("steps follow one another, each with the columns that the last one leaves, and none gives the rows as doubles", () => {
    const features = { data: Float32Array.of(0.1, 2, 3, 4), rows: 2, cols: 2 };
    const same = run([], features);
    expect(same).toEqual({ data: Float64Array.from(features.data), rows: 2, cols: 2 });
    const steps: Step[] = [
      { kind: "mask", weights: of(2, 3) },
      { kind: "transform", dimensions: 3, matrix: of(1, 0, 1, 0, 1, 1) },
      { kind: "centre", mean: of(1, 1, 1) },
      { kind: "transform", dimensions: 1, matrix: of(1, 10, 100) },
    ];
    // (1, 2) → (2, 6) → (2, 6, 8) → (1, 5, 7) → 1 + 50 + 700.
    expect(run(steps, matrix([[1, 2]]))).toEqual({ data: of(751), rows: 1, cols: 1 });
  });
});

describe("a power that is not defined names row and column", () => {
  const below = [-1, -5e-324, -1e300];
  const cases: [exponent: number, allowed: readonly number[], refused: readonly number[], wanted: string][] = [
    [2, [0, -0, 5e-324], below, "values of at least 0, for the probe's power 2"],
    [3, [0, 1], below, "values of at least 0, for the probe's power 3"],
    [0.5, [0, -0, 5e-324], below, "values of at least 0, for the probe's power 0.5"],
    [1 / 3, [0, 1], below, `values of at least 0, for the probe's power ${1 / 3}`],
    [5e-324, [0, 1], below, "values of at least 0, for the probe's power 5e-324"],
    [0, [5e-324, 1], [0, -0, ...below], "values above 0, for the probe's power 0"],
    [-0, [5e-324, 1], [0, -0, ...below], "values above 0, for the probe's power 0"],
    [-1, [1e-300, 1], [0, -0, ...below], "values above 0, for the probe's power -1"],
    [-0.5, [5e-324, 1], [0, -0, ...below], "values above 0, for the probe's power -0.5"],
    [-2, [1e-150, 1], [0, -0, ...below], "values above 0, for the probe's power -2"],
  ];
  it.each(cases)("exponent %d", (exponent, allowed, refused, wanted) => {
    const step = { kind: "power", exponent } as const;
    for (const value of allowed) expect(run([step], matrix([[value]])).data.every(Number.isFinite)).toBe(true);
    for (const value of refused) {
      refuses(() => run([step], matrix([[value, 1, 1]])), RangeError, `caller: features row 0, column 0 is ${value}, expected ${wanted}`);
      const rows = matrix([
        [1, 1, 1],
        [1, 1, value],
        [1, value, value],
      ]);
      refuses(() => run([step], rows), RangeError, `caller: features row 1, column 2 is ${value}, expected ${wanted}`);
      refuses(() => run([step], rows, 4096), RangeError, `caller: features row 4097, column 2 is ${value}, expected ${wanted}`);
    }
  });
});

describe("a step whose values outgrow a double names the row, the step and its kind", () => {
  const large = Number.MAX_VALUE;
  const cases: [name: string, steps: readonly Step[], rows: number[][], found: string][] = [
    [
      "power",
      [{ kind: "power", exponent: 2 }],
      [
        [1, 1],
        [1, 1e155],
        [1e155, 1],
      ],
      "row 1 becomes Infinity in the probe's step 0 (power)",
    ],
    ["power below 0", [{ kind: "power", exponent: -2 }], [[1e-155, 1]], "row 0 becomes Infinity in the probe's step 0 (power)"],
    // 1 + 2⁻⁵³ rounds to 1, whose logarithm is 0.
    ["simple", [{ kind: "simple" }], [[1], [2 ** 53]], "row 1 becomes Infinity in the probe's step 0 (simple)"],
    ["simple below 0", [{ kind: "simple" }], [[1], [-(2 ** 53)]], "row 1 becomes -Infinity in the probe's step 0 (simple)"],
    [
      "centre",
      [{ kind: "centre", mean: of(-large, 0) }],
      [
        [0, 0],
        [0, 1],
        [large, 1],
      ],
      "row 2 becomes Infinity in the probe's step 0 (centre)",
    ],
    [
      "mask",
      [
        { kind: "l2", weights: null },
        { kind: "mask", weights: of(large, 2) },
        { kind: "mask", weights: of(2, 2) },
      ],
      [
        [0, 1],
        [1, 0],
      ],
      "row 1 becomes Infinity in the probe's step 2 (mask)",
    ],
    [
      "transform to more columns",
      [{ kind: "transform", dimensions: 3, matrix: of(1, 1, 2, 0, 0, 0) }],
      [
        [1, 0],
        [large, 0],
      ],
      "row 1 becomes Infinity in the probe's step 0 (transform)",
    ],
    [
      "transform to fewer columns",
      [{ kind: "transform", dimensions: 1, matrix: of(2, 0) }],
      [
        [1, 0],
        [1, 0],
        [large, 0],
      ],
      "row 2 becomes Infinity in the probe's step 0 (transform)",
    ],
    ["solve", [{ kind: "solve", lower: of(0.5) }], [[1], [large]], "row 1 becomes Infinity in the probe's step 0 (solve)"],
    [
      "lowRank",
      [{ kind: "lowRank", vectors: of(1), gains: of(1), rest: 1 }],
      [[1], [-large]],
      "row 1 becomes -Infinity in the probe's step 0 (lowRank)",
    ],
  ];
  it.each(cases)("%s", (_, steps, rows, found) => {
    refuses(() => run(steps, matrix(rows)), RangeError, `caller: features ${found}, expected smaller values`);
    const later = found.replace(/^row (\d)/, (_, row) => `row ${2048 + Number(row)}`);
    refuses(() => run(steps, matrix(rows), 2048), RangeError, `caller: features ${later}, expected smaller values`);
  });

  it("the largest that a double holds pass", () => {
    expect(done({ kind: "mask", weights: of(2) }, [large / 2])).toEqual([[large]]);
    expect(done({ kind: "power", exponent: 2 }, [2 ** 511])).toEqual([[2 ** 1022]]);
    // 1 + 2⁻⁵² is the next double after 1; its logarithm is 2⁻⁵².
    const [[value]] = done({ kind: "simple" }, [2 ** 52]);
    expect(value / 2 ** (52 * 1.3)).toBeCloseTo(1, 12);
  });
});

describe("a step that is not made for so many columns says what it is made for", () => {
  const cases: [step: Step, cols: number, found: string][] = [
    [{ kind: "l2", weights: of(1, 1, 1) }, 2, "has 3 weights, expected 2: 2 columns come to it"],
    [{ kind: "mask", weights: of(1) }, 2, "has 1 weights, expected 2: 2 columns come to it"],
    [{ kind: "centre", mean: of(1, 2, 3) }, 4, "has 3 means, expected 4: 4 columns come to it"],
    [{ kind: "solve", lower: of(1, 0, 1, 1) }, 3, "has 4 values, expected 9: 3 columns come to it"],
    [{ kind: "transform", dimensions: 2, matrix: of(1, 2, 3, 4) }, 3, "has 4 values, expected 6: 3 columns come to it"],
    [{ kind: "lowRank", vectors: of(1, 2, 3), gains: of(1, 1), rest: 1 }, 3, "has 3 values, expected 6: 3 columns come to it"],
  ];
  it.each(cases)("%o", (step, cols, found) => {
    refuses(() => stepColumns(step, cols, "caller", "it"), RangeError, `caller: it ${found}`);
    const rows: Matrix = { data: new Float64Array(2 * cols).fill(1), rows: 2, cols };
    refuses(() => run([{ kind: "simple" }, step], rows), RangeError, `caller: step 1 (${step.kind}) ${found}`);
  });

  it("and one that is leaves as many, a transform its own", () => {
    const fitting: Step[] = [
      { kind: "l2", weights: null },
      { kind: "l2", weights: of(1, 1) },
      { kind: "power", exponent: 2 },
      { kind: "simple" },
      { kind: "centre", mean: of(0, 0) },
      { kind: "mask", weights: of(1, 1) },
      { kind: "solve", lower: of(1, 0, 0, 1) },
      { kind: "lowRank", vectors: of(1, 1, 1, 1, 1, 1), gains: of(1, 1, 1), rest: 1 },
    ];
    for (const step of fitting) expect(stepColumns(step, 2, "caller", "it")).toBe(2);
    for (const dimensions of [1, 2, 5])
      expect(stepColumns({ kind: "transform", dimensions, matrix: new Float64Array(2 * dimensions) }, 2, "caller", "it")).toBe(dimensions);
  });
});

it("a probe counts rows from the first it is given, over all its parts, and names the function that was called", () => {
  const head: LinearHead = { kind: "linear", classes: ["a", "b"], cols: 2, coef: of(1, 0, 0, 1), intercept: of(0, 0) };
  const probe: Probe = {
    ...{ kind: "probe", cols: 2, steps: [{ kind: "power", exponent: 0.5 }], head },
    ...{ temperature: 1, rejection: null, provenance: null },
  };
  for (const row of [0, 2047, 2048, 4099]) {
    const data = new Float64Array(2 * 4100).fill(1);
    data[2 * row + 1] = -4;
    for (const [caller, ask] of [
      ["predict", predict],
      ["decisionFunction", decisionFunction],
    ] as const)
      refuses(
        () => ask(probe, { data, rows: 4100, cols: 2 }),
        RangeError,
        `${caller}: features row ${row}, column 1 is -4, expected values of at least 0, for the probe's power 0.5`,
      );
  }
});
