import { describe, expect, it } from "vitest";
import { largestAt } from "../../src/core/largest.ts";
import type { Matrix } from "../../src/core/matrix.ts";
import { choosePenalty } from "../../src/heldout/choosePenalty.ts";
import { leaveOneOut } from "../../src/heldout/leaveOneOut.ts";
import { addExamples } from "../../src/incremental/addExamples.ts";
import { incrementalSoftmax } from "../../src/incremental/incrementalSoftmax.ts";
import { createKernels } from "../../src/kernels/createKernels.ts";
import { kernelLoops } from "../../src/kernels/kernelLoops.ts";
import { classify } from "../../src/probe/classify.ts";
import { fitCentroid, fitCosine } from "../../src/probe/fitCentroid.ts";
import { fitPlda } from "../../src/probe/fitPlda.ts";
import { fitSoftmax } from "../../src/probe/fitSoftmax.ts";
import { foldHead } from "../../src/probe/foldHead.ts";
import { pldaScores } from "../../src/probe/pldaScores.ts";
import { decisionFunction, predict, predictProba, score } from "../../src/probe/predict.ts";
import { classesOf, type Head, type LinearHead, type Probe } from "../../src/probe/probe.ts";
import { rejectionScore } from "../../src/probe/rejectionScore.ts";
import { applySteps, type Step } from "../../src/probe/steps.ts";
import { hitsOfRows, logLossOfRows, weightedMean } from "../../src/statistics/logLossOfRows.ts";
import { matrix, rowsOf } from "../properties/arbitraries.ts";
import { farthest } from "../properties/close.ts";
import { leavesAlone } from "../properties/unchanged.ts";

const of = (...values: number[]): Float64Array => Float64Array.from(values);
const rows = [
  [0, 1.5, 1],
  [1, 0, -1],
  [0.5, 2, 0],
  [3, 0, 0.25],
  [1, 1, 1],
  [2, -1, 0],
];
const features = matrix(rows);
const labels = ["a", "b", "a", "b", "a", "b"];
const ones = [1, 1, 1, 1, 1, 1];

describe("an option left out is its default", () => {
  const cases: [name: string, run: (options?: never) => unknown, defaults: object, others: readonly object[]][] = [
    [
      "fitSoftmax",
      (options) => fitSoftmax(features, labels, options),
      { C: 1, fitIntercept: true, sampleWeight: ones, kernels: "auto" },
      [{ C: 2 }, { fitIntercept: false }, { sampleWeight: [2, 1, 1, 1, 1, 1] }],
    ],
    ["fitCentroid", (options) => fitCentroid(features, labels, options), { sampleWeight: ones }, [{ sampleWeight: [2, 1, 1, 1, 1, 1] }]],
    ["fitCosine", (options) => fitCosine(features, labels, options), { sampleWeight: ones }, [{ sampleWeight: [2, 1, 1, 1, 1, 1] }]],
    [
      "leaveOneOut",
      (options) => leaveOneOut(features, labels, options),
      {
        ...{ C: 1, fitIntercept: true, sampleWeight: ones, groups: [5, 4, 3, 2, 1, 0] },
        ...{ balanced: false, precomputed: false, kernels: "auto" },
      },
      [{ C: 2 }, { fitIntercept: false }, { sampleWeight: [2, 1, 1, 1, 1, 1] }, { groups: [0, 1, 2, 2, 3, 4] }, { balanced: true }],
    ],
    [
      "choosePenalty",
      (options) => choosePenalty(features, labels, options),
      {
        ...{ rule: "least", fitIntercept: true, sampleWeight: ones, balanced: false, precomputed: false },
        kernels: "auto",
        method: "auto",
        folds: 5,
        seed: 0,
      },
      [{ path: [1] }, { method: "folds" }, { fitIntercept: false }, { sampleWeight: [2, 1, 1, 1, 1, 1] }, { balanced: true }],
    ],
    [
      "rejectionScore",
      (options) => rejectionScore(features, options),
      { by: "probability", temperature: 1 },
      [{ by: "margin" }, { by: "score" }, { temperature: 2 }],
    ],
  ];
  it.each(cases)("%s", (_, run, defaults, others) => {
    const plain = run();
    expect(run({} as never)).toEqual(plain);
    expect(run(defaults as never)).toEqual(plain);
    for (const name of Object.keys(defaults)) expect(run({ [name]: undefined } as never)).toEqual(plain);
    for (const other of others) expect(run(other as never), JSON.stringify(other)).not.toEqual(plain);
  });

  it("incrementalSoftmax", () => {
    const settings = { C: 1, fitIntercept: true, normalize: "none", kernels: "auto" } as const;
    const plain = { cols: 2, ...settings, temperature: 1, rejection: null, rows: [], labels: [], gram: new Float64Array(0), fit: null };
    expect(incrementalSoftmax(2)).toStrictEqual(plain);
    expect(incrementalSoftmax(2, {})).toStrictEqual(plain);
    expect(incrementalSoftmax(2, settings)).toStrictEqual(plain);
    const own = { C: 5e-324, fitIntercept: false, normalize: "l2", kernels: "js" } as const;
    expect(incrementalSoftmax(1, own)).toStrictEqual({ ...plain, ...own, cols: 1 });
    expect(incrementalSoftmax(Number.MAX_SAFE_INTEGER).cols).toBe(Number.MAX_SAFE_INTEGER);
    expect(incrementalSoftmax(1, { kernels: "wasm" }).kernels).toBe("wasm");
  });
});

describe("the least and largest that is accepted", () => {
  it("rows of norm 1e150", () => {
    const large = matrix([[1e150], [-1e150], [1e150], [-1e150]]);
    for (const fitted of [fitSoftmax(large, labels.slice(0, 4)), addExamples(incrementalSoftmax(1), large, labels.slice(0, 4)).fit!])
      expect(fitted.intercept.every(Number.isFinite)).toBe(true);
    expect(leaveOneOut(large, labels.slice(0, 4)).logits.data.every(Number.isFinite)).toBe(true);
  });

  it("a ψ of 0, which has every class at 0, and the largest, which has it at its own mean, with a variance of 1 + 1/K", () => {
    const head = fitPlda(
      matrix([
        [3, 3],
        [5, 1],
        [-5, -5],
      ]),
      ["a", "a", "b"],
      { psi: [0, Number.MAX_VALUE] },
    );
    expect(head).toEqual({ kind: "plda", classes: ["a", "b"], cols: 2, means: of(0, 2, -0, -5), variances: of(1, 1.5, 1, 2) });
  });
});

describe("fitPlda and pldaScores by their formulas", () => {
  const psi = [0.5, 3, 0];
  const names = ["a", "b", "a", "b", "a", "a"];
  const trained = () => fitPlda(features, names, { psi });
  const shots = { a: 4, b: 2 };

  it("means ψ/(ψ + 1/K) · x̄ and variances 1 + ψ/(Kψ + 1), for each class its own K", () => {
    const head = trained();
    (["a", "b"] as const).forEach((name, c) => {
      const own = rows.filter((_, i) => names[i] === name);
      psi.forEach((spread, j) => {
        const mean = own.reduce((sum, row) => sum + row[j], 0) / shots[name];
        expect(head.means[3 * c + j]).toBeCloseTo((spread / (spread + 1 / shots[name])) * mean, 14);
        expect(head.variances[3 * c + j]).toBeCloseTo(1 + spread / (shots[name] * spread + 1), 14);
      });
    });
  });

  it("scores −½ Σ (ln v + (x − m)²/v), as a head and in a probe", () => {
    const head = trained();
    const wanted = rows.flatMap((row) =>
      [0, 1].map((c) => {
        const terms = row.map((value, j) => {
          const [m, v] = [head.means[3 * c + j], head.variances[3 * c + j]];
          return Math.log(v) + (value - m) ** 2 / v;
        });
        return -terms.reduce((sum, term) => sum + term, 0) / 2;
      }),
    );
    const scores = leavesAlone([head, features], () => pldaScores(head, features));
    expect(farthest(scores, wanted)).toBeLessThan(1e-14);
    expect(decisionFunction(head, features)).toEqual({ data: scores, rows: 6, cols: 2 });
    const probe: Probe = { kind: "probe", cols: 3, steps: [], head, temperature: 4, rejection: null, provenance: null };
    expect(decisionFunction(probe, features).data).toEqual(scores.map((value) => value / 4));
  });
});

const linear: LinearHead = {
  kind: "linear",
  classes: ["x", "y", "z"],
  cols: 3,
  coef: of(1, 2, 3, -1, 0, 2, 0, 1, -2),
  intercept: of(1, -1, 0.5),
};
const logitsOf = (head: LinearHead, row: readonly number[]): number[] =>
  Array.from(head.intercept, (own, c) => row.reduce((sum, value, j) => sum + value * head.coef[c * head.cols + j], own));
const softmax = (values: readonly number[]): number[] => {
  const powers = values.map(Math.exp);
  const total = powers.reduce((sum, value) => sum + value, 0);
  return powers.map((value) => value / total);
};
const probeOf = (rest: Partial<Probe>): Probe => ({
  ...{ kind: "probe", cols: 3, steps: [], head: linear, temperature: 1, rejection: null, provenance: null },
  ...rest,
});

describe("a probe's temperature and rejection", () => {
  for (const temperature of [0.25, 1, 8])
    it(`temperature ${temperature} divides the logits, whatever the rejection`, () => {
      const scaled = rows.map((row) => logitsOf(linear, row).map((value) => value / temperature));
      const probe = probeOf({ temperature });
      expect(farthest(decisionFunction(probe, features).data, scaled.flat())).toBeLessThan(1e-14);
      expect(farthest(predictProba(probe, features).data, scaled.flatMap(softmax))).toBeLessThan(1e-13);
      const best = scaled.map((row) => linear.classes[row.indexOf(Math.max(...row))]);
      expect(predict(probe, features)).toEqual(best);
      expect(score(probe, features, best)).toBe(1);
      const measures = {
        probability: (row: number[]) => 1 - Math.max(...softmax(row)),
        margin: (row: number[]) => {
          const [first, second] = softmax(row).sort((a, b) => b - a);
          return 1 - (first - second);
        },
        score: (row: number[]) => -Math.max(...row),
      };
      for (const rejection of [null, ...(["probability", "margin", "score"] as const).map((by) => ({ by, threshold: 0.1 }))]) {
        const answer = classify({ ...probe, rejection }, features);
        expect(answer.labels).toEqual(best);
        expect([answer.probabilities.rows, answer.probabilities.cols]).toEqual([6, 3]);
        expect(farthest(answer.probabilities.data, scaled.flatMap(softmax))).toBeLessThan(1e-13);
        expect(answer.rejected).toEqual(scaled.map((row) => rejection !== null && measures[rejection.by](row) > rejection.threshold));
      }
    });

  it("a head alone is a probe of temperature 1 that rejects nothing", () => {
    expect(classify(linear, features)).toEqual(classify(probeOf({}), features));
    expect(predictProba(linear, features)).toEqual(predictProba(probeOf({}), features));
    expect(decisionFunction(linear, features)).toEqual(decisionFunction(probeOf({}), features));
    expect(predict(linear, features)).toEqual(predict(probeOf({}), features));
  });

  it("a row at the threshold is answered, one above it is not", () => {
    const head: LinearHead = { kind: "linear", classes: ["x", "y"], cols: 1, coef: of(1, 0), intercept: of(0, -100) };
    const probe = { ...probeOf({ cols: 1, head }), rejection: { by: "score", threshold: -3 } as const };
    expect(classify(probe, matrix([[3], [2.5], [4]])).rejected).toEqual([false, true, false]);
    expect(classify(head, matrix([[3], [2.5]])).rejected).toEqual([false, false]);
    expect([classesOf(head), classesOf(probe), classesOf(probeOf({}))]).toEqual([
      ["x", "y"],
      ["x", "y"],
      ["x", "y", "z"],
    ]);
  });
});

describe("scores of centroid and cosine heads", () => {
  const heads: [Head, (row: readonly number[], own: readonly number[]) => number][] = [
    [
      { kind: "centroid", classes: ["x", "y", "z"], cols: 3, centroids: of(1, 2, 3, -1, 0, 2, 0.5, 1, -2) },
      (row, own) => -row.reduce((sum, value, j) => sum + (value - own[j]) ** 2, 0) / 2,
    ],
    [
      { kind: "cosine", classes: ["x", "y", "z"], cols: 3, directions: of(1, 0, 0, 0, 0.6, 0.8, 0, 0, -1) },
      (row, own) => row.reduce((sum, value, j) => sum + value * own[j], 0) / (Math.hypot(...row) || 1),
    ],
  ];
  it.each(heads)("%o", (head, of) => {
    const weights = head.kind === "centroid" ? head.centroids : head.kind === "cosine" ? head.directions : new Float64Array(9);
    const asked = matrix([[0, 0, 0], ...rows, [0, 0, -3]]);
    const own = rowsOf({ data: weights, rows: 3, cols: 3 });
    const wanted = rowsOf(asked).map((row) => own.map((weight) => of(row, weight)));
    expect(farthest(decisionFunction(head, asked).data, wanted.flat())).toBeLessThan(1e-14);
    const best = wanted.map((row) => head.classes[row.indexOf(Math.max(...row))]);
    expect(predict(head, asked)).toEqual(best);
    expect(classify(head, asked).labels).toEqual(best);
    expect(score(head, asked, [...best.slice(1), "none"])).toBe(best.filter((name, i) => name === best[i + 1]).length / best.length);
  });

  it("probabilities of logits that differ by thousands, the largest in any place", () => {
    const head: LinearHead = {
      kind: "linear",
      classes: ["x", "y", "z"],
      cols: 3,
      coef: of(1, 0, 0, 0, 1, 0, 0, 0, 1),
      intercept: of(0, 0, 0),
    };
    const asked = matrix([
      [5000, 0, -5000],
      [0, 5000, 5000],
      [-9000, -5000, -4000],
      [4000, 4000, 4000],
    ]);
    const third = 1 / 3;
    expect(rowsOf(predictProba(head, asked))).toEqual([
      [1, 0, 0],
      [0, 0.5, 0.5],
      [0, 0, 1],
      [third, third, third],
    ]);
    expect(predict(head, asked)).toEqual(["x", "y", "z", "x"]);
  });
});

describe("log loss and hits of rows", () => {
  const logits = of(0, 1, 2, 5, 5, -1, -800, -900, -1000);
  const codes = [2, 1, 1];

  it("−ln softmax of the own class, of logits times a slope that is 1 by default", () => {
    const wanted = (slope: number) => [
      Math.log(Math.exp(-2 * slope) + Math.exp(-slope) + 1),
      Math.log(2 + Math.exp(-6 * slope)),
      // The others are e^−100 and less of the largest.
      100 * slope,
    ];
    for (const slope of [0.5, 1, 2]) expect(farthest(logLossOfRows(logits, codes, 3, slope), wanted(slope))).toBeLessThan(1e-14);
    expect(logLossOfRows(logits, codes, 3)).toEqual(logLossOfRows(logits, codes, 3, 1));
  });

  it("the first of equals is the largest", () => {
    expect([0, 3, 6].map((at) => largestAt(logits, at, 3))).toEqual([2, 0, 0]);
    expect(hitsOfRows(logits, codes, 3)).toEqual(of(1, 0, 0));
    expect(hitsOfRows(logits, [2, 0, 0], 3)).toEqual(of(1, 1, 1));
    expect(weightedMean(of(1, 2, 4), of(3, 0, 1))).toBe(1.75);
  });
});

describe("choosePenalty's figures", () => {
  const path = [0.05, 0.5, 5];
  const weightings = [ones, [3, 1, 2, 0.5, 1, 4], [0.1, 0.1, 0.2, 0.1, 0.3, 0.1], [1, 1, 1, 1, 0, 0]];
  it.each(weightings.map((sampleWeight) => ({ sampleWeight })))("by weights $sampleWeight", ({ sampleWeight }) => {
    const losses = path.map((C) => {
      const { logits } = leaveOneOut(features, labels, { C, sampleWeight });
      return rowsOf(logits).map((row, i) => -Math.log(softmax(row)[labels[i] === "a" ? 0 : 1]));
    });
    const total = sampleWeight.reduce((sum, w) => sum + w, 0);
    const mean = (values: readonly number[]): number => values.reduce((sum, value, i) => sum + sampleWeight[i] * value, 0) / total;
    const best = losses.reduce((a, b) => (mean(b) < mean(a) ? b : a));
    // Kish's effective number of rows.
    const effective = total ** 2 / sampleWeight.reduce((sum, w) => sum + w * w, 0);
    for (const rule of ["least", "oneStandardError"] as const) {
      const choice = choosePenalty(features, labels, { path, sampleWeight, rule });
      choice.path.forEach((point, p) => {
        const gaps = losses[p].map((loss, i) => loss - best[i]);
        const spread = mean(gaps.map((gap) => (gap - mean(gaps)) ** 2));
        expect(point.logLoss).toBeCloseTo(mean(losses[p]), 6);
        expect(point.excess).toBeCloseTo(mean(gaps), 6);
        expect(point.standardError).toBeCloseTo(Math.sqrt(spread / (effective - 1)), 6);
        expect(point.converged).toBe(true);
        expect(point.accuracy).toBeCloseTo(mean(losses[p].map((loss) => Number(loss < Math.LN2))), 12);
      });
      expect(choice.least).toBe(path[losses.indexOf(best)]);
      const within = choice.path.find(({ excess, standardError }) => excess <= standardError)!;
      expect(choice.C).toBe(rule === "least" ? choice.least : within.C);
    }
  });

  it("one row that has all the weight has no standard error", () => {
    const choice = choosePenalty(features, labels, { path, sampleWeight: [1, 1e-20, 1e-20, 1e-20, 1e-20, 1e-20] });
    expect(choice.path.map(({ standardError }) => standardError)).toEqual([0, 0, 0]);
  });

  it("the default path: half decades around the reciprocal of the rows' mean squared distance from their mean, or from 0", () => {
    const middle = rows[0].map((_, j) => rows.reduce((sum, row) => sum + row[j] / 6, 0));
    for (const fitIntercept of [true, false]) {
      const scale = rows.reduce(
        (sum, row) => sum + row.reduce((own, value, j) => own + (value - (fitIntercept ? middle[j] : 0)) ** 2, 0) / 6,
        0,
      );
      const { path: points } = choosePenalty(features, labels, { fitIntercept });
      const steps = points.map(({ C }) => 2 * Math.log10(C * scale));
      for (const step of steps) expect(step).toBeCloseTo(Math.round(step), 10);
      expect(steps.map(Math.round)).toContain(0);
    }
  });
});

describe("foldHead, step by step", () => {
  const loops = kernelLoops(createKernels("js"));
  const stepped = (steps: readonly Step[], row: readonly number[]): number[] =>
    Array.from(applySteps(steps, matrix([row]), { loops, caller: "test" }).data);
  const unit = (d: number): number[][] => Array.from({ length: d }, (_, i) => Array.from({ length: d }, (_, j) => Number(i === j)));
  const linearSteps: Step[][] = [
    [],
    [{ kind: "mask", weights: of(2, -3, 0.5) }],
    [{ kind: "solve", lower: of(2, 0, 0, 1, 4, 0, -2, 2, 0.5) }],
    [{ kind: "lowRank", vectors: of(1, 2, 3, -1, 0.5, 2), gains: of(3, -2), rest: 0.25 }],
    [{ kind: "transform", dimensions: 3, matrix: of(1, 2, 0, -1, 4, 2, 0.5, 3, -2) }],
    [
      { kind: "mask", weights: of(2, -3) },
      { kind: "transform", dimensions: 4, matrix: of(1, 2, 3, 4, 5, -6, 7, 0.5) },
      { kind: "mask", weights: of(1, 2, 3, -1) },
      { kind: "transform", dimensions: 3, matrix: of(1, 0, 2, 0, -1, 0, 3, 0, 0, 0, 0, 1) },
    ],
  ];
  it.each(linearSteps.map((steps) => ({ steps, kinds: steps.map(({ kind }) => kind).join(", ") || "none" })))(
    "linear steps go into the coefficients, and the temperature: $kinds",
    ({ steps }) => {
      const cols = steps.length > 1 ? 2 : 3;
      const probe = probeOf({ cols, steps, temperature: 0.5 });
      const folded = leavesAlone(probe, () => foldHead(probe));
      // What a linear map makes of a row is in what it makes of each unit row.
      const images = unit(cols).map((row) => stepped(steps, row));
      const wanted = [0, 1, 2].flatMap((c) =>
        images.map((image) => 2 * image.reduce((sum, value, j) => sum + value * linear.coef[3 * c + j], 0)),
      );
      expect(farthest(folded.head.coef, wanted)).toBeLessThan(1e-14);
      expect(folded.head.intercept).toEqual(linear.intercept.map((value) => 2 * value));
      expect({ ...folded, head: null }).toEqual({ ...probeOf({ cols, steps: [], temperature: 1 }), head: null });
      expect({ ...folded.head, coef: 0, intercept: 0 }).toEqual({ kind: "linear", classes: linear.classes, cols, coef: 0, intercept: 0 });
    },
  );

  it("a head alone becomes a probe of its own numbers, in arrays of their own", () => {
    const folded = foldHead(linear);
    expect(folded).toEqual(probeOf({ head: linear }));
    expect(folded.head.coef.buffer).not.toBe(linear.coef.buffer);
    expect(folded.head.intercept.buffer).not.toBe(linear.intercept.buffer);
    const training = { C: 1, nIter: 3, converged: true, gradientNorm: 0, objective: 2 };
    expect(foldHead({ ...linear, ...training, kind: "softmax" })).toEqual(folded);
  });

  it("centroids become c · x − ½|c|², a cosine its directions after l2, PLDA m/v · x − ½ Σ m²/v", () => {
    const classes = ["a", "b"];
    const centroid: Head = { kind: "centroid", classes, cols: 2, centroids: of(1, 2, -3, 4) };
    expect(foldHead(centroid)).toEqual(
      probeOf({ cols: 2, head: { kind: "linear", classes, cols: 2, coef: of(1, 2, -3, 4), intercept: of(-2.5, -12.5) } }),
    );
    const plda: Head = { kind: "plda", classes, cols: 2, means: of(1, 2, -3, 4), variances: of(2, 4, 2, 4) };
    expect(foldHead(plda)).toEqual(
      probeOf({ cols: 2, head: { kind: "linear", classes, cols: 2, coef: of(0.5, 0.5, -1.5, 1), intercept: of(-0.75, -4.25) } }),
    );
    const cosine: Head = { kind: "cosine", classes, cols: 2, directions: of(0.6, 0.8, 1, 0) };
    expect(foldHead(cosine)).toEqual(
      probeOf({
        ...{ cols: 2, steps: [{ kind: "l2", weights: null }] },
        head: { kind: "linear", classes, cols: 2, coef: of(0.6, 0.8, 1, 0), intercept: of(0, 0) },
      }),
    );
  });

  it("masks before l2 become weights of that l2 and of the coefficients alike, the largest of them about 1", () => {
    for (const scale of [1, 8, 2 ** -30, 2 ** 900, 2 ** -900]) {
      const mask: Step = { kind: "mask", weights: of(3 * scale, -6 * scale, 0) };
      const { steps, head } = foldHead(probeOf({ steps: [mask, { kind: "l2", weights: null }] }));
      expect(steps).toEqual([{ kind: "l2", weights: of(0.75, -1.5, 0) }]);
      expect(head.coef.map((value) => value + 0)).toEqual(of(0.75, -3, 0, -0.75, 0, 0, 0, -1.5, 0));
      expect(head.intercept).toEqual(linear.intercept);
    }
    const twice = foldHead(
      probeOf({
        steps: [
          { kind: "mask", weights: of(1, 0.5, -1) },
          { kind: "mask", weights: of(0.25, 1, 1) },
          { kind: "l2", weights: of(1, 1, 0.5) },
        ],
      }),
    );
    expect(twice.steps).toEqual([{ kind: "l2", weights: of(0.25, 0.5, -0.5) }]);
    expect(twice.head.coef).toEqual(of(0.25, 1, -3, -0.25, 0, -2, 0, 0.5, 2));
  });

  it("masks of any size before l2: the same probabilities", () => {
    for (const weights of [
      [of(2 ** 1023, 2 ** 1022, 0)],
      [of(2 ** -1060, 2 ** -1062, 2 ** -1061)],
      [of(1, 2, 1e-5), of(1e-5, 1, 2), of(3, 1, 1e-3)],
      [of(1e300, 1e300, 1e299), of(1e-300, 2e-300, 1e-300)],
      [of(0, 0, 0)],
    ]) {
      const probe = probeOf({ steps: [...weights.map((own): Step => ({ kind: "mask", weights: own })), { kind: "l2", weights: null }] });
      const folded = foldHead(probe);
      expect(folded.steps.map(({ kind }) => kind)).toEqual(["l2"]);
      const small: Matrix = { ...features, data: features.data.map((value) => value / 16) };
      expect(farthest(predictProba(folded, small).data, predictProba(probe, small).data)).toBeLessThan(1e-12);
    }
  });

  it("an l2 goes where a later one takes its scale away, and stays before anything that is not linear", () => {
    const l2: Step = { kind: "l2", weights: null };
    const matrix3: Step = { kind: "transform", dimensions: 3, matrix: of(1, 2, 0, -1, 4, 2, 0.5, 3, -2) };
    const mask: Step = { kind: "mask", weights: of(1, 2, 3) };
    const solve: Step = { kind: "solve", lower: of(1, 0, 0, 2, 1, 0, 3, 2, 1) };
    const lowRank: Step = { kind: "lowRank", vectors: of(1, 0, 1), gains: of(2), rest: 1 };
    const centre: Step = { kind: "centre", mean: of(0.1, 0.2, 0.3) };
    const simple: Step = { kind: "simple" };
    const power: Step = { kind: "power", exponent: 3 };
    const cases: [Step[], string[]][] = [
      [[l2, l2], ["l2"]],
      [[l2, mask, l2], ["l2"]],
      [
        [l2, matrix3, l2],
        ["transform", "l2"],
      ],
      [
        [l2, solve, l2],
        ["solve", "l2"],
      ],
      [
        [l2, lowRank, l2],
        ["lowRank", "l2"],
      ],
      [
        [l2, mask, matrix3, solve, lowRank, mask, l2, l2],
        ["mask", "transform", "solve", "lowRank", "l2"],
      ],
      [
        [l2, centre, l2],
        ["l2", "centre", "l2"],
      ],
      [
        [l2, simple, l2],
        ["l2", "simple", "l2"],
      ],
      [
        [l2, power, l2],
        ["l2", "power", "l2"],
      ],
      [
        [l2, mask, centre, matrix3, mask],
        ["l2", "mask", "centre"],
      ],
      [
        [centre, l2, matrix3],
        ["centre", "l2"],
      ],
      [[l2, mask], ["l2"]],
      [[mask, l2, mask], ["l2"]],
      [
        [power, mask, l2],
        ["power", "l2"],
      ],
    ];
    const positive: Matrix = { ...features, data: features.data.map((value) => Math.abs(value) + 0.125) };
    for (const [steps, left] of cases) {
      const probe = probeOf({ steps });
      const folded = foldHead(probe);
      expect(
        folded.steps.map(({ kind }) => kind),
        steps.map(({ kind }) => kind).join(),
      ).toEqual(left);
      expect(farthest(predictProba(folded, positive).data, predictProba(probe, positive).data)).toBeLessThan(1e-12);
    }
  });
});

describe("rejectionScore, of scores that tie or lie far apart", () => {
  it("in closed form", () => {
    const cases: [scores: number[], probability: number, margin: number, score: number][] = [
      [[0, 0], 1 / 2, 1, 0],
      [[-0, -1000], 0, 0, 0],
      [[1, 1, 1, 1], 3 / 4, 1, -1],
      [[5, 5, -1000], 1 / 2, 1, -5],
      [[-1000, 5, 5], 1 / 2, 1, -5],
      [[Math.log(2), 0], 1 / 3, 2 / 3, -Math.log(2)],
      [[0, Math.log(2)], 1 / 3, 2 / 3, -Math.log(2)],
      // Shares 1/7, 4/7, 2/7, in each order.
      [[0, Math.log(4), Math.log(2)], 3 / 7, 5 / 7, -Math.log(4)],
      [[Math.log(2), Math.log(4), 0], 3 / 7, 5 / 7, -Math.log(4)],
      [[Math.log(4), 0, Math.log(2)], 3 / 7, 5 / 7, -Math.log(4)],
      [[-300, -300 - 1000], 0, 0, 300],
    ];
    for (const [scores, probability, margin, own] of cases) {
      expect(rejectionScore(matrix([scores]))[0]).toBeCloseTo(probability, 14);
      expect(rejectionScore(matrix([scores]), { by: "margin" })[0]).toBeCloseTo(margin, 14);
      expect(rejectionScore(matrix([scores]), { by: "score" })[0]).toBe(own);
      const double: Matrix = matrix([scores.map((value) => 2 * value)]);
      expect(rejectionScore(double, { temperature: 2 })[0]).toBeCloseTo(probability, 14);
      expect(rejectionScore(double, { temperature: 2, by: "margin" })[0]).toBeCloseTo(margin, 14);
      expect(rejectionScore(double, { temperature: 2, by: "score" })[0]).toBe(2 * own);
    }
    expect(rejectionScore({ data: new Float32Array(0), rows: 0, cols: 2 })).toEqual(new Float64Array(0));
  });
});
