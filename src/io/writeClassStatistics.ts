import { kindError, valueError } from "../core/errors.ts";
import type { ClassName } from "../core/labels.ts";
import { checkClassStatistics } from "../statistics/checkClassStatistics.ts";
import type { ClassStatistics } from "../statistics/classStatistics.ts";
import type { NpyInput } from "./writeNpy.ts";
import { writeNpz } from "./writeNpz.ts";

/** What the array `schema` of such a file says. */
export const classStatisticsSchema = "softprobe/class-statistics@1";

/** Class names as one array of numpy's: strings, doubles, or, with names beyond 2⁵³, 64-bit integers. */
function namesArray(classes: readonly ClassName[]): NpyInput {
  const caller = "writeClassStatistics";
  const shape = [classes.length];
  const texts = classes.filter((name) => typeof name === "string");
  if (texts.length > 0) {
    if (texts.length < classes.length) throw kindError(caller, "statistics.classes", classes, "names that are all strings or all numbers");
    // numpy pads strings with NUL, and a lone half of a character is none.
    const odd = texts.findIndex((name) => name.endsWith("\0") || /\p{Surrogate}/u.test(name));
    if (odd >= 0)
      throw valueError(caller, `statistics.classes[${odd}]`, `is ${JSON.stringify(texts[odd])}`, "text that numpy's strings keep");
    return { data: texts, shape };
  }
  if (classes.every((name) => typeof name === "number")) return { data: Float64Array.from(classes as number[]), shape };
  const whole = classes.map((name, c) => {
    if (typeof name === "number" && !Number.isInteger(name))
      throw valueError(caller, `statistics.classes[${c}]`, `is ${name} beside integers beyond 2^53`, "integers");
    return BigInt(name as number | bigint);
  });
  const data = whole.every((name) => name === BigInt.asIntN(64, name)) ? BigInt64Array.from(whole) : BigUint64Array.from(whole);
  const lost = whole.findIndex((name, c) => data[c] !== name);
  if (lost >= 0) throw valueError(caller, `statistics.classes[${lost}]`, `is ${whole[lost]}`, "integers of 64 bits");
  return { data, shape };
}

/**
 * Writes class statistics as an npz file, every number to the bit: `schema`, `classes`, `counts` (k), `means` and `variances` (k × d, doubles).
 * Ship these with a model instead of the base set's features: they take 16 bytes for each class and dimension, whatever the number of rows.
 *
 * @param statistics - from `classStatistics` or `mergeClassStatistics`
 * @returns the file's bytes; the same statistics give the same bytes
 * @throws TypeError or RangeError when statistics are incomplete, or class names mix kinds that one array cannot hold
 * @example
 * ```ts
 * import { toMatrix } from "softprobe";
 * import { classStatistics } from "softprobe/statistics";
 * import { readClassStatistics, writeClassStatistics } from "softprobe/io";
 *
 * const bytes = writeClassStatistics(classStatistics(toMatrix([[1], [3], [7]]), ["a", "a", "b"]));
 * console.log(readClassStatistics(bytes).means); // → Float64Array(2) [ 2, 7 ]
 * ```
 */
export function writeClassStatistics(statistics: ClassStatistics): Uint8Array {
  const { classes, counts, means, variances, cols } = checkClassStatistics(statistics, "writeClassStatistics", "statistics");
  const shape = [classes.length, cols];
  return writeNpz([
    ["schema", { data: [classStatisticsSchema], shape: [] }],
    ["classes", namesArray(classes)],
    ["counts", { data: counts, shape: [classes.length] }],
    ["means", { data: means, shape }],
    ["variances", { data: variances, shape }],
  ]);
}
