import { describe, expect, it } from "vitest";
import { type Answers, measureAnswers, unknownClasses } from "../../src/cli/measureAnswers.ts";

/** Answers of a head of two classes whose logits are these. */
function answersOf(logits: readonly (readonly [number, number])[], actual: Answers["actual"], rejected: readonly boolean[] = []): Answers {
  const classes = ["cat", "dog"];
  const scores = { data: Float64Array.from(logits.flat()), rows: logits.length, cols: 2 };
  const probabilities = {
    ...scores,
    data: Float64Array.from(logits.flatMap(([a, b]) => [1 / (1 + Math.exp(b - a)), 1 / (1 + Math.exp(a - b))])),
  };
  const labels = logits.map(([a, b]) => classes[Number(b > a)]);
  return {
    labels,
    scores,
    probabilities,
    rejected: logits.map((_, i) => rejected[i] ?? false),
    classes,
    actual,
    rejects: rejected.length > 0,
  };
}
/** Logits that give the first class probability 0.75 and 0.25. */
const [cat, dog]: readonly (readonly [number, number])[] = [
  [Math.log(3), 0],
  [0, Math.log(3)],
];

describe("the measures of answers", () => {
  it("are those of the rows that have a class", () => {
    const measures = measureAnswers(answersOf([cat, cat, dog, dog, cat], ["cat", "dog", "dog", "dog", null]))!;
    expect(measures).toMatchObject({ accuracy: 0.75, unknownRows: 0, coverage: 1, accuracyOfAnswers: 0.75 });
    expect(measures.confusion).toMatchObject({ classes: ["cat", "dog"] });
    expect(Array.from(measures.confusion.counts)).toEqual([1, 0, 1, 2]);
    expect(measures.balancedAccuracy).toBeCloseTo((1 + 2 / 3) / 2, 14);
    expect(measures.logLoss).toBeCloseTo(-(3 * Math.log(0.75) + Math.log(0.25)) / 4, 14);
    // Every confidence is 0.75, and three of four are right.
    expect(measures.expectedCalibrationError).toBeCloseTo(0, 14);
    // Wilson's interval of 3 of 4, by Python.
    expect(measures.ci95[0]).toBeCloseTo(0.3006418, 6);
    expect(measures.ci95[1]).toBeCloseTo(0.9544127, 6);
  });

  it("count a class that the head does not know as wrong, and leave it out of the log loss", () => {
    const answers = answersOf([cat, dog, dog], ["cat", "eel", null]);
    expect(unknownClasses(answers)).toEqual(["eel"]);
    const measures = measureAnswers(answers)!;
    expect(measures).toMatchObject({ accuracy: 0.5, unknownRows: 1 });
    expect(measures.logLoss).toBeCloseTo(-Math.log(0.75), 14);
    expect(measureAnswers(answersOf([cat], ["eel"]))).toMatchObject({ accuracy: 0, unknownRows: 1, logLoss: null });
  });

  it("of a head that rejects tell the share of rows answered, and the accuracy on these", () => {
    const rejected = [false, true, true, false];
    const measures = measureAnswers(answersOf([cat, cat, dog, dog], ["cat", "dog", "dog", "cat"], rejected));
    expect(measures).toMatchObject({ accuracy: 0.5, coverage: 0.5, accuracyOfAnswers: 0.5 });
    expect(measureAnswers(answersOf([cat], ["cat"], [true]))).toMatchObject({ coverage: 0, accuracyOfAnswers: null });
  });

  it("are null where no classes are known", () => {
    expect(measureAnswers(answersOf([cat], null))).toBeNull();
  });
});
