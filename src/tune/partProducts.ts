import { selfProducts } from "../basis/selfProducts.ts";
import { kindError } from "../core/errors.ts";
import type { Matrix } from "../core/matrix.ts";
import { kernelLoops } from "../kernels/kernelLoops.ts";
import type { Kernels } from "../kernels/kernels.ts";
import type { CombinationPart } from "../pipeline/combination.ts";
import { applySteps, columnsAfter } from "../probe/steps.ts";

/** Inner products of m rows after each part's steps, m × m each. */
export function partProducts(kernels: Kernels, rows: Matrix, parts: readonly CombinationPart[], caller: string): readonly Float64Array[] {
  return parts.map(({ steps }) => {
    const { data, cols } = applySteps(steps, rows, { loops: kernelLoops(kernels), caller });
    return selfProducts(kernels, data as Float64Array, rows.rows, cols);
  });
}

/** Checks parts of the user's own against the columns that come to them. */
export function checkParts(parts: readonly CombinationPart[], cols: number, caller: string): readonly CombinationPart[] {
  if (!Array.isArray(parts)) throw kindError(caller, "parts", parts, "an array of {name, steps}");
  parts.forEach((part: CombinationPart, p) => {
    if (typeof part?.name !== "string" || !Array.isArray(part.steps)) throw kindError(caller, `parts[${p}]`, part, "{name, steps}");
    columnsAfter(part.steps, cols, caller, `parts[${p}].steps`);
  });
  return parts;
}
