import type { Matrix } from "../core/matrix.ts";
import type { Views } from "../core/views.ts";
import { arrayLabels, arrayMatrix, arrayViews } from "./arrayFeatures.ts";
import type { NumberData } from "./elements.ts";
import { parseNpy } from "./readNpy.ts";

/**
 * Reads features from an npy file: n × d numbers. 32- and 64-bit floats in C order share the memory of `bytes`.
 *
 * @param bytes - the whole file
 * @param name - what errors call it (default `"bytes"`)
 * @returns n × d, every value finite
 * @throws RangeError or TypeError naming the file, and the row and column of a value that is not finite
 * @example
 * ```ts
 * import { readNpyMatrix, writeNpy } from "softprobe/io";
 *
 * const bytes = writeNpy({ data: Float32Array.of(1, 2, 3, 4), shape: [2, 2] });
 * console.log(readNpyMatrix(bytes)); // → { data: Float32Array(4) [ 1, 2, 3, 4 ], rows: 2, cols: 2 }
 * ```
 */
export function readNpyMatrix(bytes: Uint8Array | ArrayBuffer, name = "bytes"): Matrix {
  return arrayMatrix(parseNpy(bytes, "readNpyMatrix", name), "readNpyMatrix", name);
}

/**
 * Reads augmented views from an npy file: n × views × d numbers.
 *
 * @param bytes - the whole file
 * @param name - what errors call it (default `"bytes"`)
 * @returns the views as one (n · views) × d matrix
 * @throws RangeError or TypeError naming the file and the reason
 * @example
 * ```ts
 * import { readNpyViews, writeNpy } from "softprobe/io";
 *
 * const bytes = writeNpy({ data: Float32Array.of(1, 2, 3, 4), shape: [1, 2, 2] });
 * const { matrix, views } = readNpyViews(bytes);
 * console.log(matrix.rows, views); // → 2 2
 * ```
 */
export function readNpyViews(bytes: Uint8Array | ArrayBuffer, name = "bytes"): Views {
  return arrayViews(parseNpy(bytes, "readNpyViews", name), "readNpyViews", name);
}

/**
 * Reads labels from an npy file: n numbers, strings or booleans (which become 0 and 1), of one axis or one column.
 *
 * @param bytes - the whole file
 * @param name - what errors call it (default `"bytes"`)
 * @returns n labels, as `indexLabels` and `evaluate` take them
 * @throws RangeError or TypeError naming the file and the reason
 * @example
 * ```ts
 * import { readNpyLabels, writeNpy } from "softprobe/io";
 *
 * console.log(readNpyLabels(writeNpy({ data: ["pear", "fig"], shape: [2] }))); // → [ 'pear', 'fig' ]
 * ```
 */
export function readNpyLabels(bytes: Uint8Array | ArrayBuffer, name = "bytes"): NumberData | string[] {
  return arrayLabels(parseNpy(bytes, "readNpyLabels", name), "readNpyLabels", name);
}
