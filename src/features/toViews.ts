import { checkOptions, type OptionNames } from "../core/checkOptions.ts";
import { checkCount } from "../core/checks.ts";
import { kindError, shapeError } from "../core/errors.ts";
import { checkFinite, type Matrix } from "../core/matrix.ts";
import type { Views } from "../core/views.ts";
import type { HalfFormat } from "./dtypes.ts";
import { holdsHalves, type MatrixInput, matrixFrom, shapedValues, type TensorLike } from "./matrixFrom.ts";
import { isVector, nestedRows } from "./nestedRows.ts";

/** What `toViews` takes: n rows of as many views of d numbers each, or n · views rows of d with the option `views`. */
export type ViewsInput = readonly (readonly ArrayLike<number>[])[] | TensorLike | MatrixInput;

export interface ToViewsOptions {
  /** How many consecutive rows of an n · views × d input are views of the same example; not needed if the input has three axes. */
  readonly views?: number;
  /** What the bits in Uint16Array data are, where they are no whole numbers: half-precision numbers, or brain floats. */
  readonly dtype?: HalfFormat;
}

const toViewsOptionNames: OptionNames<ToViewsOptions> = { views: true, dtype: true };

function nestedViews(input: readonly (readonly unknown[])[], half: HalfFormat | undefined, caller: string, argument: string): Views {
  const views = input[0].length;
  input.forEach((row, i) => {
    if (!Array.isArray(row)) throw kindError(caller, `${argument} row ${i}`, row, "an array of views");
    if (row.length !== views) throw shapeError(caller, `${argument} row ${i}`, `${row.length} views`, `${views}, as row 0`);
  });
  const matrix = nestedRows(input.flat(), half, caller, (i) => `${argument} row ${Math.floor(i / views)}, view ${i % views}`);
  return { matrix, views };
}

/** `toViews` for a `caller` whose name the errors bear. */
export function viewsFrom(input: unknown, options: ToViewsOptions, caller: string, argument: string): Views {
  const half = holdsHalves(options.dtype, caller);
  if (options.views !== undefined) {
    const views = checkCount(options.views, caller, "options.views");
    const matrix = matrixFrom(input, { dtype: options.dtype }, caller, argument);
    if (matrix.rows % views !== 0) throw shapeError(caller, argument, `${matrix.rows} rows`, `a multiple of views = ${views}`);
    return { matrix, views };
  }
  if (Array.isArray(input) && Array.isArray(input[0]) && isVector(input[0][0])) {
    const nested = nestedViews(input, half, caller, argument);
    checkFinite(nested.matrix, caller, `${argument}, n · views`);
    return nested;
  }
  const values = shapedValues(input, half, caller, argument);
  if (values === null)
    throw kindError(caller, argument, input, "n × views × d numbers: nested arrays or a tensor; or n · views × d with the option views");
  const { data, shape } = values;
  if (shape.length !== 3 || shape.includes(0)) {
    const hint = shape.length === 2 ? "; or give the option views" : "";
    throw shapeError(caller, argument, `shape (${shape.join(", ")})`, `three axes of at least 1, n × views × d${hint}`);
  }
  const matrix: Matrix = { data, rows: shape[0] * shape[1], cols: shape[2] };
  checkFinite(matrix, caller, `${argument}, n · views`);
  return { matrix, views: shape[1] };
}

/**
 * Makes {@link Views} from augmented views of n examples: nested arrays or a tensor, n × views × d.
 *
 * @param input - view v of row i at [i][v]; or n · views × d, with the option `views`
 * @returns the views as one matrix, (n · views) × d, sharing the memory of 32- and 64-bit floats that lie in row-major order
 * @throws TypeError and RangeError as `toMatrix`
 * @example
 * ```ts
 * import { toViews } from "softprobe";
 *
 * const { matrix, views } = toViews([[[1, 2], [1, 3]], [[5, 6], [5, 7]]]);
 * console.log(matrix.rows, matrix.cols, views); // → 4 2 2
 * ```
 */
export function toViews(input: ViewsInput, options: ToViewsOptions = {}): Views {
  checkOptions(options, "toViews", toViewsOptionNames);
  return viewsFrom(input, options, "toViews", "input");
}
