import { expect, it } from "vitest";
import { type CustomProbe, evaluate, fitCentroid, predict, syntheticFeatures } from "../../src/index.ts";

const { features, labels } = syntheticFeatures({ classes: 6, rowsPerClass: 12, dims: 20, seed: 3 });
const task = { ways: 3, shots: 2, queries: 4, episodes: 5 };

it.each([
  ["a number beyond the classes", 7, "7"],
  ["a name", "k0", '"k0"'],
  ["a number in text", "0", '"0"'],
  ["no number", Number.NaN, "NaN"],
  ["a fraction", 0.5, "0.5"],
])("refuses a probe of one's own that predicts %s, rather than count it as wrong", async (_, answer, shown) => {
  const own = { name: "own", fit: () => null, predict: (_model: null, rows: { rows: number }) => new Array(rows.rows).fill(answer) };
  await expect(evaluate(features, labels, { ...task, probes: [own as CustomProbe] })).rejects.toThrow(
    `evaluate: probe own predicted ${shown} for query 0, expected a whole number in 0…2, as the labels that fit is given`,
  );
});

it("gives each of several probes rows of its own, so that one that writes to them changes no other's", async () => {
  const centroid = (name: string, writes: boolean): CustomProbe<ReturnType<typeof fitCentroid>> => ({
    name,
    fit(rows, codes) {
      const model = fitCentroid(rows, codes);
      if (writes) rows.data.fill(0);
      if (writes) codes.fill(0);
      return model;
    },
    predict(model, rows) {
      const answers = Int32Array.from(predict(model, rows) as number[]);
      if (writes) rows.data.fill(0);
      return answers;
    },
  });
  const { results } = await evaluate(features, labels, {
    ...task,
    probes: [centroid("first", true), centroid("second", false), "centroid"],
  });
  const [first, second, builtIn] = results.map(({ accuracy }) => accuracy);
  expect([first, second]).toEqual([builtIn, builtIn]);
});
