import type { Basis } from "../basis/basis.ts";
import { checkBasis } from "../basis/checkBasis.ts";
import type { NpyInput } from "./writeNpy.ts";
import { writeNpz } from "./writeNpz.ts";

/** What the array `schema` of such a file says. */
export const basisSchema = "softprobe/basis@1";

/** The arrays that such a file may have. */
export const basisKeys = [
  "schema",
  "kind",
  "normalize",
  "ridge",
  "mean",
  "transform",
  "lower",
  "vectors",
  "gains",
  "rest",
  "psi",
  "within",
];

/**
 * Writes a fitted basis as an npz file, every number to the bit: `schema`, `kind`, `normalize`, `ridge`, `mean` (d), its matrix (`transform` d × r,
 * `lower` d × d, or `vectors` rank × d with `gains` and `rest`), and `psi` and `within` (r) where it has them. Fit a basis once, ship it
 * with the model, and pass it to `fitProbe` as `basis`.
 *
 * @param basis - from `fitCentre`, `fitWithin`, `fitDiscriminant` or `fitViews`
 * @returns the file's bytes; the same basis gives the same bytes
 * @throws TypeError or RangeError when the basis is incomplete
 * @example
 * ```ts
 * import { fitDiscriminant, syntheticFeatures } from "softprobe";
 * import { readBasis, writeBasis } from "softprobe/io";
 *
 * const { features, labels } = syntheticFeatures({ classes: 6, rowsPerClass: 20, dims: 32, seed: 1 });
 * const bytes = writeBasis(fitDiscriminant(features, labels, { ridge: 1 }));
 * console.log(readBasis(bytes).dimensions, bytes.length < features.data.byteLength); // → 5 true
 * ```
 */
export function writeBasis(basis: Basis): Uint8Array {
  const { kind, normalize, ridge, cols, dimensions, mean, transform, lower, lowRank, psi, within } = checkBasis(
    basis,
    "writeBasis",
    "basis",
  );
  const arrays: [string, NpyInput][] = [
    ["schema", { data: [basisSchema], shape: [] }],
    ["kind", { data: [kind], shape: [] }],
    ["normalize", { data: [normalize], shape: [] }],
    ["ridge", { data: Float64Array.of(ridge), shape: [] }],
    ["mean", { data: mean, shape: [cols] }],
  ];
  if (transform) arrays.push(["transform", { data: transform, shape: [cols, dimensions] }]);
  if (lower) arrays.push(["lower", { data: lower, shape: [cols, cols] }]);
  if (lowRank) {
    const { vectors, gains, rest } = lowRank;
    arrays.push(["vectors", { data: vectors, shape: [gains.length, cols] }], ["gains", { data: gains, shape: [gains.length] }]);
    arrays.push(["rest", { data: Float64Array.of(rest), shape: [] }]);
  }
  if (psi) arrays.push(["psi", { data: psi, shape: [dimensions] }]);
  if (within) arrays.push(["within", { data: within, shape: [dimensions] }]);
  return writeNpz(arrays);
}
