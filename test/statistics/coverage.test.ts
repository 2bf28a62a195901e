import { expect, it } from "vitest";
import { randomBelow, randomNormal, randomStream } from "../../src/core/random.ts";
import { meanInterval } from "../../src/statistics/meanInterval.ts";
import { pairedDifference } from "../../src/statistics/pairedDifference.ts";
import { centroidError } from "../../src/theory/centroidError.ts";

const classes = 5;
const cols = 6;
const queries = 5;
const population = randomStream(1, "synthetic");
const means = Float64Array.from({ length: classes * cols }, () => randomNormal(population));
const deviations = Float64Array.from({ length: classes * cols }, () => Math.exp(0.5 * randomNormal(population)));
/** Two masks: none, and the first three dimensions. */
const kept = [cols, 3];

/** Exact expected two-way one-shot accuracy of each mask, over all pairs of classes. */
function truth(): number[] {
  const part = (values: Float64Array, c: number) => values.subarray(c * cols, (c + 1) * cols);
  const variances = deviations.map((value) => value * value);
  return kept.map((count) => {
    let [sum, pairs] = [0, 0];
    for (let b = 0; b < classes; b++) {
      for (let a = 0; a < b; a++, pairs++) {
        sum += centroidError(
          { meanA: part(means, a), meanB: part(means, b), varianceA: part(variances, a), varianceB: part(variances, b), shots: 1 },
          { dimensions: Array.from({ length: count }, (_, j) => j) },
        );
      }
    }
    return 1 - sum / pairs;
  });
}

/** One episode: two classes, one support row each, their queries; the accuracy of each mask. */
function episode(random: ReturnType<typeof randomStream>): number[] {
  const a = randomBelow(random, classes);
  const b = (a + 1 + randomBelow(random, classes - 1)) % classes;
  const draw = (c: number) => Array.from({ length: cols }, (_, j) => means[c * cols + j] + deviations[c * cols + j] * randomNormal(random));
  const support = [draw(a), draw(b)];
  const correct = kept.map(() => 0);
  for (let q = 0; q < 2 * queries; q++) {
    const own = q % 2;
    const x = draw(own === 0 ? a : b);
    kept.forEach((count, m) => {
      let margin = 0;
      for (let j = 0; j < count; j++) margin += (x[j] - support[1 - own][j]) ** 2 - (x[j] - support[own][j]) ** 2;
      if (margin > 0) correct[m]++;
    });
  }
  return correct.map((count) => count / (2 * queries));
}

it("over 200 simulated evaluations with a known truth, the 95 % intervals of accuracy and of the paired difference hold it 92–98 % of the time", () => {
  const [all, some] = truth();
  expect(Math.abs(all - some)).toBeGreaterThan(0.02);
  for (const episodes of [30, 100]) {
    let [held, heldDifference] = [0, 0];
    for (let run = 0; run < 200; run++) {
      const random = randomStream(99, "synthetic", 1000 * episodes + run);
      const results = Array.from({ length: episodes }, () => episode(random));
      const accuracies = kept.map((_, m) => results.map((result) => result[m]));
      const own = meanInterval(accuracies[0]).ci;
      const paired = pairedDifference(accuracies[1], accuracies[0]).ci;
      held += Number(own[0] <= all && all <= own[1]);
      heldDifference += Number(paired[0] <= some - all && some - all <= paired[1]);
    }
    for (const share of [held / 200, heldDifference / 200]) {
      expect(share).toBeGreaterThanOrEqual(0.92);
      expect(share).toBeLessThanOrEqual(0.98);
    }
    console.log(`coverage of 95 % intervals, ${episodes} episodes: accuracy ${held / 2} %, paired difference ${heldDifference / 2} %`);
  }
});
