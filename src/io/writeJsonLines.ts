import { checkOptions, type OptionNames } from "../core/checkOptions.ts";
import { shapeError } from "../core/errors.ts";
import type { Labels } from "../core/labels.ts";
import { checkFinite, type Matrix } from "../core/matrix.ts";

export interface WriteJsonLinesOptions {
  /** n labels; a bigint is written as a string. */
  readonly labels?: Labels;
  /** The key of the array of features (default `"features"`). */
  readonly features?: string;
  /** The key of the label (default `"label"`). */
  readonly label?: string;
}

const writeJsonLinesOptionNames: OptionNames<WriteJsonLinesOptions> = { labels: true, features: true, label: true };

/**
 * Writes features, and labels if given, as JSON lines that `readJsonLines` reads back exactly: an object a row.
 *
 * @param features - n × d
 * @param options - labels, and the keys to write under
 * @returns the text, lines ending in LF
 * @throws RangeError when labels are not as many as rows, or a value is not finite
 * @see https://jsonlines.org
 * @example
 * ```ts
 * import { writeJsonLines } from "softprobe/io";
 *
 * const features = { data: Float64Array.of(1, 2.5), rows: 1, cols: 2 };
 * console.log(writeJsonLines(features, { labels: ["pear"] }).trim()); // → {"features":[1,2.5],"label":"pear"}
 * ```
 */
export function writeJsonLines(features: Matrix, options: WriteJsonLinesOptions = {}): string {
  checkOptions(options, "writeJsonLines", writeJsonLinesOptionNames);
  const { data, rows, cols } = checkFinite(features, "writeJsonLines", "features");
  const { labels } = options;
  if (labels && labels.length !== rows)
    throw shapeError("writeJsonLines", "options.labels", `${labels.length} rows`, `${rows}, as features`);
  const [key, labelKey] = [JSON.stringify(options.features ?? "features"), JSON.stringify(options.label ?? "label")];
  if (labels && key === labelKey) throw shapeError("writeJsonLines", "options.label", `the key of the features, ${key}`, "another");
  const lines: string[] = [];
  for (let i = 0; i < rows; i++) {
    const label = labels?.[i];
    const tail = labels ? `,${labelKey}:${JSON.stringify(typeof label === "bigint" ? String(label) : label)}` : "";
    lines.push(`{${key}:[${data.subarray(i * cols, (i + 1) * cols).join(",")}]${tail}}\n`);
  }
  return lines.join("");
}
