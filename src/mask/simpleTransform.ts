import { log } from "../core/log.ts";
import { checkFinite, type Matrix } from "../core/matrix.ts";
import { power } from "../core/power.ts";

/**
 * The simple transformation of [CI]: sign(z) / ln(1/(|z| + 1e-5) + 1)^1.3 elementwise, no statistics needed. It evens out the magnitudes
 * of features whose rows have norm 1, so call `l2Normalize` before it and, as with any mask, after it.
 *
 * @param features - n × d, rows of norm 1
 * @returns a new n × d matrix in the storage of `features`
 * @throws RangeError when a value is not finite (row and column are named)
 * @example
 * ```ts
 * import { simpleTransform, toMatrix } from "softprobe";
 *
 * console.log(simpleTransform(toMatrix([[0.6, -0.8, 0]])).data.length); // → 3
 * ```
 */
export function simpleTransform(features: Matrix): Matrix {
  const { data, rows, cols } = checkFinite(features, "simpleTransform", "features");
  const out = data.slice();
  for (let i = 0; i < out.length; i++) out[i] = Math.sign(data[i]) / power(log(1 / (Math.abs(data[i]) + 1e-5) + 1), 1.3);
  return { data: out, rows, cols };
}
