import { kindError, shapeError, valueError } from "../core/errors.ts";
import type { Matrix } from "../core/matrix.ts";
import type { Views } from "../core/views.ts";
import { matrixFrom } from "../features/matrixFrom.ts";
import { viewsFrom } from "../features/toViews.ts";
import type { NumberData } from "./elements.ts";
import { decideLabels, type LabelColumn } from "./labelValues.ts";

/** An array that was read from a file, in row-major order. */
export interface StoredArray {
  readonly data: NumberData | string[];
  readonly shape: readonly number[];
}

/** Numbers for features: 64-bit integers (what numpy makes of whole numbers) become doubles, where they keep their value. */
export function featureNumbers({ data, shape }: StoredArray, caller: string, name: string): { data: unknown; shape: readonly number[] } {
  if (Array.isArray(data)) throw kindError(caller, name, "strings", "features, which are numbers");
  if (!(data instanceof BigInt64Array || data instanceof BigUint64Array)) return { data, shape };
  const wrong = (data as BigInt64Array).findIndex((value) => value > 9007199254740991n || value < -9007199254740991n);
  if (wrong >= 0) throw valueError(caller, name, `value ${wrong} is ${data[wrong]}`, "whole numbers below 2^53, which a double holds");
  return { data: Float64Array.from(data as BigInt64Array, Number), shape };
}

/** {@link arrayToMatrix} for a `caller` whose name the errors bear. */
export function arrayMatrix(array: StoredArray, caller: string, name: string): Matrix {
  return matrixFrom(featureNumbers(array, caller, name), {}, caller, name);
}

/** {@link arrayToViews} for a `caller` whose name the errors bear. */
export function arrayViews(array: StoredArray, caller: string, name: string): Views {
  return viewsFrom(featureNumbers(array, caller, name), {}, caller, name);
}

/** The labels of an array, before anything is decided about them. */
export function arrayLabelColumn({ data, shape }: StoredArray, caller: string, name: string): LabelColumn {
  if (shape.length !== 1 && !(shape.length === 2 && shape[1] === 1)) {
    throw shapeError(caller, name, `shape (${shape.join(", ")})`, "one axis: a label a row");
  }
  if (data.length === 0) throw shapeError(caller, name, "0 labels", "at least 1");
  return { values: data, text: false, place: (row) => `${name} row ${row}` };
}

/** {@link arrayToLabels} for a `caller` whose name the errors bear. */
export function arrayLabels(array: StoredArray, caller: string, name: string): NumberData | string[] {
  const column = arrayLabelColumn(array, caller, name);
  return Array.isArray(array.data) ? array.data : (decideLabels([column], [], caller).labels as NumberData);
}

/**
 * Turns an array of a file into features, n × d. The array comes from `readNpz`, `readSafetensors` or any other reader. Unlike `toMatrix`
 * it accepts 64-bit integers, if doubles can hold their values.
 *
 * @param array - data in row-major order, and their shape
 * @param name - what errors call it (default `"array"`)
 * @returns n × d, every value finite; 32- and 64-bit floats are not copied
 * @throws RangeError or TypeError naming the array, and the row and column of a value that is not finite
 * @example
 * ```ts
 * import { arrayToMatrix, readNpz, writeNpz } from "softprobe/io";
 *
 * const bytes = writeNpz({ features: { data: Float32Array.of(1, 2, 3, 4), shape: [2, 2] } });
 * console.log(arrayToMatrix(readNpz(bytes).get("features")!).rows); // → 2
 * ```
 */
export function arrayToMatrix(array: StoredArray, name = "array"): Matrix {
  return arrayMatrix(array, "arrayToMatrix", name);
}

/**
 * Turns an array of a file into augmented views, n × views × d.
 *
 * @param array - data in row-major order, and their shape
 * @param name - what errors call it (default `"array"`)
 * @returns the views as one (n · views) × d matrix
 * @throws RangeError or TypeError naming the array and the reason
 * @example
 * ```ts
 * import { arrayToViews } from "softprobe/io";
 *
 * console.log(arrayToViews({ data: Float32Array.of(1, 2, 3, 4), shape: [1, 2, 2] }).views); // → 2
 * ```
 */
export function arrayToViews(array: StoredArray, name = "array"): Views {
  return arrayViews(array, "arrayToViews", name);
}

/**
 * Turns an array of a file into labels: n values, of one axis or one column.
 *
 * @param array - data in row-major order, and their shape
 * @param name - what errors call it (default `"array"`)
 * @returns n labels, as `indexLabels` and `evaluate` take them; not copied
 * @throws RangeError naming the array when it has another shape, no labels, or a label that is NaN
 * @example
 * ```ts
 * import { arrayToLabels } from "softprobe/io";
 *
 * console.log(arrayToLabels({ data: ["pear", "fig"], shape: [2, 1] })); // → [ 'pear', 'fig' ]
 * ```
 */
export function arrayToLabels(array: StoredArray, name = "array"): NumberData | string[] {
  return arrayLabels(array, "arrayToLabels", name);
}
