import { alignNames, keptNames } from "../core/columnNames.ts";
import { shapeError } from "../core/errors.ts";
import type { FloatArray, Matrix } from "../core/matrix.ts";
import { takeColumns } from "../core/takeColumns.ts";
import type { Views } from "../core/views.ts";
import type { NamedMatrix } from "../io/columnTable.ts";

/** What came of one file. */
export interface Part<T> {
  readonly name: string;
  readonly value: T;
}

/** Matrices below one another: 32-bit floats where every one is, else doubles. One alone is not copied. */
function joinMatrices(parts: readonly Part<Matrix>[], caller: string): Matrix {
  const [first] = parts;
  if (parts.length === 1) return first.value;
  const { cols } = first.value;
  for (const { name, value } of parts) {
    if (value.cols !== cols) throw shapeError(caller, name, `${value.cols} columns`, `${cols}, as ${first.name}`);
  }
  const rows = parts.reduce((sum, { value }) => sum + value.rows, 0);
  const narrow = parts.every(({ value }) => value.data instanceof Float32Array);
  const data: FloatArray = narrow ? new Float32Array(rows * cols) : new Float64Array(rows * cols);
  let at = 0;
  for (const { value } of parts) {
    data.set(value.data, at);
    at += value.data.length;
  }
  return { data, rows, cols };
}

/** Features of several files below one another, columns of the same names in one, in the order of the first file. */
export function joinFeatures(parts: readonly Part<NamedMatrix>[], caller: string): Matrix {
  const [first] = parts;
  const aligned = parts.map(({ name, value }) => {
    const places = alignNames(first.value.columns, value.columns, caller, name, first.name);
    return { name, value: places ? takeColumns(value.matrix, places) : value.matrix };
  });
  return { ...joinMatrices(aligned, caller), ...keptNames(first.value.named ? first.value.columns : []) };
}

/** Views of one set of rows after those of another. */
export function joinViews(parts: readonly Part<Views>[], caller: string): Views {
  const { views } = parts[0].value;
  for (const { name, value } of parts) {
    if (value.views !== views) throw shapeError(caller, name, `${value.views} views a row`, `${views}, as ${parts[0].name}`);
  }
  const matrices = parts.map(({ name, value }) => ({ name, value: value.matrix }));
  return { matrix: joinMatrices(matrices, caller), views };
}
