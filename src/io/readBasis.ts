import type { Basis } from "../basis/basis.ts";
import { checkBasis } from "../basis/checkBasis.ts";
import { checkChoice } from "../core/checks.ts";
import { strictNpz } from "./strictNpz.ts";
import { basisKeys, basisSchema } from "./writeBasis.ts";

/**
 * Reads what `writeBasis` wrote. It checks schema, arrays, kinds and shapes, and that every number is finite.
 *
 * @param bytes - the whole file
 * @param name - what errors call it (default `"bytes"`)
 * @throws RangeError or TypeError naming the file, the array and what is wrong with it
 * @example
 * ```ts
 * import { fitCentre, toMatrix } from "softprobe";
 * import { readBasis, writeBasis } from "softprobe/io";
 *
 * console.log(readBasis(writeBasis(fitCentre(toMatrix([[1, 0], [0, 1]])))).mean); // → Float64Array(2) [ 0.5, 0.5 ]
 * ```
 */
export function readBasis(bytes: Uint8Array | ArrayBuffer, name = "bytes"): Basis {
  const caller = "readBasis";
  const file = strictNpz(bytes, caller, name, { schema: basisSchema, keys: basisKeys });
  const mean = file.doubles("mean", [null]).data;
  const cols = mean.length;
  const transform = file.has("transform") ? file.doubles("transform", [cols, null]) : null;
  const dimensions = transform ? transform.shape[1] : cols;
  const list = (key: string): Float64Array | null => (file.has(key) ? file.doubles(key, [dimensions]).data : null);
  const lowRank = ["vectors", "gains", "rest"].some(file.has)
    ? {
        gains: file.doubles("gains", [null]).data,
        vectors: file.doubles("vectors", [null, cols]).data,
        rest: file.doubles("rest", []).data[0],
      }
    : null;
  const basis: Basis = {
    kind: checkChoice(file.text("kind"), caller, `${name}:kind`, ["centre", "within", "discriminant", "views"]),
    normalize: checkChoice(file.text("normalize"), caller, `${name}:normalize`, ["l2", "none"]),
    ridge: file.doubles("ridge", []).data[0],
    ...{ cols, dimensions, mean, transform: transform?.data ?? null },
    lower: file.has("lower") ? file.doubles("lower", [cols, cols]).data : null,
    ...{ lowRank, psi: list("psi"), within: list("within") },
  };
  return checkBasis(basis, caller, name);
}
