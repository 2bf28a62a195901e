import type { PartMaps } from "../basis/fitPartMaps.ts";
import type { PartsDomain } from "../basis/partsDomain.ts";
import { describe, inTheNameOf, kindError, shapeError, valueError } from "../core/errors.ts";
import { decodeSteps } from "../probe/decodeSteps.ts";
import {
  checkObject,
  type Decoder,
  decodeFields,
  decodeFinite,
  decodeJSON,
  decodeList,
  decodeNotNegative,
  decodeNumber,
  decodePositive,
  decodeSize,
  decodeText,
  type FieldsOf,
  headReader,
  orNull,
  recordOf,
} from "../probe/headDecoder.ts";
import { checkClassStatistics } from "../statistics/checkClassStatistics.ts";
import type { ClassStatistics } from "../statistics/classStatistics.ts";
import { type Combination, type CombinationWeights, checkPartMask, partNames } from "./combination.ts";

const caller = "combinationFromJSON";
const most = 1000;

const listOf =
  <T>(what: string, read: Decoder<T>, least = 0): Decoder<T[]> =>
  (value, path) =>
    decodeList(value, path, what, least, most, read);
const numbers = /* @__PURE__ */ listOf("numbers", decodeNotNegative);
const maps: FieldsOf<PartMaps> = {
  cols: decodeSize,
  ridges: /* @__PURE__ */ recordOf({ whitened: numbers, directions: decodePositive, density: decodePositive }),
  meanVariance: decodePositive,
  ...{
    mean: decodeFinite,
    vectors: decodeFinite,
    values: decodeFinite,
    directions: decodeFinite,
    density: decodeFinite,
    psi: decodeFinite,
  },
};

function decodeMaps(value: unknown, path: string): PartMaps {
  const decoded = decodeFields(value, path, maps);
  const { cols } = decoded;
  const check = (name: "mean" | "vectors" | "density" | "directions", wanted: number): void => {
    if (decoded[name].length !== wanted) throw shapeError(headReader, `${path}.${name}`, `${decoded[name].length} values`, `${wanted}`);
  };
  check("mean", cols);
  check("vectors", decoded.values.length * cols);
  check("density", decoded.psi.length * cols);
  check("directions", Math.floor(decoded.directions.length / cols) * cols);
  return decoded;
}

const weights: FieldsOf<CombinationWeights> = {
  shots: decodePositive,
  ways: decodeSize,
  weights: (list, own) => Float64Array.from(numbers(list, own)),
  scales: (list, own) => decodeList(list, own, "numbers", 2, 2, decodeNotNegative) as [number, number],
  C: decodePositive,
  logLoss: /* @__PURE__ */ orNull(decodeNotNegative),
};

const domain: FieldsOf<PartsDomain> = {
  classes: decodeSize,
  logMean: decodeNumber,
  ...{ betweenVariance: decodeNotNegative, withinVariance: decodeNotNegative, noise: decodeNotNegative },
};

function decodeStatistics(value: unknown, path: string, cols: number): ClassStatistics {
  const { counts, means, variances } = decodeFields(value, path, { counts: decodeFinite, means: decodeFinite, variances: decodeFinite });
  return checkClassStatistics({ classes: Array.from(counts.keys()), counts, means, variances, cols }, headReader, path);
}

function decode(document: object): Combination {
  const path = "document";
  let cols = 0;
  const part: Decoder<Combination["parts"][number]> = (value, own) =>
    decodeFields(value, own, { name: decodeText, steps: (list, at) => decodeSteps(list, at, cols).steps });
  const { schema, ...read } = decodeFields<Omit<Combination, "kind"> & { readonly schema: string }>(document, path, {
    schema: decodeText,
    cols: (value, own) => (cols = decodeSize(value, own)),
    maps: orNull(decodeMaps),
    parts: listOf("parts", part),
    masks: listOf("masks", (value, own) => {
      const mask = decodeText(value, own);
      checkPartMask(mask, headReader, own);
      return mask;
    }),
    statistics: orNull((value, own) => decodeStatistics(value, own, cols)),
    weights: listOf("entries", recordOf(weights), 1),
    domain: orNull(recordOf(domain)),
    chosen: decodeJSON as Decoder<Combination["chosen"]>,
  });
  if (read.maps && read.maps.cols !== cols)
    throw shapeError(headReader, `${path}.maps`, `${read.maps.cols} columns`, `${cols}, as its cols`);
  if (read.masks.length > 0 && read.statistics === null)
    throw kindError(headReader, `${path}.statistics`, null, "those that the masks learn from");
  const parts = partNames(read).length;
  for (const [w, each] of read.weights.entries()) {
    const own = `${path}.weights[${w}]`;
    if (each.weights.length !== parts)
      throw shapeError(headReader, `${own}.weights`, `${each.weights.length} numbers`, `${parts}, one a part`);
    if (w > 0 && !(each.shots > read.weights[w - 1].shots))
      throw valueError(headReader, `${own}.shots`, `is ${each.shots}`, `more than ${read.weights[w - 1].shots}, the one before`);
  }
  return { kind: "combination", ...read };
}

/**
 * Reads what `combinationToJSON` wrote. It is strict: anything missing, unknown, not finite or of the wrong length is refused, and the
 * error names it.
 *
 * @param document - the parsed document, or its text
 * @returns the combination, every bit of every number
 * @throws RangeError or TypeError naming the field at fault and what was expected
 * @example
 * ```ts
 * import { syntheticFeatures } from "softprobe";
 * import { combinationFromJSON, combinationToJSON, fitCombination } from "softprobe/tune";
 *
 * const base = syntheticFeatures({ classes: 12, rowsPerClass: 10, dims: 24, seed: 1 });
 * const { maps } = combinationFromJSON(combinationToJSON(fitCombination(base, { shots: 1 })));
 * console.log(maps!.cols, maps!.psi.length); // → 24 11
 * ```
 */
export function combinationFromJSON(document: unknown): Combination {
  const wanted = "a softprobe/combination@1 document";
  let parsed = document;
  if (typeof document === "string") {
    try {
      parsed = JSON.parse(document);
    } catch (error) {
      throw valueError(caller, "document", `is not JSON (${(error as Error).message.slice(0, 80)})`, wanted);
    }
  }
  const { schema } = checkObject(parsed, "document", wanted, caller) as Readonly<Record<string, unknown>>;
  if (schema !== "softprobe/combination@1")
    throw valueError(caller, "document.schema", `is ${describe(schema)}`, '"softprobe/combination@1"');
  // Fields are read as a head's are, by functions that name its reader.
  return inTheNameOf(caller, headReader, () => decode(parsed as object));
}
