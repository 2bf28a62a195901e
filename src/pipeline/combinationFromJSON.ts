import type { PartMaps } from "../basis/fitPartMaps.ts";
import type { PartsDomain } from "../basis/partsDomain.ts";
import { describe, kindError, shapeError, valueError } from "../core/errors.ts";
import { decodeSteps } from "../probe/decodeSteps.ts";
import { copyJSON, decodeField, type Fields, headReader, objectOf, textOf } from "../probe/headDecoder.ts";
import { checkClassStatistics } from "../statistics/checkClassStatistics.ts";
import type { ClassStatistics } from "../statistics/classStatistics.ts";
import { type Combination, type CombinationWeights, checkPartMask, partNames } from "./combination.ts";

const caller = "combinationFromJSON";
const mostWeights = 1000;

function listOf(value: unknown, path: string): readonly unknown[] {
  if (!Array.isArray(value)) throw kindError(caller, path, value, "an array");
  if (value.length > mostWeights) throw shapeError(caller, path, `${value.length} entries`, `at most ${mostWeights}`);
  return value;
}

const numbers = (value: unknown, path: string): number[] =>
  listOf(value, path).map((each, i) => decodeField(each, "not negative", `${path}[${i}]`) as number);

function decodeMaps(value: unknown): PartMaps {
  const arrays = ["mean", "vectors", "values", "directions", "density", "psi"] as const;
  const given = objectOf(value, "maps", ["cols", "ridges", "meanVariance", ...arrays]);
  const ridges = objectOf(given.ridges, "maps.ridges", ["whitened", "directions", "density"]);
  const cols = decodeField(given.cols, "size", "maps.cols") as number;
  const decoded = Object.fromEntries(arrays.map((name) => [name, decodeField(given[name], "doubles", `maps.${name}`)])) as unknown as Pick<
    PartMaps,
    (typeof arrays)[number]
  >;
  const check = (name: (typeof arrays)[number], wanted: number): void => {
    if (decoded[name].length !== wanted) throw shapeError(caller, `maps.${name}`, `${decoded[name].length} values`, `${wanted}`);
  };
  check("mean", cols);
  check("vectors", decoded.values.length * cols);
  check("density", decoded.psi.length * cols);
  check("directions", Math.floor(decoded.directions.length / cols) * cols);
  return {
    cols,
    ridges: {
      whitened: numbers(ridges.whitened, "maps.ridges.whitened"),
      directions: decodeField(ridges.directions, "positive", "maps.ridges.directions") as number,
      density: decodeField(ridges.density, "positive", "maps.ridges.density") as number,
    },
    meanVariance: decodeField(given.meanVariance, "positive", "maps.meanVariance") as number,
    ...decoded,
  };
}

function decodeWeights(value: unknown, path: string, parts: number): CombinationWeights {
  const given = objectOf(value, path, ["shots", "ways", "weights", "scales", "C", "logLoss"]);
  const weights = numbers(given.weights, `${path}.weights`);
  if (weights.length !== parts) throw shapeError(caller, `${path}.weights`, `${weights.length} numbers`, `${parts}, one a part`);
  const scales = numbers(given.scales, `${path}.scales`);
  if (scales.length !== 2) throw shapeError(caller, `${path}.scales`, `${scales.length} numbers`, "2");
  return {
    shots: decodeField(given.shots, "positive", `${path}.shots`) as number,
    ways: decodeField(given.ways, "size", `${path}.ways`) as number,
    weights: Float64Array.from(weights),
    scales: [scales[0], scales[1]],
    C: decodeField(given.C, "positive", `${path}.C`) as number,
    logLoss: given.logLoss === null ? null : (decodeField(given.logLoss, "not negative", `${path}.logLoss`) as number),
  };
}

function decodeDomain(value: unknown): PartsDomain | null {
  if (value === null) return null;
  const { classes, ...rest } = objectOf(value, "domain", ["classes", "logMean", "betweenVariance", "withinVariance", "noise"]);
  return {
    classes: decodeField(classes, "size", "domain.classes") as number,
    logMean: decodeField(rest.logMean, "number", "domain.logMean") as number,
    betweenVariance: decodeField(rest.betweenVariance, "not negative", "domain.betweenVariance") as number,
    withinVariance: decodeField(rest.withinVariance, "not negative", "domain.withinVariance") as number,
    noise: decodeField(rest.noise, "not negative", "domain.noise") as number,
  };
}

function decodeStatistics(value: unknown, cols: number): ClassStatistics {
  const arrays = ["counts", "means", "variances"] as const;
  const given = objectOf(value, "statistics", [...arrays]);
  const [counts, means, variances] = arrays.map((name) => decodeField(given[name], "doubles", `statistics.${name}`) as Float64Array);
  return checkClassStatistics({ classes: Array.from(counts.keys()), counts, means, variances, cols }, caller, "statistics");
}

function decode(document: Fields): Combination {
  const given = objectOf(document, "document", ["schema", "cols", "maps", "parts", "masks", "statistics", "weights", "domain", "chosen"]);
  const cols = decodeField(given.cols, "size", "cols") as number;
  const maps = given.maps === null ? null : decodeMaps(given.maps);
  if (maps && maps.cols !== cols) throw shapeError(caller, "maps.cols", String(maps.cols), `${cols}, as cols`);
  const parts = listOf(given.parts, "parts").map((part, p) => {
    const { name, steps } = objectOf(part, `parts[${p}]`, ["name", "steps"]);
    return { name: textOf(name, `parts[${p}].name`), steps: decodeSteps(steps, `parts[${p}].steps`, cols).steps };
  });
  const masks = listOf(given.masks, "masks").map((mask, m) => textOf(mask, `masks[${m}]`));
  for (const [m, mask] of masks.entries()) checkPartMask(mask, caller, `masks[${m}]`);
  const statistics = given.statistics === null ? null : decodeStatistics(given.statistics, cols);
  if (masks.length > 0 && statistics === null) throw kindError(caller, "statistics", null, "those that the masks learn from");
  const count = partNames({ maps, parts, masks }).length;
  const weights = listOf(given.weights, "weights").map((each, w) => decodeWeights(each, `weights[${w}]`, count));
  if (weights.length === 0) throw shapeError(caller, "weights", "0 entries", "at least 1");
  for (let w = 1; w < weights.length; w++)
    if (!(weights[w].shots > weights[w - 1].shots))
      throw valueError(caller, `weights[${w}].shots`, `is ${weights[w].shots}`, `more than ${weights[w - 1].shots}, the one before`);
  if (given.chosen === null || typeof given.chosen !== "object" || Array.isArray(given.chosen))
    throw kindError(caller, "chosen", given.chosen, "an object");
  return {
    kind: "combination",
    cols,
    maps,
    parts,
    masks,
    statistics,
    weights,
    domain: decodeDomain(given.domain),
    chosen: copyJSON(given.chosen, "chosen") as Fields,
  };
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
  let parsed = document;
  if (typeof document === "string") {
    try {
      parsed = JSON.parse(document);
    } catch (error) {
      throw valueError(caller, "document", `is not JSON (${(error as Error).message.slice(0, 80)})`, "a softprobe/combination@1 document");
    }
  }
  if (parsed === null || typeof parsed !== "object" || Array.isArray(parsed))
    throw kindError(caller, "document", parsed, "a softprobe/combination@1 document");
  const schema = Object.hasOwn(parsed, "schema") ? (parsed as Fields).schema : undefined;
  if (schema !== "softprobe/combination@1")
    throw valueError(caller, "document.schema", `is ${describe(schema)}`, '"softprobe/combination@1"');
  try {
    return decode(parsed as Fields);
  } catch (error) {
    // Fields are read as a head's are, by functions that name its reader.
    if (error instanceof Error && error.message.startsWith(headReader)) error.message = caller + error.message.slice(headReader.length);
    throw error;
  }
}
