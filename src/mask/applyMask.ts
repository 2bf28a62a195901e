import { checkOptions, type OptionNames } from "../core/checkOptions.ts";
import { checkChoice } from "../core/checks.ts";
import { kindError, shapeError, valueError } from "../core/errors.ts";
import { checkFinite, type Matrix } from "../core/matrix.ts";
import { normalizeRow } from "../core/normalizeRow.ts";

export interface MaskOptions {
  /** `"l2"` (default): rows are scaled to norm 1 after the mask; `"none"`: not. */
  readonly normalize?: "l2" | "none";
}

const maskOptionNames: OptionNames<MaskOptions> = { normalize: true };

/**
 * Multiplies every column by its weight, then scales every row to norm 1 (unless `normalize` is `"none"`). A row in which the mask leaves
 * only zeros stays zeros.
 *
 * @param features - n × d
 * @param mask - d finite weights
 * @param options - normalize: `"l2"` (default) or `"none"`
 * @returns a new n × d Float64 matrix
 * @throws RangeError when the mask does not have d values, or a value of either is not finite
 * @example
 * ```ts
 * import { applyMask, toMatrix } from "softprobe";
 *
 * console.log(applyMask(toMatrix([[3, 8, 1]]), [1, 0.5, 0]).data); // → Float64Array(3) [ 0.6, 0.8, 0 ]
 * ```
 */
export function applyMask(features: Matrix, mask: ArrayLike<number>, options: MaskOptions = {}): Matrix {
  checkOptions(options, "applyMask", maskOptionNames);
  const { data, rows, cols } = checkFinite(features, "applyMask", "features");
  const normalize = checkChoice(options.normalize ?? "l2", "applyMask", "normalize", ["l2", "none"]);
  if (mask === null || typeof mask !== "object")
    throw kindError("applyMask", "mask", mask, "an array of weights, one a column of features");
  if (mask.length !== cols) throw shapeError("applyMask", "mask", `${mask.length} weights`, `${cols}, one a column of features`);
  for (let j = 0; j < cols; j++)
    if (!Number.isFinite(mask[j])) throw valueError("applyMask", `mask[${j}]`, `is ${mask[j]}`, "finite weights");
  const out = new Float64Array(rows * cols);
  for (let i = 0; i < rows; i++) {
    const start = i * cols;
    for (let j = 0; j < cols; j++) out[start + j] = data[start + j] * mask[j];
    const finite = normalize === "l2" ? normalizeRow(out, out, start, cols) : out.subarray(start, start + cols).every(Number.isFinite);
    if (!finite) throw valueError("applyMask", "features", `row ${i} times the mask is beyond the largest double`, "smaller weights");
  }
  return { data: out, rows, cols };
}
