import { kindError, shapeError } from "../core/errors.ts";
import type { FloatArray, Matrix } from "../core/matrix.ts";
import type { HalfFormat } from "./dtypes.ts";
import { toFloats } from "./tensorValues.ts";

/** Whether `value` is an array or a typed array. */
export function isVector(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
}

/**
 * Rows of arrays side by side: Float32Array where every row is one (or holds halves), else Float64Array.
 *
 * @param nameOf - what errors call row i
 */
export function nestedRows(
  rows: readonly unknown[],
  half: HalfFormat | undefined,
  caller: string,
  nameOf: (row: number) => string,
): Matrix {
  const n = rows.length;
  let narrow = true;
  let cols = 0;
  const vectors = rows.map((row, i) => {
    if (!isVector(row)) throw kindError(caller, nameOf(i), row, "an array or typed array of numbers");
    // Arrays are checked number by number below, where the column can be named.
    const vector = Array.isArray(row) ? row : toFloats(row, half, caller, nameOf(i));
    if (i === 0) cols = vector.length;
    if (vector.length !== cols) throw shapeError(caller, nameOf(i), `${vector.length} values`, `${cols}, as ${nameOf(0)}`);
    narrow &&= vector instanceof Float32Array;
    return vector;
  });
  if (cols === 0) throw shapeError(caller, nameOf(0), "0 values", "at least 1");
  const data: FloatArray = narrow ? new Float32Array(n * cols) : new Float64Array(n * cols);
  vectors.forEach((vector, i) => {
    if (Array.isArray(vector)) {
      for (let j = 0; j < cols; j++) {
        if (typeof vector[j] !== "number") throw kindError(caller, `${nameOf(i)}, column ${j}`, vector[j], "a number");
      }
    }
    data.set(vector, i * cols);
  });
  return { data, rows: n, cols };
}
