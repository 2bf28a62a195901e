import { expect, it } from "vitest";
import { trainingSet } from "../../src/pipeline/trainingSet.ts";
import { prepareFit } from "../../src/plan/prepareFit.ts";
import { matrix } from "../properties/arbitraries.ts";
import { refuses } from "../properties/refuses.ts";

const features = matrix([[1], [2], [3]]);
const labels = ["cat", "dog", "dog"];
/** Two views of each row, the first row's first. */
const augmented = { matrix: matrix([[10], [11], [20], [21], [30], [31]]), views: 2 };
const setOf = (options: Parameters<typeof prepareFit>[3], given?: ArrayLike<number>) => {
  const run = prepareFit("test", features, labels, options);
  return trainingSet("test", run, given, run.classWeights);
};

it("is the rows themselves, without weights, where no views are trained on and nothing is weighed", () => {
  for (const options of [{}, { augmented }]) {
    const { matrix: rows, labels: names, sampleWeight, sources } = setOf(options);
    expect(Array.from(rows.data)).toEqual([1, 2, 3]);
    expect([names, sampleWeight, Array.from(sources)]).toEqual([labels, undefined, [0, 1, 2]]);
  }
});

it("has views after the rows, each with its row's label and its share of the row's weight", () => {
  const { matrix: rows, labels: names, sampleWeight, sources } = setOf({ augmented, trainOn: "augmented" });
  expect(Array.from(rows.data)).toEqual([1, 2, 3, 10, 11, 20, 21, 30, 31]);
  expect(Array.from(sources)).toEqual([0, 1, 2, 0, 0, 1, 1, 2, 2]);
  expect(names).toEqual(["cat", "dog", "dog", "cat", "cat", "dog", "dog", "dog", "dog"]);
  expect(Array.from(sampleWeight!)).toEqual([1, 1, 1, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5]);
  const weighed = setOf({ augmented, trainOn: "augmented" }, [4, 2, 1]);
  expect(Array.from(weighed.sampleWeight!)).toEqual([4, 2, 1, 2, 2, 1, 1, 0.5, 0.5]);
});

it("multiplies weights of rows by those of their classes, and takes one weight a row", () => {
  expect(Array.from(setOf({ classWeight: { cat: 3, dog: 0.5 } }).sampleWeight!)).toEqual([3, 0.5, 0.5]);
  expect(Array.from(setOf({ classWeight: { cat: 3, dog: 0.5 } }, [1, 2, 4]).sampleWeight!)).toEqual([3, 1, 2]);
  refuses(() => setOf({}, [1, 2]), RangeError, "test: sampleWeight has 2 values, expected 3, one a row of features");
});
