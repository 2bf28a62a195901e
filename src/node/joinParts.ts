import { alignNames, keptNames } from "../core/columnNames.ts";
import { shapeError } from "../core/errors.ts";
import type { Matrix } from "../core/matrix.ts";
import { takeColumns } from "../core/takeColumns.ts";
import type { Views } from "../core/views.ts";
import { concatRows } from "../features/concatRows.ts";
import type { NamedMatrix } from "../io/columnTable.ts";

/** What came of one file. */
export interface Part<T> {
  readonly name: string;
  readonly value: T;
}

/** Matrices below one another: 32-bit floats where every one is, else doubles. One alone is not copied. */
function joinMatrices(parts: readonly Part<Matrix>[], caller: string): Matrix {
  const [first] = parts;
  const { cols } = first.value;
  for (const { name, value } of parts) {
    if (value.cols !== cols) throw shapeError(caller, name, `${value.cols} columns`, `${cols}, as ${first.name}`);
  }
  return concatRows(parts.map(({ value }) => value));
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
