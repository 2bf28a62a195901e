import { describe, expect, it } from "vitest";
import { indexLabels } from "../../src/core/labels.ts";
import type { Matrix } from "../../src/core/matrix.ts";
import { l2Normalize } from "../../src/features/l2Normalize.ts";
import { syntheticFeatures } from "../../src/features/syntheticFeatures.ts";
import { takeRows } from "../../src/features/takeRows.ts";
import { choosePenalty } from "../../src/heldout/choosePenalty.ts";
import { type CalibratedOptions, fitCalibratedProbe } from "../../src/pipeline/fitCalibratedProbe.ts";
import { fitProbe } from "../../src/pipeline/fitProbe.ts";
import { classify } from "../../src/probe/classify.ts";
import { fitSoftmax } from "../../src/probe/fitSoftmax.ts";
import { fitTemperature } from "../../src/probe/fitTemperature.ts";
import { headFromJSON } from "../../src/probe/headFromJSON.ts";
import { headToJSON } from "../../src/probe/headToJSON.ts";
import { decisionFunction, predictProba } from "../../src/probe/predict.ts";
import { rejectionScore } from "../../src/probe/rejectionScore.ts";
import { farthest } from "../properties/close.ts";
import { refuses } from "../properties/refuses.ts";
import { leavesAlone } from "../properties/unchanged.ts";

const { features, labels, augmented } = syntheticFeatures({ classes: 4, rowsPerClass: 6, dims: 30, views: 2, seed: 6 });
const base = syntheticFeatures({ classes: 8, rowsPerClass: 8, dims: 30, seed: 7 });
const n = features.rows;
const others = (i: number): number[] => Array.from({ length: n }, (_, j) => j).filter((j) => j !== i);
const everything = { C: "auto", temperature: "leaveOneOut", coverage: 0.8 } as const;

/** Held-out scores by n probes trained on all rows but one. */
function retrained(options: CalibratedOptions): Float64Array {
  const rows = Array.from({ length: n }, (_, i) => {
    const kept = others(i);
    const { classes, codes } = indexLabels(labels);
    const counts = classes.map((_, c) => codes.filter((code) => code === c).length);
    const weight = kept.map((j) => (codes[j] === codes[i] ? counts[codes[i]] / (counts[codes[i]] - 1) : 1));
    const own = { ...options, ...(options.probe === "softmax" ? { sampleWeight: weight } : {}) } as Parameters<typeof fitProbe>[2];
    const probe = fitProbe(
      takeRows(features, kept),
      kept.map((j) => labels[j]),
      own,
    );
    return Array.from(decisionFunction(probe, takeRows(features, [i])).data);
  });
  return Float64Array.from(rows.flat());
}

describe("a calibrated probe", () => {
  it("is fitProbe's where nothing is to be chosen", () => {
    for (const options of [{ C: 1 }, { C: 3, mask: "pair@support/power:0.5" }, { C: 1, probe: "centroid" } as const])
      expect(fitCalibratedProbe(features, labels, options)).toEqual({
        probe: fitProbe(features, labels, options),
        chosenBy: "given",
        penalty: null,
        heldOut: null,
      });
    expect(fitCalibratedProbe(features, labels, { C: 1, temperature: 2 }).probe).toEqual({
      ...fitProbe(features, labels, { C: 1 }),
      temperature: 2,
    });
  });

  it("has the C that choosePenalty takes of rows as the head sees them, and the head at that C", () => {
    const { probe, penalty } = fitCalibratedProbe(features, labels, { C: "auto" });
    const rows = l2Normalize({ ...features, data: Float64Array.from(features.data) });
    const wanted = choosePenalty(rows, labels);
    expect(penalty!.C).toBe(wanted.C);
    expect(
      farthest(
        penalty!.path.map(({ logLoss }) => logLoss),
        wanted.path.map(({ logLoss }) => logLoss),
      ),
    ).toBeLessThan(1e-9);
    expect(farthest(predictProba(probe, features).data, predictProba(fitSoftmax(rows, labels, { C: wanted.C }), rows).data)).toBeLessThan(
      1e-9,
    );
    expect(probe.provenance!.options).toMatchObject({ C: wanted.C, heldOut: { C: "heldOut", temperature: false, coverage: null } });
  });

  for (const probe of ["softmax", "centroid", "cosine", "plda"] as const)
    it(`${probe}: held-out scores are those of n retrainings without the row, its class in balance`, () => {
      const options: CalibratedOptions = {
        ...{ probe, C: 2, base: { features: base.features, labels: base.labels } },
        ...(probe === "plda" ? { mask: "discriminant:1>none" } : {}),
      };
      const { heldOut } = fitCalibratedProbe(features, labels, { ...options, temperature: "leaveOneOut" });
      expect(farthest(heldOut!.scores.data, retrained(options))).toBeLessThan(1e-8);
    });

  it("has the temperature and the threshold of its held-out scores, and answers the share that was asked for", () => {
    for (const options of [everything, { ...everything, C: 1, probe: "cosine" } as const, { ...everything, rejectBy: "margin" } as const]) {
      const { probe, heldOut } = fitCalibratedProbe(features, labels, options);
      const { scores, codes, accuracy, logLoss } = heldOut!;
      expect(probe.temperature).toBe(fitTemperature(scores, codes));
      const by = "rejectBy" in options ? "margin" : "probe" in options ? "score" : "probability";
      expect(probe.rejection!.by).toBe(by);
      const declined = rejectionScore({ ...scores, data: scores.data.map((value) => value / probe.temperature) }, { by });
      const answered = declined.filter((value) => value <= probe.rejection!.threshold).length;
      expect(answered).toBe(Math.ceil(0.8 * (n + 1)));
      expect(classify(probe, features).rejected.filter(Boolean).length).toBeLessThan(n / 2);
      const probabilities = predictProba(
        {
          kind: "linear",
          classes: probe.head.classes,
          cols: 4,
          coef: Float64Array.from({ length: 16 }, (_, i) => Number(i % 5 === 0) / probe.temperature),
          intercept: new Float64Array(4),
        },
        scores,
      ).data;
      const own = Array.from(codes, (code, i) => probabilities[4 * i + code]);
      expect(logLoss).toBeCloseTo(
        own.reduce((sum, p) => sum - Math.log(p) / n, 0),
        10,
      );
      expect(accuracy).toBe(own.filter((p, i) => p === Math.max(...probabilities.subarray(4 * i, 4 * i + 4))).length / n);
    }
  });

  it("leaves a row's views out with it", () => {
    const copies: Matrix = { data: Float64Array.from(augmented!.matrix.data), rows: augmented!.matrix.rows, cols: 30 };
    const views = { matrix: copies, views: 2 };
    const options = { augmented: views, trainOn: "augmented", temperature: "leaveOneOut", probe: "centroid" } as const;
    const before = fitCalibratedProbe(features, labels, options).heldOut!.scores.data;
    // Another view of row 5 changes what is said of others, and not of row 5.
    copies.data.fill(1, 2 * 5 * 30, (2 * 5 + 1) * 30);
    const after = fitCalibratedProbe(features, labels, options).heldOut!.scores.data;
    const changed = (i: number): boolean => [0, 1, 2, 3].some((c) => before[4 * i + c] !== after[4 * i + c]);
    expect([changed(4), changed(5), changed(6)]).toEqual([true, false, true]);
    expect(fitCalibratedProbe(features, labels, { ...options, probe: "softmax" }).heldOut!.scores.rows).toBe(n);
  });

  it("can be kept, and leaves its inputs alone", () => {
    const { probe } = leavesAlone([features, labels], () => fitCalibratedProbe(features, labels, everything));
    expect(headFromJSON(JSON.stringify(headToJSON(probe)))).toEqual(probe);
  });
});

describe("refused, with a reason", () => {
  const training =
    (options: object, rows = features, names: ArrayLike<number | string> = labels) =>
    () =>
      fitCalibratedProbe(rows, names, options as CalibratedOptions);

  it("settings that are none", () => {
    refuses(training({ C: "loo" }), TypeError, 'fitCalibratedProbe: C is "loo", expected a finite number greater than 0, or "auto"');
    refuses(
      training({ temperature: 0 }),
      RangeError,
      'fitCalibratedProbe: temperature is 0, expected a finite number greater than 0, or "leaveOneOut"',
    );
    refuses(training({ coverage: 1 }), RangeError, "fitCalibratedProbe: coverage is 1, expected a share between 0 and 1");
    refuses(
      training({ rejectBy: "margin" }),
      RangeError,
      'fitCalibratedProbe: rejectBy is "margin" without coverage, expected coverage, or neither',
    );
  });

  it("one row of a class", () => {
    for (const probe of ["softmax", "centroid"])
      refuses(
        training({ temperature: "leaveOneOut", probe }, takeRows(features, [0, 1, 6]), ["a", "a", "b"]),
        RangeError,
        "fitCalibratedProbe: labels has class b in 1 row, expected at least 2: without its only example nothing is known of a class, so at 1 shot there is no leave-one-out",
      );
    // C needs no held-out row: it is 100 over the rows' mean squared distance from their mean then.
    const { chosenBy, penalty } = fitCalibratedProbe(takeRows(features, [0, 1, 6]), ["a", "a", "b"]);
    expect([chosenBy, penalty]).toEqual(["fixed", null]);
  });
});
