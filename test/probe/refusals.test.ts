import { describe, expect, it } from "vitest";
import { describe as describeValue } from "../../src/core/errors.ts";
import type { Labels } from "../../src/core/labels.ts";
import type { Matrix } from "../../src/core/matrix.ts";
import { choosePenalty } from "../../src/heldout/choosePenalty.ts";
import { leaveOneOut } from "../../src/heldout/leaveOneOut.ts";
import { addExamples } from "../../src/incremental/addExamples.ts";
import { incrementalHead } from "../../src/incremental/incrementalHead.ts";
import { incrementalSoftmax } from "../../src/incremental/incrementalSoftmax.ts";
import { removeExamples } from "../../src/incremental/removeExamples.ts";
import { classify } from "../../src/probe/classify.ts";
import { fitCentroid, fitCosine } from "../../src/probe/fitCentroid.ts";
import { fitPlda, type PldaHead } from "../../src/probe/fitPlda.ts";
import { fitSoftmax } from "../../src/probe/fitSoftmax.ts";
import { fitTemperature } from "../../src/probe/fitTemperature.ts";
import { foldHead } from "../../src/probe/foldHead.ts";
import { pldaScores } from "../../src/probe/pldaScores.ts";
import { decisionFunction, predict, predictProba, score } from "../../src/probe/predict.ts";
import type { Head, LinearHead, Probe } from "../../src/probe/probe.ts";
import { rejectionScore } from "../../src/probe/rejectionScore.ts";
import { matrix } from "../properties/arbitraries.ts";
import { refuses } from "../properties/refuses.ts";

type Refusal = readonly [run: () => unknown, kind: typeof RangeError | typeof TypeError, message: string];
const each = (title: string, rows: readonly Refusal[]): void => {
  it.each(rows.map(([run, kind, message]) => ({ run, kind, message })))(`${title}: $message`, ({ run, kind, message }) => {
    refuses(run, kind, message);
  });
};
const [nan, infinity] = [Number.NaN, Number.POSITIVE_INFINITY];
const of = (...values: number[]): Float64Array => Float64Array.from(values);
const wrong = (value: unknown): never => value as never;

/** What is no matrix, what does not fit its shape, and what is not finite. */
function badMatrices(caller: string, argument: string, cols: number, run: (features: Matrix) => unknown): Refusal[] {
  const notOne = (value: unknown): string =>
    `${caller}: ${argument} is ${describeValue(value)}, expected a Matrix {data: Float32Array | Float64Array, rows, cols}: make one with toMatrix`;
  const data = new Float64Array(2 * cols).fill(1);
  const shape = (rows: number, width: number): Refusal => [
    () => run({ data, rows, cols: width }),
    RangeError,
    `${caller}: ${argument} has shape ${rows} × ${width}, expected whole numbers, cols at least 1`,
  ];
  const holding = (value: number): Refusal => [
    () => run({ data: data.map((one, at) => (at === cols ? value : one)), rows: 2, cols }),
    RangeError,
    `${caller}: ${argument} row 1, column 0 is ${value}, expected finite numbers`,
  ];
  return [
    ...[undefined, null, 7, [[1]], { data: [1], rows: 1, cols: 1 }].map(
      (value): Refusal => [() => run(wrong(value)), TypeError, notOne(value)],
    ),
    ...[shape(-1, cols), shape(1.5, cols), shape(2, 0), shape(2, nan)],
    [() => run({ data, rows: 3, cols }), RangeError, `${caller}: ${argument} has ${2 * cols} values, expected 3 × ${cols} = ${3 * cols}`],
    ...[holding(nan), holding(infinity), holding(-infinity)],
  ];
}

/** Labels that are none or do not fit four rows of features. */
function badLabels(caller: string, run: (labels: Labels) => unknown, oneClass = true): Refusal[] {
  const kinds = "expected an array or typed array of numbers, strings or bigints";
  return [
    [() => run(wrong(null)), TypeError, `${caller}: labels is null, ${kinds}`],
    [() => run(wrong("abab")), TypeError, `${caller}: labels is "abab", ${kinds}`],
    [() => run([]), RangeError, `${caller}: labels has 0 rows, expected at least 1`],
    [() => run(["a", "b", wrong(null), "b"]), TypeError, `${caller}: labels row 2 is null, expected a number, string or bigint`],
    [() => run([1, nan, 1, 2]), RangeError, `${caller}: labels row 1 is NaN, expected a label`],
    [() => run(["a", "b", "a"]), RangeError, `${caller}: labels has 3 rows, expected 4, one a row of features`],
    [() => run(["a", "b", "a", "b", "a"]), RangeError, `${caller}: labels has 5 rows, expected 4, one a row of features`],
    ...(oneClass
      ? [
          [() => run(["a", "a", "a", "a"]), RangeError, `${caller}: labels has one class, a, expected at least 2`] as const,
          [
            () => run([2n ** 60n, 2n ** 60n, 2n ** 60n, 2n ** 60n]),
            RangeError,
            `${caller}: labels has one class, ${2n ** 60n}, expected at least 2`,
          ] as const,
        ]
      : []),
  ];
}

const four = matrix([
  [0, 1],
  [1, 0],
  [0, 2],
  [3, 0],
]);
const labels = ["a", "b", "a", "b"];
const empty: Matrix = { data: new Float64Array(0), rows: 0, cols: 2 };

/** Weights that do not fit four rows, the same to whoever takes them. */
function badWeights(caller: string, run: (sampleWeight: ArrayLike<number>) => unknown): Refusal[] {
  const values = "expected finite weights of at least 0";
  return [
    [() => run([]), RangeError, `${caller}: sampleWeight has 0 values, expected 4, one a row`],
    [() => run([1, 1, 1]), RangeError, `${caller}: sampleWeight has 3 values, expected 4, one a row`],
    [() => run(new Float64Array(5)), RangeError, `${caller}: sampleWeight has 5 values, expected 4, one a row`],
    [() => run([1, -1, 1, 1]), RangeError, `${caller}: sampleWeight row 1 is -1, ${values}`],
    [() => run([1, 1, -5e-324, 1]), RangeError, `${caller}: sampleWeight row 2 is -5e-324, ${values}`],
    [() => run([nan, 1, 1, 1]), RangeError, `${caller}: sampleWeight row 0 is NaN, ${values}`],
    [() => run([1, 1, 1, infinity]), RangeError, `${caller}: sampleWeight row 3 is Infinity, ${values}`],
    [() => run(wrong(null)), TypeError, `${caller}: sampleWeight is null, expected an array of numbers`],
    [() => run(wrong(5)), TypeError, `${caller}: sampleWeight is 5, expected an array of numbers`],
  ];
}

const positive = "expected a finite number greater than 0";
/** Numbers that must be above 0 and finite. */
const badPositive = (caller: string, argument: string, run: (value: number) => unknown): Refusal[] => [
  ...[0, -0, -1, nan, infinity, -infinity].map(
    (value): Refusal => [() => run(value), RangeError, `${caller}: ${argument} is ${value}, ${positive}`],
  ),
  [() => run(wrong("1")), TypeError, `${caller}: ${argument} is "1", expected a number`],
  [() => run(wrong(1n)), TypeError, `${caller}: ${argument} is 1n, expected a number`],
];
const badFlag = (caller: string, argument: string, run: (value: boolean) => unknown): Refusal[] => [
  [() => run(wrong(1)), TypeError, `${caller}: ${argument} is 1, expected true or false`],
  [() => run(wrong(0)), TypeError, `${caller}: ${argument} is 0, expected true or false`],
  [() => run(wrong("yes")), TypeError, `${caller}: ${argument} is "yes", expected true or false`],
];

describe.each([
  ["fitSoftmax", fitSoftmax, 2],
  ["fitCentroid", fitCentroid, 2],
  ["fitCosine", fitCosine, 2],
  ["leaveOneOut", leaveOneOut, 4],
  ["choosePenalty", choosePenalty, 4],
] as const)("%s", (name, train, least) => {
  each("features", [
    ...badMatrices(name, "features", 2, (features) => train(features, labels.slice(0, 2))),
    [() => train(empty, []), RangeError, `${name}: features has 0 rows, expected at least ${least}`],
  ]);
  each(
    "labels",
    badLabels(name, (own) => train(four, own)),
  );
  each(
    "weights",
    badWeights(name, (sampleWeight) => train(four, labels, { sampleWeight })),
  );
});

const noWeight = "sampleWeight is 0 in every row, expected at least one weight above 0";
describe("fitSoftmax", () => {
  each("features", [
    [
      () => fitSoftmax(matrix([[1], [2], [-1.1e150]]), [0, 1, 0]),
      RangeError,
      `fitSoftmax: features row 2 has norm ${Math.sqrt(1.1e150 * 1.1e150)}, expected at most 1e+150, as after l2Normalize`,
    ],
    [
      () => fitSoftmax(matrix([[1], [1e200], [1]]), [0, 1, 0]),
      RangeError,
      "fitSoftmax: features row 1 has norm Infinity, expected at most 1e+150, as after l2Normalize",
    ],
  ]);
  each("options", [
    ...badPositive("fitSoftmax", "C", (C) => fitSoftmax(four, labels, { C })),
    ...badFlag("fitSoftmax", "fitIntercept", (fitIntercept) => fitSoftmax(four, labels, { fitIntercept })),
    [() => fitSoftmax(four, labels, { sampleWeight: [0, 0, -0, 0] }), RangeError, `fitSoftmax: ${noWeight}`],
    [
      () => fitSoftmax(four, labels, { sampleWeight: [0, 2, 0, 3], classWeight: { b: 0 } }),
      RangeError,
      "fitSoftmax: sampleWeight times classWeight is 0 in every row, expected at least one weight above 0",
    ],
  ]);
});

describe.each([
  ["fitCentroid", fitCentroid],
  ["fitCosine", fitCosine],
] as const)("%s", (name, train) => {
  each("weights", [
    [
      () => train(four, labels, { sampleWeight: [1, 0, 1, 0] }),
      RangeError,
      `${name}: sampleWeight is 0 in every row of class b, expected a weight above 0`,
    ],
    [
      () => train(four, [2n ** 60n, 1, 2n ** 60n, 1], { sampleWeight: [0, 1, 0, 1] }),
      RangeError,
      `${name}: sampleWeight is 0 in every row of class 1152921504606846976, expected a weight above 0`,
    ],
  ]);
});

each("a cosine probe of a class without direction", [
  [
    () =>
      fitCosine(
        matrix([
          [1, -1],
          [2, 2],
          [-1, 1],
        ]),
        ["b", "a", "b"],
      ),
    RangeError,
    "fitCosine: class b has a mean of zero, expected a direction",
  ],
  [() => fitCosine(matrix([[0], [2]]), [5, 4]), RangeError, "fitCosine: class 5 has a mean of zero, expected a direction"],
]);

describe("fitPlda and pldaScores", () => {
  const psi = [1, 2];
  const array = "expected an array of numbers: a basis that has psi";
  each("fitPlda", [
    ...badMatrices("fitPlda", "features", 2, (features) => fitPlda(features, labels.slice(0, 2), { psi })),
    ...badLabels("fitPlda", (own) => fitPlda(four, own, { psi })),
    ...[undefined, null, 1, true].map(
      (value): Refusal => [() => fitPlda(four, labels, { psi: wrong(value) }), TypeError, `fitPlda: psi is ${value}, ${array}`],
    ),
    [() => fitPlda(four, labels, { psi: wrong("12") }), TypeError, `fitPlda: psi is "12", ${array}`],
    [() => fitPlda(four, labels, { psi: wrong({}) }), TypeError, `fitPlda: psi is Object, ${array}`],
    [() => fitPlda(four, labels, { psi: wrong({ length: "2" }) }), TypeError, `fitPlda: psi is Object, ${array}`],
    [() => fitPlda(four, labels, { psi: wrong((_a: number, _b: number) => 1) }), TypeError, `fitPlda: psi is a function, ${array}`],
    [() => fitPlda(four, labels, { psi: [] }), RangeError, "fitPlda: psi has 0 values, expected 2, one a column of features"],
    [() => fitPlda(four, labels, { psi: of(1, 1, 1) }), RangeError, "fitPlda: psi has 3 values, expected 2, one a column of features"],
    ...[-1, -5e-324, nan, infinity, -infinity].flatMap((value): Refusal[] => [
      [() => fitPlda(four, labels, { psi: [value, 1] }), RangeError, `fitPlda: psi[0] is ${value}, expected a finite number of at least 0`],
      [
        () => fitPlda(four, labels, { psi: of(1, value) }),
        RangeError,
        `fitPlda: psi[1] is ${value}, expected a finite number of at least 0`,
      ],
    ]),
  ]);
  const head: PldaHead = { kind: "plda", classes: ["a", "b"], cols: 2, means: of(1, 2, 3, 4), variances: of(1, 1, 1, 1) };
  each("pldaScores", [
    ...badMatrices("pldaScores", "features", 2, (features) => pldaScores(head, features)),
    [() => pldaScores(head, matrix([[1]])), RangeError, "pldaScores: features has 1 columns, expected 2, as the head was trained on"],
    [() => pldaScores(head, matrix([[1, 2, 3]])), RangeError, "pldaScores: features has 3 columns, expected 2, as the head was trained on"],
  ]);
});

const linear: LinearHead = { kind: "linear", classes: ["a", "b"], cols: 2, coef: of(1, 0, 0, 1), intercept: of(0, 0) };
const probe: Probe = { kind: "probe", cols: 2, steps: [], head: linear, temperature: 1, rejection: null, provenance: null };

describe.each([
  ["decisionFunction", decisionFunction],
  ["predictProba", predictProba],
  ["predict", predict],
  ["classify", classify],
  ["score", (head: Head | Probe, features: Matrix) => score(head, features, ["a"])],
] as const)("%s", (name, ask) => {
  for (const head of [linear, probe])
    each(`features, of a ${head.kind}`, [
      ...badMatrices(name, "features", 2, (features) => ask(head, features)),
      [() => ask(head, matrix([[1]])), RangeError, `${name}: features has 1 columns, expected 2, as the head was trained on`],
      [() => ask(head, matrix([[1, 2, 3]])), RangeError, `${name}: features has 3 columns, expected 2, as the head was trained on`],
    ]);
  const outgrown = "expected smaller values";
  /** Rows of ones but for one value, which a weight of 16 makes too large. */
  const rows = (n: number, row: number, value: number): Matrix => ({
    data: Float64Array.from({ length: 2 * n }, (_, at) => (at === 2 * row + 1 ? value : 1)),
    rows: n,
    cols: 2,
  });
  const steep: LinearHead = { ...linear, classes: ["a", "b", "c"], coef: of(1, 0, 1, 1, 0, 16), intercept: of(0, 0, 0) };
  each("scores beyond a double", [
    [() => ask(steep, rows(3, 0, 1e308)), RangeError, `${name}: features row 0 scores Infinity for class 2, ${outgrown}`],
    [() => ask(steep, rows(3, 2, -1e308)), RangeError, `${name}: features row 2 scores -Infinity for class 2, ${outgrown}`],
    [() => ask(steep, rows(2100, 2050, 1e308)), RangeError, `${name}: features row 2050 scores Infinity for class 2, ${outgrown}`],
    [
      () => ask({ ...steep, coef: of(1, 0, 1, 16, 0, 1), intercept: of(0, -infinity, 0) }, rows(1, 0, 1e308)),
      RangeError,
      `${name}: features row 0 scores NaN for class 1, ${outgrown}`,
    ],
    [
      () => ask({ ...probe, steps: [{ kind: "mask", weights: of(1, 16) }] }, rows(3, 1, 1e308)),
      RangeError,
      `${name}: features row 1 becomes Infinity in the probe's step 0 (mask), expected smaller values`,
    ],
    [
      () => ask({ ...probe, steps: [{ kind: "mask", weights: of(1) }] }, rows(3, 1, 1)),
      RangeError,
      `${name}: step 0 (mask) has 1 weights, expected 2: 2 columns come to it`,
    ],
  ]);
});

describe("score", () => {
  each(
    "labels",
    badLabels("score", (own) => score(linear, four, own), false),
  );
});

describe("classify", () => {
  const ask = (by: unknown, threshold: unknown) => () =>
    classify({ ...probe, rejection: { by: wrong(by), threshold: wrong(threshold) } }, four);
  each("rejection", [
    ...[nan, undefined, null, true].map(
      (value): Refusal => [ask("margin", value), TypeError, `classify: rejection.threshold is ${value}, expected a number`],
    ),
    [ask("margin", "0.5"), TypeError, 'classify: rejection.threshold is "0.5", expected a number'],
    [ask("odds", 0.5), RangeError, 'classify: rejection.by is "odds", expected probability, margin or score'],
  ]);

  it("a threshold may be infinite: then all or no rows are rejected", () => {
    expect((ask("margin", infinity)() as ReturnType<typeof classify>).rejected).toEqual([false, false, false, false]);
    expect((ask("margin", -infinity)() as ReturnType<typeof classify>).rejected).toEqual([true, true, true, true]);
  });
});

describe("rejectionScore", () => {
  const scores = matrix([[1, 2]]);
  each("arguments", [
    ...badMatrices("rejectionScore", "scores", 2, (own) => rejectionScore(own)),
    [() => rejectionScore(matrix([[1], [2]])), RangeError, "rejectionScore: scores has 1 column, expected at least 2, one a class"],
    [() => rejectionScore(scores, { by: wrong("") }), RangeError, 'rejectionScore: by is "", expected one of probability, margin, score'],
    [
      () => rejectionScore(scores, { by: wrong("odds") }),
      RangeError,
      'rejectionScore: by is "odds", expected one of probability, margin, score',
    ],
    ...badPositive("rejectionScore", "temperature", (temperature) => rejectionScore(scores, { temperature })),
    ...badPositive("rejectionScore", "temperature", (temperature) => rejectionScore(scores, { temperature, by: "score" })),
  ]);
});

describe("fitTemperature", () => {
  const codes = [0, 1, 0, 1];
  each("arguments", [
    ...badMatrices("fitTemperature", "logits", 2, (logits) => fitTemperature(logits, [0, 1])),
    [() => fitTemperature(matrix([[1], [2]]), [0, 0]), RangeError, "fitTemperature: logits has 1 column, expected at least 2, one a class"],
    [() => fitTemperature(empty, []), RangeError, "fitTemperature: logits has 0 rows, expected at least 1"],
    [() => fitTemperature(four, wrong(3)), TypeError, "fitTemperature: codes is 3, expected an array of whole numbers"],
    [() => fitTemperature(four, [0]), RangeError, "fitTemperature: codes has 1 entries, expected 4, one a row of logits"],
    [() => fitTemperature(four, [0, 2, 0, 1]), RangeError, "fitTemperature: codes[1] is 2, expected a whole number in 0…1"],
    ...badWeights("fitTemperature", (sampleWeight) => fitTemperature(four, codes, { sampleWeight })),
    [() => fitTemperature(four, codes, { sampleWeight: [0, 0, 0, 0] }), RangeError, `fitTemperature: ${noWeight}`],
    [() => fitTemperature(four, codes, { smoothing: 0.6 }), RangeError, "fitTemperature: smoothing is 0.6, expected a number in 0…0.5"],
    [
      () => fitTemperature(matrix([[3, 0, 1]]), [0], { smoothing: -1e-9 }),
      RangeError,
      `fitTemperature: smoothing is -1e-9, expected a number in 0…${1 - 1 / 3}`,
    ],
    [() => fitTemperature(four, codes, { smoothing: wrong("no") }), TypeError, 'fitTemperature: smoothing is "no", expected a number'],
  ]);
});

describe("foldHead", () => {
  const unequal: Head = { kind: "plda", classes: [0, 1], cols: 2, means: of(1, 2, 3, 4), variances: of(1, 2, 1, 3) };
  const equal: Head = { ...unequal, variances: of(1, 2, 1, 2) };
  const centroid: Head = { kind: "centroid", classes: [0, 1], cols: 2, centroids: of(1, 2, 3, 4) };
  const quadratic = "foldHead: head is plda of unequal shots, which is quadratic, expected as many rows of every class, or another probe";
  const changes = (kind: string) =>
    `foldHead: head is ${kind} that rejects by its score, which folding changes, expected rejection by probability or margin, or none`;
  const rejecting = (head: Head, by: "probability" | "margin" | "score"): Probe => ({ ...probe, head, rejection: { by, threshold: 1 } });
  each("heads", [
    [() => foldHead(unequal), RangeError, quadratic],
    [() => foldHead({ ...probe, head: unequal }), RangeError, quadratic],
    [() => foldHead(rejecting(unequal, "score")), RangeError, quadratic],
    [() => foldHead(rejecting(unequal, "margin")), RangeError, quadratic],
    [() => foldHead({ ...unequal, variances: of(1, 1, 1, 2) }), RangeError, quadratic],
    [() => foldHead({ ...unequal, variances: of(2, 1, 1, 1) }), RangeError, quadratic],
    [() => foldHead(rejecting(equal, "score")), RangeError, changes("plda")],
    [() => foldHead(rejecting(centroid, "score")), RangeError, changes("centroid")],
  ]);
  each("steps", [
    [
      () => foldHead({ ...probe, steps: [{ kind: "simple" }, { kind: "centre", mean: of(1) }] }),
      RangeError,
      "foldHead: step (centre) has 1 means, expected 2: 2 columns come to it",
    ],
    [
      () =>
        foldHead({
          ...probe,
          steps: [
            { kind: "transform", dimensions: 1, matrix: of(1, 1) },
            { kind: "mask", weights: of(1, 1) },
          ],
        }),
      RangeError,
      "foldHead: step (mask) has 2 weights, expected 1: 1 columns come to it",
    ],
  ]);

  it("others that reject fold", () => {
    for (const head of [equal, centroid])
      for (const by of ["probability", "margin"] as const) expect(foldHead(rejecting(head, by)).rejection).toEqual({ by, threshold: 1 });
    for (const head of [linear, { kind: "cosine", classes: [0, 1], cols: 2, directions: of(1, 0, 0, 1) } as const])
      expect(foldHead(rejecting(head, "score")).rejection).toEqual({ by: "score", threshold: 1 });
  });
});

describe("incremental", () => {
  each("incrementalSoftmax", [
    ...[0, -1, 1.5, nan, infinity].map(
      (cols): Refusal => [
        () => incrementalSoftmax(cols),
        RangeError,
        `incrementalSoftmax: cols is ${cols}, expected a whole number of at least 1`,
      ],
    ),
    [() => incrementalSoftmax(wrong("2")), TypeError, 'incrementalSoftmax: cols is "2", expected a number'],
    ...badPositive("incrementalSoftmax", "C", (C) => incrementalSoftmax(2, { C })),
    ...badFlag("incrementalSoftmax", "fitIntercept", (fitIntercept) => incrementalSoftmax(2, { fitIntercept })),
    [
      () => incrementalSoftmax(2, { fitIntercept: wrong(null) }),
      TypeError,
      "incrementalSoftmax: fitIntercept is null, expected true or false",
    ],
    [
      () => incrementalSoftmax(2, { kernels: wrong("gpu") }),
      RangeError,
      'incrementalSoftmax: kernels is "gpu", expected one of auto, wasm, js',
    ],
  ]);

  const none = () => incrementalSoftmax(2);
  const state = () => addExamples(none(), four, labels);
  for (const [name, own] of [
    ["a state of rows", state],
    ["one without", none],
  ] as const)
    each(`addExamples to ${name}`, [
      ...badMatrices("addExamples", "features", 2, (features) => addExamples(own(), features, labels)),
      ...badLabels("addExamples", (more) => addExamples(own(), four, more), false),
      [() => addExamples(own(), matrix([[1]]), ["a"]), RangeError, "addExamples: features has 1 columns, expected 2, as the state"],
      [() => addExamples(own(), matrix([[1, 2, 3]]), ["a"]), RangeError, "addExamples: features has 3 columns, expected 2, as the state"],
      [() => addExamples(own(), empty, []), RangeError, "addExamples: features has 0 rows, expected at least 1"],
      [
        () =>
          addExamples(
            own(),
            matrix([
              [0, 1],
              [0, 1.1e150],
            ]),
            ["a", "b"],
          ),
        RangeError,
        `addExamples: features row 1 has norm ${Math.sqrt(1.1e150 * 1.1e150)}, expected at most 1e+150, as after l2Normalize`,
      ],
    ]);

  const range = "expected a whole number in 0…3";
  each("removeExamples", [
    ...[undefined, null, 0].map(
      (value): Refusal => [
        () => removeExamples(state(), wrong(value)),
        TypeError,
        `removeExamples: positions is ${value}, expected an array of whole numbers`,
      ],
    ),
    [() => removeExamples(state(), wrong("01")), TypeError, 'removeExamples: positions is "01", expected an array of whole numbers'],
    ...[-1, 4, 0.5, nan, infinity].map(
      (at): Refusal => [() => removeExamples(state(), [2, at]), RangeError, `removeExamples: positions[1] is ${at}, ${range}`],
    ),
    [() => removeExamples(state(), wrong(["0"])), TypeError, 'removeExamples: positions[0] is "0", expected a number'],
    [() => removeExamples(state(), [1, 3, 1]), RangeError, "removeExamples: positions names a row twice, expected every row once"],
    [() => removeExamples(none(), [0]), RangeError, "removeExamples: positions[0] is 0, expected none: there are no rows"],
    [() => removeExamples(none(), [3, 1]), RangeError, "removeExamples: positions[0] is 3, expected none: there are no rows"],
  ]);

  it("the first and the last place pass, all of them too, and none of no rows", () => {
    expect(removeExamples(state(), [0, 3]).labels).toEqual(["b", "a"]);
    expect(removeExamples(state(), [3, 2, 1, 0]).rows).toEqual([]);
    expect(removeExamples(state(), []).labels).toEqual(labels);
    expect(removeExamples(none(), []).rows).toEqual([]);
  });

  const one = () => addExamples(none(), matrix([[1, 2]]), ["a"]);
  each("incrementalHead", [
    [() => incrementalHead(none()), RangeError, "incrementalHead: state has 0 classes, expected at least 2"],
    [() => incrementalHead(one()), RangeError, "incrementalHead: state has 1 classes, expected at least 2"],
  ]);
});

describe.each([
  ["leaveOneOut", leaveOneOut],
  ["choosePenalty", choosePenalty],
] as const)("%s", (name, ask) => {
  each("features", [
    [
      () => ask({ ...four, data: four.data.map((value, at) => (at === 5 ? 1e200 : value)) }, labels),
      RangeError,
      `${name}: features row 2 has norm Infinity, expected at most 1e+150, as after l2Normalize`,
    ],
    [
      () => ask(four, labels, { precomputed: true }),
      RangeError,
      `${name}: features has 4 × 2 values, expected n × n: a Gram matrix, as precomputed says`,
    ],
    [
      () =>
        ask(
          matrix([
            [2, 0, 1, 0],
            [0, 2, 0, 0],
            [0.5, 0, 2, 0],
            [0, 0, 0, 2],
          ]),
          labels,
          { precomputed: true },
        ),
      RangeError,
      `${name}: features row 2, column 0 is 0.5, its mirror 1, expected a symmetric Gram matrix`,
    ],
    [
      () =>
        ask(
          matrix([
            [2, 0, 0, 0],
            [0, 2, 0, 0],
            [0, 0, -1, 0],
            [0, 0, 0, 2],
          ]),
          labels,
          { precomputed: true },
        ),
      RangeError,
      `${name}: features row 2 has norm NaN, expected at most 1e+150, as after l2Normalize`,
    ],
  ]);
  const unknown = "expected at least 2: without its only example nothing is known of a class, so at 1 shot there is no leave-one-out";
  each("classes", [
    [() => ask(four, ["a", "b", "b", "b"]), RangeError, `${name}: labels has class "a" in 1 row of weight above 0, ${unknown}`],
    [() => ask(four, [7, 5, 7, 7]), RangeError, `${name}: labels has class 5 in 1 row of weight above 0, ${unknown}`],
    [
      () => ask(four, [2n ** 60n, 1n, 1n, 1n]),
      RangeError,
      `${name}: labels has class "${2n ** 60n}" in 1 row of weight above 0, ${unknown}`,
    ],
    [
      () => ask(four, labels, { sampleWeight: [1, 0, 1, 0] }),
      RangeError,
      `${name}: labels has class "b" in 0 rows of weight above 0, ${unknown}`,
    ],
    [
      () => ask(four, labels, { groups: [0, 1, 0, 2] }),
      RangeError,
      `${name}: labels has class "a" in 1 group of weight above 0, ${unknown}`,
    ],
    [
      () => ask(four, labels, { groups: [0, 1, 0, 2], sampleWeight: [0, 1, 0, 1] }),
      RangeError,
      `${name}: labels has class "a" in 0 groups of weight above 0, ${unknown}`,
    ],
  ]);
  each("options", [
    ...badFlag(name, "fitIntercept", (fitIntercept) => ask(four, labels, { fitIntercept })),
    ...badFlag(name, "balanced", (balanced) => ask(four, labels, { balanced })),
    ...badFlag(name, "precomputed", (precomputed) => ask(four, labels, { precomputed })),
    [() => ask(four, labels, { groups: [1, 2, 3] }), RangeError, `${name}: groups has 3 rows, expected 4, one a row of features`],
  ]);
});

describe("the penalties", () => {
  each(
    "leaveOneOut",
    badPositive("leaveOneOut", "C", (C) => leaveOneOut(four, labels, { C })),
  );
  const path = (value: unknown) => () => choosePenalty(four, labels, { path: wrong(value) });
  each("choosePenalty", [
    ...badPositive("choosePenalty", "path[0]", (C) => choosePenalty(four, labels, { path: [C, 1] })),
    ...badPositive("choosePenalty", "path[2]", (C) => choosePenalty(four, labels, { path: [3, 1, C, C] })),
    [path(null), TypeError, "choosePenalty: path is null, expected an array of numbers"],
    [path(1), TypeError, "choosePenalty: path is 1, expected an array of numbers"],
    [path({}), TypeError, "choosePenalty: path is Object, expected an array of numbers"],
    [path("1,2"), TypeError, 'choosePenalty: path is "1,2", expected an array of numbers'],
    [path([]), RangeError, "choosePenalty: path has 0 values, expected at least 1"],
    [path(new Float64Array(0)), RangeError, "choosePenalty: path has 0 values, expected at least 1"],
    [
      () => choosePenalty(four, labels, { rule: wrong("most") }),
      RangeError,
      'choosePenalty: rule is "most", expected one of least, oneStandardError',
    ],
    [
      () => choosePenalty(four, labels, { rule: wrong("") }),
      RangeError,
      'choosePenalty: rule is "", expected one of least, oneStandardError',
    ],
  ]);
});
