import { describe, expect, it } from "vitest";
import { l2Normalize } from "../../src/features/l2Normalize.ts";
import { syntheticFeatures } from "../../src/features/syntheticFeatures.ts";
import { takeRows } from "../../src/features/takeRows.ts";
import { choosePenalty } from "../../src/heldout/choosePenalty.ts";
import { leaveOneOut } from "../../src/heldout/leaveOneOut.ts";
import { addExamples } from "../../src/incremental/addExamples.ts";
import { incrementalClassify, incrementalProbe } from "../../src/incremental/incrementalProbe.ts";
import { type IncrementalSoftmax, incrementalSoftmax } from "../../src/incremental/incrementalSoftmax.ts";
import { removeExamples } from "../../src/incremental/removeExamples.ts";
import { stateFromJSON } from "../../src/incremental/stateFromJSON.ts";
import { stateToJSON } from "../../src/incremental/stateToJSON.ts";
import { calibrateIncremental, calibrateIncrementalAsync } from "../../src/pipeline/calibrateIncremental.ts";
import { fitProbe } from "../../src/pipeline/fitProbe.ts";
import { fitTemperature } from "../../src/probe/fitTemperature.ts";
import { predictProba } from "../../src/probe/predict.ts";
import { rejectionScore } from "../../src/probe/rejectionScore.ts";
import { rejectionThreshold } from "../../src/statistics/rejectionThreshold.ts";
import { matrix } from "../properties/arbitraries.ts";
import { farthest } from "../properties/close.ts";
import { leavesAlone } from "../properties/unchanged.ts";

const { features, labels } = syntheticFeatures({ classes: 3, rowsPerClass: 8, dims: 20, seed: 1 });
const unit = l2Normalize({ ...features, data: Float64Array.from(features.data) });
const state = addExamples(incrementalSoftmax(20, { normalize: "l2", C: 10 }), features, labels);

describe("an incremental state of raw rows", () => {
  it("is the probe that fitProbe trains on them, through additions and removals", () => {
    const first = addExamples(incrementalSoftmax(20, { normalize: "l2", C: 10 }), takeRows(features, [0, 9, 1]), [0, 1, 0]);
    const grown = addExamples(first, features, labels);
    const back = removeExamples(grown, [0, 1, 2]);
    const wanted = predictProba(fitProbe(features, labels, { C: 10 }), features).data;
    for (const each of [state, back]) expect(farthest(predictProba(incrementalProbe(each), features).data, wanted)).toBeLessThan(1e-8);
    expect(state.rows[3]).toEqual(Float64Array.from(features.data.subarray(60, 80)));
  });

  it("is undecided with no class or one, and says so", () => {
    const none = incrementalSoftmax(2);
    const rows = matrix([
      [1, 0],
      [0, 1],
    ]);
    expect(incrementalClassify(none, rows)).toMatchObject({
      decided: false,
      labels: [null, null],
      rejected: [true, true],
      probabilities: { rows: 2, cols: 0 },
    });
    const one = addExamples(none, rows, ["cat", "cat"]);
    expect(incrementalClassify(one, rows)).toMatchObject({
      decided: false,
      labels: [null, null],
      probabilities: { data: Float64Array.of(1, 1), cols: 1 },
    });
    const two = addExamples(one, matrix([[-1, -1]]), ["dog"]);
    expect(incrementalClassify(two, matrix([[-3, -2]]))).toMatchObject({ decided: true, labels: ["dog"], rejected: [false] });
    expect(() => incrementalClassify(two, matrix([[1]]))).toThrow("incrementalClassify: features has 1 columns, expected 2");
  });
});

describe("calibrateIncremental", () => {
  it("chooses what choosePenalty, fitTemperature and rejectionThreshold choose on the same rows", async () => {
    const next = leavesAlone([state], () => calibrateIncremental(state, { temperature: "leaveOneOut", coverage: 0.9, rejectBy: "margin" }));
    const { C } = choosePenalty(unit, labels);
    expect(next.C).toBeCloseTo(C, 6);
    const held = leaveOneOut(unit, labels, { C, balanced: true });
    const temperature = fitTemperature(held.logits, held.codes);
    expect(next.temperature / temperature).toBeCloseTo(1, 5);
    const threshold = rejectionThreshold(rejectionScore(held.logits, { by: "margin", temperature }), { targetCoverage: 0.9 });
    expect(next.rejection!.by).toBe("margin");
    expect(next.rejection!.threshold).toBeCloseTo(threshold, 5);
    const wanted = { ...fitProbe(features, labels, { C }), temperature };
    expect(farthest(predictProba(incrementalProbe(next), features).data, predictProba(wanted, features).data)).toBeLessThan(1e-5);
    expect(await calibrateIncrementalAsync(state, { temperature: "leaveOneOut", coverage: 0.9, rejectBy: "margin" })).toEqual(next);
    const more = addExamples(next, takeRows(features, [0]), [0]);
    expect([more.C, more.temperature, more.rejection]).toEqual([next.C, next.temperature, next.rejection]);
  });

  it("takes what is given, and with one row of a class the fixed C and temperature 1", () => {
    const set = calibrateIncremental(state, { C: 3, temperature: 2 });
    expect([set.C, set.temperature, set.rejection]).toEqual([3, 2, null]);
    const two = addExamples(
      incrementalSoftmax(2),
      matrix([
        [1, 0],
        [0, 1],
      ]),
      ["a", "b"],
    );
    // The rows' mean squared distance from their mean is ½.
    expect(calibrateIncremental(two, { temperature: "leaveOneOut" })).toMatchObject({ C: 200, temperature: 1, rejection: null });
    expect(calibrateIncremental(two).fit!.objective).not.toBe(two.fit!.objective);
    expect(calibrateIncremental(incrementalSoftmax(2, { C: 7 }))).toMatchObject({ C: 7, temperature: 1, fit: null });
  });

  it.each([
    [{ C: "loo" }, 'C is "loo", expected a number or "auto"'],
    [{ C: 0 }, "C is 0"],
    [{ temperature: "loo" }, 'temperature is "loo"'],
    [{ temperature: -1 }, "temperature is -1"],
    [{ coverage: 1 }, "coverage is 1"],
    [{ rejectBy: "score" }, 'rejectBy is "score" without coverage'],
    [{ coverage: 0.5, rejectBy: "luck" }, 'rejectBy is "luck"'],
    [{ cover: 0.5 }, "options.cover is not an option"],
  ])("refuses %j", (options, message) => {
    expect(() => calibrateIncremental(state, options as never)).toThrow(`calibrateIncremental: ${message}`);
  });
  it("refuses coverage where a class has one row", () => {
    const two = addExamples(
      incrementalSoftmax(2),
      matrix([
        [1, 0],
        [0, 1],
      ]),
      ["a", "b"],
    );
    expect(() => calibrateIncremental(two, { coverage: 0.5 })).toThrow("coverage is given with one row of a class");
  });
});

describe("a state as JSON", () => {
  const trip = (given: IncrementalSoftmax): IncrementalSoftmax => stateFromJSON(JSON.stringify(stateToJSON(given)));

  it("comes back with its rows, labels and settings, and answers the same", () => {
    const next = calibrateIncremental(state, { temperature: "leaveOneOut", coverage: 0.9 });
    const back = trip(next);
    expect(back).toMatchObject({
      C: next.C,
      normalize: "l2",
      fitIntercept: true,
      temperature: next.temperature,
      rejection: next.rejection,
      rows: next.rows,
      labels: next.labels,
      gram: next.gram,
    });
    const [ours, theirs] = [incrementalClassify(back, features), incrementalClassify(next, features)];
    expect(farthest(ours.probabilities.data, theirs.probabilities.data)).toBeLessThan(1e-8);
    expect(ours.rejected).toEqual(theirs.rejected);
    expect(addExamples(back, takeRows(features, [1]), ["new"]).fit!.classes).toEqual([0, 1, 2, "new"]);
  });

  it("takes four bytes a value where rows came in single precision, eight where not", () => {
    expect(stateToJSON(state).storage).toBe("singles");
    expect(JSON.stringify(stateToJSON(state)).length).toBeLessThan(24 * 20 * 4 * 1.34 + 600);
    const doubles = addExamples(incrementalSoftmax(1), matrix([[0.1], [2]]), [10n ** 20n, "b"]);
    expect(stateToJSON(doubles).storage).toBe("doubles");
    expect(trip(doubles)).toMatchObject({ rows: doubles.rows, labels: doubles.labels });
    expect(trip(incrementalSoftmax(3, { C: 2, fitIntercept: false }))).toEqual(incrementalSoftmax(3, { C: 2, fitIntercept: false }));
  });

  const document = stateToJSON(addExamples(incrementalSoftmax(1), matrix([[0], [4]]), ["a", "b"]));
  const { rows: _rows, ...without } = document;
  it.each([
    ["{", "document is not JSON"],
    [3, "document is 3, expected a softprobe/state@1 document"],
    [[], "document is Array"],
    [{ ...document, schema: "softprobe/head@1" }, 'document.schema is "softprobe/head@1"'],
    [{ ...document, extra: 1 }, 'document has an unknown field "extra"'],
    [without, "document has no rows"],
    [{ ...document, cols: 0 }, "cols is 0"],
    [{ ...document, C: -1 }, "C is -1"],
    [{ ...document, normalize: "l1" }, 'normalize is "l1"'],
    [{ ...document, fitIntercept: 1 }, "fitIntercept is 1"],
    [{ ...document, temperature: 0 }, "temperature is 0"],
    [{ ...document, rejection: 1 }, "rejection is 1"],
    [{ ...document, rejection: { by: "luck", threshold: 1 } }, 'rejection.by is "luck"'],
    [{ ...document, rejection: { by: "score", threshold: "1" } }, 'rejection.threshold is "1"'],
    [{ ...document, classes: "ab" }, 'classes is "ab"'],
    [{ ...document, classes: [{}, "b"] }, "classes[0] names no class"],
    [{ ...document, codes: 1 }, "codes is 1"],
    [{ ...document, codes: [0, 2] }, "codes[1] is 2, expected a whole number in 0…1"],
    [{ ...document, codes: [0] }, "rows has 2 values, expected 1 × 1"],
    [{ ...document, storage: "halves" }, 'storage is "halves"'],
    [{ ...document, rows: 1 }, "rows is 1"],
    [{ ...document, rows: "AAA=" }, 'rows is "AAA="'],
    [{ ...document, rows: "AADAfwAAwH8=" }, "features row 0, column 0 is NaN"],
  ])("refuses %j", (given, message) => {
    expect(() => stateFromJSON(given)).toThrow(`stateFromJSON: ${message}`);
  });
  it("refuses to write what is no state", () => {
    expect(() => stateToJSON(null as never)).toThrow(TypeError);
  });
});
