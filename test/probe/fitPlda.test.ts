import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { randomNormal, randomStream } from "../../src/core/random.ts";
import { fitPlda } from "../../src/probe/fitPlda.ts";
import { pldaScores } from "../../src/probe/pldaScores.ts";
import { matrix } from "../properties/arbitraries.ts";

/** log N(x; 0, covariance of K + 1 rows of one class) − that of the K rows: the predictive, from the joint density itself. */
function predictive(support: number[], x: number, psi: number): number {
  const logJoint = (values: number[]): number => {
    // Covariance I + ψ·11ᵀ: determinant 1 + nψ, inverse I − ψ/(1 + nψ)·11ᵀ.
    const n = values.length;
    const sum = values.reduce((a, b) => a + b, 0);
    const squares = values.reduce((a, b) => a + b * b, 0);
    return -0.5 * (Math.log(1 + n * psi) + squares - (psi / (1 + n * psi)) * sum * sum);
  };
  return logJoint([...support, x]) - logJoint(support);
}

describe("fitPlda and pldaScores", () => {
  it("score by the ratio of joint Gaussian densities with and without the new row, class by class with its own shots", () => {
    const value = fc.double({ min: -5, max: 5, noNaN: true });
    const rows = (most: number) => fc.array(fc.tuple(value, value), { minLength: 1, maxLength: most });
    const spread = fc.double({ min: 0, max: 9, noNaN: true });
    fc.assert(
      fc.property(rows(4), rows(3), value, value, spread, spread, (a, b, x, y, p, q) => {
        const head = fitPlda(matrix([...a, ...b]), [...a.map(() => "a"), ...b.map(() => "b")], { psi: [p, q] });
        const scores = pldaScores(head, matrix([[x, y]]));
        [a, b].forEach((own, c) => {
          const want =
            predictive(
              own.map((row) => row[0]),
              x,
              p,
            ) +
            predictive(
              own.map((row) => row[1]),
              y,
              q,
            );
          expect(scores[c]).toBeCloseTo(want, 9);
        });
      }),
    );
  });

  it("loses nothing to a dimension without spread between classes", () => {
    const random = randomStream(1, "synthetic");
    const support = [0, 1, 2].map(() => [randomNormal(random), randomNormal(random)]);
    const both = fitPlda(matrix(support), [0, 1, 2], { psi: [3, 0] });
    const one = fitPlda(matrix(support.map((row) => [row[0]])), [0, 1, 2], { psi: [3] });
    const [p, q] = [pldaScores(both, matrix([[0.5, 9]])), pldaScores(one, matrix([[0.5]]))];
    for (let c = 1; c < 3; c++) expect(p[c] - p[0]).toBeCloseTo(q[c] - q[0], 12);
  });

  it("is right as often as the true model is: better than the nearest centroid where ψ differs between dimensions", () => {
    const psi = Array.from({ length: 20 }, (_, j) => (j < 3 ? 8 : 0.05));
    let [plda, centroid, total] = [0, 0, 0];
    for (let episode = 0; episode < 60; episode++) {
      const random = randomStream(11, "synthetic", episode);
      const means = [0, 1, 2, 3, 4].map(() => psi.map((spread) => Math.sqrt(spread) * randomNormal(random)));
      const draw = (c: number): number[] => means[c].map((mean) => mean + randomNormal(random));
      const support = means.map((_, c) => draw(c));
      const head = fitPlda(matrix(support), [0, 1, 2, 3, 4], { psi });
      for (let q = 0; q < 25; q++) {
        const row = draw(q % 5);
        const scores = Array.from(pldaScores(head, matrix([row])));
        const distances = support.map((own) => own.reduce((sum, value, j) => sum - (value - row[j]) ** 2, 0));
        plda += Number(scores.indexOf(Math.max(...scores)) === q % 5);
        centroid += Number(distances.indexOf(Math.max(...distances)) === q % 5);
        total++;
      }
    }
    expect(plda / total).toBeGreaterThan(centroid / total + 0.03);
  });
});
