import { expect, it } from "vitest";
import { testProbe } from "../../src/evaluate/testProbe.ts";
import { syntheticFeatures } from "../../src/features/syntheticFeatures.ts";
import { takeRows } from "../../src/features/takeRows.ts";
import { fitProbe } from "../../src/pipeline/fitProbe.ts";
import { predict, predictProba } from "../../src/probe/predict.ts";
import { stepsOf } from "../properties/gramProblem.ts";

it("says of each test row what predict and predictProba say, in pieces of 1024 rows", () => {
  const { features, labels } = syntheticFeatures({ classes: 3, rowsPerClass: 700, dims: 8, seed: 2 });
  const train = Array.from({ length: 60 }, (_, i) => 35 * i);
  const probe = fitProbe(
    takeRows(features, train),
    train.map((row) => labels[row]),
    { C: 1 },
  );
  const { steps, value } = stepsOf(
    testProbe(
      probe,
      features,
      Int32Array.from(labels, (label) => Number(label)),
    ),
  );
  expect(steps.map(({ done, total }) => done / total)).toEqual([1024 / 2100, 2048 / 2100, 1]);
  const guesses = predict(probe, features);
  const { data } = predictProba(probe, features);
  for (let i = 0; i < 2100; i++) {
    const own = Number(labels[i]);
    expect(value.guesses[i]).toBe(guesses[i]);
    expect(value.hits[i]).toBe(Number(guesses[i] === own));
    expect(value.losses[i]).toBeCloseTo(-Math.log(data[3 * i + own]), 12);
    expect(value.confidences[i]).toBeCloseTo(Math.max(...data.subarray(3 * i, 3 * i + 3)), 12);
  }
  expect(new Set(value.hits)).toEqual(new Set([0, 1]));
});
