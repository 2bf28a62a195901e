import { describe, shapeError } from "../core/errors.ts";
import { decodeText, type FeatureTable, growingNumbers } from "./featureTable.ts";
import { jsonLabels, ownValue, parseJsonLines } from "./jsonRecords.ts";

export interface ReadJsonLinesOptions {
  /** The key of an array of features, such as `"embedding"`; without it every other key than `label` is a feature of its own. */
  readonly features?: string;
  /** The key of the label; without it there are no labels. */
  readonly label?: string;
}

/**
 * Reads features, and labels if asked for, from JSON lines: an object or an array of numbers a line. Empty lines are passed over.
 *
 * @param input - the text, or its bytes in UTF-8
 * @param name - what errors call it (default `"input"`)
 * @param options - the keys of features and label
 * @returns n × d doubles; labels, all numbers or all strings; names of the columns
 * @throws RangeError naming the line, and the column of what is no number; lines of another length; labels of both kinds
 * @see https://jsonlines.org
 * @example
 * ```ts
 * import { readJsonLines } from "softprobe/io";
 *
 * const text = '{"embedding":[1,2],"fruit":"pear"}\n{"embedding":[3,4],"fruit":"fig"}\n';
 * const { matrix, labels } = readJsonLines(text, "fruit.jsonl", { features: "embedding", label: "fruit" });
 * console.log(matrix.data, labels); // → Float64Array(4) [ 1, 2, 3, 4 ] [ 'pear', 'fig' ]
 * ```
 */
export function readJsonLines(input: string | Uint8Array | ArrayBuffer, name = "input", options: ReadJsonLinesOptions = {}): FeatureTable {
  const text = decodeText(input, "readJsonLines", name);
  const numbers = growingNumbers();
  const labels = jsonLabels();
  let columns: string[] | undefined;
  let rows = 0;
  for (const { record, refuse } of parseJsonLines(text, "readJsonLines", name)) {
    const holder = options.features === undefined ? record : ownValue(record, options.features);
    if (options.features !== undefined && !Array.isArray(holder)) {
      throw refuse(`has ${describe(holder)} as ${JSON.stringify(options.features)}`, "an array of numbers");
    }
    const list = Array.isArray(holder);
    columns ??= Object.keys(holder as object).filter((key) => list || key !== options.label);
    const length = list ? holder.length : Object.keys(holder as object).length - (options.label === undefined ? 0 : 1);
    if (options.label !== undefined) labels.add(record, options.label, refuse);
    if (length !== columns.length) throw refuse(`has ${length} features`, `${columns.length}, as the first line`);
    for (const column of columns) {
      const value = ownValue(holder as object, column);
      if (typeof value !== "number" || !Number.isFinite(value))
        throw refuse(`column ${JSON.stringify(column.slice(0, 40))} is ${describe(value)}`, "a finite number");
      numbers.push(value);
    }
    rows++;
  }
  if (columns === undefined) throw shapeError("readJsonLines", name, "0 rows", "at least 1");
  if (columns.length === 0) throw shapeError("readJsonLines", name, "0 features", "at least 1");
  const found = options.label === undefined ? null : labels.whole();
  return { matrix: { data: numbers.whole(), rows, cols: columns.length }, labels: found, columns };
}
