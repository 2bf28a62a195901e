import { kindError, valueError } from "../core/errors.ts";
import { type ClassName, plainLabel } from "../core/labels.ts";
import { checkClassStatistics } from "../statistics/checkClassStatistics.ts";
import type { ClassStatistics } from "../statistics/classStatistics.ts";
import { strictNpz } from "./strictNpz.ts";
import { classStatisticsSchema } from "./writeClassStatistics.ts";

/**
 * Reads what `writeClassStatistics` wrote. It checks schema, arrays, kinds and shapes, that names are distinct, counts whole and all
 * numbers finite.
 *
 * @param bytes - the whole file
 * @param name - what errors call it (default `"bytes"`)
 * @throws RangeError or TypeError naming the file, the array and what is wrong with it
 * @example
 * ```ts
 * import { toMatrix } from "softprobe";
 * import { classStatistics } from "softprobe/statistics";
 * import { readClassStatistics, writeClassStatistics } from "softprobe/io";
 *
 * const bytes = writeClassStatistics(classStatistics(toMatrix([[1], [3], [7]]), ["a", "a", "b"]));
 * console.log(readClassStatistics(bytes).counts); // → Float64Array(2) [ 2, 1 ]
 * ```
 */
export function readClassStatistics(bytes: Uint8Array | ArrayBuffer, name = "bytes"): ClassStatistics {
  const caller = "readClassStatistics";
  const keys = ["schema", "classes", "counts", "means", "variances"];
  const file = strictNpz(bytes, caller, name, { schema: classStatisticsSchema, keys });
  const { data, shape } = file.array("classes");
  const known = Array.isArray(data) || [Float64Array, BigInt64Array, BigUint64Array].some((kind) => data instanceof kind);
  if (!known || shape.length !== 1) throw kindError(caller, `${name}:classes`, data, "a list of strings, doubles or 64-bit integers");
  const classes = Array.from(data as ArrayLike<ClassName>, plainLabel);
  const { data: counts } = file.doubles("counts", [classes.length]);
  const means = file.doubles("means", [classes.length, null]);
  const cols = means.shape[1];
  if (cols === 0) throw valueError(caller, `${name}:means`, "has no dimensions", "at least 1");
  const { data: variances } = file.doubles("variances", [classes.length, cols]);
  return checkClassStatistics({ classes, counts, means: means.data, variances, cols }, caller, name);
}
