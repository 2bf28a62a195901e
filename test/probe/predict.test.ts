import fc from "fast-check";
import { expect, it } from "vitest";
import { fitCentroid, fitCosine } from "../../src/probe/fitCentroid.ts";
import { fitSoftmax } from "../../src/probe/fitSoftmax.ts";
import { decisionFunction, type Head, predict, predictProba, score } from "../../src/probe/predict.ts";
import { gridNumber, labelledMatrices, matrix, rowsOf } from "../properties/arbitraries.ts";
import { farthest } from "../properties/close.ts";
import { leavesAlone } from "../properties/unchanged.ts";

/** Training rows whose class means are not zero, and rows to score. */
const problems = labelledMatrices()
  .chain(({ features, labels }) =>
    fc
      .array(fc.array(gridNumber, { minLength: features.cols, maxLength: features.cols }), { minLength: 1, maxLength: 6 })
      .map((query) => ({ features, labels, query: matrix(query) })),
  )
  .filter(({ features, labels }) =>
    rowsOf({ data: fitCentroid(features, labels).centroids, rows: new Set(labels).size, cols: features.cols }).every(
      (row) => Math.hypot(...row) > 0.01,
    ),
  );

/** What decisionFunction is by definition, in plain loops. */
function naive(head: Head, query: number[]): number[] {
  const { cols } = head;
  const dot = (w: Float64Array, c: number) => query.reduce((sum, value, j) => sum + value * w[c * cols + j], 0);
  return head.classes.map((_, c) => {
    if (head.kind === "softmax") return dot(head.coef, c) + head.intercept[c];
    if (head.kind === "cosine") return Math.hypot(...query) === 0 ? 0 : dot(head.directions, c) / Math.hypot(...query);
    if (head.kind === "centroid") return -query.reduce((sum, value, j) => sum + (value - head.centroids[c * cols + j]) ** 2, 0) / 2;
    throw new Error("not tested here");
  });
}

const heads = [
  ["softmax: coef · x + intercept", fitSoftmax],
  ["centroid: −½ · squared distance", fitCentroid],
  ["cosine: the cosine, 0 for a row of zeros", fitCosine],
] as const;

for (const [name, train] of heads) {
  it(`decisionFunction of ${name}, for either storage`, () => {
    fc.assert(
      fc.property(problems, ({ features, labels, query }) => {
        const head = train(features, labels);
        const scores = leavesAlone([head, query], () => decisionFunction(head, query));
        expect([scores.rows, scores.cols]).toEqual([query.rows, head.classes.length]);
        const expected = rowsOf(query).flatMap((row) => naive(head, row));
        expect(farthest(scores.data, expected)).toBeLessThan(1e-11);
        const single = { ...query, data: Float32Array.from(query.data) };
        expect(decisionFunction(head, single)).toEqual(scores);
      }),
    );
  });

  it(`predictProba of ${name.slice(0, name.indexOf(":"))} is the softmax of the scores: it sums to 1, and the best score has the highest`, () => {
    fc.assert(
      fc.property(problems, ({ features, labels, query }) => {
        const head = train(features, labels);
        const [scores, probabilities, names] = [decisionFunction(head, query), predictProba(head, query), predict(head, query)];
        const [scored, likely] = [rowsOf(scores), rowsOf(probabilities)];
        likely.forEach((row, i) => {
          expect(row.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 14);
          expect(row.every((value) => value >= 0 && value <= 1)).toBe(true);
          const most = Math.max(...scored[i]);
          const weights = scored[i].map((value) => Math.exp(value - most));
          const sum = weights.reduce((total, value) => total + value, 0);
          expect(
            farthest(
              row,
              weights.map((value) => value / sum),
            ),
          ).toBeLessThan(1e-13);
          expect(names[i]).toBe(head.classes[scored[i].indexOf(most)]);
        });
        const truth = names.map((own, i) => (i % 2 === 0 ? own : "another"));
        expect(score(head, query, truth)).toBe(truth.filter((own, i) => own === names[i]).length / truth.length);
        expect(score(head, query, names)).toBe(1);
      }),
    );
  });
}

it("a row scores the same alone as among thousands of others", () => {
  const rows = Array.from({ length: 4500 }, (_, i) => [i % 7, (i % 11) - 5, i / 4500]);
  const head = fitCentroid(
    matrix(rows.slice(0, 50)),
    rows.slice(0, 50).map((_, i) => i % 3),
  );
  const all = predictProba(head, matrix(rows));
  for (const i of [0, 2047, 2048, 4095, 4096, 4499])
    expect(all.data.slice(3 * i, 3 * i + 3)).toEqual(predictProba(head, matrix([rows[i]])).data);
});

it("no rows give no predictions", () => {
  const head = fitCentroid(matrix([[0], [4]]), [0, 1]);
  expect(predict(head, { data: new Float32Array(0), rows: 0, cols: 1 })).toEqual([]);
});

it("accuracy counts labels of any kind, and labels that the head does not know as wrong", () => {
  const head = fitCentroid(matrix([[0], [4], [8]]), [1, 2, 3]);
  const query = matrix([[0], [4], [8], [8]]);
  expect(score(head, query, [1, 2, 3, 3])).toBe(1);
  expect(score(head, query, BigInt64Array.of(1n, 2n, 3n, 1n))).toBe(0.75);
  expect(score(head, query, ["1", "2", "3", "3"])).toBe(0);
});
