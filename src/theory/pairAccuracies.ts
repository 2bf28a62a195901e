import { argsortDescending } from "../core/argsort.ts";
import type { ClassStatistics } from "../statistics/classStatistics.ts";
import type { TheoryOptions } from "./checkTheory.ts";
import { marginTail } from "./marginTail.ts";
import { marginTerms, type NormalClass } from "./marginTerms.ts";

/** The order in which a pair keeps dimensions when no importance is given: its own standardised distances, variances floored. */
function ownOrder(a: NormalClass, b: NormalClass, cols: number): Int32Array {
  const floors = [a, b].map(({ variance }) => {
    let sum = 0;
    for (let j = 0; j < cols; j++) sum += variance[j];
    return (1e-6 * sum) / cols;
  });
  const importance = new Float64Array(cols);
  for (let j = 0; j < cols; j++) {
    const deviations = Math.sqrt(Math.max(a.variance[j], floors[0])) + Math.sqrt(Math.max(b.variance[j], floors[1]));
    importance[j] = (2 * Math.abs(a.mean[j] - b.mean[j])) / Math.max(deviations, 1e-150);
  }
  return argsortDescending(importance);
}

/**
 * Expected two-way accuracy with the first counts[i] dimensions kept, mean over the class pairs.
 *
 * @param counts - whole numbers in 1 … d
 */
export function pairAccuracies(statistics: ClassStatistics, counts: readonly number[], options: TheoryOptions): Float64Array {
  const { means, variances, cols, counts: rows } = statistics;
  const { shots, weights, debias } = options;
  const k = rows.length;
  const classes: NormalClass[] = Array.from({ length: k }, (_, c) => ({
    mean: means.subarray(c * cols, (c + 1) * cols),
    variance: variances.subarray(c * cols, (c + 1) * cols),
    shots,
  }));
  const order = options.importance && argsortDescending(Float64Array.from(options.importance));
  const pairs = options.pairs ?? classes.flatMap((_, b) => Array.from({ length: b }, (_, a) => [a, b] as const));
  const accuracies = new Float64Array(counts.length);
  for (const [a, b] of pairs) {
    const dimensions = order ?? ownOrder(classes[a], classes[b], cols);
    const bias = (debias ? [1 / rows[a], 1 / rows[b]] : [0, 0]) as [number, number];
    const termsA = marginTerms(classes[a], classes[b], dimensions, weights, bias);
    const termsB = marginTerms(classes[b], classes[a], dimensions, weights, [bias[1], bias[0]]);
    counts.forEach((count, i) => {
      accuracies[i] += 1 - 0.5 * (marginTail(termsA, count) + marginTail(termsB, count));
    });
  }
  for (let i = 0; i < accuracies.length; i++) accuracies[i] /= pairs.length;
  return accuracies;
}
