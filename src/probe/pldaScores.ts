import { shapeError } from "../core/errors.ts";
import { log } from "../core/log.ts";
import { checkFinite, type Matrix } from "../core/matrix.ts";
import type { PldaHead } from "./fitPlda.ts";

/**
 * Log predictive density of each row under each class, without the constant −(r/2)·ln 2π: the larger, the more likely. All classes have
 * the same prior probability. Their softmax is the posterior probability.
 *
 * @param head - a PLDA probe of k classes on r dimensions
 * @param features - n × r projected rows, finite
 * @returns n × k, row-major
 * @throws RangeError when the number of columns is not the head's, or a value is not finite
 * @example
 * ```ts
 * import { fitPlda, pldaScores, toMatrix } from "softprobe";
 *
 * const head = fitPlda(toMatrix([[2], [-2]]), ["a", "b"], { psi: [1] });
 * console.log(Array.from(pldaScores(head, toMatrix([[1]])), (score) => score.toFixed(3))); // → [ '-0.203', '-1.536' ]
 * ```
 */
export function pldaScores(head: PldaHead, features: Matrix): Float64Array {
  checkFinite(features, "pldaScores", "features");
  if (features.cols !== head.cols)
    throw shapeError("pldaScores", "features", `${features.cols} columns`, `${head.cols}, as the head was trained on`);
  return logDensities(head, features);
}

/** The same of rows that are checked. */
export function logDensities({ means, variances, classes }: PldaHead, { data, rows: n, cols }: Matrix): Float64Array {
  const k = classes.length;
  const inverse = variances.map((value) => 1 / value);
  const out = new Float64Array(n * k);
  for (let c = 0; c < k; c++) {
    const logs = variances.subarray(c * cols, (c + 1) * cols).reduce((sum, value) => sum + log(value), 0);
    for (let i = 0; i < n; i++) {
      let sum = logs;
      for (let j = 0, at = i * cols, own = c * cols; j < cols; j++, at++, own++) {
        const gap = data[at] - means[own];
        sum += gap * gap * inverse[own];
      }
      out[i * k + c] = -0.5 * sum;
    }
  }
  return out;
}
