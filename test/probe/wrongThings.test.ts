import { describe, expect, it } from "vitest";
import { addExamples, incrementalClassify, incrementalSoftmax, removeExamples } from "../../src/incremental.ts";
import { classify, composeProbe, fitCentroid, powerMask, predict, toMatrix, topMask, transformRows } from "../../src/index.ts";
import { execute } from "../../src/run.ts";
import { pairedDifference } from "../../src/statistics.ts";

const features = toMatrix([
  [0, 1],
  [4, 2],
]);
const head = fitCentroid(features, ["low", "high"]);
const state = addExamples(incrementalSoftmax(2), features, ["low", "high"]);
const wrong = (value: unknown): never => value as never;

describe("what is no head, state, list of steps or importance is refused by name", () => {
  it.each([
    [() => predict(wrong(null), features), "predict: head is null, expected a head or a probe; for a state, incrementalClassify"],
    [
      () => classify(wrong(undefined), features),
      "classify: head is undefined, expected a head or a probe; for a state, incrementalClassify",
    ],
    [() => predict(wrong(state), features), "predict: head is Object, expected a head or a probe; for a state, incrementalClassify"],
    [() => incrementalClassify(wrong(head), features), "incrementalClassify: state is Object, expected a state"],
    [() => addExamples(wrong({}), features, [1, 2]), "addExamples: state is Object, expected a state"],
    [() => removeExamples(wrong(null), [0]), "removeExamples: state is null, expected a state"],
    [() => transformRows(wrong({}), features), "transformRows: steps is Object, expected an array of steps"],
    [() => transformRows(wrong([{ kind: "l3" }]), features), 'transformRows: steps[0].kind is "l3", expected one of l2, power'],
    [() => composeProbe(wrong([{}]), head), "composeProbe: steps[0].kind is undefined, expected one of l2"],
    [() => composeProbe([], wrong(null)), "composeProbe: head is null, expected a head"],
    [() => topMask(wrong(features), 0.5), "topMask: importance is Object, expected an array of d numbers"],
    [() => powerMask(wrong(features), 0.5), "powerMask: importance is Object, expected an array of d numbers"],
    [() => pairedDifference([1, Number.NaN], [1, 2]), "pairedDifference: values[1] is NaN, expected finite numbers"],
    [() => pairedDifference([1, 2], wrong([{}, 1])), "pairedDifference: baseline[0] is Object, expected finite numbers"],
  ])("%s", (call, message) => {
    expect(call).toThrow(message);
  });

  it("execute, of what is no plan and of a listener that is no function", async () => {
    await expect(execute(wrong(Promise.resolve()))).rejects.toThrow("execute: plan is Promise, expected a plan, as planEvaluation gives");
    const plan = { caller: "evaluate", jobs: [], result: () => null };
    await expect(execute(wrong(plan), { onProgress: wrong(true) })).rejects.toThrow("evaluate: onProgress is true, expected a function");
  });
});

it("answers name the classes that their columns are of, before and after there are two", () => {
  expect(classify(head, features).classes).toEqual(head.classes);
  expect(incrementalClassify(state, features).classes).toEqual(state.fit!.classes);
  const one = addExamples(incrementalSoftmax(2), toMatrix([[1, 1]]), ["only"]);
  expect(incrementalClassify(one, features)).toMatchObject({ decided: false, classes: ["only"] });
});
