import type { PartMaps } from "../basis/fitPartMaps.ts";
import { encodeDoubles } from "../probe/base64.ts";
import { encodeSteps } from "../probe/headToJSON.ts";
import { type Combination, checkCombination } from "./combination.ts";

/** A combination as a JSON document: see `combinationToJSON`. */
export interface CombinationDocument {
  readonly schema: "softprobe/combination@1";
  readonly [field: string]: unknown;
}

function encodeMaps({ cols, ridges, mean, vectors, values, meanVariance, directions, density, psi }: PartMaps) {
  const arrays = Object.entries({ mean, vectors, values, directions, density, psi });
  return { cols, ridges, meanVariance, ...Object.fromEntries(arrays.map(([name, array]) => [name, encodeDoubles(array)])) };
}

/**
 * Turns a combination into a plain JSON document, `softprobe/combination@1`, that ships with a model: `JSON.stringify` it, and
 * `combinationFromJSON` gives it back
 * with every bit of every number. Arrays are base64 of little-endian doubles, as in `headToJSON`. Some 8 · d · (rank of the base rows + 2 · classes) bytes.
 *
 * @param combination - from `fitCombination` or `fitSupportCombination`
 * @returns the document
 * @throws TypeError when it is not a combination
 * @example
 * ```ts
 * import { syntheticFeatures } from "softprobe";
 * import { combinationFromJSON, combinationToJSON, fitCombination } from "softprobe/tune";
 *
 * const combination = fitCombination(syntheticFeatures({ classes: 12, rowsPerClass: 10, dims: 24, seed: 1 }), { shots: 1 });
 * const text = JSON.stringify(combinationToJSON(combination));
 * console.log(combinationFromJSON(text).weights[0].logLoss === combination.weights[0].logLoss); // → true
 * ```
 */
export function combinationToJSON(combination: Combination): CombinationDocument {
  const { cols, maps, parts, masks, statistics, weights, domain, chosen } = checkCombination(
    combination,
    combination?.cols,
    "combinationToJSON",
  );
  return {
    schema: "softprobe/combination@1",
    cols,
    maps: maps && encodeMaps(maps),
    parts: parts.map(({ name, steps }, p) => ({ name, steps: encodeSteps(steps, `parts[${p}].steps`) })),
    masks,
    statistics: statistics && {
      counts: encodeDoubles(statistics.counts),
      means: encodeDoubles(statistics.means),
      variances: encodeDoubles(statistics.variances),
    },
    weights: weights.map((at) => ({ ...at, weights: Array.from(at.weights) })),
    domain,
    chosen,
  };
}
