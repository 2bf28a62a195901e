/// <reference path="./ndarrayOps.d.ts" />
import ndarray, { type NdArray } from "ndarray";
import ops from "ndarray-ops";
import { kindError, shapeError, valueError } from "../core/errors.ts";
import type { NdNumbers } from "./fromNdarray.ts";

/**
 * Multiplies an ndarray by a mask, in place: every column (the last axis, d) by its weight, whatever the axes before it, such as rows and views, and whatever the strides.
 * It uses ndarray-ops, which compiles its loops and so does not run under a strict Content-Security-Policy; `applyMask` does.
 *
 * @param array - … × d numbers; changed
 * @param mask - d finite weights, as `powerMask` or `topMask` gives them
 * @returns `array`
 * @throws RangeError when the mask is not of the last axis' length, or has a weight that is not finite; TypeError when `array` is not an ndarray
 * @see https://github.com/scijs/ndarray-ops
 * @example
 * ```ts
 * import ndarray from "ndarray";
 * import { applyMaskInto } from "softprobe/ndarray";
 *
 * const features = ndarray(Float32Array.of(1, 2, 3, 4), [2, 2]);
 * console.log(applyMaskInto(features, [1, 0.5]).data); // → Float32Array(4) [ 1, 1, 3, 2 ]
 * ```
 */
export function applyMaskInto<Data extends NdNumbers>(array: NdArray<Data>, mask: ArrayLike<number>): NdArray<Data> {
  if (array === null || typeof array !== "object" || !Array.isArray(array.shape) || typeof array.pick !== "function") {
    throw kindError("applyMaskInto", "array", array, "an ndarray");
  }
  const { shape } = array;
  if (shape.length === 0) throw shapeError("applyMaskInto", "array", "no axes", "at least 1");
  const d = shape[shape.length - 1];
  if (mask.length !== d) throw shapeError("applyMaskInto", "mask", `${mask.length} values`, `${d}, the length of the last axis of array`);
  const weights = Float64Array.from(mask);
  const wrong = weights.findIndex((weight) => !Number.isFinite(weight));
  if (wrong >= 0) throw valueError("applyMaskInto", `mask column ${wrong}`, `is ${weights[wrong]}`, "finite numbers");
  // Strides of 0 repeat the weights along every axis but the last.
  const strides = shape.map((_, axis) => (axis === shape.length - 1 ? 1 : 0));
  ops.muleq(array, ndarray(weights, shape, strides));
  return array;
}
